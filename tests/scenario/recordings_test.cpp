// SPDX-License-Identifier: Apache-2.0
// Recordings of a real Kafka 3.0.0, played by the simulator and compared step by step.
#include <nlohmann/json.hpp>

#include "tests/scenario/recorded.hpp"

using namespace kafkasim::sim::scenario;

TEST_CASE("the replication test answers as the real cluster did") { check_equal("01-replication-test.json", {}); }

TEST_CASE("the replication test with offsets replicated three times answers as the real cluster did") {
    check_equal("02-replication-test-rf3.json", {});
}

TEST_CASE("three groups, one with its coordinator stopped, answer as on the real cluster") {
    check_equal("03-dead-coordinator.json", {});
}

TEST_CASE("kafka-configs and the tutorial's three errors answer as on the real cluster") {
    check_equal("05-configs.json", {});
}

TEST_CASE("a topic removed in zookeeper-shell leaves the brokers' memory broker by broker, as on the real cluster") {
    check_equal("06-zookeeper-surgery.json", {});
}

TEST_CASE("a broker describes all its settings as the real one does") { check_equal("configs-all.json", {}); }

TEST_CASE("groups in all their states are listed, described and deleted as on the real cluster") {
    check_equal("09-group-states.json", {});
}

TEST_CASE("offsets of groups are reset in every form and deleted as on the real cluster") {
    check_equal("10-reset-offsets.json", {});
}

TEST_CASE("Kafka's own tests of groups listed, described and deleted are answered as on the real cluster") {
    check_equal("kafka-tests-group-command.json", {});
}

TEST_CASE("Kafka's own tests of offsets reset are answered as on the real cluster") {
    check_equal("kafka-tests-group-resets.json", {});
}

TEST_CASE("offsets expire, and a full group refuses, as on the real cluster") {
    check_equal("offsets-expire.json", {});
}

TEST_CASE("the console producer reads, sends and refuses as on the real cluster") {
    check_equal("07-producer.json", {});
}

TEST_CASE("the verifiable producer counts, throttles, reports and refuses as on the real cluster") {
    check_equal("verifiable-producer.json", {});
}

TEST_CASE("the verifiable consumer tells of its group, its records and its commits as on the real cluster") {
    check_equal("verifiable-consumer.json", {});
}

TEST_CASE("three verifiable consumers on one partition come, go, are bounced and fenced as on the real cluster") {
    check_equal("verifiable-consumer-group.json",
                {{73, "whether a commit or a heartbeat is the first to be told that its sender is fenced is chance"}});
}

TEST_CASE("idempotence, codecs, refused configurations and producer snapshots go as on the real cluster") {
    check_equal("17-idempotence.json", {});
}

TEST_CASE("preferred leaders come back by kafka-leader-election as on the real cluster") {
    check_equal("15-preferred-leader.json", {});
}

TEST_CASE("kill -9 of a follower and of a leader goes as on the real cluster") { check_equal("11-crash.json", {}); }

TEST_CASE("with no replica of the Isr left, waiting or losing data goes as on the real cluster") {
    check_equal("13-unclean-election.json", {});
}

TEST_CASE("one, two, three, four members, and back: rebalances go as on the real cluster") {
    check_equal("16-rebalance.json", {});
}

TEST_CASE("topics are created, listed, described, grown and deleted as on the real cluster") {
    check_equal("04-topics.json", {});
}

TEST_CASE("the controller dies and another takes over as on the real cluster") {
    check_equal("12-controller.json", {});
}

TEST_CASE("the console consumer's options answer as on the real cluster") { check_equal("08-consumer.json", {}); }

TEST_CASE("formatters, deserializers and patterns of the console consumer answer as on the real cluster") {
    check_equal("consumer-formats.json", {});
}

TEST_CASE("min.insync.replicas and acks answer as on the real cluster") {
    check_equal("14-min-insync-replicas.json", {});
}

TEST_CASE("retention, the rolling of segments and the removal of their files go as on the real cluster") {
    check_equal("log-retention.json", {});
}

TEST_CASE("compacted topics are cleaned as on the real cluster") { check_equal("log-compaction.json", {}); }

TEST_CASE("a follower that was away while its records were deleted begins anew as on the real cluster") {
    check_equal("log-follower-behind.json", {});
}

TEST_CASE("kafka-delete-records answers as on the real cluster") { check_equal("log-delete-records.json", {}); }

TEST_CASE("kafka-dump-log shows indexes, refuses and helps as on the real cluster") {
    check_equal("log-dump-indexes.json", {});
    check_equal("log-dump-usage.json", {});
}

TEST_CASE("partitions move, and kafka-reassign-partitions tells of it, as on the real cluster") {
    check_equal("reassignment.json", {});
}

TEST_CASE("a partition goes on moving under the next controller as on the real cluster") {
    check_equal("reassignment-failover.json", {});
}

TEST_CASE("a recording is equal to itself, and to a changed copy it is not") {
    for (const std::string name :
         {"01-replication-test.json", "02-replication-test-rf3.json", "03-dead-coordinator.json"}) {
        const std::string text = read_recording(name);
        CHECK(compare_recordings(text, text).empty());
        const auto recording = nlohmann::ordered_json::parse(text, nullptr, false);
        size_t noticed = 0, changed = 0;
        for (size_t i = 0; i < recording["steps"].size(); ++i) {
            auto copy = recording;
            auto& seen = copy["steps"][i]["seen"];
            if (!seen.contains("stdout")) continue;
            seen["stdout"] = seen["stdout"].get<std::string>() + "one more line\n";
            ++changed;
            const auto differences = compare_recordings(text, copy.dump());
            noticed +=
                differences.size() == 1 && differences[0].step == i + 1 && differences[0].field == "stdout" ? 1 : 0;
        }
        CHECK(changed > 0);
        CHECK(noticed == changed);
    }
}

TEST_CASE("added replicas are spread over racks, and a broker without one is an error, as on the real cluster") {
    check_equal("racks.json", {});
}

TEST_CASE("a replica that begins inside a batch begins where the batch does, as on the real cluster") {
    check_equal("log-start-inside-a-batch.json", {});
}

TEST_CASE(
    "brokers that speak an older protocol write the Isr themselves and ask before they fetch, as on the real cluster") {
    check_equal("protocol-version-2.6.json", {});
    check_equal("protocol-version-2.0.json", {});
    check_equal("protocol-version-1.1.json", {});
}
