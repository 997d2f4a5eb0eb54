// SPDX-License-Identifier: Apache-2.0
#include "core/broker/partition_growth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "core/broker/broker_call.hpp"
#include "core/broker/placement.hpp"
#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"

namespace kafkasim::broker {

namespace {

using Step = PartitionGrowthRequest::Step;
using Manual = std::vector<protocol::CreatePartitionsRequest::CreatePartitionsAssignment>;

GrownAssignment refused(ErrorCode error, std::string message) { return {{}, error, std::move(message)}; }

/// Replicas that the request names. Kafka 3.0.0: AdminZkClient.validateReplicaAssignment.
GrownAssignment take_manual(const Manual& manual, size_t first_partition, size_t factor, size_t wanted,
                            const std::vector<BrokerMetadata>& brokers) {
    std::set<BrokerId> unknown;
    for (const auto& each : manual) unknown.insert(each.broker_ids.begin(), each.broker_ids.end());
    for (const BrokerMetadata& known : brokers) unknown.erase(known.id);
    if (!unknown.empty()) {
        return refused(ErrorCode::InvalidReplicaAssignment,
                       fmt::format("Unknown broker(s) in replica assignment: {}.",
                                   join(std::vector<BrokerId>(unknown.begin(), unknown.end()), ", ")));
    }
    if (manual.size() != wanted) {
        return refused(ErrorCode::InvalidReplicaAssignment,
                       fmt::format("Increasing the number of partitions by {} but {} assignments provided.", wanted,
                                   manual.size()));
    }
    GrownAssignment grown;
    std::string bad_partitions;
    std::string bad_factors;
    for (size_t i = 0; i < manual.size(); ++i) {
        const std::vector<BrokerId>& replicas = manual[i].broker_ids;
        const size_t partition = first_partition + i;
        if (replicas.empty()) {
            return refused(ErrorCode::InvalidReplicaAssignment,
                           fmt::format("Cannot have replication factor of 0 for partition id {}.", partition));
        }
        if (std::set<BrokerId>(replicas.begin(), replicas.end()).size() != replicas.size()) {
            return refused(ErrorCode::InvalidReplicaAssignment,
                           fmt::format("Duplicate brokers not allowed in replica assignment: {} for partition id {}.",
                                       join(replicas, ", "), partition));
        }
        if (replicas.size() != factor) {
            bad_partitions += fmt::format("{}{}", bad_partitions.empty() ? "" : ", ", partition);
            bad_factors += fmt::format("{}{}", bad_factors.empty() ? "" : ", ", replicas.size());
        }
        grown.added.push_back(replicas);
    }
    if (bad_partitions.empty()) return grown;
    return refused(ErrorCode::InvalidReplicaAssignment,
                   fmt::format("Inconsistent replication factor between partitions, partition 0 has {} while "
                               "partitions [{}] have replication factors [{}], respectively.",
                               factor, bad_partitions, bad_factors));
}

/// The brokers in ZooKeeper, ascending. Simplified: with the racks that the controller in this broker has read; Kafka
/// reads them once more.
std::vector<BrokerMetadata> brokers_in(const BrokerCall& call, const protocol::Body& reply) {
    std::vector<BrokerMetadata> brokers;
    const auto* children = std::get_if<protocol::ZkGetChildrenResponse>(&reply);
    if (children == nullptr) return brokers;
    for (const std::string& name : children->children) {
        BrokerId id;
        if (std::from_chars(name.data(), name.data() + name.size(), id.value).ec != std::errc()) continue;
        const auto known = call.state().controller.context().brokers.find(id);
        const bool live = known != call.state().controller.context().brokers.end();
        brokers.push_back({id, live ? known->second.info.rack : std::nullopt});
    }
    std::sort(brokers.begin(), brokers.end(),
              [](const BrokerMetadata& a, const BrokerMetadata& b) { return a.id < b.id; });
    return brokers;
}

std::optional<zookeeper::TopicAssignment> topic_in(const protocol::Body& reply) {
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&reply);
    if (data == nullptr || data->err != zookeeper::kOk || !data->data) return std::nullopt;
    return zookeeper::decode_topic(*data->data);
}

void send(BrokerCall& call, uint64_t id, PartitionGrowthRequest& request, Step step,
          std::vector<protocol::Body> bodies) {
    request.step = step;
    call.zk_call(ZkCaller::PartitionGrowth, id, std::move(bodies));
}

protocol::CreatePartitionsResponse response_of(const std::vector<GrowingTopic>& topics) {
    protocol::CreatePartitionsResponse response;
    for (const GrowingTopic& topic : topics) response.results.push_back({topic.asked.name, topic.error, topic.message});
    return response;
}

/// Written, but the metadata cache does not show a leader for each of the partitions.
bool misses_leaders(const BrokerCall& call, const GrowingTopic& topic) {
    if (topic.error != ErrorCode::None) return false;
    const auto* partitions = call.metadata().find(topic.asked.name);
    return partitions == nullptr || partitions->size() < static_cast<size_t>(topic.asked.count) ||
           !call.metadata().all_have_leaders(topic.asked.name);
}

void finish(BrokerCall& call, PartitionGrowthRequest&& request) {
    const bool any = std::any_of(request.topics.begin(), request.topics.end(),
                                 [](const GrowingTopic& topic) { return topic.error == ErrorCode::None; });
    if (request.timeout_ms <= 0 || request.validate_only || !any) {
        for (GrowingTopic& topic : request.topics) {
            if (topic.error == ErrorCode::None && !request.validate_only) topic.error = ErrorCode::RequestTimedOut;
        }
        return call.respond(request.token, response_of(request.topics));
    }
    PartitionGrowth& growth = call.state().partition_growth;
    const uint64_t id = growth.next++;
    const node::TimerId timer = call.env().new_timer({kBroker, kPartitionGrowthTimer, 0, id});
    call.env().arm(timer, from_millis(request.timeout_ms));
    growth.delayed.emplace(id, DelayedPartitionGrowth{request.token, std::move(request.topics), timer});
    recheck_partition_growth(call);
}

/// Goes on to the next topic that is not refused; at the end of the list the request is answered, now or later.
void next_topic(BrokerCall& call, uint64_t id) {
    PartitionGrowth& growth = call.state().partition_growth;
    const auto found = growth.requests.find(id);
    PartitionGrowthRequest& request = found->second;
    for (; request.current < request.topics.size(); ++request.current) {
        const GrowingTopic& topic = request.topics[request.current];
        if (topic.error != ErrorCode::None) continue;
        return send(call, id, request, Step::Reading,
                    {zookeeper::zk_get_children(std::string(zookeeper::kBrokerIdsPath), false),
                     zookeeper::zk_get_data(zookeeper::topic_path(topic.asked.name.view()), false)});
    }
    PartitionGrowthRequest done = std::move(request);
    growth.requests.erase(found);
    finish(call, std::move(done));
}

void log_growth(BrokerCall& call, const GrowingTopic& topic, size_t first_partition,
                const std::vector<std::vector<BrokerId>>& added) {
    if (!call.env().logs(node::Level::Info)) return;
    std::string partitions;
    for (size_t i = 0; i < added.size(); ++i) {
        partitions += fmt::format("{}{} -> ReplicaAssignment(replicas={}, addingReplicas=, removingReplicas=)",
                                  partitions.empty() ? "" : ", ", first_partition + i, join(added[i]));
    }
    node::info(call.env(), "kafka.zk.AdminZkClient",
               "Creating {} partitions for '{}' with the following replica assignment: Map({}).", added.size(),
               topic.asked.name.view(), partitions);
}

/// True if the grown assignment is being written.
bool write(BrokerCall& call, uint64_t id, PartitionGrowthRequest& request, const std::vector<protocol::Body>& replies) {
    GrowingTopic& topic = request.topics[request.current];
    const std::vector<BrokerMetadata> brokers = brokers_in(call, replies.at(0));
    if (racks_of(brokers) == Racks::Some) {  // "Not all brokers have rack information", which the client is not told
        topic.error = ErrorCode::UnknownServerError;
        return false;
    }
    auto existing = topic_in(replies.at(1));
    if (!existing || existing->partitions.empty()) {
        topic.error = ErrorCode::UnknownTopicOrPartition;
        topic.message = fmt::format("The topic '{}' does not exist.", topic.asked.name.view());
        return false;
    }
    const GrownAssignment grown = grow_assignment(topic.asked, *existing, brokers);
    if (grown.error != ErrorCode::None) {
        topic.error = grown.error;
        topic.message = grown.message;
        return false;
    }
    if (request.validate_only) return false;
    const size_t first = existing->partitions.size();
    log_growth(call, topic, first, grown.added);
    for (size_t i = 0; i < grown.added.size(); ++i)
        existing->partitions[static_cast<int32_t>(first + i)].replicas = grown.added[i];
    send(call, id, request, Step::Writing,
         {zookeeper::zk_set_data(zookeeper::topic_path(topic.asked.name.view()), zookeeper::encode_topic(*existing))});
    return true;
}

}  // namespace

