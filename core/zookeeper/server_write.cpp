// SPDX-License-Identifier: Apache-2.0
// Writes: on disk, applied, watches told, answered, in this order.
#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/server.hpp"

namespace kafkasim::zookeeper {

using namespace protocol;

namespace {

std::string_view name_of(EventType type) {
    switch (type) {
        case kNodeCreated:
            return "created";
        case kNodeDeleted:
            return "deleted";
        case kNodeDataChanged:
            return "data";
        case kNodeChildrenChanged:
            return "children";
    }
    return "";
}

}  // namespace

void ZooKeeperServer::handle_write(node::Env& env, node::ConnectionId connection, int32_t xid, int64_t session,
                                   Body&& request) {
    Txn txn;
    txn.zxid = ++last_zxid_;
    txn.time_ms = env.wall_clock().value;
    txn.session = session;
    txn.request = std::move(request);
    if (!write_ahead(env, txn)) return;
    TreeReply result = tree_.apply(txn.request, session, txn.zxid, txn.time_ms);
    announce(env, result.changes);
    reply(env, connection, xid, std::move(result.body));
}

/// ZooKeeper 3.6.3: SyncRequestProcessor, ZooKeeperServerListenerImpl.notifyStopping, ZooKeeperServerMain.
bool ZooKeeperServer::write_ahead(node::Env& env, const Txn& txn) {
    const std::optional<std::string> failure = txn_log_.append(env, txn);
    if (!failure) return true;
    node::error(env, "org.apache.zookeeper.server.ZooKeeperCriticalThread",
                "Severe unrecoverable error, from thread : SyncThread:0\njava.io.IOException: {}", *failure);
    node::info(env, "org.apache.zookeeper.server.ZooKeeperServerListenerImpl",
               "Thread SyncThread:0 exits, error code 1");
    node::error(env, "org.apache.zookeeper.server.ZooKeeperServerMain",
                "Unexpected exception, exiting abnormally\njava.io.IOException: {}", *failure);
    node::error(env, "org.apache.zookeeper.util.ServiceUtils", "Exiting JVM with code 1");
    env.exit(1);
    return false;
}

void ZooKeeperServer::announce(node::Env& env, const std::vector<TreeChange>& changes) {
    for (const TreeChange& change : changes) {
        if (env.observed()) {
            const Znode* node = tree_.find(change.path);
            env.note({node::NoteKind::ZnodeChanged,
                      {{"path", change.path},
                       {"change", std::string(name_of(change.type))},
                       {"data", node == nullptr ? std::string() : node->data.value_or("")},
                       {"version", int64_t{node == nullptr ? -1 : node->version}}}});
        }
        fire(env, watches_.fire(change));
    }
}

void ZooKeeperServer::fire(node::Env& env, const std::vector<FiredWatch>& fired) {
    for (const FiredWatch& watch : fired) {
        if (env.observed()) {
            const auto connection = connections_.find(watch.connection);
            env.note(
                {node::NoteKind::WatchFired,
                 {{"path", watch.path},
                  {"change", std::string(name_of(watch.type))},
                  {"session", connection == connections_.end() ? std::string() : session_text(connection->second)}}});
        }
        reply(env, watch.connection, -1, ZkWatchEvent{watch.type, kStateSyncConnected, watch.path});
    }
}

}  // namespace kafkasim::zookeeper
