// SPDX-License-Identifier: Apache-2.0
#include "core/broker/producer_ids.hpp"

#include <limits>

#include "core/broker/broker_call.hpp"
#include "core/broker/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

std::string prefix(BrokerCall& call) { return fmt::format("[RPC ProducerId Manager {}]: ", call.broker_id().value); }

void maybe_request_next_block(BrokerCall& call) {
    ProducerIdManager& ids = call.state().producer_ids;
    if (ids.next_block || ids.request_in_flight) return;
    ids.request_in_flight = true;
    protocol::AllocateProducerIdsRequest request;
    request.broker_id = call.broker_id();
    request.broker_epoch = call.broker_epoch();
    forward_to_controller(call, std::move(request));
}

void answer(BrokerCall& call, const node::RequestToken& token, ErrorCode error, int64_t producer_id) {
    protocol::InitProducerIdResponse response;
    response.error_code = error;
    response.producer_id = producer_id;
    response.producer_epoch = error == ErrorCode::None ? int16_t{0} : int16_t{-1};
    call.respond(token, std::move(response));
}

/// What generate_producer_id does before it must wait.
void begin(BrokerCall& call, ProducerIdManager::Waiting& waiting) {
    ProducerIdManager& ids = call.state().producer_ids;
    waiting.begun = true;
    waiting.deadline = call.env().now() + from_millis(call.config().request_timeout_ms);
    if (ids.next_producer_id == -1) {
        maybe_request_next_block(call);
        ids.next_producer_id = 0;
        return;
    }
    ++ids.next_producer_id;
    if (reaches_prefetch_threshold(ids.current, ids.next_producer_id)) maybe_request_next_block(call);
}

void fail(BrokerCall& call, ErrorCode error) {
    ProducerIdManager& ids = call.state().producer_ids;
    const node::RequestToken token = ids.waiting.front().token;
    ids.waiting.pop_front();
    node::error(call.env(), "kafka.server.KafkaApis",
                "[KafkaApi-{}] Unexpected error handling request InitProducerId\norg.apache.kafka.common.errors.{}: {}",
                call.broker_id().value, exception_name(error), default_message(error));
    answer(call, token, error, -1);
}

/// One after another, as threads that wait for a lock.
void serve(BrokerCall& call) {
    ProducerIdManager& ids = call.state().producer_ids;
    while (!ids.waiting.empty()) {
        if (!ids.waiting.front().begun) begin(call, ids.waiting.front());
        if (ids.next_producer_id > ids.current.end()) {
            if (!ids.next_block) break;
            const ProducerIdManager::NextBlock next = *ids.next_block;
            ids.next_block.reset();
            if (next.error != ErrorCode::None) {
                fail(call, next.error);
                continue;
            }
            ids.current = next.block;
            ids.next_producer_id = ids.current.start;
        }
        const node::RequestToken token = ids.waiting.front().token;
        ids.waiting.pop_front();
        answer(call, token, ErrorCode::None, ids.next_producer_id);
    }
    if (ids.waiting.empty()) return;
    if (ids.timer == node::TimerId::None) ids.timer = call.env().new_timer({kBroker, kProducerIdTimer, 0, 0});
    call.env().arm(ids.timer, std::max(ids.waiting.front().deadline - call.env().now(), Duration{1}));
}

/// Kafka 3.0.0: the checks of handleAllocateProducerIdsResponse.
ErrorCode complaint_about(const ProducerIdsBlock& current, const ProducerIdsBlock& next) {
    const bool monotonic = next.start >= current.end();
    const bool valid =
        next.start >= 0 && next.length >= 0 && next.start <= std::numeric_limits<int64_t>::max() - next.length;
    return monotonic && valid ? ErrorCode::None : ErrorCode::UnknownServerError;
}

}  // namespace

bool reaches_prefetch_threshold(const ProducerIdsBlock& current, int64_t producer_id) {
    return (producer_id - current.start) * 10 >= int64_t{current.length} * 9;
}

void generate_producer_id(BrokerCall& call, const node::RequestToken& token) {
    call.state().producer_ids.waiting.push_back({token, false, Instant{}});
    serve(call);
}

void on_producer_ids_allocated(BrokerCall& call, const protocol::AllocateProducerIdsResponse* response) {
    ProducerIdManager& ids = call.state().producer_ids;
    ids.request_in_flight = false;
    if (response == nullptr) {
        node::warn(call.env(), kRPCProducerIdManagerLogger,
                   "{}Timed out when requesting AllocateProducerIds from the controller.", prefix(call));
        ids.next_block = {ErrorCode::RequestTimedOut, {}};
    } else if (response->error_code == ErrorCode::StaleBrokerEpoch) {
        node::warn(call.env(), kRPCProducerIdManagerLogger, "{}Our broker epoch was stale, trying again.",
                   prefix(call));
        maybe_request_next_block(call);
    } else if (response->error_code == ErrorCode::BrokerIdNotRegistered) {
        node::warn(call.env(), kRPCProducerIdManagerLogger,
                   "{}Our broker ID is not yet known by the controller, trying again.", prefix(call));
        maybe_request_next_block(call);
    } else if (response->error_code != ErrorCode::None) {
        node::warn(call.env(), kRPCProducerIdManagerLogger, "{}Had an unknown error from the controller, giving up.",
                   prefix(call));
        ids.next_block = {response->error_code, {}};
    } else {
        const ProducerIdsBlock block{response->producer_id_start, response->producer_id_len};
        ids.next_block = {complaint_about(ids.current, block), block};
    }
    serve(call);
}

void on_producer_id_timer(BrokerCall& call) {
    ProducerIdManager& ids = call.state().producer_ids;
    if (!ids.waiting.empty() && ids.waiting.front().begun && ids.waiting.front().deadline <= call.env().now())
        fail(call, ErrorCode::RequestTimedOut);
    serve(call);
}

}  // namespace kafkasim::broker
