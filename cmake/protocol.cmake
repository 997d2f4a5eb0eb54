# SPDX-License-Identifier: Apache-2.0
#
# Protocol structs, generated at build time from core/protocol/messages/*.msg.
#
# Include after compile_options, include_roots and find_package(fmt). Gives:
#   KAFKASIM_GENERATED_DIR      put it on the include path of kafkasim_core (PUBLIC): "core/protocol/fetch.hpp"
#   KAFKASIM_PROTOCOL_SOURCES     generated .cpp files: add them to kafkasim_core
#   KAFKASIM_PROTOCOL_HEADERS     generated .hpp files
#   kafkasim_protocol_definitions   library: reader and writer of definitions; tests/protocol use it
#   kafkasim_protocol_generator     the program that the build runs
# core/protocol/generator/*.cpp belong to these targets and not to kafkasim_core.

set(KAFKASIM_GENERATED_DIR "${CMAKE_CURRENT_BINARY_DIR}/generated")
set(_protocol_dir "${CMAKE_CURRENT_SOURCE_DIR}/core/protocol")
set(_protocol_out "${KAFKASIM_GENERATED_DIR}/core/protocol")
file(MAKE_DIRECTORY "${_protocol_out}")

add_library(kafkasim_protocol_definitions STATIC
  "${_protocol_dir}/generator/definition.cpp"
  "${_protocol_dir}/generator/cpp_writer.cpp"
  "${_protocol_dir}/generator/message_writer.cpp")
kafkasim_include_root(_core_root core)
target_include_directories(kafkasim_protocol_definitions PUBLIC "${_core_root}")
target_link_libraries(kafkasim_protocol_definitions PUBLIC kafkasim_options PRIVATE fmt::fmt)

add_executable(kafkasim_protocol_generator "${_protocol_dir}/generator/main.cpp")
target_link_libraries(kafkasim_protocol_generator PRIVATE kafkasim_protocol_definitions)

file(GLOB _protocol_messages CONFIGURE_DEPENDS "${_protocol_dir}/messages/*.msg")
list(SORT _protocol_messages)
set(KAFKASIM_PROTOCOL_SOURCES "${_protocol_out}/message.cpp")
set(KAFKASIM_PROTOCOL_HEADERS "${_protocol_out}/message.hpp" "${_protocol_out}/message_fwd.hpp")
foreach(_file IN LISTS _protocol_messages)
  get_filename_component(_stem "${_file}" NAME_WE)
  list(APPEND KAFKASIM_PROTOCOL_SOURCES "${_protocol_out}/${_stem}.cpp")
  list(APPEND KAFKASIM_PROTOCOL_HEADERS "${_protocol_out}/${_stem}.hpp")
endforeach()

add_custom_command(
  OUTPUT ${KAFKASIM_PROTOCOL_SOURCES} ${KAFKASIM_PROTOCOL_HEADERS}
  COMMAND kafkasim_protocol_generator "${_protocol_out}" ${_protocol_messages}
  DEPENDS kafkasim_protocol_generator ${_protocol_messages}
  COMMENT "Generating protocol structs"
  VERBATIM)

# The tests of the generator call its functions; their target comes later than this file.
function(_kafkasim_link_definitions_to_tests)
  if(TARGET kafkasim_tests)
    target_link_libraries(kafkasim_tests PRIVATE kafkasim_protocol_definitions)
  endif()
endfunction()
cmake_language(DEFER CALL _kafkasim_link_definitions_to_tests)

# Only what is generated: for tools that read the sources without building them.
add_custom_target(kafkasim_protocol DEPENDS ${KAFKASIM_PROTOCOL_SOURCES} ${KAFKASIM_PROTOCOL_HEADERS})