GrownAssignment grow_assignment(const protocol::CreatePartitionsRequest::CreatePartitionsTopic& asked,
                                const zookeeper::TopicAssignment& existing,
                                const std::vector<BrokerMetadata>& brokers) {
    for (const auto& [partition, assignment] : existing.partitions) {
        if (assignment.being_reassigned()) {
            return refused(
                ErrorCode::ReassignmentInProgress,
                fmt::format("A partition reassignment is in progress for the topic '{}'.", asked.name.view()));
        }
    }
    const auto old_count = static_cast<int32_t>(existing.partitions.size());
    if (asked.count < old_count) {
        return refused(ErrorCode::InvalidPartitions,
                       fmt::format("Topic currently has {} partitions, which is higher than the requested {}.",
                                   old_count, asked.count));
    }
    if (asked.count == old_count)
        return refused(ErrorCode::InvalidPartitions, fmt::format("Topic already has {} partitions.", old_count));
    const auto partition_0 = existing.partitions.find(0);
    if (partition_0 == existing.partitions.end() || partition_0->second.replicas.empty()) {
        return refused(ErrorCode::UnknownServerError,
                       fmt::format("Unexpected existing replica assignment for topic '{}', partition id 0 is missing.",
                                   asked.name.view()));
    }
    const std::vector<BrokerId>& model = partition_0->second.replicas;
    const int32_t wanted = asked.count - old_count;
    if (asked.assignments) {
        return take_manual(*asked.assignments, static_cast<size_t>(old_count), model.size(),
                           static_cast<size_t>(wanted), brokers);
    }
    if (model.size() > brokers.size()) {
        return refused(
            ErrorCode::InvalidReplicationFactor,
            fmt::format("Replication factor: {} larger than available brokers: {}.", model.size(), brokers.size()));
    }
    const auto from = std::find_if(brokers.begin(), brokers.end(),
                                   [&](const BrokerMetadata& each) { return each.id >= model.front(); });
    const size_t start = from == brokers.end() ? 0 : static_cast<size_t>(from - brokers.begin());
    GrownAssignment grown;
    grown.added = assign_replicas(wanted, static_cast<int32_t>(model.size()), brokers, start, start, old_count);
    return grown;
}

