// SPDX-License-Identifier: Apache-2.0
#pragma once
// Small cuts of text that many places make.

#include <string>
#include <string_view>
#include <vector>

namespace kafkasim {

/// The lines of a text without their line ends; a last line without one counts, an empty text has none.
std::vector<std::string> lines_of(std::string_view text);
/// The parts between separators; an empty text has none.
std::vector<std::string> split(std::string_view text, char separator);
/// Takes the next line, without its line end, off the text.
std::string_view next_line(std::string_view& text);
/// Without these characters at both ends.
std::string_view trimmed(std::string_view text, std::string_view blanks = " ");

}  // namespace kafkasim
