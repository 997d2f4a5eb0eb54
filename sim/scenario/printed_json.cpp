// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/printed_json.hpp"

#include <fmt/format.h>

namespace kafkasim::sim::scenario {

std::string first_of(const std::vector<std::string>& each, size_t most, std::string_view separator) {
    std::string text;
    for (size_t i = 0; i < each.size() && i < most; ++i) text += (i == 0 ? "" : std::string(separator)) + each[i];
    if (each.size() > most) text += fmt::format(" and {} more", each.size() - most);
    return text;
}

}  // namespace kafkasim::sim::scenario
