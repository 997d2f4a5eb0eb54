// SPDX-License-Identifier: Apache-2.0
#pragma once
// Bytes to text and back to UTF-8, as `new String(bytes, charset).getBytes(UTF_8)` has it: what is malformed becomes
// U+FFFD, one for each longest part that could have been the beginning of a character. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace kafkasim::tools {

/// nullopt: no such charset (here; Java has more).
std::optional<std::string> java_decoded(std::string_view bytes, std::string_view charset);

}  // namespace kafkasim::tools
