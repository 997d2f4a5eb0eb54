// SPDX-License-Identifier: Apache-2.0
#pragma once
// The ZooKeeper server process: a standalone server with one tree, sessions and watches. It answers requests in the
// order in which they come; every
// write takes the next zxid (also one that fails, and the opening and end of a session) and is on disk before it is
// answered. Watch events go out before the
// reply of the write that caused them.
// Apache ZooKeeper 3.6.3: org.apache.zookeeper.server.ZooKeeperServer, PrepRequestProcessor, FinalRequestProcessor,
// NIOServerCnxn.
// Simplified: no ensemble, ACLs are open, no containers and TTL nodes, no four-letter words; transactions are text
// (core/zookeeper/txn_log.hpp); clients' addresses have no
// port in log lines; of the lines at start those that the tutorial shows and those that say something about a
// setting.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/node/node.hpp"
#include "core/protocol/message.hpp"
#include "core/zookeeper/sessions.hpp"
#include "core/zookeeper/tree.hpp"
#include "core/zookeeper/txn_log.hpp"
#include "core/zookeeper/watches.hpp"

namespace kafkasim::zookeeper {

/// What `zookeeper.properties` says.
struct ZooKeeperConfig {
    int32_t client_port = 2181;
    int32_t tick_time_ms = 3000;
    std::string data_dir = "/tmp/zookeeper";
    std::string file = "config/zookeeper.properties";  // for the log lines

    static ZooKeeperConfig from_properties(const std::map<std::string, std::string>& properties, std::string file);
    int32_t min_session_timeout_ms() const { return 2 * tick_time_ms; }
    int32_t max_session_timeout_ms() const { return 20 * tick_time_ms; }
};

class ZooKeeperServer : public node::Node {
public:
    explicit ZooKeeperServer(ZooKeeperConfig config) : config_(std::move(config)) {}

    void start(node::Env& env) override;
    void on_accepted(node::Env& env, node::ConnectionId connection, int32_t port) override;
    void on_connected(node::Env& env, node::ConnectionId connection, node::Tag tag) override;
    void on_disconnected(node::Env& env, node::ConnectionId connection, node::Tag tag,
                         node::CloseReason reason) override;
    void on_message(node::Env& env, node::ConnectionId connection, node::Tag tag, protocol::Message&& message) override;
    void on_timer(node::Env& env, node::TimerId timer, node::Tag tag) override;
    void on_input(node::Env& env, std::string line) override;
    void on_input_end(node::Env& env) override;
    void on_signal(node::Env& env, node::Signal signal) override;

    const DataTree& tree() const { return tree_; }
    const SessionTracker& sessions() const { return sessions_; }

private:
    // server_connect.cpp: sessions begin, resume, end
    void handle_connect(node::Env& env, node::ConnectionId connection, const protocol::Message& message,
                        const protocol::ZkConnectRequest& request);
    void open_session(node::Env& env, node::ConnectionId connection, const protocol::Message& message,
                      const protocol::ZkConnectRequest& request);
    void resume_session(node::Env& env, node::ConnectionId connection, int32_t xid,
                        const protocol::ZkConnectRequest& request);
    void end_session(node::Env& env, int64_t session, node::NoteKind why);
    void handle_close_session(node::Env& env, node::ConnectionId connection, int32_t xid, int64_t session);
    // server_read.cpp
    void handle_read(node::Env& env, node::ConnectionId connection, int32_t xid, const protocol::Body& request);
    void handle_set_watches(node::Env& env, node::ConnectionId connection, int32_t xid,
                            const protocol::ZkSetWatchesRequest& request);
    // server_write.cpp
    void handle_write(node::Env& env, node::ConnectionId connection, int32_t xid, int64_t session,
                      protocol::Body&& request);
    /// False if it did not get to the disk: the server has ended.
    bool write_ahead(node::Env& env, const Txn& txn);
    void announce(node::Env& env, const std::vector<TreeChange>& changes);
    void fire(node::Env& env, const std::vector<FiredWatch>& fired);

    void log_start(node::Env& env) const;
    void load(node::Env& env);
    void reply(node::Env& env, node::ConnectionId connection, int32_t xid, protocol::Body&& body);
    void drop(node::Env& env, node::ConnectionId connection);
    void forget(node::ConnectionId connection);
    void expire_overdue(node::Env& env);
    void expire_sessions(node::Env& env);
    void arm_expiry(node::Env& env);

    ZooKeeperConfig config_;
    DataTree tree_;
    SessionTracker sessions_;
    Watches watches_;
    TxnLog txn_log_;
    int64_t last_zxid_ = 0;
    std::map<node::ConnectionId, int64_t> connections_;  // the session of each connection; 0 before ConnectRequest
    std::map<int64_t, node::ConnectionId> session_connections_;  // where each session is now
    node::TimerId expiry_timer_ = node::TimerId::None;
    std::optional<int64_t> armed_for_ms_;
};

}  // namespace kafkasim::zookeeper
