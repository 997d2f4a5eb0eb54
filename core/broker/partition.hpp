// SPDX-License-Identifier: Apache-2.0
#pragma once
// One replica of a partition on this broker, as leader or follower: its role and epoch, the ISR, what the leader
// knows of its followers. It decides whether
// a read or an append is allowed, when the high watermark moves and when the ISR should change. Its log lives in
// the LogManager and is handed in.
// Called by ReplicaManager, which carries out what follows from an outcome (purgatories, proposals to the
// controller). A value.
// Kafka 3.0.0: kafka.cluster.Partition.

#include <optional>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/base/leader_and_isr.hpp"
#include "core/base/uuid.hpp"
#include "core/broker/broker_host.hpp"
#include "core/broker/isr.hpp"
#include "core/log/log.hpp"
#include "core/protocol/leader_and_isr.hpp"
#include "core/protocol/record_batch.hpp"

namespace kafkasim::broker {

/// A proposal to the controller. Kafka 3.0.0: kafka.server.AlterIsrItem.
struct AlterIsrItem {
    TopicPartition partition;
    int32_t leader_epoch = 0;
    int32_t zk_version = 0;
    IsrState proposed;
    bool operator==(const AlterIsrItem&) const = default;
};

/// The controller's answer to one proposal. `state` counts if `error` is None.
struct AlterIsrAnswer {
    ErrorCode error = ErrorCode::None;
    LeaderAndIsr state;
};

class Partition {
public:
    using PartitionState = protocol::LeaderAndIsrRequest::LeaderAndIsrPartitionState;

    struct BecameLeader {
        bool is_new = false;  // was not the leader before
        bool high_watermark_moved = false;
    };
    struct FollowerFetch {
        bool known = false;       // the follower is assigned
        bool progressed = false;  // its end offset changed: look at the high watermark after the proposal is submitted
        std::optional<AlterIsrItem> proposal;
    };
    struct Appended {
        ErrorCode error = ErrorCode::None;
        int64_t first_offset = kUnknownOffset;
        int64_t last_offset = kUnknownOffset;
        int64_t log_start_offset = kUnknownOffset;
        int64_t log_append_time_ms = -1;
        std::string error_message;
        std::vector<log::RecordError> record_errors;
        bool high_watermark_moved = false;
    };
    struct Read {
        ErrorCode error = ErrorCode::None;
        int64_t high_watermark = kUnknownOffset;  // these three as they were before the read
        int64_t log_start_offset = kUnknownOffset;
        int64_t log_end_offset = kUnknownOffset;
        int64_t last_stable_offset = kUnknownOffset;
        std::optional<log::EpochEndOffset> diverging;
        protocol::RecordBatches records;
    };
    struct ReadParams {
        int64_t fetch_offset = 0;
        int32_t current_leader_epoch = -1;
        int32_t last_fetched_epoch = -1;
        int32_t max_bytes = 0;
        bool from_follower = false;
        bool min_one_message = false;
    };
    /// Whether a produce that waits for all in-sync replicas is done. Kafka 3.0.0: checkEnoughReplicasReachOffset.
    struct Reached {
        bool done = false;
        ErrorCode error = ErrorCode::None;
    };

    Partition() = default;
    Partition(TopicPartition tp, BrokerId local) : tp_(std::move(tp)), local_(local) {}

    const TopicPartition& topic_partition() const { return tp_; }
    bool is_leader() const { return leader_ == local_; }
    BrokerId leader() const { return leader_; }
    int32_t leader_epoch() const { return leader_epoch_; }
    int32_t zk_version() const { return zk_version_; }
    int32_t controller_epoch() const { return controller_epoch_; }
    std::optional<int64_t> leader_epoch_start_offset() const { return leader_epoch_start_offset_; }
    const IsrState& isr_state() const { return isr_; }
    const ReplicaAssignment& assignment() const { return assignment_; }
    const std::vector<Replica>& followers() const { return followers_; }
    const Replica* follower(BrokerId id) const;
    /// The log directory failed or the controller's request was refused: every access is answered
    /// KAFKA_STORAGE_ERROR until the broker restarts.
    bool offline() const { return offline_; }
    void mark_offline() { offline_ = true; }
    /// The log was created or loaded by a LeaderAndIsr request of this life of the broker.
    bool has_log() const { return has_log_; }
    void attach_log() { has_log_ = true; }

