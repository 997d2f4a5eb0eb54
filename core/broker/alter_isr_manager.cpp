// SPDX-License-Identifier: Apache-2.0
#include "core/broker/alter_isr_manager.hpp"

#include <fmt/format.h>

#include "core/broker/components.hpp"
#include "core/broker/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

constexpr Duration kControllerPollTime = 100ms;
constexpr Duration kReconnectBackOff = 50ms;
constexpr Duration kResendTime = 50ms;
constexpr uint64_t kAlterIsrRequest = 0;

std::string prefix(BrokerHost& host) {
    return fmt::format("[BrokerToControllerChannelManager broker={} name=alterIsr]: ", host.broker_id().value);
}

protocol::AlterIsrRequest request_of(BrokerHost& host, const std::map<TopicPartition, AlterIsrItem>& items) {
    protocol::AlterIsrRequest request;
    request.broker_id = host.broker_id();
    request.broker_epoch = host.broker_epoch();
    for (const auto& [tp, item] : items) {
        if (request.topics.empty() || request.topics.back().name != tp.topic) request.topics.push_back({tp.topic, {}});
        request.topics.back().partitions.push_back(
            {tp.partition, item.leader_epoch, item.proposed.proposed_isr(), item.zk_version});
    }
    return request;
}

}  // namespace

void AlterIsrManager::start(BrokerHost& host) {
    node::Env& env = host.env();
    running_ = true;
    poll_timer_ = env.new_timer(node::Tag{kAlterIsr, kControllerPoll, 0, 0});
    reconnect_timer_ = env.new_timer(node::Tag{kAlterIsr, kReconnect, 0, 0});
    resend_timer_ = env.new_timer(node::Tag{kAlterIsr, kResend, 0, 0});
    request_timer_ = env.new_timer(node::Tag{kAlterIsr, kRequestTimeout, 0, 0});
    look_for_controller(host);
}

void AlterIsrManager::shutdown(BrokerHost& host) {
    if (!running_) return;
    running_ = false;
    channel_.close(host.env());
    host.env().free_timer(poll_timer_);
    host.env().free_timer(reconnect_timer_);
    host.env().free_timer(resend_timer_);
    host.env().free_timer(request_timer_);
}

bool AlterIsrManager::submit(BrokerHost& host, const AlterIsrItem& item) {
    if (!unsent_.emplace(item.partition, item).second) return false;
    propagate(host);
    return true;
}

/// Everything in the map goes out unless a request is on its way.
void AlterIsrManager::propagate(BrokerHost& host) {
    if (!running_ || in_flight() || unsent_.empty()) return;
    for (const auto& [tp, item] : unsent_) sent_.push_back(item);
    queued_ = request_of(host, unsent_);
    drive(host);
}

void AlterIsrManager::look_for_controller(BrokerHost& host) {
    const BrokerId controller = host.metadata().controller();
    const std::optional<node::Endpoint> endpoint = host.metadata().endpoint(controller);
    if (!endpoint) {
        host.env().arm(poll_timer_, kControllerPollTime);
        return;
    }
    controller_ = controller;
    node::info(host.env(), "kafka.server.BrokerToControllerRequestThread",
               "{}Recorded new controller, from now on will use broker {}:{} (id: {} rack: null)", prefix(host),
               endpoint->host, endpoint->port, controller.value);
    channel_ = node::RequestChannel(*endpoint, SharedText(std::to_string(host.broker_id().value)),
                                    node::Tag{kAlterIsr, 0, controller.value, 0});
    drive(host);
}

/// Moves the queued request on as far as it can go.
void AlterIsrManager::drive(BrokerHost& host) {
    if (!running_ || !queued_ || controller_ == kNoBroker) return;
    if (channel_.connected()) {
        send(host);
    } else if (!channel_.connecting() && !must_wait_) {
        channel_.connect(host.env());
    }
}

void AlterIsrManager::send(BrokerHost& host) {
    protocol::AlterIsrRequest request = *queued_;
    sent_broker_epoch_ = request.broker_epoch;
    channel_.send(host.env(), protocol::Body(std::move(request)), kAlterIsrRequest);
    host.env().arm(request_timer_, from_millis(host.config().controller_socket_timeout_ms));
}

