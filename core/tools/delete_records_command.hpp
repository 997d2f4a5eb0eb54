// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-delete-records.sh: deletes the records of partitions below the offsets that a JSON file names, and tells
// the low watermark of each.
// Kafka 3.0.0: kafka.admin.DeleteRecordsCommand; org.apache.kafka.clients.admin.KafkaAdminClient.deleteRecords.
// Simplified: of stack traces the first line and its cause are printed.

#include <map>

#include "core/tools/admin_tool.hpp"

namespace kafkasim::tools {

struct OffsetOfPartition {
    TopicPartition tp;
    int64_t offset = 0;
    bool operator==(const OffsetOfPartition&) const = default;
};

/// What `--offset-json-file` holds, or the exception that its reading ends in.
struct OffsetFile {
    std::vector<OffsetOfPartition> offsets;
    std::string exception;  // "kafka.admin.AdminOperationException: .."; empty: none
};
OffsetFile parse_offset_file(const std::string& json);

class DeleteRecordsCommand final : public AdminTool {
public:
    using AdminTool::AdminTool;

private:
    struct Outcome {
        int64_t low_watermark = -1;
        std::string error;  // empty: none
    };
    using Outcomes = std::map<TopicPartition, Outcome>;

    Task<int> run() override;
    Task<int> delete_records(std::vector<OffsetOfPartition> offsets);
    /// The requests to the leaders that the metadata names; what has none fails at once.
    std::map<int32_t, protocol::DeleteRecordsRequest> requests_by_leader(const protocol::MetadataResponse& metadata,
                                                                         const std::vector<OffsetOfPartition>& offsets,
                                                                         Outcomes& outcomes) const;
    void print(const std::vector<OffsetOfPartition>& offsets, const Outcomes& outcomes);
};

}  // namespace kafkasim::tools
