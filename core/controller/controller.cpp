// SPDX-License-Identifier: Apache-2.0
#include "core/controller/controller.hpp"

#include <algorithm>

#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;

Flow step_top(Run& run, Frame& frame) {
    return std::visit([&run](auto& self) { return step(run, self); }, frame);
}

/// Takes frames off the stack until one deals with what happened.
Flow unwind(Run& run, Flow what) {
    std::vector<Frame>& stack = run.state().stack;
    stack.pop_back();
    while (!stack.empty()) {
        const Flow flow = std::visit([&](auto& self) { return recover(run, self, what); }, stack.back());
        if (flow != Flow::ControllerMoved && flow != Flow::Failed) return flow;
        stack.pop_back();
    }
    return what;
}

/// No frame dealt with it: the event is given up.
void give_up(Run& run, Flow what) {
    const std::string exception = std::exchange(run.state().exception, {});
    if (what == Flow::ControllerMoved) {
        run.info("Controller moved to another broker when processing {}.\n{}", run.state().event_name,
                 "org.apache.kafka.common.errors.ControllerMovedException: Controller epoch zkVersion check fails. "
                 "Expected zkVersion = " +
                     std::to_string(run.context().epoch_zk_version));
        run.state().stack.emplace_back(frame::MaybeResign{});
        return;
    }
    run.log(node::Level::Error, "Error processing event {}{}{}", run.state().event_name, exception.empty() ? "" : "\n",
            exception);
}

/// Runs the frame on top once.
void run_once(Run& run) {
    std::vector<Frame>& stack = run.state().stack;
    Flow flow = step_top(run, stack.back());
    if (flow == Flow::ControllerMoved || flow == Flow::Failed) {
        // The frame itself may deal with what it met (an election that was lost).
        const Flow own = std::visit([&](auto& self) { return recover(run, self, flow); }, stack.back());
        flow = own == Flow::ControllerMoved || own == Flow::Failed ? unwind(run, own) : own;
    }
    switch (flow) {
        case Flow::Wait:
        case Flow::Again:
            break;
        case Flow::Call:
            stack.push_back(std::move(*run.state().to_call));
            run.state().to_call.reset();
            break;
        case Flow::Done:
            stack.pop_back();
            break;
        case Flow::ControllerMoved:
        case Flow::Failed:
            give_up(run, flow);
            break;
    }
}

/// What a watch event means to an active controller; nullopt: nothing.
std::optional<Event> event_of_child_watch(std::string_view path) {
    if (path == kBrokerIdsPath) return event::BrokerChange{};
    if (path == kTopicsPath) return event::TopicChange{};
    if (path == kDeleteTopicsPath) return event::TopicDeletion{};
    if (path == kIsrChangeNotificationPath) return event::IsrChangeNotification{};
    if (path == kLogDirEventNotificationPath) return event::LogDirEventNotification{};
    return std::nullopt;
}

std::optional<Event> event_of_data_watch(const ControllerState& state, std::string_view path) {
    if (parent_path(path) == kTopicsPath) {
        const TopicName topic(last_element(path));
        if (state.context.all_topics.contains(topic)) return event::PartitionModifications{topic};
    }
    for (const BrokerId id : state.watched_brokers) {
        if (path == broker_path(id)) return event::BrokerModifications{id};
    }
    return std::nullopt;
}

std::optional<Event> event_of_creation(std::string_view path) {
    if (path == kPreferredElectionPath) {
        return event::ReplicaLeaderElection{ElectionType::Preferred, ElectionTrigger::ZkTriggered, std::nullopt,
                                            std::nullopt};
    }
    if (path == kReassignPartitionsPath) return event::PartitionReassignment{};
    return std::nullopt;
}

std::optional<Event> event_of_watch(const ControllerState& state, int32_t type, std::string_view path) {
    if (path == kControllerPath) {
        if (type == kNodeDeleted) return event::Reelect{};
        return event::ControllerChange{};
    }
    if (!state.handlers_registered) return std::nullopt;
    if (type == kNodeChildrenChanged) return event_of_child_watch(path);
    if (type == kNodeDataChanged) return event_of_data_watch(state, path);
    if (type == kNodeCreated) return event_of_creation(path);
    return std::nullopt;
}