void AlterIsrManager::forget_controller(BrokerHost& host) {
    controller_ = kNoBroker;
    look_for_controller(host);
}

void AlterIsrManager::on_connected(BrokerHost& host, node::ConnectionId connection) {
    if (connection != channel_.connection()) return;
    channel_.on_connected();
    drive(host);
}

void AlterIsrManager::on_disconnected(BrokerHost& host, node::ConnectionId connection) {
    if (connection != channel_.connection()) return;
    channel_.on_disconnected();
    lost_controller(host);
}

void AlterIsrManager::lost_controller(BrokerHost& host) {
    if (!running_) return;
    host.env().disarm(request_timer_);
    if (!queued_) return;  // idle: the next request connects again
    must_wait_ = true;
    host.env().arm(reconnect_timer_, kReconnectBackOff);
    forget_controller(host);
}

std::vector<AlterIsrResult> AlterIsrManager::on_message(BrokerHost& host, node::ConnectionId connection,
                                                        protocol::Message&& message) {
    if (connection != channel_.connection()) return {};
    const std::optional<node::RequestChannel::Response> response = channel_.on_message(std::move(message));
    const protocol::AlterIsrResponse* body =
        response ? std::get_if<protocol::AlterIsrResponse>(&response->body) : nullptr;
    if (!body) return {};
    host.env().disarm(request_timer_);
    if (body->error_code == ErrorCode::NotController) {
        channel_.close(host.env());
        lost_controller(host);
        return {};
    }
    queued_.reset();
    if (body->error_code != ErrorCode::None) {
        if (body->error_code == ErrorCode::StaleBrokerEpoch) {
            node::warn(host.env(), kDefaultAlterIsrManagerLogger, "Broker had a stale broker epoch ({}), retrying.",
                       sent_broker_epoch_);
        } else {
            node::warn(host.env(), kDefaultAlterIsrManagerLogger,
                       "Controller returned an unexpected top-level error when handling AlterIsr request: {}",
                       name(body->error_code));
        }
        sent_.clear();
        host.env().arm(resend_timer_, kResendTime);
        return {};
    }
    std::vector<AlterIsrResult> results = match(host, *body);
    if (results.empty()) answered(host);  // what was left out of the answer is sent again
    return results;
}

std::vector<AlterIsrResult> AlterIsrManager::match(BrokerHost& host, const protocol::AlterIsrResponse& response) {
    std::map<TopicPartition, AlterIsrAnswer> answers;
    for (const auto& topic : response.topics) {
        for (const auto& data : topic.partitions) {
            answers[TopicPartition{topic.name, data.partition_index}] = AlterIsrAnswer{
                data.error_code, LeaderAndIsr{data.leader_id, data.leader_epoch, data.isr, data.current_isr_version}};
        }
    }
    std::vector<AlterIsrResult> results;
    for (const AlterIsrItem& item : sent_) {
        const auto found = answers.find(item.partition);
        if (found == answers.end()) {
            node::warn(host.env(), kDefaultAlterIsrManagerLogger,
                       "Partition {} was sent but not included in the response", to_string(item.partition));
            continue;
        }
        results.push_back({item, found->second});
    }
    return results;
}

void AlterIsrManager::release(const AlterIsrResult& result) { unsent_.erase(result.item.partition); }

void AlterIsrManager::answered(BrokerHost& host) {
    sent_.clear();
    propagate(host);
}

void AlterIsrManager::on_timer(BrokerHost& host, node::Tag tag) {
    if (!running_) return;
    switch (static_cast<Timer>(tag.kind)) {
        case kControllerPoll:
            look_for_controller(host);
            break;
        case kReconnect:
            must_wait_ = false;
            drive(host);
            break;
        case kResend:
            propagate(host);
            break;
        case kRequestTimeout:
            channel_.close(host.env());
            lost_controller(host);
            break;
    }
}

}  // namespace kafkasim::broker
