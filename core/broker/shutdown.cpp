// SPDX-License-Identifier: Apache-2.0
#include "core/broker/shutdown.hpp"

#include <fmt/format.h>

#include <array>

#include "core/broker/broker_call.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

using Phase = Shutdown::Phase;

enum class Action : uint8_t {
    None,
    StopProcessors,
    ShutdownGroups,
    ShutdownReplicas,
    ShutdownLogs,
    ShutdownController,
    CloseSession,
    Exit
};

/// One line of the way down: wait, act, log. "{}" in the text is the broker's id. Waits as recorded from a real
/// broker (ground-truth/02, record 16), where
/// they are the sleeps of threads that are told to stop.
struct StopStep {
    int64_t wait_ms;
    Action action;
    std::string_view logger;
    std::string_view text;
};

constexpr std::string_view kConfigThread = "kafka.common.ZkNodeChangeNotificationListener$ChangeEventProcessThread";
constexpr std::string_view kSocketServer = "kafka.network.SocketServer";
constexpr std::string_view kHandlerPool = "kafka.server.KafkaRequestHandlerPool";
constexpr std::string_view kReaper = "kafka.server.DelayedOperationPurgatory$ExpiredOperationReaper";
constexpr std::string_view kTransactions = "kafka.coordinator.transaction.TransactionCoordinator";
constexpr std::string_view kChannelThread = "kafka.server.BrokerToControllerRequestThread";
constexpr std::string_view kChannelManager = "kafka.server.BrokerToControllerChannelManagerImpl";
constexpr std::string_view kZkClient = "kafka.zookeeper.ZooKeeperClient";
constexpr std::string_view kThrottle = "kafka.server.ClientQuotaManager$ThrottledChannelReaper";
constexpr std::string_view kMetrics = "org.apache.kafka.common.metrics.Metrics";

constexpr auto kSteps = std::to_array<StopStep>({
    {1, Action::None, kConfigThread, "[/config/changes-event-process-thread]: Shutting down"},
    {1, Action::None, kConfigThread, "[/config/changes-event-process-thread]: Stopped"},
    {0, Action::None, kConfigThread, "[/config/changes-event-process-thread]: Shutdown completed"},
    {0, Action::None, kSocketServer,
     "[SocketServer listenerType=ZK_BROKER, nodeId={}] Stopping socket server request processors"},
    {0, Action::StopProcessors, "", ""},
    {16, Action::None, kSocketServer,
     "[SocketServer listenerType=ZK_BROKER, nodeId={}] Stopped socket server request processors"},
    {0, Action::None, kHandlerPool, "[data-plane Kafka Request Handler on Broker {}], shutting down"},
    {5, Action::None, kHandlerPool, "[data-plane Kafka Request Handler on Broker {}], shut down completely"},
    {0, Action::None, kReaper, "[ExpirationReaper-{}-AlterAcls]: Shutting down"},
    {41, Action::None, kReaper, "[ExpirationReaper-{}-AlterAcls]: Shutdown completed"},
    {1, Action::None, "kafka.server.KafkaApis", "[KafkaApi-{}] Shutdown complete."},
    {0, Action::None, kReaper, "[ExpirationReaper-{}-topic]: Shutting down"},
    {21, Action::None, kReaper, "[ExpirationReaper-{}-topic]: Shutdown completed"},
    {1, Action::None, kTransactions, "[TransactionCoordinator id={}] Shutting down."},
    {1, Action::None, kTransactions, "[TransactionCoordinator id={}] Shutdown complete."},
    {0, Action::ShutdownGroups, "", ""},
    {199, Action::ShutdownReplicas, "", ""},
    {462, Action::None, kChannelThread,
     "[BrokerToControllerChannelManager broker={} name=alterIsr]: Shutdown completed"},
    {3, Action::None, kChannelManager, "Broker to controller channel manager for alterIsr shutdown"},
    {1, Action::None, kChannelThread,
     "[BrokerToControllerChannelManager broker={} name=forwarding]: Shutdown completed"},
    {0, Action::None, kChannelManager, "Broker to controller channel manager for forwarding shutdown"},
    {53, Action::ShutdownLogs, "", ""},
    {6, Action::ShutdownController, "", ""},
    {4, Action::None, kZkClient, "[ZooKeeperClient Kafka server] Closing."},
    {0, Action::CloseSession, "", ""},
    {0, Action::None, kZkClient, "[ZooKeeperClient Kafka server] Closed."},
    {1, Action::None, kThrottle, "[ThrottledChannelReaper-Fetch]: Shutting down"},
    {437, Action::None, kThrottle, "[ThrottledChannelReaper-Fetch]: Shutdown completed"},
    {0, Action::None, kThrottle, "[ThrottledChannelReaper-Produce]: Shutting down"},
    {972, Action::None, kThrottle, "[ThrottledChannelReaper-Produce]: Shutdown completed"},
    {0, Action::None, kThrottle, "[ThrottledChannelReaper-Request]: Shutting down"},
    {0, Action::None, kThrottle, "[ThrottledChannelReaper-Request]: Shutdown completed"},
    {0, Action::None, kThrottle, "[ThrottledChannelReaper-ControllerMutation]: Shutting down"},
    {168, Action::None, kThrottle, "[ThrottledChannelReaper-ControllerMutation]: Shutdown completed"},
    {1, Action::None, kSocketServer, "[SocketServer listenerType=ZK_BROKER, nodeId={}] Shutting down socket server"},
    {11, Action::None, kSocketServer, "[SocketServer listenerType=ZK_BROKER, nodeId={}] Shutdown completed"},
    {0, Action::None, kMetrics, "Metrics scheduler closed"},
    {0, Action::None, kMetrics, "Closing reporter org.apache.kafka.common.metrics.JmxReporter"},
    {0, Action::None, kMetrics, "Metrics reporters closed"},
    {1, Action::None, "kafka.server.BrokerTopicStats", "Broker and topic stats closed"},
    {0, Action::None, "org.apache.kafka.common.utils.AppInfoParser", "App info kafka.server for {} unregistered"},
    {0, Action::None, kServerLogger, "[KafkaServer id={}] shut down completed"},
    {0, Action::Exit, "", ""},
});

