// SPDX-License-Identifier: Apache-2.0
#include "core/broker/broker.hpp"

#include "core/broker/broker_call.hpp"
#include "core/config/protocol_version.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

/// "localhost:2181" or "localhost:2181/chroot", the first of several. Simplified: one ZooKeeper server, no chroot.
node::Endpoint zookeeper_endpoint(std::string_view connect) {
    const std::string_view first = connect.substr(0, connect.find_first_of(",/"));
    const size_t colon = first.rfind(':');
    if (colon == std::string_view::npos) return {std::string(first), 2181};
    const auto port = config::parse_whole(first.substr(colon + 1));
    return {std::string(first.substr(0, colon)), port ? static_cast<int32_t>(*port) : 2181};
}

/// By the protocol that the brokers speak, unless a scenario chose a rule set: that is no setting of Kafka's, and stands
/// in server.properties all the same. Names are checked by those who read them first.
void choose_rules(BrokerState& state, const config::BrokerConfig& config) {
    if (const auto version = config::find_protocol_version(config.inter_broker_protocol_version)) {
        state.rules = find_rules(version->rules);
        state.isr_changes = version->alter_isr ? IsrChanges::ByController : IsrChanges::ByLeader;
    }
    const config::Properties& properties = config.static_properties;
    if (const auto set = properties.find(kRulesSetting); set != properties.end()) {
        if (const ReplicationRules* rules = find_rules(set->second)) state.rules = rules;
    }
    if (const auto set = properties.find(kIsrChangesSetting); set != properties.end())
        state.isr_changes = find_isr_changes(set->second).value_or(state.isr_changes);
}

void hand_over_zk_replies(BrokerCall& call, zookeeper::ZkReplies&& replies) {
    BrokerState& state = call.state();
    const auto found = state.zk_calls.find(replies.token);
    if (found == state.zk_calls.end()) return;
    const ZkCall zk_call = found->second;
    state.zk_calls.erase(found);
    switch (zk_call.caller) {
        case ZkCaller::Startup:
            return on_startup_replies(call, std::move(replies.replies));
        case ZkCaller::Registration:
            return on_registration_replies(call, zk_call.token, std::move(replies.replies));
        case ZkCaller::Controller:
            return state.controller.on_zk_replies(call, zk_call.token, std::move(replies.replies));
        case ZkCaller::TopicConfigs:
            return on_topic_config_replies(call, zk_call.token, std::move(replies.replies));
        case ZkCaller::ParkedRequest:
            return on_parked_replies(call, zk_call.token, std::move(replies.replies));
        case ZkCaller::AdminManager:
            return on_admin_replies(call, zk_call.token, std::move(replies.replies));
        case ZkCaller::AlterConfigs:
            return on_alter_configs_replies(call, zk_call.token, std::move(replies.replies));
        case ZkCaller::TopicDeletions:
            return on_topic_deletion_replies(call, zk_call.token, std::move(replies.replies));
        case ZkCaller::PartitionGrowth:
            return on_partition_growth_replies(call, zk_call.token, std::move(replies.replies));
        case ZkCaller::Features:
            return on_feature_replies(call, replies.replies);
        case ZkCaller::IsrChanges:
            return state.replicas.on_isr_zk_replies(call, zk_call.token, replies.replies);
        case ZkCaller::LogDirEvents:
            return;  // nobody waits for it
    }
}

void watch_fired(BrokerCall& call, const zookeeper::ZkWatchFired& event) {
    if (event.path == zookeeper::kConfigChangesPath) watch_config_changes(call);
    if (event.path == zookeeper::kFeaturePath) return on_feature_watch(call, event.type);
    call.state().controller.on_watch(call, event.type, event.path);
}

