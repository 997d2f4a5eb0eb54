// SPDX-License-Identifier: Apache-2.0
#include "core/broker/replica_manager.hpp"

#include <fmt/format.h>

#include "core/broker/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

constexpr Duration kInitialTaskDelay = Seconds{30};  // LogManager.InitialTaskDelayMs

Duration isr_expiration_time(BrokerHost& host) { return from_millis(host.config().replica_lag_time_max_ms / 2); }

}  // namespace

void ReplicaManager::startup(BrokerHost& host) {
    node::Env& env = host.env();
    handles_failures_ = true;
    isr_timer_ = env.new_timer(node::Tag{kReplicaManager, kIsrExpiration, 0, 0});
    checkpoint_timer_ = env.new_timer(node::Tag{kReplicaManager, kHighWatermarkCheckpoint, 0, 0});
    log_checkpoint_timer_ = env.new_timer(node::Tag{kReplicaManager, kLogCheckpoint, 0, 0});
    deletion_timer_ = env.new_timer(node::Tag{kReplicaManager, kLogDeletion, 0, 0});
    retention_timer_ = env.new_timer(node::Tag{kReplicaManager, kLogRetention, 0, 0});
    cleaner_timer_ = env.new_timer(node::Tag{kReplicaManager, kLogCleaner, 0, 0});
    flush_timer_ = env.new_timer(node::Tag{kReplicaManager, kLogFlush, 0, 0});
    env.arm(log_checkpoint_timer_, kInitialTaskDelay);
    env.arm(retention_timer_, kInitialTaskDelay);
    const bool flushes = host.config().log_flush_scheduler_interval_ms < log::LogConfig::kNever;
    if (flushes) env.arm(flush_timer_, kInitialTaskDelay);
    clean_logs(host);
    isr_expiration(host);
    env.arm(isr_timer_, isr_expiration_time(host));
    switch (host.isr_changes()) {
        case IsrChanges::ByController:
            return alter_isr_.start(host);
        case IsrChanges::ByLeader:
            return zk_isr_.start(host);
    }
}

void ReplicaManager::shutdown(BrokerHost& host) {
    node::Env& env = host.env();
    handles_failures_ = false;
    fetchers_.shutdown(host, logs_);
    alter_isr_.shutdown(host);
    zk_isr_.shutdown(host);
    checkpoint_high_watermarks(host);
    checkpoints_since_.reset();  // no timer is armed any more
    for (node::TimerId timer : {isr_timer_, checkpoint_timer_, log_checkpoint_timer_, deletion_timer_, retention_timer_,
                                cleaner_timer_, flush_timer_}) {
        if (timer != node::TimerId::None) env.free_timer(timer);
    }
}

Partition* ReplicaManager::find_partition(const TopicPartition& tp) {
    const auto found = partitions_.find(tp);
    return found == partitions_.end() ? nullptr : &found->second;
}

const Partition* ReplicaManager::find(const TopicPartition& tp) const {
    const auto found = partitions_.find(tp);
    return found == partitions_.end() ? nullptr : &found->second;
}

log::Log* ReplicaManager::log_of(const TopicPartition& tp) {
    const Partition* partition = find(tp);
    return partition && partition->has_log() ? logs_.find(tp) : nullptr;
}

ErrorCode ReplicaManager::partition_or_error(BrokerHost& host, const TopicPartition& tp, Partition*& found) {
    found = find_partition(tp);
    if (found && found->offline()) return ErrorCode::KafkaStorageError;
    if (found) return ErrorCode::None;
    // Known to the cluster but not hosted here: the client's view of who leads is old.
    return host.metadata().contains(tp) ? ErrorCode::NotLeaderOrFollower : ErrorCode::UnknownTopicOrPartition;
}

bool ReplicaManager::accept_controller_epoch(int32_t epoch) {
    if (epoch < controller_epoch_) return false;
    controller_epoch_ = epoch;
    return true;
}

bool ReplicaManager::is_leader(const TopicPartition& tp) const {
    const Partition* partition = find(tp);
    return partition && !partition->offline() && partition->is_leader();
}

