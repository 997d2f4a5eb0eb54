// SPDX-License-Identifier: Apache-2.0
#pragma once
// Appends with acks=-1 that wait until all in-sync replicas have them.
// Kafka 3.0.0: kafka.server.DelayedProduce in the purgatory "Produce".

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/broker/partition.hpp"
#include "core/node/request_token.hpp"

namespace kafkasim::broker {

struct ProduceStatus {
    TopicPartition partition;
    int64_t required_offset = 0;  // the high watermark must reach it
    bool acks_pending = false;
    Partition::Appended result;  // its error is what is answered
};

struct DelayedProduce {
    uint64_t id = 0;
    bool internal = false;  // of append_internal: answered by BrokerHost::partition_appended
    uint64_t internal_token = 0;
    node::RequestToken token;
    SharedText client_id;
    int16_t acks = -1;
    std::vector<ProduceStatus> partitions;
    node::TimerId timer = node::TimerId::None;

    const std::vector<ProduceStatus>& watched() const { return partitions; }
    bool pending() const {
        return std::any_of(partitions.begin(), partitions.end(),
                           [](const ProduceStatus& status) { return status.acks_pending; });
    }
};

}  // namespace kafkasim::broker
