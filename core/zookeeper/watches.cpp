// SPDX-License-Identifier: Apache-2.0
#include "core/zookeeper/watches.hpp"

#include <algorithm>

#include "core/zookeeper/znodes.hpp"

namespace kafkasim::zookeeper {

void Watches::remove(node::ConnectionId connection) {
    for (Table* table : {&node_, &children_}) {
        for (auto at = table->begin(); at != table->end();) {
            at->second.erase(connection);
            at = at->second.empty() ? table->erase(at) : std::next(at);
        }
    }
}

void Watches::take(Table& table, const std::string& at, EventType type, std::vector<FiredWatch>& out) {
    const auto found = table.find(at);
    if (found == table.end()) return;
    for (node::ConnectionId connection : found->second) {
        FiredWatch fired{connection, type, at};
        // A connection that watches the node and its children is told of a deletion once.
        if (std::find(out.begin(), out.end(), fired) == out.end()) out.push_back(std::move(fired));
    }
    table.erase(found);
}

std::vector<FiredWatch> Watches::fire(const TreeChange& change) {
    std::vector<FiredWatch> fired;
    take(node_, change.path, change.type, fired);
    if (change.type == kNodeDataChanged) return fired;
    if (change.type == kNodeDeleted) take(children_, change.path, change.type, fired);
    take(children_, parent_path(change.path), kNodeChildrenChanged, fired);
    return fired;
}

std::vector<FiredWatch> Watches::set_watches(const DataTree& tree, const protocol::ZkSetWatchesRequest& request,
                                             node::ConnectionId connection) {
    std::vector<FiredWatch> missed;
    for (const std::string& path : request.data_watches) {
        const Znode* node = tree.find(path);
        if (node == nullptr) {
            missed.push_back({connection, kNodeDeleted, path});
        } else if (node->mzxid > request.relative_zxid) {
            missed.push_back({connection, kNodeDataChanged, path});
        } else {
            watch_node(path, connection);
        }
    }
    for (const std::string& path : request.exist_watches) {
        if (tree.find(path) != nullptr) {
            missed.push_back({connection, kNodeCreated, path});
        } else {
            watch_node(path, connection);
        }
    }
    for (const std::string& path : request.child_watches) {
        const Znode* node = tree.find(path);
        if (node == nullptr) {
            missed.push_back({connection, kNodeDeleted, path});
        } else if (node->pzxid > request.relative_zxid) {
            missed.push_back({connection, kNodeChildrenChanged, path});
        } else {
            watch_children(path, connection);
        }
    }
    return missed;
}

size_t Watches::size() const {
    size_t count = 0;
    for (const Table* table : {&node_, &children_}) {
        for (const auto& [path, connections] : *table) count += connections.size();
    }
    return count;
}

}  // namespace kafkasim::zookeeper
