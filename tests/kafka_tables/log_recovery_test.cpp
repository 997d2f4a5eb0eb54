// SPDX-License-Identifier: Apache-2.0
// The 4 cases of Kafka 3.0.0's LogRecoveryTest, by their names: the high watermark on disk after stops and returns.
// Where theirs call checkpointHighWatermarks, here the 5 s of the task pass. Their brokers stop without moving their
// leaders. Of "multiple log segments" theirs have one, and ours a segment for each record.
#include "tests/kafka_tables/two_brokers.hpp"

using namespace kafkasim;
using namespace kafkasim::test;

namespace {

config::Properties settings(bool many_segments) {
    config::Properties set{{"replica.lag.time.max.ms", "5000"},
                           {"replica.fetch.wait.max.ms", "1000"},
                           {"controlled.shutdown.enable", "false"}};
    if (many_segments) set.insert_or_assign("log.segment.bytes", "100");
    return set;
}

void send(TwoBrokers& cluster, int records) {
    for (int i = 0; i < records; ++i) cluster.send({"hello"});
}

void check_on_disk(const TwoBrokers& cluster, int64_t expected) {
    CHECK(cluster.checkpointed_high_watermark(1) == expected);
    CHECK(cluster.checkpointed_high_watermark(2) == expected);
}

}  // namespace

TEST_CASE("LogRecoveryTest.testHWCheckpointNoFailuresSingleLogSegment", "[kafka_tables]") {
    TwoBrokers cluster(settings(false));
    send(cluster, 2);
    cluster.await_high_watermark(2, 2);
    cluster.run(5s);
    check_on_disk(cluster, 2);
}

TEST_CASE("LogRecoveryTest.testHWCheckpointWithFailuresSingleLogSegment", "[kafka_tables]") {
    TwoBrokers cluster(settings(false));
    CHECK(cluster.checkpointed_high_watermark(1) == 0);
    send(cluster, 1);
    cluster.run(1s);
    // The preferred replica goes: what it knew is on its disk, and the other one leads.
    cluster.stop_broker(1);
    CHECK(cluster.checkpointed_high_watermark(1) == 1);
    cluster.await_leader(2);
    cluster.start_and_wait(1);
    CHECK(cluster.leader() == 2);
    CHECK(cluster.checkpointed_high_watermark(1) == 1);
    cluster.await_isr();
    // The same with the other one.
    cluster.stop_broker(2);
    CHECK(cluster.checkpointed_high_watermark(2) == 1);
    cluster.start_and_wait(2);
    CHECK(cluster.leader() == 1);
    send(cluster, 1);
    cluster.await_high_watermark(2, 2);
    cluster.stop_broker(1);
    cluster.stop_broker(2);
    check_on_disk(cluster, 2);
}

TEST_CASE("LogRecoveryTest.testHWCheckpointNoFailuresMultipleLogSegments", "[kafka_tables]") {
    TwoBrokers cluster(settings(true));
    send(cluster, 20);
    CHECK(cluster.log(1, cluster.tp).segments().size() == 20);
    cluster.await_high_watermark(2, 20);
    cluster.stop_broker(1);
    cluster.stop_broker(2);
    check_on_disk(cluster, 20);
}

TEST_CASE("LogRecoveryTest.testHWCheckpointWithFailuresMultipleLogSegments", "[kafka_tables]") {
    TwoBrokers cluster(settings(true));
    send(cluster, 2);
    cluster.await_high_watermark(2, 2);
    cluster.stop_broker(1);
    cluster.await_leader(2);
    cluster.stop_broker(2);
    check_on_disk(cluster, 2);

    cluster.start_and_wait(2);
    cluster.await_leader(2);
    CHECK(cluster.log(2, cluster.tp).high_watermark() == 2);
    CHECK(cluster.checkpointed_high_watermark(1) == 2);
    cluster.start_and_wait(1);
    check_on_disk(cluster, 2);
    send(cluster, 2);
    cluster.await_high_watermark(1, 4);
    CHECK(cluster.log(1, cluster.tp).segments().size() == 4);
    cluster.stop_broker(1);
    cluster.stop_broker(2);
    check_on_disk(cluster, 4);
}
