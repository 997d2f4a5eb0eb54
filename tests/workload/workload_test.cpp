// SPDX-License-Identifier: Apache-2.0
// Workloads from outside: what chance decides, what the histories hold, and that a claim about them can fail. What a
// scenario can claim itself is in tests/scenarios/workload.json.
#include <string>

#include "sim/history/delivered.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/workload/key_picker.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;
using workload::KeyPicker;
using workload::Keys;

namespace {

struct Played {
    scenario::Scenario scenario;
    scenario::Runner runner;
    scenario::RunResult result;

    explicit Played(scenario::Scenario read) : scenario(std::move(read)), runner(scenario, {}), result(runner.run()) {}
};

std::unique_ptr<Played> play(const std::string& steps, uint64_t seed = 1) {
    auto read = scenario::read_scenario(
        R"({"cluster": {"running": true, "brokers": [{"id": 1}]}, "steps": [
            {"run": "bin/kafka-topics.sh --create --topic t --partitions 3 --replication-factor 1 --bootstrap-server localhost:9093"},)" +
            steps + "]}",
        "x");
    for (const auto& problem : read.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(read.scenario);
    read.scenario->seed = seed;
    return std::make_unique<Played>(std::move(*read.scenario));
}

std::string text_of(const std::vector<scenario::Failure>& failures) {
    std::string text;
    for (const auto& failure : failures) text += failure.what + ": " + failure.expected + " / " + failure.seen + "\n";
    return text;
}

history::Book book_of_one_producer() {
    history::Book book;
    book.topics.number("t");
    book.producers.number("p-1");
    history::History& producer = book.histories.emplace_back();
    const auto send = [&](uint32_t number, int64_t offset, history::Outcome outcome) {
        history::Send sent;
        sent.value = {0, number};
        sent.to = {0, 0};
        sent.offset = offset;
        sent.outcome = outcome;
        producer.sends.push_back(sent);
    };
    send(1, 0, history::Outcome::Acknowledged);
    send(2, 1, history::Outcome::Acknowledged);
    send(3, -1, history::Outcome::Failed);
    send(4, -1, history::Outcome::Acknowledged);  // acks=0
    send(5, -1, history::Outcome::Open);
    for (const char* topic : {"t", "other"}) {
        history::History& consumer = book.histories.emplace_back();
        consumer.role = history::Role::Consumer;
        consumer.group = topic == std::string("t") ? "g" : "h";
        consumer.topics = {topic};
    }
    return book;
}

}  // namespace

TEST_CASE("a key is drawn as its distribution says") {
    struct Case {
        Keys keys;
        uint64_t bound;
        std::vector<std::pair<uint64_t, uint32_t>> key_of;  // draw, key
    };
    const Case cases[] = {
        {{Keys::Kind::Uniform, 7, 0}, 7, {{0, 0}, {6, 6}}},
        {{Keys::Kind::Hot, 10, 90}, 1000, {{0, 0}, {89, 0}, {90, 0}, {189, 0}, {190, 1}, {999, 9}, {989, 0}}},
        {{Keys::Kind::Hot, 1, 100}, 100, {{0, 0}, {99, 0}}},
        {{Keys::Kind::Zipf, 3, 0},
         1'833'333'333,
         {{0, 0}, {999'999'999, 0}, {1'000'000'000, 1}, {1'499'999'999, 1}, {1'500'000'000, 2}, {1'833'333'332, 2}}},
    };
    for (const Case& test_case : cases) {
        const KeyPicker picker(test_case.keys);
        CHECK(picker.bound() == test_case.bound);
        for (const auto& [draw, key] : test_case.key_of) {
            INFO("draw " << draw);
            CHECK(picker.key_of(draw) == key);
        }
    }
}

TEST_CASE("a value names its producer and its number, and nothing else is one") {
    history::Book book;
    book.producers.number("a");
    const uint32_t producer = book.producers.number("orders-1");
    CHECK(book.text_of({producer, 17}) == "orders-1:17");
    CHECK(book.read_value("orders-1:17") == history::Value{producer, 17});
    CHECK(book.read_value("orders-1:17......") == history::Value{producer, 17});
    for (const char* text : {"", "orders-1", "orders-1:", "orders-2:17", "orders-1:17x", "orders-1:x"})
        CHECK(book.read_value(text).producer == history::Value::kNobody);
}

