// SPDX-License-Identifier: Apache-2.0
#pragma once
// All logs of a broker, in its log.dirs: found at start, made on demand, closed with a marker that tells the next
// start that nothing needs recovery.
// Keeps the checkpoint files of each dir. Who calls decides when (ReplicaManager: high watermarks every 5 s;
// Broker: start, shutdown).
// Kafka 3.0.0: kafka.log.LogManager.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"
#include "core/log/checkpoint_file.hpp"
#include "core/log/log.hpp"

namespace kafkasim::log {

class LogManager {
public:
    LogManager() = default;
    /// `log_dirs` as the setting has it: folders separated by commas.
    explicit LogManager(std::string_view log_dirs);

    /// Loads every log of the dirs.
    void start(node::Env& env, const LogConfig& default_config = {});
    /// Flushes all logs, writes the checkpoints and the marker of a clean shutdown. High watermarks are those of
    /// the logs.
    void shutdown(node::Env& env);

    Log& get_or_create(node::Env& env, const TopicPartition& tp, const Uuid& topic_id,
                       const config::TopicConfig& config);
    Log& get_or_create(node::Env& env, const TopicPartition& tp, const Uuid& topic_id, const LogConfig& config);
    Log* find(const TopicPartition& tp);
    const Log* find(const TopicPartition& tp) const;
    const std::map<TopicPartition, Log>& logs() const { return logs_; }
    const std::vector<std::string>& log_dirs() const { return log_dirs_; }

    /// The high watermark on disk, up to 5 s old; nullopt if the partition has no entry.
    std::optional<int64_t> checkpointed_high_watermark(node::Env& env, const TopicPartition& tp) const;
    /// Writes replication-offset-checkpoint of every dir.
    void checkpoint_high_watermarks(node::Env& env, const std::map<TopicPartition, int64_t>& high_watermarks);
    /// recovery-point-offset-checkpoint and log-start-offset-checkpoint of every dir (every 60 s, first after 30 s).
    void checkpoint_recovery_points(node::Env& env) const;
    void checkpoint_log_start_offsets(node::Env& env) const;

    /// Renames the log's folder; delete_renamed_logs removes it when file.delete.delay.ms have passed.
    void async_delete(node::Env& env, const TopicPartition& tp);
    void delete_renamed_logs(node::Env& env);
    /// When the next renamed log is due; nullopt if none waits.
    std::optional<Instant> next_deletion() const;

    static constexpr Duration kFileDeleteDelay = from_millis(60000);

private:
    struct DeletedLog {
        Instant due;
        TopicPartition partition;
        std::string dir;
    };

    void load_dir(node::Env& env, const std::string& log_dir, const LogConfig& config);
    std::map<TopicPartition, int64_t> of_dir(const std::string& log_dir,
                                             const std::map<TopicPartition, int64_t>& values) const;
    const std::string& dir_for_new_log() const;

    std::vector<std::string> log_dirs_;
    std::map<TopicPartition, Log> logs_;
    std::vector<DeletedLog> deleted_;
};

/// "my-kafka-topic-0" as topic and partition; nullopt if the name is not of that form.
std::optional<TopicPartition> partition_of_dir(std::string_view name);

}  // namespace kafkasim::log
