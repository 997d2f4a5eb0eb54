// SPDX-License-Identifier: Apache-2.0
#pragma once
// A partition as a test writes it:
//
//     PartitionOf t;
//     t.log(1, {{0, "m0"}, {2, "m1"}}).high_watermark(1).leads(2, {1, 2});   // record by record: leader epoch, value
//     t.log(2, {{0, "m0"}}).follows(1, 2);
//     t.znode(1, 2, {1, 2});
//     weak_isr(t.snapshot())
//
// Each record is a batch of its own and has a body of its own, as if it had been read from disk.

#include <algorithm>
#include <list>
#include <utility>

#include "sim/invariants/snapshot.hpp"

namespace kafkasim::test {

class PartitionOf {
public:
    using Role = sim::invariants::ReplicaView::Role;

    class Replica {
    public:
        explicit Replica(sim::invariants::ReplicaView& view) : view_(view) {}
        Replica& high_watermark(int64_t offset) { return view_.high_watermark = offset, *this; }
        /// Retention took away what is below.
        Replica& log_start(int64_t offset) { return view_.log_start = offset, *this; }
        Replica& life(uint32_t process) { return view_.life = process, *this; }
        Replica& topic_id(uint64_t id) { return view_.topic_id = Uuid{0, id}, *this; }
        Replica& leads(int32_t epoch, std::initializer_list<int32_t> isr) {
            view_.isr = broker_ids(isr);
            view_.maximal_isr = view_.isr;
            return role(Role::Leader, view_.id.value, epoch);
        }
        /// What is being added to the Isr.
        Replica& adds(int32_t id) { return view_.maximal_isr.push_back(BrokerId{id}), *this; }
        Replica& follows(int32_t leader, int32_t epoch, bool converged = true) {
            view_.converged = converged;
            return role(Role::Follower, leader, epoch);
        }

    private:
        Replica& role(Role role, int32_t leader, int32_t epoch) {
            view_.role = role;
            view_.leader = BrokerId{leader};
            view_.leader_epoch = epoch;
            return *this;
        }
        sim::invariants::ReplicaView& view_;
    };

    PartitionOf() {
        snapshot_.partition = {TopicName("t"), 0};
        snapshot_.replicas.reserve(8);
    }

    Replica log(int32_t id, std::initializer_list<std::pair<int32_t, const char*>> records) {
        sim::invariants::ReplicaView& view = snapshot_.replicas.emplace_back();
        view.id = BrokerId{id};
        view.life = static_cast<uint32_t>(id);
        std::vector<protocol::RecordBatch>& batches = logs_.emplace_back();
        for (const auto& [epoch, value] : records) {
            protocol::RecordBatchBuilder builder;
            builder.append(0, std::nullopt, value);
            protocol::RecordBatch& batch = batches.emplace_back(builder.build());
            batch.base_offset = view.log_end++;
            batch.partition_leader_epoch = epoch;
        }
        if (!batches.empty()) view.log.emplace_back(batches);
        return Replica(view);
    }

    void znode(int32_t leader, int32_t epoch, std::initializer_list<int32_t> isr, int64_t created = 1) {
        snapshot_.znode = sim::invariants::ZnodeView{created, BrokerId{leader}, epoch, broker_ids(isr)};
    }

    sim::invariants::PartitionSnapshot& snapshot() { return snapshot_; }

private:
    sim::invariants::PartitionSnapshot snapshot_;
    std::list<std::vector<protocol::RecordBatch>> logs_;
};

}  // namespace kafkasim::test
