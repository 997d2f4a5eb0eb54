# SPDX-License-Identifier: Apache-2.0
#
# One test program; one ctest entry for each tests/**/*_test.cpp, so that a failure names the file. Then the scripts
# that need whole binaries.
find_package(Catch2 REQUIRED)

file(GLOB_RECURSE test_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tests/*.cpp)
kafkasim_unity_tests(compiled_tests ${test_sources})
add_executable(kafkasim_tests ${compiled_tests})
kafkasim_include_root(tests_root tests)
target_include_directories(kafkasim_tests PRIVATE ${tests_root})
target_link_libraries(kafkasim_tests PRIVATE kafkasim_sim nlohmann_json::nlohmann_json Catch2::Catch2)
target_compile_definitions(kafkasim_tests PRIVATE
  KAFKASIM_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}" KAFKASIM_BINARY_DIR="${CMAKE_CURRENT_BINARY_DIR}")
# Assertions are most of a test's code and run once: optimising them costs more than it brings.
target_compile_options(kafkasim_tests PRIVATE -O0)
if(KAFKASIM_SANITIZE)
  # What is tested is watched in full, the assertions themselves for memory only.
  target_compile_options(kafkasim_tests PRIVATE -fno-sanitize=undefined)
endif()
# Some tests run the program itself.
add_dependencies(kafkasim_tests kafkasim)
kafkasim_precompile(kafkasim_tests <tests/catch.hpp>)
# It says what to include of Catch2 2 before it includes it.
set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/tests/main.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
set_target_properties(kafkasim_tests PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})

# A file whose tests are all gone must not pass: Catch2 3 fails by itself when nothing matches, 2 has to be asked.
set(no_test_fails "")
if(Catch2_VERSION VERSION_LESS 3)
  set(no_test_fails --warn NoTests)
endif()

set(environment "")
if(KAFKASIM_SANITIZE)
  set(environment "LSAN_OPTIONS=suppressions=${CMAKE_CURRENT_SOURCE_DIR}/tests/data/leaks-of-libraries.txt:print_suppressions=0")
  # It counts allocations, and the sanitizers have their own.
  list(FILTER test_sources EXCLUDE REGEX "/event/allocation_test\\.cpp$")
endif()

foreach(source IN LISTS test_sources)
  if(source MATCHES "_test\\.cpp$")
    cmake_path(GET source STEM file_tag)
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/tests OUTPUT_VARIABLE name)
    string(REGEX REPLACE "_test\\.cpp$" "" name ${name})
    add_test(NAME ${name} COMMAND kafkasim_tests --filenames-as-tags ${no_test_fails} "[#${file_tag}]"
      WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 600 ENVIRONMENT "${environment}")
  endif()
endforeach()

# The same run in several builds: those that ./dev test has just made, or all that are there.
add_test(NAME digest_across_builds COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/tests/digest_across_builds.sh
  ${CMAKE_CURRENT_SOURCE_DIR}/build)
add_test(NAME docs_commands COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/tests/docs_commands.sh
  ${CMAKE_CURRENT_SOURCE_DIR}/build/release/kafkasim)
set_tests_properties(digest_across_builds docs_commands PROPERTIES
  LABELS binaries SKIP_RETURN_CODE 77 TIMEOUT 600 WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
# The longest ones begin first, so that none is left alone at the end.
set_tests_properties(digest_across_builds event_chains/event_chains invariants/everything cluster/replication_matrix
  scenario/recordings cluster/scenario_files PROPERTIES COST 100)
