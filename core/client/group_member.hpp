// SPDX-License-Identifier: Apache-2.0
#pragma once
// A consumer's side of its group: finds the coordinator, joins, syncs, heartbeats, commits, leaves. Decides when to
// look for the coordinator again and when to rejoin. Owned and stepped by Consumer: heartbeats go on between polls,
// everything else moves inside a poll (or in close).
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.AbstractCoordinator, ConsumerCoordinator, Heartbeat.
// Simplified: a listener that throws is not modelled; WakeupException does not end commitSync.

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/client/assignors.hpp"
#include "core/client/client_failure.hpp"
#include "core/client/consumer_network.hpp"
#include "core/client/heartbeat.hpp"
#include "core/client/rebalance_listener.hpp"
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
    Duration default_api_timeout = 60s;
    ResetStrategy reset = ResetStrategy::Latest;
    bool listens = false;            // the owner is told of its partitions
    bool commits_on_revoke = false;  // onPartitionsRevoked commits what was consumed
};

/// What the owner is told beside the answers to its polls.
using OwnerCall = std::variant<PartitionsAssigned, PartitionsRevoked, PartitionsLost, CommitCompleted>;

enum class MemberState : uint8_t { Unjoined, PreparingRebalance, CompletingRebalance, Stable };
std::string_view name_of(MemberState state);  // "PREPARING_REBALANCE"

struct Generation {
    int32_t id = -1;
    std::string member_id;
    std::string protocol;
    /// False for NO_GENERATION.
    bool exists() const { return id >= 0 || !member_id.empty(); }
    bool operator==(const Generation&) const = default;
};
/// "Generation{generationId=1, memberId='..', protocol='range'}"
std::string to_string(const Generation& generation);

/// How many partitions the topics of a group have; a topic that is not known has no entry.
struct MetadataSnapshot {
    int64_t version = -1;
    std::map<TopicName, int32_t> partitions;
    bool matches(const MetadataSnapshot& other) const {
        return version == other.version || partitions == other.partitions;
    }
};
std::string to_string(const MetadataSnapshot& snapshot);
std::string names_text(const std::set<TopicName>& names);

class GroupMember {
public:
    GroupMember() = default;
    explicit GroupMember(GroupMemberConfig config)
        : config_(std::move(config)),
          heartbeat_({config_.heartbeat_interval, config_.session_timeout, config_.rebalance_timeout,
                      config_.retry_back_off}) {}

    bool handle(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions, ClientResponse& response,
                ClientResponses& more);
    /// coordinator.poll(): true when the group is joined (or none is needed) and poll may go on to the positions.
    bool step(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions, ClientResponses& more);
    /// refreshCommittedOffsetsIfNeeded: true when no partition waits for its committed offset.
    bool refresh_committed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                           ClientResponses& more);
    /// Heartbeats, the session and the watch on the polls: also between polls. `polling`: the owner is inside one.
    void background(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions, bool polling,
                    ClientResponses& more);
    /// Somebody reads the network even if nobody polls.
    bool heartbeats() const;
    /// close(): true when commit and leave are done; `expired`: the time is over.
    bool close_step(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions, bool expired,
                    ClientResponses& more);
    void begin_close();

    /// Between polls: a commit of the owner goes on.
    void step_commits(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                      ClientResponses& more);
    void commit_sync(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                     CommitCompleted commit, ClientResponses& more);
    void commit_async(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                      CommitCompleted commit);
    bool commits() const { return sync_commits_.contains(CommitPurpose::Call); }
    /// Positions of all partitions that have one, in the order of a Java HashMap.
    static OffsetsToCommit all_consumed(const SubscriptionState& subscriptions);
    /// onLeavePrepare and maybeLeaveGroup, as unsubscribe() calls them.
    /// Simplified: what onPartitionsRevoked commits then is sent before the LeaveGroup, but not waited for.
    void unsubscribe(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions);
    /// What is to be told now, in the order of the calls.
    std::vector<OwnerCall> take_calls() { return std::exchange(calls_, {}); }
    /// Something inside a poll holds it up however late it is: a commit before a rebalance, a listener that commits.
    bool holds_poll() const { return preparing_.has_value() || sync_commits_.contains(CommitPurpose::Revoke); }

    std::optional<ClientFailure> take_failure();
    /// `waits`: a poll, a commit or the close waits for it.
    std::optional<Instant> next_deadline(Instant now, bool polling, bool waits) const;
    bool has_group() const { return config_.has_group; }
    /// A JoinGroup or SyncGroup is under way: poll() does not wait for it.
    bool joining() const { return join_in_flight_; }
    MemberState state() const { return state_; }
    const Generation& generation() const { return generation_; }
    const std::optional<ClientNode>& coordinator() const { return coordinator_; }

