// SPDX-License-Identifier: Apache-2.0
#pragma once
// Appends with acks=-1 that wait until all in-sync replicas have them. Like DelayedFetches: by id, found by
// partition, each with a timer of its own.
// Kafka 3.0.0: kafka.server.DelayedProduce in the purgatory "Produce".

#include <cstdint>
#include <map>
#include <optional>
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

    bool pending() const;
};

class DelayedProduces {
public:
    void add(node::Env& env, DelayedProduce&& produce, Duration timeout);
    std::optional<DelayedProduce> take(node::Env& env, uint64_t id);
    DelayedProduce* find(uint64_t id);
    std::vector<uint64_t> concerned(const TopicPartition& tp) const;
    size_t size() const { return waiting_.size(); }
    uint64_t next_id() { return ++last_id_; }

private:
    uint64_t last_id_ = 0;
    std::map<uint64_t, DelayedProduce> waiting_;
    std::map<TopicPartition, std::vector<uint64_t>> by_partition_;
};

}  // namespace kafkasim::broker
