// SPDX-License-Identifier: Apache-2.0
#include "core/broker/dispatch.hpp"

#include "core/broker/handlers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

void accept_connection(BrokerCall& call, node::ConnectionId connection) {
    RequestQueues& queues = call.state().requests;
    if (queues.state == RequestQueues::State::Stopped) {
        call.env().close(connection);
        return;
    }
    queues.connections.try_emplace(connection);
}

void forget_connection(BrokerCall& call, node::ConnectionId connection) {
    call.state().requests.connections.erase(connection);
}

void receive_request(BrokerCall& call, node::ConnectionId connection, protocol::Message&& message) {
    RequestQueues& queues = call.state().requests;
    const auto found = queues.connections.find(connection);
    if (found == queues.connections.end()) return;
    found->second.waiting.push_back(std::move(message));
    if (queues.state == RequestQueues::State::Running && !found->second.busy) queues.ready.push_back(connection);
}

void answer_request(BrokerCall& call, const node::RequestToken& to, protocol::Body&& body) {
    RequestQueues& queues = call.state().requests;
    const auto found = queues.connections.find(to.connection);
    if (found == queues.connections.end() || !found->second.busy || found->second.correlation_id != to.correlation_id)
        return;
    found->second.busy = false;
    if (!std::holds_alternative<std::monostate>(body)) {
        protocol::Message message;
        message.correlation_id = to.correlation_id;
        message.body = std::move(body);
        call.env().send(to.connection, std::move(message));
    }
    if (!found->second.waiting.empty()) queues.ready.push_back(to.connection);
}

bool take_next_request(BrokerCall& call) {
    RequestQueues& queues = call.state().requests;
    while (!queues.ready.empty() && queues.state == RequestQueues::State::Running) {
        const node::ConnectionId connection = queues.ready.front();
        queues.ready.pop_front();
        const auto found = queues.connections.find(connection);
        if (found == queues.connections.end() || found->second.busy || found->second.waiting.empty()) continue;
        protocol::Message message = std::move(found->second.waiting.front());
        found->second.waiting.pop_front();
        found->second.busy = true;
        found->second.correlation_id = message.correlation_id;
        node::RequestContext context;
        context.token = {connection, message.correlation_id};
        context.client_id = message.client_id;
        dispatch(call, context, std::move(message.body));
        return true;
    }
    return false;
}

void run_processors(BrokerCall& call) {
    RequestQueues& queues = call.state().requests;
    queues.state = RequestQueues::State::Running;
    for (const auto& [connection, queue] : queues.connections) {
        if (!queue.waiting.empty()) queues.ready.push_back(connection);
    }
}

void stop_processors(BrokerCall& call) {
    RequestQueues& queues = call.state().requests;
    queues.state = RequestQueues::State::Stopped;
    call.env().stop_listening(call.config().port());
    for (const auto& [connection, queue] : queues.connections) call.env().close(connection);
    queues.connections.clear();
    queues.ready.clear();
}

void not_modelled(BrokerCall& call, const node::RequestContext& context, std::string_view what) {
    node::error(call.env(), "kafka.server.KafkaApis",
                "[KafkaApi-{}] Not modelled by the simulator: {}. The connection is closed.", call.broker_id().value,
                what);
    if (call.env().observed()) call.env().note({node::NoteKind::Unmodelled, {{"what", std::string(what)}}});
    call.env().close(context.token.connection);
    forget_connection(call, context.token.connection);
}

namespace {

struct ToHandler {
    BrokerCall& call;
    const node::RequestContext& context;

    // Replicas
    void operator()(protocol::ProduceRequest&& request) const {
        call.state().replicas.handle_produce(call, context, std::move(request));
    }
    void operator()(protocol::FetchRequest&& request) const {
        call.state().replicas.handle_fetch(call, context, std::move(request));
    }
    void operator()(protocol::DeleteRecordsRequest&& request) const {
        call.state().replicas.handle_delete_records(call, context, std::move(request));
    }
    void operator()(protocol::ListOffsetsRequest&& request) const {
        call.state().replicas.handle_list_offsets(call, context, std::move(request));
    }
    void operator()(protocol::OffsetForLeaderEpochRequest&& request) const {
        call.state().replicas.handle_offset_for_leader_epoch(call, context, std::move(request));
    }
    void operator()(protocol::StopReplicaRequest&& request) const {
        call.state().replicas.handle_stop_replica(call, context, std::move(request));
    }

