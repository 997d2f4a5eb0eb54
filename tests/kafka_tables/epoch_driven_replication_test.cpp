// SPDX-License-Identifier: Apache-2.0
// The 5 cases of Kafka 3.0.0's EpochDrivenReplicationProtocolAcceptanceTest, by their names: KIP-101 end to end. Kafka
// plays them twice, with the newest inter-broker protocol and with 2.6 (EpochDrivenReplicationProtocolAcceptance-
// WithIbp26Test), which is our rule set kip-320; we also under the sets between. The test's own comment says that some
// fail before KIP-101: they do, under truncate-to-high-watermark.
#include "tests/kafka_tables/two_brokers.hpp"

using namespace kafkasim;
using namespace kafkasim::test;

namespace {

using Entries = std::vector<log::EpochEntry>;

// Those under which the cases pass, as they must.
const std::vector<std::string> kSound = {"3.0.0", "kip-320", "kip-320-first-try", "kip-279", "kip-101"};
const std::string kKip101 = "kip-101";
const std::string kBeforeKip101 = "truncate-to-high-watermark";

config::Properties settings(const std::string& rules, bool unclean = false) {
    return {{std::string(broker::kRulesSetting), rules},
            {"auto.leader.rebalance.enable", "false"},
            {"unclean.leader.election.enable", unclean ? "true" : "false"}};
}

/// The log of a broker, batch by batch: "5-9 epoch 1 a,b,c,d,e".
std::vector<std::string> contents(const TwoBrokers& cluster, int32_t id) {
    std::vector<std::string> lines;
    for (const protocol::RecordBatch& batch : cluster.log(id, cluster.tp).read_all()) {
        std::string values;
        for (const protocol::Record& record : batch.records())
            values += (values.empty() ? "" : ",") + record.value.value_or("null");
        lines.push_back(std::to_string(batch.base_offset) + "-" + std::to_string(batch.last_offset()) + " epoch " +
                        std::to_string(batch.partition_leader_epoch) + " " + values);
    }
    return lines;
}

const Entries& epochs(const TwoBrokers& cluster, int32_t id) { return cluster.log(id, cluster.tp).epochs().entries(); }

int32_t latest_epoch(const TwoBrokers& cluster, int32_t id) {
    return cluster.log(id, cluster.tp).read_all().back().partition_leader_epoch;
}

/// Whether both logs end at the same offset within a minute.
bool logs_match(TwoBrokers& cluster) {
    return cluster.world.run_until(cluster.world.now() + 60s, [&] {
        return cluster.log(1, cluster.tp).log_end_offset() == cluster.log(2, cluster.tp).log_end_offset();
    });
}

/// The file of a stopped broker loses its end, as if the machine had crashed.
void crash(TwoBrokers& cluster, int32_t id, size_t batches_left) {
    const std::string dir = TwoBrokers::log_dir(id);
    cluster.world.disk().remove(dir + "/" + std::string(log::kCleanShutdownFile));
    cluster.world.disk().keep_batches(dir + "/t-0/00000000000000000000.log", batches_left);
}

std::vector<std::string> values(const std::string& prefix, int count) {
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) all.push_back(prefix + std::to_string(i));
    return all;
}

}  // namespace

TEST_CASE("EpochDrivenReplicationProtocolAcceptanceTest.shouldFollowLeaderEpochBasicWorkflow", "[kafka_tables]") {
    for (const std::string& rules : kSound) {
        DYNAMIC_SECTION(rules) {
            TwoBrokers cluster(settings(rules));
            cluster.send({"m0"});
            for (const int32_t id : {1, 2}) {
                CHECK(latest_epoch(cluster, id) == 0);
                CHECK(epochs(cluster, id) == Entries{{0, 0}});
            }
            cluster.bounce(2);
            cluster.await_isr();
            // Nothing is written yet.
            CHECK(epochs(cluster, 1) == Entries{{0, 0}, {1, 1}});
            CHECK(epochs(cluster, 2) == Entries{{0, 0}});
            cluster.send({"m1"});
            for (const int32_t id : {1, 2}) {
                CHECK(latest_epoch(cluster, id) == 1);
                CHECK(epochs(cluster, id) == Entries{{0, 0}, {1, 1}});
            }
            cluster.bounce(1);
            cluster.await_isr();
            REQUIRE(cluster.leader() == 2);
            CHECK(epochs(cluster, 2) == Entries{{0, 0}, {1, 1}, {2, 2}});
            CHECK(epochs(cluster, 1) == Entries{{0, 0}, {1, 1}});
            cluster.send({"m2"});
            for (const int32_t id : {1, 2}) {
                CHECK(latest_epoch(cluster, id) == 2);
                CHECK(epochs(cluster, id) == Entries{{0, 0}, {1, 1}, {2, 2}});
            }
        }
    }
}

namespace {

/// Ten records on both; the leader crashes and loses five; it leads again and takes nine new ones; the other returns.
void diverge(TwoBrokers& cluster) {
    for (const std::string& value : values("old", 10)) cluster.send({value});
    cluster.stop_broker(2);
    cluster.stop_broker(1);
    crash(cluster, 1, 5);
    cluster.start_and_wait(1);
    REQUIRE(cluster.log(1, cluster.tp).log_end_offset() == 5);
    for (const std::string& value : values("new", 9)) cluster.send({value});
    cluster.start_and_wait(2);
}

}  // namespace