void create_partitions(BrokerCall& call, PartitionGrowthRequest&& request) {
    PartitionGrowth& growth = call.state().partition_growth;
    const uint64_t id = growth.next++;
    growth.requests.emplace(id, std::move(request));
    next_topic(call, id);
}

void on_partition_growth_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies) {
    const auto found = call.state().partition_growth.requests.find(token);
    if (found == call.state().partition_growth.requests.end()) return;
    PartitionGrowthRequest& request = found->second;
    switch (request.step) {
        case Step::Reading:
            if (write(call, token, request, replies)) return;
            break;
        case Step::Writing:
            if (zookeeper::error_of(replies.front()) != zookeeper::kOk)
                request.topics[request.current].error = ErrorCode::UnknownServerError;
            break;
    }
    ++request.current;
    next_topic(call, token);
}

void on_partition_growth_timer(BrokerCall& call, uint64_t id) {
    PartitionGrowth& growth = call.state().partition_growth;
    const auto found = growth.delayed.find(id);
    if (found == growth.delayed.end()) return;
    DelayedPartitionGrowth delayed = std::move(found->second);
    growth.delayed.erase(found);
    call.env().free_timer(delayed.timer);
    for (GrowingTopic& topic : delayed.topics) {
        if (misses_leaders(call, topic)) topic.error = ErrorCode::RequestTimedOut;
    }
    call.respond(delayed.token, response_of(delayed.topics));
}

void recheck_partition_growth(BrokerCall& call) {
    PartitionGrowth& growth = call.state().partition_growth;
    for (auto each = growth.delayed.begin(); each != growth.delayed.end();) {
        const auto& topics = each->second.topics;
        if (std::any_of(topics.begin(), topics.end(),
                        [&](const GrowingTopic& topic) { return misses_leaders(call, topic); })) {
            ++each;
            continue;
        }
        call.env().free_timer(each->second.timer);
        call.respond(each->second.token, response_of(topics));
        each = growth.delayed.erase(each);
    }
}

}  // namespace kafkasim::broker
