// SPDX-License-Identifier: Apache-2.0
// Each invariant with the partitions in which it holds and those in which it breaks.
#include "sim/invariants/invariants.hpp"

#include <functional>

#include "tests/catch.hpp"
#include "tests/invariants/partition_of.hpp"

using namespace kafkasim;
using namespace kafkasim::sim::invariants;
using kafkasim::test::PartitionOf;

namespace {

struct Case {
    std::string claim;
    std::function<void(PartitionOf&)> make;
    std::string broken;  // "" : it holds
};

void check(Broken (*invariant)(const PartitionSnapshot&), const std::vector<Case>& cases) {
    for (const Case& c : cases) {
        INFO(c.claim);
        PartitionOf t;
        c.make(t);
        CHECK(invariant(t.snapshot()).value_or("") == c.broken);
    }
}

}  // namespace

TEST_CASE("WeakIsr: a presumed leader agrees with its own Isr below its high watermark") {
    check(weak_isr,
          {{"an empty partition", [](PartitionOf&) {}, ""},
           {"a follower that lags behind above the high watermark",
            [](PartitionOf& t) {
                t.log(1, {{0, "a"}, {0, "b"}}).high_watermark(1).leads(0, {1, 2});
                t.log(2, {{0, "a"}}).follows(1, 0);
            },
            ""},
           {"a follower that lacks a record below it",
            [](PartitionOf& t) {
                t.log(1, {{2, "a"}}).high_watermark(1).leads(2, {1, 3});
                t.log(3, {}).follows(2, 1);
            },
            "broker 1 leads t-0 in epoch 2 with high watermark 1, and broker 3, in its Isr [1, 3], has no record at "
            "offset 0"},
           {"one that is not in the Isr may lack it",
            [](PartitionOf& t) {
                t.log(1, {{2, "a"}}).high_watermark(1).leads(2, {1});
                t.log(3, {}).follows(1, 2);
            },
            ""},
           {"one that is being added may not",
            [](PartitionOf& t) {
                t.log(1, {{2, "a"}}).high_watermark(1).leads(2, {1}).adds(3);
                t.log(3, {}).follows(1, 2);
            },
            "broker 1 leads t-0 in epoch 2 with high watermark 1, and broker 3, in its Isr [1, 3], has no record at "
            "offset 0"},
           {"a member that does not run is not looked at",
            [](PartitionOf& t) {
                t.log(1, {{2, "a"}}).high_watermark(1).leads(2, {1, 2, 3});
            },
            ""},
           {"another record, although both have one",
            [](PartitionOf& t) {
                t.log(1, {{0, "a"}}).high_watermark(1).leads(2, {1, 2});
                t.log(2, {{1, "b"}}).follows(1, 2);
            },
            "broker 1 leads t-0 in epoch 2 with high watermark 1, and broker 2, in its Isr [1, 2], has another record "
            "at offset 0 (of epoch 1, not 0)"},
           {"a deposed leader has to agree with its own Isr too",
            [](PartitionOf& t) {
                t.log(1, {{0, "a"}}).high_watermark(1).leads(0, {1, 2});
                t.log(2, {{1, "b"}}).high_watermark(0).leads(1, {2});
            },
            "broker 1 leads t-0 in epoch 0 with high watermark 1, and broker 2, in its Isr [1, 2], has another record "
            "at offset 0 (of epoch 1, not 0)"}});
}

TEST_CASE("StrongIsr: a presumed leader agrees with the true Isr below its high watermark") {
    const auto deposed = [](PartitionOf& t) {
        t.log(1, {{0, "a"}}).high_watermark(1).leads(0, {1});
        t.log(2, {{1, "b"}}).high_watermark(0).leads(1, {2});
    };
    const std::string broken =
        "broker 1 leads t-0 in epoch 0 with high watermark 1, and broker 2, in the true Isr [2] of epoch 1, has "
        "another record at offset 0 (of epoch 1, not 0)";
    check(strong_isr, {{"without a state znode nobody knows the true Isr", deposed, ""},
                       {"the true Isr is not the leader's own",
                        [&](PartitionOf& t) {
                            deposed(t);
                            t.znode(2, 1, {2});
                        },
                        broken},
                       {"the leader alone in the true Isr",
                        [&](PartitionOf& t) {
                            deposed(t);
                            t.znode(1, 1, {1});
                        },
                        ""},
                       {"a member without the record, above the high watermark",
                        [](PartitionOf& t) {
                            t.log(1, {{0, "a"}}).leads(0, {1, 2});
                            t.log(2, {}).follows(1, 0);
                            t.znode(1, 0, {1, 2});
                        },
                        ""}});
}

TEST_CASE("LogMatching: two replicas do not differ below both their high watermarks") {
    const auto two = [](int64_t a, int64_t b) {
        return [a, b](PartitionOf& t) {
            t.log(1, {{0, "a"}, {1, "b"}}).high_watermark(a);
            t.log(2, {{0, "a"}, {2, "c"}}).high_watermark(b);
        };
    };
    check(log_matching, {{"only one has got so far", two(2, 1), ""},
                         {"neither has", two(1, 1), ""},
                         {"both have", two(2, 2),
                          "of t-0, brokers 1 and 2 have high watermarks 2 and 2, and broker 2 has another record at "
                          "offset 1 (of epoch 2, not 1)"}});
}

