// SPDX-License-Identifier: Apache-2.0
#include "core/broker/startup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "core/broker/dynamic_configs.hpp"
#include "core/broker/handlers.hpp"
#include "core/broker/stop_steps.hpp"
#include "core/log/checkpoint_file.hpp"
#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::broker {

namespace {

using Step = Startup::Step;
using stop_steps::kChannelThread;
using stop_steps::kConfigThread;
using stop_steps::kEventThread;
using stop_steps::kFeatureThread;
using stop_steps::kLogDirFailure;
using stop_steps::kMarkers;
using stop_steps::kReaper;
using stop_steps::kSocketServer;
using stop_steps::kThrottle;
using stop_steps::kTransactions;

constexpr std::string_view kZkLogger = "kafka.zookeeper.ZooKeeperClient";
constexpr std::string_view kZkPrefix = "[ZooKeeperClient Kafka server] ";

/// What every thread of the broker says when it begins.
void log_starting(BrokerCall& call, std::string_view logger, std::string_view thread) {
    node::info(call.env(), logger, "{}: Starting", thread);
}

void log_reapers_starting(BrokerCall& call, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        node::info(call.env(), kReaper, "[ExpirationReaper-{}-{}]: Starting", call.broker_id().value, name);
}

void go_on(BrokerCall& call, Step step, std::vector<protocol::Body> requests) {
    call.state().startup.step = step;
    call.zk_call(ZkCaller::Startup, 0, std::move(requests));
}

/// One top-level path after another; one whose parent is missing waits until that is there.
/// Kafka 3.0.0: kafka.zk.KafkaZkClient.createTopLevelPaths, createRecursive.
void create_next_path(BrokerCall& call) {
    Startup& startup = call.state().startup;
    if (startup.paths.empty()) return go_on(call, Step::ReadingFeatures, feature_requests());
    go_on(call, Step::CreatingPaths, {zookeeper::zk_create(startup.paths.back(), std::nullopt)});
}

void create_paths(BrokerCall& call) {
    Startup& startup = call.state().startup;
    startup.paths = zookeeper::top_level_paths();
    std::reverse(startup.paths.begin(), startup.paths.end());
    create_next_path(call);
}

void on_path_created(BrokerCall& call, const protocol::Body& reply) {
    std::vector<std::string>& paths = call.state().startup.paths;
    if (zookeeper::error_of(reply) == zookeeper::kNoNode) {
        paths.emplace_back(zookeeper::parent_path(paths.back()));
    } else {
        paths.pop_back();
    }
    create_next_path(call);
}

void list_topic_configs(BrokerCall& call) {
    go_on(call, Step::ListingTopicConfigs,
          {zookeeper::zk_get_children(std::string(zookeeper::kConfigTopicsPath), false)});
}

/// The files in every log dir must name this broker and this cluster. False if they do not: the start has failed.
bool check_meta_properties(BrokerCall& call) {
    BrokerState& state = call.state();
    for (const std::string& dir : state.replicas.logs().log_dirs()) {
        if (!log::LogManager::can_be_read(call.env(), dir)) {
            const std::string exception = fmt::format("java.nio.file.FileSystemException: {}/meta.properties: {}", dir,
                                                      call.env().disk().failure(dir).value_or(""));
            node::error(call.env(), "kafka.server.BrokerMetadataCheckpoint",
                        "Failed to read meta.properties file under dir {}/meta.properties\n{}", dir, exception);
            node::error(call.env(), "kafka.server.BrokerMetadataCheckpoint$", "Failed to read {}/meta.properties\n{}",
                        dir, exception);
            continue;
        }
        const auto stored = log::read_meta_properties(call.env(), dir);
        if (!stored) {
            node::warn(call.env(), "kafka.server.BrokerMetadataCheckpoint",
                       "No meta.properties file under dir {}/meta.properties", dir);
        } else if (!stored->cluster_id.empty() && stored->cluster_id != state.cluster_id) {
            call.fail(
                fmt::format("kafka.common.InconsistentClusterIdException: The Cluster ID {} doesn't match stored "
                            "clusterId Some({}) in meta.properties. The "
                            "broker is trying to join the wrong cluster. Configured zookeeper.connect may be wrong.",
                            state.cluster_id, stored->cluster_id));
            return false;
        } else if (stored->broker_id >= 0 && stored->broker_id != state.id.value) {
            call.fail(
                fmt::format("kafka.common.InconsistentBrokerIdException: Configured broker.id {} doesn't match stored "
                            "broker.id Some({}) in meta.properties. If "
                            "you moved your data, make sure your configured broker.id matches. If you intend to create "
                            "a new broker, you should remove all "
                            "data in your data directories (log.dirs).",
                            state.id.value, stored->broker_id));
            return false;
        }
    }
    return true;
}

void cluster_id_known(BrokerCall& call, std::string cluster_id) {
    call.state().cluster_id = std::move(cluster_id);
    node::info(call.env(), kServerLogger, "Cluster ID = {}", call.state().cluster_id);
    if (check_meta_properties(call)) list_topic_configs(call);
}

void on_cluster_id(BrokerCall& call, const protocol::Body& reply) {
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&reply);
    if (data != nullptr && data->err == zookeeper::kOk && data->data) {
        const auto id = zookeeper::decode_cluster_id(*data->data);
        if (id) return cluster_id_known(call, *id);
    }
    const std::string id = call.env().chance().uuid(node::Stream::ClusterIds).text();
    std::vector<protocol::Body> requests;
    requests.push_back(zookeeper::zk_create(std::string(zookeeper::kClusterIdPath), zookeeper::encode_cluster_id(id)));
    requests.push_back(zookeeper::zk_create("/cluster", std::nullopt));
    requests.push_back(zookeeper::zk_create(std::string(zookeeper::kClusterIdPath), zookeeper::encode_cluster_id(id)));
    // Whoever was first has given the id: read it back.
    requests.push_back(zookeeper::zk_get_data(std::string(zookeeper::kClusterIdPath), false));
    go_on(call, Step::CreatingClusterId, std::move(requests));
}

