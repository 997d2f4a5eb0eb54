// SPDX-License-Identifier: Apache-2.0
#include "core/broker/handlers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

void forget_deleted(BrokerCall& call, const std::vector<TopicPartition>& deleted) {
    BrokerState& state = call.state();
    state.replicas.metadata_deleted(deleted);
    state.groups.on_topics_deleted(call, deleted);
    for (const TopicPartition& tp : deleted) {
        if (!state.metadata.contains(tp.topic)) state.topic_configs.overrides.erase(tp.topic);
    }
}

}  // namespace

// The controller says who is alive and who leads what. Kafka 3.0.0: KafkaApis.handleUpdateMetadataRequest,
// ReplicaManager.maybeUpdateMetadataCache.
void handle_update_metadata(BrokerCall& call, const node::RequestContext& context,
                            protocol::UpdateMetadataRequest&& request) {
    BrokerState& state = call.state();
    protocol::UpdateMetadataResponse response;
    if (request.broker_epoch != -1 && request.broker_epoch < state.broker_epoch) {
        node::info(call.env(), "kafka.server.KafkaApis",
                   "[KafkaApi-{}] Received UpdateMetadata request with broker epoch {} smaller than the current broker "
                   "epoch {}",
                   state.id.value, request.broker_epoch, state.broker_epoch);
        response.error_code = ErrorCode::StaleBrokerEpoch;
    } else if (!state.replicas.accept_controller_epoch(request.controller_epoch)) {
        node::warn(call.env(), "state.change.logger",
                   "[Broker id={}] Received update metadata request with correlation id {} from an old controller {} "
                   "with epoch {}. Latest known controller epoch is {}",
                   state.id.value, context.token.correlation_id, request.controller_id.value, request.controller_epoch,
                   state.replicas.controller_epoch());
        response.error_code = ErrorCode::StaleControllerEpoch;
    }
    if (response.error_code != ErrorCode::None) return call.respond(context.token, std::move(response));

    const MetadataCache::Updated updated = state.metadata.update(request);
    if (updated.added > 0 || !updated.deleted.empty()) {
        node::info(call.env(), "state.change.logger",
                   "[Broker id={}] Add {} partitions and deleted {} partitions from metadata cache in response to "
                   "UpdateMetadata request sent by controller {} epoch {} "
                   "with correlation id {}",
                   state.id.value, updated.added, updated.deleted.size(), request.controller_id.value,
                   request.controller_epoch, context.token.correlation_id);
    }
    if (!updated.deleted.empty()) forget_deleted(call, updated.deleted);
    recheck_topic_creations(call);
    recheck_topic_deletions(call);
    recheck_partition_growth(call);
    forwarding_controller_known(call);
    call.respond(context.token, std::move(response));
}

}  // namespace kafkasim::broker
