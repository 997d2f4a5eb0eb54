// SPDX-License-Identifier: Apache-2.0
// The data of /brokers/topics/T changed: partitions that were added are made.
// Kafka 3.0.0: kafka.controller.KafkaController.processPartitionModifications. Simplified: while the topic is being deleted, the
// assignment is not restored in ZooKeeper; the change is ignored.

#include "core/controller/reading.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

Flow compare(Run& run, frame::PartitionModifications& self) {
    const auto read = topic_in(run.take_replies().at(0));
    if (!read) return Flow::Done;
    if (run.context().is_queued_for_deletion(self.topic)) {
        run.info("Ignoring partition change during topic deletion as no new partitions are added");
        return Flow::Done;
    }
    frame::NewPartitions creation;
    std::string text;
    for (const auto& [partition, assignment] : read->partitions) {
        const TopicPartition tp{self.topic, partition};
        if (!run.context().replicas_of(tp).empty()) continue;
        creation.partitions.push_back(tp);
        run.context().assignments[tp] = assignment;
        text += (text.empty() ? "" : ", ") + to_string(tp) + " -> ReplicaAssignment(replicas=" + join(assignment.replicas) +
                ", addingReplicas=, removingReplicas=)";
    }
    if (creation.partitions.empty()) return Flow::Done;
    run.info("New partitions to be added Map({})", text);
    self.at = frame::PartitionModifications::At::End;
    return run.call(std::move(creation));
}

}  // namespace

Flow step(Run& run, frame::PartitionModifications& self) {
    switch (self.at) {
        case frame::PartitionModifications::At::Read:
            if (!run.state().is_active()) return Flow::Done;
            self.at = frame::PartitionModifications::At::Compare;
            return run.ask(zookeeper::zk_get_data(zookeeper::topic_path(self.topic.view()), true));
        case frame::PartitionModifications::At::Compare: return compare(run, self);
        case frame::PartitionModifications::At::End: return Flow::Done;
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