TEST_CASE("TruncationConverges: a follower that has cut its log does not differ from its leader") {
    const auto two = [](int32_t followed_epoch, bool converged) {
        return [followed_epoch, converged](PartitionOf& t) {
            t.log(1, {{0, "m0"}, {2, "m1"}}).leads(2, {1});
            t.log(2, {{1, "m2"}}).follows(1, followed_epoch, converged);
        };
    };
    check(truncation_converges,
          {{"it has not cut yet", two(2, false), ""},
           {"it follows in an older epoch", two(1, true), ""},
           {"it has cut too little", two(2, true),
            "broker 2 has cut its log of t-0 to that of broker 1, leader of epoch 2, and has another record at offset "
            "0 (of epoch 1, not 0)"},
           {"it is shorter, and equal as far as it goes",
            [](PartitionOf& t) {
                t.log(1, {{0, "m0"}, {2, "m1"}}).leads(2, {1});
                t.log(2, {{0, "m0"}}).follows(1, 2);
            },
            ""},
           {"its leader has gone",
            [](PartitionOf& t) {
                t.log(1, {{0, "m0"}}).follows(3, 2);
                t.log(2, {{1, "m2"}}).follows(3, 2);
            },
            ""}});
}

TEST_CASE("LeaderInIsr: the registered leader is none or in the Isr") {
    const auto state = [](int32_t leader, std::initializer_list<int32_t> isr) {
        return [leader, isr = std::vector<int32_t>(isr)](PartitionOf& t) {
            t.znode(leader, 4, {});
            for (int32_t id : isr) t.snapshot().znode->isr.push_back(BrokerId{id});
        };
    };
    check(leader_in_isr, {{"no znode", [](PartitionOf&) {}, ""},
                          {"in the Isr", state(2, {1, 2}), ""},
                          {"nobody leads", state(-1, {1}), ""},
                          {"outside", state(3, {1, 2}),
                           "the state znode of t-0 names broker 3 as leader of epoch 4, and the Isr is [1, 2]"},
                          {"an empty Isr", state(3, {}),
                           "the state znode of t-0 names broker 3 as leader of epoch 4, and the Isr is []"}});
}

TEST_CASE("ValidHighWatermark: the true Isr has reached the high watermark of the leader of its epoch") {
    const auto two = [](int64_t high_watermark, int32_t epoch) {
        return [high_watermark, epoch](PartitionOf& t) {
            t.log(1, {{0, "a"}, {0, "b"}}).high_watermark(high_watermark).leads(1, {1});
            t.log(2, {{0, "a"}}).follows(1, 1);
            t.znode(1, epoch, {1, 2});
        };
    };
    check(
        valid_high_watermark,
        {{"reached", two(1, 1), ""},
         {"not reached", two(2, 1),
          "broker 1 leads t-0 in epoch 1 with high watermark 2, and the log of broker 2, in the true Isr [1, 2], ends "
          "at 1"},
         {"the leader of an older epoch is not asked", two(2, 2), ""}});
}

TEST_CASE("OneLeaderPerEpoch: two brokers do not lead in one epoch") {
    const auto two = [](int32_t a, int32_t b) {
        return [a, b](PartitionOf& t) {
            t.log(1, {}).leads(a, {1});
            t.log(2, {}).leads(b, {2});
        };
    };
    check(one_leader_per_epoch, {{"two leaders of two epochs", two(1, 2), ""},
                                 {"two of one", two(2, 2), "brokers 1 and 2 both lead t-0 in epoch 2"},
                                 {"a leader and its follower",
                                  [](PartitionOf& t) {
                                      t.log(1, {}).leads(2, {1});
                                      t.log(2, {}).follows(1, 2);
                                  },
                                  ""},
                                 {"of two topics of one name",
                                  [](PartitionOf& t) {
                                      t.log(1, {}).topic_id(1).leads(0, {1});
                                      t.log(2, {}).topic_id(2).leads(0, {2});
                                  },
                                  ""}});
}

TEST_CASE("MonotonicEpochs: leader epochs only grow") {
    const auto znode = [](int32_t before, int32_t now, int64_t created) {
        return [before, now, created](PartitionOf& t) {
            t.znode(1, now, {1}, created);
            t.snapshot().before.znode = EpochsBefore::OfZnode{7, before};
        };
    };
    const auto replica = [](int32_t before, int32_t now, uint32_t life) {
        return [before, now, life](PartitionOf& t) {
            t.log(1, {}).life(life).leads(now, {1});
            t.snapshot().before.replicas[BrokerId{1}] = {9, Uuid{}, before};
        };
    };
    check(monotonic_epochs,
          {{"the znode's grew", znode(1, 2, 7), ""},
           {"it stayed", znode(2, 2, 7), ""},
           {"it went back", znode(2, 1, 7), "the leader epoch in the state znode of t-0 went back from 2 to 1"},
           {"the topic was created again", znode(2, 0, 8), ""},
           {"a replica's grew", replica(1, 2, 9), ""},
           {"it went back", replica(2, 1, 9), "the leader epoch of t-0 on broker 1 went back from 2 to 1"},
           {"the broker was restarted", replica(2, 1, 10), ""},
           {"a restarted broker that was not told yet",
            [](PartitionOf& t) {
                t.log(1, {}).life(9);
                t.snapshot().before.replicas[BrokerId{1}] = {9, Uuid{}, 2};
            },
            ""}});
}
