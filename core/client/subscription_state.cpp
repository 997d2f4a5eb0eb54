// SPDX-License-Identifier: Apache-2.0
#include "core/client/subscription_state.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/java.hpp"

namespace kafkasim::client {

std::string to_string(const FetchPosition& position, const ClusterMetadata& metadata) {
    const ClientNode* leader = metadata.node(position.current_leader.leader.value);
    const std::string leader_text =
        leader == nullptr ? "Optional.empty" : fmt::format("Optional[{}]", to_string(*leader));
    const std::string epoch =
        position.offset_epoch < 0 ? "Optional.empty" : fmt::format("Optional[{}]", position.offset_epoch);
    const std::string leader_epoch =
        position.current_leader.epoch < 0 ? "absent" : fmt::format("{}", position.current_leader.epoch);
    return fmt::format(
        "FetchPosition{{offset={}, offsetEpoch={}, "
        "currentLeader=LeaderAndEpoch{{leader={}, epoch={}}}}}",
        position.offset, epoch, leader_text, leader_epoch);
}

std::vector<TopicPartition> assignment_order(const std::vector<TopicPartition>& partitions) {
    std::vector<int32_t> hashes;
    for (const TopicPartition& tp : partitions) hashes.push_back(java::hash(tp));
    std::vector<TopicPartition> mapped;
    for (size_t i : java::hash_map_order(hashes)) mapped.push_back(partitions[i]);
    std::vector<TopicPartition> grouped;
    for (const TopicPartition& first : mapped) {
        if (std::any_of(grouped.begin(), grouped.end(),
                        [&](const TopicPartition& tp) { return tp.topic == first.topic; }))
            continue;
        for (const TopicPartition& tp : mapped) {
            if (tp.topic == first.topic) grouped.push_back(tp);
        }
    }
    return grouped;
}

std::vector<TopicPartition> hash_set_order(const std::vector<TopicPartition>& partitions) {
    std::vector<int32_t> hashes;
    for (const TopicPartition& tp : partitions) hashes.push_back(java::hash(tp));
    size_t capacity = 16;  // presized for 4/3 of them and one
    while (capacity < partitions.size() * 4 / 3 + 1) capacity *= 2;
    std::vector<TopicPartition> ordered;
    for (size_t i : java::hash_map_order(hashes, capacity)) ordered.push_back(partitions[i]);
    return ordered;
}

std::set<TopicName> SubscriptionState::topics() const {
    if (automatic_) return subscription_;
    std::set<TopicName> topics;
    for (const AssignedPartition& assigned : assigned_) topics.insert(assigned.tp.topic);
    return topics;
}

std::string SubscriptionState::text() const {
    if (pattern_) return fmt::format("Subscribe({})", pattern_->text());
    std::string names;
    for (const TopicName& topic : subscription_) names += (names.empty() ? "" : ",") + topic.str();
    return automatic_ ? fmt::format("Subscribe({})", names) : "None";
}

void SubscriptionState::take_matching(const ClusterMetadata& metadata) {
    if (!pattern_) return;
    subscription_.clear();
    for (const auto& [topic, known] : metadata.topics()) {
        if (pattern_->matches(topic.view())) subscription_.insert(topic);
    }
}

void SubscriptionState::assign(const std::vector<TopicPartition>& partitions, bool keep) {
    std::vector<AssignedPartition> before = std::exchange(assigned_, {});
    for (const TopicPartition& tp : assignment_order(partitions)) {
        const auto old = std::find_if(before.begin(), before.end(),
                                      [&](const AssignedPartition& assigned) { return assigned.tp == tp; });
        AssignedPartition fresh;
        fresh.tp = tp;
        assigned_.push_back(keep && old != before.end() ? std::move(*old) : std::move(fresh));
    }
}

std::vector<TopicPartition> SubscriptionState::partitions() const {
    std::vector<TopicPartition> partitions;
    for (const AssignedPartition& assigned : assigned_) partitions.push_back(assigned.tp);
    return partitions;
}

const AssignedPartition* SubscriptionState::find(const TopicPartition& tp) const {
    const auto found = std::find_if(assigned_.begin(), assigned_.end(),
                                    [&](const AssignedPartition& assigned) { return assigned.tp == tp; });
    return found == assigned_.end() ? nullptr : &*found;
}

AssignedPartition* SubscriptionState::find(const TopicPartition& tp) {
    return const_cast<AssignedPartition*>(std::as_const(*this).find(tp));
}

void SubscriptionState::move_to_end(const TopicPartition& tp) {
    const auto found = std::find_if(assigned_.begin(), assigned_.end(),
                                    [&](const AssignedPartition& assigned) { return assigned.tp == tp; });
    if (found != assigned_.end()) std::rotate(found, found + 1, assigned_.end());
}

void SubscriptionState::pause(const TopicPartition& tp, bool paused) {
    if (AssignedPartition* assigned = find(tp)) assigned->paused = paused;
}

void SubscriptionState::seek_validated(const TopicPartition& tp, FetchPosition position) {
    AssignedPartition* assigned = find(tp);
    if (assigned == nullptr) return;
    assigned->state = FetchState::Fetching;
    assigned->position = position;
    assigned->reset = ResetStrategy::None;
}

void SubscriptionState::seek_unvalidated(const TopicPartition& tp, FetchPosition position) {
    seek_validated(tp, position);
    AssignedPartition* assigned = find(tp);
    if (assigned == nullptr || position.offset_epoch < 0 || position.current_leader.leader == kNoBroker) return;
    assigned->state = FetchState::AwaitValidation;
    assigned->next_retry = Instant{};
}

void SubscriptionState::request_reset(const TopicPartition& tp, ResetStrategy strategy) {
    AssignedPartition* assigned = find(tp);
    if (assigned == nullptr) return;
    assigned->state = FetchState::AwaitReset;
    assigned->reset = strategy;
    assigned->position.reset();
    assigned->next_retry = Instant{};
}

void SubscriptionState::validate_on_metadata_change(const ClusterMetadata& metadata) {
    for (AssignedPartition& assigned : assigned_) {
        if (!assigned.position) continue;
        const LeaderAndEpoch current = metadata.current_leader(assigned.tp);
        if (current.leader == kNoBroker && current.epoch < 0) continue;
        if (current == assigned.position->current_leader) continue;
        FetchPosition position = *assigned.position;
        position.current_leader = current;
        seek_unvalidated(assigned.tp, position);
    }
}

bool SubscriptionState::has_all_positions() const {
    return std::all_of(assigned_.begin(), assigned_.end(),
                       [](const AssignedPartition& assigned) { return assigned.position.has_value(); });
}

}  // namespace kafkasim::client