    BecameLeader make_leader(BrokerHost& host, log::Log& log, const PartitionState& state);
    /// False if neither the leader nor the epoch changed.
    bool make_follower(BrokerHost& host, log::Log& log, const PartitionState& state);

    /// `requested` -1: none given. Kafka 3.0.0: checkCurrentLeaderEpoch.
    ErrorCode check_leader_epoch(int32_t requested) const;
    /// Epoch first, then the role.
    ErrorCode check_leader(int32_t requested_epoch, bool must_lead) const;

    /// `min_insync_replicas` only counts with acks -1.
    Appended append_as_leader(BrokerHost& host, log::Log& log, const protocol::RecordBatches& records,
                              int16_t required_acks, int32_t min_insync_replicas);
    Read read(const log::Log& log, const ReadParams& params) const;
    Reached enough_replicas_reached(const log::Log& log, int64_t required_offset, int32_t min_insync_replicas) const;

    FollowerFetch update_follower_fetch_state(BrokerHost& host, log::Log& log, BrokerId follower, int64_t fetch_offset,
                                              int64_t start_offset, int64_t leader_end_offset);
    /// A follower at the end of the log asked again at `when` without naming this partition (its fetch session did).
    void note_idle_fetch(BrokerId follower, Instant when, int64_t leader_end_offset);

    /// Kafka 3.0.0: maybeShrinkIsr. The proposal, if any, is to be submitted; then maybe_increment_high_watermark
    /// is called (with the old ISR
    /// still the maximal one).
    std::optional<AlterIsrItem> maybe_shrink_isr(BrokerHost& host, const log::Log& log);
    /// True if the high watermark moved.
    bool maybe_increment_high_watermark(BrokerHost& host, log::Log& log);
    /// The alterIsr channel would not take it (an older answer is not handled yet).
    void proposal_refused(BrokerHost& host, const AlterIsrItem& item) const;
    void proposal_submitted(const AlterIsrItem& item) { isr_ = item.proposed; }
    /// The answer to `proposed`; an older one is ignored. Returns the proposal to send again, as Kafka means to
    /// after an unexpected error (its own entry in
    /// the channel's map then refuses it: defect B4). Does not look at the high watermark (defect B2, KAFKA-13091).
    std::optional<AlterIsrItem> handle_alter_isr_response(BrokerHost& host, const IsrState& proposed,
                                                          const AlterIsrAnswer& answer);

private:
    void update_assignment_and_isr(const PartitionState& state, const std::vector<BrokerId>& isr);
    Replica* find_follower(BrokerId id);
    void note_appended(BrokerHost& host, const log::AppendResult& appended,
                       const protocol::RecordBatches& records) const;
    void note_isr_changed(BrokerHost& host, const std::vector<BrokerId>& before, const IsrState& proposed) const;
    AlterIsrItem item_for(const IsrState& proposed) const {
        return AlterIsrItem{tp_, leader_epoch_, zk_version_, proposed};
    }

    TopicPartition tp_;
    BrokerId local_;
    BrokerId leader_ = kNoBroker;
    int32_t leader_epoch_ = kNoEpoch;
    int32_t zk_version_ = -1;
    int32_t controller_epoch_ = 0;
    std::optional<int64_t> leader_epoch_start_offset_;
    ReplicaAssignment assignment_;
    std::vector<Replica> followers_;  // remote replicas, in assignment order
    IsrState isr_;
    bool offline_ = false;
    bool has_log_ = false;
};

/// "[Partition t-0 broker=1] "
std::string partition_prefix(const TopicPartition& tp, BrokerId broker);

}  // namespace kafkasim::broker
