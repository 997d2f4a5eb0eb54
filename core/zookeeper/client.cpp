// SPDX-License-Identifier: Apache-2.0
#include "core/zookeeper/client.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/node/log.hpp"
#include "core/zookeeper/loggers.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/sessions.hpp"

namespace kafkasim::zookeeper {

using namespace protocol;

namespace {

constexpr int32_t kPingXid = -2;
constexpr int32_t kWatchXid = -1;
constexpr int32_t kSetWatchesXid = -8;  // Simplified: the JVM client gives it an ordinary xid
constexpr size_t kMaxInFlight = 10;     // zookeeper.max.in.flight.requests
constexpr Duration kMaxPingInterval = from_millis(10000);
constexpr Duration kPingMargin = from_millis(1000);

std::string address_of(const node::Endpoint& server) {
    return fmt::format("{}/127.0.0.1:{}", server.host, server.port);
}

}  // namespace

ZkClient::ZkClient(node::Endpoint server, Duration session_timeout, uint16_t component)
    : server_(std::move(server)),
      requested_timeout_(session_timeout),
      session_timeout_(session_timeout),
      component_(component) {}

void ZkClient::start(node::Env& env) {
    if (timer_ == node::TimerId::None) timer_ = env.new_timer({component_, 0, 0, 0});
    first_attempt_ = true;
    session_id_ = 0;
    passwd_.assign(16, '\0');
    last_zxid_ = 0;
    session_timeout_ = requested_timeout_;
    node::info(env, kClientCnxnLogger, "zookeeper.request.timeout value is 0. feature enabled=false");
    begin_attempt(env);
}

void ZkClient::restart(node::Env& env) {
    data_watches_.clear();
    exist_watches_.clear();
    child_watches_.clear();
    start(env);
}

// --- connecting

/// Sleeps first, unless it is the first attempt.
void ZkClient::begin_attempt(node::Env& env) {
    if (first_attempt_) return connect(env);
    state_ = State::BackingOff;
    env.arm(timer_, from_millis(static_cast<int64_t>(env.chance().below(node::Stream::BackOff, 1000))));
}

void ZkClient::connect(node::Env& env) {
    first_attempt_ = false;
    state_ = State::Connecting;
    node::info(env, kClientCnxnLogger, "Opening socket connection to server {}.", address_of(server_));
    node::info(env, kClientCnxnLogger,
               "SASL config status: Will not attempt to authenticate using SASL (unknown error)");
    last_heard_ = last_send_ = env.now();
    connection_ = env.connect(server_, {component_, 0, 0, 0});
    env.arm(timer_,
            session_timeout_);  // the time to connect: the session timeout over the number of servers, which is one
}

void ZkClient::on_connected(node::Env& env, std::vector<ZkClientEvent>&) {
    if (state_ != State::Connecting) return;
    state_ = State::Handshake;
    last_heard_ = env.now();
    node::info(env, kClientCnxnLogger,
               "Socket connection established, initiating session, client: /127.0.0.1, server: {}",
               address_of(server_));
    send_message(env, 0,
                 ZkConnectRequest{0, last_zxid_, static_cast<int32_t>(millis_of(requested_timeout_)), session_id_,
                                  passwd_, false});
    env.arm(timer_, session_timeout_);
}

void ZkClient::finish_handshake(node::Env& env, const ZkConnectResponse& response, std::vector<ZkClientEvent>& out) {
    if (response.time_out <= 0) return expire(env, out);
    const bool new_session = session_id_ == 0;
    session_id_ = response.session_id;
    passwd_ = response.passwd;
    session_timeout_ = from_millis(response.time_out);
    node::info(env, kClientCnxnLogger,
               "Session establishment complete on server {}, session id = {}, negotiated timeout = {}",
               address_of(server_), session_text(session_id_), response.time_out);
    state_ = State::Connected;
    send_set_watches(env);
    out.push_back(ZkStateChanged{ZkStateChanged::State::Connected, session_id_, new_session});
    send_waiting(env);
    rearm(env);
}

void ZkClient::expire(node::Env& env, std::vector<ZkClientEvent>& out) {
    node::warn(env, kClientCnxnLogger, "Unable to reconnect to ZooKeeper service, session {} has expired",
               session_text(session_id_));
    env.close(connection_);
    env.disarm(timer_);
    connection_ = node::ConnectionId::None;
    state_ = State::Expired;
    node::info(env, kClientCnxnLogger, "EventThread shut down for session: {}", session_text(session_id_));
    out.push_back(ZkStateChanged{ZkStateChanged::State::Expired, session_id_, false});
    std::deque<Request> lost = std::move(in_flight_);
    lost.insert(lost.end(), std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
    in_flight_.clear();
    waiting_.clear();
    for (Request& request : lost) {
        Body failure = error_reply(request.body, 0, kSessionExpired);
        complete(std::move(request), std::move(failure), out);
    }
}

// --- losing the connection

void ZkClient::on_disconnected(node::Env& env, node::CloseReason reason, std::vector<ZkClientEvent>& out) {
    if (state_ == State::Idle || state_ == State::Closed || state_ == State::Expired || state_ == State::BackingOff)
        return;
    if (silent_too_long(env)) return give_up(env, out);
    lose_connection(env, reason == node::CloseReason::Refused ? "\njava.net.ConnectException: Connection refused" : "",
                    out);
}

/// `why`: the exception below the log line. What was not answered is sent again on the next connection, before what
/// waits.
void ZkClient::lose_connection(node::Env& env, std::string_view why, std::vector<ZkClientEvent>& out) {
    const bool was_connected = state_ == State::Connected;
    connection_ = node::ConnectionId::None;
    if (state_ == State::Closing) return finish_close(env, out);
    waiting_.insert(waiting_.begin(), std::make_move_iterator(in_flight_.begin()),
                    std::make_move_iterator(in_flight_.end()));
    in_flight_.clear();
    node::warn(env, kClientCnxnLogger,
               "Session {} for sever {}, Closing socket connection. Attempting reconnect except it is a "
               "SessionExpiredException.{}",
               session_text(session_id_), address_of(server_), why);
    if (was_connected) out.push_back(ZkStateChanged{ZkStateChanged::State::Disconnected, session_id_, false});
    begin_attempt(env);
}

void ZkClient::fail_unanswered(std::vector<ZkClientEvent>& out) {
    std::deque<Request> lost = std::exchange(in_flight_, {});
    lost.insert(lost.end(), std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
    waiting_.clear();
    for (Request& request : lost) {
        Body failure = error_reply(request.body, 0, kConnectionLoss);
        complete(std::move(request), std::move(failure), out);
    }
}

// --- requests

void ZkClient::submit(node::Env& env, uint64_t token, std::vector<Body> requests) {
    CHECK_INVARIANT(!requests.empty(), "a batch of ZooKeeper requests is empty");
    const uint64_t key = next_batch_++;
    Batch& batch = batches_[key];
    batch.token = token;
    batch.unanswered = requests.size();
    batch.replies.resize(requests.size());
    for (size_t i = 0; i < requests.size(); ++i) waiting_.push_back({key, i, 0, std::move(requests[i])});
    if (state_ != State::Connected) return;
    send_waiting(env);
    rearm(env);
}

void ZkClient::send_waiting(node::Env& env) {
    while (!waiting_.empty() && in_flight_.size() < kMaxInFlight) {
        Request request = std::move(waiting_.front());
        waiting_.pop_front();
        request.xid = next_xid_++;
        send_message(env, request.xid, Body(request.body));
        in_flight_.push_back(std::move(request));
    }
}

void ZkClient::send_message(node::Env& env, int32_t xid, Body&& body) {
    last_send_ = env.now();
    env.send(connection_, Message{xid, SharedText(), std::move(body)});
}

void ZkClient::send_set_watches(node::Env& env) {
    if (data_watches_.empty() && exist_watches_.empty() && child_watches_.empty()) return;
    ZkSetWatchesRequest request;
    request.relative_zxid = last_zxid_;
    request.data_watches.assign(data_watches_.begin(), data_watches_.end());
    request.exist_watches.assign(exist_watches_.begin(), exist_watches_.end());
    request.child_watches.assign(child_watches_.begin(), child_watches_.end());
    send_message(env, kSetWatchesXid, std::move(request));
}

void ZkClient::on_message(node::Env& env, Message&& message, std::vector<ZkClientEvent>& out) {
    if (silent_too_long(env)) return give_up(env, out);
    last_heard_ = env.now();
    if (const auto* response = std::get_if<ZkConnectResponse>(&message.body)) {
        if (state_ == State::Handshake) finish_handshake(env, *response, out);
        return;
    }
    if (state_ != State::Connected && state_ != State::Closing) return;
    if (const auto* event = std::get_if<ZkWatchEvent>(&message.body)) {
        forget_watch(*event);
        out.push_back(ZkWatchFired{event->type, event->path});
    } else if (std::holds_alternative<ZkCloseSessionResponse>(message.body)) {
        env.close(connection_);
        connection_ = node::ConnectionId::None;
        return finish_close(env, out);
    } else if (message.correlation_id > 0) {
        finish_request(env, std::move(message), out);
    } else {
        last_zxid_ = std::max(last_zxid_, zxid_of(message.body));
    }
    rearm(env);
}

void ZkClient::finish_request(node::Env& env, Message&& message, std::vector<ZkClientEvent>& out) {
    if (in_flight_.empty() || in_flight_.front().xid != message.correlation_id)
        return;  // answers nothing that we asked on this connection
    Request request = std::move(in_flight_.front());
    in_flight_.pop_front();
    last_zxid_ = std::max(last_zxid_, zxid_of(message.body));
    remember_watch(request.body, error_of(message.body));
    complete(std::move(request), std::move(message.body), out);
    if (state_ == State::Connected) send_waiting(env);
}

void ZkClient::complete(Request&& request, Body&& reply, std::vector<ZkClientEvent>& out) {
    const auto found = batches_.find(request.batch);
    Batch& batch = found->second;
    batch.replies[request.index] = std::move(reply);
    if (--batch.unanswered != 0) return;
    out.push_back(ZkReplies{batch.token, std::move(batch.replies)});
    batches_.erase(found);
}

// --- watches that the server holds for us, to set them again after a reconnect

void ZkClient::remember_watch(const Body& request, int32_t err) {
    if (const auto* exists = std::get_if<ZkExistsRequest>(&request)) {
        if (exists->watch && err == kOk) data_watches_.insert(exists->path);
        if (exists->watch && err == kNoNode) exist_watches_.insert(exists->path);
    } else if (const auto* get = std::get_if<ZkGetDataRequest>(&request)) {
        if (get->watch && err == kOk) data_watches_.insert(get->path);
    } else if (const auto* list = std::get_if<ZkGetChildrenRequest>(&request)) {
        if (list->watch && err == kOk) child_watches_.insert(list->path);
    }
}

void ZkClient::forget_watch(const ZkWatchEvent& event) {
    if (event.type == kNodeChildrenChanged || event.type == kNodeDeleted) child_watches_.erase(event.path);
    if (event.type == kNodeChildrenChanged) return;
    data_watches_.erase(event.path);
    exist_watches_.erase(event.path);
}

// --- closing

/// Without a connection there is nobody to tell: the server will let the session expire.
void ZkClient::close(node::Env& env) {
    if (state_ == State::Connected) {
        state_ = State::Closing;
        send_message(env, next_xid_++, ZkCloseSessionRequest{});
        return rearm(env);
    }
    if (state_ == State::Closing) return;
    if (state_ == State::Connecting || state_ == State::Handshake) env.close(connection_);
    connection_ = node::ConnectionId::None;
    state_ = State::Closed;
    if (timer_ != node::TimerId::None) env.disarm(timer_);
}

void ZkClient::finish_close(node::Env& env, std::vector<ZkClientEvent>& out) {
    env.disarm(timer_);
    state_ = State::Closed;
    node::info(env, kClientCnxnLogger, "EventThread shut down for session: {}", session_text(session_id_));
    out.push_back(ZkStateChanged{ZkStateChanged::State::Closed, session_id_, false});
}

// --- time

/// ClientCnxn.SendThread.run: the wait until the next ping is reckoned anew each time something comes or goes.
void ZkClient::rearm(node::Env& env) {
    if (state_ != State::Connected && state_ != State::Closing) return;
    const Duration until_silent = read_timeout() - (env.now() - last_heard_);
    if (state_ == State::Closing) return env.arm(timer_, std::max(Duration{}, until_silent));
    const Duration idle = env.now() - last_send_;
    const Duration until_ping =
        std::min(read_timeout() / 2 - idle - (idle > kPingMargin ? kPingMargin : Duration{}), kMaxPingInterval - idle);
    env.arm(timer_, std::max(Duration{}, std::min(until_ping, until_silent)));
}

void ZkClient::on_timer(node::Env& env, node::Tag, std::vector<ZkClientEvent>& out) {
    switch (state_) {
        case State::Idle:
        case State::Expired:
        case State::Closed:
            return;
        case State::BackingOff:
            return connect(env);
        case State::Connecting:
        case State::Handshake:
            return give_up(env, out);
        case State::Connected:
        case State::Closing:
            break;
    }
    if (env.now() - last_heard_ >= read_timeout()) return give_up(env, out);
    if (state_ == State::Connected) send_message(env, kPingXid, ZkPingRequest{});
    rearm(env);
}

/// Only a process that was paused can find itself here: it looks at its clock before it looks at its socket.
bool ZkClient::silent_too_long(const node::Env& env) const {
    return state_ == State::Connected && env.now() - last_heard_ > read_timeout();
}

void ZkClient::give_up(node::Env& env, std::vector<ZkClientEvent>& out) {
    node::warn(env, kClientCnxnLogger, "Client session timed out, have not heard from server in {}ms for session id {}",
               millis_of(env.now() - last_heard_), session_text(session_id_));
    env.close(connection_);
    lose_connection(env, "", out);
}

}  // namespace kafkasim::zookeeper
