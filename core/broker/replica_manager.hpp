// SPDX-License-Identifier: Apache-2.0
#pragma once
// All replicas of a broker: serves Produce, Fetch, ListOffsets and OffsetForLeaderEpoch from them, changes their
// roles as the controller says (LeaderAndIsr, StopReplica), lets
// requests wait, copies from other leaders, shrinks and expands ISRs. Owns the logs. A value; each request has its
// file (handle_<api>.cpp).
//
// How Broker uses it:
// - construct with log.dirs; at start `logs().start(env)`, then `startup(host)`; at stop `shutdown(host)`, then
// `logs().shutdown(env)`;
// - hand over requests as they arrive; every one is answered by host.respond, now or later, except Produce with
// acks=0: that one is "answered" by
// host.respond(token, std::monostate{}) — nothing goes out, the next request of the connection may be taken — or by
// closing the connection on an error;
//   - route events whose Tag.component is kReplicaManager, kReplicaFetcher or kAlterIsr;
//   - UpdateMetadata: `accept_controller_epoch` before, `metadata_deleted` after.
// Calls of leadership_changed and partition_appended may come before the call that causes them returns.
// Kafka 3.0.0: kafka.server.ReplicaManager (and the checks of KafkaApis before it).

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/broker/alter_isr_manager.hpp"
#include "core/broker/broker_host.hpp"
#include "core/broker/components.hpp"
#include "core/broker/delayed_delete_records.hpp"
#include "core/broker/delayed_fetch.hpp"
#include "core/broker/delayed_produce.hpp"
#include "core/broker/fetch_session.hpp"
#include "core/broker/fetcher_manager.hpp"
#include "core/broker/partition.hpp"
#include "core/broker/zk_isr_manager.hpp"
#include "core/log/log_manager.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::broker {

class ReplicaManager {
public:
    ReplicaManager() = default;
    explicit ReplicaManager(std::string_view log_dirs) : logs_(log_dirs) {}

    log::LogManager& logs() { return logs_; }
    const log::LogManager& logs() const { return logs_; }

    /// The task isr-expiration (at once, then every replica.lag.time.max.ms / 2), the log tasks and the alterIsr
    /// channel.
    void startup(BrokerHost& host);
    /// Fetchers stop, high watermarks are checkpointed. Logs are closed by logs().shutdown.
    void shutdown(BrokerHost& host);

    void handle_fetch(BrokerHost& host, const node::RequestContext& context, protocol::FetchRequest&& request);
    void handle_produce(BrokerHost& host, const node::RequestContext& context, protocol::ProduceRequest&& request);
    void handle_delete_records(BrokerHost& host, const node::RequestContext& context,
                               protocol::DeleteRecordsRequest&& request);
    void handle_list_offsets(BrokerHost& host, const node::RequestContext& context,
                             protocol::ListOffsetsRequest&& request);
    void handle_leader_and_isr(BrokerHost& host, const node::RequestContext& context,
                               protocol::LeaderAndIsrRequest&& request);
    void handle_stop_replica(BrokerHost& host, const node::RequestContext& context,
                             protocol::StopReplicaRequest&& request);
    void handle_offset_for_leader_epoch(BrokerHost& host, const node::RequestContext& context,
                                        protocol::OffsetForLeaderEpochRequest&& request);

    /// An append of the broker itself (group coordinator); answered by host.partition_appended(token, ...), perhaps
    /// before this returns.
    void append_internal(BrokerHost& host, const TopicPartition& tp, protocol::RecordBatch&& batch, int16_t acks,
                         Duration timeout, uint64_t token);
    /// All batches of the local log; empty if there is none.
    protocol::RecordBatches read_log(const TopicPartition& tp) const;

    int32_t controller_epoch() const { return controller_epoch_; }
    /// False if a newer controller is known; otherwise the epoch is remembered.
    bool accept_controller_epoch(int32_t epoch);
    /// Partitions that UpdateMetadata took out of the metadata cache: fetch sessions must look again.
    void metadata_deleted(const std::vector<TopicPartition>& partitions);

    bool is_leader(const TopicPartition& tp) const;
    std::optional<int32_t> leader_epoch(const TopicPartition& tp) const;
    const Partition* find(const TopicPartition& tp) const;
    const std::map<TopicPartition, Partition>& partitions() const { return partitions_; }
    const FetcherManager& fetchers() const { return fetchers_; }
    const FetchSessionCache& sessions() const { return sessions_; }
    size_t waiting_fetches() const { return delayed_fetches_.size(); }
    size_t waiting_produces() const { return delayed_produces_.size(); }

