// SPDX-License-Identifier: Apache-2.0
// The children of /brokers/topics changed: new topics are read and their partitions made, topics that are gone are
// forgotten (the brokers are not told).
// Kafka 3.0.0: kafka.controller.KafkaController.processTopicChange, processTopicIds, onNewPartitionCreation.

#include "core/base/java.hpp"
#include "core/config/broker_config.hpp"
#include "core/controller/reading.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::TopicChange::At;
using protocol::Body;

std::set<TopicName> as_set(const std::vector<TopicName>& topics) { return {topics.begin(), topics.end()}; }

/// "TopicIdReplicaAssignment(orders,Some(37GO...),Map(orders-0 -> ReplicaAssignment(replicas=3,1,2,
/// addingReplicas=, removingReplicas=)))"
std::string assignment_text(const TopicName& topic, const TopicAssignment& assignment) {
    std::vector<std::string> entries;
    std::vector<int32_t> hashes;
    for (const auto& [partition, replicas] : assignment.partitions) {
        const TopicPartition tp{topic, partition};
        entries.push_back(to_string(tp) + " -> ReplicaAssignment(replicas=" + join(replicas.replicas) +
                          ", addingReplicas=" + join(replicas.adding) +
                          ", removingReplicas=" + join(replicas.removing) + ")");
        hashes.push_back(java::hash(tp));
    }
    std::string partitions;
    for (size_t index : java::scala_immutable_order(hashes))
        partitions += (partitions.empty() ? "" : ", ") + entries[index];
    const std::string id = assignment.topic_id.is_zero() ? "None" : "Some(" + assignment.topic_id.text() + ")";
    return "TopicIdReplicaAssignment(" + topic.str() + "," + id + (entries.size() > 4 ? ",HashMap(" : ",Map(") +
           partitions + "))";
}

Flow read_topics(Run& run, frame::TopicChange& self) {
    const std::vector<TopicName> topics = topics_in(run.take_replies().at(0));
    const std::set<TopicName> now = as_set(topics);
    for (const TopicName& topic : topics) {
        if (!run.context().all_topics.contains(topic)) self.added.push_back(topic);
    }
    for (const TopicName& topic : run.context().all_topics) {
        if (!now.contains(topic)) self.deleted.push_back(topic);
    }
    run.context().all_topics = now;
    self.at = At::Assignments;
    std::vector<Body> requests;
    for (const TopicName& topic : self.added) requests.push_back(zk_get_data(topic_path(topic.view()), true));
    return run.ask(std::move(requests));
}

Flow take_assignments(Run& run, frame::TopicChange& self) {
    const std::vector<Body> replies = run.take_replies();
    for (const TopicName& topic : self.deleted) run.context().remove_topic(topic);
    frame::StoreTopicIds store;
    std::string text;
    for (size_t i = 0; i < self.added.size(); ++i) {
        const TopicName& topic = self.added[i];
        const auto assignment = topic_in(replies.at(i));
        if (!assignment) continue;
        take_assignment(run.context(), topic, *assignment);
        if (assignment->topic_id.is_zero()) {
            store.topics[topic] = *assignment;
            store.versions[topic] = version_in(replies[i]);
        }
        text += (text.empty() ? "" : ", ") + assignment_text(topic, *assignment);
        run.note(node::NoteKind::TopicCreated,
                 {{"topic", topic.str()}, {"partitions", static_cast<int64_t>(assignment->partitions.size())}});
    }
    run.info("New topics: [Set({})], deleted topics: [HashSet({})], new partition replica assignment [Set({})]",
             join_names(as_set(self.added), ", "), join_names(as_set(self.deleted), ", "), text);
    self.at = At::Partitions;
    return run.call(std::move(store));
}

Flow create_partitions(Run& run, frame::TopicChange& self) {
    frame::NewPartitions creation;
    for (const TopicName& topic : self.added) {
        for (const TopicPartition& tp : run.context().partitions_of(topic)) creation.partitions.push_back(tp);
    }
    self.at = At::End;
    if (creation.partitions.empty()) return Flow::Done;
    return run.call(std::move(creation));
}

Flow write_ids(Run& run, frame::StoreTopicIds& self) {
    self.at = frame::StoreTopicIds::At::Stored;
    if (!run.host().config().uses_topic_ids()) self.topics.clear();
    std::vector<Body> requests;
    for (auto& [topic, assignment] : self.topics) {
        assignment.topic_id = run.env().chance().uuid(node::Stream::TopicIds);
        requests.push_back(
            run.guarded(op_set_data(topic_path(topic.view()), encode_topic(assignment), self.versions.at(topic))));
    }
    return run.ask(std::move(requests));
}

Flow take_ids(Run& run, frame::StoreTopicIds& self) {
    if (any_moved(run.take_replies())) return Flow::ControllerMoved;
    for (const auto& [topic, assignment] : self.topics) run.context().topic_ids[topic] = assignment.topic_id;
    return Flow::Done;
}

}  // namespace

Flow step(Run& run, frame::TopicChange& self) {
    switch (self.at) {
        case At::Children:
            if (!run.state().is_active()) return Flow::Done;
            self.at = At::Read;
            return run.ask(zk_get_children(std::string(kTopicsPath), true));
        case At::Read:
            return read_topics(run, self);
        case At::Assignments:
            return take_assignments(run, self);
        case At::Partitions:
            return create_partitions(run, self);
        case At::End:
            return Flow::Done;
    }
    return Flow::Done;
}

Flow step(Run& run, frame::StoreTopicIds& self) {
    switch (self.at) {
        case frame::StoreTopicIds::At::Write:
            return write_ids(run, self);
        case frame::StoreTopicIds::At::Stored:
            return take_ids(run, self);
    }
    return Flow::Done;
}

Flow step(Run& run, frame::NewPartitions& self) {
    using Step = frame::NewPartitions::At;
    switch (self.at) {
        case Step::Create: {
            run.info("New partition creation callback for {}", join_text(self.partitions));
            change_partitions(run, self.partitions, PartitionState::NewPartition);
            change_replicas(run, run.context().replicas_for(self.partitions), ReplicaState::NewReplica);
            self.at = Step::Online;
            frame::OnlinePartitions online;
            online.partitions = self.partitions;
            return run.call(std::move(online));
        }
        case Step::Online:
            change_replicas(run, run.context().replicas_for(self.partitions), ReplicaState::OnlineReplica);
            self.at = Step::End;
            return Flow::Done;
        case Step::End:
            return Flow::Done;
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
