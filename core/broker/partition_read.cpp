// SPDX-License-Identifier: Apache-2.0
// Reads and appends of a partition: who may, and what they see. See partition.hpp.
#include <fmt/format.h>

#include <algorithm>

#include "core/broker/partition.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

ErrorCode Partition::check_leader_epoch(int32_t requested) const {
    if (requested < 0 || requested == leader_epoch_) return ErrorCode::None;
    return requested < leader_epoch_ ? ErrorCode::FencedLeaderEpoch : ErrorCode::UnknownLeaderEpoch;
}

ErrorCode Partition::check_leader(int32_t requested_epoch, bool must_lead) const {
    const ErrorCode error = check_leader_epoch(requested_epoch);
    if (error != ErrorCode::None) return error;
    if ((must_lead && !is_leader()) || !has_log_) return ErrorCode::NotLeaderOrFollower;
    return ErrorCode::None;
}

Partition::Read Partition::read(const log::Log& log, const ReadParams& params) const {
    Read read;
    const auto refuse = [&read](ErrorCode error) {
        read = Read{};
        read.error = error;
        return read;
    };
    const ErrorCode error = check_leader(params.current_leader_epoch, params.from_follower);
    if (error != ErrorCode::None) return refuse(error);

    read.high_watermark = log.high_watermark();
    read.log_start_offset = log.log_start_offset();
    read.log_end_offset = log.log_end_offset();
    read.last_stable_offset = log.last_stable_offset();
    if (params.last_fetched_epoch >= 0) {
        const log::EpochEndOffset known = log.end_offset_for_epoch(params.last_fetched_epoch);
        if (known.end_offset == log::kUndefinedEpochOffset || known.epoch == log::kUndefinedEpoch)
            return refuse(ErrorCode::OffsetOutOfRange);
        if (params.fetch_offset < read.log_start_offset) return refuse(ErrorCode::OffsetOutOfRange);
        if (known.epoch < params.last_fetched_epoch || known.end_offset < params.fetch_offset) {
            read.diverging = known;
            return read;
        }
    }
    if (!log.in_range(params.fetch_offset)) return refuse(ErrorCode::OffsetOutOfRange);
    const int64_t bound = params.from_follower ? read.log_end_offset : read.high_watermark;
    if (params.fetch_offset < bound)
        read.records = log.read(params.fetch_offset, params.max_bytes, bound, params.min_one_message);
    return read;
}

/// Of a duplicate nothing was appended: its offsets are those of the first time.
void Partition::note_appended(BrokerHost& host, const log::AppendResult& appended,
                              const protocol::RecordBatches& records) const {
    if (appended.duplicate) {
        host.env().note({node::NoteKind::DuplicateBatch,
                         {{"topic", tp_.topic.str()},
                          {"partition", int64_t{tp_.partition}},
                          {"producer", records.front().producer_id},
                          {"epoch", int64_t{records.front().producer_epoch}},
                          {"sequence", int64_t{records.front().base_sequence}},
                          {"base_offset", appended.first_offset}}});
        return;
    }
    host.env().note({node::NoteKind::Appended,
                     {{"topic", tp_.topic.str()},
                      {"partition", int64_t{tp_.partition}},
                      {"base_offset", appended.first_offset},
                      {"count", int64_t{appended.record_count}},
                      {"leader_epoch", int64_t{leader_epoch_}}}});
}

Partition::Appended Partition::append_as_leader(BrokerHost& host, log::Log& log, const protocol::RecordBatches& records,
                                                int16_t required_acks, int32_t min_insync_replicas) {
    Appended result;
    if (!is_leader()) {
        result.error = ErrorCode::NotLeaderOrFollower;
        return result;
    }
    if (required_acks == -1 && static_cast<int32_t>(isr_.isr.size()) < min_insync_replicas) {
        result.error = ErrorCode::NotEnoughReplicas;
        result.error_message = fmt::format(
            "The size of the current ISR Set({}) is insufficient to satisfy the min.isr requirement of {} for "
            "partition {}",
            join(isr_.isr, ", "), min_insync_replicas, to_string(tp_));
        return result;
    }
    const log::AppendResult appended =
        log.append_as_leader(host.env(), records, leader_epoch_, host.env().wall_clock().value);
    result.error = appended.error;
    if (appended.error != ErrorCode::None) {
        result.error_message = appended.error_message;
        result.record_errors = appended.record_errors;
        return result;
    }
    result.first_offset = appended.first_offset;
    result.last_offset = appended.last_offset;
    result.log_start_offset = appended.log_start_offset;
    result.log_append_time_ms = appended.log_append_time_ms;
    if (host.env().observed()) note_appended(host, appended, records);
    result.high_watermark_moved = maybe_increment_high_watermark(host, log);
    return result;
}

Partition::Reached Partition::enough_replicas_reached(const log::Log& log, int64_t required_offset,
                                                      int32_t min_insync_replicas) const {
    if (!is_leader()) return {true, ErrorCode::NotLeaderOrFollower};
    if (log.high_watermark() < required_offset) return {false, ErrorCode::None};
    const bool enough = static_cast<int32_t>(isr_.maximal_size()) >= min_insync_replicas;
    return {true, enough ? ErrorCode::None : ErrorCode::NotEnoughReplicasAfterAppend};
}

}  // namespace kafkasim::broker
