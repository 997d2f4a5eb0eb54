// SPDX-License-Identifier: Apache-2.0
#include "core/client/sticky_assignor.hpp"

#include <algorithm>
#include <deque>

#include "core/base/java.hpp"
#include "core/client/sticky_general_assign.hpp"

namespace kafkasim::client {

namespace {

/// All members subscribe to the same topics (allSubscriptionsEqual).
bool same_topics(const std::vector<GroupSubscription>& members) {
    std::set<TopicName> topics;
    for (const GroupSubscription& member : members) {
        if (topics.empty()) {
            topics.insert(member.topics.begin(), member.topics.end());
        } else if (member.topics.size() != topics.size() ||
                   !std::all_of(member.topics.begin(), member.topics.end(),
                                [&](const TopicName& topic) { return topics.contains(topic); })) {
            return false;
        }
    }
    return true;
}

/// prepopulateCurrentAssignments: who had what in older generations; of two the newer one, then the first.
void take_previous(const std::vector<GroupSubscription>& members, const std::vector<size_t>& order, int32_t newest,
                   StickyOwners& owners) {
    std::map<TopicPartition, int32_t> generations;
    for (const size_t i : order) {
        const GroupSubscription& member = members[i];
        const int32_t generation = member.generation.value_or(-1);
        if (generation >= newest) continue;
        for (const TopicPartition& tp : member.owned) {
            const auto known = generations.find(tp);
            if (known != generations.end() && generation <= known->second) continue;
            generations[tp] = generation;
            owners.previous[tp] = member.member_id;
        }
    }
}

/// Only the members of the newest generation count, and a partition that two of them claim is nobody's.
StickyOwners owners_of(const std::vector<GroupSubscription>& members, const std::map<TopicName, int32_t>& topics) {
    std::vector<int32_t> hashes;
    for (const GroupSubscription& member : members) hashes.push_back(java::string_hash(member.member_id));
    const std::vector<size_t> order = java::hash_map_order(hashes);
    StickyOwners owned;
    std::map<TopicPartition, std::string> owners;
    int32_t newest = -1;
    for (size_t i : order) {
        const GroupSubscription& member = members[i];
        owned.members.push_back(member.member_id);
        auto& own = owned.partitions[member.member_id];
        const bool counts = member.generation ? *member.generation >= newest : newest == -1;
        if (!counts) continue;
        if (member.generation && *member.generation > newest) {
            newest = *member.generation;
            owners.clear();
            owned.claimed_twice.clear();
            for (auto& [other, had] : owned.partitions) had.clear();
        }
        for (const TopicPartition& tp : member.owned) {
            if (!topics.contains(tp.topic)) continue;
            const auto [owner, first] = owners.emplace(tp, member.member_id);
            if (first) {
                own.push_back(tp);
                continue;
            }
            std::erase(owned.partitions[owner->second], tp);
            owned.claimed_twice.insert(tp);
        }
    }
    take_previous(members, order, newest, owned);
    return owned;
}

/// AbstractStickyAssignor.constrainedAssign.
class ConstrainedAssign {
public:
    ConstrainedAssign(StickyOwners owned, const std::map<TopicName, int32_t>& topics) : owned_(std::move(owned)) {
        for (const auto& [topic, count] : topics) {
            for (int32_t partition = 0; partition < count; ++partition) unassigned_.push_back({topic, partition});
        }
        const size_t members = owned_.members.size();
        least_ = unassigned_.size() / members;
        most_ = (unassigned_.size() + members - 1) / members;
        may_have_most_ = unassigned_.size() % members;
    }

    GroupAssignment run() {
        for (const std::string& member : owned_.members) keep(member, owned_.partitions.at(member));
        for (const auto& [member, kept] : assignment_) {
            for (const TopicPartition& tp : kept) std::erase(unassigned_, tp);
        }
        std::sort(below_least_.begin(), below_least_.end());
        std::sort(at_least_.begin(), at_least_.end());
        for (const TopicPartition& tp : unassigned_) give(tp);
        return assignment_;
    }

    /// Those that a member had, or several claimed, and another one got.
    const std::map<TopicPartition, std::string>& moved() const { return moved_; }

private:
    void keep(const std::string& member, const std::vector<TopicPartition>& had) {
        size_t kept = had.size();
        if (had.size() < least_) {
            below_least_.push_back(member);
        } else if (had.size() >= most_ && have_most_ < may_have_most_) {
            kept = most_;
            if (++have_most_ == may_have_most_) at_least_.clear();
        } else {
            kept = least_;
            if (have_most_ < may_have_most_) at_least_.push_back(member);
        }
        const auto end = had.begin() + static_cast<std::ptrdiff_t>(kept);
        assignment_[member].assign(had.begin(), end);
        revoked_.insert(end, had.end());
    }

    /// In turns to those below the least; then one each to those at it.
    void give(const TopicPartition& tp) {
        if (next_ >= below_least_.size()) next_ = 0;
        const bool fills = !below_least_.empty();
        if (!fills && at_least_.empty()) return;
        const std::string member = fills ? below_least_[next_] : at_least_.front();
        if (!fills) at_least_.pop_front();
        auto& got = assignment_[member];
        got.push_back(tp);
        if (revoked_.contains(tp) || owned_.claimed_twice.contains(tp)) moved_[tp] = member;
        if (!fills) return;
        if (got.size() < least_) {
            ++next_;
            return;
        }
        below_least_.erase(below_least_.begin() + static_cast<std::ptrdiff_t>(next_));
        at_least_.push_back(member);
    }

