// SPDX-License-Identifier: Apache-2.0
#include "core/group/group_metadata.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/java.hpp"
#include "core/group/protocol_vote.hpp"
#include "core/protocol/consumer_protocol.hpp"

namespace kafkasim::group {

namespace {

template <typename Order>
std::vector<std::string> ordered(const std::vector<std::string>& ids, Order order) {
    std::vector<int32_t> hashes;
    for (const std::string& id : ids) hashes.push_back(java::string_hash(id));
    std::vector<std::string> out;
    for (size_t index : order(hashes)) out.push_back(ids[index]);
    return out;
}

}  // namespace

std::string set_text(const std::vector<std::string>& ids) {
    const auto in_map_order = ordered(ids, java::scala_mutable_order);
    return fmt::format("Set({})", fmt::join(ordered(in_map_order, java::scala_immutable_order), ", "));
}

MemberMetadata* GroupMetadata::find(std::string_view member_id) {
    auto found = members.find(member_id);
    return found == members.end() ? nullptr : &found->second;
}

const MemberMetadata* GroupMetadata::find(std::string_view member_id) const {
    auto found = members.find(member_id);
    return found == members.end() ? nullptr : &found->second;
}

std::optional<std::string> GroupMetadata::static_member_id(const std::string& instance_id) const {
    auto found = static_members.find(instance_id);
    if (found == static_members.end()) return std::nullopt;
    return found->second;
}

std::vector<const MemberMetadata*> GroupMetadata::members_in_order() const {
    std::vector<const MemberMetadata*> entries;
    std::vector<int32_t> hashes;
    for (const auto& [id, member] : members) {
        entries.push_back(&member);
        hashes.push_back(java::string_hash(id));
    }
    std::vector<const MemberMetadata*> ordered;
    for (size_t index : java::scala_mutable_order(hashes)) ordered.push_back(entries[index]);
    return ordered;
}

std::vector<std::string> GroupMetadata::member_ids_in_order() const {
    std::vector<std::string> ids;
    for (const MemberMetadata* member : members_in_order()) ids.push_back(member->member_id);
    return ids;
}

size_t GroupMetadata::awaiting_join() const {
    return static_cast<size_t>(std::count_if(members.begin(), members.end(),
                                             [](const auto& each) { return each.second.awaiting_join.has_value(); }));
}

int64_t GroupMetadata::rebalance_timeout_ms() const {
    int64_t longest = 0;
    for (const auto& [id, member] : members) longest = std::max<int64_t>(longest, member.rebalance_timeout_ms);
    return longest;
}

bool GroupMetadata::supports_protocols(std::string_view type, const Protocols& protocols) const {
    if (is(State::Empty)) return !type.empty() && !protocols.empty();
    return protocol_type && *protocol_type == type && supports_any(members_in_order(), protocols);
}

void GroupMetadata::add(MemberMetadata&& member) {
    if (member.group_instance_id) static_members[*member.group_instance_id] = member.member_id;
    if (members.empty()) protocol_type = member.protocol_type;
    if (!leader_id) leader_id = member.member_id;
    pending_members.erase(member.member_id);
    std::string id = member.member_id;
    members.insert_or_assign(std::move(id), std::move(member));
}

void GroupMetadata::remove(const std::string& member_id) {
    if (auto found = members.find(member_id); found != members.end()) {
        if (found->second.group_instance_id) static_members.erase(*found->second.group_instance_id);
        members.erase(found);
    }
    if (is_leader(member_id)) {
        const auto ids = member_ids_in_order();
        leader_id = ids.empty() ? std::nullopt : std::optional(ids.front());
    }
    pending_members.erase(member_id);
    pending_sync_members.erase(member_id);
}

State GroupMetadata::init_next_generation() {
    ++generation_id;
    pending_sync_members.clear();
    protocol_name = members.empty() ? std::nullopt : std::optional(select_protocol(members_in_order()));
    subscribed_topics = compute_subscribed_topics();
    return members.empty() ? State::Empty : State::CompletingRebalance;
}

std::optional<std::set<std::string>> GroupMetadata::compute_subscribed_topics() const {
    if (!is_consumer_group()) return std::nullopt;
    std::set<std::string> topics;
    if (members.empty()) return topics;
    if (!protocol_name) return std::nullopt;
    for (const auto& [id, member] : members) {
        const auto subscription = protocol::decode_subscription(member.metadata(*protocol_name));
        if (!subscription) return std::nullopt;
        topics.insert(subscription->topics.begin(), subscription->topics.end());
    }
    return topics;
}

bool GroupMetadata::is_subscribed_to(std::string_view topic) const {
    return !subscribed_topics || subscribed_topics->contains(std::string(topic));
}

void GroupMetadata::complete_offset_commit(const TopicPartition& tp, const OffsetAndMetadata& value,
                                           int64_t appended_at) {
    auto pending = pending_offset_commits.find(tp);
    if (pending == pending_offset_commits.end()) return;  // deleted while it was on its way
    auto known = offsets.find(tp);
    if (known == offsets.end() || known->second.appended_at < appended_at) offsets[tp] = {value, appended_at};
    if (pending->second == value) pending_offset_commits.erase(pending);
}

void GroupMetadata::fail_offset_commit(const TopicPartition& tp, const OffsetAndMetadata& value) {
    auto pending = pending_offset_commits.find(tp);
    if (pending != pending_offset_commits.end() && pending->second == value) pending_offset_commits.erase(pending);
}

std::vector<TopicPartition> GroupMetadata::remove_offsets(const std::vector<TopicPartition>& partitions) {
    std::vector<TopicPartition> removed;
    for (const auto& tp : partitions) {
        pending_offset_commits.erase(tp);
        if (offsets.erase(tp) != 0) removed.push_back(tp);
    }
    return removed;
}

std::vector<TopicPartition> GroupMetadata::expired_offsets(int64_t now_ms, int64_t retention_ms) const {
    const bool emptied = protocol_type && is(State::Empty);
    const bool active = !emptied && is_consumer_group() && subscribed_topics;
    const bool simple = !protocol_type;
    std::vector<TopicPartition> expired;
    if (!emptied && !active && !simple) return expired;
    for (const auto& [tp, committed] : offsets) {
        if (active && is_subscribed_to(tp.topic.view())) continue;
        if (has_pending_commit(tp)) continue;
        const auto& value = committed.value;
        const int64_t base_ms =
            emptied ? current_state_timestamp_ms.value_or(value.commit_timestamp_ms) : value.commit_timestamp_ms;
        const bool over =
            value.expire_timestamp_ms ? now_ms >= *value.expire_timestamp_ms : now_ms - base_ms >= retention_ms;
        if (over) expired.push_back(tp);
    }
    return expired;
}

}  // namespace kafkasim::group
