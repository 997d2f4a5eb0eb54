// SPDX-License-Identifier: Apache-2.0
// Spec 01 section 3.
#include "core/zookeeper/watches.hpp"

#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::zookeeper;
using node::ConnectionId;

namespace {
constexpr ConnectionId kA{1};
constexpr ConnectionId kB{2};
}  // namespace

TEST_CASE("which change fires which watch") {
    struct Row {
        const char* claim;
        TreeChange change;
        std::vector<FiredWatch> fired;
    };
    const std::vector<Row> rows{
        {"creation tells the node's watchers and the parent's",
         {kNodeCreated, "/p/n"},
         {{kA, kNodeCreated, "/p/n"}, {kB, kNodeChildrenChanged, "/p"}}},
        {"deletion too", {kNodeDeleted, "/p/n"}, {{kA, kNodeDeleted, "/p/n"}, {kB, kNodeChildrenChanged, "/p"}}},
        {"data of a child is not the list of children", {kNodeDataChanged, "/p/n"}, {{kA, kNodeDataChanged, "/p/n"}}},
        {"deletion tells who watches the children of the node", {kNodeDeleted, "/p"}, {{kB, kNodeDeleted, "/p"}}},
        {"data of the parent does not fire a child watch", {kNodeDataChanged, "/p"}, {}},
    };
    for (const Row& row : rows) {
        INFO(row.claim);
        Watches watches;
        watches.watch_node("/p/n", kA);
        watches.watch_children("/p", kB);
        CHECK(watches.fire(row.change) == row.fired);
        CHECK(watches.fire(row.change).empty());  // one-shot
    }
}

TEST_CASE("who watches a node and its children hears of its deletion once") {
    Watches watches;
    watches.watch_node("/n", kA);
    watches.watch_children("/n", kA);
    CHECK(watches.fire({kNodeDeleted, "/n"}) == std::vector<FiredWatch>{{kA, kNodeDeleted, "/n"}});
}

TEST_CASE("a connection takes its watches along") {
    Watches watches;
    watches.watch_node("/n", kA);
    watches.watch_node("/n", kB);
    watches.remove(kA);
    CHECK(watches.size() == 1);
    CHECK(watches.fire({kNodeDataChanged, "/n"}).size() == 1);
}

TEST_CASE("a client that comes back is told what it missed") {
    DataTree tree;
    tree.apply(zk_create("/old", "x"), 1, 1, 0);
    tree.apply(zk_create("/changed", "x"), 1, 2, 0);
    tree.apply(zk_create("/parent", "x"), 1, 3, 0);
    tree.apply(zk_set_data("/changed", "y"), 1, 11, 0);
    tree.apply(zk_create("/parent/child", "x"), 1, 12, 0);
    tree.apply(zk_create("/created", "x"), 1, 13, 0);
    Watches watches;
    protocol::ZkSetWatchesRequest request;
    request.relative_zxid = 10;
    request.data_watches = {"/old", "/changed", "/gone"};
    request.exist_watches = {"/created", "/never"};
    request.child_watches = {"/parent", "/old", "/gone"};
    CHECK(watches.set_watches(tree, request, kA) == std::vector<FiredWatch>{{kA, kNodeDataChanged, "/changed"},
                                                                            {kA, kNodeDeleted, "/gone"},
                                                                            {kA, kNodeCreated, "/created"},
                                                                            {kA, kNodeChildrenChanged, "/parent"},
                                                                            {kA, kNodeDeleted, "/gone"}});
    CHECK(watches.size() == 3);  // /old twice, /never
}
