// SPDX-License-Identifier: Apache-2.0
#pragma once
// The setting of Kafka's tests that start two brokers and a producer: a whole cluster in a world, one partition t-0
// with a replica on each. Theirs are brokers 0 and 1 or 100 and 101, ours 1 and 2; their producer's retries are here.

#include "tests/cluster/world_cluster.hpp"

namespace kafkasim::test {

struct TwoBrokers : WorldCluster {
    const TopicPartition tp{TopicName("t"), 0};

    explicit TwoBrokers(config::Properties settings = {}, const std::map<std::string, std::string>& topic = {})
        : WorldCluster({1, 2, std::move(settings)}) {
        create_topic("t", {broker_ids({1, 2})}, topic);
        run(1s);
    }
    int32_t leader() const { return leadership(tp).leader.value; }
    int32_t leader_epoch() const { return leadership(tp).leader_epoch; }
    int32_t follower() const { return 3 - leader(); }
    /// One batch, sent to whoever leads until somebody takes it.
    void send(std::vector<std::string> values, int16_t acks = -1) {
        for (int attempt = 0; attempt < 100; ++attempt) {
            if (leader() > 0 && produce(leader(), "t", 0, values, acks) == ErrorCode::None) return;
            run(100ms);
        }
        FAIL("nobody takes the record");
    }
    void bounce(int32_t id) {
        stop_broker(id);
        start_and_wait(id);
    }
    void await_isr() {
        REQUIRE(world.run_until(world.now() + 60s, [&] { return leadership(tp).isr.size() == 2; }));
    }
    void await_leader(int32_t id) {
        REQUIRE(world.run_until(world.now() + 60s, [&] { return leader() == id; }));
    }
    void await_high_watermark(int32_t id, int64_t offset) {
        REQUIRE(world.run_until(world.now() + 30s, [&] { return log(id, tp).high_watermark() == offset; }));
    }
    /// What broker `id` has on its disk; 0: no entry.
    int64_t checkpointed_high_watermark(int32_t id) const {
        const auto offsets = log::decode_offset_checkpoint(file(id, std::string(log::kHighWatermarkCheckpoint)));
        const auto found = offsets.find(tp);
        return found == offsets.end() ? 0 : found->second;
    }
};

}  // namespace kafkasim::test
