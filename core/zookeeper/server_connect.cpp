// SPDX-License-Identifier: Apache-2.0
// Sessions begin, come back on another connection, and end. Apache ZooKeeper 3.6.3:
// ZooKeeperServer.processConnectRequest, finishSessionInit, killSession.
#include "core/node/log.hpp"
#include "core/zookeeper/loggers.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/server.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::zookeeper {

using namespace protocol;

namespace {

/// Whose session it is, told by the ephemeral of a broker's registration.
std::string owner_of(const DataTree& tree, int64_t session) {
    for (const std::string& path : tree.ephemerals_of(session)) {
        if (parent_path(path) == kBrokerIdsPath) return fmt::format("broker {}", last_element(path));
    }
    return {};
}

void note_session(node::Env& env, node::NoteKind kind, int64_t session, std::string owner) {
    if (env.observed()) env.note({kind, {{"session", session_text(session)}, {"owner", std::move(owner)}}});
}

}  // namespace

void ZooKeeperServer::handle_connect(node::Env& env, node::ConnectionId connection, const Message& message,
                                     const ZkConnectRequest& request) {
    if (request.last_zxid_seen > last_zxid_) {
        node::info(env, kZooKeeperServerLogger,
                   "Refusing session request for client /127.0.0.1 as it has seen zxid 0x{:x} our last zxid is 0x{:x} "
                   "client must try another server",
                   request.last_zxid_seen, last_zxid_);
        return drop(env, connection);
    }
    if (request.session_id == 0) {
        open_session(env, connection, message, request);
    } else {
        resume_session(env, connection, message.correlation_id, request);
    }
    arm_expiry(env);
}

void ZooKeeperServer::open_session(node::Env& env, node::ConnectionId connection, const Message& message,
                                   const ZkConnectRequest& request) {
    const int32_t timeout_ms = negotiate_timeout_ms(request.time_out, config_.tick_time_ms);
    const int64_t session = sessions_.open(timeout_ms, millis_of(env.now()));
    Txn txn;
    txn.zxid = ++last_zxid_;
    txn.time_ms = env.wall_clock().value;
    txn.session = session;
    txn.kind = Txn::Kind::CreateSession;
    txn.timeout_ms = timeout_ms;
    if (!write_ahead(env, txn)) return;
    connections_[connection] = session;
    session_connections_[session] = connection;
    note_session(env, node::NoteKind::SessionOpened, session, message.client_id.str());
    reply(env, connection, message.correlation_id,
          ZkConnectResponse{0, timeout_ms, session, session_password(session), false});
}

void ZooKeeperServer::resume_session(node::Env& env, node::ConnectionId connection, int32_t xid,
                                     const ZkConnectRequest& request) {
    const Session* session = sessions_.find(request.session_id);
    if (session == nullptr || request.passwd != session_password(request.session_id)) {
        node::info(env, kZooKeeperServerLogger, "Invalid session {} for client /127.0.0.1, probably expired",
                   session_text(request.session_id));
        reply(env, connection, xid, ZkConnectResponse{0, 0, 0, std::string(16, '\0'), false});
        return drop(env, connection);
    }
    const auto before = session_connections_.find(session->id);
    if (before != session_connections_.end() && before->second != connection) {
        const node::ConnectionId old = before->second;
        drop(env, old);
    }
    sessions_.touch(request.session_id, millis_of(env.now()));
    connections_[connection] = request.session_id;
    session_connections_[request.session_id] = connection;
    reply(env, connection, xid, ZkConnectResponse{0, session->timeout_ms, request.session_id, request.passwd, false});
}

/// One transaction: the session and its ephemerals are gone, watches fire. `why` is SessionExpired or SessionClosed.
void ZooKeeperServer::end_session(node::Env& env, int64_t session, node::NoteKind why) {
    sessions_.remove(session);
    Txn txn;
    txn.zxid = ++last_zxid_;
    txn.time_ms = env.wall_clock().value;
    txn.session = session;
    txn.kind = Txn::Kind::CloseSession;
    if (!write_ahead(env, txn)) return;
    note_session(env, why, session, owner_of(tree_, session));
    announce(env, tree_.end_session(session, txn.zxid));
    if (why != node::NoteKind::SessionExpired) return;
    const auto connection = session_connections_.find(session);
    if (connection != session_connections_.end()) drop(env, node::ConnectionId{connection->second});
}

void ZooKeeperServer::handle_close_session(node::Env& env, node::ConnectionId connection, int32_t xid,
                                           int64_t session) {
    end_session(env, session, node::NoteKind::SessionClosed);
    reply(env, connection, xid, ZkCloseSessionResponse{last_zxid_, kOk});
    drop(env, connection);
}

}  // namespace kafkasim::zookeeper