/// Kafka 3.0.0: kafka.zookeeper.ZooKeeperClient and the state change handlers of controller, config listener and
/// broker.
void session_changed(BrokerCall& call, const zookeeper::ZkStateChanged& event) {
    using State = zookeeper::ZkStateChanged::State;
    BrokerState& state = call.state();
    switch (event.state) {
        case State::Connected:
            if (!state.startup.done()) return startup_connected(call, event.new_session);
            if (std::exchange(state.waits_for_zookeeper, false))
                node::info(call.env(), "kafka.zookeeper.ZooKeeperClient", "[ZooKeeperClient Kafka server] Connected.");
            if (!event.new_session) return;
            watch_config_changes(call);
            call.zk_call(ZkCaller::Features, 0, feature_requests());
            return state.controller.on_new_session(call);
        case State::Disconnected:
            if (state.zookeeper.unanswered() > 0) call.wait_for_zookeeper();
            return;
        case State::Expired:
            node::info(call.env(), "kafka.zookeeper.ZooKeeperClient",
                       "[ZooKeeperClient Kafka server] Session expired.");
            state.controller.on_session_expired(call);
            node::info(call.env(), "kafka.zookeeper.ZooKeeperClient",
                       "[ZooKeeperClient Kafka server] Initializing a new session to {}.",
                       state.config.zookeeper_connect);
            return state.zookeeper.restart(call.env());
        case State::Closed:
            return shutdown_session_closed(call);
    }
}

void pass_on(BrokerCall& call, Report&& report) {
    group::GroupCoordinator& groups = call.state().groups;
    if (const auto* appended = std::get_if<InternalAppendDone>(&report)) {
        groups.on_appended(call, appended->token, appended->error, appended->base_offset);
        return;
    }
    const auto& moved = std::get<LeadershipMoved>(report);
    for (const LeadershipChange& change : moved.leaders) {
        if (change.partition.topic == kOffsetsTopic)
            groups.on_elected(call, change.partition.partition, change.leader_epoch);
    }
    for (const LeadershipChange& change : moved.followers) {
        if (change.partition.topic == kOffsetsTopic)
            groups.on_resigned(call, change.partition.partition, change.leader_epoch);
    }
}

}  // namespace

Broker::Broker(config::BrokerConfig config) {
    state_.id = BrokerId{config.broker_id};
    state_.zookeeper = zookeeper::ZkClient(zookeeper_endpoint(config.zookeeper_connect),
                                           from_millis(config.zookeeper_session_timeout_ms), kZooKeeper);
    state_.replicas = ReplicaManager(config.log_dirs);
    state_.controller = controller::Controller(kController);
    state_.groups = group::GroupCoordinator(kGroups);
    choose_rules(state_, config);
    state_.config = std::move(config);
}

void Broker::start(node::Env& env) {
    BrokerCall call(state_, env);
    begin_startup(call);
    settle(call);
}

void Broker::on_accepted(node::Env& env, node::ConnectionId connection, int32_t) {
    if (state_.halted) return;
    BrokerCall call(state_, env);
    accept_connection(call, connection);
}

void Broker::on_connected(node::Env& env, node::ConnectionId connection, node::Tag tag) {
    if (state_.halted) return;
    BrokerCall call(state_, env);
    switch (static_cast<Component>(tag.component)) {
        case kZooKeeper: {
            std::vector<zookeeper::ZkClientEvent> events;
            state_.zookeeper.on_connected(env, events);
            on_zookeeper(call, std::move(events));
            break;
        }
        case kController:
            state_.controller.on_connected(call, connection, tag);
            break;
        case kReplicaFetcher:
        case kAlterIsr:
        case kZkIsr:
            state_.replicas.on_connected(call, connection, tag);
            break;
        case kForwarding:
            on_forwarding_connected(call);
            break;
        case kShutdown:
            on_shutdown_connected(call);
            break;
        case kNoComponent:
        case kReplicaManager:
        case kGroups:
        case kBroker:
            break;
    }
    settle(call);
}

void Broker::on_disconnected(node::Env& env, node::ConnectionId connection, node::Tag tag, node::CloseReason reason) {
    if (state_.halted) return;
    BrokerCall call(state_, env);
    switch (static_cast<Component>(tag.component)) {
        case kNoComponent:
            forget_connection(call, connection);
            break;
        case kZooKeeper: {
            std::vector<zookeeper::ZkClientEvent> events;
            state_.zookeeper.on_disconnected(env, reason, events);
            on_zookeeper(call, std::move(events));
            break;
        }
        case kController:
            state_.controller.on_disconnected(call, connection, tag, reason);
            break;
        case kReplicaFetcher:
        case kAlterIsr:
        case kZkIsr:
            state_.replicas.on_disconnected(call, connection, tag, reason);
            break;
        case kForwarding:
            on_forwarding_disconnected(call);
            break;
        case kShutdown:
            on_shutdown_disconnected(call);
            break;
        case kReplicaManager:
        case kGroups:
        case kBroker:
            break;
    }
    settle(call);
}

