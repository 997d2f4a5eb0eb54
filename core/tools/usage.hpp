// SPDX-License-Identifier: Apache-2.0
#pragma once
// The help of a tool: the table of its options in two columns on 80 characters, with the line breaks of the Java
// class library. Pure.
// Kafka 3.0.0: joptsimple.BuiltinHelpFormatter(80, 2), java.text.BreakIterator.getLineInstance.
// Simplified: the break rules are those of printable ASCII, which is all that the tools' help contains.

#include <span>
#include <string>
#include <string_view>

#include "core/tools/option_parser.hpp"

namespace kafkasim::tools {

/// "Option   Description", a line of dashes, and the options; each line padded to 80 columns.
std::string usage_table(std::span<const Option> options);

/// True if a line may be broken before text[at] (0 < at < size).
bool may_break_before(std::string_view text, size_t at);

}  // namespace kafkasim::tools
