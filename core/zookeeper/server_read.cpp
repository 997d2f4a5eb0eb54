// SPDX-License-Identifier: Apache-2.0
// Reads, and the watches they set. Apache ZooKeeper 3.6.3: FinalRequestProcessor.
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/server.hpp"

namespace kafkasim::zookeeper {

using namespace protocol;

void ZooKeeperServer::handle_read(node::Env& env, node::ConnectionId connection, int32_t xid, const Body& request) {
    Body answer = tree_.read(request, last_zxid_);
    const int32_t err = error_of(answer);
    if (err == kUnimplemented) {
        reply(env, connection, xid, std::move(answer));
        return drop(env, connection);
    }
    if (const auto* exists = std::get_if<ZkExistsRequest>(&request)) {
        if (exists->watch)
            watches_.watch_node(exists->path, connection);  // also when there is no node: it fires when one is created
    } else if (const auto* get = std::get_if<ZkGetDataRequest>(&request)) {
        if (get->watch && err == kOk) watches_.watch_node(get->path, connection);
    } else if (const auto* list = std::get_if<ZkGetChildrenRequest>(&request)) {
        if (list->watch && err == kOk) watches_.watch_children(list->path, connection);
    }
    reply(env, connection, xid, std::move(answer));
}

/// What the client missed while it was away comes as events before the reply.
void ZooKeeperServer::handle_set_watches(node::Env& env, node::ConnectionId connection, int32_t xid,
                                         const ZkSetWatchesRequest& request) {
    fire(env, watches_.set_watches(tree_, request, connection));
    reply(env, connection, xid, ZkSetWatchesResponse{last_zxid_, kOk});
}

}  // namespace kafkasim::zookeeper