std::string with_id(std::string_view text, BrokerId id) {
    std::string result(text);
    const size_t at = result.find("{}");
    if (at != std::string::npos) result.replace(at, 2, std::to_string(id.value));
    return result;
}

void act(BrokerCall& call, Action action) {
    BrokerState& state = call.state();
    switch (action) {
        case Action::None:
            return;
        case Action::StopProcessors:
            stop_processors(call);
            return;
        case Action::ShutdownGroups:
            state.groups.shutdown(call);
            return;
        case Action::ShutdownReplicas:
            state.replicas.shutdown(call);
            return;
        case Action::ShutdownLogs:
            state.replicas.logs().shutdown(call.env());
            return;
        case Action::ShutdownController:
            state.controller.shutdown(call);
            return;
        case Action::CloseSession:
            state.zookeeper.close(call.env());
            state.shutdown.closing_session = !state.zookeeper.closed();
            return;
        case Action::Exit:
            call.env().exit(state.shutdown.exit_code);
            return;
    }
}

/// Works the steps off up to the next one that has to be waited for.
void run_steps(BrokerCall& call) {
    Shutdown& shutdown = call.state().shutdown;
    while (shutdown.step < kSteps.size()) {
        const StopStep& step = kSteps[shutdown.step++];
        act(call, step.action);
        if (!step.text.empty() && call.env().logs(node::Level::Info)) {
            call.env().log(node::Level::Info, step.logger, with_id(step.text, call.broker_id()));
        }
        if (shutdown.closing_session) {  // on_shutdown_timer goes on without an answer
            call.env().arm(shutdown.timer, call.state().zookeeper.session_timeout());
            return;
        }
        if (shutdown.step < kSteps.size() && kSteps[shutdown.step].wait_ms > 0) {
            call.env().arm(shutdown.timer, from_millis(kSteps[shutdown.step].wait_ms));
            return;
        }
    }
}

void stop_parts(BrokerCall& call) {
    Shutdown& shutdown = call.state().shutdown;
    shutdown.phase = Phase::Stopping;
    shutdown.channel.close(call.env());
    call.env().arm(shutdown.timer, from_millis(kSteps.front().wait_ms));
}

void attempt_failed(BrokerCall& call) {
    Shutdown& shutdown = call.state().shutdown;
    shutdown.phase = Phase::Waiting;
    shutdown.asked = false;
    call.env().arm(shutdown.timer, from_millis(call.config().controlled_shutdown_retry_backoff_ms));
}

void ask(BrokerCall& call) {
    Shutdown& shutdown = call.state().shutdown;
    shutdown.asked = true;
    shutdown.channel.send(call.env(), protocol::ControlledShutdownRequest{call.broker_id(), call.broker_epoch()}, 0);
}

void attempt(BrokerCall& call) {
    BrokerState& state = call.state();
    Shutdown& shutdown = state.shutdown;
    --shutdown.attempts_left;
    const BrokerId controller = state.metadata.controller();
    const auto endpoint = state.metadata.endpoint(controller);
    if (controller == kNoBroker) {
        node::info(call.env(), kServerLogger, "{}No controller present in the metadata cache", server_prefix(state.id));
    } else if (!endpoint) {
        node::info(call.env(), kServerLogger,
                   "{}Broker registration for controller {} is not available in the metadata cache",
                   server_prefix(state.id), controller.value);
    }
    if (endpoint && shutdown.target != endpoint) {
        shutdown.channel.close(call.env());
        shutdown.target = endpoint;
        shutdown.channel =
            node::RequestChannel(*endpoint, SharedText(std::to_string(state.id.value)), {kShutdown, 0, 0, 0});
    }
    if (!shutdown.target) return attempt_failed(call);
    shutdown.phase = Phase::Asking;
    call.env().arm(shutdown.timer, from_millis(state.config.controller_socket_timeout_ms));
    if (shutdown.channel.connected()) {
        ask(call);
    } else {
        shutdown.channel.connect(call.env());
    }
}

