// SPDX-License-Identifier: Apache-2.0
#pragma once
// Requests that wait until their partitions allow an answer, or their time is over: each with a number, a timer, and the
// partitions that it watches. Who waits for what, and what is answered, their owners decide.
// A Waiting has `id`, `timer`, and `watched()`: a range of things with a `partition`.
// Kafka 3.0.0: kafka.server.DelayedOperationPurgatory.

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"
#include "core/node/env.hpp"

namespace kafkasim::broker {

template <typename Waiting>
class Purgatory {
public:
    uint64_t next_id() { return ++last_id_; }
    size_t size() const { return waiting_.size(); }
    bool empty() const { return waiting_.empty(); }

    /// Starts to wait; after `timeout` the timer goes off with `tag`.
    void add(node::Env& env, Waiting&& request, node::Tag tag, Duration timeout) {
        for (const auto& each : request.watched()) by_partition_[each.partition].push_back(request.id);
        request.timer = env.new_timer(tag);
        env.arm(request.timer, timeout);
        const uint64_t id = request.id;
        waiting_.emplace(id, std::move(request));
    }
    /// Ends the waiting; nullopt if it is over already.
    std::optional<Waiting> take(node::Env& env, uint64_t id) {
        const auto found = waiting_.find(id);
        if (found == waiting_.end()) return std::nullopt;
        Waiting request = std::move(found->second);
        waiting_.erase(found);
        env.free_timer(request.timer);
        for (const auto& each : request.watched()) {
            const auto watchers = by_partition_.find(each.partition);
            if (watchers == by_partition_.end()) continue;
            std::erase(watchers->second, id);
            if (watchers->second.empty()) by_partition_.erase(watchers);
        }
        return request;
    }
    Waiting* find(uint64_t id) {
        const auto found = waiting_.find(id);
        return found == waiting_.end() ? nullptr : &found->second;
    }
    /// Numbers of those that watch this partition, oldest first.
    std::vector<uint64_t> concerned(const TopicPartition& tp) const {
        const auto watchers = by_partition_.find(tp);
        return watchers == by_partition_.end() ? std::vector<uint64_t>{} : watchers->second;
    }

private:
    uint64_t last_id_ = 0;
    std::map<uint64_t, Waiting> waiting_;
    std::map<TopicPartition, std::vector<uint64_t>> by_partition_;
};

}  // namespace kafkasim::broker
