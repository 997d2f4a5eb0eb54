// SPDX-License-Identifier: Apache-2.0
// Each group invariant holds of what 3.0.0 does and breaks by what it says; a row is one moment of group g.
#include "sim/invariants/group_invariants.hpp"

#include <functional>
#include <set>

#include "sim/invariants/invariants.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::sim::invariants;

namespace {

using State = group::State;
using Names = std::set<std::string_view>;

TopicPartition t(int32_t partition) { return {TopicName("t"), partition}; }

/// Members a and b of generation 5, Stable on broker 1; a has t-0, b has t-1; both have committed 10 and read from 12.
GroupSnapshot healthy() {
    GroupSnapshot group;
    group.group = "g";
    group.consumers = {{"one", 0, "a", 5, {{t(0), 12, false}}}, {"two", 0, "b", 5, {{t(1), 12, false}}}};
    CoordinatorView& coordinator = group.coordinator.emplace();
    coordinator.broker = BrokerId{1};
    coordinator.now = {State::Stable, 5, {"a", "b"}};
    coordinator.before = coordinator.now;
    coordinator.protocol = "range";
    coordinator.assignments = {{"a", {"t"}, {}, {t(0)}}, {"b", {"t"}, {}, {t(1)}}};
    coordinator.committed = {{t(0), {10, 100, true}}, {t(1), {10, 101, true}}};
    group.last_commits = {{t(0), {"a", 5, 10}}, {t(1), {"b", 5, 10}}};
    group.acknowledged = coordinator.committed;
    group.stable_generation = 5;
    return group;
}

using Change = std::function<void(GroupSnapshot&)>;

struct Moment {
    const char* what;
    Change change;
    Names broken;
};

Change stores(TopicPartition partition, int64_t offset, std::vector<StoredCommit::Sender> senders) {
    return [=](GroupSnapshot& group) { group.coordinator->stored = {{partition, offset, senders}}; };
}

Change assigns(std::string protocol, std::vector<MemberView> members) {
    return [=](GroupSnapshot& group) {
        group.coordinator->protocol = protocol;
        group.coordinator->assignments = members;
    };
}

Change moved(std::function<void(CoordinatorView&)> differs) {
    return [=](GroupSnapshot& group) {
        group.coordinator->broker = BrokerId{2};
        group.coordinator->before.reset();
        differs(*group.coordinator);
    };
}

const std::vector<Moment>& of_owners_and_commits() {
    static const std::vector<Moment> kMoments = {
        {"nothing is wrong", [](GroupSnapshot&) {}, {}},
        {"both own t-0", [](GroupSnapshot& g) { g.consumers[1].owned[0].partition = t(0); }, {"OneOwnerPerGeneration"}},
        {"both own t-0, and the second has taken the first's group.instance.id",
         [](GroupSnapshot& g) {
             g.consumers[1].owned[0].partition = t(0);
             g.consumers[0].instance_id = g.consumers[1].instance_id = "i";
         },
         {}},
        {"who is a generation behind still owns t-0",
         [](GroupSnapshot& g) {
             g.consumers[1] = {"two", 0, "b", 4, {{t(0), 3, false}}};
         },
         {}},
        {"the group began anew since, and counts from 1 again",
         [](GroupSnapshot& g) {
             g.consumers[1] = {"two", 1, "b", 5, {{t(0), 12, false}}};
         },
         {}},
        {"a member commits", stores(t(0), 12, {{"a", 5}}), {}},
        {"a commit of the generation before", stores(t(0), 12, {{"a", 4}}), {"NoCommitFromOldGeneration"}},
        {"a commit of somebody who is no member", stores(t(0), 12, {{"c", 5}}), {"NoCommitFromOldGeneration"}},
        {"a commit of nobody while there are members", stores(t(0), 12, {{"", -1}}), {"NoCommitFromOldGeneration"}},
        {"a commit of nobody, and of a member too: it may be hers", stores(t(0), 12, {{"", -1}, {"a", 5}}), {}},
        {"nobody knows who sent it", stores(t(0), 12, {}), {}},
        {"a commit of nobody in an empty group",
         [](GroupSnapshot& g) {
             stores(t(0), 3, {{"", -1}})(g);
             g.coordinator->now = {State::Empty, 6, {}};
             g.coordinator->assignments.clear();
         },
         {}},
        {"a commit that the generation before let through",
         [](GroupSnapshot& g) {
             stores(t(0), 12, {{"c", 4}})(g);
             g.coordinator->before = MembershipView{State::PreparingRebalance, 4, {"a", "b", "c"}};
         },
         {}},
    };
    return kMoments;
}

const std::vector<Moment>& of_offsets() {
    static const std::vector<Moment> kMoments = {
        {"a member commits less than before", stores(t(0), 9, {{"a", 5}}), {"CommittedOffsetsGrow"}},
        {"a member commits less than before, and was set back",
         [](GroupSnapshot& g) {
             stores(t(0), 9, {{"a", 5}})(g);
             g.went_back = {{"a", t(0)}};
         },
         {}},
        {"the next owner commits less than the one before it", stores(t(1), 9, {{"a", 5}}), {}},
        {"a reads from below what was committed",
         [](GroupSnapshot& g) { g.consumers[0].owned[0].position = 9; },
         {"PositionNotBehindCommitted"}},
        {"it was set back",
         [](GroupSnapshot& g) {
             g.consumers[0].owned[0] = {t(0), 9, true};
         },
         {}},
        {"it does not know yet", [](GroupSnapshot& g) { g.consumers[0].owned[0].position.reset(); }, {}},
        {"it is of an older generation",
         [](GroupSnapshot& g) {
             g.consumers[0].owned[0].position = 9;
             g.consumers[0].generation = 4;
         },
         {}},
        {"a failed commit has come back out of the log",
         [](GroupSnapshot& g) {
             g.consumers[0].owned[0].position = 9;
             g.coordinator->committed[t(0)].known = false;
         },
         {}},
    };
    return kMoments;
}

const std::vector<Moment>& of_coordinators() {
    static const std::vector<Moment> kMoments = {
        {"the generation goes back",
         [](GroupSnapshot& g) { g.coordinator->before->generation = 6; },
         {"GenerationGrows"}},
        {"another coordinator has all of it", moved([](CoordinatorView&) {}), {}},
        {"another coordinator begins a generation back",
         moved([](CoordinatorView& coordinator) { coordinator.now.generation = 4; }),
         {"GenerationGrows"}},
        {"another coordinator has lost an offset",
         moved([](CoordinatorView& coordinator) { coordinator.committed.erase(t(1)); }),
         {"CommittedOffsetsSurvive"}},
        {"another coordinator has an older offset",
         moved([](CoordinatorView& coordinator) {
             coordinator.committed[t(1)] = {7, 90, true};
         }),
         {"CommittedOffsetsSurvive"}},
        {"another coordinator has a newer offset than anybody knew",
         moved([](CoordinatorView& coordinator) {
             coordinator.committed[t(1)] = {20, 110, false};
         }),
         {}},
        {"one partition for two",
         assigns("range", {{"a", {"t"}, {}, {t(0), t(1)}}, {"b", {"t"}, {}, {t(1)}}}),
         {"AssignmentCovers"}},
        {"nobody gets t-1 of three",
         assigns("sticky", {{"a", {"t"}, {}, {t(0)}}, {"b", {"t"}, {}, {t(2)}}}),
         {"AssignmentCovers"}},
        {"a topic that nobody asked for",
         assigns("range", {{"a", {"s"}, {}, {t(0)}}, {"b", {"t"}, {}, {t(1)}}}),
         {"AssignmentCovers"}},
        {"more members than partitions", assigns("range", {{"a", {"t"}, {}, {t(0)}}, {"b", {"t"}, {}, {}}}), {}},
        {"cooperative: b gives t-1 up first",
         assigns("cooperative-sticky", {{"a", {"t"}, {}, {t(0)}}, {"b", {"t"}, {t(1), t(2)}, {t(2)}}}),
         {}},
        {"cooperative: nobody had t-1",
         assigns("cooperative-sticky", {{"a", {"t"}, {}, {t(0)}}, {"b", {"t"}, {t(2)}, {t(2)}}}),
         {"AssignmentCovers"}},
        {"eager: what was owned before does not count",
         assigns("sticky", {{"a", {"t"}, {}, {t(0)}}, {"b", {"t"}, {t(1)}, {t(2)}}}),
         {"AssignmentCovers"}},
        {"no coordinator runs", [](GroupSnapshot& g) { g.coordinator.reset(); }, {}},
    };
    return kMoments;
}

void check_all(const std::vector<Moment>& moments, Names& fired) {
    for (const Moment& moment : moments) {
        INFO(moment.what);
        GroupSnapshot group = healthy();
        moment.change(group);
        Names broken;
        for (const GroupInvariant& invariant : group_invariants()) {
            const Broken text = invariant.check(group);
            if (!text) continue;
            broken.insert(invariant.name);
            CHECK(text->find(" g") != std::string::npos);
        }
        CHECK(broken == moment.broken);
        fired.insert(broken.begin(), broken.end());
    }
}

}  // namespace

TEST_CASE("each group invariant breaks by what it forbids, and by nothing that 3.0.0 allows") {
    Names fired;
    check_all(of_owners_and_commits(), fired);
    check_all(of_offsets(), fired);
    check_all(of_coordinators(), fired);
    for (const GroupInvariant& invariant : group_invariants()) {
        INFO(invariant.name);
        CHECK(fired.contains(invariant.name));
    }
}

TEST_CASE("scenarios may name the invariants of partitions and of groups") {
    const std::vector<std::string_view> names = invariant_names();
    CHECK(names.size() == invariants().size() + group_invariants().size());
    CHECK(Names(names.begin(), names.end()).size() == names.size());
}
