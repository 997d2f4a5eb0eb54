// SPDX-License-Identifier: Apache-2.0
// A broker asks for producer ids: it gets the block of 1000 behind the one that was given last. Which that is stands
// in /latest_producer_id_block; the write is conditional on its version, and tried again if somebody was faster.
// Kafka 3.0.0: kafka.controller.KafkaController.processAllocateProducerIds,
// kafka.coordinator.transaction.ZkProducerIdManager.getNewProducerIdBlock.

#include "core/controller/reading.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::AllocateProducerIds::At;

constexpr int32_t kBlockSize = 1000;

Flow answer(Run& run, const frame::AllocateProducerIds& self, ErrorCode error) {
    protocol::AllocateProducerIdsResponse response;
    response.error_code = error;
    if (error == ErrorCode::None) {
        response.producer_id_start = self.block.first;
        response.producer_id_len = kBlockSize;
    }
    run.host().respond(self.event.token, std::move(response));
    return Flow::Done;
}

ErrorCode refusal(Run& run, const protocol::AllocateProducerIdsRequest& request) {
    if (!run.state().is_active()) return ErrorCode::NotController;
    const auto known = run.context().broker_epoch(request.broker_id);
    if (!known) {
        run.log(node::Level::Warn, "Ignoring AllocateProducerIds due to unknown broker {}", request.broker_id.value);
        return ErrorCode::BrokerIdNotRegistered;
    }
    if (*known == request.broker_epoch) return ErrorCode::None;
    run.log(node::Level::Warn, "Ignoring AllocateProducerIds due to stale broker epoch {} for broker {}",
            request.broker_epoch, request.broker_id.value);
    return ErrorCode::StaleBrokerEpoch;
}

Flow read(Run& run, frame::AllocateProducerIds& self) {
    self.at = At::Read;
    return run.ask(zk_get_data(std::string(kProducerIdBlockPath), false));
}

Flow write_next_block(Run& run, frame::AllocateProducerIds& self) {
    const std::vector<protocol::Body> replies = run.take_replies();
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&replies.at(0));
    if (data == nullptr || data->err != kOk) return answer(run, self, ErrorCode::UnknownServerError);
    const auto latest = data->data ? decode_producer_id_block(*data->data) : std::nullopt;
    if (data->data && !data->data->empty() && !latest) return answer(run, self, ErrorCode::UnknownServerError);
    const int64_t first = latest ? latest->last + 1 : 0;
    self.block = {self.event.request.broker_id, first, first + kBlockSize - 1};
    self.at = At::Written;
    return run.ask(zk_set_data(std::string(kProducerIdBlockPath), encode_producer_id_block(self.block),
                               version_in(replies.at(0))));
}

Flow written(Run& run, frame::AllocateProducerIds& self) {
    const std::vector<protocol::Body> replies = run.take_replies();
    const int32_t err = error_of(replies.at(0));
    if (err == kBadVersion) return read(run, self);
    if (err != kOk) return answer(run, self, ErrorCode::UnknownServerError);
    const auto* reply = std::get_if<protocol::ZkSetDataResponse>(&replies.at(0));
    run.info(
        "Acquired new producerId block ProducerIdsBlock{{brokerId={}, producerIdStart={}, producerIdLen={}}} by "
        "writing to Zk with path version {}",
        self.block.broker.value, self.block.first, kBlockSize, reply == nullptr ? 0 : reply->stat.version);
    return answer(run, self, ErrorCode::None);
}

}  // namespace

Flow step(Run& run, frame::AllocateProducerIds& self) {
    switch (self.at) {
        case At::Check: {
            const ErrorCode refused = refusal(run, self.event.request);
            return refused == ErrorCode::None ? read(run, self) : answer(run, self, refused);
        }
        case At::Read:
            return write_next_block(run, self);
        case At::Written:
            return written(run, self);
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
