// SPDX-License-Identifier: Apache-2.0
// What a real Kafka 3.0.0 did with the scenarios of scenarios/really: the simulator must answer the same. That the
// scenario which people play does what was recorded is checked in group_recordings_test.cpp, what it claims with all
// others in tests/cluster/scenario_files_test.cpp.
#include "tests/scenario/recorded.hpp"

using namespace kafkasim::sim::scenario;

namespace {

void check_really(const std::string& name) { check_equal("really-" + name + ".json", {}); }

}  // namespace

TEST_CASE("a confirmed shrink moves no high watermark, as on the real cluster") {
    check_really("high-watermark-stuck-after-shrink");
}

TEST_CASE("each attempt under a frozen Isr member is a copy, as on the real cluster") {
    check_really("four-copies-of-one-message");
}

TEST_CASE("a record refused after its append stays, and its retry is a second one, as on the real cluster") {
    check_really("not-enough-replicas-after-append");
}

TEST_CASE("an Isr is frozen by a znode that was set by hand, as on the real cluster") {
    check_really("isr-frozen-by-a-znode-edit");
}

TEST_CASE("a follower that is stopped costs a leader epoch, one that lags does not, as on the real cluster") {
    check_really("a-stopped-follower-costs-a-leader-epoch");
}

TEST_CASE("every StopReplica of a controlled shutdown is ignored, as on the real cluster") {
    check_really("a-stop-replica-that-is-ignored");
}

TEST_CASE("two brokers with every record lead nothing outside the Isr, as on the real cluster") {
    check_really("nobody-leads-though-two-have-everything");
}

TEST_CASE("min.insync.replicas of the broker keeps every group from reading, as on the real cluster") {
    check_really("offsets-topic-below-min-insync");
}

TEST_CASE("a running consumer skips what was written to a new partition, as on the real cluster") {
    check_really("a-new-partition-is-skipped");
}

TEST_CASE("a producer is idempotent only if it is told to be, as on the real cluster") {
    check_really("idempotent-only-by-documentation");
}

TEST_CASE("a leader that is no longer one acknowledges what is cut off, as on the real cluster") {
    check_really("a-zombie-leader-acknowledges");
}

TEST_CASE("the high watermark of a returning leader goes back twice, as on the real cluster") {
    check_really("the-high-watermark-goes-back");
}

TEST_CASE("a group whose offset was cut away goes on where the logs part, as on the real cluster") {
    check_really("truncation-as-a-consumer-sees-it");
}

TEST_CASE("an isolated leader acknowledges alone and its records are lost, as on the real cluster") {
    check_really("the-isolated-leader");
}

TEST_CASE("a running producer never finds a topic that was made anew, as on the real cluster") {
    check_really("a-recreated-topic-and-an-old-producer");
}

TEST_CASE("a topic that could not be created comes with ZooKeeper's return, as on the real cluster") {
    check_really("a-topic-that-could-not-be-created");
}

TEST_CASE("consumers read what fewer than min.insync.replicas have, as on the real cluster") {
    check_really("read-below-min-insync");
}

TEST_CASE("the last of the Isr loses its log, and the others theirs with it, as on the real cluster") {
    // In place of the power cut of scenarios/really/last-replica-standing.json the folder is removed.
    check_equal("really-last-replica-standing-rm.json", {});
}

TEST_CASE("three brokers stop, and the last takes three attempts, as on the real cluster") {
    check_really("the-last-one-takes-sixteen-seconds");
}

TEST_CASE("an idle follower that is frozen stays in the Isr until something is written, as on the real cluster") {
    check_really("an-idle-dead-follower-looks-well");
}

TEST_CASE("a partition whose state was deleted gets no leader until the next controller, as on the real cluster") {
    check_really("a-deleted-state-znode");
}

TEST_CASE("a crashed broker that is started again too early ends, as on the real cluster") {
    check_really("restarted-too-early");
}

TEST_CASE("a ZooKeeper that slept ends all sessions, as on the real cluster") { check_really("zookeeper-was-asleep"); }
