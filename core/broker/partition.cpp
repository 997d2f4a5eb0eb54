// SPDX-License-Identifier: Apache-2.0
#include "core/broker/partition.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/broker/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

std::string bracketed(const std::vector<BrokerId>& ids) { return "[" + join(ids) + "]"; }

void note_role(BrokerHost& host, node::NoteKind kind, const Partition& partition, const log::Log& log) {
    if (!host.env().observed()) return;
    const TopicPartition& tp = partition.topic_partition();
    node::Note note{kind,
                    {{"topic", tp.topic.str()},
                     {"partition", int64_t{tp.partition}},
                     {"leader_epoch", int64_t{partition.leader_epoch()}}}};
    if (kind == node::NoteKind::BecameLeader) {
        note.fields.emplace_back("offset", log.log_end_offset());
        note.fields.emplace_back("high_watermark", log.high_watermark());
    } else {
        note.fields.emplace_back("leader", int64_t{partition.leader().value});
    }
    host.env().note(std::move(note));
}

}  // namespace

std::string partition_prefix(const TopicPartition& tp, BrokerId broker) {
    return fmt::format("[Partition {} broker={}] ", to_string(tp), broker.value);
}

const Replica* Partition::follower(BrokerId id) const {
    const auto found =
        std::find_if(followers_.begin(), followers_.end(), [id](const Replica& r) { return r.id == id; });
    return found == followers_.end() ? nullptr : &*found;
}

Replica* Partition::find_follower(BrokerId id) {
    const auto found =
        std::find_if(followers_.begin(), followers_.end(), [id](const Replica& r) { return r.id == id; });
    return found == followers_.end() ? nullptr : &*found;
}

void Partition::update_assignment_and_isr(const PartitionState& state, const std::vector<BrokerId>& isr) {
    assignment_ = ReplicaAssignment{state.replicas, state.adding_replicas, state.removing_replicas};
    std::vector<Replica> followers;
    for (BrokerId id : state.replicas) {
        if (id == local_) continue;
        const Replica* known = follower(id);
        followers.push_back(
            known ? *known : Replica{id, kUnknownOffset, kUnknownOffset, kUnknownOffset, std::nullopt, std::nullopt});
    }
    followers_ = std::move(followers);
    isr_ = committed_isr(isr);
}

Partition::BecameLeader Partition::make_leader(BrokerHost& host, log::Log& log, const PartitionState& state) {
    controller_epoch_ = state.controller_epoch;
    update_assignment_and_isr(state, state.isr);
    const int64_t start_offset = log.log_end_offset();
    node::info(host.env(), kStateChangeLogger,
               "[Broker id={}] Leader {} starts at leader epoch {} from offset {} with high watermark {} ISR {} "
               "addingReplicas {} removingReplicas {}. "
               "Previous leader epoch was {}.",
               local_.value, to_string(tp_), state.leader_epoch, start_offset, log.high_watermark(),
               bracketed(isr_.isr), bracketed(state.adding_replicas), bracketed(state.removing_replicas),
               leader_epoch_);
    leader_epoch_ = state.leader_epoch;
    leader_epoch_start_offset_ = start_offset;
    zk_version_ = state.zk_version;
    // Also with nothing written in this epoch: followers will ask for it, or for one they have and we have not
    // (KAFKA-7415).
    log.assign_epoch(host.env(), leader_epoch_, start_offset);

    BecameLeader result;
    result.is_new = !is_leader();
    const Instant now = host.env().now();
    for (Replica& replica : followers_) {
        const bool in_isr = contains(isr_.isr, replica.id);
        replica.reset_last_caught_up(start_offset, now, in_isr ? std::optional<Instant>(now) : std::nullopt);
        if (result.is_new) replica.forget_position();
    }
    leader_ = local_;
    result.high_watermark_moved = maybe_increment_high_watermark(host, log);
    note_role(host, node::NoteKind::BecameLeader, *this, log);
    return result;
}

bool Partition::make_follower(BrokerHost& host, log::Log& log, const PartitionState& state) {
    const bool changed = leader_ != state.leader || leader_epoch_ != state.leader_epoch;
    controller_epoch_ = state.controller_epoch;
    update_assignment_and_isr(state, {});
    node::info(host.env(), kStateChangeLogger,
               "[Broker id={}] Follower {} starts at leader epoch {} from offset {} with high watermark {}. Previous "
               "leader epoch was {}.",
               local_.value, to_string(tp_), state.leader_epoch, log.log_end_offset(), log.high_watermark(),
               leader_epoch_);
    leader_epoch_ = state.leader_epoch;
    leader_epoch_start_offset_ = std::nullopt;
    zk_version_ = state.zk_version;
    leader_ = state.leader;
    if (changed) note_role(host, node::NoteKind::BecameFollower, *this, log);
    return changed;
}

}  // namespace kafkasim::broker
