// SPDX-License-Identifier: Apache-2.0
// What a cluster does when the disk of one of its hosts is full, broken or slow, when a plug is pulled, and when a
// clock is wrong.
#include "tests/faults/played.hpp"

using namespace kafkasim;
using test::kCreate;
using test::Played;
using test::produce;
using test::running_cluster;

namespace {

const std::string kRead =
    R"({"run":"bin/kafka-console-consumer.sh --topic t --bootstrap-server localhost:9093,localhost:9095 --partition 0 )"
    R"(--offset earliest","for":"3s","expect":{"stdout":")";

std::string read(const std::string& lines) { return kRead + lines + R"("}})"; }

std::string after(const std::string& steps) { return kCreate + produce("a") + steps; }

}  // namespace

TEST_CASE("a leader whose disk is full halts, another leads, and nothing acknowledged is lost") {
    const Played played(
        running_cluster(after(R"({"disk":{"of":"broker-2","is":"full"}},)" + produce("b") + read("a\\nb\\n"))));
    CHECK(played.result.problems.empty());
    CHECK(played.process("broker-2").exit_code == 1);
    CHECK(played.said("broker-2",
                      "ERROR Error while appending records to t-0 in dir /tmp/kafka-logs2 "
                      "(kafka.server.LogDirFailureChannel)\njava.io.IOException: No space left on device"));
    CHECK(played.said("broker-2", "Shutdown broker because all log dirs in /tmp/kafka-logs2 have failed"));
    // As after a crash: its session has to end.
    CHECK(played.ms(4) > 15000);
}

TEST_CASE("a follower whose disk failed halts, and acks=all goes on when it has left the Isr") {
    const Played played(running_cluster(
        after(R"({"disk":{"of":"broker-3","is":"failed"}},)" + produce("b") +
              R"({"wait":{"until":{"isr":{"t":{"0":[2,1]}}},"at_most":"40s"},"expect":{"isr":{"t":{"0":[2,1]}}}},)" +
              read("a\\nb\\n"))));
    CHECK(played.result.problems.empty());
    CHECK(played.process("broker-3").exit_code == 1);
}

TEST_CASE("an idle broker notices its failed disk when it writes its checkpoint, within five seconds") {
    const Played played(
        running_cluster(after(R"({"wait":"20s"},{"disk":{"of":"broker-2","is":"failed"}},{"wait":"6s"})")));
    CHECK(played.result.problems.empty());
    CHECK_FALSE(played.process("broker-2").alive());
    CHECK(played.said("broker-2", "Error while writing to highwatermark file in directory /tmp/kafka-logs2"));
}

TEST_CASE("a broker does not start on a failed disk") {
    const Played played(running_cluster(
        R"({"stop":"broker-2"},{"disk":{"of":"broker-2","is":"failed"}},{"start":"broker-2","expect":{"exit_code":1}})"));
    CHECK(played.result.problems.empty());
    CHECK(played.said("broker-2", "Failed to read /tmp/kafka-logs2/meta.properties", 1));
    CHECK(
        played.said("broker-2", "none of the specified log dirs from /tmp/kafka-logs2 can be created or validated", 1));
}

TEST_CASE("ZooKeeper ends when its disk is full, without an answer") {
    const Played played(running_cluster(
        R"({"disk":{"of":"zookeeper","is":"full"}},)"
        R"({"run":"bin/kafka-topics.sh --create --topic u --bootstrap-server localhost:9093 --replica-assignment 1","for":"5s"})"));
    CHECK(played.result.problems.empty());
    CHECK(played.process("zookeeper").exit_code == 1);
    CHECK(played.said("zookeeper", "Severe unrecoverable error, from thread : SyncThread:0"));
}

