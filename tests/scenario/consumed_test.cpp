// SPDX-License-Identifier: Apache-2.0
// The claim `consumed`: what holds of consumers that behave, and what is said of each thing that does not.
#include "sim/scenario/consumed.hpp"

#include "sim/scenario/reader.hpp"
#include "tests/catch.hpp"

using namespace kafkasim::sim::scenario;

namespace {

std::string line(int at, const std::string& name, const std::string& fields = "") {
    return R"({"timestamp":)" + std::to_string(at) + R"(,"name":")" + name + "\"" + fields + "}\n";
}
std::string partition(int number) { return R"("topic":"t","partition":)" + std::to_string(number); }
std::string started(int at) { return line(at, "startup_complete"); }
std::string assigned(int at, int number) {
    return line(at, "partitions_assigned", R"(,"partitions":[{)" + partition(number) + "}]");
}
std::string revoked(int at, int number) {
    return line(at, "partitions_revoked", R"(,"partitions":[{)" + partition(number) + "}]");
}
std::string read(int at, int number, int first, int last) {
    const std::string count = std::to_string(last - first + 1);
    return line(at, "records_consumed",
                ",\"count\":" + count + ",\"partitions\":[{" + partition(number) + ",\"count\":" + count +
                    ",\"minOffset\":" + std::to_string(first) + ",\"maxOffset\":" + std::to_string(last) + "}]");
}
std::string committed(int at, int number, int offset, bool success = true) {
    return line(at, "offsets_committed",
                R"(,"offsets":[{)" + partition(number) + ",\"offset\":" + std::to_string(offset) +
                    (success ? "}],\"success\":true" : "}],\"error\":\"no\",\"success\":false"));
}

struct Outputs {
    std::string c1, c2;
    std::vector<bool> running{true, true};
};

/// c1 reads ten records, c2 joins and takes the partition over, and reads ten more.
Outputs two() {
    return {started(1) + assigned(2, 0) + read(3, 0, 0, 9) + committed(4, 0, 10) + revoked(6, 0) +
                line(7, "partitions_assigned", ",\"partitions\":[]"),
            started(5) + assigned(7, 0) + read(8, 0, 10, 19) + committed(9, 0, 20)};
}

std::string judged(const Outputs& outputs, Consumed claim, bool misdeeds = false) {
    ConsumersSeen seen({"c1", "c2"});
    seen.read({outputs.c1, outputs.c2}, outputs.running);
    std::string text;
    claim.by = {"c1", "c2"};
    for (const BrokenClaim& broken : misdeeds ? seen.misbehaviour() : seen.judge(claim))
        text += broken.expected + " | " + broken.seen + "\n";
    return text;
}

/// A claim with one thing in it.
template <typename Value>
Consumed claim(Value Consumed::*what, Value value) {
    Consumed one;
    one.*what = std::move(value);
    return one;
}

Consumed everything() {
    Consumed all;
    all.joined = 2;
    all.gone = 0;
    all.at_least = 20;
    all.gaps = all.duplicates = false;
    all.committed = true;
    all.rebalanced = all.revoked = true;
    all.assigned = {{"t", 1}};
    return all;
}

}  // namespace

TEST_CASE("of consumers that behave every claim holds, and nothing is told of them") {
    CHECK(judged(two(), everything()).empty());
    CHECK(judged(two(), {}, true).empty());
}

TEST_CASE("what does not hold of consumers is told, with the offsets and who read them") {
    Outputs twice = two(), gap = two(), behind = two(), failed = two(), killed = two(), unassigned = two();
    twice.c2 = started(5) + assigned(7, 0) + read(8, 0, 7, 19) + committed(9, 0, 20);
    gap.c2 = started(5) + assigned(7, 0) + read(8, 0, 12, 12) + committed(9, 0, 13);
    behind.c2 += read(10, 0, 20, 24);
    failed.c2 = started(5) + assigned(7, 0) + read(8, 0, 10, 19) + committed(9, 0, 20, false);
    killed.running[1] = false;
    unassigned.c1 += assigned(8, 0) + assigned(8, 2);
    const struct {
        const Outputs& outputs;
        Consumed claim;
        std::string told;
    } cases[] = {
        {twice, claim(&Consumed::duplicates, false),
         "no record is read twice by c1 and c2 | 3 read twice: offsets 7 to 9 of t-0 by c1, then by c2\n"},
        {gap, claim(&Consumed::gaps, false),
         "no record is skipped by c1 and c2 | 2 skipped: offsets 10 to 11 of t-0\n"},
        {behind, claim(&Consumed::committed, true),
         "all that c1 and c2 read is committed | t-0: read up to 25, committed 20\n"},
        {failed, claim(&Consumed::committed, true),
         "all that c1 and c2 read is committed | t-0: read up to 20, committed 10\n"},
        {{}, claim(&Consumed::committed, true), "all that c1 and c2 read is committed | nothing was read\n"},
        {killed, claim(&Consumed::joined, std::optional<int64_t>(2)),
         "2 of c1 and c2 have joined | c1 has joined, c2 is gone\n"},
        {two(), claim(&Consumed::gone, std::optional<int64_t>(1)),
         "1 of c1 and c2 are gone | c1 has joined, c2 has joined\n"},
        {{started(1), started(1) + assigned(2, 0) + revoked(3, 0)},
         claim(&Consumed::joined, std::optional<int64_t>(1)),
         "1 of c1 and c2 have joined | c1 has started, c2 is rebalancing\n"},
        {two(), claim(&Consumed::at_least, std::optional<int64_t>(21)), "21 or more records read by c1 and c2 | 20\n"},
        {two(), claim(&Consumed::rebalanced, std::optional<bool>(false)),
         "none of c1 and c2 was assigned partitions | c1 2 times; c2 1 times\n"},
        {two(), claim(&Consumed::revoked, std::optional<bool>(false)),
         "none of c1 and c2 had partitions revoked | c1 1 times\n"},
        {{},
         claim(&Consumed::revoked, std::optional<bool>(true)),
         "one or more of c1 and c2 had partitions revoked | none\n"},
        {unassigned, claim(&Consumed::assigned, {{"t", 2}}),
         "each of the 2 partitions of t is assigned to one of c1 and c2 | t-0: c1 and c2; t-1: nobody; t-2: c1\n"},
    };
    for (const auto& each : cases) CHECK(judged(each.outputs, each.claim) == each.told);
}

