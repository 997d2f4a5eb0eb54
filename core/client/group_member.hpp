// SPDX-License-Identifier: Apache-2.0
#pragma once
// A consumer's side of its group: finds the coordinator, joins, syncs, heartbeats, commits, leaves. Decides when to
// look for the coordinator again and when to rejoin.
// Owned and stepped by Consumer: heartbeats go on between polls, everything else moves inside a poll (or in close).
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.AbstractCoordinator, ConsumerCoordinator, Heartbeat.
// Simplified: a heartbeat goes out exactly heartbeat.interval.ms after the last one, not at the next 100 ms step of
// the thread; max.poll.interval.ms is sent but not watched.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/client/assignors.hpp"
#include "core/client/client_failure.hpp"
#include "core/client/consumer_network.hpp"
#include "core/client/subscription_state.hpp"

namespace kafkasim::client {

struct GroupMemberConfig {
    std::string log_prefix;
    bool has_group = false;
    std::string group_id;  // may be empty: then the coordinator refuses it
    std::optional<std::string> group_instance_id;
    std::vector<std::string> assignors;
    bool auto_commit = true;
    Duration auto_commit_interval = 5s;
    Duration session_timeout = 45s;
    Duration heartbeat_interval = 3s;
    Duration rebalance_timeout = 300s;
    Duration request_timeout = 30s;
    Duration retry_back_off = 100ms;
    ResetStrategy reset = ResetStrategy::Latest;
};

enum class MemberState : uint8_t { Unjoined, PreparingRebalance, CompletingRebalance, Stable };

struct Generation {
    int32_t id = -1;
    std::string member_id;
    std::string protocol;
};
/// "Generation{generationId=1, memberId='..', protocol='range'}"
std::string to_string(const Generation& generation);

class GroupMember {
public:
    GroupMember() = default;
    explicit GroupMember(GroupMemberConfig config) : config_(std::move(config)) {}

    bool handle(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions, ClientResponse& response,
                ClientResponses& more);
    /// coordinator.poll(): true when the group is joined (or none is needed) and poll may go on to the positions.
    bool step(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions, ClientResponses& more);
    /// refreshCommittedOffsetsIfNeeded: true when no partition waits for its committed offset.
    bool refresh_committed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                           ClientResponses& more);
    /// Heartbeats and the session: also between polls.
    void background(node::Env& env, ConsumerNetwork& network, ClientResponses& more);
    /// close(): true when commit and leave are done; `expired`: the time is over.
    bool close_step(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions, bool expired,
                    ClientResponses& more);
    void begin_close();

    std::optional<ClientFailure> take_failure();
    std::optional<Instant> next_deadline(Instant now, bool polling) const;
    bool has_group() const { return config_.has_group; }
    /// A JoinGroup or SyncGroup is under way: poll() does not wait for it.
    bool joining() const { return join_in_flight_; }
    MemberState state() const { return state_; }
    const Generation& generation() const { return generation_; }
    const std::optional<ClientNode>& coordinator() const { return coordinator_; }

private:
    enum class Kind : uint8_t { FindCoordinator, Join, Sync, Heartbeat, Commit, OffsetFetch, Leave };
    enum class CommitPurpose : uint8_t { Async, Rebalance, Close };
    enum class Lookup : uint8_t { Idle, Asked, AwaitingMetadata, Sleeping };
    enum class Closing : uint8_t { No, Committing, Leaving };
    struct Committed {
        TopicPartition tp;
        int64_t offset;
        int32_t epoch;
    };
    struct Pending {
        Kind kind;
        Generation generation;  // as sent
        CommitPurpose purpose = CommitPurpose::Async;
        std::vector<Committed> offsets;
    };

    /// A commit that something waits for: tried again every 100 ms while the error is a passing one.
    struct SyncCommit {
        bool in_flight = false;
        bool done = false;
        Instant retry{};
    };