void load_logs(BrokerCall& call) {
    BrokerState& state = call.state();
    for (const std::string_view queue : {"Fetch", "Produce", "Request", "ControllerMutation"})
        node::info(call.env(), kThrottle, "[ThrottledChannelReaper-{}]: Starting", queue);
    log::LogManager::Tasks tasks{state.config.log_retention_check_interval_ms, state.config.log_cleaner_enable, {}};
    for (const auto& [topic, overrides] : state.topic_configs.overrides)
        tasks.topics.emplace(topic, log::log_config_of(config::TopicConfig::of(state.config, overrides)));
    tasks.flush_scheduler_interval_ms = state.config.log_flush_scheduler_interval_ms;
    if (!state.replicas.logs().start(call.env(), log::log_config_of(config::TopicConfig::of(state.config, {})),
                                     std::move(tasks)))
        return call.halt();
    state.startup.step = Step::Loading;
    call.env().arm(state.startup.timer, kLoadTime);
}

void on_topic_names(BrokerCall& call, const protocol::Body& reply) {
    const auto* children = std::get_if<protocol::ZkGetChildrenResponse>(&reply);
    std::vector<TopicName> topics;
    std::vector<protocol::Body> reads;
    if (children != nullptr && children->err == zookeeper::kOk) {
        for (const std::string& name : children->children) {
            topics.emplace_back(name);
            reads.push_back(zookeeper::zk_get_data(zookeeper::config_entity_path("topics", name), false));
        }
    }
    for (protocol::Body& read : read_broker_configs(call)) reads.push_back(std::move(read));
    call.state().topic_configs.being_read.push_back(std::move(topics));
    go_on(call, Step::ReadingTopicConfigs, std::move(reads));
}

