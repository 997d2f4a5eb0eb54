// SPDX-License-Identifier: Apache-2.0
#include "core/broker/metadata_cache.hpp"

#include <algorithm>

#include "core/base/leader_and_isr.hpp"
#include "core/protocol/update_metadata.hpp"

namespace kafkasim::broker {

MetadataCache::Updated MetadataCache::update(const protocol::UpdateMetadataRequest& request) {
    update_brokers(request);
    Updated result;
    for (const auto& topic : request.topic_states) {
        if (!topic.topic_id.is_zero()) topic_ids_[topic.topic_name] = topic.topic_id;
        for (const auto& state : topic.partition_states) {
            if (state.leader == kLeaderDuringDelete) {
                topics_[topic.topic_name].erase(state.partition_index);
                result.deleted.push_back({topic.topic_name, state.partition_index});
                continue;
            }
            topics_[topic.topic_name][state.partition_index] =
                PartitionInfo{state.leader, state.controller_epoch, state.leader_epoch,    state.zk_version,
                              state.isr,    state.replicas,         state.offline_replicas};
            ++result.added;
        }
        const auto found = topics_.find(topic.topic_name);
        if (found != topics_.end() && found->second.empty()) {
            topics_.erase(found);
            topic_ids_.erase(topic.topic_name);
        }
    }
    return result;
}

void MetadataCache::update_brokers(const protocol::UpdateMetadataRequest& request) {
    controller_ = request.controller_id;
    std::vector<int64_t> keys;
    for (const auto& broker : request.live_brokers) keys.push_back(broker.id.value);
    const size_t expected = alive_.size();
    alive_.clear();
    for (const size_t index : long_map_order(keys, expected)) {
        const auto& broker = request.live_brokers[index];
        AliveBroker alive{broker.id, {}, broker.rack};
        if (!broker.endpoints.empty()) alive.endpoint = {broker.endpoints.front().host, broker.endpoints.front().port};
        alive_.push_back(std::move(alive));
    }
}

const AliveBroker* MetadataCache::find_broker(BrokerId id) const {
    const auto found =
        std::find_if(alive_.begin(), alive_.end(), [&](const AliveBroker& each) { return each.id == id; });
    return found == alive_.end() ? nullptr : &*found;
}

std::optional<node::Endpoint> MetadataCache::endpoint(BrokerId id) const {
    const AliveBroker* broker = find_broker(id);
    if (broker == nullptr) return std::nullopt;
    return broker->endpoint;
}

const PartitionInfo* MetadataCache::find(const TopicPartition& tp) const {
    const Partitions* partitions = find(tp.topic);
    if (partitions == nullptr) return nullptr;
    const auto found = partitions->find(tp.partition);
    return found == partitions->end() ? nullptr : &found->second;
}

const MetadataCache::Partitions* MetadataCache::find(const TopicName& topic) const {
    const auto found = topics_.find(topic);
    return found == topics_.end() ? nullptr : &found->second;
}

Uuid MetadataCache::topic_id(const TopicName& topic) const {
    const auto found = topic_ids_.find(topic);
    return found == topic_ids_.end() ? Uuid{} : found->second;
}

std::optional<TopicName> MetadataCache::topic_name(const Uuid& id) const {
    for (const auto& [name, each] : topic_ids_) {
        if (each == id) return name;
    }
    return std::nullopt;
}

bool MetadataCache::all_have_leaders(const TopicName& topic) const {
    const Partitions* partitions = find(topic);
    if (partitions == nullptr || partitions->empty()) return false;
    return std::all_of(partitions->begin(), partitions->end(),
                       [](const auto& each) { return each.second.leader != kNoBroker; });
}

namespace {

/// The part of scala.collection.mutable.LongMap that decides the order: open addressing in a table of `mask + 1`
/// places.
class LongMapTable {
public:
    explicit LongMapTable(uint32_t mask) : mask_(mask), places_(mask + 1) {}

    void insert(int64_t key, size_t index) {
        if (key == 0) {
            zero_ = index;  // kept aside and iterated first
            return;
        }
        place(key, index);
        ++size_;
        if (2 * size_ > mask_) repack();
    }
    std::vector<size_t> order() const {
        std::vector<size_t> result;
        if (zero_) result.push_back(*zero_);
        for (const auto& entry : places_) {
            if (entry) result.push_back(entry->index);
        }
        return result;
    }

private:
    struct Entry {
        int64_t key;
        size_t index;
    };

    uint32_t first_place(int64_t key) const {
        const auto bits = static_cast<uint64_t>(key);
        const auto h = static_cast<uint32_t>(bits ^ (bits >> 32));
        const uint32_t x = (h ^ (h >> 16)) * 0x85EBCA6BU;
        return (x ^ (x >> 13)) & mask_;
    }
    void place(int64_t key, size_t index) {
        uint32_t at = first_place(key);
        for (uint32_t x = 1; places_[at]; ++x) at = (at + 2 * (x + 1) * x - 3) & mask_;
        places_[at] = Entry{key, index};
    }
    void repack() {
        const std::vector<std::optional<Entry>> old = std::move(places_);
        mask_ = (mask_ << 1) + 1;
        places_.assign(mask_ + 1, std::nullopt);
        for (const auto& entry : old) {
            if (entry) place(entry->key, entry->index);
        }
    }

    uint32_t mask_;
    size_t size_ = 0;
    std::optional<size_t> zero_;
    std::vector<std::optional<Entry>> places_;
};

}  // namespace

std::vector<size_t> long_map_order(const std::vector<int64_t>& keys, size_t expected) {
    uint32_t mask = 7;
    while (expected > mask + 1) mask = (mask << 1) + 1;
    LongMapTable table(mask);
    for (size_t i = 0; i < keys.size(); ++i) table.insert(keys[i], i);
    return table.order();
}

}  // namespace kafkasim::broker
