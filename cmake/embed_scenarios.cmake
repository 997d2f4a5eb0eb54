# SPDX-License-Identifier: Apache-2.0
#
# scenarios/**/*.json as text inside the program, so that `kafkasim run replication-test` works from any folder.
# Makes generated/sim/scenario/embedded_scenarios.cpp, which defines what sim/scenario/embedded_scenarios.hpp declares.
set(KAFKASIM_EMBEDDED_SOURCES "")
if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/sim/scenario/embedded_scenarios.hpp)
  file(GLOB_RECURSE scenario_files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/scenarios/*.json)
  set(KAFKASIM_EMBEDDED_SOURCES ${KAFKASIM_GENERATED_DIR}/sim/scenario/embedded_scenarios.cpp)
  add_custom_command(OUTPUT ${KAFKASIM_EMBEDDED_SOURCES}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${KAFKASIM_EMBEDDED_SOURCES} -DFOLDER=${CMAKE_CURRENT_SOURCE_DIR}/scenarios
      "-DFILES=${scenario_files}"
      -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/write_embedded_scenarios.cmake
    DEPENDS ${scenario_files} ${CMAKE_CURRENT_SOURCE_DIR}/cmake/write_embedded_scenarios.cmake
    COMMENT "Embedding the scenarios" VERBATIM)
endif()
