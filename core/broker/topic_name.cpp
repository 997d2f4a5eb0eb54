// SPDX-License-Identifier: Apache-2.0
#include "core/broker/topic_name.hpp"

#include <algorithm>

namespace kafkasim::broker {

namespace {

constexpr size_t kMaxLength = 249;

bool legal(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

}  // namespace

std::optional<std::string> complaint_about_topic_name(std::string_view name) {
    if (name.empty()) return "Topic name is illegal, it can't be empty";
    if (name == "." || name == "..") return "Topic name cannot be \".\" or \"..\"";
    if (name.size() > kMaxLength)
        return "Topic name is illegal, it can't be longer than 249 characters, Topic name: " + std::string(name);
    if (!std::all_of(name.begin(), name.end(), legal)) {
        return "Topic name \"" + std::string(name) +
               "\" is illegal, it contains a character other than ASCII alphanumerics, '.', '_' and '-'";
    }
    return std::nullopt;
}

bool topic_names_collide(std::string_view a, std::string_view b) {
    const auto same = [](char x, char y) { return (x == '.' ? '_' : x) == (y == '.' ? '_' : y); };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

}  // namespace kafkasim::broker