void on_topic_configs(BrokerCall& call, const std::vector<protocol::Body>& replies) {
    TopicConfigCache& cache = call.state().topic_configs;
    const std::vector<TopicName> topics = std::move(cache.being_read.front());
    cache.being_read.pop_front();
    for (size_t i = 0; i < topics.size(); ++i) cache.overrides[topics[i]] = overrides_of(replies[i]);
    initialize_broker_configs(call, replies[topics.size()], replies[topics.size() + 1]);
    load_logs(call);
}

/// Logs are loaded: the port opens (requests wait), replication begins, the broker registers.
void open_port(BrokerCall& call) {
    BrokerState& state = call.state();
    const int32_t id = state.id.value;
    node::Env& env = call.env();
    node::info(env, kChannelThread, "[BrokerToControllerChannelManager broker={} name=forwarding]: Starting", id);
    env.listen(state.config.port());
    node::info(env, "kafka.network.ConnectionQuotas",
               "Updated connection-accept-rate max connection creation rate to 2147483647");
    node::info(env, "kafka.network.Acceptor", "Awaiting socket connections on 0.0.0.0:{}.", state.config.port());
    node::info(env, kSocketServer,
               "[SocketServer listenerType=ZK_BROKER, nodeId={}] Created data-plane acceptor and processors for "
               "endpoint : ListenerName(PLAINTEXT)",
               id);
    node::info(env, kChannelThread, "[BrokerToControllerChannelManager broker={} name=alterIsr]: Starting", id);
    log_reapers_starting(call, {"Produce", "Fetch", "DeleteRecords", "ElectLeader"});
    log_starting(call, kLogDirFailure, "[LogDirFailureHandler]");
    state.replicas.startup(call);
    while (state.replicas.take_failed_log_dir(call)) {  // what the recovery could not write
    }
    if (state.halted) return;
    state.startup.step = Step::Registering;
    register_broker(call);
}

int32_t partition_count(const protocol::Body& reply, int32_t otherwise) {
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&reply);
    if (data == nullptr || data->err != zookeeper::kOk || !data->data) return otherwise;
    const auto topic = zookeeper::decode_topic(*data->data);
    return topic ? static_cast<int32_t>(topic->partitions.size()) : otherwise;
}

void start_coordinators(BrokerCall& call, int32_t offsets_partitions) {
    const int32_t id = call.broker_id().value;
    node::Env& env = call.env();
    log_reapers_starting(call, {"topic", "Heartbeat", "Rebalance"});
    call.state().groups.startup(call, offsets_partitions);
    node::info(env, kTransactions, "[TransactionCoordinator id={}] Starting up.", id);
    node::info(env, kTransactions, "[TransactionCoordinator id={}] Startup complete.", id);
    node::info(env, kMarkers, "[Transaction Marker Channel Manager {}]: Starting", id);
    log_reapers_starting(call, {"AlterAcls"});
}

void started(BrokerCall& call) {
    BrokerState& state = call.state();
    const int32_t id = state.id.value;
    node::Env& env = call.env();
    watch_config_changes(call);
    log_starting(call, kConfigThread, "[/config/changes-event-process-thread]");
    node::info(env, kSocketServer,
               "[SocketServer listenerType=ZK_BROKER, nodeId={}] Starting socket server acceptors and processors", id);
    node::info(env, kSocketServer,
               "[SocketServer listenerType=ZK_BROKER, nodeId={}] Started data-plane acceptor and processor(s) for "
               "endpoint : ListenerName(PLAINTEXT)",
               id);
    node::info(env, kSocketServer,
               "[SocketServer listenerType=ZK_BROKER, nodeId={}] Started socket server acceptors and processors", id);
    run_processors(call);
    constexpr std::string_view kAppInfo = "org.apache.kafka.common.utils.AppInfoParser";
    node::info(env, kAppInfo, "Kafka version: 3.0.0");
    node::info(env, kAppInfo, "Kafka commitId: 8cb0a5e9d3441962");
    node::info(env, kAppInfo, "Kafka startTimeMs: {}", env.wall_clock().value);
    node::info(env, kServerLogger, "{}started", server_prefix(state.id));
    state.startup.step = Step::Started;
}

}  // namespace

