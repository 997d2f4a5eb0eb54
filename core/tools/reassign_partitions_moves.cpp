// SPDX-License-Identifier: Apache-2.0

#include "core/tools/reassign_partitions_moves.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/java.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::tools {
namespace {

template <typename Move>
std::string throttles(const std::map<int32_t, PartitionMove>& moves, Move replicas_of) {
    std::set<std::string> components;
    for (const auto& [partition, move] : moves) {
        for (const BrokerId id : replicas_of(move)) components.insert(fmt::format("{}:{}", partition, id.value));
    }
    return fmt::format("{}", fmt::join(components, ","));
}

int32_t hash_of(BrokerId id) { return id.value; }
int32_t hash_of(const TopicName& topic) { return java::string_hash(topic.view()); }
int32_t hash_of(const TopicPartition& tp) { return java::hash(tp); }

template <typename T>
std::vector<T> set_order(const std::vector<T>& elements) {
    std::vector<T> distinct;
    std::vector<int32_t> hashes;
    for (const T& element : elements) {
        if (std::find(distinct.begin(), distinct.end(), element) != distinct.end()) continue;
        distinct.push_back(element);
        hashes.push_back(hash_of(element));
    }
    std::vector<T> ordered;
    for (const size_t i : java::scala_immutable_order(hashes)) ordered.push_back(distinct[i]);
    return ordered;
}

}  // namespace

std::string reassignment_json(const Assignment& assignment) {
    std::string entries;
    for (const auto& [tp, replicas] : assignment) {
        const std::vector<std::string_view> directories(replicas.size(), "\"any\"");
        entries += fmt::format(R"({}{{"topic":{},"partition":{},"replicas":[{}],"log_dirs":[{}]}})",
                               entries.empty() ? "" : ",", zookeeper::json_string(tp.topic.view()), tp.partition,
                               join(replicas), fmt::join(directories, ","));
    }
    return fmt::format(R"({{"version":1,"partitions":[{}]}})", entries);
}

std::string verified_text(const std::map<TopicPartition, VerifiedPartition>& partitions) {
    std::string text = "Status of partition reassignment:";
    for (const auto& [tp, state] : partitions) {
        if (!state.done)
            text += fmt::format("\nReassignment of partition {} is still in progress.", to_string(tp));
        else if (state.current == state.target)
            text += fmt::format("\nReassignment of partition {} is complete.", to_string(tp));
        else
            text +=
                fmt::format("\nThere is no active reassignment of partition {}, but replica set is {} rather than {}.",
                            to_string(tp), join(state.current), join(state.target));
    }
    return text;
}

std::string running_text(const RunningReassignments& running) {
    if (running.empty()) return "No partition reassignments found.";
    std::string text = "Current partition reassignments:";
    for (const auto& [tp, each] : running) {
        text += fmt::format("\n{}: replicas: {}.", to_string(tp), join(each.replicas));
        if (!each.adding.empty()) text += fmt::format(" adding: {}.", join(each.adding));
        if (!each.removing.empty()) text += fmt::format(" removing: {}.", join(each.removing));
    }
    return text;
}

Moves proposed_moves(const RunningReassignments& running, const Assignment& proposed, const Assignment& current) {
    Moves moves;
    for (const auto& [tp, each] : running) {
        PartitionMove& move = moves[tp.topic][tp.partition];
        move.destinations = {each.adding.begin(), each.adding.end()};
        for (const BrokerId id : each.replicas) {
            if (!contains(each.adding, id)) move.sources.insert(id);
        }
    }
    for (const auto& [tp, replicas] : proposed) {
        PartitionMove& move = moves[tp.topic][tp.partition];
        if (!running.contains(tp)) move.sources = {current.at(tp).begin(), current.at(tp).end()};
        move.destinations.clear();
        for (const BrokerId id : replicas) {
            if (!move.sources.contains(id)) move.destinations.insert(id);
        }
    }
    return moves;
}

std::string leader_throttles(const std::map<int32_t, PartitionMove>& moves) {
    return throttles(moves, [](const PartitionMove& move) { return move.sources; });
}

std::string follower_throttles(const std::map<int32_t, PartitionMove>& moves) {
    return throttles(moves, [](const PartitionMove& move) { return move.destinations; });
}

std::set<BrokerId> brokers_in(const Moves& moves) {
    std::set<BrokerId> brokers;
    for (const auto& [topic, of_topic] : moves) {
        for (const auto& [partition, move] : of_topic) {
            brokers.insert(move.sources.begin(), move.sources.end());
            brokers.insert(move.destinations.begin(), move.destinations.end());
        }
    }
    return brokers;
}

std::vector<BrokerId> in_set_order(const std::vector<BrokerId>& elements) { return set_order(elements); }
std::vector<TopicName> in_set_order(const std::vector<TopicName>& elements) { return set_order(elements); }
std::vector<TopicPartition> in_set_order(const std::vector<TopicPartition>& elements) { return set_order(elements); }

}  // namespace kafkasim::tools
