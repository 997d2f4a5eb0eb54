// SPDX-License-Identifier: Apache-2.0
#include "core/client/sticky_general_assign.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/base/java.hpp"

namespace kafkasim::client {

namespace {

using Pair = std::pair<std::string, std::string>;  // from, to

/// PartitionMovements: who gave what to whom, so that two partitions of a topic do not change places.
class Movements {
public:
    void move(const TopicPartition& tp, const std::string& from, const std::string& to) {
        std::string first = from;
        if (const auto before = moved_.find(tp); before != moved_.end()) {
            first = before->second.first;
            auto& pairs = by_topic_[tp.topic];
            std::erase(pairs[before->second], tp);
            if (pairs[before->second].empty()) pairs.erase(before->second);
            moved_.erase(before);
            if (first == to) return;  // it is back
        }
        moved_[tp] = {first, to};
        by_topic_[tp.topic][{first, to}].push_back(tp);
    }

    /// getTheActualPartitionToBeMoved: rather one that came the other way is sent back.
    TopicPartition instead_of(const TopicPartition& tp, std::string from, const std::string& to) const {
        const auto topic = by_topic_.find(tp.topic);
        if (topic == by_topic_.end()) return tp;
        if (const auto before = moved_.find(tp); before != moved_.end()) from = before->second.first;
        const auto reverse = topic->second.find({to, from});
        if (reverse == topic->second.end()) return tp;
        std::vector<int32_t> hashes;
        for (const TopicPartition& each : reverse->second) hashes.push_back(java::hash(each));
        return reverse->second[java::hash_map_order(hashes).front()];
    }

    std::vector<StickyMovement> all() const {
        std::vector<StickyMovement> movements;
        for (const auto& [tp, pair] : moved_) movements.push_back({tp, pair.first, pair.second});
        return movements;
    }

private:
    std::map<TopicPartition, Pair> moved_;
    std::map<TopicName, std::map<Pair, std::vector<TopicPartition>>> by_topic_;
};

class GeneralAssign {
public:
    GeneralAssign(StickyOwners&& owners, const std::map<std::string, std::vector<TopicName>>& subscriptions,
                  const std::map<TopicName, int32_t>& topics)
        : owners_(std::move(owners)), topics_(topics), assignment_(std::move(owners_.partitions)) {
        for (const auto& [topic, count] : topics_) consumers_[topic];
        for (const std::string& member : owners_.members) {
            for (const TopicName& topic : subscriptions.at(member)) {
                if (!topics_.contains(topic)) continue;
                wanted_[member].push_back(topic);
                consumers_[topic].push_back(member);
            }
            wanted_[member];
        }
        for (const auto& [topic, count] : topics_) total_ += count;
    }

    GeneralAssignment run() {
        keep();
        std::vector<TopicPartition> sorted = sorted_partitions();
        std::vector<TopicPartition> unassigned;
        for (const TopicPartition& tp : sorted) {
            if (!kept_.contains(tp)) unassigned.push_back(tp);
        }
        for (const auto& [member, own] : assignment_) order_.insert({own.size(), member});
        balance(sorted, unassigned);
        return {std::move(assignment_), movements_.all()};
    }

private:
    bool wants(const std::string& member, const TopicName& topic) const {
        const std::vector<TopicName>& topics = wanted_.at(member);
        return std::find(topics.begin(), topics.end(), topic) != topics.end();
    }

    void keep() {
        for (auto& [member, own] : assignment_) {
            for (const TopicPartition& tp : own) owner_[tp] = member;
            const auto unwanted = [&](const TopicPartition& tp) { return !wants(member, tp.topic); };
            if (std::erase_if(own, unwanted) > 0) revocation_ = true;
            kept_.insert(own.begin(), own.end());
        }
    }

    /// Topics with few potential consumers first, then by name.
    std::vector<TopicPartition> sorted_partitions() const {
        std::vector<TopicName> topics;
        for (const auto& [topic, count] : topics_) topics.push_back(topic);
        std::stable_sort(topics.begin(), topics.end(), [&](const TopicName& a, const TopicName& b) {
            return consumers_.at(a).size() < consumers_.at(b).size();
        });
        std::vector<TopicPartition> sorted;
        for (const TopicName& topic : topics) {
            for (int32_t partition = 0; partition < topics_.at(topic); ++partition)
                sorted.push_back({topic, partition});
        }
        return sorted;
    }

    void balance(std::vector<TopicPartition>& sorted, std::vector<TopicPartition>& unassigned) {
        const bool initializing = order_.rbegin()->first == 0;
        for (const TopicPartition& tp : unassigned) give(tp);
        const auto fixed = [&](const TopicPartition& tp) { return consumers_.at(tp.topic).size() < 2; };
        std::erase_if(sorted, fixed);
        std::erase_if(unassigned, fixed);
        GroupAssignment set_aside;
        for (const auto& [member, topics] : wanted_) {
            if (can_participate(member)) continue;
            order_.erase({assignment_.at(member).size(), member});
            set_aside[member] = std::move(assignment_.at(member));
            assignment_.erase(member);
        }
        const GroupAssignment before = assignment_;
        if (!revocation_) reassign(unassigned);
        if (reassign(sorted) && !initializing && score(assignment_) >= score(before)) assignment_ = before;
        for (auto& [member, own] : set_aside) assignment_[member] = std::move(own);
    }

