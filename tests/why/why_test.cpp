// SPDX-License-Identifier: Apache-2.0
// The answers to "why?": for each lesson the decisive facts must be in them, and what is not so must not.
#include "sim/why/why.hpp"

#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "sim/scenario/reader.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;

namespace {

struct Case {
    std::string scenario;
    size_t step;
    std::vector<std::string> holds;  // in this order
    std::vector<std::string> lacks{};
    std::string language = "en";
};

/// One played lesson, kept while its answers are asked for.
struct Lesson {
    explicit Lesson(const std::string& json, const std::string& name) {
        auto read = scenario::read_scenario(json, name);
        REQUIRE(read.scenario);
        scenario = *read.scenario;
        scenario::RunOptions options;
        options.trace = TraceLevel::Notes;
        runner = std::make_unique<scenario::Runner>(scenario, options);
        result = runner->run();
    }
    std::string answer(size_t step, const std::string& language = "en") {
        return explain(runner->world(), scenario, result, step, language);
    }

    scenario::Scenario scenario;
    std::unique_ptr<scenario::Runner> runner;
    scenario::RunResult result;
};

Lesson lesson(const std::string& name) {
    std::ifstream file(std::string(KAFKASIM_SOURCE_DIR) + "/scenarios/" + name + ".json");
    std::stringstream text;
    text << file.rdbuf();
    return Lesson(text.str(), name);
}

void check(Lesson& played, const Case& wanted) {
    const std::string answer = played.answer(wanted.step, wanted.language);
    INFO(wanted.scenario << " step " << wanted.step << " answers:\n" << answer);
    size_t from = 0;
    for (const std::string& phrase : wanted.holds) {
        INFO("looked for, in this order: " << phrase);
        const size_t at = answer.find(phrase, from);
        CHECK(at != std::string::npos);
        if (at != std::string::npos) from = at;
    }
    for (const std::string& phrase : wanted.lacks) {
        INFO("must not say: " << phrase);
        CHECK(answer.find(phrase) == std::string::npos);
    }
}

/// A cluster that runs, one topic with one partition, and these steps.
std::string small(const std::string& steps) {
    return R"({"title":"t","cluster":{"running":true},"pin":{"topics":{"t":{"assignment":[[3]]},"__consumer_offsets":{"assignment":[)" +
           [] {
               std::string layout;
               for (int i = 0; i < 50; ++i) layout += i == 0 ? "[2]" : ",[2]";
               return layout;
           }() +
           R"(]}}},"steps":[{"run":"bin/kafka-topics.sh --create --topic t --bootstrap-server localhost:9093 --partitions 1 --replication-factor 1"},)" +
           steps + "]}";
}

std::string consumer(const std::string& options, const std::string& time) {
    return R"({"run":"bin/kafka-console-consumer.sh )" + options + R"(","for":")" + time + R"("})";
}

/// What each answer must say, in this order.
const std::vector<Case> kCases{
    {"replication-test",
     4,
     {"my-kafka-topic-1: the leader goes from broker 1 to broker 2 and the Isr from 1,2,3 to 2,3", "is shutting down",
      "Ctrl+C (SIGINT) reaches the controller, broker 1 (step 4)", "controlled shutdown", "elects broker 2",
      "writes /brokers/topics/my-kafka-topic/partitions/1/state: leader 2, Isr 2,3, leader epoch 1",
      "LeaderAndIsr tells broker 2", "UpdateMetadata tells"},
     {"zookeeper-server-start", "session of broker 1 expires"}},
    {"replication-test",
     6,
     {"Order holds within a partition", "\"real-time data\"", "my-kafka-topic-2 offset 0", "\"두번째 입력\"",
      "my-kafka-topic-1 offset 0", "\"awesome!!!\"", "offset 1", "\"first insert\"", "my-kafka-topic-0 offset 0",
      "Within each partition the order is that of its offsets",
      "\"first insert\" → my-kafka-topic-0, \"두번째 입력\" → my-kafka-topic-1, \"real-time data\" → "
      "my-kafka-topic-2, \"awesome!!!\" → my-kafka-topic-1",
      "linger.ms=1000", "hash and not by number"}},
    {"replication-test",
     7,
     {"my-kafka-topic-1: the leader goes from broker 2 to broker 3", "__consumer_offsets", "25 partitions",
      "group2 (__consumer_offsets-39)", "broker 2 asks the controller, broker 3"}},
    {"replication-test",
     9,
     {"no coordinator", "% 50 = partition 39",
      "The only replica of __consumer_offsets-39 is on broker 2, which is down", "(step 7)",
      "offsets.topic.replication.factor=1", "COORDINATOR_NOT_AVAILABLE",
      "Every partition of my-kafka-topic has a leader", "not a matter of majorities"},
     {"which runs"}},
    {"replication-test",
     9,
     {"코디네이터가 없어서", "파티션 39", "브로커 2", "offsets.topic.replication.factor=1", "과반수의 문제가 아니다"},
     {"The ", " broker "},
     "ko"},
    {"replication-test", 2, {"came about in step 1", "my-kafka-topic-0: broker 3 leads, Isr 3,1,2"}},
    {"replication-test-offsets-rf3",
     7,
     {"Order holds within a partition",
      "group3 is coordinated by broker 3: it leads __consumer_offsets-38, whose replicas are on 1,2,3",
      "broker 1 was stopped", "broker 2 was stopped"}},
    {"replication-test-offsets-rf3", 9, {"from one partition", "\"written with one broker left\""}},
    {"coordinator-on-dead-broker", 2, {"The producer sent", "murmur2(key)"}, {"linger.ms"}},
    {"coordinator-on-dead-broker",
     9,
     {"__consumer_offsets: the leader of 17 partitions changed as well, broker 1 → nobody",
      "group2 (__consumer_offsets-39)", "the other groups go on"},
     {"group1 ("}},
    {"coordinator-on-dead-broker",
     12,
     {"The group group2", "only replica of __consumer_offsets-39 is on broker 1, which is down: it was stopped",
      "(step 9)", "replication.factor=1", "majorities"},
     {"which runs"}},
    {"crash-instead-of-ctrl-c", 2, {"No leader and no Isr changed in this step", "step 6", "was killed (kill -9)"}},
    {"crash-instead-of-ctrl-c",
     7,
     {"my-kafka-topic-2: the leader goes from broker 2 to broker 3", "ZooKeeper hears from broker 2 for the last time",
      "broker 2 was killed (kill -9) at", "(step 2)", "s before its session ends",
      "the ZooKeeper session of broker 2 expires", "zookeeper.session.timeout.ms=18000",
      "/brokers/ids goes off at the controller, broker 1", "sees by /brokers/ids that broker 2 has gone",
      "elects broker 3", "writes /brokers/topics/my-kafka-topic/partitions/2/state: leader 3, Isr 3,1"},
     {"Ctrl+C", "shutting down"}},
    {"restart-and-catch-up",
     6,
     {"No leader and no Isr changed in this step", "step 7", "the Isr goes from 2,3 to 2,3,1"}},
    {"restart-and-catch-up",
     8,
     {"the leader stays, and the Isr goes from 2,3 to 2,3,1: broker 1 has caught up with the leader's high "
      "watermark",
      "AlterIsr", "broker 1 starts (step 6)", "registers in ZooKeeper", "broker 1 fetches from the leader",
      "asks the controller, broker 3, by AlterIsr", "for the leader, broker 2, the Isr is 2,3,1 now"}},
    {"really/the-high-watermark-goes-back",
     14,
     {"broker 2 cuts orders-0 from end offset 4 to 2, where its log parts from that of its leader, broker 3",
      "offsets 2 to 3, written in leader epoch 1 by broker 2; visible to consumers"},
     {"leader epoch 3 by", "not yet visible"}},
    {"really/a-zombie-leader-acknowledges",
     13,
     {"from one partition", "broker 2 cuts orders-0 from end offset 2 to 1",
      "offset 1, written in leader epoch 0 by broker 2; not yet visible to consumers"},
     {"by broker 3"}},
    {"really/last-replica-standing",
     17,
     {"broker 2 cuts orders-0 from end offset 3 to 0, where its log parts from that of its leader, broker 1",
      "offsets 0 to 2, written in leader epoch 0 by broker 1; visible to consumers"},
     {"begins at the end"}},
    {"really/the-isolated-leader",
     11,
     {"리더 브로커 2 → 브로커 3", "unclean 선출: Isr에 살아 있는 브로커가 없음. 브로커 3"},
     {"Isr에 든 첫 브로커"},
     "ko"},
    {"really/the-isolated-leader",
     14,
     {"브로커 2: orders-0의 끝 오프셋 4 → 1로 자름", "리더(브로커 3)", "리더 에포크 0", "컨슈머에게 보였음"},
     {" broker "},
     "ko"},
    {"groups/the-second-consumer-reads-nothing",
     10,
     {"reads nothing because it owns no partition", "members: 2, partitions: 1", "is Stable, generation 2, range",
      "c1-", ": orders-0\n", "c2-", ": nothing\n", "asks to join (JoinGroup)", "generation 2 begins, with members: 2"},
     {"There is nothing left", "orders-1"}},
    {"groups/the-second-consumer-reads-nothing",
     10,
     {"가진 파티션이 없어서", "파티션 1, 멤버 2", "2세대", "참가 요청(JoinGroup)"},
     {"reads"},
     "ko"},
    {"groups/second-consumer-in-a-group",
     8,
     {"c2-", " reads orders-2", "the group has committed up to their ends (orders-2: 3/3)", "Its 2 members own:"},
     {"owns no partition", "LeaveGroup"}},
    {"groups/read-twice-after-a-crash",
     15,
     {"The consumer is no member of the present generation of team", "is PreparingRebalance, generation 3", "c2-",
      "(gone since ", "and not missed yet): orders-0", "waits for c2-", "says that it leaves (LeaveGroup)",
      "c3 asks to join"},
     {"generation 4 begins"}},
    {"groups/a-frozen-consumer-comes-back",
     15,
     {"c1-", " reads orders-0, orders-1, orders-2", "Its 1 members own:", "c2-", "no heartbeat for session.timeout.ms",
      "(paused at ", "generation 3 begins, with members: 1"},
     {"LeaveGroup"}},
    {"groups/a-slow-consumer-is-thrown-out",
     11,
     {"The group billing is Stable, generation 3", "Its 1 members own:", "quick-1-", ": orders-0, orders-1", "slow-1-",
      "says that it leaves (LeaveGroup)"},
     {"no heartbeat"}},
    {"groups/where-a-new-group-begins", 11, {"auto.offset.reset=none forbids"}, {"begins at the end"}},
    {"groups/lag-grows-and-shrinks",
     14,
     {"orders-0: 2 was committed at", "the log ends at 6: lag 4", "c2-"},
     {"lag 0"}},
    {"groups/a-static-member-returns", 16, {"two-", "not missed yet): orders-2", "p1-"}, {": nothing"}},
    {"groups/a-group-waits-for-its-coordinator",
     16,
     {"The group team reads nothing because it has no coordinator", "broker 2, which is down",
      "Every partition of orders has a leader"},
     {"is coordinated by"}},
};

}  // namespace

