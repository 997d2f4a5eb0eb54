// SPDX-License-Identifier: Apache-2.0
// What a leader does with its followers' progress: high watermark, ISR proposals and their answers. See
// partition.hpp.
#include <fmt/format.h>

#include "core/broker/high_watermark.hpp"
#include "core/broker/loggers.hpp"
#include "core/broker/partition.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

/// Answers after which nothing is tried again: the state stays pending until the next LeaderAndIsr.
bool gives_up(ErrorCode error) {
    return error == ErrorCode::UnknownTopicOrPartition || error == ErrorCode::FencedLeaderEpoch ||
           error == ErrorCode::InvalidUpdateVersion;
}

Duration lag_time_max(BrokerHost& host) { return from_millis(host.config().replica_lag_time_max_ms); }

}  // namespace

bool Partition::maybe_increment_high_watermark(BrokerHost& host, log::Log& log) {
    const std::optional<int64_t> next = next_high_watermark(log.high_watermark(), log.log_end_offset(), followers_,
                                                            isr_, host.env().now(), lag_time_max(host));
    if (!next || !log.maybe_increment_high_watermark(host.env(), *next)) return false;
    if (host.env().observed()) {
        host.env().note({node::NoteKind::HighWatermark,
                         {{"topic", tp_.topic.str()}, {"partition", int64_t{tp_.partition}}, {"to", *next}}});
    }
    return true;
}

Partition::FollowerFetch Partition::update_follower_fetch_state(BrokerHost& host, log::Log& log, BrokerId id,
                                                                int64_t fetch_offset, int64_t start_offset,
                                                                int64_t leader_end_offset) {
    FollowerFetch result;
    Replica* replica = find_follower(id);
    if (!replica) return result;
    result.known = true;
    const int64_t previous = replica->log_end_offset;
    replica->update_fetch_state(fetch_offset, start_offset, host.env().now(), leader_end_offset);

    if (is_leader()) {
        const std::optional<IsrState> expanded =
            maybe_expand(isr_, id, replica->log_end_offset, log.high_watermark(), leader_epoch_start_offset_);
        // The caller submits it before anything else is looked at, as Kafka does; the high watermark is then looked
        // at with the new maximal ISR.
        if (expanded) result.proposal = item_for(*expanded);
    }
    result.progressed = previous != replica->log_end_offset;
    return result;
}

void Partition::note_idle_fetch(BrokerId id, Instant when, int64_t leader_end_offset) {
    Replica* replica = find_follower(id);
    if (!replica || replica->log_end_offset != leader_end_offset) return;
    if (replica->last_fetch_time && *replica->last_fetch_time >= when) return;
    replica->update_fetch_state(replica->log_end_offset, replica->log_start_offset, when, leader_end_offset);
}

std::optional<AlterIsrItem> Partition::maybe_shrink_isr(BrokerHost& host, const log::Log& log) {
    if (!is_leader()) return std::nullopt;
    const std::vector<BrokerId> gone =
        out_of_sync_replicas(isr_.isr, local_, followers_, log.log_end_offset(), host.env().now(), lag_time_max(host));
    const std::optional<IsrState> proposed = maybe_shrink(isr_, gone);
    if (!proposed) return std::nullopt;
    std::string positions;
    for (BrokerId id : gone) {
        const Replica* replica = follower(id);
        positions += fmt::format("{}(brokerId: {}, endOffset: {})", positions.empty() ? "" : " ", id.value,
                                 replica ? replica->log_end_offset : kUnknownOffset);
    }
    node::info(host.env(), kPartitionLogger,
               "{}Shrinking ISR from {} to {}. Leader: (highWatermark: {}, endOffset: {}). Out of sync replicas: {}.",
               partition_prefix(tp_, local_), join(isr_.isr), join(proposed->proposed_isr()), log.high_watermark(),
               log.log_end_offset(), positions);
    return item_for(*proposed);
}

void Partition::proposal_refused(BrokerHost& host, const AlterIsrItem& item) const {
    const LeaderAndIsr wanted{local_, item.leader_epoch, item.proposed.proposed_isr(), item.zk_version};
    node::warn(host.env(), kPartitionLogger, "{}Failed to enqueue ISR change state {} for partition {}",
               partition_prefix(tp_, local_), to_string(wanted), to_string(tp_));
}

std::optional<AlterIsrItem> Partition::handle_alter_isr_response(BrokerHost& host, const IsrState& proposed,
                                                                 const AlterIsrAnswer& answer) {
    if (isr_ != proposed) return std::nullopt;
    if (gives_up(answer.error)) return std::nullopt;
    if (answer.error != ErrorCode::None) {
        node::warn(host.env(), kPartitionLogger, "{}Failed to update ISR to {} due to unexpected {}. Retrying.",
                   partition_prefix(tp_, local_), to_string(proposed), name(answer.error));
        return item_for(proposed);
    }
    if (answer.state.leader_epoch != leader_epoch_ || answer.state.zk_version < zk_version_) return std::nullopt;
    const std::vector<BrokerId> before = isr_.isr;
    isr_ = committed_isr(answer.state.isr);
    zk_version_ = answer.state.zk_version;
    node::info(host.env(), kPartitionLogger, "{}ISR updated to {} and version updated to [{}]",
               partition_prefix(tp_, local_), join(isr_.isr), zk_version_);
    note_isr_changed(host, before, proposed);
    return std::nullopt;
}

void Partition::note_isr_changed(BrokerHost& host, const std::vector<BrokerId>& before,
                                 const IsrState& proposed) const {
    if (!host.env().observed()) return;
    const bool expands = proposed.kind == IsrState::Kind::PendingExpand;
    const std::string why =
        expands ? fmt::format("broker {} has caught up with the leader's high watermark", join(proposed.change))
                : fmt::format("broker {} was not caught up for more than replica.lag.time.max.ms={}",
                              join(proposed.change), host.config().replica_lag_time_max_ms);
    host.env().note({node::NoteKind::IsrChanged,
                     {{"topic", tp_.topic.str()},
                      {"partition", int64_t{tp_.partition}},
                      {"from", join(before)},
                      {"to", join(isr_.isr)},
                      {"how", std::string(expands ? "expand" : "shrink")},
                      {"why", why}}});
}

}  // namespace kafkasim::broker
