// SPDX-License-Identifier: Apache-2.0
#include "core/client/admin_client.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/check.hpp"
#include "core/client/admin_retry.hpp"
#include "core/client/client_failure.hpp"

namespace kafkasim::client {

namespace {

constexpr uint16_t kAdminTimer = 1;

NetworkClientConfig network_config(const AdminConfig& config, uint16_t component) {
    NetworkClientConfig network;
    network.log_prefix =
        config.log_prefix.empty() ? fmt::format("[AdminClient clientId={}] ", config.client_id) : config.log_prefix;
    network.client_id = SharedText(config.client_id);
    network.bootstrap = config.bootstrap;
    network.component = component;
    network.refreshes_metadata = false;
    network.request_timeout = config.request_timeout;
    network.retry_back_off = config.retry_back_off;
    network.metadata_max_age = config.metadata_max_age;
    return network;
}

AdminError timed_out(std::string message) {
    return {ErrorCode::RequestTimedOut, "org.apache.kafka.common.errors.TimeoutException", std::move(message)};
}

/// "DESCRIBE_GROUPS": how ApiKeys prints itself.
std::string upper_name(const protocol::Body& body) {
    std::string text;
    for (char c : protocol::name_of(protocol::api_of(body))) {
        if (c >= 'A' && c <= 'Z' && !text.empty()) text += '_';
        text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return text;
}

/// Requests that tell the broker how long it may take.
void set_timeout(protocol::Body& body, Duration timeout) {
    const auto ms = static_cast<int32_t>(millis_of(timeout));
    if (auto* request = std::get_if<protocol::CreateTopicsRequest>(&body)) request->timeout_ms = ms;
    if (auto* request = std::get_if<protocol::DeleteTopicsRequest>(&body)) request->timeout_ms = ms;
    if (auto* request = std::get_if<protocol::CreatePartitionsRequest>(&body)) request->timeout_ms = ms;
    if (auto* request = std::get_if<protocol::DeleteRecordsRequest>(&body)) request->timeout_ms = ms;
    if (auto* request = std::get_if<protocol::ElectLeadersRequest>(&body)) request->timeout_ms = ms;
    if (auto* request = std::get_if<protocol::ListPartitionReassignmentsRequest>(&body)) request->timeout_ms = ms;
    if (auto* request = std::get_if<protocol::AlterPartitionReassignmentsRequest>(&body)) request->timeout_ms = ms;
}

}  // namespace

Result<AdminConfig> AdminConfig::from_properties(const ClientProperties& properties) {
    AdminConfig config;
    PropertyReader reader(properties);
    reader.read_bootstrap(config.bootstrap);
    reader.read("client.id", config.client_id);
    reader.read_ms("default.api.timeout.ms", config.default_api_timeout);
    reader.read_ms("request.timeout.ms", config.request_timeout);
    reader.read_ms("retry.backoff.ms", config.retry_back_off);
    reader.read_ms("metadata.max.age.ms", config.metadata_max_age);
    if (reader.error()) return Error{*reader.error()};
    return config;
}

AdminClient::AdminClient(AdminConfig config, uint16_t component)
    : config_(std::move(config)), component_(component), network_(network_config(config_, component)) {}

void AdminClient::start(node::Env& env) {
    timer_ = env.new_timer({component_, kAdminTimer, 0, 0});
    AdminResults none;
    run(env, {}, none);
}

uint64_t AdminClient::submit(node::Env& env, AdminCall call, AdminResults& out) {
    const uint64_t id = next_operation_++;
    const Duration timeout = call.timeout.value_or(config_.default_api_timeout);
    operations_[id] = {std::move(call), env.now() + timeout, 0, {}};
    begin(id);
    run(env, {}, out);
    return id;
}

void AdminClient::close(node::Env& env) {
    network_.close(env);
    if (timer_ != node::TimerId::None) env.free_timer(timer_);
    timer_ = node::TimerId::None;
    closed_ = true;
}

/// The first request of a call.
void AdminClient::begin(uint64_t id) {
    const AdminCall& call = operations_[id].call;
    switch (call.route) {
        case AdminRoute::LeastLoaded:
        case AdminRoute::Controller:
        case AdminRoute::Node:
            add_part(id, Stage::Request, call.name, call.route, call.node, call.request);
            return;
        case AdminRoute::Coordinator: {
            protocol::FindCoordinatorRequest request;
            request.coordinator_keys = {call.group};
            add_part(id, Stage::Lookup, call.name + "(api=FIND_COORDINATOR)", AdminRoute::LeastLoaded, -1,
                     std::move(request));
            return;
        }
        case AdminRoute::AllBrokers: {
            protocol::MetadataRequest request;
            request.topics.emplace();
            add_part(id, Stage::Brokers, "findAllBrokers", AdminRoute::LeastLoaded, -1, std::move(request));
            return;
        }
        case AdminRoute::Leaders: {
            protocol::MetadataRequest request;
            request.topics.emplace();
            request.allow_auto_topic_creation = false;
            for (const auto& topic : std::get<protocol::ListOffsetsRequest>(call.request).topics)
                request.topics->push_back({{}, topic.name});
            add_part(id, Stage::Leaders, "metadata", AdminRoute::LeastLoaded, -1, std::move(request));
            return;
        }
    }
}

void AdminClient::add_part(uint64_t operation_id, Stage stage, std::string name, AdminRoute route, NodeId node,
                           protocol::Body request) {
    Operation& operation = operations_[operation_id];
    ++operation.open_parts;
    parts_[next_part_++] = {operation_id, stage, std::move(name), route, node, std::move(request), operation.deadline,
                            Instant{},    0,     std::nullopt,    false};
}

void AdminClient::on_connected(node::Env& env, node::ConnectionId, node::Tag tag, AdminResults& out) {
    network_.on_connected(env, tag);
    run(env, {}, out);
}

void AdminClient::on_disconnected(node::Env& env, node::ConnectionId, node::Tag tag, node::CloseReason,
                                  AdminResults& out) {
    ClientResponses responses;
    network_.on_disconnected(env, tag, responses);
    run(env, std::move(responses), out);
}

void AdminClient::on_message(node::Env& env, node::ConnectionId, node::Tag tag, protocol::Message&& message,
                             AdminResults& out) {
    ClientResponses responses;
    network_.on_message(env, tag, std::move(message), responses);
    run(env, std::move(responses), out);
}

void AdminClient::on_timer(node::Env& env, node::TimerId, node::Tag, AdminResults& out) { run(env, {}, out); }

void AdminClient::run(node::Env& env, ClientResponses&& responses, AdminResults& out) {
    if (closed_) return;
    network_.poll(env, responses);
    do {
        for (ClientResponse& response : std::exchange(responses, {})) handle(env, response, out);
        step(env, responses, out);
    } while (!responses.empty());
    rearm(env);
}

/// One turn of AdminClientRunnable.processRequests.
void AdminClient::step(node::Env& env, ClientResponses& more, AdminResults& out) {
    for (auto& [id, part] : parts_) {
        if (part.assigned && !part.in_flight && network_.connection_failed(part.assigned->id)) part.assigned.reset();
    }
    time_out_parts(env, more, out);
    assign_parts(env);
    refresh_own_metadata(env);
    send_parts(env);
}

void AdminClient::time_out_parts(node::Env& env, ClientResponses& more, AdminResults& out) {
    std::vector<uint64_t> late;
    for (const auto& [id, part] : parts_) {
        if (env.now() >= part.deadline + 1ms) late.push_back(id);
    }
    for (uint64_t id : late) {
        const auto found = parts_.find(id);
        if (found == parts_.end()) continue;  // went with another part of its call
        Part& part = found->second;
        if (part.in_flight) {
            ++part.tries;
            const AdminError error = call_timed_out(env, part);
            network_.disconnect(env, part.assigned->id, more);
            fail_part(id, error, out);
        } else {
            fail_part(id,
                      timed_out(fmt::format("Timed out waiting {}. Call: {}",
                                            part.assigned ? "to send the call" : "for a node assignment", part.name)),
                      out);
        }
    }
}

/// Call.handleTimeoutFailure, with Call.toString.
AdminError AdminClient::call_timed_out(node::Env& env, const Part& part) const {
    const int64_t wall = env.wall_clock().value;
    const int64_t deadline = wall - millis_of(env.now() - part.deadline);
    return timed_out(fmt::format(
        "Call(callName={}, deadlineMs={}, tries={}, nextAllowedTryMs={}) timed out at {} after {} attempt(s)",
        part.name, deadline, part.tries, wall + millis_of(config_.retry_back_off), wall, part.tries));
}

void AdminClient::assign_parts(node::Env& env) {
    for (auto& [id, part] : parts_) {
        if (!part.assigned && env.now() >= part.next_allowed) part.assigned = choose_node(env, part);
    }
}

std::optional<ClientNode> AdminClient::choose_node(node::Env& env, const Part& part) {
    ClusterMetadata& metadata = network_.metadata();
    if (part.stage == Stage::OwnMetadata) return network_.least_loaded_node(env);
    if (!metadata.bootstrap_configured()) {
        const bool any = part.route == AdminRoute::LeastLoaded;
        if (any) return network_.least_loaded_node(env);
        const NodeId wanted = part.route == AdminRoute::Controller ? metadata.controller().value : part.node;
        if (const ClientNode* node = metadata.node(wanted)) return *node;
    }
    metadata.request_update();
    return std::nullopt;
}

/// AdminMetadataManager: which brokers there are and who is the controller, asked for by a call of our own.
void AdminClient::refresh_own_metadata(node::Env& env) {
    const bool asked = std::any_of(parts_.begin(), parts_.end(),
                                   [](const auto& each) { return each.second.stage == Stage::OwnMetadata; });
    if (asked || network_.metadata().time_to_next_update(env.now()) > Duration::zero()) return;
    protocol::MetadataRequest request;
    request.topics.emplace();
    Part part;
    part.stage = Stage::OwnMetadata;
    part.name = "fetchMetadata";
    part.request = std::move(request);
    part.deadline = env.now() + config_.request_timeout;
    part.assigned = network_.least_loaded_node(env);
    parts_[next_part_++] = std::move(part);
}

void AdminClient::send_parts(node::Env& env) {
    for (auto& [id, part] : parts_) {
        if (!part.assigned || part.in_flight || !network_.ready(env, *part.assigned)) continue;
        protocol::Body body = part.request;
        const Duration timeout = std::min(config_.request_timeout, std::max(Duration{1}, part.deadline - env.now()));
        set_timeout(body, timeout);
        network_.send(env, part.assigned->id, std::move(body), id, timeout + 1ms);
        part.in_flight = true;
    }
}

void AdminClient::handle(node::Env& env, ClientResponse& response, AdminResults& out) {
    const uint64_t id = response.what;
    const auto found = parts_.find(id);
    if (found == parts_.end()) return;
    Part& part = found->second;
    part.in_flight = false;
    if (response.disconnected) {
        const bool of_coordinator =
            part.stage == Stage::Request && operations_[part.operation].call.route == AdminRoute::Coordinator;
        const bool in_time = env.now() < part.deadline;
        return of_coordinator && in_time ? look_up_again(id) : retry_later(env, id, out);
    }
    const auto* metadata = std::get_if<protocol::MetadataResponse>(&response.body);
    const auto* lookup = std::get_if<protocol::FindCoordinatorResponse>(&response.body);
    if (part.stage == Stage::Request) {
        handle_answer(env, id, response.node, std::move(response.body), out);
    } else if (metadata != nullptr) {
        handle_metadata(env, id, *metadata, out);
    } else if (lookup != nullptr) {
        handle_lookup(id, *lookup, out);
    }
}

void AdminClient::handle_metadata(node::Env& env, uint64_t part_id, const protocol::MetadataResponse& response,
                                  AdminResults& out) {
    const Part part = parts_[part_id];
    if (part.stage == Stage::OwnMetadata) {
        parts_.erase(part_id);
        if (response.brokers.empty()) {
            network_.metadata().failed_update(env.now());
        } else {
            network_.metadata().update(response, network_.metadata().request_version(), env.now());
        }
        return;
    }
    const std::vector<ErrorCode> errors = error_codes(response);
    const bool unsettled = std::any_of(errors.begin(), errors.end(),
                                       [](ErrorCode error) { return error != ErrorCode::None && retriable(error); });
    if (part.stage == Stage::Leaders && unsettled) {
        retry_later(env, part_id, out);
        return;
    }
    parts_.erase(part_id);
    --operations_[part.operation].open_parts;
    part.stage == Stage::Brokers ? split_by_broker(part.operation, response)
                                 : split_by_leader(part.operation, response);
    finish_if_answered(part.operation, out);
}

void AdminClient::handle_lookup(uint64_t part_id, const protocol::FindCoordinatorResponse& response,
                                AdminResults& out) {
    Part& part = parts_[part_id];
    const ErrorCode error =
        response.coordinators.empty() ? ErrorCode::UnknownServerError : response.coordinators.front().error_code;
    if (error == ErrorCode::CoordinatorNotAvailable || error == ErrorCode::CoordinatorLoadInProgress) {
        ++part.tries;  // AdminApiDriver asks again without a pause
        part.assigned.reset();
        return;
    }
    if (error != ErrorCode::None) {
        const ClientFailure failure = failure_of(
            error, response.coordinators.empty() ? "" : response.coordinators.front().error_message.value_or(""));
        fail_part(part_id, {error, failure.exception, failure.message}, out);
        return;
    }
    const uint64_t operation = part.operation;
    parts_.erase(part_id);
    --operations_[operation].open_parts;
    const AdminCall& call = operations_[operation].call;
    add_part(operation, Stage::Request, fmt::format("{}(api={})", call.name, upper_name(call.request)),
             AdminRoute::Node, response.coordinators.front().node_id.value, call.request);
}

void AdminClient::handle_answer(node::Env& env, uint64_t part_id, NodeId node, protocol::Body&& body,
                                AdminResults& out) {
    Part& part = parts_[part_id];
    const uint64_t operation_id = part.operation;
    Operation& operation = operations_[operation_id];
    switch (judge_admin(operation.call.route, body)) {
        case AdminVerdict::RetryLater:
            return retry_later(env, part_id, out);
        case AdminVerdict::NotController:
            network_.metadata().clear_controller();
            network_.metadata().request_update();
            return retry_later(env, part_id, out);
        case AdminVerdict::RetryAtOnce:
            ++part.tries;
            part.assigned.reset();
            return;
        case AdminVerdict::LookUpAgain:
            return look_up_again(part_id);
        case AdminVerdict::Restart:
            remove_parts(operation_id);
            operation.responses.clear();
            operation.open_parts = 0;
            begin(operation_id);
            parts_.rbegin()->second.next_allowed = env.now() + config_.retry_back_off;
            return;
        case AdminVerdict::Done:
            break;
    }
    const ClientNode answered = part.assigned.value_or(ClientNode{node, {}});
    const bool bodies_merge = operation.responses.contains(answered.id);
    CHECK_INVARIANT(!bodies_merge, "one broker answered one call twice");
    operation.responses[answered.id] = {answered, std::move(body)};
    parts_.erase(part_id);
    --operation.open_parts;
    finish_if_answered(operation_id, out);
}

void AdminClient::finish_if_answered(uint64_t operation_id, AdminResults& out) {
    Operation& operation = operations_[operation_id];
    if (operation.open_parts != 0) return;
    AdminResult result{operation_id, std::nullopt, {}};
    for (auto& [id, response] : operation.responses) result.responses.push_back(std::move(response));
    operations_.erase(operation_id);
    out.push_back(std::move(result));
}

void AdminClient::split_by_broker(uint64_t operation_id, const protocol::MetadataResponse& metadata) {
    const AdminCall& call = operations_[operation_id].call;
    for (const auto& broker : metadata.brokers)
        add_part(operation_id, Stage::Request, call.name, AdminRoute::Node, broker.node_id.value, call.request);
}

/// What stands for an answer for partitions that the cluster does not have, or not yet with a leader: nobody is
/// asked.
protocol::ListOffsetsResponse AdminClient::without_leader(const protocol::ListOffsetsRequest& request) {
    protocol::ListOffsetsResponse response;
    for (const auto& topic : request.topics) {
        response.topics.push_back({topic.name, {}});
        for (const auto& partition : topic.partitions) {
            auto& answer = response.topics.back().partitions.emplace_back();
            answer.partition_index = partition.partition_index;
            answer.error_code = ErrorCode::LeaderNotAvailable;
        }
    }
    return response;
}

void AdminClient::split_by_leader(uint64_t operation_id, const protocol::MetadataResponse& metadata) {
    std::map<NodeId, protocol::ListOffsetsRequest> requests;
    const auto& whole = std::get<protocol::ListOffsetsRequest>(operations_[operation_id].call.request);
    const auto leader_of = [&](const TopicName& name, int32_t index) -> NodeId {
        for (const auto& topic : metadata.topics) {
            for (const auto& partition : topic.partitions) {
                if (topic.name == name && partition.partition_index == index) return partition.leader_id.value;
            }
        }
        return -1;
    };
    for (const auto& topic : whole.topics) {
        for (const auto& partition : topic.partitions) {
            protocol::ListOffsetsRequest& request = requests[leader_of(topic.name, partition.partition_index)];
            request.replica_id = whole.replica_id;
            if (request.topics.empty() || !(request.topics.back().name == topic.name))
                request.topics.push_back({topic.name, {}});
            request.topics.back().partitions.push_back(partition);
        }
    }
    for (auto& [leader, request] : requests) {
        if (leader < 0) {
            operations_[operation_id].responses[leader] = {ClientNode{leader, {}}, without_leader(request)};
            continue;
        }
        add_part(operation_id, Stage::Request, fmt::format("listOffsets on broker {}", leader), AdminRoute::Node,
                 leader, std::move(request));
    }
}

/// Back to the search for the coordinator, at once.
void AdminClient::look_up_again(uint64_t part_id) {
    const uint64_t operation = parts_[part_id].operation;
    parts_.erase(part_id);
    --operations_[operation].open_parts;
    begin(operation);
}

void AdminClient::retry_later(node::Env& env, uint64_t part_id, AdminResults& out) {
    Part& part = parts_[part_id];
    ++part.tries;
    if (env.now() >= part.deadline) return fail_part(part_id, call_timed_out(env, part), out);
    part.next_allowed = env.now() + config_.retry_back_off;
    part.assigned.reset();
}

void AdminClient::fail_part(uint64_t part_id, AdminError error, AdminResults& out) {
    const uint64_t operation = parts_[part_id].operation;
    if (parts_[part_id].stage == Stage::Brokers)  // the cause is not told
        error = {ErrorCode::None, "org.apache.kafka.common.KafkaException",
                 "Failed to find brokers to send ListGroups"};
    parts_.erase(part_id);
    if (operation == 0) return;  // our own metadata: asked for anew
    remove_parts(operation);
    operations_.erase(operation);
    out.push_back({operation, std::move(error), {}});
}

void AdminClient::remove_parts(uint64_t operation_id) {
    std::erase_if(parts_, [&](const auto& each) { return each.second.operation == operation_id; });
}

void AdminClient::rearm(node::Env& env) {
    const Instant now = env.now();
    std::optional<Instant> next = network_.next_deadline(now);
    const auto at = [&](Instant instant) {
        if (!next || instant < *next) next = instant;
    };
    bool own = false;
    for (const auto& [id, part] : parts_) {
        own = own || part.stage == Stage::OwnMetadata;
        at(part.deadline + 1ms);
        if (part.in_flight) continue;
        // As long as a call waits for a node the real client's loop turns every 100 ms.
        if (!part.assigned) at(std::max(part.next_allowed, now + config_.retry_back_off));
        // A node that refused the connection is tried again when its back-off is over.
        const Duration delay = part.assigned ? network_.connection_delay(part.assigned->id, now) : Duration::zero();
        if (delay > Duration::zero()) at(now + delay);
    }
    if (!own && !operations_.empty()) at(now + network_.metadata().time_to_next_update(now));
    if (next) {
        env.arm(timer_, std::max(*next - now, Duration{1}));
    } else {
        env.disarm(timer_);
    }
}

}  // namespace kafkasim::client
