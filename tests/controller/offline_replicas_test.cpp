// SPDX-License-Identifier: Apache-2.0
// Replicas that a live broker cannot use: it says so in its answer to LeaderAndIsr.
#include "core/controller/controller.hpp"
#include "tests/catch.hpp"
#include "tests/controller/fake_cluster.hpp"

using namespace kafkasim;
using test::FakeCluster;

namespace {

void start_three(FakeCluster& cluster) {
    for (int32_t id = 1; id <= 3; ++id) {
        cluster.start(id);
        cluster.settle();
    }
}

}  // namespace

TEST_CASE("a leader that cannot use its log loses the partition to the next replica of the Isr", "[controller]") {
    FakeCluster cluster;
    start_three(cluster);
    cluster.cannot_use = {2};
    cluster.create_topic("t", {{2, 3}});
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=3 epoch=1 isr=3 v1");
    CHECK(cluster.broker(1).world.has_log("Mark replicas t-0 on broker 2 as offline"));
}

TEST_CASE("the only replica's partition has no leader until its broker comes back and can use it", "[controller]") {
    FakeCluster cluster;
    start_three(cluster);
    cluster.cannot_use = {2};
    cluster.create_topic("t", {{2}});
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=-1 epoch=1 isr=2 v1");
    cluster.stop(2);
    cluster.cannot_use.clear();
    cluster.start(2);
    cluster.settle();
    // One epoch more than expected: when it stopped, it was taken out of the Isr again, whose last member it stays.
    CHECK(cluster.short_state("t", 0) == "leader=2 epoch=3 isr=2 v3");
}
