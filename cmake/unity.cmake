# SPDX-License-Identifier: Apache-2.0
#
# Hundreds of small files read the same headers and make the same templates: several of a folder at a time are built in a third of the
# time. For builds from nothing (the presets release and sanitize); in the daily loop each file stands by itself.
option(KAFKASIM_UNITY "Compile several files of a folder at a time" OFF)

# The files of a target, about ten of a folder at a time. A name without linkage must then be its own in its folder; a file with an
# alias or a table of options for itself alone is compiled alone.
function(kafkasim_unity target)
  if(NOT KAFKASIM_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # GCC takes the anonymous namespace of an included file for that of a header.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    if(NOT source MATCHES "\\.cpp$" OR source MATCHES "/generated/" OR source MATCHES "^\\$<")
      continue()
    endif()
    file(STRINGS ${source} own_words REGEX "^(using (enum [A-Z]|[A-Z][A-Za-z]* = )|constexpr (Argument)?Option kOptions)" LIMIT_COUNT 1)
    if(NOT own_words)
      cmake_path(GET source PARENT_PATH folder)
      cmake_path(GET folder STEM LAST_ONLY room)
      math(EXPR count_${room} "0${count_${room}} + 1")
      math(EXPR batch "${count_${room}} / 10")
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${room}_${batch}")
    endif()
  endforeach()
endfunction()

# Tests use the same short names in every file. So what a few of a folder include is included first, then each file stands in a
# namespace of its own. Sets `out` to the list of what is to be compiled.
function(kafkasim_unity_tests out)
  if(NOT KAFKASIM_UNITY)
    set(${out} ${ARGN} PARENT_SCOPE)
    return()
  endif()
  set(compiled "")
  foreach(source IN LISTS ARGN)
    # A file with a namespace or an operator at its top level means all code: how Catch2 prints a type, say.
    file(STRINGS ${source} top_level REGEX "^(namespace [a-zA-Z]|void\\* operator )" LIMIT_COUNT 1)
    if(top_level OR NOT source MATCHES "_test\\.cpp$")
      list(APPEND compiled ${source})
      continue()
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})  # for its includes
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(GET folder STEM LAST_ONLY room)
    cmake_path(GET source STEM name)
    math(EXPR count_${room} "0${count_${room}} + 1")
    math(EXPR batch "${count_${room}} / 7")
    file(STRINGS ${source} includes REGEX "^#include ")
    string(REPLACE ";" "\n" includes "${includes}")
    string(APPEND includes_${room}_${batch} "${includes}\n")
    string(APPEND files_${room}_${batch} "namespace ${name} {\n#include \"${source}\"\n}  // namespace ${name}\n")
    list(APPEND units ${room}_${batch})
  endforeach()
  list(REMOVE_DUPLICATES units)
  foreach(unit IN LISTS units)
    set(path ${CMAKE_CURRENT_BINARY_DIR}/unity_tests/${unit}.cpp)
    file(CONFIGURE OUTPUT ${path} CONTENT "${includes_${unit}}${files_${unit}}" @ONLY)
    list(APPEND compiled ${path})
  endforeach()
  set(${out} ${compiled} PARENT_SCOPE)
endfunction()
