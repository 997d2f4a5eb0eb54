// SPDX-License-Identifier: Apache-2.0

#include "core/tools/partition_filter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/tools/option_parser.hpp"

namespace kafkasim::tools {
namespace {

/// As String.split(","): nothing for empty parts at the end.
std::vector<std::string> split_at_commas(const std::string& text) {
    std::vector<std::string> parts;
    for (size_t at = 0; at <= text.size();) {
        const size_t end = std::min(text.find(',', at), text.size());
        parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    while (parts.size() > 1 && parts.back().empty()) parts.pop_back();
    return parts;
}

bool all_digits(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<PartitionFilter> PartitionFilter::of_topic(const std::optional<std::string>& topic,
                                                  const std::optional<std::string>& partitions) {
    auto pattern = TopicPattern::include_list(topic.value_or(".*"));
    if (!pattern) return Error{pattern.error()};
    Rule rule{std::move(pattern).value(), {}};
    if (partitions && !partitions->empty()) {
        for (const std::string& part : split_at_commas(*partitions)) {
            const auto number = whole_number(part, ArgumentType::Integer);
            if (!number)
                return Error{fmt::format(
                    "--partitions expects a comma separated list of numeric partition ids, but received: {}",
                    *partitions)};
            rule.partitions.push_back({*number, *number + 1});
        }
    } else {
        rule.partitions.push_back({});
    }
    PartitionFilter filter;
    filter.rules_.push_back(std::move(rule));
    return filter;
}

Result<PartitionFilter> PartitionFilter::of_rules(const std::string& rules) {
    PartitionFilter filter;
    for (const std::string& text : split_at_commas(rules)) {
        auto rule = parse_rule(text);
        if (!rule) return Error{rule.error()};
        filter.rules_.push_back(std::move(rule).value());
    }
    return filter;
}

Result<PartitionFilter::Rule> PartitionFilter::parse_rule(const std::string& text) {
    const size_t colon = text.find(':');
    const std::string topic = text.substr(0, colon);
    const std::string partitions = colon == std::string::npos ? "" : text.substr(colon + 1);
    auto range = parse_range(text, partitions);
    if (!range) return Error{range.error()};
    auto pattern = TopicPattern::include_list(topic.empty() ? ".*" : topic);
    if (!pattern) return Error{pattern.error()};
    return Rule{std::move(pattern).value(), {range.value()}};
}

Result<PartitionFilter::Range> PartitionFilter::parse_range(const std::string& rule, const std::string& text) {
    const size_t dash = text.find('-');
    const std::string from = text.substr(0, dash);
    const std::string until = dash == std::string::npos ? "" : text.substr(dash + 1);
    if (!all_digits(from) || !all_digits(until)) return Error{fmt::format("Invalid rule specification: {}", rule)};
    Range range;
    for (const auto& [part, bound] : {std::pair(&from, &range.from), std::pair(&until, &range.until)}) {
        if (part->empty()) continue;
        const auto number = whole_number(*part, ArgumentType::Integer);
        if (!number) return Error{fmt::format("For input string: \"{}\"", *part)};
        *bound = *number;
    }
    if (dash == std::string::npos && !from.empty()) range.until = range.from + 1;
    return range;
}

bool PartitionFilter::allows(const TopicPartition& tp) const {
    return std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) {
        return rule.topic.matches(tp.topic.view()) &&
               std::any_of(rule.partitions.begin(), rule.partitions.end(), [&](const Range& range) {
                   return tp.partition >= range.from && tp.partition < range.until;
               });
    });
}

}  // namespace kafkasim::tools