    void on_connected(BrokerHost& host, node::ConnectionId connection, node::Tag tag);
    void on_disconnected(BrokerHost& host, node::ConnectionId connection, node::Tag tag, node::CloseReason reason);
    void on_message(BrokerHost& host, node::ConnectionId connection, node::Tag tag, protocol::Message&& message);
    void on_timer(BrokerHost& host, node::TimerId timer, node::Tag tag);
    // Log dirs that cannot be written to (replica_manager_failure.cpp).
    /// Takes one offline that has failed in this event; false if there is none. The broker halts if it was the last.
    bool take_failed_log_dir(BrokerHost& host);
    /// Kafka writes its checkpoints every 5 s. Where nothing changed they are left out here, unless something is the
    /// matter with the disk.
    void disturbed_disks_are_written(BrokerHost& host);
    /// The replies to a BrokerHost::zk_isr_call.
    void on_isr_zk_replies(BrokerHost& host, uint64_t token, const std::vector<protocol::Body>& replies);

    /// Tag.kind of timers of kReplicaManager.
    enum Timer : uint16_t {
        kIsrExpiration,
        kHighWatermarkCheckpoint,
        kFetchTimeout,
        kProduceTimeout,
        kLogCheckpoint,
        kLogDeletion,
        kLogRetention,
        kLogCleaner,
        kDeleteRecordsTimeout,
        kLogFlush
    };

private:
    using PartitionState = Partition::PartitionState;
    struct LeaderAndIsrWork {
        BrokerId controller;
        int32_t correlation_id = 0;
        int32_t controller_epoch = 0;
        std::vector<std::pair<TopicPartition, PartitionState>> to_lead;
        std::vector<std::pair<TopicPartition, PartitionState>> to_follow;
        std::map<TopicPartition, Uuid> topic_ids;
        std::vector<LeadershipChange> leaders;
        std::vector<LeadershipChange> followers;
        std::set<TopicPartition> failed;  // their log dir is offline
    };
    struct FetchRead {
        FetchItem item;
        Partition::Read read;
        bool in_metadata = true;
    };

    Partition* find_partition(const TopicPartition& tp);
    log::Log* log_of(const TopicPartition& tp);
    /// A partition that is served here, or the error to answer. Kafka 3.0.0: ReplicaManager.getPartitionOrError.
    ErrorCode partition_or_error(BrokerHost& host, const TopicPartition& tp, Partition*& found);

    // What follows from a change (replica_manager_effects.cpp).
    /// Before anything of a partition changes: sessions look at it again, and its followers get the fetch times
    /// that were not noted yet.
    void touch(const TopicPartition& tp);
    void note_idle_fetches(const FetchSession& session, const TopicPartition& tp);
    void sessions_closed(const std::vector<FetchSession>& closed);
    void check_fetches(BrokerHost& host, const TopicPartition& tp);
    void check_produces(BrokerHost& host, const TopicPartition& tp);
    void check_deletes(BrokerHost& host, const TopicPartition& tp);
    void high_watermark_moved(BrokerHost& host, const TopicPartition& tp);
    void role_lost(BrokerHost& host, const TopicPartition& tp);
    void submit(BrokerHost& host, Partition& partition, const AlterIsrItem& item);
    void apply_alter_isr(BrokerHost& host, const std::vector<AlterIsrResult>& results);
    void apply_isr_answer(BrokerHost& host, const AlterIsrResult& result);
    void isr_expiration(BrokerHost& host);
    void start_high_watermark_checkpoints(BrokerHost& host);
    void high_watermarks_changed(BrokerHost& host);
    void checkpoint_high_watermarks(BrokerHost& host);
    void arm_log_flush(BrokerHost& host);
    void arm_log_deletion(BrokerHost& host);
    void follower_logs_changed(BrokerHost& host);
    void cleanup_logs(BrokerHost& host);
    void clean_logs(BrokerHost& host);
    void log_starts_moved(BrokerHost& host, const std::vector<TopicPartition>& partitions);

    // handle_fetch.cpp
    std::vector<FetchItem> items_of(const DelayedFetch& fetch);
    std::vector<FetchRead> read_partitions(BrokerHost& host, const FetchParams& params,
                                           const std::vector<FetchItem>& items);
    void update_followers(BrokerHost& host, const FetchParams& params, std::vector<FetchRead>& reads);
    void update_follower(BrokerHost& host, const FetchParams& params, FetchRead& read);
    bool must_wait(const DelayedFetch& fetch, const std::vector<FetchRead>& reads);
    bool waiting_fetch_done(BrokerHost& host, const DelayedFetch& fetch);
    WaitingPartition waiting_partition(BrokerHost& host, const FetchParams& params, const FetchItem& item);
    void complete_fetch(BrokerHost& host, uint64_t id);
    // fetch_response.cpp
    void respond_fetch(BrokerHost& host, const DelayedFetch& fetch, const std::vector<FetchRead>& reads);
    void respond_full(BrokerHost& host, const DelayedFetch& fetch, const std::vector<FetchRead>& reads);
    void respond_incremental(BrokerHost& host, const DelayedFetch& fetch, const std::vector<FetchRead>& reads);
    bool settled(const FetchSession& session, const FetchRead& read) const;