void connection_failed(BrokerCall& call, std::string_view why) {
    Shutdown& shutdown = call.state().shutdown;
    node::warn(call.env(), kServerLogger,
               "{}Error during controlled shutdown, possibly because leader movement took longer than the configured "
               "controller.socket.timeout.ms and/or "
               "request.timeout.ms: {}",
               server_prefix(call.broker_id()), why);
    shutdown.channel.close(call.env());
    shutdown.target.reset();
    attempt_failed(call);
}

void after_back_off(BrokerCall& call) {
    node::warn(call.env(), kServerLogger, "{}Retrying controlled shutdown after the previous attempt failed...",
               server_prefix(call.broker_id()));
    if (call.state().shutdown.attempts_left > 0) return attempt(call);
    node::warn(call.env(), kServerLogger,
               "{}Proceeding to do an unclean shutdown as all the controlled shutdown attempts failed",
               server_prefix(call.broker_id()));
    stop_parts(call);
}

}  // namespace

void begin_shutdown(BrokerCall& call, node::Signal signal) {
    BrokerState& state = call.state();
    if (state.shutdown.begun()) return;
    const bool interrupt = signal == node::Signal::Interrupt;
    state.shutdown.exit_code = interrupt ? 130 : 143;
    node::info(call.env(), "org.apache.kafka.common.utils.LoggingSignalHandler", "Terminating process due to signal {}",
               interrupt ? "SIGINT" : "SIGTERM");
    if (!state.startup.done()) {
        // Simplified: a broker that is still starting just ends (the real one halts with "Kafka server is still
        // starting up, cannot shut down!").
        call.env().exit(state.shutdown.exit_code);
        return;
    }
    node::info(call.env(), kServerLogger, "{}shutting down", server_prefix(state.id));
    state.shutdown.timer = call.env().new_timer({kShutdown, 0, 0, 0});
    state.shutdown.phase = Phase::Asking;
    if (!state.config.controlled_shutdown_enable) return stop_parts(call);
    node::info(call.env(), kServerLogger, "{}Starting controlled shutdown", server_prefix(state.id));
    state.shutdown.attempts_left = state.config.controlled_shutdown_max_retries;
    attempt(call);
}

void on_shutdown_connected(BrokerCall& call) {
    Shutdown& shutdown = call.state().shutdown;
    shutdown.channel.on_connected();
    if (shutdown.phase == Phase::Asking && !shutdown.asked) ask(call);
}

void on_shutdown_disconnected(BrokerCall& call) {
    Shutdown& shutdown = call.state().shutdown;
    shutdown.channel.on_disconnected();
    if (shutdown.phase != Phase::Asking) return;
    connection_failed(call, fmt::format("Connection to {}:{} failed.", shutdown.channel.endpoint().host,
                                        shutdown.channel.endpoint().port));
}

void on_shutdown_message(BrokerCall& call, protocol::Message&& message) {
    Shutdown& shutdown = call.state().shutdown;
    const auto response = shutdown.channel.on_message(std::move(message));
    if (!response || shutdown.phase != Phase::Asking) return;
    const auto* answer = std::get_if<protocol::ControlledShutdownResponse>(&response->body);
    if (answer == nullptr) return;
    shutdown.asked = false;
    if (answer->error_code == ErrorCode::None && answer->remaining_partitions.empty()) {
        node::info(call.env(), kServerLogger, "{}Controlled shutdown succeeded", server_prefix(call.broker_id()));
        return stop_parts(call);
    }
    std::string remaining;
    for (const auto& partition : answer->remaining_partitions) {
        remaining += fmt::format("{}RemainingPartition(topicName='{}', partitionIndex={})",
                                 remaining.empty() ? "" : ", ", partition.topic_name.view(), partition.partition_index);
    }
    node::info(call.env(), kServerLogger, "{}Remaining partitions to move: [{}]", server_prefix(call.broker_id()),
               remaining);
    node::info(call.env(), kServerLogger, "{}Error from controller: {}", server_prefix(call.broker_id()),
               name(answer->error_code));
    attempt_failed(call);
}

void on_shutdown_timer(BrokerCall& call) {
    Shutdown& shutdown = call.state().shutdown;
    switch (shutdown.phase) {
        case Phase::None:
            return;
        case Phase::Asking:
            return connection_failed(
                call, fmt::format("Failed to connect within {} ms", call.config().controller_socket_timeout_ms));
        case Phase::Waiting:
            return after_back_off(call);
        case Phase::Stopping:
            shutdown.closing_session = false;
            return run_steps(call);
    }
}

void shutdown_session_closed(BrokerCall& call) {
    Shutdown& shutdown = call.state().shutdown;
    if (!shutdown.closing_session) return;
    shutdown.closing_session = false;
    call.env().disarm(shutdown.timer);
    run_steps(call);
}

}  // namespace kafkasim::broker
