// SPDX-License-Identifier: Apache-2.0
// The tutorial typed from its first line to its last in one lab session: every command as it stands there, its slips
// included, with what the tutorial shows (or says) that comes of it.
#include "tests/lab/lab_session.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;
using namespace kafkasim::sim::lab;

namespace {

/// Replicas of my-kafka-topic as in the tutorial; group2's partition of __consumer_offsets (39) on broker 2 alone.
std::string pins() {
    std::string offsets;
    for (int partition = 0; partition < 50; ++partition)
        offsets += std::string(partition == 0 ? "" : ", ") + (partition % 2 == 0 ? "[3]" : "[2]");
    return R"({"title": "The tutorial", "pin": {"topics": {
        "my-kafka-topic": {"id": "2c7cvTC1QGKy2bu18revoA", "assignment": [[3,1,2],[1,2,3],[2,3,1]],
                           "again": [{"assignment": [[3,1,2],[1,2,3],[2,3,1]]}]},
        "__consumer_offsets": {"assignment": [)" +
           offsets + R"(]}}}, "steps": []})";
}

struct Typed {
    std::string terminal;
    std::string line;
    std::vector<std::string> shows;  // in this order
};

const std::string kServers = "localhost:9093,localhost:9094,localhost:9095";
const std::string kTopics = "bin/kafka-topics.sh --bootstrap-server localhost:9093 ";
const std::string kConfigs = "bin/kafka-configs.sh --bootstrap-server localhost:9093 ";
const std::string kGroups = "bin/kafka-consumer-groups.sh --bootstrap-server localhost:9093 ";

const std::vector<Typed> kServersStart = {
    {"zookeeper",
     "bin/zookeeper-server-start.sh config/zookeeper.properties",
     {"clientPort", "______", "ContainerManager", "ZooKeeper audit is disabled"}},
    {"main", "cp config/server.properties config/server.1.properties", {}},
    {"main", "cp config/server.properties config/server.2.properties", {}},
    {"main", "cp config/server.properties config/server.3.properties", {}},
    {"main", ":set config/server.1.properties broker.id=1 listeners=PLAINTEXT://:9093 log.dirs=/tmp/kafka-logs1", {}},
    {"main", ":set config/server.2.properties broker.id=2 listeners=PLAINTEXT://:9094 log.dirs=/tmp/kafka-logs2", {}},
    {"main", ":set config/server.3.properties broker.id=3 listeners=PLAINTEXT://:9095 log.dirs=/tmp/kafka-logs3", {}},
    {"main", "cat config/server.1.properties", {"broker.id=1\n", "log.dirs=/tmp/kafka-logs1\n"}},
    {"main", "mkdir /tmp/kafka-logs1", {}},
    {"main", "mkdir /tmp/kafka-logs2", {}},
    {"main", "mkdir /tmp/kafka-logs3", {}},
    {"broker-1",
     "bin/kafka-server-start.sh config/server.1.properties",
     {"Kafka version: 3.0.0", "commitId: 8cb0a5e9d3441962", "startTimeMs: ", "[KafkaServer id=1] started"}},
    {"broker-2", "bin/kafka-server-start.sh config/server.2.properties", {"[KafkaServer id=2] started"}},
    {"broker-3", "bin/kafka-server-start.sh config/server.3.properties", {"[KafkaServer id=3] started"}},
};

const std::vector<Typed> kTopicsAndConfigs = {
    {"main",
     kTopics + "--create --topic my-kafka-topic --partitions 3 --replication-factor 3",
     {"Created topic my-kafka-topic.\n"}},
    {"main", kTopics + "--list", {"my-kafka-topic\n"}},
    {"main",
     kTopics + "--describe --topic my-kafka-topic",
     {"TopicId: 2c7cvTC1QGKy2bu18revoA", "PartitionCount: 3", "ReplicationFactor: 3",
      "Configs: segment.bytes=1073741824", "Partition: 0	Leader: 3	Replicas: 3,1,2	Isr: 3,1,2",
      "Partition: 1	Leader: 1	Replicas: 1,2,3	Isr: 1,2,3",
      "Partition: 2	Leader: 2	Replicas: 2,3,1	Isr: 2,3,1"}},
    {"main", kTopics + "--delete --topic my-kafka-topic", {}},
    {"main", kTopics + "--list", {"\n"}},
    {"main", kTopics + "--create --topic my-kafka-topic --partitions 3 --replication-factor 3", {"Created topic"}},
    {"main", kTopics + "--create --topic movie --partitions 3 --replication-factor 2", {"Created topic movie.\n"}},
    {"main", kTopics + "--create --topic music --partitions 1 --replication-factor 1", {"Created topic music.\n"}},
    {"main",
     kConfigs + "--entity-type topics --entity-name movie --describe",
     {"Dynamic configs for topic movie are:"}},
    {"main", kConfigs + "--entity-type brokers --entity-name 1 --describe", {"Dynamic configs for broker 1 are:"}},
    {"main",
     kConfigs + "--entity-type brokers --entity-default --alter --add-config delete.topic.enable=true",
     {"InvalidRequestException: Invalid config value for resource ConfigResource(type=BROKER, name=''): Cannot update "
      "these configs dynamically: Set(delete.topic.enable)"}},
    {"main",
     "bin/kafka-topics.sh --zookeeper localhost:2181 --delete --topic my-kafka-topic",
     {"zookeeper is not a recognized option"}},
    {"main",
     kConfigs + "--entity-type brokers --entity-default --alter --delete-config delete.topic.enable",
     {"Invalid config(s): delete.topic.enable"}},
};

const std::vector<Typed> kZooKeeperShell = {
    {"main", "bin/kafka-console-consumer.sh --bootstrap-server localhost:9093 --topic movie --group first", {}},
    {"main", "^C", {"Processed a total of 0 messages"}},  // now there is a __consumer_offsets
    {"main", "bin/zookeeper-shell.sh localhost:2181", {"Welcome to ZooKeeper!"}},
    {"main", "ls /brokers/topics", {"[__consumer_offsets, movie, music, my-kafka-topic]"}},
    {"main", "rmr /brokers/topics/my-kafka-topic", {"Command not found: Command not found rmr"}},
    {"main", "delete /brokers/topics/my-kafka-topic", {"Node not empty: /brokers/topics/my-kafka-topic"}},
    {"main", "deleteall /brokers/topics/my-kafka-topic", {}},
    {"main", "ls /brokers/topics", {"[__consumer_offsets, movie, music]"}},
    {"main", "quit", {}},
    {"main",
     kTopics + "--create --topic my-kafka-topic --partitions 3 --replication-factor 2",
     {"Error while executing topic command : Topic 'my-kafka-topic' already exists"}},
    {"main", ":undo 4", {"undone: > deleteall /brokers/topics/my-kafka-topic"}},
    {"main", "ls /brokers/topics", {"my-kafka-topic]"}},
    {"main", "quit", {}},
};

const std::vector<Typed> kClients = {
    {"producer", "bin/kafka-console-producer.sh --broker-list " + kServers + " --topic my-kafka-topic", {}},
    {"producer", "first insert", {}},
    {"producer", "두번째 입력", {}},
    {"producer", "^C", {}},
    {"consumer",
     "bin/kafka-console-consumer.sh --bootstrap-server localhost:9093 --topic my-kafka-topic --from-beginning",
     {"first insert\n", "두번째 입력\n"}},
    {"producer",
     "/bin/kafka-console-producer.sh --broker-list localhost:9093 --topic my-kafka-topic",
     {"/bin/kafka-console-producer.sh: No such file or directory"}},
    {"producer",
     "bin/kafka-console-producer.sh --broker-list localhost:9093 --topic my-kafka-topic --property \"parse.key=true\" "
     "--property \"key.separator=:\"",
     {}},
    {"producer", "\"key\":\"second key value\"", {"consumer | \"second key value\"\n"}},
    {"producer", "key3:third", {"consumer | third\n"}},
    {"producer", "^C", {}},
    {"consumer", "^C", {"Processed a total of 4 messages"}},
    {"main", "echo from a file > file.log", {}},
    {"main",
     "kafka-console-producer --broker-list localhost:9092 --topic test_topic < file.log",
     {"kafka-console-producer: command not found"}},
    {"consumer",
     "bin/kafka-console-consumer.sh --bootstrap-server localhost:9093 --topic my-kafka-topic --from-beginning "
     "--property print.key=true --property key.separator=:",
     {}},
    {"consumer", "^C", {"Processed a total of 4 messages"}},
    {"producer", "bin/kafka-console-producer.sh --broker-list " + kServers + " --topic my-kafka-topic", {}},
    {"producer", "real-time data", {}},
    {"producer", "awesome!!!", {}},
    {"producer", "^C", {}},
};

const std::vector<Typed> kGroupsAndOffsets = {
    {"consumer",
     "bin/kafka-console-consumer.sh --bootstrap-server localhost:9093 --topic my-kafka-topic --group group-01",
     {}},
    {"consumer-2",
     "bin/kafka-console-consumer.sh --bootstrap-server localhost:9093 --topic my-kafka-topic --group group-01",
     {}},
    {"main",
     "kafka-console-groups.sh --bootstrap-server localhost:9092 --describe --group group-01",
     {"kafka-console-groups.sh: command not found"}},
    {"main", ":until idle", {}},
    {"main",
     kGroups + "--describe --group group-01",
     {"CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "my-kafka-topic  0", "my-kafka-topic  1", "my-kafka-topic  2"}},
    {"consumer-2", "^C", {"Processed a total of 0 messages"}},
    {"consumer", "^C", {"Processed a total of 0 messages"}},
    {"main",
     kGroups + "--group group-01 --reset-offsets --to-earlist --execute --topic my-kafka-topic",
     {"to-earlist is not a recognized option"}},
    {"main",
     kGroups + "--group group-01 --reset-offsets --to-earliest --execute --topic my-kafka-topic",
     {"NEW-OFFSET", "my-kafka-topic", "0", "0"}},
    {"main", kGroups + "--group group-01 --reset-offsets --shift-by 1 --execute --all-topics", {"NEW-OFFSET"}},
    {"main", kGroups + "--group group-01 --reset-offsets --to-current --dry-run --all-topics", {"NEW-OFFSET"}},
};

const std::vector<Typed> kReplicationTest = {
    {"broker-1",
     "^C",
     {"Metrics reporters closed", "Broker and topic stats closed (kafka.server.BrokerTopicStats)",
      "App info kafka.server for 1 unregistered", "[KafkaServer id=1] shut down completed (kafka.server.KafkaServer)"}},
    {"main",
     "bin/kafka-topics.sh --describe --topic my-kafka-topic --bootstrap-server localhost:9094",
     {"Isr: 3,2\n", "Partition: 1	Leader: 2", "Isr: 2,3\n", "Isr: 2,3\n"}},
    {"consumer",
     "bin/kafka-console-consumer.sh --bootstrap-server localhost:9094 --topic my-kafka-topic --from-beginning --group "
     "group2",
     {"real-time data\n"}},
    {"consumer", "^C", {"Processed a total of 6 messages"}},
    {"consumer", ":why", {"Order holds within a partition, not between partitions"}},
    {"broker-2", "^C", {"[KafkaServer id=2] shut down completed"}},
    {"consumer",
     "bin/kafka-console-consumer.sh --bootstrap-server localhost:9095 --topic my-kafka-topic --from-beginning --group "
     "group2",
     {}},
    {"consumer", ":wait 20s", {}},
    {"consumer", "^C", {"Processed a total of 0 messages"}},
    {"consumer", ":why", {"has no coordinator", "__consumer_offsets-39", "not a matter of majorities"}},
    {"main", ":describe", {"broker 1   down", "broker 3   up    localhost:9095  controller"}},
};

void type(Session& session, const std::vector<Typed>& lines) {
    for (const Typed& typed : lines) {
        session.go(typed.terminal);
        const Reply reply = session.enter(typed.line);
        INFO("[" << typed.terminal << "] " << typed.line << "\n" << reply.text);
        CHECK_FALSE(reply.failed);
        size_t at = 0;
        for (const std::string& text : typed.shows) {
            INFO("does not show: " << text);
            const size_t found = reply.text.find(text, at);
            CHECK(found != std::string::npos);
            if (found != std::string::npos) at = found + text.size();
        }
    }
}

}  // namespace

TEST_CASE("lab: the whole tutorial, typed from its first line to its last in one session") {
    auto read = scenario::read_scenario(pins(), "tutorial");
    for (const auto& problem : read.problems) INFO(problem.text());
    REQUIRE(read.scenario);
    Session session(std::move(*read.scenario), {});
    type(session, kServersStart);
    CHECK(session.terminal("zookeeper").text.find("Creating new log file: log.1") != std::string::npos);
    type(session, kTopicsAndConfigs);
    type(session, kZooKeeperShell);
    type(session, kClients);
    type(session, kGroupsAndOffsets);
    type(session, kReplicationTest);

    // And once more, from what :save writes.
    const Played played = play(session.saved());
    CHECK(played.result.problems.empty());
    CHECK(played.result.digest == session.digest());
}