std::optional<int32_t> ReplicaManager::leader_epoch(const TopicPartition& tp) const {
    const Partition* partition = find(tp);
    if (!partition || partition->offline()) return std::nullopt;
    return partition->leader_epoch();
}

protocol::RecordBatches ReplicaManager::read_log(const TopicPartition& tp) const {
    const log::Log* log = logs_.find(tp);
    return log ? log->read_all() : protocol::RecordBatches{};
}

void ReplicaManager::on_connected(BrokerHost& host, node::ConnectionId connection, node::Tag tag) {
    if (tag.component == kAlterIsr) alter_isr_.on_connected(host, connection);
    if (tag.component == kReplicaFetcher) fetchers_.on_connected(host, logs_, BrokerId{tag.a}, connection);
}

void ReplicaManager::on_disconnected(BrokerHost& host, node::ConnectionId connection, node::Tag tag,
                                     node::CloseReason) {
    if (tag.component == kAlterIsr) alter_isr_.on_disconnected(host, connection);
    if (tag.component == kReplicaFetcher) fetchers_.on_disconnected(host, logs_, BrokerId{tag.a}, connection);
}

void ReplicaManager::on_message(BrokerHost& host, node::ConnectionId connection, node::Tag tag,
                                protocol::Message&& message) {
    if (tag.component == kAlterIsr) {
        const std::vector<AlterIsrResult> results = alter_isr_.on_message(host, connection, std::move(message));
        if (!results.empty()) apply_alter_isr(host, results);
    } else if (tag.component == kReplicaFetcher) {
        fetchers_.on_message(host, logs_, BrokerId{tag.a}, connection, std::move(message));
        if (fetchers_.take_logs_changed()) follower_logs_changed(host);
    }
}

void ReplicaManager::on_timer(BrokerHost& host, node::TimerId, node::Tag tag) {
    if (tag.component == kAlterIsr) return alter_isr_.on_timer(host, tag);
    if (tag.component == kZkIsr) return zk_isr_.on_timer(host);
    if (tag.component == kReplicaFetcher) {
        fetchers_.on_timer(host, logs_, BrokerId{tag.a});
        if (fetchers_.take_logs_changed()) follower_logs_changed(host);
        return;
    }
    switch (static_cast<Timer>(tag.kind)) {
        case kIsrExpiration:
            host.env().arm(isr_timer_, isr_expiration_time(host));
            return isr_expiration(host);
        case kHighWatermarkCheckpoint:
            return checkpoint_high_watermarks(host);
        case kFetchTimeout:
            return complete_fetch(host, tag.b);
        case kProduceTimeout:
            return expire_produce(host, tag.b);
        case kLogCheckpoint:
            host.env().arm(log_checkpoint_timer_, from_millis(host.config().log_flush_offset_checkpoint_interval_ms));
            logs_.checkpoint_recovery_points(host.env());
            return logs_.checkpoint_log_start_offsets(host.env());
        case kLogDeletion:
            logs_.delete_renamed_logs(host.env());
            return arm_log_deletion(host);
        case kLogRetention:
            return cleanup_logs(host);
        case kLogCleaner:
            return clean_logs(host);
        case kDeleteRecordsTimeout:
            return expire_delete_records(host, tag.b);
        case kLogFlush:
            logs_.flush_dirty_logs(host.env());
            return arm_log_flush(host);
    }
}

void note_stale(BrokerHost& host, std::string_view request, ErrorCode error) {
    if (!host.env().observed()) return;
    host.env().note(
        {node::NoteKind::StaleRequest, {{"request", std::string(request)}, {"why", std::string(name(error))}}});
}

bool stale_broker_epoch(BrokerHost& host, int64_t request_epoch, std::string_view request) {
    if (request_epoch < 0 || request_epoch >= host.broker_epoch()) return false;
    node::info(host.env(), "kafka.server.KafkaApis",
               "[KafkaApi-{}] Received {} request with broker epoch {} smaller than the current broker epoch {}",
               host.broker_id().value, request, request_epoch, host.broker_epoch());
    note_stale(host, request, ErrorCode::StaleBrokerEpoch);
    return true;
}

}  // namespace kafkasim::broker
