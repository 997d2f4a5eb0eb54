// SPDX-License-Identifier: Apache-2.0
// Each tool wrongly used, in all the ways that a person finds: unknown options, missing arguments, numbers that are
// none, topics, groups, files and brokers that are not there, options given twice, abbreviated or empty. What the real
// tools said is in the recordings.
#include "tests/scenario/recorded.hpp"

using namespace kafkasim::sim::scenario;

TEST_CASE("kafka-topics wrongly used answers as the real one does") { check_equal("bad-usage-kafka-topics.json", {}); }

TEST_CASE("kafka-configs wrongly used answers as the real one does") {
    check_equal("bad-usage-kafka-configs.json", {});
}

TEST_CASE("kafka-consumer-groups wrongly used answers as the real one does") {
    check_equal("bad-usage-kafka-consumer-groups.json", {});
}

TEST_CASE("kafka-leader-election wrongly used answers as the real one does") {
    check_equal("bad-usage-kafka-leader-election.json", {});
}

TEST_CASE("kafka-get-offsets wrongly used answers as the real one does") {
    check_equal("bad-usage-kafka-get-offsets.json", {});
}

TEST_CASE("kafka-server-start and zookeeper-server-start wrongly used answer as the real ones do") {
    check_equal("bad-usage-servers.json", {});
}

TEST_CASE("kafka-reassign-partitions wrongly used answers as the real one does") {
    check_equal("bad-usage-kafka-reassign-partitions.json", {});
}

TEST_CASE("kafka-delete-records wrongly used answers as the real one does") {
    check_equal("bad-usage-kafka-delete-records.json", {});
}

TEST_CASE("kafka-dump-log wrongly used answers as the real one does") {
    check_equal("bad-usage-kafka-dump-log.json", {{22, "--transaction-log-decoder is refused by name"}});
}

TEST_CASE("kafka-console-producer wrongly used answers as the real one does") {
    check_equal("bad-usage-kafka-console-producer.json", {});
}

TEST_CASE("kafka-console-consumer wrongly used answers as the real one does") {
    check_equal("bad-usage-kafka-console-consumer.json", {});
}

TEST_CASE("kafka-broker-api-versions, rightly and wrongly used, answers as the real one does") {
    check_equal("bad-usage-kafka-broker-api-versions.json",
                {{23, "the client's and the tool's 5 s end at one moment: whether the WARN comes first is a race"}});
}

TEST_CASE("kafka-verifiable-consumer wrongly used answers as the real one does") {
    check_equal("bad-usage-kafka-verifiable-consumer.json", {});
}

TEST_CASE("zookeeper-shell wrongly used answers as the real one does") {
    const std::string race = "whether the session's event comes before the end is a race";
    check_equal("bad-usage-zookeeper-shell.json", {{26, race},
                                                   {27, race},
                                                   {28, race},
                                                   {34, "a host that nobody knows is refused by name"},
                                                   {35, "a path after the port is refused by name"},
                                                   {37, "a host that nobody knows is refused by name"}});
}
