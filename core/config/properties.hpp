// SPDX-License-Identifier: Apache-2.0
#pragma once
// Java .properties as the stock config files use them: `key=value` lines, `#` and `!` comments, spaces around both
// trimmed, the last of several
// lines for a key wins. Also the `k=v` maps of dynamic configuration.

#include <map>
#include <string>
#include <string_view>

namespace kafkasim::config {

using Properties = std::map<std::string, std::string, std::less<>>;

Properties parse_properties(std::string_view text);

/// What a person does in an editor: changes the line of each key, or adds one at the end; comments and order stay.
std::string with_properties(std::string_view text, const Properties& changes);

}  // namespace kafkasim::config