TEST_CASE("acks=all waits for a follower's slow disk, other replies and ZooKeeper's pings do not") {
    const std::string slow = R"({"slow":{"disk":"broker-3","by":"700ms"}},)";
    const Played quick(running_cluster(after(produce("b") + R"({"wait":"1s"})")));
    const Played played(running_cluster(after(slow + produce("b") + R"({"wait":"40s"})")));
    CHECK(quick.ms(3) < 700);
    CHECK(played.ms(4) > quick.ms(3) + 600);
    CHECK(played.ms(4) < quick.ms(3) + 6000);
    CHECK(played.process("broker-3").alive());
    CHECK_FALSE(played.said("zookeeper", "Expiring session"));
}

TEST_CASE("a follower whose disk is too slow leaves the Isr, and its session lives on") {
    std::string writes;
    for (int i = 0; i < 25; ++i) writes += (i == 0 ? "" : ",") + (R"(["1s","m)" + std::to_string(i) + R"("])");
    const Played played(running_cluster(
        after(R"({"slow":{"disk":"broker-3","by":"15s"}},)"
              R"({"run":"bin/kafka-console-producer.sh --topic t --bootstrap-server localhost:9093","type":[)" +
              writes + R"(]},{"wait":"1s","expect":{"isr":{"t":{"0":[2,1]}},"znode":{"/brokers/ids/9":null}}})"),
        R"("replica.lag.time.max.ms":"10000")"));
    CHECK(played.result.problems.empty());
    CHECK(played.said("broker-2", "Shrinking ISR from 2,3,1 to 2,1"));
    CHECK_FALSE(played.said("zookeeper", "Expiring session"));
}

TEST_CASE("a power cut takes what was not flushed, and recovery goes on from the recovery point") {
    const std::string one =
        R"({"run":"bin/kafka-topics.sh --create --topic t --bootstrap-server localhost:9093 --replica-assignment 2 --config FLUSH"},)";
    const auto played = [&](const std::string& config) {
        std::string create = one;
        create.replace(create.find("FLUSH"), 5, config);
        return Played(running_cluster(
            create + R"({"wait":"30s"},)" + produce("a") + produce("b") + produce("c") +
                R"({"wait":"3s"},{"power_off":"broker-2","may_be_idle":true},)"
                R"({"wait":{"until":{"znode":{"/brokers/ids/2":false}},"at_most":"40s"}},)"
                R"({"start":"broker-2"},{"wait":"2s"},)"
                R"({"run":"bin/kafka-console-consumer.sh --topic t --bootstrap-server localhost:9093 --partition 0 --offset earliest","for":"3s"})",
            R"("log.flush.scheduler.interval.ms":"1000")"));
    };
    const auto lines = [](const Played& each) { return each.result.steps.back().seen.stdout_text.value_or("?"); };
    CHECK(lines(played("flush.messages=2 --config flush.ms=100000")) == "a\nb\n");
    CHECK(lines(played("flush.messages=1 --config flush.ms=100000")) == "a\nb\nc\n");
    CHECK(lines(played("flush.ms=100000")).empty());
    const Played by_time = played("flush.ms=2000");
    CHECK(lines(by_time) == "a\nb\nc\n");
    CHECK(by_time.receipts() == std::vector<std::string>{"power_off: broker-2 lost nothing"});
    CHECK(by_time.said("broker-2", "Recovering unflushed segment 0", 1));
}

TEST_CASE("a broker stamps by the clock on its own wall") {
    const Played played(running_cluster(
        R"({"run":"bin/kafka-topics.sh --create --topic t --bootstrap-server localhost:9093 --replica-assignment 2:3:1 --config message.timestamp.type=LogAppendTime"},)"
        R"({"clock":{"of":"broker-2","by":"-1h"}},)" +
        produce("a") +
        R"({"run":"bin/kafka-console-consumer.sh --topic t --bootstrap-server localhost:9093 --partition 0 --offset earliest --property print.timestamp=true","for":"3s",)"
        R"("expect":{"stdout_like":"LogAppendTime:16409632…\ta\n"}})"));
    CHECK(played.result.problems.empty());
    CHECK(played.said("broker-2", "[2022-01-01 00:08:"));
}
