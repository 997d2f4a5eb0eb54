// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the group coordinator needs of the broker it lives in. Implemented by Broker, handed to every call, never
// kept.

#include <cstdint>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/base/time.hpp"
#include "core/config/broker_config.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/message_fwd.hpp"
#include "core/protocol/record_batch.hpp"

namespace kafkasim::group {

class GroupHost {
public:
    virtual ~GroupHost() = default;

    virtual node::Env& env() = 0;
    virtual const config::BrokerConfig& config() const = 0;
    virtual BrokerId broker_id() const = 0;
    virtual void respond(const node::RequestToken& to, protocol::Body&& body) = 0;
    /// Appends to __consumer_offsets-`partition`; answered, in this call or later, by GroupCoordinator::on_appended with
    /// the same token. Also answered (NotLeaderOrFollower, UnknownTopicOrPartition) if this broker does not lead the
    /// partition.
    virtual void append_to_offsets(int32_t partition, protocol::RecordBatch batch, int16_t required_acks,
                                   Duration timeout, uint64_t token) = 0;
    /// The whole local log of __consumer_offsets-`partition` up to its end, for loading.
    virtual protocol::RecordBatches read_offsets_log(int32_t partition) = 0;
};

}  // namespace kafkasim::group
