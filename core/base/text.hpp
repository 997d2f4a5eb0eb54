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

}  // namespace kafkasim
