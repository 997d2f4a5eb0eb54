// SPDX-License-Identifier: Apache-2.0
#pragma once
// One-shot watches: which connections want to be told of a change at a path, and which of them are told. Two kinds:
// on the node itself (set by exists and getData)
// and on its list of children (set by getChildren). They belong to a connection and end with it; a client that
// reconnects sets them anew.
// A value without effects: the server sends what `fire` returns. Simplified: watchers of one event are told in the
// order of their connections (ZooKeeper: of a hash set).
// Apache ZooKeeper 3.6.3: org.apache.zookeeper.server.watch.WatchManager,
// DataTree.createNode/deleteNode/setData/setWatches.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/node/env.hpp"
#include "core/zookeeper/tree.hpp"

namespace kafkasim::zookeeper {

struct FiredWatch {
    node::ConnectionId connection = node::ConnectionId::None;
    EventType type = kNodeCreated;
    std::string path;
    bool operator==(const FiredWatch&) const = default;
};

class Watches {
public:
    void watch_node(const std::string& path, node::ConnectionId connection) { node_[path].insert(connection); }
    void watch_children(const std::string& path, node::ConnectionId connection) { children_[path].insert(connection); }
    void remove(node::ConnectionId connection);
    /// The events of one change, in order; the watches that fire are gone afterwards.
    std::vector<FiredWatch> fire(const TreeChange& change);
    /// What a client that reconnects has missed since `relative_zxid`; the watches whose change has not come yet
    /// are set.
    std::vector<FiredWatch> set_watches(const DataTree& tree, const protocol::ZkSetWatchesRequest& request,
                                        node::ConnectionId connection);
    size_t size() const;

    bool operator==(const Watches&) const = default;

private:
    using Table = std::map<std::string, std::set<node::ConnectionId>>;
    static void take(Table& table, const std::string& at, EventType type, std::vector<FiredWatch>& out);

    Table node_;
    Table children_;
};

}  // namespace kafkasim::zookeeper
