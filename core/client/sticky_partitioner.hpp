// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a record without a key goes: all records of a topic go to one partition until a new batch is begun, then to
// another one. Decides which.
// A scenario may fix the outcome (`pin`): the pinned partition is what the next new batch of the topic goes to.
// Kafka 3.0.0: org.apache.kafka.clients.producer.internals.StickyPartitionCache, DefaultPartitioner.

#include <map>
#include <optional>
#include <vector>

#include "core/node/env.hpp"

namespace kafkasim::client {

struct StickyChoice {
    int32_t partitions = 0;          // of the topic
    std::vector<int32_t> available;  // those with a leader
};

/// nextPartition: one of the available partitions other than `current` if there are two, any of all if none is
/// available.
int32_t next_sticky_partition(const StickyChoice& choice, std::optional<int32_t> current, node::Chance& chance);

class StickyPartitioner {
public:
    /// The topic's current partition; chosen if there is none yet.
    int32_t partition(node::Env& env, const TopicName& topic, const StickyChoice& choice);
    /// A new batch is about to be begun in `previous`: moves on if that is the current partition. A pin is only
    /// used up by a record without key.
    void on_new_batch(node::Env& env, const TopicName& topic, const StickyChoice& choice, int32_t previous,
                      bool keyless);

private:
    std::map<TopicName, int32_t> current_;
};

}  // namespace kafkasim::client
