// SPDX-License-Identifier: Apache-2.0
#include "core/broker/forwarding.hpp"

#include <algorithm>

#include "core/broker/broker_call.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

constexpr Duration kRetryBackOff = from_millis(100);

void retry_later(BrokerCall& call) {
    ForwardingChannel& forwarding = call.state().forwarding;
    if (forwarding.queue.empty()) return;
    if (forwarding.retry_timer == node::TimerId::None)
        forwarding.retry_timer = call.env().new_timer({kForwarding, 0, 0, 0});
    call.env().arm(forwarding.retry_timer, kRetryBackOff);
}

/// Looks the controller up in the metadata cache; false if it does not name one that is alive.
bool record_controller(BrokerCall& call) {
    ForwardingChannel& forwarding = call.state().forwarding;
    const BrokerId controller = call.metadata().controller();
    const auto endpoint = call.metadata().endpoint(controller);
    if (!endpoint) return false;
    forwarding.controller = controller;
    const std::string client_id = std::to_string(call.broker_id().value);
    forwarding.channel = node::RequestChannel(*endpoint, SharedText(client_id), {kForwarding, 0, controller.value, 0});
    node::info(call.env(), "kafka.server.BrokerToControllerRequestThread",
               "[BrokerToControllerChannelManager broker={} name=forwarding]: Recorded new controller, from now on "
               "will use broker {}:{} (id: {} rack: null)",
               client_id, endpoint->host, endpoint->port, controller.value);
    return true;
}

/// Whoever was the controller is not, or cannot be reached: it is looked up again.
void forget_controller(BrokerCall& call) {
    ForwardingChannel& forwarding = call.state().forwarding;
    forwarding.channel.close(call.env());
    forwarding.controller = kNoBroker;
    retry_later(call);
}

/// To whoever asked; without an answer if its time is over.
void hand_back(BrokerCall& call, const protocol::Body* response) {
    const auto* ids = response ? std::get_if<protocol::AllocateProducerIdsResponse>(response) : nullptr;
    on_producer_ids_allocated(call, ids);
}

void give_up_late(BrokerCall& call) {
    ForwardingChannel& forwarding = call.state().forwarding;
    const Instant oldest = call.env().now() - from_millis(call.config().request_timeout_ms);
    while (!forwarding.queue.empty() && forwarding.queue.front().created <= oldest) {
        forwarding.queue.pop_front();
        hand_back(call, nullptr);
    }
}

/// Connects, or sends the oldest request, or waits a little for a controller to be known.
void pump(BrokerCall& call) {
    ForwardingChannel& forwarding = call.state().forwarding;
    if (!forwarding.channel.idle()) return;
    give_up_late(call);
    if (forwarding.queue.empty() || !forwarding.channel.idle()) return;
    if (forwarding.controller == kNoBroker && !record_controller(call)) return retry_later(call);
    if (forwarding.channel.connected()) {
        protocol::Body request = forwarding.queue.front().request;
        forwarding.channel.send(call.env(), std::move(request), 0);
    } else {
        forwarding.channel.connect(call.env());
    }
}

bool says_not_controller(const protocol::Body& body) {
    const auto* ids = std::get_if<protocol::AllocateProducerIdsResponse>(&body);
    return ids != nullptr && ids->error_code == ErrorCode::NotController;
}

}  // namespace

void forward_to_controller(BrokerCall& call, protocol::Body&& request) {
    call.state().forwarding.queue.push_back({call.env().now(), std::move(request)});
    pump(call);
}

void forwarding_controller_known(BrokerCall& call) {
    if (call.state().forwarding.controller == kNoBroker) record_controller(call);
}

void on_forwarding_connected(BrokerCall& call) {
    call.state().forwarding.channel.on_connected();
    pump(call);
}

void on_forwarding_disconnected(BrokerCall& call) {
    call.state().forwarding.channel.on_disconnected();
    forget_controller(call);
}

void on_forwarding_message(BrokerCall& call, protocol::Message&& message) {
    ForwardingChannel& forwarding = call.state().forwarding;
    const auto response = forwarding.channel.on_message(std::move(message));
    if (!response || forwarding.queue.empty()) return;
    if (says_not_controller(response->body)) return forget_controller(call);
    forwarding.queue.pop_front();
    hand_back(call, &response->body);
    pump(call);
}

void on_forwarding_timer(BrokerCall& call) { pump(call); }

}  // namespace kafkasim::broker
