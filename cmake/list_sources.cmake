# SPDX-License-Identifier: Apache-2.0
#
# Writes "target source" for every source of every target, for the test that no source file is left out of the build.
get_property(targets DIRECTORY PROPERTY BUILDSYSTEM_TARGETS)
set(lines "")
foreach(target IN LISTS targets)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    if(source MATCHES "/unity_tests/")
      # What is compiled together, see unity.cmake: what it says there, not what was meant to be in it.
      file(STRINGS ${source} together REGEX "^#include \"/.*_test\\.cpp\"$")
      foreach(line IN LISTS together)
        string(REGEX REPLACE "^#include \"(.*)\"$" "\\1" path ${line})
        cmake_path(RELATIVE_PATH path BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
        string(APPEND lines "${target} ${path}\n")
      endforeach()
    elseif(source MATCHES "\\.cpp$")
      cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
      cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
      string(APPEND lines "${target} ${source}\n")
    endif()
  endforeach()
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/sources.txt CONTENT "${lines}" @ONLY)