void begin_startup(BrokerCall& call) {
    BrokerState& state = call.state();
    node::Env& env = call.env();
    env.named(fmt::format("broker-{}", state.id.value));
    node::info(env, "org.apache.kafka.common.utils.LoggingSignalHandler",
               "Registered signal handlers for TERM, INT, HUP");
    node::info(env, kServerLogger, "starting");
    node::info(env, kServerLogger, "Connecting to zookeeper on {}", state.config.zookeeper_connect);
    node::info(env, kZkLogger, "{}Initializing a new session to {}.", kZkPrefix, state.config.zookeeper_connect);
    node::info(env, kZkLogger, "{}Waiting until connected.", kZkPrefix);
    state.startup.timer = env.new_timer({kBroker, 0, 0, 0});
    env.arm(state.startup.timer, from_millis(state.config.zookeeper_connection_timeout_ms));
    state.startup.step = Step::WaitingForZooKeeper;
    state.zookeeper.start(env);
}

void startup_connected(BrokerCall& call, bool new_session) {
    if (call.state().startup.step == Step::Registering && new_session)
        return register_broker(call);  // the first session was lost on the way
    if (call.state().startup.step != Step::WaitingForZooKeeper) return;
    call.env().disarm(call.state().startup.timer);
    node::info(call.env(), kZkLogger, "{}Connected.", kZkPrefix);
    log_starting(call, kFeatureThread, "[feature-zk-node-event-process-thread]");
    create_paths(call);
}

void on_startup_replies(BrokerCall& call, std::vector<protocol::Body>&& replies) {
    switch (call.state().startup.step) {
        case Step::CreatingPaths:
            return on_path_created(call, replies.front());
        case Step::ReadingFeatures:
            on_feature_replies(call, replies);
            return go_on(call, Step::ReadingClusterId,
                         {zookeeper::zk_get_data(std::string(zookeeper::kClusterIdPath), false)});
        case Step::ReadingClusterId:
        case Step::CreatingClusterId:
            return on_cluster_id(call, replies.back());
        case Step::ListingTopicConfigs:
            return on_topic_names(call, replies.front());
        case Step::ReadingTopicConfigs:
            return on_topic_configs(call, replies);
        case Step::ReadingOffsetsTopic:
            start_coordinators(call, partition_count(replies.front(), call.config().offsets_topic_num_partitions));
            return started(call);
        case Step::NotBegun:
        case Step::WaitingForZooKeeper:
        case Step::Loading:
        case Step::Registering:
        case Step::Started:
        case Step::Failed:
            return;
    }
}

void on_startup_timer(BrokerCall& call) {
    const Step step = call.state().startup.step;
    if (step == Step::WaitingForZooKeeper) {
        node::info(call.env(), kZkLogger, "{}Closing.", kZkPrefix);
        call.state().zookeeper.close(call.env());
        node::info(call.env(), kZkLogger, "{}Closed.", kZkPrefix);
        call.fail(
            "kafka.zookeeper.ZooKeeperClientTimeoutException: Timed out waiting for connection while in state: "
            "CONNECTING");
    } else if (step == Step::Loading) {
        open_port(call);
    }
}

void startup_registered(BrokerCall& call) {
    BrokerState& state = call.state();
    if (state.startup.step != Step::Registering) return;
    for (const std::string& dir : state.replicas.logs().live_log_dirs()) {
        log::write_meta_properties(call.env(), dir, log::MetaProperties{state.id.value, state.cluster_id});
    }
    node::info(call.env(), kEventThread, "[ControllerEventThread controllerId={}] Starting", state.id.value);
    state.controller.startup(call);
    go_on(call, Step::ReadingOffsetsTopic, {zookeeper::zk_get_data(zookeeper::topic_path(kOffsetsTopic), false)});
}

}  // namespace kafkasim::broker
