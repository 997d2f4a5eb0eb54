# SPDX-License-Identifier: Apache-2.0
#
# The yardsticks of ./dev bench: built only when asked for.
file(GLOB_RECURSE bench_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/bench/*.cpp)
if(bench_sources)
  add_executable(kafkasim_bench EXCLUDE_FROM_ALL ${bench_sources})
  kafkasim_include_root(bench_root bench)
  target_include_directories(kafkasim_bench PRIVATE ${bench_root})
  target_link_libraries(kafkasim_bench PRIVATE kafkasim_sim)
  set_target_properties(kafkasim_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
endif()
