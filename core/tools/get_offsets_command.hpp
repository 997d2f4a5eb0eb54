// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-get-offsets.sh, or bin/kafka-run-class.sh kafka.tools.GetOffsetShell: the earliest or latest offset of
// partitions, or that of a time.
// Kafka 3.0.0: kafka.tools.GetOffsetShell; org.apache.kafka.clients.consumer.internals.Fetcher (offsetsByTimes,
// handleListOffsetResponse).
// Simplified: the real one asks through a consumer; here an admin client sends the same requests under the
// consumer's name.

#include <map>

#include "core/tools/admin_tool.hpp"
#include "core/tools/partition_filter.hpp"

namespace kafkasim::tools {

class GetOffsetsCommand final : public AdminTool {
public:
    using AdminTool::AdminTool;

private:
    struct Search {
        int64_t timestamp = client::kLatestTimestamp;
        Duration timeout{};
        std::vector<TopicPartition> remaining;
        std::map<TopicPartition, int64_t> found;  // -1: no such offset
    };

    Task<int> run() override;
    Task<int> fetch_offsets(PartitionFilter filter, bool exclude_internal_topics, int64_t timestamp);
    /// Asks the leaders of what remains once.
    Task<int> ask_leaders(Search* search, Instant deadline);
    /// Takes what a leader answered.
    void take(Search& search, const protocol::ListOffsetsResponse& response);
    Task<int> pause(Duration duration);
    int failed(std::string_view message);
};

}  // namespace kafkasim::tools
