// SPDX-License-Identifier: Apache-2.0
#include "core/client/assignors.hpp"

#include <algorithm>

#include "core/client/sticky_assignor.hpp"

namespace kafkasim::client {

namespace {

/// MemberInfo.compareTo: static members first, by instance id; then by member id.
bool member_before(const GroupSubscription& a, const GroupSubscription& b) {
    if (a.group_instance_id && b.group_instance_id) return *a.group_instance_id < *b.group_instance_id;
    if (a.group_instance_id.has_value() != b.group_instance_id.has_value()) return a.group_instance_id.has_value();
    return a.member_id < b.member_id;
}

bool subscribes(const GroupSubscription& member, const TopicName& topic) {
    return std::find(member.topics.begin(), member.topics.end(), topic) != member.topics.end();
}

std::set<TopicName> all_topics(const std::vector<GroupSubscription>& members) {
    std::set<TopicName> topics;
    for (const GroupSubscription& member : members) topics.insert(member.topics.begin(), member.topics.end());
    return topics;
}

GroupAssignment nothing_for(const std::vector<GroupSubscription>& members) {
    GroupAssignment assignment;
    for (const GroupSubscription& member : members) assignment[member.member_id];
    return assignment;
}

int32_t count_of(const std::map<TopicName, int32_t>& partitions, const TopicName& topic) {
    const auto found = partitions.find(topic);
    return found == partitions.end() ? 0 : found->second;
}

}  // namespace

GroupAssignment assign_range(std::vector<GroupSubscription> members, const std::map<TopicName, int32_t>& partitions) {
    std::stable_sort(members.begin(), members.end(), member_before);
    GroupAssignment assignment = nothing_for(members);
    for (const TopicName& topic : all_topics(members)) {
        std::vector<const GroupSubscription*> interested;
        for (const GroupSubscription& member : members) {
            if (subscribes(member, topic)) interested.push_back(&member);
        }
        const int32_t count = count_of(partitions, topic);
        const auto consumers = static_cast<int32_t>(interested.size());
        int32_t next = 0;
        for (int32_t i = 0; i < consumers; ++i) {
            const int32_t length = count / consumers + (i < count % consumers ? 1 : 0);
            for (int32_t end = next + length; next < end; ++next)
                assignment[interested[static_cast<size_t>(i)]->member_id].push_back({topic, next});
        }
    }
    return assignment;
}

GroupAssignment assign_round_robin(std::vector<GroupSubscription> members,
                                   const std::map<TopicName, int32_t>& partitions) {
    std::stable_sort(members.begin(), members.end(), member_before);
    GroupAssignment assignment = nothing_for(members);
    size_t next = 0;
    for (const TopicName& topic : all_topics(members)) {
        for (int32_t partition = 0; partition < count_of(partitions, topic); ++partition) {
            while (!subscribes(members[next % members.size()], topic)) ++next;
            assignment[members[next % members.size()].member_id].push_back({topic, partition});
            ++next;
        }
    }
    return assignment;
}

bool knows_assignor(std::string_view name) {
    return name == "range" || name == "roundrobin" || name == "sticky" || name == "cooperative-sticky";
}

std::optional<GroupAssignment> assign(std::string_view assignor, std::vector<GroupSubscription> members,
                                      const std::map<TopicName, int32_t>& partitions) {
    if (assignor == "range") return assign_range(std::move(members), partitions);
    if (assignor == "roundrobin") return assign_round_robin(std::move(members), partitions);
    if (assignor == "sticky") return assign_sticky(members, partitions, false);
    if (assignor == "cooperative-sticky") return assign_sticky(members, partitions, true);
    return std::nullopt;
}

}  // namespace kafkasim::client
