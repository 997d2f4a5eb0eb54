# SPDX-License-Identifier: Apache-2.0
#
# What every target is compiled with. The presets choose optimisation and sanitizers; this file the language and warnings.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(KAFKASIM_WARNINGS_ARE_ERRORS "Stop at the first warning (the dev preset does)" OFF)
set(KAFKASIM_SANITIZE "" CACHE STRING "Sanitizers to build with, for example address,undefined")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_library(kafkasim_options INTERFACE)
target_compile_options(kafkasim_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  # __FILE__ is the same in every checkout and build, so that a message that names a place is too.
  -fmacro-prefix-map=${CMAKE_BINARY_DIR}/include/core/=
  -fmacro-prefix-map=${CMAKE_BINARY_DIR}/include/sim/=
  -fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=)
# GCC 12 reports these three inside its own std::string and std::variant once it optimises (GCC bugs 105651, 105562, 105329).
target_compile_options(kafkasim_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds>)
# Everywhere, also where exceptions are on: every target then has the same nlohmann/json (one definition rule).
target_compile_definitions(kafkasim_options INTERFACE JSON_NOEXCEPTION)

if(KAFKASIM_WARNINGS_ARE_ERRORS)
  target_compile_options(kafkasim_options INTERFACE -Werror)
endif()
if(KAFKASIM_SANITIZE)
  # The four that are left out stand before every access to memory and cost a quarter of the build; what they find ends
  # the program under the address sanitizer too.
  target_compile_options(kafkasim_options INTERFACE
    -fsanitize=${KAFKASIM_SANITIZE} -fno-sanitize=null,alignment,object-size,vptr -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(kafkasim_options INTERFACE -fsanitize=${KAFKASIM_SANITIZE})
endif()

# ccache, where it is installed, also finds what another checkout of the same files compiled.
find_program(KAFKASIM_CCACHE ccache)
if(KAFKASIM_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${KAFKASIM_CCACHE})
endif()

# Most of a file's compile time is the reading of the same headers: they are read once per target. A file still includes what it uses: build with
# -DKAFKASIM_PRECOMPILE=OFF to see (./dev lint does not use precompiled headers either).
option(KAFKASIM_PRECOMPILE "Precompile the headers that nearly every file includes" ON)
function(kafkasim_precompile target)
  if(KAFKASIM_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE
      <algorithm> <cstdint> <deque> <map> <memory> <optional> <set> <string> <string_view> <variant> <vector>
      <fmt/format.h> <core/protocol/message.hpp> <core/node/env.hpp> ${ARGN})
  endif()
endfunction()
