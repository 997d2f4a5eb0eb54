// SPDX-License-Identifier: Apache-2.0
#pragma once
// All logs of a broker, in its log.dirs: found at start, made on demand, closed with a marker that tells the next
// start that nothing needs recovery.
// Keeps the checkpoint files of each dir, lets retention and the cleaner loose on the logs, removes the files of what
// is deleted when their delay is over. Who calls decides when (ReplicaManager: high watermarks every 5 s, retention
// every 5 min, the cleaner every 15 s; Broker: start, shutdown).
// Kafka 3.0.0: kafka.log.LogManager.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"
#include "core/log/checkpoint_file.hpp"
#include "core/log/log.hpp"
#include "core/log/log_cleaner.hpp"

namespace kafkasim::log {

class LogManager {
public:
    LogManager() = default;
    /// `log_dirs` as the setting has it: folders separated by commas.
    explicit LogManager(std::string_view log_dirs);

    struct Tasks {
        int64_t cleanup_period_ms = 300000;                       // only told in a log line
        bool cleaner = true;                                      // log.cleaner.enable
        std::map<TopicName, LogConfig> topics{};                  // of topics that override something
        int64_t flush_scheduler_interval_ms = LogConfig::kNever;  // only told in a log line
    };
    /// Loads every log of the dirs. False if none of the dirs can be used: the broker cannot live.
    bool start(node::Env& env, const LogConfig& default_config, Tasks tasks);
    bool start(node::Env& env, const LogConfig& default_config = {}) { return start(env, default_config, Tasks{}); }
    /// Flushes all logs, writes the checkpoints and the marker of a clean shutdown. High watermarks are those of
    /// the logs.
    void shutdown(node::Env& env);

    Log& get_or_create(node::Env& env, const TopicPartition& tp, const Uuid& topic_id,
                       const config::TopicConfig& config);
    Log& get_or_create(node::Env& env, const TopicPartition& tp, const Uuid& topic_id, const LogConfig& config,
                       std::string_view overridden = "{}");
    /// The same where a dir may have failed: nullptr, and why not, if the log may be in one of those (it is not new),
    /// or none is left. Kafka throws KafkaStorageException.
    Log* create_if_possible(node::Env& env, const TopicPartition& tp, const Uuid& topic_id,
                            const config::TopicConfig& config, bool is_new, std::string& why_not);
    Log* find(const TopicPartition& tp);
    const Log* find(const TopicPartition& tp) const;
    const std::map<TopicPartition, Log>& logs() const { return logs_; }
    const std::vector<std::string>& log_dirs() const { return log_dirs_; }

    // Failed dirs (log_manager_failure.cpp). A dir that has failed stays offline until the broker starts anew.
    /// At the start: whether files of the dir can be read (not if there is no such dir yet).
    static bool can_be_read(node::Env& env, const std::string& dir);
    /// One that is online and to which a write has failed.
    std::optional<std::string> newly_failed_dir(node::Env& env) const;
    /// Its logs are there no more. False if it was the last one: the broker cannot live.
    bool handle_log_dir_failure(node::Env& env, const std::string& dir);
    const std::vector<std::string>& live_log_dirs() const { return live_dirs_; }
    /// Something is the matter with one of the dirs: writes that change nothing would be noticed.
    bool disturbed(node::Env& env) const;

    /// The high watermark on disk, up to 5 s old; nullopt if the partition has no entry.
    std::optional<int64_t> checkpointed_high_watermark(node::Env& env, const TopicPartition& tp) const;
    /// Writes replication-offset-checkpoint of every dir; those to which it could not be written.
    std::vector<std::string> checkpoint_high_watermarks(node::Env& env,
                                                        const std::map<TopicPartition, int64_t>& high_watermarks);
    /// recovery-point-offset-checkpoint and log-start-offset-checkpoint of every dir (every 60 s, first after 30 s).
    void checkpoint_recovery_points(node::Env& env) const;
    void checkpoint_log_start_offsets(node::Env& env) const;

    /// Flushes the logs whose flush.ms have passed since their last flush.
    void flush_dirty_logs(node::Env& env);

    /// Retention of the logs that are not compacted; those whose start moved.
    std::vector<TopicPartition> cleanup_logs(node::Env& env);
    /// The cleaner at work until nothing is dirty enough, then retention of the compacted logs; those whose start
    /// moved.
    std::vector<TopicPartition> clean_logs(node::Env& env);
    const std::optional<LogCleaner>& cleaner() const { return cleaner_; }

    /// Renames the log's folder; delete_renamed_logs removes it, and segments' files, when file.delete.delay.ms have
    /// passed.
    void async_delete(node::Env& env, const TopicPartition& tp);
    void delete_renamed_logs(node::Env& env);
    /// Takes over the segments that a truncation of this log took away.
    void collect_deleted(Log& log);
    /// When the next renamed log or deleted segment is due; nullopt if none waits.
    std::optional<Instant> next_deletion() const;

    static constexpr Duration kFileDeleteDelay = from_millis(60000);

private:
    struct DeletedLog {
        Instant due;
        TopicPartition partition;
        std::string dir;
    };

    bool delete_old_segments(node::Env& env, Log& log);
    void delete_segment_files(node::Env& env);
    size_t load_dir(node::Env& env, const std::string& log_dir, const LogConfig& config, const Tasks& tasks);
    std::map<TopicPartition, int64_t> of_dir(const std::string& log_dir,
                                             const std::map<TopicPartition, int64_t>& values) const;
    Log& create_in(node::Env& env, const std::string& dir, const TopicPartition& tp, const Uuid& topic_id,
                   const LogConfig& config, std::string_view overridden);
    std::optional<std::string> dir_for_new_log(node::Env& env, const TopicPartition& tp) const;
    std::vector<std::string> dirs_by_load() const;
    std::string offline_dirs() const;
    void validate_dirs(node::Env& env);

    std::vector<std::string> log_dirs_;
    std::vector<std::string> live_dirs_;
    bool lock_closed_ = false;  // of a dir that failed while it was in use
    std::map<TopicPartition, Log> logs_;
    std::vector<DeletedLog> deleted_;
    std::vector<DeletedSegments> deleted_segments_;
    std::optional<LogCleaner> cleaner_;
};

/// "my-kafka-topic-0" as topic and partition; nullopt if the name is not of that form.
std::optional<TopicPartition> partition_of_dir(std::string_view name);

}  // namespace kafkasim::log