/// What the answer of a broker means; nullopt: nothing. A StopReplica counts only for topics whose deletion has
/// begun.
std::optional<Event> event_of_response(const ControllerState& state, BrokerResponse&& response) {
    const auto* stopped = std::get_if<protocol::StopReplicaResponse>(&response.body);
    if (stopped == nullptr) return event::ResponseReceived{std::move(response)};
    event::TopicDeletionStopReplicaResponseReceived event;
    event.from = response.from;
    event.request_error = stopped->error_code;
    for (const auto& each : stopped->partition_errors) {
        const TopicPartition tp{each.topic_name, each.partition_index};
        const bool asked =
            std::find(response.to_delete.begin(), response.to_delete.end(), tp) != response.to_delete.end();
        if (asked && state.context.topics_with_deletion_started.contains(tp.topic))
            event.partition_errors[tp] = each.error_code;
    }
    if (event.partition_errors.empty()) return std::nullopt;
    return event;
}

/// A queued event is dropped: clients are told, other brokers get no answer (ControllerEvent.preempt).
void preempt(ControllerHost& host, const Event& event) {
    if (const auto* election = std::get_if<event::ReplicaLeaderElection>(&event);
        election != nullptr && election->token) {
        host.respond(*election->token, not_controller(*election));
    }
    if (const auto* reassignment = std::get_if<event::ApiPartitionReassignment>(&event)) {
        protocol::AlterPartitionReassignmentsResponse response;
        response.error_code = ErrorCode::NotController;
        response.error_message = std::string(default_message(ErrorCode::NotController));
        host.respond(reassignment->token, std::move(response));
    }
    if (const auto* list = std::get_if<event::ListPartitionReassignments>(&event)) {
        protocol::ListPartitionReassignmentsResponse response;
        response.error_code = ErrorCode::NotController;
        response.error_message = std::string(default_message(ErrorCode::NotController));
        host.respond(list->token, std::move(response));
    }
    if (const auto* shutdown = std::get_if<event::ControlledShutdown>(&event)) {
        protocol::ControlledShutdownResponse response;
        response.error_code = ErrorCode::StaleControllerEpoch;
        host.respond(shutdown->token, std::move(response));
    }
}

/// The event being worked on is abandoned as well: it waits for replies that will not come.
void clear(ControllerState& state, ControllerHost& host) {
    for (const Event& event : state.queue) preempt(host, event);
    state.queue.clear();
    for (const Frame& frame : state.stack) {
        if (const auto* shutdown = std::get_if<frame::ControlledShutdown>(&frame)) preempt(host, shutdown->event);
        if (const auto* election = std::get_if<frame::ReplicaElection>(&frame)) preempt(host, election->event);
        if (const auto* reassignment = std::get_if<frame::ApiReassignment>(&frame)) preempt(host, reassignment->event);
    }
    state.stack.clear();
    state.awaited_token = 0;
    state.awaiting_registration = false;
    state.replies.clear();
}

}  // namespace

Controller::Controller(uint16_t component) { state_.component = component; }

void Controller::put(ControllerHost& host, Event event) {
    if (state_.shut_down) {
        preempt(host, event);
        return;
    }
    state_.queue.push_back(std::move(event));
    run(host);
}

/// Works on until the queue is empty or something is awaited.
void Controller::run(ControllerHost& host) {
    Run run(state_, host);
    while (!state_.shut_down && !state_.waiting()) {
        if (state_.stack.empty()) {
            if (state_.queue.empty()) return;
            Event event = std::move(state_.queue.front());
            state_.queue.pop_front();
            state_.event_name = name_of(event);
            state_.stack.push_back(frame_of(std::move(event)));
        }
        run_once(run);
    }
}

void Controller::startup(ControllerHost& host) {
    state_.broker_id = host.broker_id();
    put(host, event::Startup{});
}

void Controller::shutdown(ControllerHost& host) {
    if (state_.shut_down) return;
    clear(state_, host);
    state_.active_controller_id = kNoBroker;
    Run run(state_, host);
    resign(run);
    state_.shut_down = true;
}

void Controller::on_zk_replies(ControllerHost& host, uint64_t token, std::vector<protocol::Body>&& replies) {
    if (token != state_.awaited_token || token == 0) return;
    for (const protocol::Body& reply : replies) {
        if (error_of(reply) == kSessionExpired) return;  // on_session_expired comes and clears everything
    }
    state_.awaited_token = 0;
    state_.replies = std::move(replies);
    run(host);
}

void Controller::on_watch(ControllerHost& host, int32_t type, std::string_view path) {
    if (std::optional<Event> event = event_of_watch(state_, type, path)) put(host, std::move(*event));
}

