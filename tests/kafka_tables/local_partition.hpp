// SPDX-License-Identifier: Apache-2.0
#pragma once
// The partition t-0 on broker 1, as Kafka's PartitionTest has one: its log may be filled before it gets a role, the
// answers of the controller to what it proposes are the test's. Time stands until the test moves it.

#include <string>
#include <vector>

#include "tests/broker/fake_broker_host.hpp"
#include "tests/catch.hpp"

namespace kafkasim::test {

inline protocol::RecordBatch batch_of_records(size_t count, int64_t first_timestamp = 1000) {
    protocol::RecordBatchBuilder builder;
    for (size_t i = 0; i < count; ++i)
        builder.append(first_timestamp + static_cast<int64_t>(i), std::nullopt, "v" + std::to_string(i));
    return builder.build();
}

struct LocalPartition : FakeBrokerHost {
    const TopicPartition tp = partition_of("t");

    explicit LocalPartition(broker::IsrChanges by = broker::IsrChanges::ByController) : FakeBrokerHost(1) {
        isr_changes_by = by;
        settings.replica_lag_time_max_ms = 30000;
        set_metadata({tp}, 1, {1, 2, 3, 4});
        manager.startup(*this);
    }
    /// Records that were there before: `count` batches of one record each.
    void seed(size_t count, int32_t leader_epoch) {
        for (size_t i = 0; i < count; ++i) append(1, leader_epoch);
    }
    void append(size_t records, int32_t leader_epoch) {
        log::Log& log = manager.logs().get_or_create(world, tp, Uuid{7, 7}, topic);
        log.append_as_leader(world, protocol::RecordBatches(batch_of_records(records)), leader_epoch,
                             world.wall_clock().value);
    }
    ErrorCode lead(int32_t leader_epoch, std::initializer_list<int32_t> isr, std::initializer_list<int32_t> replicas) {
        return leader_and_isr(tp, 1, leader_epoch, isr, replicas);
    }
    ErrorCode follow(int32_t leader, int32_t leader_epoch, std::initializer_list<int32_t> replicas) {
        return leader_and_isr(tp, leader, leader_epoch, replicas, replicas);
    }
    const broker::Partition& partition() const { return FakeBrokerHost::partition(tp); }
    log::Log& log() { return FakeBrokerHost::log(tp); }
    std::vector<BrokerId> isr() const { return partition().isr_state().isr; }
    std::vector<BrokerId> maximal_isr() const { return partition().isr_state().maximal_isr(); }
    bool in_flight() const { return partition().isr_state().in_flight(); }
    const broker::Replica& remote(int32_t id) const { return *partition().follower(BrokerId{id}); }
    void fetched_by(int32_t follower, int64_t offset) { fetch_now(tp, follower, offset, partition().leader_epoch()); }
    void append_now(size_t records, int64_t first_timestamp = 1000) {
        protocol::ProduceRequest request;
        request.acks = 1;
        request.timeout_ms = 30000;
        request.topic_data.push_back(
            {tp.topic, {{tp.partition, protocol::RecordBatches(batch_of_records(records, first_timestamp))}}});
        manager.handle_produce(*this, context("test"), std::move(request));
    }

    // --- the controller's part. A proposal stays until it is answered.
    /// The new Isr of the proposal that is on its way; empty: there is none.
    std::vector<BrokerId> proposed() {
        look();
        return waiting_ ? partition_in(*waiting_).new_isr : std::vector<BrokerId>{};
    }
    void complete(int32_t zk_version) {
        look();
        REQUIRE(waiting_);
        const auto& asked = partition_in(*waiting_);
        reply({0, ErrorCode::None, broker_id(), asked.leader_epoch, asked.new_isr, zk_version});
    }
    void refuse(ErrorCode error) {
        look();
        REQUIRE(waiting_);
        reply({0, error, broker_id(), 0, {}, 0});
    }

private:
    using Asked = protocol::AlterIsrRequest::PartitionData;

    void look() {
        if (waiting_) return;
        if (!world.connections.empty() && connected_ < world.connections.size()) {
            connect_last();
            connected_ = world.connections.size();
        }
        waiting_ = world.take_message<protocol::AlterIsrRequest>();
    }
    static const Asked& partition_in(const FakeEnv::Sent& sent) {
        return std::get<protocol::AlterIsrRequest>(sent.message.body).topics.front().partitions.front();
    }
    void reply(protocol::AlterIsrResponse::PartitionData answer_to_it) {
        protocol::AlterIsrResponse response;
        response.topics.push_back({tp.topic, {std::move(answer_to_it)}});
        const FakeEnv::Sent asked = *std::exchange(waiting_, std::nullopt);
        answer(asked, protocol::Body(std::move(response)));
    }

    std::optional<FakeEnv::Sent> waiting_;
    size_t connected_ = 0;
};

}  // namespace kafkasim::test