    /// To the one with the least of those who want it.
    void give(const TopicPartition& tp) {
        for (const auto& [size, member] : order_) {
            if (!wants(member, tp.topic)) continue;
            const std::string taker = member;
            order_.erase({size, taker});
            assignment_.at(taker).push_back(tp);
            owner_[tp] = taker;
            order_.insert({assignment_.at(taker).size(), taker});
            return;
        }
    }

    int32_t most_possible(const std::string& member) const {
        const std::vector<TopicName>& topics = wanted_.at(member);
        if (topics.size() == topics_.size()) return total_;
        int32_t sum = 0;
        for (const TopicName& topic : topics) sum += topics_.at(topic);
        return sum;
    }

    bool can_participate(const std::string& member) const {
        const std::vector<TopicPartition>& own = assignment_.at(member);
        if (static_cast<int32_t>(own.size()) < most_possible(member)) return true;
        return std::any_of(own.begin(), own.end(),
                           [&](const TopicPartition& tp) { return consumers_.at(tp.topic).size() >= 2; });
    }

    bool balanced() const {
        if (order_.empty() || order_.begin()->first + 1 >= order_.rbegin()->first) return true;
        for (const auto& [size, member] : order_) {
            if (static_cast<int32_t>(size) == most_possible(member)) continue;
            for (const TopicName& topic : wanted_.at(member)) {
                for (int32_t partition = 0; partition < topics_.at(topic); ++partition) {
                    const auto other = assignment_.find(owner_.at({topic, partition}));
                    if (other != assignment_.end() && other->first != member && size < other->second.size())
                        return false;
                }
            }
        }
        return true;
    }

    bool reassign(const std::vector<TopicPartition>& partitions) {
        bool any = false;
        for (bool modified = true; modified;) {
            modified = false;
            for (const TopicPartition& tp : partitions) {
                if (balanced()) break;
                const auto to = better_owner(tp);
                if (!to) continue;
                move(movements_.instead_of(tp, owner_.at(tp), *to), *to);
                any = modified = true;
            }
        }
        return any;
    }

    /// Who should have the partition rather than its owner: who had it in an older generation, or who has least.
    std::optional<std::string> better_owner(const TopicPartition& tp) const {
        const size_t size = assignment_.at(owner_.at(tp)).size();
        const auto has_less = [&](const std::string& member) {
            const auto found = assignment_.find(member);
            return found != assignment_.end() && size > found->second.size() + 1;
        };
        const auto before = owners_.previous.find(tp);
        if (before != owners_.previous.end() && has_less(before->second)) return before->second;
        const std::vector<std::string>& consumers = consumers_.at(tp.topic);
        if (std::none_of(consumers.begin(), consumers.end(), has_less)) return std::nullopt;
        for (const auto& [count, member] : order_) {
            if (wants(member, tp.topic)) return member;
        }
        return std::nullopt;
    }

    void move(const TopicPartition& tp, const std::string& to) {
        const std::string from = owner_.at(tp);
        order_.erase({assignment_.at(from).size(), from});
        order_.erase({assignment_.at(to).size(), to});
        movements_.move(tp, from, to);
        std::erase(assignment_.at(from), tp);
        assignment_.at(to).push_back(tp);
        owner_[tp] = to;
        order_.insert({assignment_.at(from).size(), from});
        order_.insert({assignment_.at(to).size(), to});
    }

    /// The sum of the differences of all pairs.
    static int64_t score(const GroupAssignment& assignment) {
        int64_t sum = 0;
        for (auto one = assignment.begin(); one != assignment.end(); ++one) {
            for (auto other = std::next(one); other != assignment.end(); ++other)
                sum += std::abs(static_cast<int64_t>(one->second.size()) - static_cast<int64_t>(other->second.size()));
        }
        return sum;
    }

    StickyOwners owners_;
    const std::map<TopicName, int32_t>& topics_;
    GroupAssignment assignment_;
    std::map<TopicPartition, std::string> owner_;
    std::set<TopicPartition> kept_;
    std::map<std::string, std::vector<TopicName>> wanted_;
    std::map<TopicName, std::vector<std::string>> consumers_;
    std::set<std::pair<size_t, std::string>> order_;  // by what they have
    Movements movements_;
    int32_t total_ = 0;
    bool revocation_ = false;
};

}  // namespace

GeneralAssignment assign_general(StickyOwners owners,
                                 const std::map<std::string, std::vector<TopicName>>& subscriptions,
                                 const std::map<TopicName, int32_t>& partitions) {
    return GeneralAssign(std::move(owners), subscriptions, partitions).run();
}

}  // namespace kafkasim::client