    // coordinator lookup (group_lookup.cpp)
    bool ensure_coordinator(node::Env& env, ConsumerNetwork& network, ClientResponses& more);
    void find_coordinator(node::Env& env, ConsumerNetwork& network);
    void handle_find_coordinator(node::Env& env, ConsumerNetwork& network, ClientResponse& response);
    void coordinator_unknown(node::Env& env, ConsumerNetwork& network, const std::string& cause, bool disconnected,
                             ClientResponses& more);
    // membership (group_member.cpp)
    bool join_if_needed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                        ClientResponses& more);
    bool has_fresh_metadata(ConsumerNetwork& network, const SubscriptionState& subscriptions, Instant now);
    void notice_metadata_change(node::Env& env, const ConsumerNetwork& network, const SubscriptionState& subscriptions);
    bool prepare_join(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                      ClientResponses& more);
    void send_join(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions);
    void handle_join(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions, const Pending& pending,
                     ClientResponse& response, ClientResponses& more);
    void join_failed(node::Env& env, ConsumerNetwork& network, const Pending& pending,
                     const protocol::JoinGroupResponse& response, ClientResponses& more);
    void send_sync(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                   const protocol::JoinGroupResponse& join);
    std::vector<protocol::SyncGroupRequest::SyncGroupRequestAssignment> perform_assignment(
        node::Env& env, const ConsumerNetwork& network, const protocol::JoinGroupResponse& join);
    void handle_sync(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions, const Pending& pending,
                     ClientResponse& response, ClientResponses& more);
    void sync_failed(node::Env& env, ConsumerNetwork& network, const Pending& pending, ErrorCode error,
                     ClientResponses& more);
    void join_complete(node::Env& env, SubscriptionState& subscriptions, const std::string& bytes);
    void handle_heartbeat(node::Env& env, ConsumerNetwork& network, const Pending& pending, ClientResponse& response,
                          ClientResponses& more);
    void request_rejoin(node::Env& env, const std::string& reason);
    void reset_generation(node::Env& env, ErrorCode error, const std::string& api);
    bool same_generation(const Generation& other) const {
        return other.id == generation_.id && other.member_id == generation_.member_id;
    }
    // offsets (group_offsets.cpp)
    std::vector<Committed> all_consumed(const SubscriptionState& subscriptions) const;
    bool send_commit(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                     std::vector<Committed> offsets, CommitPurpose purpose);
    void handle_commit(node::Env& env, ConsumerNetwork& network, const Pending& pending, ClientResponse& response,
                       ClientResponses& more);
    void commit_failed(node::Env& env, const Pending& pending, const ClientFailure& failure, bool retriable);
    void commit_answered(node::Env& env, CommitPurpose purpose, bool again);
    void maybe_auto_commit(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions);
    void handle_offset_fetch(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                             ClientResponse& response, ClientResponses& more);
    Pending& send(node::Env& env, ConsumerNetwork& network, Kind kind, protocol::Body&& body,
                  std::optional<Duration> timeout = std::nullopt);
    bool leave(node::Env& env, ConsumerNetwork& network);
    bool commit_for_close(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                          ClientResponses& more);
    // what the chosen assignor and protocol ask for (group_protocol.cpp)
    bool cooperative() const;
    std::string subscription_bytes(const std::string& assignor, const SubscriptionState& subscriptions) const;
    void give_up(node::Env& env, SubscriptionState& subscriptions);
    void remember_assignment(const std::vector<TopicPartition>& partitions);
    void fail(ErrorCode error, std::string message = {});

    GroupMemberConfig config_;
    std::map<uint64_t, Pending> pending_;
    std::optional<ClientFailure> failure_;

    std::optional<ClientNode> coordinator_;
    Lookup lookup_ = Lookup::Idle;
    int64_t awaited_version_ = 0;  // AwaitingMetadata: goes on when the metadata is newer
    Instant sleep_until_{};        // Sleeping

    MemberState state_ = MemberState::Unjoined;
    Generation generation_;
    bool rejoin_needed_ = true;
    bool needs_join_prepare_ = true;
    bool join_in_flight_ = false;
    std::optional<int64_t> stale_version_;  // of the metadata, when a member by pattern began to join
    SyncCommit rebalance_commit_;
    bool is_leader_ = false;
    std::map<TopicName, int32_t> joined_partitions_;  // partition counts that the leader assigned with
    std::set<TopicName> joined_subscription_;
    std::optional<std::vector<TopicPartition>> sticky_assignment_;  // the last one that `sticky` gave
    int32_t sticky_generation_ = -1;
    int32_t cooperative_generation_ = -1;

    std::optional<Instant> next_heartbeat_;
    Instant last_heartbeat_answer_{};
    bool heartbeat_in_flight_ = false;

    std::optional<Instant> next_auto_commit_;
    size_t async_commits_ = 0;
    bool offset_fetch_in_flight_ = false;
    Instant offset_fetch_retry_{};

    Closing closing_ = Closing::No;
    SyncCommit close_commit_;
    bool leave_sent_ = false;
};

}  // namespace kafkasim::client
