// SPDX-License-Identifier: Apache-2.0
#include "core/client/sticky_partitioner.hpp"

namespace kafkasim::client {

int32_t next_sticky_partition(const StickyChoice& choice, std::optional<int32_t> current, node::Chance& chance) {
    const auto draw = [&](size_t bound) { return chance.below(node::Stream::Partitioner, bound); };
    if (choice.available.empty()) return static_cast<int32_t>(draw(static_cast<size_t>(choice.partitions)));
    if (choice.available.size() == 1) return choice.available.front();
    int32_t next = choice.available[draw(choice.available.size())];
    while (current && next == *current) next = choice.available[draw(choice.available.size())];
    return next;
}

int32_t StickyPartitioner::partition(node::Env& env, const TopicName& topic, const StickyChoice& choice) {
    const auto found = current_.find(topic);
    if (found != current_.end()) return found->second;
    return current_[topic] = next_sticky_partition(choice, std::nullopt, env.chance());
}

void StickyPartitioner::on_new_batch(node::Env& env, const TopicName& topic, const StickyChoice& choice,
                                     int32_t previous, bool keyless) {
    const auto found = current_.find(topic);
    const std::optional<int32_t> current =
        found == current_.end() ? std::nullopt : std::optional<int32_t>(found->second);
    if (current && *current != previous) return;
    if (keyless) {
        const std::optional<int32_t> pinned = env.chance().pinned_sticky(topic);
        if (pinned && *pinned >= 0 && *pinned < choice.partitions) {
            current_[topic] = *pinned;
            return;
        }
    }
    current_[topic] = next_sticky_partition(choice, current, env.chance());
}

}  // namespace kafkasim::client
