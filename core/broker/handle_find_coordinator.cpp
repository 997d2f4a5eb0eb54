// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

using Coordinator = protocol::FindCoordinatorResponse::Coordinator;

constexpr int8_t kGroupKey = 0;

void note_lookup(BrokerCall& call, const Coordinator& found, const TopicPartition& tp, const PartitionInfo* info) {
    if (!call.env().observed()) return;
    node::Note note{node::NoteKind::CoordinatorLookup,
                    {{"group", found.key},
                     {"partition", int64_t{tp.partition}},
                     {"error", std::string(name(found.error_code))},
                     {"coordinator", int64_t{found.node_id.value}}}};
    if (info != nullptr) {
        note.fields.emplace_back("leader", int64_t{info->leader.value});
        note.fields.emplace_back("replicas", join(info->replicas));
        note.fields.emplace_back("isr", join(info->isr));
    }
    call.env().note(std::move(note));
}

/// The coordinator of a group is whoever leads the group's partition of __consumer_offsets, if it is alive as far
/// as this broker knows.
Coordinator find(BrokerCall& call, const std::string& group) {
    const TopicPartition tp{TopicName(kOffsetsTopic), call.state().groups.partition_for(group)};
    const PartitionInfo* info = call.metadata().find(tp);
    const AliveBroker* leader = info == nullptr ? nullptr : call.metadata().find_broker(info->leader);
    Coordinator result;
    result.key = group;
    result.node_id = kNoBroker;
    result.port = -1;
    if (leader == nullptr) {
        result.error_code = ErrorCode::CoordinatorNotAvailable;
    } else {
        result.node_id = leader->id;
        result.host = leader->endpoint.host;
        result.port = leader->endpoint.port;
    }
    note_lookup(call, result, tp, info);
    return result;
}

}  // namespace

// Kafka 3.0.0: KafkaApis.handleFindCoordinatorRequest (version 4). Transaction coordinators are not modelled.
void handle_find_coordinator(BrokerCall& call, const node::RequestContext& context,
                             protocol::FindCoordinatorRequest&& request) {
    protocol::FindCoordinatorResponse response;
    for (const std::string& key : request.coordinator_keys) {
        if (request.key_type == kGroupKey) {
            response.coordinators.push_back(find(call, key));
            continue;
        }
        if (call.env().observed())
            call.env().note({node::NoteKind::Unmodelled, {{"what", std::string("transaction coordinator")}}});
        Coordinator refused;
        refused.key = key;
        refused.node_id = kNoBroker;
        refused.port = -1;
        refused.error_code = ErrorCode::InvalidRequest;
        response.coordinators.push_back(std::move(refused));
    }
    const TopicName offsets(kOffsetsTopic);
    if (request.key_type == kGroupKey && !call.metadata().contains(offsets))
        return auto_create_topics(call, context.token, {offsets}, std::move(response));
    call.respond(context.token, std::move(response));
}

}  // namespace kafkasim::broker
