// SPDX-License-Identifier: Apache-2.0
// How a group member finds its coordinator: asks any broker; an error means one round of metadata (100 ms apart at
// least), then it asks again, for ever and silently.
// Kafka 3.0.0: AbstractCoordinator.ensureCoordinatorReady, lookupCoordinator, FindCoordinatorResponseHandler,
// markCoordinatorUnknown.

#include "core/client/group_member.hpp"
#include "core/client/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {}

/// True if the coordinator is known and not in reconnect back-off.
bool GroupMember::ensure_coordinator(node::Env& env, ConsumerNetwork& network, ClientResponses& more) {
    if (coordinator_ && network.network().in_back_off(coordinator_->id, env.now())) {
        coordinator_unknown(env, network, "coordinator unavailable", true, more);
    }
    if (coordinator_) return true;
    switch (lookup_) {
        case Lookup::Asked:
            return false;
        case Lookup::Sleeping:
            if (env.now() < sleep_until_) return false;
            break;
        case Lookup::AwaitingMetadata:
            if (network.metadata().version() <= awaited_version_) return false;
            break;
        case Lookup::Idle:
            break;
    }
    find_coordinator(env, network);
    return false;
}

void GroupMember::find_coordinator(node::Env& env, ConsumerNetwork& network) {
    const std::optional<ClientNode> node = network.network().least_loaded_node(env);
    if (!node) {
        lookup_ = Lookup::AwaitingMetadata;
        sleep_until_ = env.now() + config_.retry_back_off;
        awaited_version_ = network.metadata().version();
        network.metadata().request_update();
        return;
    }
    lookup_ = Lookup::Asked;
    protocol::FindCoordinatorRequest request;
    request.coordinator_keys = {config_.group_id};
    const uint64_t what = network.send(env, *node, std::move(request));
    pending_[what] = {Kind::FindCoordinator, what, generation_, CommitPurpose::Auto, {}};
}

void GroupMember::handle_find_coordinator(node::Env& env, ConsumerNetwork& network,
                                          const SubscriptionState& subscriptions, ClientResponse& response) {
    lookup_ = Lookup::AwaitingMetadata;
    sleep_until_ = env.now() + config_.retry_back_off;
    awaited_version_ = network.metadata().version();
    const auto* answer = std::get_if<protocol::FindCoordinatorResponse>(&response.body);
    if (answer == nullptr || answer->coordinators.empty()) {
        network.metadata().request_update();
        return coordinator_not_found(env, failure_of_disconnect());
    }
    const auto& found = answer->coordinators.front();
    if (found.error_code != ErrorCode::None) {
        network.metadata().request_update();
        if (!retriable(found.error_code)) {
            const ClientFailure fatal = failure_of(found.error_code);
            node::info(env, kConsumerCoordinatorLogger, "{}FindCoordinator request hit fatal exception\n{}: {}",
                       config_.log_prefix, fatal.exception, fatal.message);
            failure_ = fatal;
        }
        return coordinator_not_found(env, failure_of(found.error_code));
    }
    coordinator_ = ClientNode{coordinator_node(found.node_id.value), {found.host, found.port}};
    lookup_ = Lookup::Idle;
    heartbeat_.received(env.now());
    node::info(env, kConsumerCoordinatorLogger, "{}Discovered group coordinator {}", config_.log_prefix,
               to_string(*coordinator_));
    network.try_connect(env, *coordinator_);
    coordinator_found(env, network, subscriptions);
    if (!network.network().in_back_off(coordinator_->id, env.now())) return;
    coordinator_.reset();
    lookup_ = Lookup::Sleeping;
    sleep_until_ = env.now() + config_.retry_back_off;
}

void GroupMember::coordinator_unknown(node::Env& env, ConsumerNetwork& network, const std::string& cause,
                                      bool disconnected, ClientResponses& more) {
    if (!coordinator_) return;
    node::info(env, kConsumerCoordinatorLogger,
               "{}Group coordinator {} is unavailable or invalid due to cause: "
               "{}.isDisconnected: {}. Rediscovery will "
               "be attempted.",
               config_.log_prefix, to_string(*coordinator_), cause, disconnected);
    const NodeId node = coordinator_->id;
    coordinator_.reset();
    lookup_ = Lookup::Idle;
    if (!disconnected) network.disconnect(env, node, more);
}

}  // namespace kafkasim::client
