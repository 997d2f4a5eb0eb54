// SPDX-License-Identifier: Apache-2.0
#pragma once
// A client's connections to several brokers: which node is asked, when a lost one is tried again, the ApiVersions
// exchange on each new connection, request
// timeouts and (for producer and consumer) the refresh of the metadata. It decides nothing about retries of
// requests: what was lost comes back as a
// response with `disconnected`. Producer, Consumer and AdminClient own one each, hand it the events whose Tag it
// owns, call poll() after each event and
// at next_deadline(), and take what it pushes into `responses`.
// Kafka 3.0.0: org.apache.kafka.clients.NetworkClient (DefaultMetadataUpdater), ClusterConnectionStates,
// InFlightRequests.
// Simplified: ApiVersions is asked and awaited but its answer is not used, since every broker is a 3.0.0.

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "core/client/cluster_metadata.hpp"
#include "core/client/node_id.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::client {

struct NetworkClientConfig {
    std::string log_prefix;  // "[Producer clientId=console-producer] "
    SharedText client_id;
    std::vector<node::Endpoint> bootstrap;
    uint16_t component = 0;  // of the Tags of its connections
    bool refreshes_metadata =
        true;  // false: the AdminClient asks by calls of its own, and does not tell of lost bootstrap brokers
    bool allow_auto_creation = true;  // of topics that metadata is asked for
    size_t max_in_flight = 100;       // per connection (producer: 5)
    Duration request_timeout = 30s;
    Duration retry_back_off = 100ms;
    Duration metadata_max_age = 300s;
    Duration reconnect_back_off = 50ms;
    Duration reconnect_back_off_max = 1000ms;
    Duration connection_setup_timeout = 10s;
    Duration connection_setup_timeout_max = 30s;
};

struct ClientResponse {
    uint64_t what = 0;  // as given to send()
    NodeId node = -1;
    int32_t correlation_id = 0;
    bool disconnected = false;  // the connection was lost before the answer
    bool timed_out = false;     // ... because the answer took too long
    protocol::Body body;
};
using ClientResponses = std::vector<ClientResponse>;

class NetworkClient {
public:
    NetworkClient() = default;
    explicit NetworkClient(NetworkClientConfig config);

    // Events of the world. Everything with our component and a kind of kConnection is ours.
    static constexpr uint16_t kConnection = 0x100;
    bool owns(node::Tag tag) const { return tag.component == config_.component && tag.kind == kConnection; }
    void on_connected(node::Env& env, node::Tag tag);
    void on_disconnected(node::Env& env, node::Tag tag, ClientResponses& responses);
    void on_message(node::Env& env, node::Tag tag, protocol::Message&& message, ClientResponses& responses);

    /// Refreshes the metadata if that is due, gives up requests and connections that took too long.
    void poll(node::Env& env, ClientResponses& responses);
    /// When poll() has something to do even if nothing happens.
    std::optional<Instant> next_deadline(Instant now) const;

    /// True if a request may be sent to the node now; otherwise begins to connect, unless it is too early for that.
    bool ready(node::Env& env, const ClientNode& node);
    bool is_ready(NodeId node, Instant now) const;
    /// Sends at once; is_ready() must hold. Returns the correlation id.
    int32_t send(node::Env& env, NodeId node, protocol::Body&& body, uint64_t what,
                 std::optional<Duration> timeout = std::nullopt);
    /// The same for a request that is never answered (produce with acks=0).
    void send_unanswered(node::Env& env, NodeId node, protocol::Body&& body);
    /// The node that the next request "to any broker" goes to: nullopt if all are in back-off.
    std::optional<ClientNode> least_loaded_node(node::Env& env);
    /// The last attempt to connect failed, or the connection was lost and not made again.
    bool connection_failed(NodeId node) const;
    /// Until the node may be tried again; zero if it may be now.
    Duration connection_delay(NodeId node, Instant now) const;
    bool in_back_off(NodeId node, Instant now) const {
        return connection_failed(node) && connection_delay(node, now) > Duration::zero();
    }
    size_t in_flight(NodeId node) const;
    size_t in_flight() const;
    /// Closes the node's connection; what was in flight comes back as disconnected (NetworkClient.disconnect).
    void disconnect(node::Env& env, NodeId node, ClientResponses& responses);
    /// Closes everything; what was in flight is forgotten.
    void close(node::Env& env);

    ClusterMetadata& metadata() { return metadata_; }
    const ClusterMetadata& metadata() const { return metadata_; }
    const NetworkClientConfig& config() const { return config_; }

private:
    enum class State : uint8_t { Disconnected, Connecting, CheckingApiVersions, Ready };
    enum class Purpose : uint8_t { Application, Metadata, ApiVersions };
    struct InFlight {
        int32_t correlation_id;
        uint64_t what;
        Purpose purpose;
        int64_t metadata_version;
        Instant deadline;
    };
    struct Connection {
        State state = State::Disconnected;
        node::Endpoint endpoint;
        node::ConnectionId id = node::ConnectionId::None;
        uint64_t attempt = 0;
        Instant last_attempt{};
        int32_t failures = 0;        // in a row
        Duration back_off{};         // from the last disconnect
        int32_t setup_failures = 0;  // timeouts of the connection set-up grow
        Duration setup_timeout{};
        std::deque<InFlight> in_flight;
    };

    void connect(node::Env& env, const ClientNode& node);
    void disconnected(node::Env& env, NodeId id, bool timed_out, ClientResponses& responses);
    void lost(node::Env& env, NodeId id, bool timed_out, ClientResponses& responses);
    bool can_send(NodeId id) const;
    bool can_connect(NodeId id, Instant now) const;
    bool connecting(NodeId id) const;
    bool any_connecting() const;
    void refresh_metadata(node::Env& env);
    bool update_due(Instant now) const;
    void take_metadata(node::Env& env, const protocol::MetadataResponse& response, const InFlight& request);
    int32_t transmit(node::Env& env, NodeId id, protocol::Body&& body, InFlight request);
    void time_out(node::Env& env, ClientResponses& responses);

    NetworkClientConfig config_;
    ClusterMetadata metadata_;
    std::map<NodeId, Connection> connections_;
    bool metadata_in_flight_ = false;
    int32_t next_correlation_id_ = 0;
    uint64_t next_attempt_ = 1;
};

}  // namespace kafkasim::client
