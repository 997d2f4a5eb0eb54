// SPDX-License-Identifier: Apache-2.0
// The data of /brokers/topics/T changed: partitions that were added are made.
// While the topic is being deleted none are, and the assignment is restored in ZooKeeper.
// Kafka 3.0.0: kafka.controller.KafkaController.processPartitionModifications.

#include <algorithm>

#include "core/controller/reading.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::PartitionModifications::At;

/// The topic is being deleted: which partitions does ZooKeeper have a znode of?
Flow refuse(Run& run, frame::PartitionModifications& self, const std::vector<TopicPartition>& added) {
    if (added.empty()) {
        run.info("Ignoring partition change during topic deletion as no new partitions are added");
        return Flow::Done;
    }
    std::string partitions;
    for (const TopicPartition& tp : added) partitions += (partitions.empty() ? "" : ",") + std::to_string(tp.partition);
    run.log(node::Level::Warn, "Skipping adding partitions {} for topic {} since it is currently being deleted",
            partitions, self.topic.view());
    run.info("Restoring the partition replica assignment for topic {}", self.topic.view());
    self.at = At::Restore;
    return run.ask(zk_get_children(topic_partitions_path(self.topic.view()), false));
}

Flow restore(Run& run, frame::PartitionModifications& self) {
    const std::vector<protocol::Body> replies = run.take_replies();
    std::vector<std::string> existing;
    if (const auto* children = std::get_if<protocol::ZkGetChildrenResponse>(&replies.at(0)))
        existing = children->children;
    TopicAssignment restored;
    restored.topic_id = run.context().topic_id(self.topic);
    for (const auto& [partition, assignment] : self.read.partitions) {
        if (std::find(existing.begin(), existing.end(), std::to_string(partition)) == existing.end()) continue;
        restored.partitions[partition] = run.context().assignment_of({self.topic, partition});
    }
    self.at = At::End;
    return run.ask(run.guarded(op_set_data(topic_path(self.topic.view()), encode_topic(restored))));
}

Flow compare(Run& run, frame::PartitionModifications& self) {
    const auto read = topic_in(run.take_replies().at(0));
    if (!read) return Flow::Done;
    frame::NewPartitions creation;
    std::string text;
    for (const auto& [partition, assignment] : read->partitions) {
        const TopicPartition tp{self.topic, partition};
        if (!run.context().replicas_of(tp).empty()) continue;
        creation.partitions.push_back(tp);
        text += (text.empty() ? "" : ", ") + to_string(tp) +
                " -> ReplicaAssignment(replicas=" + join(assignment.replicas) + ", addingReplicas=, removingReplicas=)";
    }
    if (run.context().is_queued_for_deletion(self.topic)) {
        self.read = *read;
        return refuse(run, self, creation.partitions);
    }
    if (creation.partitions.empty()) return Flow::Done;
    run.info("New partitions to be added Map({})", text);
    for (const TopicPartition& tp : creation.partitions)
        run.context().assignments[tp] = read->partitions.at(tp.partition);
    self.at = At::End;
    return run.call(std::move(creation));
}

}  // namespace

Flow step(Run& run, frame::PartitionModifications& self) {
    switch (self.at) {
        case At::Read:
            if (!run.state().is_active()) return Flow::Done;
            self.at = At::Compare;
            return run.ask(zk_get_data(topic_path(self.topic.view()), true));
        case At::Compare:
            return compare(run, self);
        case At::Restore:
            return restore(run, self);
        case At::End:
            return any_moved(run.take_replies()) ? Flow::ControllerMoved : Flow::Done;
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
