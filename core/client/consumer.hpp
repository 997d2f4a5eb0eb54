// SPDX-License-Identifier: Apache-2.0
#pragma once
// A consumer. As the real one it moves only inside poll(), apart from its heartbeats: the owner (a tool) calls
// poll(), gets exactly one answer to it in `out`
// (records in the order in which the real ConsumerRecords iterates, or what poll() would have thrown), and calls
// poll() again. It hands over the world's events
// whose Tag it owns. close() commits, leaves the group and answers ConsumerClosed.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.KafkaConsumer with ConsumerCoordinator/AbstractCoordinator
// (group_member.hpp) and Fetcher (fetcher.hpp).

#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/client/client_properties.hpp"
#include "core/client/fetcher.hpp"
#include "core/client/group_member.hpp"
#include "core/client/rebalance_listener.hpp"
#include "core/client/subscription_state.hpp"

namespace kafkasim::client {

struct ConsumerConfig {
    std::vector<node::Endpoint> bootstrap;
    std::optional<std::string> group_id;
    std::optional<std::string> group_instance_id;
    std::string client_id;  // empty: "consumer-<group>-1" (the instance id instead
                            // of 1 for a static member)
    ResetStrategy auto_offset_reset = ResetStrategy::Latest;
    bool enable_auto_commit = true;
    Duration auto_commit_interval = 5s;
    Duration session_timeout = 45s;
    Duration heartbeat_interval = 3s;
    Duration max_poll_interval = 300s;
    int32_t max_poll_records = 500;
    FetchLimits fetch;
    std::vector<std::string> assignors = {"range", "cooperative-sticky"};
    Duration request_timeout = 30s;
    Duration default_api_timeout = 60s;
    Duration retry_back_off = 100ms;
    Duration metadata_max_age = 300s;
    bool allow_auto_create_topics = true;
    bool exclude_internal_topics = true;
    // What no property says, but the program does.
    bool listens = false;            // it has a ConsumerRebalanceListener:
                                     // PartitionsAssigned and so on are told
    bool commits_on_revoke = false;  // onPartitionsRevoked ends with a commitSync of what was consumed

    static Result<ConsumerConfig> from_properties(const ClientProperties& properties);
};

/// How a consumer's network is set up.
NetworkClientConfig network_config(const ConsumerConfig& config, std::string_view log_prefix, uint16_t component);

/// What poll() returned: possibly nothing, when its time ran out.
struct PolledRecords {
    std::vector<ConsumerRecord> records;
    bool woken = false;  // poll() would have thrown WakeupException
};
/// What poll() threw: the whole class name and the text. The consumer can still be closed.
struct ConsumerFailed {
    std::string exception;
    std::string message;
};
struct ConsumerClosed {};
/// The first three answer a poll or the close; the others stand before such an answer, and come only if they were asked
/// for.
using ConsumerEvent = std::variant<PolledRecords, ConsumerFailed, ConsumerClosed, PartitionsAssigned, PartitionsRevoked,
                                   PartitionsLost, CommitCompleted>;
using ConsumerEvents = std::vector<ConsumerEvent>;

class Consumer {
public:
    Consumer() = default;
    Consumer(ConsumerConfig config, uint16_t component);

    void start(node::Env& env);
    void subscribe(node::Env& env, const std::set<TopicName>& topics);
    /// The topics whose name matches, as the metadata has them from time to time (metadata.max.age.ms).
    void subscribe(node::Env& env, const java::Pattern& pattern);
    void assign(node::Env& env, const std::vector<TopicPartition>& partitions);
    // Of an assigned partition, before or between polls.
    void seek(const TopicPartition& tp, int64_t offset);
    void seek_to_beginning(const TopicPartition& tp);
    void seek_to_end(const TopicPartition& tp);

    /// Between polls: the partitions are told as revoked or lost, and the member leaves its group.
    void unsubscribe(node::Env& env, ConsumerEvents& out);
    // Of assigned partitions: what is paused is not fetched, its position stays.
    void pause(const std::vector<TopicPartition>& partitions);
    void resume(const std::vector<TopicPartition>& partitions);
    /// The next offset that poll() will return; nullopt if it is not known yet, or not assigned.
    std::optional<int64_t> position(const TopicPartition& tp) const;
    /// The positions of everything that was consumed, as commitSync() without arguments takes them.
    OffsetsToCommit consumed() const;
    // Both between polls; answered by CommitCompleted with the number that they return: of the first at once or after
    // its retries, of the second when a later poll or commit finds the answer, and never tried again. One commit_sync
    // at a time; a commit that onPartitionsRevoked made (`commits_on_revoke`) has number 0.
    uint64_t commit_sync(node::Env& env, OffsetsToCommit offsets, ConsumerEvents& out);
    uint64_t commit_async(node::Env& env, OffsetsToCommit offsets, ConsumerEvents& out);

    /// nullopt: without limit.
    void poll(node::Env& env, std::optional<Duration> timeout, ConsumerEvents& out);
    /// A poll that is under way ends with `woken`; otherwise the next one does.
    void wakeup(node::Env& env, ConsumerEvents& out);
    void close(node::Env& env, ConsumerEvents& out, Duration timeout = 30s);

    bool owns(node::Tag tag) const { return tag.component == component_; }
    void on_connected(node::Env& env, node::ConnectionId connection, node::Tag tag, ConsumerEvents& out);
    void on_disconnected(node::Env& env, node::ConnectionId connection, node::Tag tag, node::CloseReason reason,
                         ConsumerEvents& out);
    void on_message(node::Env& env, node::ConnectionId connection, node::Tag tag, protocol::Message&& message,
                    ConsumerEvents& out);
    void on_timer(node::Env& env, node::TimerId timer, node::Tag tag, ConsumerEvents& out);

    const ConsumerConfig& config() const { return config_; }
    const SubscriptionState& subscriptions() const { return subscriptions_; }
    const GroupMember& member() const { return member_; }

private:
    enum class Phase : uint8_t { Idle, Polling, Closing, Closed };

    void happened(node::Env& env, ClientResponses&& responses, ConsumerEvents& out);
    void run(node::Env& env, ClientResponses&& arrived, ConsumerEvents& out);
    void dispatch(node::Env& env, ClientResponses& responses);
    void poll_step(node::Env& env, ClientResponses& more, ConsumerEvents& out);
    bool positions_step(node::Env& env, ClientResponses& more);
    bool reset_initializing();
    void close_step(node::Env& env, ClientResponses& more, ConsumerEvents& out);
    bool begin_commit(CommitCompleted& commit, ConsumerEvents& out);
    void tell(ConsumerEvents& out);
    void finish_poll(node::Env& env, ConsumerEvent&& event, ConsumerEvents& out);
    void note_returned(node::Env& env, const std::vector<ConsumerRecord>& records) const;
    void rearm(node::Env& env);

    ConsumerConfig config_;
    uint16_t component_ = 0;
    std::string log_prefix_;
    ConsumerNetwork network_;
    SubscriptionState subscriptions_;
    GroupMember member_;
    Fetcher fetcher_;
    node::TimerId timer_ = node::TimerId::None;
    Phase phase_ = Phase::Idle;
    std::optional<Instant> poll_deadline_;
    std::optional<Instant> close_deadline_;
    std::optional<ClientFailure> positions_failure_;
    bool woken_ = false;
    ClientResponses unread_;  // that arrived while nobody read the network
    uint64_t commits_ = 0;    // that the owner has asked for
};

}  // namespace kafkasim::client
