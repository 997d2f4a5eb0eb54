// SPDX-License-Identifier: Apache-2.0
// Kafka's own tests of the assignors: tests/data/assignors.txt has their statements, this file plays them.
#include <algorithm>

#include "core/client/sticky_assignor.hpp"
#include "tests/support/data_file.hpp"

using namespace kafkasim;
using namespace kafkasim::client;

namespace {

using Partitions = std::vector<TopicPartition>;
using Words = std::vector<std::string>;

Words split(const std::string& text, char separator) {
    Words words;
    std::istringstream in(text);
    for (std::string word; std::getline(in, word, separator);) {
        if (!word.empty()) words.push_back(word);
    }
    return words;
}

TopicPartition partition_of(const std::string& word) {
    const size_t dash = word.rfind('-');
    return {TopicName(word.substr(0, dash)), std::stoi(word.substr(dash + 1))};
}

Partitions partitions_of(const Words& words) {
    Partitions partitions;
    for (const std::string& word : words) partitions.push_back(partition_of(word));
    return partitions;
}

std::set<TopicPartition> set_of(const Partitions& partitions) { return {partitions.begin(), partitions.end()}; }

bool has_all(const Partitions& partitions, const Partitions& these) {
    const std::set<TopicPartition> all = set_of(partitions);
    return std::all_of(these.begin(), these.end(), [&](const TopicPartition& tp) { return all.contains(tp); });
}

bool have_common(const Partitions& a, const Partitions& b) {
    const std::set<TopicPartition> all = set_of(a);
    return std::any_of(b.begin(), b.end(), [&](const TopicPartition& tp) { return all.contains(tp); });
}

/// A group whose assignor is under test.
struct Group {
    std::string assignor;
    std::map<TopicName, int32_t> topics;
    std::map<std::string, GroupSubscription> members;
    GroupAssignment assignment;
    std::vector<StickyMovement> movements;
    int32_t generation = -1;  // that a cooperative assignor knows of
    std::map<std::string, Partitions> remembered;

    bool cooperative() const { return assignor == "cooperative-sticky"; }

    void assign_all() {
        std::vector<GroupSubscription> all;
        for (const auto& [id, member] : members) all.push_back(member);
        movements.clear();
        assignment = assignor == "sticky" || cooperative() ? assign_sticky(all, topics, cooperative(), &movements)
                                                           : assign(assignor, all, topics).value();
        CHECK(assignment.size() == members.size());
    }

    void has(GroupSubscription& member, Partitions had) const {
        member.owned = std::move(had);
        member.generation = cooperative() ? generation : -1;
    }

    void member(const Words& words) {
        GroupSubscription member{words[1], {}, {}, {}, {}};
        if (words[2] != "-") {
            for (const std::string& topic : split(words[2], ',')) member.topics.emplace_back(topic);
        }
        for (size_t i = 3; i < words.size(); ++i) {
            const size_t equals = words[i].find('=');
            const std::string key = words[i].substr(0, equals);
            const std::string value = words[i].substr(equals + 1);
            if (key == "instance") member.group_instance_id = value;
            if (key == "had" && value == "@") {
                has(member, assignment.at(words[1]));
            } else if (key == "had") {
                has(member, value.starts_with("@") ? remembered.at(value.substr(1)) : partitions_of(split(value, ',')));
            }
            if (key != "generation") continue;
            member.generation = value == "none" ? std::nullopt : std::optional(std::stoi(value));
            if (member.generation) generation = *member.generation;
        }
        members[words[1]] = member;
    }

    /// One owner per partition, of those who want it; nobody has two more than somebody else of a topic that both have.
    void verify() const {
        for (auto one = assignment.begin(); one != assignment.end(); ++one) {
            const std::vector<TopicName>& wanted = members.at(one->first).topics;
            std::set<TopicName> ones;
            for (const TopicPartition& tp : one->second) ones.insert(tp.topic);
            bool valid = true;
            for (const TopicName& topic : ones)
                valid = valid && std::find(wanted.begin(), wanted.end(), topic) != wanted.end();
            for (auto other = std::next(one); other != assignment.end(); ++other) {
                valid = valid && !have_common(one->second, other->second);
                const size_t more = std::max(one->second.size(), other->second.size());
                if (more - std::min(one->second.size(), other->second.size()) <= 1) continue;
                for (const TopicPartition& tp : other->second) valid = valid && !ones.contains(tp.topic);
            }
            INFO(one->first);
            CHECK(valid);
        }
    }

    void settle() {
        for (int rounds = 0; cooperative(); ++rounds) {
            REQUIRE(rounds <= 4);
            std::set<TopicPartition> added;
            Partitions revoked;
            for (const auto& [id, member] : members) {
                for (const TopicPartition& tp : assignment.at(id)) {
                    if (!has_all(member.owned, {tp})) added.insert(tp);
                }
                for (const TopicPartition& tp : member.owned) {
                    if (!has_all(assignment.at(id), {tp})) revoked.push_back(tp);
                }
            }
            CHECK_FALSE(have_common({added.begin(), added.end()}, revoked));
            if (revoked.empty()) break;
            for (auto& [id, member] : members) has(member, assignment.at(id));
            assign_all();
        }
        verify();
    }

    bool fully_balanced() const {
        const auto less = [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); };
        const auto [least, most] = std::minmax_element(assignment.begin(), assignment.end(), less);
        return most->second.size() - least->second.size() <= 1;
    }

    /// isSticky: no two partitions of one topic changed places.
    bool sticky() const {
        return std::none_of(movements.begin(), movements.end(), [&](const StickyMovement& one) {
            return std::any_of(movements.begin(), movements.end(), [&](const StickyMovement& other) {
                return one.tp.topic == other.tp.topic && one.from == other.to && one.to == other.from;
            });
        });
    }

