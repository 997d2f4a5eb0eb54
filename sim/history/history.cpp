// SPDX-License-Identifier: Apache-2.0
#include "sim/history/history.hpp"

#include <algorithm>

namespace kafkasim::sim::history {

uint32_t Names::number(std::string_view name) {
    const auto at = std::lower_bound(sorted_.begin(), sorted_.end(), name,
                                     [&](uint32_t a, std::string_view b) { return names_[a] < b; });
    if (at != sorted_.end() && names_[*at] == name) return *at;
    const uint32_t number = size();
    sorted_.insert(at, number);
    names_.emplace_back(name);
    return number;
}

std::optional<uint32_t> Names::find(std::string_view name) const {
    const auto at = std::lower_bound(sorted_.begin(), sorted_.end(), name,
                                     [&](uint32_t a, std::string_view b) { return names_[a] < b; });
    if (at == sorted_.end() || names_[*at] != name) return std::nullopt;
    return *at;
}

std::string Book::text_of(const Value& value) const {
    if (value.producer == Value::kNobody) return "?";
    return producers[value.producer] + ":" + std::to_string(value.number);
}

/// A value is filled up to its length with dots behind: "orders-1:17.........".
Value Book::read_value(std::string_view text) const {
    const size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return {};
    const auto producer = producers.find(text.substr(0, colon));
    if (!producer) return {};
    uint32_t number = 0;
    size_t at = colon + 1;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
        number = number * 10 + static_cast<uint32_t>(text[at] - '0');
    if (at == colon + 1 || text.find_first_not_of('.', at) != std::string_view::npos) return {};
    return {*producer, number};
}

}  // namespace kafkasim::sim::history