TEST_CASE("why: each lesson's answers hold the decisive facts") {
    std::map<std::string, Lesson> played;
    for (const Case& wanted : kCases) {
        auto found = played.find(wanted.scenario);
        if (found == played.end()) found = played.emplace(wanted.scenario, lesson(wanted.scenario)).first;
        check(found->second, wanted);
    }
}

TEST_CASE("why: a consumer that prints nothing for another reason is told that reason") {
    const std::string write =
        R"({"run":"bin/kafka-console-producer.sh --broker-list localhost:9093 --topic t","stdin":"one\n"},)";
    const std::string read = "--bootstrap-server localhost:9094 --topic t --from-beginning --group g";
    struct Row {
        std::string steps;
        size_t step;
        std::string phrase;
    };
    const std::vector<Row> rows{
        {consumer(read, "8s"), 2, "There is nothing in t"},
        {write + consumer(read, "8s") + "," + consumer(read, "8s"), 4, "The group g had read everything before"},
        {write + consumer("--bootstrap-server localhost:9094 --topic t", "6s"), 3, "Without --from-beginning"},
        {write + R"({"stop":"broker-1"},)" +
             consumer("--bootstrap-server localhost:9093 --topic t --from-beginning --group g", "6s"),
         4, "could not reach localhost:9093"},
        {write + consumer(read, "8s") + R"(,{"stop":"broker-3"},)" + consumer(read, "8s"), 5, "t-0 has no leader"},
    };
    for (const Row& row : rows) {
        Lesson played(small(row.steps), "small");
        const std::string answer = played.answer(row.step);
        INFO(answer);
        for (const std::string& problem : played.result.problems) FAIL_CHECK(problem);
        CHECK(played.result.steps.at(row.step - 1).seen.stdout_text.value_or("?").empty());
        CHECK(answer.find(row.phrase) != std::string::npos);
        CHECK(answer.find("no coordinator") == std::string::npos);
    }
}