    StickyOwners owned_;
    GroupAssignment assignment_;
    std::vector<TopicPartition> unassigned_;  // by topic and partition
    std::set<TopicPartition> revoked_;
    std::map<TopicPartition, std::string> moved_;
    size_t least_ = 0;
    size_t most_ = 0;
    size_t may_have_most_ = 0;
    size_t have_most_ = 0;
    std::vector<std::string> below_least_;
    std::deque<std::string> at_least_;
    size_t next_ = 0;  // among those below the least
};

void write_int(std::string& out, int64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xff);
}

class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}
    std::optional<std::string_view> bytes(int64_t count) {
        if (count < 0 || count > static_cast<int64_t>(rest_.size())) return std::nullopt;
        const std::string_view read = rest_.substr(0, static_cast<size_t>(count));
        rest_.remove_prefix(read.size());
        return read;
    }
    std::optional<int32_t> number(int count) {
        const auto read = bytes(count);
        if (!read) return std::nullopt;
        int32_t value = static_cast<signed char>((*read)[0]);
        for (const char c : read->substr(1)) value = value * 256 + static_cast<unsigned char>(c);
        return value;
    }

private:
    std::string_view rest_;
};

/// The partitions of one topic.
bool read_topic(Reader& in, std::vector<TopicPartition>& out) {
    const auto length = in.number(2);
    const auto topic = length ? in.bytes(*length) : std::nullopt;
    const auto count = topic ? in.number(4) : std::nullopt;
    if (!count) return false;
    for (int32_t left = *count; left > 0; --left) {
        const auto partition = in.number(4);
        if (!partition) return false;
        out.push_back({TopicName(*topic), *partition});
    }
    return true;
}

/// computePartitionsTransferringOwnership, adjustAssignment: what somebody still has is given to nobody else.
void hold_back_owned(const std::vector<GroupSubscription>& members, GroupAssignment& assignment) {
    std::set<TopicPartition> revoked;
    for (const GroupSubscription& member : members) {
        const std::vector<TopicPartition>& gets = assignment.at(member.member_id);
        const std::set<TopicPartition> got(gets.begin(), gets.end());
        for (const TopicPartition& tp : member.owned) {
            if (!got.contains(tp)) revoked.insert(tp);
        }
    }
    for (const GroupSubscription& member : members) {
        const std::set<TopicPartition> had(member.owned.begin(), member.owned.end());
        std::erase_if(assignment.at(member.member_id),
                      [&](const TopicPartition& tp) { return !had.contains(tp) && revoked.contains(tp); });
    }
}

}  // namespace

GroupAssignment assign_sticky(const std::vector<GroupSubscription>& members,
                              const std::map<TopicName, int32_t>& partitions, bool cooperative,
                              std::vector<StickyMovement>* movements) {
    if (members.empty()) return {};
    std::map<TopicName, int32_t> known;  // a topic without partitions is no topic
    for (const auto& [topic, count] : partitions) {
        if (count > 0) known[topic] = count;
    }
    StickyOwners owners = owners_of(members, known);
    if (!same_topics(members)) {
        std::map<std::string, std::vector<TopicName>> subscriptions;
        for (const GroupSubscription& member : members) subscriptions[member.member_id] = member.topics;
        GeneralAssignment general = assign_general(std::move(owners), subscriptions, known);
        if (movements != nullptr) *movements = std::move(general.movements);
        if (cooperative) hold_back_owned(members, general.assignment);
        return std::move(general.assignment);
    }
    ConstrainedAssign assign(std::move(owners), known);
    GroupAssignment assignment = assign.run();
    if (!cooperative) return assignment;
    for (const auto& [tp, member] : assign.moved()) std::erase(assignment[member], tp);
    return assignment;
}

std::string encode_sticky_data(const std::vector<TopicPartition>& partitions, int32_t generation) {
    std::vector<TopicName> topics;
    std::vector<int32_t> hashes;
    for (const TopicPartition& tp : partitions) {
        if (std::find(topics.begin(), topics.end(), tp.topic) != topics.end()) continue;
        topics.push_back(tp.topic);
        hashes.push_back(java::string_hash(tp.topic.view()));
    }
    std::string out;
    write_int(out, static_cast<int64_t>(topics.size()), 4);
    for (size_t i : java::hash_map_order(hashes)) {
        write_int(out, static_cast<int64_t>(topics[i].view().size()), 2);
        out += topics[i].view();
        write_int(out,
                  std::count_if(partitions.begin(), partitions.end(),
                                [&](const TopicPartition& tp) { return tp.topic == topics[i]; }),
                  4);
        for (const TopicPartition& tp : partitions) {
            if (tp.topic == topics[i]) write_int(out, tp.partition, 4);
        }
    }
    write_int(out, generation, 4);
    return out;
}

std::string encode_cooperative_data(int32_t generation) {
    std::string out;
    write_int(out, generation, 4);
    return out;
}

void decode_sticky_data(std::string_view user_data, GroupSubscription& member) {
    Reader in(user_data);
    std::vector<TopicPartition> owned;
    const auto topics = in.number(4);
    for (int32_t left = topics.value_or(0); left > 0; --left) {
        if (!read_topic(in, owned)) return;
    }
    if (!topics) return;
    member.owned = std::move(owned);
    member.generation = in.number(4);
}

void decode_cooperative_data(std::string_view user_data, GroupSubscription& member) {
    member.generation = Reader(user_data).number(4);
}

}  // namespace kafkasim::client
