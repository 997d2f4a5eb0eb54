// SPDX-License-Identifier: Apache-2.0
// What follows from a change of a partition: sessions that must look again, waiting requests, ISR proposals,
// checkpoints. See replica_manager.hpp.
#include <fmt/format.h>

#include <algorithm>

#include "core/broker/replica_manager.hpp"
#include "core/log/log_dir_failure.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {
constexpr int64_t kNeverMs = log::LogConfig::kNever;
}

void ReplicaManager::note_idle_fetches(const FetchSession& session, const TopicPartition& tp) {
    if (!session.privileged) return;
    Partition* partition = find_partition(tp);
    const log::Log* log = log_of(tp);
    if (partition && log) partition->note_idle_fetch(session.replica_id, session.last_read, log->log_end_offset());
}

void ReplicaManager::touch(const TopicPartition& tp) {
    for (int32_t id : sessions_.watchers(tp)) {
        FetchSession* session = sessions_.find(id);
        const auto found = session->partitions.find(tp);
        if (found->second.dirty) continue;
        note_idle_fetches(*session, tp);
        session->make_dirty(tp, found->second);
    }
}

void ReplicaManager::sessions_closed(const std::vector<FetchSession>& closed) {
    for (const FetchSession& session : closed) {
        for (const auto& [tp, cached] : session.partitions) {
            if (!cached.dirty) note_idle_fetches(session, tp);
        }
    }
}

void ReplicaManager::metadata_deleted(const std::vector<TopicPartition>& partitions) {
    for (const TopicPartition& tp : partitions) touch(tp);
}

void ReplicaManager::check_fetches(BrokerHost& host, const TopicPartition& tp) {
    for (uint64_t id : delayed_fetches_.concerned(sessions_, tp)) {
        const DelayedFetch* fetch = delayed_fetches_.find(id);
        if (fetch && waiting_fetch_done(host, *fetch)) complete_fetch(host, id);
    }
}

void ReplicaManager::check_produces(BrokerHost& host, const TopicPartition& tp) {
    for (uint64_t id : delayed_produces_.concerned(tp)) {
        DelayedProduce* produce = delayed_produces_.find(id);
        if (!produce || !try_complete(host, *produce)) continue;
        const std::optional<DelayedProduce> done = delayed_produces_.take(host.env(), id);
        answer_produce(host, *done);
    }
}

void ReplicaManager::high_watermark_moved(BrokerHost& host, const TopicPartition& tp) {
    touch(tp);
    high_watermarks_changed(host);
    check_fetches(host, tp);
    check_produces(host, tp);
}

/// The partition is not led here any more: what waits for it fails.
void ReplicaManager::role_lost(BrokerHost& host, const TopicPartition& tp) {
    check_produces(host, tp);
    check_fetches(host, tp);
    check_deletes(host, tp);
}

void ReplicaManager::submit(BrokerHost& host, Partition& partition, const AlterIsrItem& item) {
    switch (host.isr_changes()) {
        case IsrChanges::ByController:
            if (!alter_isr_.submit(host, item)) return partition.proposal_refused(host, item);
            break;
        case IsrChanges::ByLeader:
            zk_isr_.submit(host, item, partition.controller_epoch());
            break;
    }
    touch(item.partition);
    partition.proposal_submitted(item);
}

void ReplicaManager::apply_isr_answer(BrokerHost& host, const AlterIsrResult& result) {
    Partition* partition = find_partition(result.item.partition);
    if (!partition) return;
    touch(result.item.partition);
    const std::optional<AlterIsrItem> again =
        partition->handle_alter_isr_response(host, result.item.proposed, result.answer);
    if (again) submit(host, *partition, *again);
}

void ReplicaManager::apply_alter_isr(BrokerHost& host, const std::vector<AlterIsrResult>& results) {
    for (const AlterIsrResult& result : results) {
        apply_isr_answer(host, result);
        alter_isr_.release(result);
    }
    alter_isr_.answered(host);
}

void ReplicaManager::on_isr_zk_replies(BrokerHost& host, uint64_t token, const std::vector<protocol::Body>& replies) {
    if (const std::optional<AlterIsrResult> result = zk_isr_.on_zk_replies(host, token, replies))
        apply_isr_answer(host, *result);
}

