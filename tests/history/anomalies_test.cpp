// SPDX-License-Identifier: Apache-2.0
// Small histories of known verdict, written as lines:
//
//   send p:1 -> 0@5        acknowledged at offset 5 of t-0; `-> failed`: the topic was never found,
//                          `-> timeout@0`: given up, and may be there; `-> open`: nobody knows
//   c1 reads 0@5 p:1 p:2   one poll returned these values of t-0, from offset 5 on; `p:1 _ p:2`: nothing between
//   c1 assigned 0          and revoked, lost
// Clients c1, c2 are of group g; d1 is of group h. Producer p is idempotent, q is not; both have acks=all.
#include "sim/history/anomalies.hpp"

#include <sstream>

#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::sim::history;

namespace {

using Kinds = std::set<std::string>;

class Scribe {
public:
    explicit Scribe(const std::string& lines) {
        book_.topics.number("t");
        book_.errors.number("TimeoutException: Topic t not present in metadata after 60000 ms.");
        book_.errors.number("TimeoutException: Expiring 1 record(s) for t-0");
        std::istringstream in(lines);
        for (std::string line; std::getline(in, line, ';');) write(line);
    }
    const Book& book() const { return book_; }

private:
    void write(const std::string& line) {
        std::istringstream words(line);
        std::string who, what;
        words >> who >> what;
        if (who == "send") return send(what, words);
        History& history = client(who, Role::Consumer);
        if (what == "reads") return read(history, words);
        Membership& change = history.membership.emplace_back();
        change.order = book_.next_order();
        change.kind = what == "assigned"  ? MembershipKind::Assigned
                      : what == "revoked" ? MembershipKind::Revoked
                                          : MembershipKind::Lost;
        for (int32_t partition = 0; words >> partition;) change.partitions.push_back({0, partition});
    }

    void send(const std::string& value, std::istringstream& words) {
        const size_t colon = value.find(':');
        History& history = client(value.substr(0, colon), Role::Producer);
        book_.producers.number(history.client);
        Send& sent = history.sends.emplace_back();
        sent.value = book_.read_value(value);
        std::string arrow, came;
        words >> arrow >> came;
        const size_t at = came.find('@');
        if (came == "open") return;
        sent.outcome = Outcome::Failed;
        if (came == "failed") return;
        if (came.starts_with("timeout")) {
            sent.error = 1;
            sent.to = {0, std::stoi(came.substr(at + 1))};
            return;
        }
        sent.outcome = Outcome::Acknowledged;
        sent.to = {0, std::stoi(came.substr(0, at))};
        sent.offset = std::stoi(came.substr(at + 1));
    }

    void read(History& history, std::istringstream& words) {
        std::string place, value;
        words >> place;
        const size_t at = place.find('@');
        int64_t offset = std::stoi(place.substr(at + 1));
        PolledRun run;
        run.order = book_.next_order();
        run.from = {0, std::stoi(place.substr(0, at))};
        run.first = static_cast<uint32_t>(history.records.size());
        for (; words >> value; ++offset) {
            if (value == "_") continue;
            if (value.starts_with("@")) {
                offset = std::stoi(value.substr(1)) - 1;
                continue;
            }
            history.records.push_back({offset, book_.read_value(value)});
        }
        run.count = static_cast<uint32_t>(history.records.size()) - run.first;
        history.polls.push_back(run);
    }

    History& client(const std::string& name, Role role) {
        for (History& history : book_.histories) {
            if (history.client == name) return history;
        }
        History& history = book_.histories.emplace_back();
        history.client = name;
        history.role = role;
        history.group = role == Role::Producer ? "" : name[0] == 'c' ? "g" : "h";
        history.exactly_once_sends = name == "p";
        return history;
    }

    Book book_;
};

struct Case {
    const char* lines;
    Kinds kinds;
};

Kinds kinds_of(const Case& c) {
    Promises promises;
    promises.durable = {"p", "q"};
    promises.finished = true;
    promises.groups["g"] = {{"t"}, true};
    if (std::string(c.lines).find("d1") != std::string::npos) promises.groups["h"] = {{"t"}, false};
    const Scribe scribe(c.lines);
    Kinds kinds;
    for (const Anomaly& anomaly : judge(scribe.book(), promises)) {
        kinds.insert(std::string(anomaly.kind));
        CHECK_FALSE(anomaly.text.empty());
        CHECK(anomaly.count >= 1);
    }
    return kinds;
}

}  // namespace

