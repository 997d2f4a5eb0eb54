// SPDX-License-Identifier: Apache-2.0
#include "core/broker/shutdown.hpp"

#include <fmt/format.h>

#include "core/broker/broker_call.hpp"
#include "core/broker/stop_steps.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

using Phase = Shutdown::Phase;
using stop_steps::kSteps;

std::string with_id(std::string_view text, BrokerId id) {
    std::string result(text);
    const size_t at = result.find("{}");
    if (at != std::string::npos) result.replace(at, 2, std::to_string(id.value));
    return result;
}

void act(BrokerCall& call, StopAction action) {
    BrokerState& state = call.state();
    switch (action) {
        case StopAction::None:
            return;
        case StopAction::StopProcessors:
            stop_processors(call);
            return;
        case StopAction::ShutdownGroups:
            state.groups.shutdown(call);
            return;
        case StopAction::ShutdownReplicas:
            state.replicas.shutdown(call);
            return;
        case StopAction::ShutdownLogs:
            state.replicas.logs().shutdown(call.env());
            return;
        case StopAction::ShutdownController:
            state.controller.shutdown(call);
            return;
        case StopAction::CloseSession:
            state.zookeeper.close(call.env());
            state.shutdown.closing_session = !state.zookeeper.closed();
            return;
    }
}

/// The end of a start that failed has two lines more: the program says so, and its shutdown hook finds nothing left.
void end(BrokerCall& call) {
    const Shutdown& shutdown = call.state().shutdown;
    node::info(call.env(), kServerLogger, "{}shut down completed", shutdown.ident);
    if (shutdown.reached != Startup::Step::Started) {
        node::error(call.env(), "kafka.Kafka$", "Exiting Kafka.");
        node::info(call.env(), kServerLogger, "{}shutting down", shutdown.ident);
    }
    call.env().exit(shutdown.exit_code);
}

/// The next step of a part that is there.
void skip_missing(Shutdown& shutdown) {
    while (shutdown.step < kSteps.size() && kSteps[shutdown.step].since > shutdown.reached) ++shutdown.step;
}

/// Works the steps off up to the next one that has to be waited for.
void run_steps(BrokerCall& call) {
    Shutdown& shutdown = call.state().shutdown;
    for (skip_missing(shutdown); shutdown.step < kSteps.size(); skip_missing(shutdown)) {
        const StopStep& step = kSteps[shutdown.step++];
        if (!step.text.empty() && call.env().logs(node::Level::Info)) {
            call.env().log(node::Level::Info, step.logger, with_id(step.text, call.broker_id()));
        }
        act(call, step.action);
        if (shutdown.closing_session) {  // on_shutdown_timer goes on without an answer
            call.env().arm(shutdown.timer, call.state().zookeeper.session_timeout());
            return;
        }
        skip_missing(shutdown);
        if (shutdown.step < kSteps.size() && kSteps[shutdown.step].wait_ms > 0) {
            call.env().arm(shutdown.timer, from_millis(kSteps[shutdown.step].wait_ms));
            return;
        }
    }
    end(call);
}

void stop_parts(BrokerCall& call) {
    Shutdown& shutdown = call.state().shutdown;
    shutdown.phase = Phase::Stopping;
    shutdown.reached = call.state().startup.step;
    shutdown.channel.close(call.env());
    skip_missing(shutdown);
    call.env().arm(shutdown.timer, from_millis(kSteps[shutdown.step].wait_ms));
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
    state.shutdown.ident = server_prefix(state.id);
    node::info(call.env(), kServerLogger, "{}shutting down", state.shutdown.ident);
    state.shutdown.timer = call.env().new_timer({kShutdown, 0, 0, 0});
    state.shutdown.phase = Phase::Asking;
    if (!state.config.controlled_shutdown_enable) return stop_parts(call);
    node::info(call.env(), kServerLogger, "{}Starting controlled shutdown", server_prefix(state.id));
    state.shutdown.attempts_left = state.config.controlled_shutdown_max_retries;
    attempt(call);
}

void fail_startup(BrokerCall& call, std::string_view exception) {
    BrokerState& state = call.state();
    node::Env& env = call.env();
    const bool id_known = state.startup.step >= Startup::Step::ListingTopicConfigs;
    state.shutdown.ident = id_known ? server_prefix(state.id) : std::string();
    node::error(env, kServerLogger, "{}Fatal error during KafkaServer startup. Prepare to shutdown\n{}",
                state.shutdown.ident, exception);
    node::info(env, kServerLogger, "{}shutting down", state.shutdown.ident);
    state.shutdown.exit_code = 1;
    state.shutdown.timer = env.new_timer({kShutdown, 0, 0, 0});
    stop_parts(call);
    state.startup.step = Startup::Step::Failed;
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