    // handle_produce.cpp
    Partition::Appended append_to_partition(BrokerHost& host, const TopicPartition& tp,
                                            const protocol::RecordBatches& records, int16_t acks,
                                            bool internal_allowed);
    void finish_appends(BrokerHost& host, DelayedProduce&& produce, int16_t acks, Duration timeout);
    bool try_complete(BrokerHost& host, DelayedProduce& produce);
    void expire_produce(BrokerHost& host, uint64_t id);
    void answer_produce(BrokerHost& host, const DelayedProduce& produce);

    // handle_delete_records.cpp
    ErrorCode delete_records_on_leader(BrokerHost& host, DeleteRecordsStatus& status, int64_t offset);
    bool delete_records_done(BrokerHost& host, DelayedDeleteRecords& deletion);
    void expire_delete_records(BrokerHost& host, uint64_t id);

    // handle_leader_and_isr.cpp
    ErrorCode classify(BrokerHost& host, LeaderAndIsrWork& work, const TopicPartition& tp, const PartitionState& state,
                       const Uuid& topic_id);
    /// nullptr, and why not, if its log dir is offline.
    log::Log* create_log(BrokerHost& host, Partition& partition, const Uuid& topic_id, bool is_new,
                         std::string& why_not);
    void role_change_failed(BrokerHost& host, LeaderAndIsrWork& work, const TopicPartition& tp,
                            const PartitionState& state, const std::string& why_not);
    void make_leaders(BrokerHost& host, LeaderAndIsrWork& work);
    void make_followers(BrokerHost& host, LeaderAndIsrWork& work);
    bool make_follower(BrokerHost& host, LeaderAndIsrWork& work, const TopicPartition& tp, const PartitionState& state);
    void add_fetchers(BrokerHost& host, const std::vector<TopicPartition>& partitions);
    void mark_offline_without_log(const protocol::LeaderAndIsrRequest& request);
    // handle_stop_replica.cpp
    ErrorCode stop_replica_error(BrokerHost& host, const node::RequestContext& context,
                                 const protocol::StopReplicaRequest& request, const TopicPartition& tp,
                                 const protocol::StopReplicaRequest::StopReplicaPartitionState& state);
    void stop_replicas(
        BrokerHost& host,
        const std::vector<std::pair<TopicPartition, protocol::StopReplicaRequest::StopReplicaPartitionState>>& stopped);
    // handle_list_offsets.cpp
    protocol::ListOffsetsResponse::ListOffsetsPartitionResponse list_offset(
        BrokerHost& host, BrokerId replica_id, const TopicPartition& tp,
        const protocol::ListOffsetsRequest::ListOffsetsPartition& asked);

    log::LogManager logs_;
    std::map<TopicPartition, Partition> partitions_;
    int32_t controller_epoch_ = 0;
    FetcherManager fetchers_;
    AlterIsrManager alter_isr_;
    ZkIsrManager zk_isr_;
    FetchSessionCache sessions_;
    DelayedFetches delayed_fetches_;
    Purgatory<DelayedProduce> delayed_produces_;
    Purgatory<DelayedDeleteRecords> delayed_deletes_;
    std::optional<Instant> checkpoints_since_;  // high watermark checkpoints come at this time and every 5 s
    bool checkpoint_due_ = false;               // a timer is armed
    node::TimerId isr_timer_ = node::TimerId::None;
    node::TimerId checkpoint_timer_ = node::TimerId::None;
    node::TimerId log_checkpoint_timer_ = node::TimerId::None;
    node::TimerId deletion_timer_ = node::TimerId::None;
    node::TimerId retention_timer_ = node::TimerId::None;
    node::TimerId cleaner_timer_ = node::TimerId::None;
    node::TimerId flush_timer_ = node::TimerId::None;
    bool handles_failures_ = false;  // LogDirFailureHandler runs
};

/// A request of a controller was refused, because of this error.
void note_stale(BrokerHost& host, std::string_view request, ErrorCode error);

/// The answer of all brokers to a request of a controller that spoke to an earlier life of this broker. True if it
/// is stale.
bool stale_broker_epoch(BrokerHost& host, int64_t request_epoch, std::string_view request);

}  // namespace kafkasim::broker