void Broker::on_message(node::Env& env, node::ConnectionId connection, node::Tag tag, protocol::Message&& message) {
    if (state_.halted) return;
    BrokerCall call(state_, env);
    switch (static_cast<Component>(tag.component)) {
        case kNoComponent:
            receive_request(call, connection, std::move(message));
            break;
        case kZooKeeper: {
            std::vector<zookeeper::ZkClientEvent> events;
            state_.zookeeper.on_message(env, std::move(message), events);
            on_zookeeper(call, std::move(events));
            break;
        }
        case kController:
            state_.controller.on_message(call, connection, tag, std::move(message));
            break;
        case kReplicaFetcher:
        case kAlterIsr:
        case kZkIsr:
            state_.replicas.on_message(call, connection, tag, std::move(message));
            break;
        case kForwarding:
            on_forwarding_message(call, std::move(message));
            break;
        case kShutdown:
            on_shutdown_message(call, std::move(message));
            break;
        case kReplicaManager:
        case kGroups:
        case kBroker:
            break;
    }
    settle(call);
}

void Broker::on_timer(node::Env& env, node::TimerId timer, node::Tag tag) {
    if (state_.halted) {
        if (tag.component == kBroker && tag.kind == kHaltTimer) env.exit(1);
        return;
    }
    BrokerCall call(state_, env);
    switch (static_cast<Component>(tag.component)) {
        case kNoComponent:
            break;
        case kZooKeeper: {
            std::vector<zookeeper::ZkClientEvent> events;
            state_.zookeeper.on_timer(env, tag, events);
            on_zookeeper(call, std::move(events));
            break;
        }
        case kController:
            state_.controller.on_timer(call, timer, tag);
            break;
        case kReplicaManager:
        case kReplicaFetcher:
        case kAlterIsr:
        case kZkIsr:
            state_.replicas.on_timer(call, timer, tag);
            break;
        case kForwarding:
            on_forwarding_timer(call);
            break;
        case kShutdown:
            on_shutdown_timer(call);
            break;
        case kGroups:
            state_.groups.on_timer(call, timer, tag);
            break;
        case kBroker:
            if (tag.kind == kTopicCreationTimer) {
                on_topic_creation_timer(call, tag.b);
            } else if (tag.kind == kTopicDeletionTimer) {
                on_topic_deletion_timer(call, tag.b);
            } else if (tag.kind == kPartitionGrowthTimer) {
                on_partition_growth_timer(call, tag.b);
            } else if (tag.kind == kProducerIdTimer) {
                on_producer_id_timer(call);
            } else {
                on_startup_timer(call);
            }
            break;
    }
    settle(call);
}

void Broker::on_signal(node::Env& env, node::Signal signal) {
    if (state_.halted) return;
    BrokerCall call(state_, env);
    begin_shutdown(call, signal);
    settle(call);
}

void Broker::on_zookeeper(BrokerCall& call, std::vector<zookeeper::ZkClientEvent>&& events) {
    for (zookeeper::ZkClientEvent& event : events) {
        if (auto* replies = std::get_if<zookeeper::ZkReplies>(&event)) {
            hand_over_zk_replies(call, std::move(*replies));
        } else if (const auto* fired = std::get_if<zookeeper::ZkWatchFired>(&event)) {
            watch_fired(call, *fired);
        } else {
            session_changed(call, std::get<zookeeper::ZkStateChanged>(event));
        }
    }
}

void Broker::settle(BrokerCall& call) {
    state_.replicas.disturbed_disks_are_written(call);
    while (!state_.halted) {
        if (state_.replicas.take_failed_log_dir(call)) continue;
        if (!state_.reports.empty()) {
            Report report = std::move(state_.reports.front());
            state_.reports.pop_front();
            pass_on(call, std::move(report));
        } else if (!take_next_request(call)) {
            return;
        }
    }
}

}  // namespace kafkasim::broker
