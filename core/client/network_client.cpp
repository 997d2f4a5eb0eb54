// SPDX-License-Identifier: Apache-2.0
#include "core/client/network_client.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/base/java.hpp"
#include "core/client/loggers.hpp"
#include "core/client/reconnect_back_off.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {

/// "{t=LEADER_NOT_AVAILABLE, u=INVALID_TOPIC_EXCEPTION}": topics in the order of a Java HashMap.
std::string errors_text(const protocol::MetadataResponse& response) {
    std::vector<const protocol::MetadataResponse::MetadataResponseTopic*> failed;
    std::vector<int32_t> hashes;
    for (const auto& topic : response.topics) {
        if (topic.error_code == ErrorCode::None) continue;
        failed.push_back(&topic);
        hashes.push_back(java::string_hash(topic.name.view()));
    }
    std::string text;
    for (size_t i : java::hash_map_order(hashes)) {
        if (!text.empty()) text += ", ";
        text += fmt::format("{}={}", failed[i]->name.view(), name(failed[i]->error_code));
    }
    return text;
}

/// "bad topic!, b/d", in the order of a Java HashSet; nullopt: none is. A name may be empty.
std::optional<std::string> invalid_topics(const protocol::MetadataResponse& response) {
    std::vector<std::string_view> names;
    std::vector<int32_t> hashes;
    for (const auto& topic : response.topics) {
        if (topic.error_code != ErrorCode::InvalidTopicException) continue;
        names.push_back(topic.name.view());
        hashes.push_back(java::string_hash(topic.name.view()));
    }
    std::string text;
    for (size_t i : java::hash_map_order(hashes)) text += fmt::format("{}{}", text.empty() ? "" : ", ", names[i]);
    return names.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

NetworkClient::NetworkClient(NetworkClientConfig config)
    : config_(std::move(config)), metadata_(config_.bootstrap, config_.retry_back_off, config_.metadata_max_age) {}

void NetworkClient::on_connected(node::Env& env, node::Tag tag) {
    const auto found = connections_.find(tag.a);
    if (found == connections_.end() || found->second.attempt != tag.b) return;
    Connection& connection = found->second;
    connection.state = State::CheckingApiVersions;
    connection.failures = 0;
    connection.setup_failures = 0;
    protocol::ApiVersionsRequest request;
    request.client_software_name = "apache-kafka-java";
    request.client_software_version = "3.0.0";
    transmit(env, tag.a, std::move(request), {0, 0, Purpose::ApiVersions, 0, env.now() + config_.request_timeout});
}

void NetworkClient::on_disconnected(node::Env& env, node::Tag tag, ClientResponses& responses) {
    const auto found = connections_.find(tag.a);
    if (found == connections_.end() || found->second.attempt != tag.b) return;
    lost(env, tag.a, false, responses);
}

void NetworkClient::on_message(node::Env& env, node::Tag tag, protocol::Message&& message, ClientResponses& responses) {
    const auto found = connections_.find(tag.a);
    if (found == connections_.end() || found->second.attempt != tag.b) return;
    Connection& connection = found->second;
    const auto answered =
        std::find_if(connection.in_flight.begin(), connection.in_flight.end(),
                     [&](const InFlight& each) { return each.correlation_id == message.correlation_id; });
    if (answered == connection.in_flight.end()) return;
    const InFlight request = *answered;
    connection.in_flight.erase(answered);
    switch (request.purpose) {
        case Purpose::ApiVersions:
            connection.state = State::Ready;
            return;
        case Purpose::Metadata:
            metadata_in_flight_ = false;
            if (const auto* response = std::get_if<protocol::MetadataResponse>(&message.body))
                take_metadata(env, *response, request);
            return;
        case Purpose::Application:
            responses.push_back({request.what, tag.a, request.correlation_id, false, false, std::move(message.body)});
            return;
    }
}

void NetworkClient::take_metadata(node::Env& env, const protocol::MetadataResponse& response, const InFlight& request) {
    const std::string errors = errors_text(response);
    if (!errors.empty()) {
        node::warn(env, kNetworkClientLogger, "{}Error while fetching metadata with correlation id {} : {{{}}}",
                   config_.log_prefix, request.correlation_id, errors);
    }
    // A broker that has just started knows nobody yet: not an answer
    // (DefaultMetadataUpdater.handleSuccessfulResponse).
    if (response.brokers.empty()) {
        metadata_.failed_update(env.now());
    } else {
        metadata_.update(response, request.metadata_version, env.now());
        if (const auto invalid = invalid_topics(response)) {
            node::error(env, "org.apache.kafka.clients.Metadata", "{}Metadata response reported invalid topics [{}]",
                        config_.log_prefix, *invalid);
        }
    }
}

void NetworkClient::poll(node::Env& env, ClientResponses& responses) {
    time_out(env, responses);
    if (config_.refreshes_metadata) refresh_metadata(env);
}

void NetworkClient::time_out(node::Env& env, ClientResponses& responses) {
    const Instant now = env.now();
    std::vector<NodeId> late;
    std::vector<NodeId> not_connected;
    for (const auto& [id, connection] : connections_) {
        if (connection.state == State::Connecting && now >= connection.last_attempt + connection.setup_timeout)
            not_connected.push_back(id);
        const bool overdue = std::any_of(connection.in_flight.begin(), connection.in_flight.end(),
                                         [&](const InFlight& r) { return now >= r.deadline; });
        if (overdue) late.push_back(id);
    }
    for (NodeId id : late) {
        env.close(connections_[id].id);
        lost(env, id, true, responses);
    }
    for (NodeId id : not_connected) {
        ++connections_[id].setup_failures;
        env.close(connections_[id].id);
        lost(env, id, false, responses);
    }
}

bool NetworkClient::update_due(Instant now) const {
    return config_.refreshes_metadata && !metadata_in_flight_ && metadata_.time_to_next_update(now) <= Duration::zero();
}

void NetworkClient::refresh_metadata(node::Env& env) {
    if (!update_due(env.now())) return;
    const std::optional<ClientNode> node = least_loaded_node(env);
    if (!node) return;
    if (can_send(node->id)) {
        InFlight request{0, 0, Purpose::Metadata, metadata_.request_version(), env.now() + config_.request_timeout};
        metadata_in_flight_ = true;
        transmit(env, node->id, metadata_.request(config_.allow_auto_creation), request);
        return;
    }
    if (any_connecting()) return;  // one at a time
    if (can_connect(node->id, env.now())) connect(env, *node);
}

std::optional<Instant> NetworkClient::next_deadline(Instant now) const {
    std::optional<Instant> next;
    const auto at = [&](Instant instant) {
        if (!next || instant < *next) next = instant;
    };
    for (const auto& [id, connection] : connections_) {
        if (connection.state == State::Connecting) at(connection.last_attempt + connection.setup_timeout);
        for (const InFlight& request : connection.in_flight) at(request.deadline);
    }
    if (!config_.refreshes_metadata || metadata_in_flight_) return next;
    const Duration wait = metadata_.time_to_next_update(now);
    if (wait > Duration::zero()) {
        at(now + wait);
    } else if (!any_connecting()) {
        // Due, and no node can be asked: when the first leaves its back-off.
        for (const ClientNode& node : metadata_.nodes()) {
            const Duration delay = connection_delay(node.id, now);
            if (delay > Duration::zero()) at(now + delay);
        }
    }
    return next;
}

bool NetworkClient::can_send(NodeId id) const {
    const auto found = connections_.find(id);
    return found != connections_.end() && found->second.state == State::Ready &&
           found->second.in_flight.size() < config_.max_in_flight;
}

bool NetworkClient::can_connect(NodeId id, Instant now) const {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return true;
    return found->second.state == State::Disconnected && now >= found->second.last_attempt + found->second.back_off;
}

bool NetworkClient::connecting(NodeId id) const {
    const auto found = connections_.find(id);
    return found != connections_.end() &&
           (found->second.state == State::Connecting || found->second.state == State::CheckingApiVersions);
}

bool NetworkClient::any_connecting() const {
    return std::any_of(metadata_.nodes().begin(), metadata_.nodes().end(),
                       [&](const ClientNode& node) { return connecting(node.id); });
}

bool NetworkClient::is_ready(NodeId node, Instant now) const {
    // A refresh of the metadata goes before everything else.
    return !update_due(now) && can_send(node);
}

bool NetworkClient::ready(node::Env& env, const ClientNode& node) {
    if (is_ready(node.id, env.now())) return true;
    if (can_connect(node.id, env.now())) connect(env, node);
    return false;
}

void NetworkClient::connect(node::Env& env, const ClientNode& node) {
    Connection& connection = connections_[node.id];
    if (connection.endpoint != node.endpoint) {
        connection.failures = 0;
        connection.setup_failures = 0;
    }
    connection.endpoint = node.endpoint;
    connection.state = State::Connecting;
    connection.last_attempt = env.now();
    connection.attempt = next_attempt_++;
    const Duration setup = back_off_step(config_.connection_setup_timeout, config_.connection_setup_timeout_max,
                                         connection.setup_failures);
    connection.setup_timeout = with_jitter(setup, env.chance().below(node::Stream::BackOff, kJitterDraws));
    connection.id = env.connect(node.endpoint, {config_.component, kConnection, node.id, connection.attempt});
}

int32_t NetworkClient::transmit(node::Env& env, NodeId id, protocol::Body&& body, InFlight request) {
    Connection& connection = connections_[id];
    protocol::Message message;
    message.correlation_id = request.correlation_id = next_correlation_id_++;
    message.client_id = config_.client_id;
    message.body = std::move(body);
    connection.in_flight.push_back(request);
    env.send(connection.id, std::move(message));
    return request.correlation_id;
}

int32_t NetworkClient::send(node::Env& env, NodeId node, protocol::Body&& body, uint64_t what,
                            std::optional<Duration> timeout) {
    CHECK_INVARIANT(can_send(node), "a request to a node that is not ready");
    return transmit(env, node, std::move(body),
                    {0, what, Purpose::Application, 0, env.now() + timeout.value_or(config_.request_timeout)});
}

void NetworkClient::send_unanswered(node::Env& env, NodeId node, protocol::Body&& body) {
    CHECK_INVARIANT(can_send(node), "a request to a node that is not ready");
    protocol::Message message;
    message.correlation_id = next_correlation_id_++;
    message.client_id = config_.client_id;
    message.body = std::move(body);
    env.send(connections_[node].id, std::move(message));
}

/// The state after a connection has gone: back-off begins, what was in flight comes back.
void NetworkClient::disconnected(node::Env& env, NodeId id, bool timed_out, ClientResponses& responses) {
    Connection& connection = connections_[id];
    const Duration step =
        back_off_step(config_.reconnect_back_off, config_.reconnect_back_off_max, connection.failures++);
    connection.back_off = with_jitter(step, env.chance().below(node::Stream::BackOff, kJitterDraws));
    connection.last_attempt = env.now();
    connection.state = State::Disconnected;
    connection.id = node::ConnectionId::None;
    for (const InFlight& request : std::exchange(connection.in_flight, {})) {
        if (request.purpose == Purpose::Metadata) {
            metadata_in_flight_ = false;
            metadata_.failed_update(env.now());
        } else if (request.purpose == Purpose::Application) {
            responses.push_back({request.what, id, request.correlation_id, true, timed_out, {}});
        }
    }
}

void NetworkClient::lost(node::Env& env, NodeId id, bool timed_out, ClientResponses& responses) {
    if (connections_[id].state == State::Connecting) {
        node::warn(env, kNetworkClientLogger,
                   "{}Connection to node {} ({}) could not be established. Broker may not be available.",
                   config_.log_prefix, id, remote_address(connections_[id].endpoint));
    }
    disconnected(env, id, timed_out, responses);
    if (!config_.refreshes_metadata) {
        metadata_.request_update();
        return;
    }
    if (const ClientNode* node = metadata_.node(id); node != nullptr && metadata_.bootstrap_configured()) {
        node::warn(env, kNetworkClientLogger, "{}Bootstrap broker {} disconnected", config_.log_prefix,
                   to_string(*node));
    }
    // An update that was due counts as failed, so that the next attempt waits for the gap.
    if (update_due(env.now())) metadata_.failed_update(env.now());
    metadata_.request_update();
}

std::optional<ClientNode> NetworkClient::least_loaded_node(node::Env& env) {
    const std::vector<ClientNode>& nodes = metadata_.nodes();
    if (nodes.empty()) return std::nullopt;
    const size_t offset = env.chance().below(node::Stream::Nodes, nodes.size());
    const ClientNode* ready = nullptr;
    const ClientNode* being_connected = nullptr;
    const ClientNode* connectable = nullptr;
    const auto last_attempt = [&](const ClientNode& node) {
        const auto found = connections_.find(node.id);
        return found == connections_.end() ? std::optional<Instant>()
                                           : std::optional<Instant>(found->second.last_attempt);
    };
    for (size_t i = 0; i < nodes.size(); ++i) {
        const ClientNode& node = nodes[(offset + i) % nodes.size()];
        if (can_send(node.id)) {
            if (in_flight(node.id) == 0) return node;
            if (ready == nullptr || in_flight(node.id) < in_flight(ready->id)) ready = &node;
        } else if (connecting(node.id)) {
            being_connected = &node;
        } else if (can_connect(node.id, env.now())) {
            if (connectable == nullptr || last_attempt(node) < last_attempt(*connectable)) connectable = &node;
        }
    }
    const ClientNode* best = ready != nullptr ? ready : being_connected != nullptr ? being_connected : connectable;
    return best == nullptr ? std::nullopt : std::optional<ClientNode>(*best);
}

bool NetworkClient::connection_failed(NodeId node) const {
    const auto found = connections_.find(node);
    return found != connections_.end() && found->second.state == State::Disconnected;
}

Duration NetworkClient::connection_delay(NodeId node, Instant now) const {
    const auto found = connections_.find(node);
    if (found == connections_.end() || found->second.state != State::Disconnected) return Duration::zero();
    return std::max(Duration::zero(), found->second.last_attempt + found->second.back_off - now);
}

size_t NetworkClient::in_flight(NodeId node) const {
    const auto found = connections_.find(node);
    return found == connections_.end() ? 0 : found->second.in_flight.size();
}

size_t NetworkClient::in_flight() const {
    size_t sum = 0;
    for (const auto& [id, connection] : connections_) sum += connection.in_flight.size();
    return sum;
}

void NetworkClient::disconnect(node::Env& env, NodeId node, ClientResponses& responses) {
    const auto found = connections_.find(node);
    if (found == connections_.end() || found->second.state == State::Disconnected) return;
    env.close(found->second.id);
    disconnected(env, node, false, responses);
}

void NetworkClient::close(node::Env& env) {
    for (const auto& [id, connection] : connections_) {
        if (connection.state != State::Disconnected) env.close(connection.id);
    }
    connections_.clear();
    metadata_in_flight_ = false;
}

}  // namespace kafkasim::client
