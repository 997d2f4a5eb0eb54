// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which partitions kafka-get-offsets.sh means. Pure. Kafka 3.0.0:
// kafka.tools.GetOffsetShell.createTopicPartitionFilterWith..., TopicPartitionFilter.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/tools/topic_pattern.hpp"

namespace kafkasim::tools {

class PartitionFilter {
public:
    /// `--topic` (a pattern) and `--partitions` ("0,2").
    static Result<PartitionFilter> of_topic(const std::optional<std::string>& topic,
                                            const std::optional<std::string>& partitions);
    /// `--topic-partitions`: "t:0-3,u:5-,v".
    static Result<PartitionFilter> of_rules(const std::string& rules);

    bool allows(const TopicPartition& tp) const;

private:
    struct Range {
        int64_t from = 0;
        int64_t until = std::numeric_limits<int32_t>::max();
    };
    struct Rule {
        TopicPattern topic;
        std::vector<Range> partitions;
    };
    static Result<Rule> parse_rule(const std::string& text);
    static Result<Range> parse_range(const std::string& rule, const std::string& text);

    std::vector<Rule> rules_;
};

}  // namespace kafkasim::tools
