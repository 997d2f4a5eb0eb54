// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.hpp"

#include <algorithm>

namespace kafkasim {

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find(separator, at), text.size());
        parts.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

std::vector<std::string> lines_of(std::string_view text) { return split(text, '\n'); }

}  // namespace kafkasim
