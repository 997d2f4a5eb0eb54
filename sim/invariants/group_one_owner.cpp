// SPDX-License-Identifier: Apache-2.0
// Asked of the consumers alone, so that a wrong assignment, a wrong fence and a member that keeps what it had to give up
// are all seen by what they come to. Kafka 3.0.0: the promise of ConsumerRebalanceListener.onPartitionsAssigned.
#include <fmt/format.h>

#include <map>

#include "core/base/ids.hpp"
#include "sim/invariants/group_invariants.hpp"

namespace kafkasim::sim::invariants {

Broken one_owner_per_generation(const GroupSnapshot& group) {
    struct Claim {
        uint32_t begin;
        int32_t generation;
        TopicPartition partition;
        auto operator<=>(const Claim&) const = default;
    };
    std::map<Claim, const ConsumerView*> owners;
    for (const ConsumerView& consumer : group.consumers) {
        for (const OwnedPartition& owned : consumer.owned) {
            const auto [found, is_first] =
                owners.emplace(Claim{consumer.begin, consumer.generation, owned.partition}, &consumer);
            if (is_first) continue;
            const std::string& instance = consumer.instance_id;
            if (!instance.empty() && instance == found->second->instance_id) continue;  // the first is fenced, later
            return fmt::format("{} and {} both own {} in generation {} of group {}", found->second->name, consumer.name,
                               to_string(owned.partition), consumer.generation, group.group);
        }
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::invariants
