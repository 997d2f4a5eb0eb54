// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known of one group: state, generation, members, leader, protocol, committed offsets. A value; it decides
// nothing that needs time or
// messages, that is the coordinator's part.
// Kafka 3.0.0: kafka.coordinator.group.GroupMetadata.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/group/committed_offset.hpp"
#include "core/group/group_state.hpp"
#include "core/group/member_metadata.hpp"
#include "core/node/env.hpp"

namespace kafkasim::group {

inline constexpr std::string_view kConsumerProtocolType = "consumer";

/// "Set(a, b)": as Scala prints the immutable set that it makes of some of a mutable hash map's keys.
std::string set_text(const std::vector<std::string>& ids);

struct GroupMetadata {
    enum class JoinWait : uint8_t {
        None,
        Initial,  // a group that was empty: only time ends the wait (InitialDelayedJoin)
        Delayed   // ends when all members have joined, or by time (DelayedJoin)
    };

    std::string group_id;
    uint64_t incarnation = 0;
    State state = State::Empty;
    std::optional<int64_t> current_state_timestamp_ms;
    std::optional<std::string> protocol_type;
    std::optional<std::string> protocol_name;
    int32_t generation_id = 0;
    std::optional<std::string> leader_id;
    std::map<std::string, MemberMetadata, std::less<>> members;
    std::map<std::string, std::string> static_members;        // instance id -> member id
    std::map<std::string, node::TimerId> pending_members;     // ids handed out and not used yet, with the timer of each
    std::set<std::string, std::less<>> pending_sync_members;  // have not sent SyncGroup in this generation
    bool new_member_added = false;                            // during the initial wait
    std::optional<std::set<std::string>> subscribed_topics;   // nullopt: not known
    std::map<TopicPartition, CommittedOffset> offsets;
    std::map<TopicPartition, OffsetAndMetadata> pending_offset_commits;  // appended, not yet acknowledged

    JoinWait join_wait = JoinWait::None;
    int64_t initial_delay_ms = 0;      // of the wait that runs
    int64_t initial_remaining_ms = 0;  // by how much it may still be extended
    node::TimerId join_timer = node::TimerId::None;
    node::TimerId sync_timer = node::TimerId::None;

    bool is(State which) const { return state == which; }
    bool has(std::string_view member_id) const { return members.contains(member_id); }
    bool is_pending(const std::string& member_id) const { return pending_members.contains(member_id); }
    bool is_leader(std::string_view member_id) const { return leader_id && *leader_id == member_id; }
    bool is_consumer_group() const { return protocol_type && *protocol_type == kConsumerProtocolType; }
    MemberMetadata* find(std::string_view member_id);
    const MemberMetadata* find(std::string_view member_id) const;
    std::optional<std::string> static_member_id(const std::string& instance_id) const;

    /// In the order of Scala's mutable.HashMap: of replies, of who leads next, of what the tools print.
    std::vector<std::string> member_ids_in_order() const;
    std::vector<const MemberMetadata*> members_in_order() const;

    size_t awaiting_join() const;
    bool has_all_members_joined() const { return awaiting_join() == members.size() && pending_members.empty(); }
    /// The longest of the members', in milliseconds.
    int64_t rebalance_timeout_ms() const;
    bool supports_protocols(std::string_view type, const Protocols& protocols) const;

    /// The first member leads.
    void add(MemberMetadata&& member);
    /// If it led, the first of the others in map order leads.
    void remove(const std::string& member_id);
    /// One more generation: protocol by vote, CompletingRebalance; without members Empty. Returns the new state;
    /// the caller transitions.
    State init_next_generation();
    std::optional<std::set<std::string>> compute_subscribed_topics() const;
    bool is_subscribed_to(std::string_view topic) const;
    /// A commit is appended and not acknowledged yet: what is known of the partition may be about to change.
    bool has_pending_commit(const TopicPartition& tp) const { return pending_offset_commits.contains(tp); }
    bool has_offsets() const { return !offsets.empty() || !pending_offset_commits.empty(); }

    /// The commit of `tp` was appended: it counts unless a later one overtook it.
    void complete_offset_commit(const TopicPartition& tp, const OffsetAndMetadata& value, int64_t appended_at);
    void fail_offset_commit(const TopicPartition& tp, const OffsetAndMetadata& value);
    /// Takes these out; returns those that were there.
    std::vector<TopicPartition> remove_offsets(const std::vector<TopicPartition>& partitions);
    /// Offsets older than the retention, by the rules for simple, empty and active groups.
    std::vector<TopicPartition> expired_offsets(int64_t now_ms, int64_t retention_ms) const;
};

}  // namespace kafkasim::group
