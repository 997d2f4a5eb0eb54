// SPDX-License-Identifier: Apache-2.0
#include "core/config/setting_choices.hpp"

#include <algorithm>
#include <vector>

#include "core/base/text.hpp"

namespace kafkasim::config {
namespace {

struct Choices {
    std::string_view name;
    bool list;  // several words, separated by commas
    std::vector<std::string_view> words;
};

const std::vector<Choices>& choices() {
    static const std::vector<Choices> table{
        {"cleanup.policy", true, {"compact", "delete"}},
        {"log.cleanup.policy", true, {"compact", "delete"}},
        {"compression.type", false, {"uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"}},
        {"message.timestamp.type", false, {"CreateTime", "LogAppendTime"}},
        {"log.message.timestamp.type", false, {"CreateTime", "LogAppendTime"}},
    };
    return table;
}

std::vector<std::string_view> words_of(const Choices& setting, std::string_view value) {
    if (!setting.list) return {value};
    std::vector<std::string_view> words;
    while (!trimmed(value).empty()) {
        const size_t comma = value.find(',');
        words.push_back(trimmed(value.substr(0, comma)));
        value = comma == std::string_view::npos ? std::string_view() : value.substr(comma + 1);
    }
    return words;
}

}  // namespace

std::optional<std::string> complaint_about_choice(std::string_view name, std::string_view value) {
    const auto setting =
        std::find_if(choices().begin(), choices().end(), [&](const Choices& each) { return each.name == name; });
    if (setting == choices().end()) return std::nullopt;
    for (std::string_view word : words_of(*setting, value)) {
        if (std::find(setting->words.begin(), setting->words.end(), word) != setting->words.end()) continue;
        std::string allowed;
        for (std::string_view each : setting->words) allowed += (allowed.empty() ? "" : ", ") + std::string(each);
        return "Invalid value " + std::string(word) + " for configuration " + std::string(name) +
               ": String must be one of: " + allowed;
    }
    return std::nullopt;
}

}  // namespace kafkasim::config
