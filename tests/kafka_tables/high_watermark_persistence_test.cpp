// SPDX-License-Identifier: Apache-2.0
// The 2 cases of Kafka 3.0.0's HighwatermarkPersistenceTest, by their names: what stands in
// replication-offset-checkpoint. Where theirs set a high watermark and call checkpointHighWatermarks, here a follower
// fetches and the 5 s of the task pass.
#include "tests/kafka_tables/local_partition.hpp"

using namespace kafkasim;
using namespace kafkasim::test;

namespace {

struct Broker : FakeBrokerHost {
    Broker() : FakeBrokerHost(1) {
        set_metadata({foo1, foo2});
        manager.startup(*this);
    }
    /// The high watermark of a partition on disk; 0: it has no entry.
    int64_t on_disk(const TopicPartition& tp) {
        return manager.logs().checkpointed_high_watermark(world, tp).value_or(0);
    }
    void append(const TopicPartition& tp, size_t count) {
        protocol::ProduceRequest request;
        request.acks = 1;
        request.topic_data.push_back({tp.topic, {{tp.partition, protocol::RecordBatches(batch_of_records(count))}}});
        manager.handle_produce(*this, context(), std::move(request));
    }
    void reach(const TopicPartition& tp, int64_t offset) { fetch_now(tp, 2, offset, 0); }

    const TopicPartition foo1 = partition_of("foo1");
    const TopicPartition foo2 = partition_of("foo2");
};

}  // namespace

TEST_CASE("HighwatermarkPersistenceTest.testHighWatermarkPersistenceSinglePartition", "[kafka_tables]") {
    Broker broker;
    broker.advance(5s);
    CHECK(broker.on_disk(broker.foo1) == 0);
    broker.leader_and_isr(broker.foo1, 1, 0, {1, 2}, {1, 2});
    broker.advance(5s);
    CHECK(broker.on_disk(broker.foo1) == 0);
    broker.append(broker.foo1, 5);
    broker.reach(broker.foo1, 5);
    CHECK(broker.log(broker.foo1).high_watermark() == 5);
    CHECK(broker.on_disk(broker.foo1) == 0);
    broker.advance(5s);
    CHECK(broker.on_disk(broker.foo1) == 5);
}

TEST_CASE("HighwatermarkPersistenceTest.testHighWatermarkPersistenceMultiplePartitions", "[kafka_tables]") {
    Broker broker;
    broker.leader_and_isr(broker.foo1, 1, 0, {1, 2}, {1, 2});
    broker.append(broker.foo1, 5);
    broker.reach(broker.foo1, 5);
    broker.advance(5s);
    CHECK(broker.on_disk(broker.foo1) == 5);
    // Another partition; the file holds both.
    broker.leader_and_isr(broker.foo2, 1, 0, {1, 2}, {1, 2});
    broker.advance(5s);
    CHECK(broker.on_disk(broker.foo2) == 0);
    broker.append(broker.foo2, 15);
    broker.reach(broker.foo2, 15);
    broker.append(broker.foo1, 5);
    broker.reach(broker.foo1, 10);
    broker.advance(5s);
    CHECK(broker.on_disk(broker.foo2) == 15);
    CHECK(broker.on_disk(broker.foo1) == 10);
}
