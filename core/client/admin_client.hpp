// SPDX-License-Identifier: Apache-2.0
#pragma once
// An admin client: sends one request of a given kind to the broker that must answer it (any, the controller, a
// certain one, a group's coordinator), retries
// as the real one does, and times out with its words. A tool submits calls (made by admin_calls.hpp) and reads
// AdminResult events; per-key errors stand in
// the response bodies and are the tool's to read.
// Kafka 3.0.0: org.apache.kafka.clients.admin.KafkaAdminClient, internals.AdminApiDriver, AdminMetadataManager.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/client/client_properties.hpp"
#include "core/client/network_client.hpp"

namespace kafkasim::client {

struct AdminConfig {
    std::vector<node::Endpoint> bootstrap;
    std::string client_id = "adminclient-1";
    std::string log_prefix;  // empty: "[AdminClient clientId=adminclient-1] "
    Duration default_api_timeout = 60s;
    Duration request_timeout = 30s;
    Duration retry_back_off = 100ms;
    Duration metadata_max_age = 300s;
    static Result<AdminConfig> from_properties(const ClientProperties& properties);
};

/// Who must answer.
enum class AdminRoute : uint8_t {
    LeastLoaded,
    Controller,
    Node,         // AdminCall::node
    Coordinator,  // of AdminCall::group, looked up first
    AllBrokers,   // each live broker, one response each
    Leaders,      // the leaders of the partitions in a ListOffsetsRequest, which is split; metadata is fetched first
};

struct AdminCall {
    std::string name;  // "listTopics", as it stands in timeouts
    AdminRoute route = AdminRoute::LeastLoaded;
    NodeId node = -1;
    std::string group;
    protocol::Body request;
    std::optional<Duration> timeout;  // default.api.timeout.ms otherwise
};

struct AdminError {
    ErrorCode code = ErrorCode::None;
    std::string exception;  // "org.apache.kafka.common.errors.TimeoutException"
    std::string message;    // may be empty
    /// "org.apache.kafka.common.errors.TimeoutException: Timed out waiting for a node assignment. Call: listTopics"
    std::string text() const { return message.empty() ? exception : exception + ": " + message; }
};

struct AdminResponse {
    ClientNode node;  // who answered
    protocol::Body body;
};

struct AdminResult {
    uint64_t call = 0;
    std::optional<AdminError> error;       // the call as a whole failed
    std::vector<AdminResponse> responses;  // one, or one per broker asked (AllBrokers by id; Leaders)
};
using AdminResults = std::vector<AdminResult>;

class AdminClient {
public:
    AdminClient() = default;
    AdminClient(AdminConfig config, uint16_t component);

    void start(node::Env& env);
    uint64_t submit(node::Env& env, AdminCall call, AdminResults& out);
    /// Closes the connections. Outstanding calls are forgotten.
    void close(node::Env& env);

    bool owns(node::Tag tag) const { return tag.component == component_; }
    void on_connected(node::Env& env, node::ConnectionId connection, node::Tag tag, AdminResults& out);
    void on_disconnected(node::Env& env, node::ConnectionId connection, node::Tag tag, node::CloseReason reason,
                         AdminResults& out);
    void on_message(node::Env& env, node::ConnectionId connection, node::Tag tag, protocol::Message&& message,
                    AdminResults& out);
    void on_timer(node::Env& env, node::TimerId timer, node::Tag tag, AdminResults& out);

private:
    enum class Stage : uint8_t {
        OwnMetadata,  // the client's own knowledge of the cluster: fetchMetadata
        Brokers,      // AllBrokers: which are there
        Leaders,      // Leaders: metadata of the topics
        Lookup,       // Coordinator: FindCoordinator
        Request,      // the call's own request
    };
    /// One request of a call: KafkaAdminClient.Call.
    struct Part {
        uint64_t operation = 0;
        Stage stage = Stage::Request;
        std::string name;
        AdminRoute route = AdminRoute::LeastLoaded;  // LeastLoaded, Controller or Node
        NodeId node = -1;
        protocol::Body request;
        Instant deadline{};
        Instant next_allowed{};
        int32_t tries = 0;
        std::optional<ClientNode> assigned;
        bool in_flight = false;
    };
    /// One call of the owner.
    struct Operation {
        AdminCall call;
        Instant deadline{};
        size_t open_parts = 0;
        std::map<NodeId, AdminResponse> responses;
    };

    void begin(uint64_t operation_id);
    void add_part(uint64_t operation_id, Stage stage, std::string name, AdminRoute route, NodeId node,
                  protocol::Body request);
    void run(node::Env& env, ClientResponses&& responses, AdminResults& out);
    void step(node::Env& env, ClientResponses& more, AdminResults& out);
    void time_out_parts(node::Env& env, ClientResponses& more, AdminResults& out);
    AdminError call_timed_out(node::Env& env, const Part& part) const;
    void assign_parts(node::Env& env);
    std::optional<ClientNode> choose_node(node::Env& env, const Part& part);
    void refresh_own_metadata(node::Env& env);
    void send_parts(node::Env& env);
    void handle(node::Env& env, ClientResponse& response, AdminResults& out);
    void handle_metadata(node::Env& env, uint64_t part_id, const protocol::MetadataResponse& response,
                         AdminResults& out);
    void handle_lookup(uint64_t part_id, const protocol::FindCoordinatorResponse& response, AdminResults& out);
    void handle_answer(node::Env& env, uint64_t part_id, NodeId node, protocol::Body&& body, AdminResults& out);
    void split_by_broker(uint64_t operation_id, const protocol::MetadataResponse& metadata);
    void split_by_leader(uint64_t operation_id, const protocol::MetadataResponse& metadata);
    static protocol::ListOffsetsResponse without_leader(const protocol::ListOffsetsRequest& request);
    void finish_if_answered(uint64_t operation_id, AdminResults& out);
    void look_up_again(uint64_t part_id);
    void retry_later(node::Env& env, uint64_t part_id, AdminResults& out);
    void fail_part(uint64_t part_id, AdminError error, AdminResults& out);
    void remove_parts(uint64_t operation_id);
    void rearm(node::Env& env);

    AdminConfig config_;
    uint16_t component_ = 0;
    NetworkClient network_;
    node::TimerId timer_ = node::TimerId::None;
    std::map<uint64_t, Part> parts_;
    std::map<uint64_t, Operation> operations_;
    uint64_t next_part_ = 1;
    uint64_t next_operation_ = 1;
    bool closed_ = false;
};

}  // namespace kafkasim::client
