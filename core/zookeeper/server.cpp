// SPDX-License-Identifier: Apache-2.0
// The process: start, events, sending, timers. What requests do is in server_connect.cpp, server_read.cpp and
// server_write.cpp.
#include "core/zookeeper/server.hpp"

#include <charconv>

#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"

namespace kafkasim::zookeeper {

using namespace protocol;

namespace {

int32_t number_or(const std::map<std::string, std::string>& properties, const std::string& key, int32_t otherwise) {
    const auto found = properties.find(key);
    if (found == properties.end()) return otherwise;
    int32_t value = otherwise;
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
    return value;
}

bool is_write(const Body& body) {
    return std::holds_alternative<ZkCreateRequest>(body) || std::holds_alternative<ZkDeleteRequest>(body) ||
           std::holds_alternative<ZkSetDataRequest>(body) || std::holds_alternative<ZkMultiRequest>(body);
}

}  // namespace

ZooKeeperConfig ZooKeeperConfig::from_properties(const std::map<std::string, std::string>& properties,
                                                 std::string file) {
    ZooKeeperConfig config;
    config.client_port = number_or(properties, "clientPort", config.client_port);
    config.tick_time_ms = number_or(properties, "tickTime", config.tick_time_ms);
    const auto data_dir = properties.find("dataDir");
    if (data_dir != properties.end()) config.data_dir = data_dir->second;
    config.file = std::move(file);
    return config;
}

void ZooKeeperServer::start(node::Env& env) {
    env.named("zookeeper");
    sessions_ = SessionTracker(1, config_.tick_time_ms, millis_of(env.now()));
    txn_log_ = TxnLog(config_.data_dir);
    txn_log_.forget_failures(env);
    expiry_timer_ = env.new_timer({});
    load(env);
    env.listen(config_.client_port);
    log_start(env);
    arm_expiry(env);
}

/// Does again what the transactions on disk say.
void ZooKeeperServer::load(node::Env& env) {
    for (const Txn& txn : txn_log_.read(env)) {
        last_zxid_ = txn.zxid;
        switch (txn.kind) {
            case Txn::Kind::CreateSession:
                sessions_.restore(txn.session, txn.timeout_ms, millis_of(env.now()));
                break;
            case Txn::Kind::CloseSession:
                sessions_.remove(txn.session);
                tree_.end_session(txn.session, txn.zxid);
                break;
            case Txn::Kind::Request:
                tree_.apply(txn.request, txn.session, txn.zxid, txn.time_ms);
                break;
        }
    }
}

void ZooKeeperServer::on_accepted(node::Env&, node::ConnectionId connection, int32_t) { connections_[connection] = 0; }

void ZooKeeperServer::on_connected(node::Env&, node::ConnectionId, node::Tag) {}

void ZooKeeperServer::on_disconnected(node::Env& env, node::ConnectionId connection, node::Tag, node::CloseReason) {
    const auto found = connections_.find(connection);
    if (found == connections_.end()) return;
    const int64_t session = found->second;
    node::warn(env, "org.apache.zookeeper.server.NIOServerCnxn",
               "Unexpected exception\nEndOfStreamException: Unable to read additional data from client, it probably "
               "closed the socket: address = /127.0.0.1, session = {}",
               session_text(session));
    forget(connection);
}

void ZooKeeperServer::forget(node::ConnectionId connection) {
    const auto found = connections_.find(connection);
    if (found == connections_.end()) return;
    const auto at = session_connections_.find(found->second);
    if (at != session_connections_.end() && at->second == connection) session_connections_.erase(at);
    connections_.erase(found);
    watches_.remove(connection);
}

void ZooKeeperServer::on_message(node::Env& env, node::ConnectionId connection, node::Tag, Message&& message) {
    expire_overdue(env);
    const auto found = connections_.find(connection);
    if (found == connections_.end()) return;
    const int64_t session = found->second;
    const int32_t xid = message.correlation_id;
    if (const auto* request = std::get_if<ZkConnectRequest>(&message.body))
        return handle_connect(env, connection, message, *request);
    if (session == 0) return drop(env, connection);
    if (!sessions_.touch(session, millis_of(env.now())))
        return reply(env, connection, xid, error_reply(message.body, last_zxid_, kSessionExpired));
    if (std::holds_alternative<ZkPingRequest>(message.body))
        return reply(env, connection, xid, ZkPingResponse{last_zxid_, kOk});
    if (std::holds_alternative<ZkCloseSessionRequest>(message.body))
        return handle_close_session(env, connection, xid, session);
    if (const auto* watches = std::get_if<ZkSetWatchesRequest>(&message.body))
        return handle_set_watches(env, connection, xid, *watches);
    if (is_write(message.body)) return handle_write(env, connection, xid, session, std::move(message.body));
    handle_read(env, connection, xid, message.body);
}

void ZooKeeperServer::reply(node::Env& env, node::ConnectionId connection, int32_t xid, Body&& body) {
    env.send(connection, Message{xid, SharedText(), std::move(body)});
}

void ZooKeeperServer::drop(node::Env& env, node::ConnectionId connection) {
    forget(connection);
    env.close(connection);
}

void ZooKeeperServer::on_timer(node::Env& env, node::TimerId, node::Tag) {
    armed_for_ms_.reset();
    expire_sessions(env);
    arm_expiry(env);
}

/// After a pause: the session tracker is a thread of its own and wakes at once, before any message is worked off.
void ZooKeeperServer::expire_overdue(node::Env& env) {
    const std::optional<int64_t> next = sessions_.next_expiry();
    if (next && *next < millis_of(env.now())) expire_sessions(env);
}

void ZooKeeperServer::expire_sessions(node::Env& env) {
    for (const Session& session : sessions_.expire(millis_of(env.now()))) {
        node::info(env, "org.apache.zookeeper.server.ZooKeeperServer", "Expiring session {}, timeout of {}ms exceeded",
                   session_text(session.id), session.timeout_ms);
        end_session(env, session.id, node::NoteKind::SessionExpired);
    }
}

/// One timer for the earliest bucket. A touched session leaves the bucket behind: then the timer goes off for
/// nothing and is set for the next.
void ZooKeeperServer::arm_expiry(node::Env& env) {
    const std::optional<int64_t> next = sessions_.next_expiry();
    if (!next || (armed_for_ms_ && *armed_for_ms_ <= *next)) return;
    armed_for_ms_ = next;
    env.arm(expiry_timer_, Instant{from_millis(*next)} - env.now());
}

void ZooKeeperServer::on_input(node::Env&, std::string) {}
void ZooKeeperServer::on_input_end(node::Env&) {}

/// The JVM ends by the signal: 128 + its number.
void ZooKeeperServer::on_signal(node::Env& env, node::Signal signal) {
    env.exit(signal == node::Signal::Interrupt ? 130 : 143);
}

void ZooKeeperServer::log_start(node::Env& env) const {
    constexpr std::string_view kServer = "org.apache.zookeeper.server.ZooKeeperServer";
    constexpr std::string_view kConfig = "org.apache.zookeeper.server.quorum.QuorumPeerConfig";
    node::info(env, kConfig, "Reading configuration from: {}", config_.file);
    node::info(env, kConfig, "clientPortAddress is 0.0.0.0:{}", config_.client_port);
    node::warn(env, "org.apache.zookeeper.server.quorum.QuorumPeerMain",
               "Either no config or no quorum defined in config, running in standalone mode");
    node::info(env, "org.apache.zookeeper.server.ZooKeeperServerMain", "Starting server");
    for (std::string_view line : {"", "  ______                  _                                          ",
                                  " |___  /                 | |                                         ",
                                  "    / /    ___     ___   | | __   ___    ___   _ __     ___   _ __   ",
                                  "   / /    / _ \\   / _ \\  | |/ /  / _ \\  / _ \\ | '_ \\   / _ \\ | '__|",
                                  "  / /__  | (_) | | (_) | |   <  |  __/ |  __/ | |_) | |  __/ | |    ",
                                  " /_____|  \\___/   \\___/  |_|\\_\\  \\___|  \\___| | .__/   \\___| |_|",
                                  "                                              | |                     ",
                                  "                                              |_|                     ", ""}) {
        node::info(env, kServer, "{}", line);
    }
    node::info(env, kServer, "minSessionTimeout set to {}", config_.min_session_timeout_ms());
    node::info(env, kServer, "maxSessionTimeout set to {}", config_.max_session_timeout_ms());
    node::info(env, kServer,
               "Created server with tickTime {} minSessionTimeout {} maxSessionTimeout {} clientPortListenBacklog -1 "
               "datadir {}/version-2 snapdir {}/version-2",
               config_.tick_time_ms, config_.min_session_timeout_ms(), config_.max_session_timeout_ms(),
               config_.data_dir, config_.data_dir);
    node::info(env, "org.apache.zookeeper.server.NIOServerCnxnFactory", "binding to port 0.0.0.0/0.0.0.0:{}",
               config_.client_port);
    node::info(env, "org.apache.zookeeper.server.PrepRequestProcessor",
               "PrepRequestProcessor (sid:0) started, reconfigEnabled=false");
    node::info(env, "org.apache.zookeeper.server.ContainerManager",
               "Using checkIntervalMs=60000 maxPerMinute=10000 maxNeverUsedIntervalMs=0");
    node::info(env, "org.apache.zookeeper.audit.ZKAuditProvider", "ZooKeeper audit is disabled.");
}

}  // namespace kafkasim::zookeeper