TEST_CASE("histories are judged as the anomalies of Jepsen's kafka checker, and by what groups are promised") {
    const Case cases[] = {
        {"", {}},
        {"send p:1 -> 0@0;send p:2 -> 0@1;c1 assigned 0;c1 reads 0@0 p:1 p:2", {}},
        {"send p:1 -> 0@0;send p:2 -> 1@0;c1 reads 0@0 p:1;c2 reads 1@0 p:2", {}},
        // the log
        {"send p:1 -> 0@0;c1 reads 0@0 p:2", {"inconsistent-offsets"}},
        {"send q:1 -> 0@0;send q:2 -> 0@0;c1 reads 0@0 q:1", {"inconsistent-offsets"}},
        {"send p:1 -> 0@1;c1 reads 0@0 p:1 p:1", {"duplicate"}},
        {"send q:1 -> 0@1;c1 reads 0@0 q:1 q:1", {}},  // a retry without idempotence
        {"send p:1 -> failed;c1 reads 0@0 p:1", {"G1a"}},
        {"send p:1 -> timeout@0;c1 reads 0@0 p:1", {}},
        {"send p:1 -> open;c1 reads 0@0 p:1", {}},
        {"send p:1 -> open", {}},
        {"send p:1 -> 0@1;send p:2 -> 0@0;c1 reads 0@0 p:2 p:1", {"nonmonotonic-send"}},
        {"send q:1 -> 0@1;send q:2 -> 0@0;c1 reads 0@0 q:2 q:1", {}},
        // polls
        {"send q:1 -> 0@0;send q:2 -> 0@1;send q:3 -> 0@2;c2 reads 0@1 q:2;c1 reads 0@0 q:1;c1 reads 0@2 q:3",
         {"poll-skip"}},
        {"send q:1 -> 0@0;send q:3 -> 0@2;c1 reads 0@0 q:1;c1 reads 0@2 q:3", {}},  // nobody knows of offset 1
        {"send q:1 -> 0@0;send q:2 -> 0@1;send q:3 -> 0@2;c2 reads 0@1 q:2;c1 reads 0@0 q:1 _ q:3", {"int-poll-skip"}},
        {"send q:1 -> 0@0;send q:2 -> 0@1;send q:3 -> 0@2;c2 reads 0@1 q:2;c1 assigned 0;c1 reads 0@0 q:1;"
         "c1 revoked 0;c1 assigned 0;c1 reads 0@2 q:3",
         {}},
        {"send q:1 -> 0@0;d1 reads 0@0 q:1;c1 reads 0@0 q:1;d1 reads 0@0 q:1", {"nonmonotonic-poll"}},
        {"send q:1 -> 0@0;d1 assigned 0;d1 reads 0@0 q:1;c1 reads 0@0 q:1;d1 lost 0;d1 assigned 0;d1 reads 0@0 q:1",
         {}},
        {"send q:1 -> 0@0;c1 reads 0@0 q:1;d1 reads 0@0 q:1 @0 q:1", {"int-nonmonotonic-poll"}},
        // deliveries
        {"send p:1 -> 0@0;send p:2 -> 0@1;c1 reads 0@1 p:2", {"lost-write"}},
        {"send p:1 -> 0@0;send p:2 -> 0@1;c1 reads 0@0 p:1", {"unseen"}},
        {"send p:1 -> 0@0;d1 reads 0@0 p:1", {"undelivered"}},
        {"send p:1 -> 0@0;d1 reads 0@0 p:1;c1 reads 0@0 p:1", {}},
        {"send p:1 -> 0@0;c1 reads 0@0 p:1;c2 reads 0@0 p:1", {"duplicate-read"}},
        {"send p:1 -> 0@0;c1 reads 0@0 p:1;d1 reads 0@0 p:1;d1 assigned 0;d1 reads 0@0 p:1", {}},
    };
    Kinds seen;
    for (const Case& c : cases) {
        INFO(c.lines);
        const Kinds kinds = kinds_of(c);
        CHECK(kinds == c.kinds);
        seen.insert(kinds.begin(), kinds.end());
    }
    CHECK(seen.size() == 12);
}

TEST_CASE("what may be lost, and what there is still time for, is not missed") {
    Promises promises;
    promises.groups["g"] = {{"t"}, false};
    const Scribe scribe("send p:1 -> 0@0;send p:2 -> 0@1;c1 reads 0@1 p:2;c2 reads 0@1 p:2");
    promises.finished = true;  // but no producer is durable
    CHECK(judge(scribe.book(), promises).empty());
    promises.durable = {"p"};
    CHECK(judge(scribe.book(), promises).size() == 1);
    promises.finished = false;
    CHECK(judge(scribe.book(), promises).empty());
    promises.finished = true;
    promises.groups.clear();  // nobody has to read it
    CHECK(judge(scribe.book(), promises).empty());
}