    void change(const Words& words) {
        const std::string& verb = words[0];
        if (verb == "topics") {
            topics.clear();
            for (size_t i = 1; i < words.size(); ++i) {
                const size_t equals = words[i].find('=');
                topics[TopicName(words[i].substr(0, equals))] = std::stoi(words[i].substr(equals + 1));
            }
        } else if (verb == "member") {
            member(words);
        } else if (verb == "also") {
            members.at(words[1]).topics.emplace_back(words[2]);
        } else if (verb == "leave") {
            CHECK(members.erase(words[1]) == 1);
        } else if (verb == "remember") {
            remembered[words[1]] = assignment.contains(words[2]) ? assignment.at(words[2]) : members.at(words[2]).owned;
        } else if (verb == "assign") {
            assign_all();
        } else {
            check(words);
        }
    }

    void check(const Words& words) {
        const std::string& verb = words[0];
        if (verb == "settle") return settle();
        if (verb == "fully" || verb == "sticky") {
            CHECK((verb == "fully" ? fully_balanced() : sticky()));
            return;
        }
        const Partitions& has = assignment.at(words[1]);
        const Words rest(words.begin() + 2, words.end());
        if (verb == "equals") {
            CHECK(has == partitions_of(rest));
        } else if (verb == "holds") {
            CHECK(has.size() == rest.size());
            CHECK(set_of(has) == set_of(partitions_of(rest)));
        } else if (verb == "count") {
            CHECK(has.size() == std::stoul(rest[0]));
        } else if (verb == "keeps") {
            CHECK(has_all(has, remembered.at(rest[0])));
        } else if (verb == "within") {
            CHECK(has_all(remembered.at(rest[0]), has));
        } else if (verb == "meets") {
            CHECK(have_common(has, remembered.at(rest[0])));
        } else if (verb == "apart") {
            CHECK_FALSE(have_common(has, assignment.at(rest[0])));
        } else {
            FAIL("no such statement: " << verb);
        }
    }
};

struct Dice {
    uint64_t state = 20210921;
    int32_t below(int32_t bound) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<int32_t>((state >> 33) % static_cast<uint64_t>(bound));
    }
};

TopicName topic_name(int32_t i) { return TopicName("t" + std::to_string(100 + i)); }
std::string member_name(int32_t i) { return "c" + std::to_string(1000 + i); }

/// A subscription to some of `count` topics, each at most once.
std::vector<TopicName> some_topics(Dice& dice, int32_t count) {
    std::vector<TopicName> topics;
    for (int32_t i = 0; i < count; ++i) topics.push_back(topic_name(i));
    for (int32_t left = dice.below(count); left > 0; --left)
        topics.erase(topics.begin() + dice.below(static_cast<int32_t>(topics.size())));
    return topics;
}

}  // namespace

TEST_CASE("Kafka's tests of the assignors hold, statement by statement") {
    std::istringstream lines(kafkasim::test::data_file("assignors.txt"));
    Words assignors;
    std::vector<Group> groups;
    std::string name;
    size_t cases = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.starts_with("#")) continue;
        if (line.starts_with("case")) {
            name = line;
            groups.clear();
            for (const std::string& assignor : split(line.substr(line.rfind('"') + 2), ' '))
                groups.push_back({assignor, {}, {}, {}, {}, -1, {}});
            ++cases;
            continue;
        }
        for (Group& group : groups) {
            INFO(name << " " << group.assignor << line);
            group.change(split(line.substr(2), ' '));
        }
    }
    CHECK(cases == 64);
}

TEST_CASE("testReassignmentWithRandomSubscriptionsAndChanges") {
    Dice dice;
    for (const std::string assignor : {"sticky", "cooperative-sticky"}) {
        for (int round = 0; round < 6; ++round) {
            Group group{assignor, {}, {}, {}, {}, -1, {}};
            const int32_t topics = 10 + dice.below(10);
            const int32_t members = 20 + dice.below(20);
            for (int32_t i = 0; i < topics; ++i) group.topics[topic_name(i)] = i + 1;
            for (int32_t i = 0; i < members; ++i)
                group.members[member_name(i)] = {member_name(i), {}, some_topics(dice, topics), {}, {}};
            group.assign_all();
            group.settle();
            for (auto& [id, member] : group.members) {
                member.topics = some_topics(dice, topics);
                group.has(member, group.assignment.at(id));
            }
            group.assign_all();
            group.settle();
            CHECK(group.sticky());
        }
    }
}

TEST_CASE("testLargeAssignmentWithMultipleConsumersLeavingAndRandomSubscription") {
    Dice dice;
    for (const std::string assignor : {"sticky", "cooperative-sticky"}) {
        Group group{assignor, {}, {}, {}, {}, -1, {}};
        for (int32_t i = 0; i < 40; ++i) group.topics[topic_name(i)] = dice.below(10) + 1;
        for (int32_t i = 0; i < 200; ++i) {
            GroupSubscription member{member_name(i), {}, {}, {}, {}};
            for (int32_t left = dice.below(20); left > 0; --left) member.topics.push_back(topic_name(dice.below(40)));
            group.members[member.member_id] = member;
        }
        group.assign_all();
        group.settle();
        for (auto& [id, member] : group.members) group.has(member, group.assignment.at(id));
        for (int32_t left = 50; left > 0; --left) group.members.erase(member_name(dice.below(200)));
        group.assign_all();
        group.settle();
        CHECK(group.sticky());
    }
}