TEST_CASE("EpochDrivenReplicationProtocolAcceptanceTest.shouldNotAllowDivergentLogs", "[kafka_tables]") {
    for (const std::string& rules : kSound) {
        DYNAMIC_SECTION(rules) {
            TwoBrokers cluster(settings(rules));
            diverge(cluster);
            CHECK(logs_match(cluster));
            CHECK(cluster.log(1, cluster.tp).log_end_offset() == 14);
            CHECK(contents(cluster, 1) == contents(cluster, 2));
        }
    }
    DYNAMIC_SECTION(kBeforeKip101 << ": they part") {
        TwoBrokers cluster(settings(kBeforeKip101));
        diverge(cluster);
        CHECK(logs_match(cluster));
        CHECK(contents(cluster, 1) != contents(cluster, 2));
        CHECK(contents(cluster, 2)[5] == "5-5 epoch 0 old5");
    }
}

namespace {

/// A hundred records on both; the leader crashes, loses half of them and takes two batches of 77, so that the other's
/// end is in the middle of a batch.
void align(TwoBrokers& cluster) {
    for (const std::string& value : values("old", 100)) cluster.send({value});
    cluster.stop_broker(2);
    cluster.stop_broker(1);
    crash(cluster, 1, 50);
    cluster.start_and_wait(1);
    cluster.send(values("first", 77));
    cluster.send(values("second", 77));
    cluster.start_and_wait(2);
}

}  // namespace

// Theirs stops the leader first, so that the other one is the Isr and nothing of this happens; ours the follower.
TEST_CASE("EpochDrivenReplicationProtocolAcceptanceTest.offsetsShouldNotGoBackwards", "[kafka_tables]") {
    for (const std::string& rules : kSound) {
        DYNAMIC_SECTION(rules) {
            TwoBrokers cluster(settings(rules));
            align(cluster);
            CHECK(logs_match(cluster));
            CHECK(contents(cluster, 1) == contents(cluster, 2));
            int64_t previous = -1;
            for (const protocol::RecordBatch& batch : cluster.log(2, cluster.tp).read_all()) {
                CHECK(batch.base_offset == previous + 1);
                previous = batch.last_offset();
            }
            CHECK(previous == 50 + 2 * 77 - 1);
        }
    }
    // A log of 3.0.0 does not take offsets that go back: the follower gives up.
    DYNAMIC_SECTION(kBeforeKip101 << ": the follower cannot go on") {
        TwoBrokers cluster(settings(kBeforeKip101));
        align(cluster);
        CHECK_FALSE(logs_match(cluster));
        CHECK(cluster.log(2, cluster.tp).log_end_offset() <= 100);
        CHECK(cluster.logs(2).find("Partition t-0 marked as failed") != std::string::npos);
    }
}

TEST_CASE("EpochDrivenReplicationProtocolAcceptanceTest.shouldSurviveFastLeaderChange", "[kafka_tables]") {
    std::vector<std::string> all = kSound;
    all.push_back(kBeforeKip101);  // theirs does not fail either: the race is not met
    for (const std::string& rules : all) {
        DYNAMIC_SECTION(rules) {
            TwoBrokers cluster(settings(rules));
            cluster.send({"m0"});
            for (int round = 1; round <= 5; ++round) {
                const int32_t leader = cluster.leader();
                const int32_t follower = cluster.follower();
                cluster.send({"m" + std::to_string(round)});
                cluster.bounce(follower);
                cluster.await_isr();
                cluster.bounce(leader);
                cluster.await_isr();
                for (const int32_t id : {1, 2}) CHECK(cluster.log(id, cluster.tp).log_end_offset() == round + 1);
            }
            CHECK(contents(cluster, 1) == contents(cluster, 2));
        }
    }
}

namespace {

/// Leaders that miss each other's records, elected in turn.
void elect_in_turn(TwoBrokers& cluster) {
    const auto only = [&](int32_t id) {
        cluster.stop_broker(3 - id);
        if (!cluster.alive(id)) cluster.start_and_wait(id);
        cluster.await_leader(id);
    };
    cluster.send({"a"}, 1);
    cluster.run(2s);
    only(2);
    cluster.send({"b"}, 1);
    only(1);
    for (const std::string& value : values("c", 3)) cluster.send({value}, 1);
    only(2);
    cluster.send({"d"}, 1);
    only(1);
    for (const std::string& value : values("e", 2)) cluster.send({value}, 1);
    cluster.start_and_wait(2);
}

}  // namespace

// Kafka added this case with KIP-279 (KAFKA-6361): one question for the last epoch is not enough.
TEST_CASE("EpochDrivenReplicationProtocolAcceptanceTest.logsShouldNotDivergeOnUncleanLeaderElections",
          "[kafka_tables]") {
    for (const std::string& rules : kSound) {
        if (rules == kKip101) continue;
        DYNAMIC_SECTION(rules) {
            TwoBrokers cluster(settings(rules, true), {{"min.insync.replicas", "1"}});
            elect_in_turn(cluster);
            CHECK(logs_match(cluster));
            CHECK(contents(cluster, 1) == contents(cluster, 2));
            CHECK(contents(cluster, 1).size() == 1 + 3 + 2);
        }
    }
    for (const std::string& rules : {kKip101, kBeforeKip101}) {
        DYNAMIC_SECTION(rules << ": they part") {
            TwoBrokers cluster(settings(rules, true), {{"min.insync.replicas", "1"}});
            elect_in_turn(cluster);
            CHECK(logs_match(cluster));
            CHECK(contents(cluster, 1) != contents(cluster, 2));
        }
    }
}
