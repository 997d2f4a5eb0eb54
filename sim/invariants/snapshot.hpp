// SPDX-License-Identifier: Apache-2.0
#pragma once
// One partition as it stands between two events: what each running broker that has its log holds and believes, and
// what the state znode says. The invariants are pure functions over it. It refers to the logs' batches and copies
// none, so it lives no longer than the moment in which it was taken (take_snapshot.hpp); a test makes its own.
//
// Who is not in it is not looked at: a broker that does not run, that has not loaded its log (yet, or any more), or
// whose log directory failed. What such a replica would have to say it says when it is back.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/uuid.hpp"
#include "core/protocol/record_batch.hpp"

namespace kafkasim::sim::invariants {

/// The batches of a log, segment by segment, in the order of their offsets; no segment is empty.
using LogView = std::vector<std::span<const protocol::RecordBatch>>;

/// The batch that holds the offset; nullptr if none does.
const protocol::RecordBatch* batch_at(const LogView& log, int64_t offset);

struct ReplicaView {
    enum class Role : uint8_t {
        Untold,    // the broker has loaded the log, but no LeaderAndIsr request of this life named it
        Leader,    // it presumes leadership; another may have been elected since
        Follower,  // it follows `leader`
    };

    BrokerId id;
    uint32_t life = 0;  // of the broker's process: a restarted one has another
    Uuid topic_id;      // zero: unknown
    Role role = Role::Untold;
    BrokerId leader = kNoBroker;
    int32_t leader_epoch = -1;
    std::vector<BrokerId> isr;          // as the leader has it, committed
    std::vector<BrokerId> maximal_isr;  // and with what is being added
    bool converged = false;             // a follower that has cut its log to that of the leader in this epoch
    int64_t log_start = 0;
    int64_t log_end = 0;
    int64_t high_watermark = 0;
    LogView log;

    bool leads() const { return role == Role::Leader; }
};

/// /brokers/topics/T/partitions/P/state
struct ZnodeView {
    int64_t created = 0;  // czxid: another one after the topic was deleted and created again
    BrokerId leader = kNoBroker;
    int32_t leader_epoch = 0;
    std::vector<BrokerId> isr;
};

/// The leader epochs when the partition was last looked at, for what may only grow.
struct EpochsBefore {
    struct OfReplica {
        uint32_t life = 0;
        Uuid topic_id;
        int32_t leader_epoch = -1;
    };
    struct OfZnode {
        int64_t created = 0;
        int32_t leader_epoch = 0;
    };
    std::map<BrokerId, OfReplica> replicas;
    std::optional<OfZnode> znode;
};

/// How far pairs of logs have been found to agree, so that long logs are not read again at each step. A pair is known
/// by the lives of its brokers. It counts as long as both logs still hold the last batch that was compared: what cuts a
/// log below takes that batch away.
class Agreements {
public:
    /// Below this offset the two need not be compared; 0 if nothing is known.
    int64_t until(const ReplicaView& a, const ReplicaView& b) const;
    void found(const ReplicaView& a, const ReplicaView& b, const protocol::RecordBatch& last_of_a,
               const protocol::RecordBatch& last_of_b);

private:
    using Body = std::shared_ptr<const protocol::RecordBody>;
    struct Agreement {
        int64_t until = 0;
        int32_t epoch = -1;
        Body last_of_first;
        Body last_of_second;
    };
    std::map<std::pair<uint32_t, uint32_t>, Agreement> agreements_;  // by lives, the smaller first
};

struct PartitionSnapshot {
    TopicPartition partition;
    std::vector<ReplicaView> replicas;  // by id
    std::optional<ZnodeView> znode;     // nullopt: there is none, or ZooKeeper does not run
    EpochsBefore before;
    Agreements* agreements = nullptr;  // nullptr: everything is compared

    const ReplicaView* find(BrokerId id) const;
};

/// Whether they may be logs of one topic: an unknown topic id may be any.
bool same_topic(const ReplicaView& a, const ReplicaView& b);

/// Where two logs stop to agree.
struct Difference {
    int64_t offset = 0;
    bool missing = false;  // `b` has no record there; otherwise it has another one
    int32_t epoch_a = -1;  // of the batch that holds it
    int32_t epoch_b = -1;
};

/// The first offset below `below` at which `a` holds a record and `b` holds another one or none. Only offsets that
/// neither log has let go are compared (those from both log starts on), and only logs of one topic id. Records are
/// the same if their batches are: same offsets, leader epoch and content; what two logs share is not read.
std::optional<Difference> first_difference(const ReplicaView& a, const ReplicaView& b, int64_t below,
                                           Agreements* agreements = nullptr);

/// "has no record at offset 0", "has another record at offset 0 (of epoch 1, not 2)": what `b` of a difference does.
std::string text_of(const Difference& difference);
/// "[1, 3]"
std::string text_of(const std::vector<BrokerId>& ids);

}  // namespace kafkasim::sim::invariants