private:
    enum class Kind : uint8_t { FindCoordinator, Join, Sync, Heartbeat, Commit, OffsetFetch, Leave };
    enum class CommitPurpose : uint8_t {
        Auto,       // every auto.commit.interval.ms; nobody waits
        Async,      // commitAsync
        Rebalance,  // automatic, before a rebalance
        Close,      // automatic, at the end
        Revoke,     // commitSync inside onPartitionsRevoked
        Call,       // commitSync
    };
    enum class Lookup : uint8_t { Idle, Asked, AwaitingMetadata, Sleeping };
    enum class Closing : uint8_t { No, Committing, Revoking, Leaving };
    struct Pending {
        Kind kind;
        uint64_t what = 0;
        Generation generation;  // as sent
        CommitPurpose purpose = CommitPurpose::Auto;
        CommitCompleted commit;  // its number is the owner's, 0 if it is one of our own
    };

    /// A commit that something waits for: tried again every 100 ms while the error is a passing one.
    struct SyncCommit {
        CommitCompleted commit;
        std::optional<Instant> deadline;
        uint64_t in_flight = 0;
        bool done = false;
        Instant retry{};
    };
    struct OffsetFetch {
        uint64_t what = 0;
        std::set<TopicPartition> partitions;
        Generation generation;
        bool answered = false;
    };
    /// The leader waits for metadata that is newer than this.
    struct Assigning {
        protocol::JoinGroupResponse join;
        int64_t version = -1;
    };
    /// onJoinPrepare under way: the generation with which it began decides whether partitions are revoked or lost.
    struct Preparation {
        Generation generation;
        bool committed = false;
    };

    // coordinator lookup (group_lookup.cpp)
    bool ensure_coordinator(node::Env& env, ConsumerNetwork& network, ClientResponses& more);
    void find_coordinator(node::Env& env, ConsumerNetwork& network);
    void handle_find_coordinator(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                                 ClientResponse& response);
    void coordinator_unknown(node::Env& env, ConsumerNetwork& network, const std::string& cause, bool disconnected,
                             ClientResponses& more);
    // membership (group_member.cpp)
    bool join_if_needed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                        ClientResponses& more);
    bool has_fresh_metadata(ConsumerNetwork& network, const SubscriptionState& subscriptions, Instant now);
    void notice_changes(node::Env& env, const SubscriptionState& subscriptions);
    void take_snapshot(const ClusterMetadata& metadata, const SubscriptionState& subscriptions);
    bool prepare_join(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                      ClientResponses& more);
    bool prepare_leave(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                       ClientResponses& more);
    // joining (group_join.cpp)
    void send_join(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions);
    void handle_join(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                     const Pending& pending, ClientResponse& response, ClientResponses& more);
    void join_failed(node::Env& env, ConsumerNetwork& network, const Pending& pending,
                     const protocol::JoinGroupResponse& response, ClientResponses& more);
    void begin_assignment(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                          protocol::JoinGroupResponse&& join);
    void assign_when_fresh(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions);
    void send_sync(node::Env& env, ConsumerNetwork& network,
                   std::vector<protocol::SyncGroupRequest::SyncGroupRequestAssignment>&& assignments);
    static std::set<TopicName> topics_of(const protocol::JoinGroupResponse& join);
    std::vector<protocol::SyncGroupRequest::SyncGroupRequestAssignment> perform_assignment(
        node::Env& env, const ConsumerNetwork& network, const protocol::JoinGroupResponse& join);
    void handle_sync(node::Env& env, ConsumerNetwork& network, const Pending& pending, ClientResponse& response,
                     ClientResponses& more);
    void sync_failed(node::Env& env, ConsumerNetwork& network, const Pending& pending, ErrorCode error,
                     ClientResponses& more);
    bool may_complete(node::Env& env, const SubscriptionState& subscriptions,
                      const std::vector<TopicPartition>& partitions);
    bool join_complete(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                       ClientResponses& more);
    // between polls (group_heartbeat.cpp)
    void look_between_polls(node::Env& env, ConsumerNetwork& network);
    void send_heartbeat(node::Env& env, ConsumerNetwork& network);
    void thrown_out(node::Env& env, const Pending& pending, ErrorCode error);
    bool poll_heartbeat(Instant now);
    void handle_heartbeat(node::Env& env, ConsumerNetwork& network, const Pending& pending, ClientResponse& response,
                          ClientResponses& more);
    void request_rejoin(node::Env& env, const std::string& reason);
    void reset_generation(node::Env& env, const std::string& reason);
    void reset_generation(node::Env& env, ErrorCode error, const std::string& api);
    // offsets (group_offsets.cpp)
    void send_commit(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                     CommitPurpose purpose, CommitCompleted commit);
    void handle_commit(node::Env& env, ConsumerNetwork& network, Pending&& pending, ClientResponse& response,
                       ClientResponses& more);
    ClientFailure judge_commit(node::Env& env, ConsumerNetwork& network, const Pending& pending, ErrorCode error,
                               ClientResponses& more);
    // commits and who waits for them (group_commits.cpp)
    void commit_ended(node::Env& env, Pending&& pending, std::optional<ClientFailure> failure, bool again);
    bool sync_commit(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                     CommitPurpose purpose, ClientResponses& more);
    void sync_commit_step(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                          CommitPurpose purpose, SyncCommit& commit, ClientResponses& more);
    void begin_sync_commit(CommitPurpose purpose, CommitCompleted commit, std::optional<Instant> deadline);
    void commit_once(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                     CommitPurpose purpose, CommitCompleted commit);
    void coordinator_found(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions);
    void coordinator_not_found(node::Env& env, const ClientFailure& failure);
    void tell_completed_commits();
    bool told_of_commits();
    void maybe_auto_commit(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions);
    void handle_offset_fetch(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                             const Pending& pending, ClientResponse& response, ClientResponses& more);
    bool all_fetched(node::Env& env, const protocol::OffsetFetchResponse::OffsetFetchResponseGroup& group);
    void take_committed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                        const protocol::OffsetFetchResponse::OffsetFetchResponseGroup& group);
    Pending& send(node::Env& env, ConsumerNetwork& network, Kind kind, protocol::Body&& body,
                  std::optional<Duration> timeout = std::nullopt);
    void leave(node::Env& env, ConsumerNetwork& network, std::string_view reason);
    bool commit_for_close(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                          ClientResponses& more);
    bool rebalancing() const {
        return state_ == MemberState::PreparingRebalance || state_ == MemberState::CompletingRebalance;
    }
    std::string instance_text() const;
    // what the chosen assignor and protocol ask for (group_protocol.cpp)
    bool cooperative() const;
    std::string subscription_bytes(const std::string& assignor, const SubscriptionState& subscriptions) const;
    bool give_up(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions, ClientResponses& more);
    // what the owner's listener is told (rebalance_calls.cpp)
    bool revoke(node::Env& env, ConsumerNetwork& network, const SubscriptionState& subscriptions,
                const std::vector<TopicPartition>& partitions, ClientResponses& more);
    void tell_revoked(node::Env& env, const std::vector<TopicPartition>& partitions);
    void tell_lost(node::Env& env, const std::vector<TopicPartition>& partitions);
    void tell_assigned(node::Env& env, const std::vector<TopicPartition>& partitions);
    const std::string& known_member_id() const {
        return generation_.member_id.empty() ? former_member_id_ : generation_.member_id;
    }
    void note_joined(node::Env& env, bool leads) const;
    void note_left(node::Env& env, std::string_view why) const;
    bool is_valid_cooperative(node::Env& env, const std::vector<GroupSubscription>& members,
                              const GroupAssignment& assigned);
    void remember_assignment(const std::vector<TopicPartition>& partitions);
    void fail(ErrorCode error, std::string message = {});

    GroupMemberConfig config_;
    std::map<uint64_t, Pending> pending_;
    std::optional<ClientFailure> failure_;

    std::optional<ClientNode> coordinator_;
    Lookup lookup_ = Lookup::Idle;
    int64_t awaited_version_ = 0;  // AwaitingMetadata: goes on when the metadata is newer
    Instant sleep_until_{};        // Sleeping, and between polls

    MemberState state_ = MemberState::Unjoined;
    Generation generation_;
    bool rejoin_needed_ = true;
    bool needs_join_prepare_ = true;
    bool join_in_flight_ = false;
    std::optional<int64_t> stale_version_;  // of the metadata, when a member by pattern began to join
    std::optional<Preparation> preparing_;
    std::optional<std::string> synced_;  // an assignment that no poll has taken over yet
    bool async_commit_fenced_ = false;
    std::map<CommitPurpose, SyncCommit> sync_commits_;  // those that are under way
    std::vector<OwnerCall> calls_;
    std::string former_member_id_;  // before the generation was reset, and why it was
    std::string lost_why_;
    std::set<TopicName> joined_subscription_;
    std::set<TopicName> group_topics_;                     // that any member subscribes to; the leader's knowledge
    MetadataSnapshot metadata_snapshot_;                   // as the last poll found it
    std::optional<MetadataSnapshot> assignment_snapshot_;  // that the leader assigned with
    std::optional<Assigning> assigning_;
    std::optional<std::vector<TopicPartition>> sticky_assignment_;  // the last one that `sticky` gave
    int32_t sticky_generation_ = -1;
    int32_t cooperative_generation_ = -1;

    Heartbeat heartbeat_;
    std::optional<ClientFailure> heartbeat_failure_;  // what the heartbeat thread died of

    std::optional<Instant> next_auto_commit_;
    std::vector<Pending> awaiting_coordinator_;  // asynchronous commits
    std::vector<CommitCompleted> completed_;     // asynchronous commits that nobody was told of yet
    std::optional<OffsetFetch> offset_fetch_;    // under way, or answered and not yet taken note of
    Instant offset_fetch_retry_{};

    Closing closing_ = Closing::No;
    bool close_committed_ = false;
};

}  // namespace kafkasim::client
