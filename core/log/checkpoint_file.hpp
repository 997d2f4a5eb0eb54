// SPDX-License-Identifier: Apache-2.0
#pragma once
// Kafka's small text files: a version, a number of entries, the entries. Written whole (temporary file and rename),
// flushed.
// Called by LogManager (the three offset checkpoints), Log (partition.metadata) and a broker's start
// (meta.properties).
// Kafka 3.0.0: kafka.server.checkpoints.OffsetCheckpointFile, kafka.log.PartitionMetadataFile,
// kafka.server.BrokerMetadataCheckpoint.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/base/uuid.hpp"
#include "core/node/env.hpp"

namespace kafkasim::log {

using OffsetCheckpoint = std::map<TopicPartition, int64_t>;

inline constexpr std::string_view kHighWatermarkCheckpoint = "replication-offset-checkpoint";
inline constexpr std::string_view kRecoveryPointCheckpoint = "recovery-point-offset-checkpoint";
inline constexpr std::string_view kLogStartOffsetCheckpoint = "log-start-offset-checkpoint";
inline constexpr std::string_view kCleanShutdownFile = ".kafka_cleanshutdown";

/// "0\n1\nmy-kafka-topic 0 4\n"
std::string encode_offset_checkpoint(const OffsetCheckpoint& offsets);
/// Empty if the text is no checkpoint.
OffsetCheckpoint decode_offset_checkpoint(std::string_view text);
/// Empty if there is no such file.
OffsetCheckpoint read_offset_checkpoint(node::Env& env, std::string_view log_dir, std::string_view file);
/// False if it did not get to the disk: the log dir has failed.
bool write_offset_checkpoint(node::Env& env, std::string_view log_dir, std::string_view file,
                             const OffsetCheckpoint& offsets);

/// "version: 0\ntopic_id: 2c7cvTC1QGKy2bu18revoA"
std::string encode_partition_metadata(const Uuid& topic_id);
std::optional<Uuid> decode_partition_metadata(std::string_view text);

/// What `meta.properties` in every log dir says of its owner.
struct MetaProperties {
    int32_t broker_id = -1;
    std::string cluster_id;
    bool operator==(const MetaProperties&) const = default;
};
/// Java properties with the date as comment: "#\n#Sun Nov 22 13:58:19 UTC
/// 2026\nbroker.id=2\nversion=0\ncluster.id=...\n".
std::string encode_meta_properties(const MetaProperties& properties, WallMillis now);
std::optional<MetaProperties> decode_meta_properties(std::string_view text);
std::optional<MetaProperties> read_meta_properties(node::Env& env, std::string_view log_dir);
/// Makes the folder if it is absent.
void write_meta_properties(node::Env& env, std::string_view log_dir, const MetaProperties& properties);

/// "Sun Nov 22 13:58:19 UTC 2026": java.util.Date.toString in UTC.
std::string java_date(WallMillis time);

}  // namespace kafkasim::log