TEST_CASE("what no consumer may do is told without being asked for") {
    const std::string begin = started(1) + assigned(2, 0);
    const struct {
        Outputs outputs;
        std::string told;
    } cases[] = {
        {{begin + revoked(3, 0) + read(4, 0, 0, 4), ""},
         "a consumer reads only what it was assigned | c1 read offsets 0 to 4 of t-0\n"},
        {{begin + read(3, 0, 0, 4) + read(4, 0, 6, 6), ""},
         "a consumer reads on where it was | c1 read offset 6 of t-0, and was at 5\n"},
        {{begin + read(3, 0, 0, 4) + committed(4, 0, 5) + revoked(5, 0),
          started(5) + assigned(6, 0) + read(7, 0, 4, 4)},
         "nobody reads again what was committed | c2 read offset 4 of t-0, and 5 was committed\n"},
        {{begin + read(3, 0, 0, 4) + committed(4, 1, 5), ""},
         "a consumer commits only for what it was assigned | c1 committed 5 of t-1\n"},
        {{begin + read(3, 0, 0, 4) + committed(4, 0, 6), ""},
         "a consumer commits only what it has read | c1 committed 6 of t-0\n"},
        {{begin + committed(4, 0, 0), ""}, "a consumer commits only what it has read | c1 committed 0 of t-0\n"},
    };
    for (const auto& each : cases) CHECK(judged(each.outputs, {}, true) == each.told);
}

TEST_CASE("claims with `since` count from the mark on, and lines count when they come, by their time stamps") {
    ConsumersSeen seen({"c1", "c2"});
    const Outputs outputs = two();
    seen.read({outputs.c1, outputs.c2}, outputs.running);
    seen.mark("here");
    Consumed quiet;
    quiet.by = {"c1", "c2"};
    quiet.since = "here";
    quiet.rebalanced = quiet.revoked = false;
    CHECK(seen.judge(quiet).empty());
    seen.read({"", read(10, 0, 20, 29) + revoked(11, 0)}, {true, true});
    quiet.at_least = 11;
    const auto broken = seen.judge(quiet);
    REQUIRE(broken.size() == 2);
    CHECK(broken[0].expected == "11 or more records read by c1 and c2 since here");
    CHECK(broken[0].seen == "10");
    CHECK(broken[1].seen == "c2 1 times");
    quiet.since = "";
    CHECK(seen.judge(quiet).size() == 2);  // 30 records are enough, and there were assignments before
    const Consumption sums = seen.consumption();
    CHECK(sums.by == "c1,c2");
    CHECK((sums.read == 30 && sums.position == 30 && sums.committed == 20 && sums.rebalances == 2));
}

TEST_CASE("mistakes in claims about consumers are named") {
    const std::string run = R"({"steps": [{"run": "a", "terminal": "c1"}, )";
    const struct {
        std::string step;
        std::string problem;
    } cases[] = {
        {R"({"note": "n", "expect": {"consumed": {"by": ["c2"]}}})", "in terminal \"c2\" nothing has run"},
        {R"({"note": "n", "expect": {"consumed": {"by": []}}})", "nobody is named"},
        {R"({"note": "n", "expect": {"consumed": {"by": ["c1"], "since": "joind"}}})",
         "no step so far has the id \"joind\""},
        {R"({"wait": {"until": {"consumed": {"by": ["c1"], "since": "x"}}}})", "no step so far has the id \"x\""},
        {R"({"wait": "1s", "expect": {"met": true}})", "\"met\" is of a step that waits until something holds"},
        {R"({"note": "n", "expect": {"consumed": {"joined": 1}}})", "\"by\""},
        {R"({"note": "n", "expect": {"consumed": {"by": ["c1"], "assigned": {"t": 0}}}})", "0"},
    };
    for (const auto& each : cases) {
        const auto result = read_scenario(run + each.step + "]}", "one.json");
        INFO(each.step);
        REQUIRE(result.problems.size() == 1);
        INFO(result.problems[0].text());
        CHECK(result.problems[0].text().find(each.problem) != std::string::npos);
    }
    const std::string well = R"({"wait": {"until": {"consumed": {"by": ["c1"], "since": "this step", "at_least": 1}}},
                                 "expect": {"met": true}})";
    CHECK(read_scenario(run + well + "]}", "one.json").problems.empty());
}
