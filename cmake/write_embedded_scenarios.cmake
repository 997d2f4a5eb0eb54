# SPDX-License-Identifier: Apache-2.0
#
# cmake -DOUTPUT=... -DFOLDER=... -DFILES="a.json;b.json" -P this file. A scenario is named by its path below the
# folder. The text is written as hexadecimal bytes: no string literal has to be split, and no character of a scenario
# needs an escape.
set(arrays "")
set(entries "")
set(number 0)
foreach(file IN LISTS FILES)
  cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${FOLDER} OUTPUT_VARIABLE name)
  string(REGEX REPLACE "\\.json$" "" name ${name})
  file(READ ${file} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(................................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," hex "${hex}")
  string(APPEND arrays "constexpr char kText${number}[] = {\n${hex}'\\0'};\n")
  string(APPEND entries "    {\"${name}\", std::string_view(kText${number}, ${size})},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT} "// SPDX-License-Identifier: Apache-2.0
// Written by cmake/write_embedded_scenarios.cmake.
#include \"sim/scenario/embedded_scenarios.hpp\"

#include <array>

namespace kafkasim::sim {
namespace {
${arrays}
constexpr std::array<EmbeddedScenario, ${number}> kScenarios{{
${entries}}};
}  // namespace

std::span<const EmbeddedScenario> embedded_scenarios() { return kScenarios; }

}  // namespace kafkasim::sim
")