void Controller::on_session_expired(ControllerHost& host) {
    if (state_.shut_down) return;
    clear(state_, host);
    put(host, event::Expire{});
}

void Controller::on_new_session(ControllerHost& host) { put(host, event::RegisterBrokerAndReelect{}); }

void Controller::on_registered(ControllerHost& host) {
    if (!state_.awaiting_registration) return;
    state_.awaiting_registration = false;
    run(host);
}

void Controller::on_registration_failed(ControllerHost& host, std::string_view exception) {
    state_.exception = exception;
    on_registered(host);
}

void Controller::on_connected(ControllerHost& host, node::ConnectionId, const node::Tag& tag) {
    state_.channels.on_connected(host.env(), tag);
}

void Controller::on_disconnected(ControllerHost& host, node::ConnectionId, const node::Tag& tag, node::CloseReason) {
    state_.channels.on_disconnected(host.env(), tag);
}

void Controller::on_message(ControllerHost& host, node::ConnectionId, const node::Tag& tag,
                            protocol::Message&& message) {
    if (auto response = state_.channels.on_message(host.env(), tag, std::move(message))) {
        if (auto event = event_of_response(state_, std::move(*response))) put(host, std::move(*event));
    }
}

void Controller::on_timer(ControllerHost& host, node::TimerId, const node::Tag& tag) {
    if (tag.kind == kRebalanceTimer) put(host, event::AutoPreferredReplicaLeaderElection{});
    if (tag.kind == kSendTimer) state_.channels.on_timer(host.env(), tag);
}

void Controller::handle_alter_isr(ControllerHost& host, const node::RequestContext& context,
                                  protocol::AlterIsrRequest&& request) {
    if (!is_active()) {  // Kafka looks when the request arrives and again when its turn has come
        protocol::AlterIsrResponse response;
        response.error_code = ErrorCode::NotController;
        host.respond(context.token, std::move(response));
        return;
    }
    put(host, event::AlterIsr{context.token, std::move(request)});
}

void Controller::handle_allocate_producer_ids(ControllerHost& host, const node::RequestContext& context,
                                              protocol::AllocateProducerIdsRequest&& request) {
    if (!is_active()) {
        protocol::AllocateProducerIdsResponse response;
        response.error_code = ErrorCode::NotController;
        host.respond(context.token, std::move(response));
        return;
    }
    put(host, event::AllocateProducerIds{context.token, std::move(request)});
}

void Controller::handle_controlled_shutdown(ControllerHost& host, const node::RequestContext& context,
                                            protocol::ControlledShutdownRequest&& request) {
    put(host, event::ControlledShutdown{context.token, std::move(request)});
}

void Controller::handle_elect_leaders(ControllerHost& host, const node::RequestContext& context,
                                      protocol::ElectLeadersRequest&& request, bool all_asked) {
    event::ReplicaLeaderElection event;
    event.all_asked = all_asked;
    event.type = request.election_type == 0 ? ElectionType::Preferred : ElectionType::Unclean;
    event.token = context.token;
    if (request.topic_partitions) {
        event.partitions.emplace();
        for (const auto& topic : *request.topic_partitions) {
            for (const int32_t partition : topic.partitions) event.partitions->push_back({topic.topic, partition});
        }
    }
    put(host, std::move(event));
}

void Controller::handle_alter_partition_reassignments(ControllerHost& host, const node::RequestContext& context,
                                                      protocol::AlterPartitionReassignmentsRequest&& request) {
    event::ApiPartitionReassignment event;
    event.token = context.token;
    for (auto& topic : request.topics) {
        for (auto& partition : topic.partitions)
            event.reassignments[{topic.name, partition.partition_index}] = std::move(partition.replicas);
    }
    put(host, std::move(event));
}

void Controller::handle_list_partition_reassignments(ControllerHost& host, const node::RequestContext& context,
                                                     protocol::ListPartitionReassignmentsRequest&& request) {
    event::ListPartitionReassignments event;
    event.token = context.token;
    if (request.topics) {
        event.partitions.emplace();
        for (const auto& topic : *request.topics) {
            for (const int32_t partition : topic.partition_indexes) event.partitions->insert({topic.name, partition});
        }
    }
    put(host, std::move(event));
}

void Controller::enable_unclean_leader_election(ControllerHost& host, const std::optional<TopicName>& topic) {
    if (!is_active()) return;
    if (topic)
        put(host, event::TopicUncleanLeaderElectionEnable{*topic});
    else
        put(host, event::UncleanLeaderElectionEnable{});
}

}  // namespace kafkasim::controller