    // From the controller, and to it
    void operator()(protocol::LeaderAndIsrRequest&& request) const {
        handle_leader_and_isr(call, context, std::move(request));
    }
    void operator()(protocol::UpdateMetadataRequest&& request) const {
        handle_update_metadata(call, context, std::move(request));
    }
    void operator()(protocol::ControlledShutdownRequest&& request) const {
        handle_controlled_shutdown(call, context, std::move(request));
    }
    void operator()(protocol::AlterIsrRequest&& request) const { handle_alter_isr(call, context, std::move(request)); }
    void operator()(protocol::ElectLeadersRequest&& request) const {
        handle_elect_leaders(call, context, std::move(request));
    }

    // The cluster
    void operator()(protocol::ApiVersionsRequest&& request) const {
        handle_api_versions(call, context, std::move(request));
    }
    void operator()(protocol::MetadataRequest&& request) const { handle_metadata(call, context, std::move(request)); }
    void operator()(protocol::DescribeClusterRequest&& request) const {
        handle_describe_cluster(call, context, std::move(request));
    }
    void operator()(protocol::CreateTopicsRequest&& request) const {
        handle_create_topics(call, context, std::move(request));
    }
    void operator()(protocol::CreatePartitionsRequest&& request) const {
        handle_create_partitions(call, context, std::move(request));
    }
    void operator()(protocol::DeleteTopicsRequest&& request) const {
        handle_delete_topics(call, context, std::move(request));
    }
    void operator()(protocol::DescribeConfigsRequest&& request) const {
        handle_describe_configs(call, context, std::move(request));
    }
    void operator()(protocol::AlterConfigsRequest&& request) const {
        handle_alter_configs(call, context, std::move(request));
    }
    void operator()(protocol::IncrementalAlterConfigsRequest&& request) const {
        handle_incremental_alter_configs(call, context, std::move(request));
    }
    void operator()(protocol::ListPartitionReassignmentsRequest&& request) const {
        handle_list_partition_reassignments(call, context, std::move(request));
    }

    // Groups
    void operator()(protocol::FindCoordinatorRequest&& request) const {
        handle_find_coordinator(call, context, std::move(request));
    }
    void operator()(protocol::JoinGroupRequest&& request) const {
        handle_join_group(call, context, std::move(request));
    }
    void operator()(protocol::SyncGroupRequest&& request) const {
        handle_sync_group(call, context, std::move(request));
    }
    void operator()(protocol::HeartbeatRequest&& request) const { handle_heartbeat(call, context, std::move(request)); }
    void operator()(protocol::LeaveGroupRequest&& request) const {
        handle_leave_group(call, context, std::move(request));
    }
    void operator()(protocol::OffsetCommitRequest&& request) const {
        handle_offset_commit(call, context, std::move(request));
    }
    void operator()(protocol::OffsetFetchRequest&& request) const {
        handle_offset_fetch(call, context, std::move(request));
    }
    void operator()(protocol::DescribeGroupsRequest&& request) const {
        handle_describe_groups(call, context, std::move(request));
    }
    void operator()(protocol::ListGroupsRequest&& request) const {
        handle_list_groups(call, context, std::move(request));
    }
    void operator()(protocol::DeleteGroupsRequest&& request) const {
        handle_delete_groups(call, context, std::move(request));
    }
    void operator()(protocol::OffsetDeleteRequest&& request) const {
        handle_offset_delete(call, context, std::move(request));
    }

    // Not modelled yet
    void operator()(protocol::AlterPartitionReassignmentsRequest&& request) const {
        handle_alter_partition_reassignments(call, context, std::move(request));
    }
    void operator()(protocol::InitProducerIdRequest&& request) const {
        handle_init_producer_id(call, context, std::move(request));
    }
    void operator()(protocol::AllocateProducerIdsRequest&& request) const {
        handle_allocate_producer_ids(call, context, std::move(request));
    }
    template <typename Other>
    void operator()(Other&& other) const {
        not_modelled(call, context, protocol::name_of(protocol::Body(std::forward<Other>(other))));
    }
};

}  // namespace

void dispatch(BrokerCall& call, const node::RequestContext& context, protocol::Body&& body) {
    std::visit(ToHandler{call, context}, std::move(body));
}

}  // namespace kafkasim::broker