TEST_CASE("what was acknowledged and not handed to the group is lost; what was twice is named") {
    history::Book book = book_of_one_producer();
    history::History& consumer = book.histories[1];
    struct Case {
        std::vector<uint32_t> read;
        size_t lost;
        size_t again;
    };
    for (const Case& test_case : {Case{{}, 2, 0}, Case{{2}, 1, 0}, Case{{1, 2, 3}, 0, 0}, Case{{2, 1, 2, 2}, 0, 1}}) {
        consumer.records.clear();
        for (const uint32_t number : test_case.read) consumer.records.push_back({0, {0, number}});
        const history::Delivered delivered = history::delivered(book, "g");
        CHECK(delivered.acknowledged == 2);
        CHECK(delivered.lost.size() == test_case.lost);
        CHECK(delivered.read_again.size() == test_case.again);
    }
    CHECK(history::delivered(book, "h").acknowledged == 0);
    book.histories[2].pattern = "t|other";
    CHECK(history::delivered(book, "h").lost.size() == 2);
}

TEST_CASE("a workload is the same for the same seed, whatever befalls its clients, and another for another") {
    const std::string steps =
        R"({"workload": {"name": "w", "producers": [{"name": "p", "topics": ["t"], "keys": {"uniform": 5}}],
        "consumers": [{"name": "c", "count": 3, "topics": ["t"], "commit": "async", "config": {"session.timeout.ms": 6000}}],
        "for": "12s",
        "churn": {"every": "700ms", "of": ["c", "p"], "does": ["leave", "crash", "hang", "pause", "join"], "hang": "1s"}},
        "expect": {"delivered": {"to": "c"}}})";
    const auto first = play(steps), again = play(steps), other = play(steps, 2);
    for (const auto* played : {first.get(), again.get(), other.get()}) {
        INFO(text_of(played->result.steps.back().failures));
        CHECK(played->result.ok());
    }
    CHECK(first->result.digest == again->result.digest);
    CHECK(first->result.digest != other->result.digest);
    size_t lives = 0, crashed = 0;
    uint32_t number = 0;
    for (const history::History& history : first->runner.book().histories) {
        ++lives;
        crashed += history.end == history::End::Crashed ? 1 : 0;
        CHECK(history.end != history::End::Working);
        CHECK(history.end != history::End::Failed);
        for (const history::Send& send : history.sends) CHECK(send.value.number == ++number);
        for (const history::Commit& commit : history.commits) CHECK_FALSE(commit.offsets.empty());
    }
    CHECK(lives > 4);
    CHECK(crashed > 0);
}

TEST_CASE("a claim that something was delivered fails when it was not") {
    const auto played = play(
        R"({"workload": {"name": "w", "producers": [{"name": "p", "topics": ["t"], "rate": 20}],
        "consumers": [{"name": "c", "topics": ["t"], "config": {"auto.offset.reset": "latest"}}], "for": "4s"},
        "expect": {"delivered": {"to": "c", "at_least": 1000}}})");
    const std::string text = text_of(played->result.steps.back().failures);
    INFO(text);
    CHECK(text.find("1000 or more records of the topics of c that were acknowledged / ") != std::string::npos);
    CHECK(text.find("lost: p-1:1 (offset 0 of t-") != std::string::npos);
}

TEST_CASE("without histories there are counts only") {
    auto read = scenario::read_scenario(
        R"({"cluster": {"running": true, "brokers": [{"id": 1}]}, "steps": [{"workload": {"name": "w",
        "producers": [{"name": "p", "topics": ["t"]}], "consumers": [{"name": "c", "topics": ["t"]}], "for": "3s"}}]})",
        "x");
    REQUIRE(read.scenario);
    scenario::Runner runner(*read.scenario, {});
    runner.keep_histories(false);
    runner.run();
    REQUIRE(runner.book().histories.size() == 2);
    for (const history::History& history : runner.book().histories) {
        CHECK(history.sent + history.read > 10);
        CHECK((history.sends.empty() && history.records.empty() && history.membership.empty()));
    }
}
