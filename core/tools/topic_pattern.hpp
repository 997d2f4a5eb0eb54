// SPDX-License-Identifier: Apache-2.0
#pragma once
// The regular expressions with which the tools choose topics and groups: the whole name must match. Pure.
// Kafka 3.0.0: kafka.utils.TopicFilter, IncludeList.

#include <string>
#include <string_view>

#include "core/base/java_pattern.hpp"
#include "core/base/result.hpp"

namespace kafkasim::tools {

class TopicPattern {
public:
    /// kafka.utils.TopicFilter: spaces and quotes around are dropped, `,` means `|`. The error is "( is an invalid
    /// regex."
    static Result<TopicPattern> include_list(std::string_view text);

    bool matches(std::string_view name) const { return pattern_.matches(name); }

private:
    explicit TopicPattern(java::Pattern pattern) : pattern_(std::move(pattern)) {}

    java::Pattern pattern_;
};

}  // namespace kafkasim::tools
