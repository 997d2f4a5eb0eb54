// SPDX-License-Identifier: Apache-2.0
// What Tab offers, and text by columns.
#include "tests/lab/lab_session.hpp"

using namespace kafkasim::sim::lab;

namespace {

using Words = std::vector<std::string>;

struct Row {
    std::string line;
    Words candidates;
};

void check(const Session& session, const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        INFO(row.line);
        CHECK(complete(session, row.line).candidates == row.candidates);
    }
}

}  // namespace

TEST_CASE("lab completion: commands, options, topics, groups, brokers, files, znodes") {
    const auto session = new_session();
    check(*session, {
                        {"bin/kafka-consumer-g", {"bin/kafka-consumer-groups.sh"}},
                        {"mkd", {"mkdir"}},
                        {"bin/kafka-topics.sh --if", {"--if-exists", "--if-not-exists"}},
                        {"bin/kafka-dump-log.sh --fi", {"--files"}},
                        {"bin/kafka-topics.sh --topic ", {}},
                        {"cat ", Words{"bin/", "config/", "libs/", "licenses/", "logs/", "site-docs/"}},
                        {"cat config/server.1", {"config/server.1.properties"}},
                        {":des", {":describe"}},
                        {":wat", {":watch"}},
                        {":stop bro", {"broker-1", "broker-2", "broker-3"}},
                        {":until ", {"idle"}},
                        {":go ma", {"main"}},
                        {"nothing-like-this", {}},
                    });
    start_cluster(*session);
    session->enter(
        "bin/kafka-topics.sh --create --topic music --bootstrap-server localhost:9093 --partitions 1 "
        "--replication-factor 3");
    in(*session, "consumer",
       "bin/kafka-console-consumer.sh --bootstrap-server localhost:9093 --topic music --group gr1");
    session->go("main");
    check(*session,
          {
              {"bin/kafka-topics.sh --topic mu", {"music"}},
              {"bin/kafka-consumer-groups.sh --group ", {"gr1"}},
              {"bin/kafka-topics.sh --bootstrap-server ", {"localhost:9093", "localhost:9094", "localhost:9095"}},
              {"bin/kafka-configs.sh --entity-type brokers --entity-name ", {"1", "2", "3"}},
              {"bin/kafka-configs.sh --entity-type topics --entity-name m", {"music"}},
          });
    session->enter("bin/zookeeper-shell.sh localhost:2181");
    check(*session, {
                        {"del", {"delete", "deleteall"}},
                        {"ls /brokers/i", {"/brokers/ids"}},
                        {"ls /brokers/ids/", {"/brokers/ids/1", "/brokers/ids/2", "/brokers/ids/3"}},
                    });
    session->go("consumer");  // reads nothing
    check(*session, {{"bin/kafka", {}}});
    CHECK(complete(*session, ":ki").candidates == Words{":kill"});
}

TEST_CASE("lab completion: what all candidates begin with, whole letters only") {
    struct Case {
        Words candidates;
        std::string common;
    };
    const std::vector<Case> cases = {
        {{}, ""},
        {{"music"}, "music"},
        {{"movie", "music"}, "m"},
        {{"가나", "가다"}, "가"},  // 나 and 다 share their first byte
        {{"a", "b"}, ""},
    };
    for (const Case& each : cases) CHECK(Completion{0, each.candidates}.common() == each.common);
}

TEST_CASE("lab columns: Korean letters take two") {
    CHECK(columns_of("abc") == 3);
    CHECK(columns_of("두번째 입력") == 11);
    CHECK(padded("가", 4) + "|" == "가  |");
    CHECK(padded("가", 4, true) == "  가");
    CHECK(cut_to("가나다", 5) == "가나");
    CHECK(cut_to("abc", 5) == "abc");
    CHECK(wrapped("하나 둘 셋", 7) == Words{"하나 둘", "셋"});
    Table table;
    table.row({"리더", "x"});
    table.row({"a", "y"});
    CHECK(table.text("") == "리더  x\na     y\n");
}

TEST_CASE("lab status: always so many columns, and who is up, controller, unseen") {
    const auto session = new_session();
    CHECK(status_line(*session, 80).starts_with(" 01:08:00 real | (zk) (1) (2) (3) | [1:main] "));
    start_cluster(*session);
    session->enter(":pause 2");
    session->enter(":kill 3");
    session->enter(":speed 10");
    const std::string line = status_line(*session, 80);
    INFO(line);
    CHECK(line.find(" x10 | zk 1* 2z (3) | ") != std::string::npos);
    CHECK(line.find("[1:main]") != std::string::npos);
    for (const size_t columns : {20, 80, 200}) CHECK(columns_of(status_line(*session, columns)) == columns);
}
