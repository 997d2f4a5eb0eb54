// SPDX-License-Identifier: Apache-2.0

#include "core/tools/topic_pattern.hpp"

#include <fmt/format.h>

namespace kafkasim::tools {

Result<TopicPattern> TopicPattern::include_list(std::string_view text) {
    std::string plain;
    for (char c : text) {
        if (c != ' ') plain += c == ',' ? '|' : c;
    }
    plain.erase(0, plain.find_first_not_of("\"'"));
    plain.erase(plain.find_last_not_of("\"'") + 1);
    auto compiled = java::Pattern::compile(plain);
    if (auto* pattern = std::get_if<java::Pattern>(&compiled)) return TopicPattern(std::move(*pattern));
    const java::PatternFailure& failure = std::get<java::PatternFailure>(compiled);
    if (!failure.not_modelled.empty())
        return Error{fmt::format("{}: {} in expressions is not modelled", plain, failure.not_modelled)};
    return Error{fmt::format("{} is an invalid regex.", plain)};
}

}  // namespace kafkasim::tools