void ReplicaManager::isr_expiration(BrokerHost& host) {
    for (auto& [tp, partition] : partitions_) {
        log::Log* log = partition.is_leader() && !partition.offline() ? log_of(tp) : nullptr;
        if (!log) continue;
        const std::optional<AlterIsrItem> proposal = partition.maybe_shrink_isr(host, *log);
        if (!proposal) continue;
        submit(host, partition, *proposal);
        if (partition.maybe_increment_high_watermark(host, *log)) high_watermark_moved(host, tp);
    }
}

void ReplicaManager::start_high_watermark_checkpoints(BrokerHost& host) {
    if (checkpoints_since_) return;
    checkpoints_since_ = host.env().now();
    checkpoint_due_ = true;
    host.env().arm(checkpoint_timer_, Duration{0});
}

/// Kafka writes every 5 s; here only when something changed, at the times Kafka would.
void ReplicaManager::high_watermarks_changed(BrokerHost& host) {
    if (checkpoint_due_ || !checkpoints_since_) return;
    const Duration period = from_millis(host.config().replica_high_watermark_checkpoint_interval_ms);
    const Duration past = (host.env().now() - *checkpoints_since_) % period;
    checkpoint_due_ = true;
    host.env().arm(checkpoint_timer_, period - past);
}

void ReplicaManager::checkpoint_high_watermarks(BrokerHost& host) {
    checkpoint_due_ = false;
    std::map<TopicPartition, int64_t> high_watermarks;
    for (const auto& [tp, partition] : partitions_) {
        const log::Log* log = partition.offline() ? nullptr : log_of(tp);
        if (log) high_watermarks.emplace(tp, log->high_watermark());
    }
    for (const std::string& dir : logs_.checkpoint_high_watermarks(host.env(), high_watermarks)) {
        const std::string path = fmt::format("{}/{}", dir, log::kHighWatermarkCheckpoint);
        node::error(host.env(), "kafka.server.ReplicaManager",
                    "[ReplicaManager broker={}] Error while writing to highwatermark file in directory {}\n"
                    "org.apache.kafka.common.errors.KafkaStorageException: {}\nCaused by: {}",
                    host.broker_id().value, dir, log::checkpoint_error(path),
                    log::io_exception(host.env(), dir, path + ".tmp"));
    }
}

/// By default never.
void ReplicaManager::arm_log_flush(BrokerHost& host) {
    const int64_t interval_ms = host.config().log_flush_scheduler_interval_ms;
    if (interval_ms < kNeverMs) host.env().arm(flush_timer_, from_millis(std::max<int64_t>(interval_ms, 1)));
}

/// One timer for all logs: an idle partition costs nothing but the look.
void ReplicaManager::cleanup_logs(BrokerHost& host) {
    host.env().arm(retention_timer_, from_millis(host.config().log_retention_check_interval_ms));
    log_starts_moved(host, logs_.cleanup_logs(host.env()));
}

void ReplicaManager::clean_logs(BrokerHost& host) {
    if (!host.config().log_cleaner_enable) return;
    const int64_t back_off_ms = std::max<int64_t>(host.config().log_cleaner_backoff_ms, 1);  // time must go on
    host.env().arm(cleaner_timer_, from_millis(back_off_ms));
    log_starts_moved(host, logs_.clean_logs(host.env()));
}

void ReplicaManager::log_starts_moved(BrokerHost& host, const std::vector<TopicPartition>& partitions) {
    for (const TopicPartition& tp : partitions) {
        touch(tp);
        check_deletes(host, tp);
    }
    arm_log_deletion(host);
}

/// High watermarks to write, or files of truncated segments to remove.
void ReplicaManager::follower_logs_changed(BrokerHost& host) {
    high_watermarks_changed(host);
    arm_log_deletion(host);
}

void ReplicaManager::arm_log_deletion(BrokerHost& host) {
    const std::optional<Instant> due = logs_.next_deletion();
    if (due) host.env().arm(deletion_timer_, *due - host.env().now());
}

}  // namespace kafkasim::broker
