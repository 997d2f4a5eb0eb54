// SPDX-License-Identifier: Apache-2.0
#pragma once
// One session with ZooKeeper, seen from the client: connects, keeps the session alive by pings, notices silence,
// reconnects with the same session,
// re-registers watches, sends again what was not answered, and reports an expiry. A value that its owner feeds with
// the events of its connection and
// timer (both carry Tag{component, ...}); what happened comes back in `out`, in the order in which it was seen: a
// watch event before any later reply.
// Time: session timeout T as granted; it pings after T/3 without a send (1 s sooner if something came in between,
// never more than 10 s apart) and gives
// the connection up after 2T/3 of silence. Before every attempt to connect but the first it sleeps 0-999 ms.
// Called by Broker (controller and broker share one session) and zookeeper-shell.
// Apache ZooKeeper 3.6.3: org.apache.zookeeper.ClientCnxn; Kafka 3.0.0: kafka.zookeeper.ZooKeeperClient (at most 10
// requests in flight,
// CONNECTIONLOSS is retried until connected).

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/base/time.hpp"
#include "core/node/env.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::zookeeper {

/// One reply per request of the batch, in order. After an expiry every unanswered batch is answered with err -112
/// (SessionExpired).
struct ZkReplies {
    uint64_t token = 0;
    std::vector<protocol::Body> replies;
};
/// 1 created, 2 deleted, 3 data changed, 4 children changed.
struct ZkWatchFired {
    int32_t type = 0;
    std::string path;
};
struct ZkStateChanged {
    enum class State : uint8_t { Connected, Disconnected, Expired, Closed } state = State::Disconnected;
    int64_t session_id = 0;
    bool new_session = false;
};
using ZkClientEvent = std::variant<ZkReplies, ZkWatchFired, ZkStateChanged>;

class ZkClient {
public:
    ZkClient() = default;
    ZkClient(node::Endpoint server, Duration session_timeout, uint16_t component);

    /// Begins to connect, for ever if need be.
    void start(node::Env& env);
    /// After Expired: a new session. Requests submitted in between wait for it.
    void restart(node::Env& env);
    /// Pipelined; waits while not connected.
    void submit(node::Env& env, uint64_t token, std::vector<protocol::Body> requests);
    /// Answers all that is not answered yet with err -4 (ConnectionLoss) and sends none of it again: what
    /// ZooKeeper's own client does when a connection
    /// is lost or an attempt fails. Kafka's wrapper does not: it waits and asks again.
    void fail_unanswered(std::vector<ZkClientEvent>& out);
    /// Ends the session, then the connection; Closed is reported when the server has answered. Without a connection
    /// it is closed() at once, without an event.
    void close(node::Env& env);

    int64_t session_id() const { return session_id_; }
    Duration session_timeout() const { return session_timeout_; }
    bool connected() const { return state_ == State::Connected; }
    bool closed() const { return state_ == State::Closed || state_ == State::Idle; }
    /// Requests not answered yet.
    size_t unanswered() const { return in_flight_.size() + waiting_.size(); }

    void on_connected(node::Env& env, std::vector<ZkClientEvent>& out);
    void on_disconnected(node::Env& env, node::CloseReason reason, std::vector<ZkClientEvent>& out);
    void on_message(node::Env& env, protocol::Message&& message, std::vector<ZkClientEvent>& out);
    void on_timer(node::Env& env, node::Tag tag, std::vector<ZkClientEvent>& out);

private:
    enum class State : uint8_t { Idle, BackingOff, Connecting, Handshake, Connected, Closing, Expired, Closed };
    struct Request {
        uint64_t batch = 0;   // key into batches_
        size_t index = 0;     // of the reply
        int32_t xid = 0;      // 0 until sent
        protocol::Body body;  // kept to send it again
    };
    struct Batch {
        uint64_t token = 0;
        size_t unanswered = 0;
        std::vector<protocol::Body> replies;
    };

    void connect(node::Env& env);
    void begin_attempt(node::Env& env);
    void lose_connection(node::Env& env, std::string_view why, std::vector<ZkClientEvent>& out);
    bool silent_too_long(const node::Env& env) const;
    void give_up(node::Env& env, std::vector<ZkClientEvent>& out);
    void finish_close(node::Env& env, std::vector<ZkClientEvent>& out);
    void expire(node::Env& env, std::vector<ZkClientEvent>& out);
    void send_waiting(node::Env& env);
    void send_message(node::Env& env, int32_t xid, protocol::Body&& body);
    void send_set_watches(node::Env& env);
    void rearm(node::Env& env);
    void finish_handshake(node::Env& env, const protocol::ZkConnectResponse& response, std::vector<ZkClientEvent>& out);
    void finish_request(node::Env& env, protocol::Message&& message, std::vector<ZkClientEvent>& out);
    void complete(Request&& request, protocol::Body&& reply, std::vector<ZkClientEvent>& out);
    void remember_watch(const protocol::Body& request, int32_t err);
    void forget_watch(const protocol::ZkWatchEvent& event);
    Duration read_timeout() const { return session_timeout_ * 2 / 3; }

    node::Endpoint server_;
    Duration requested_timeout_{};
    Duration session_timeout_{};
    uint16_t component_ = 0;
    State state_ = State::Idle;
    bool first_attempt_ = true;
    node::ConnectionId connection_ = node::ConnectionId::None;
    node::TimerId timer_ = node::TimerId::None;
    int64_t session_id_ = 0;
    std::string passwd_;
    int64_t last_zxid_ = 0;
    Instant last_send_{};
    Instant last_heard_{};
    int32_t next_xid_ = 1;
    uint64_t next_batch_ = 1;
    std::deque<Request> in_flight_;
    std::deque<Request> waiting_;
    std::map<uint64_t, Batch> batches_;
    std::set<std::string> data_watches_;
    std::set<std::string> exist_watches_;
    std::set<std::string> child_watches_;
};

}  // namespace kafkasim::zookeeper
