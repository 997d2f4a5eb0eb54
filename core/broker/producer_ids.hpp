// SPDX-License-Identifier: Apache-2.0
#pragma once
// A broker's supply of producer ids: a block of 1000 at a time from the controller, asked for when the first id is
// wanted and again when nine tenths of a block are used. Decides which id a producer gets; who must wait for a block
// waits here, at most request.timeout.ms.
// Kafka 3.0.0: kafka.coordinator.transaction.RPCProducerIdManager.

#include <deque>
#include <optional>

#include "core/base/error_code.hpp"
#include "core/node/env.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::broker {

class BrokerCall;

struct ProducerIdsBlock {
    int64_t start = 0;
    int32_t length = 0;
    int64_t end() const { return start + length - 1; }
};

struct ProducerIdManager {
    struct NextBlock {  // as the controller answered
        ErrorCode error = ErrorCode::None;
        ProducerIdsBlock block;
    };
    struct Waiting {
        node::RequestToken token;
        bool begun = false;  // its turn has come: it waits for a block, the others wait for it
        Instant deadline{};
    };
    ProducerIdsBlock current;
    int64_t next_producer_id = -1;
    std::optional<NextBlock> next_block;
    bool request_in_flight = false;
    std::deque<Waiting> waiting;
    node::TimerId timer = node::TimerId::None;
};

/// True if so much of the block is used that the next one is asked for.
bool reaches_prefetch_threshold(const ProducerIdsBlock& current, int64_t producer_id);

/// Answers the InitProducerId request, now or when there is a block.
void generate_producer_id(BrokerCall& call, const node::RequestToken& token);
/// The controller's answer; nullptr: none came in time.
void on_producer_ids_allocated(BrokerCall& call, const protocol::AllocateProducerIdsResponse* response);
void on_producer_id_timer(BrokerCall& call);
inline constexpr uint16_t kProducerIdTimer = 12;

}  // namespace kafkasim::broker
