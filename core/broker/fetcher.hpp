// SPDX-License-Identifier: Apache-2.0
#pragma once
// Copies the partitions of one leader: truncate what needs it, fetch, append, again; one request in flight. Keeps
// its fetch session, so that partitions without news are not named. What it does before the first fetch of a leader
// epoch, and which epochs its requests carry, the rule set says. Owned by FetcherManager; works on the logs directly.
// Kafka 3.0.0: kafka.server.AbstractFetcherThread, ReplicaFetcherThread,
// org.apache.kafka.clients.FetchSessionHandler.
// Simplified: one fetcher per leader (num.replica.fetchers=1); connecting to a leader that does not answer ends
// when the network says so.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/broker/broker_host.hpp"
#include "core/broker/fetch_session.hpp"
#include "core/broker/follower_truncation.hpp"
#include "core/log/log_manager.hpp"
#include "core/node/request_channel.hpp"
#include "core/protocol/list_offsets.hpp"
#include "core/protocol/offset_for_leader_epoch.hpp"

namespace kafkasim::broker {

struct InitialFetchState {
    int32_t leader_epoch = 0;
    int64_t offset = 0;
};

struct PartitionFetchState {
    enum class State : uint8_t { Truncating, Fetching };
    int64_t fetch_offset = 0;
    int32_t leader_epoch = 0;
    std::optional<int32_t> last_fetched_epoch;
    std::optional<Instant> delayed_until;
    State state = State::Fetching;

    bool ready() const { return state == State::Fetching && !delayed_until; }
};

/// What a fetcher needs of its broker during one call.
struct FetcherContext {
    BrokerHost& host;
    log::LogManager& logs;
    std::vector<TopicPartition>& failed;  // partitions marked as failed in this call
    bool& logs_changed;                   // a log or its high watermark changed in this call
};

class ReplicaFetcher {
public:
    ReplicaFetcher(BrokerId self, BrokerId leader, node::Endpoint endpoint);

    BrokerId leader() const { return leader_; }
    const node::Endpoint& endpoint() const { return channel_.endpoint(); }
    node::ConnectionId connection() const { return channel_.connection(); }
    bool empty() const { return partitions_.empty(); }
    const std::map<TopicPartition, PartitionFetchState>& partitions() const { return partitions_; }

    void start(FetcherContext& context);
    /// Sets the states; `run` then goes on.
    void add_partitions(FetcherContext& context, const std::map<TopicPartition, InitialFetchState>& partitions);
    void remove_partition(const TopicPartition& tp);
    void shutdown(FetcherContext& context);
    /// Does the next thing unless something is under way: truncate, ask for offsets, connect, fetch, or wait for a
    /// delay to end.
    void run(FetcherContext& context);

    void on_connected(FetcherContext& context);
    void on_disconnected(FetcherContext& context);
    void on_message(FetcherContext& context, protocol::Message&& message);
    void on_timer(FetcherContext& context);

private:
    enum class Step : uint8_t { Idle, Connecting, Fetching, ListingOffsets, AskingEpochs, BackOff };
    enum What : uint64_t { kFetch, kListLatest, kListEarliest, kEpochEnds };
    struct OutOfRange {
        TopicPartition partition;
        int32_t leader_epoch = 0;
        int64_t fetch_offset = 0;
    };

    // The loop (fetcher.cpp).
    void truncate_to_high_watermark(FetcherContext& context);
    void truncate(FetcherContext& context, const TopicPartition& tp, int64_t offset);
    void set(const TopicPartition& tp, const PartitionFetchState& state);
    void delay(FetcherContext& context, const TopicPartition& tp);
    void wake_delayed(Instant now);
    void arm_for_delayed(FetcherContext& context);
    void end_back_off(FetcherContext& context);
    void mark_failed(FetcherContext& context, const TopicPartition& tp);
    std::string prefix(BrokerHost& host) const;
    // Requests and their session (fetcher_request.cpp).
    std::optional<protocol::FetchRequest> build_fetch(FetcherContext& context) const;
    std::optional<FetchPartition> wanted(FetcherContext& context, const TopicPartition& tp) const;
    void send_fetch(FetcherContext& context, protocol::FetchRequest&& request);
    bool accept_session(FetcherContext& context, const protocol::FetchResponse& response);
    void fetch_failed(FetcherContext& context, bool connected_before);
    // Responses (fetcher_response.cpp).
    void process(FetcherContext& context, const protocol::FetchResponse& response);
    void process_partition(FetcherContext& context, const TopicPartition& tp, const FetchPartitionData& data);
    void append(FetcherContext& context, const TopicPartition& tp, PartitionFetchState state,
                const FetchPartitionData& data);
    void partition_error(FetcherContext& context, const TopicPartition& tp, const PartitionFetchState& state,
                         ErrorCode error, int32_t request_epoch);
    /// True if the partition shall be tried again later.
    bool partition_fenced(FetcherContext& context, const TopicPartition& tp, int32_t request_epoch);
    void truncate_diverged(FetcherContext& context);
    /// Cuts the log as `leader` tells; false if it has to be asked again for a lower epoch.
    bool truncate_to_epoch_end(FetcherContext& context, const TopicPartition& tp, const log::EpochEndOffset& leader);
    // Rule sets in which a follower asks first where its last epoch ended (fetcher_epochs.cpp).
    std::optional<protocol::OffsetForLeaderEpochRequest> epochs_to_ask(FetcherContext& context);
    void on_epoch_ends(FetcherContext& context, const protocol::OffsetForLeaderEpochResponse& response);
    void on_epoch_end(FetcherContext& context, const TopicPartition& tp, int32_t request_epoch, ErrorCode error,
                      const log::EpochEndOffset& leader);
    void epochs_not_told(FetcherContext& context);
    // Out of range: ask the leader where its log begins and ends (fetcher_offsets.cpp).
    void send_list_offsets(FetcherContext& context, int64_t timestamp, What what);
    void on_offset(FetcherContext& context, What what, const protocol::ListOffsetsResponse& response);
    void offset_error(FetcherContext& context, const OutOfRange& asked, ErrorCode error);
    void reset_to_latest(FetcherContext& context, const OutOfRange& asked, int64_t leader_end);
    void reset_to_earliest(FetcherContext& context, const OutOfRange& asked, int64_t leader_start);
    void finish_reset(FetcherContext& context, const OutOfRange& asked, int64_t offset);

    BrokerId leader_;
    node::RequestChannel channel_;
    node::TimerId timer_ = node::TimerId::None;
    Step step_ = Step::Idle;
    std::map<TopicPartition, PartitionFetchState> partitions_;
    std::set<TopicPartition> delayed_;
    std::set<TopicPartition> truncating_;
    std::vector<TopicPartition> backing_off_;  // delayed once more when the back-off after a failed request ends
    std::vector<std::pair<TopicPartition, log::EpochEndOffset>> diverged_;
    std::vector<OutOfRange> out_of_range_;            // the first one is being asked for
    std::map<TopicPartition, int32_t> epochs_asked_;  // the fetcher's leader epoch when it asked

    // The fetch session as the leader knows it, and which partitions may have to be named next.
    int32_t session_id_ = kInvalidSessionId;
    int32_t session_epoch_ = kInitialSessionEpoch;
    std::map<TopicPartition, FetchPartition> sent_;
    std::set<TopicPartition> unsent_;
    protocol::FetchRequest last_request_;  // for the log line if it fails
};

/// "(type=FetchRequest, replicaId=2, maxWait=500, ...)", as Kafka logs it.
std::string to_string(const protocol::FetchRequest& request);

}  // namespace kafkasim::broker
