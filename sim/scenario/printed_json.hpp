// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the verifiable tools print is a JSON object a line; whoever judges it looks up fields that may be absent, and
// names a few of many offenders. `Json` is nlohmann::json, which headers do not include.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::sim::scenario {

/// "" if there is no such text.
template <typename Json>
std::string text_at(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->template get<std::string>() : "";
}

/// -1 if there is no such whole number.
template <typename Json>
int64_t number_at(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number_integer() ? found->template get<int64_t>() : -1;
}

/// The first so many, and how many more there are.
std::string first_of(const std::vector<std::string>& each, size_t most, std::string_view separator);

}  // namespace kafkasim::sim::scenario
