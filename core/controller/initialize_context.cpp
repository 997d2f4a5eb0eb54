// SPDX-License-Identifier: Apache-2.0
// A new controller reads everything: brokers with their epochs (the czxid of their znodes), topics, assignments,
// leaders and Isrs. It does not know
// who was shutting down. Kafka 3.0.0: kafka.controller.KafkaController.initializeControllerContext.

#include "core/controller/reading.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::InitializeContext::At;
using protocol::Body;

Flow read_brokers(Run& run, frame::InitializeContext& self) {
    self.ids = broker_ids_in(run.take_replies().at(0));
    self.at = At::BrokersRead;
    std::vector<Body> requests;
    for (const BrokerId id : self.ids) requests.push_back(zk_get_data(broker_path(id), false));
    return run.ask(std::move(requests));
}

Flow take_brokers(Run& run, frame::InitializeContext& self) {
    run.context().brokers = brokers_in(self.ids, run.take_replies());
    run.info("Initialized broker epochs cache: {}", broker_epochs_text(run.context()));
    self.at = At::Topics;
    return run.ask(zk_get_children(std::string(kTopicsPath), true));
}

Flow read_topics(Run& run, frame::InitializeContext& self) {
    for (const TopicName& topic : topics_in(run.take_replies().at(0))) run.context().all_topics.insert(topic);
    self.topics.assign(run.context().all_topics.begin(), run.context().all_topics.end());
    self.at = At::TopicsRead;
    std::vector<Body> requests;
    for (const TopicName& topic : self.topics) requests.push_back(zk_get_data(topic_path(topic.view()), true));
    return run.ask(std::move(requests));
}

Flow take_topics(Run& run, frame::InitializeContext& self) {
    const std::vector<Body> replies = run.take_replies();
    frame::StoreTopicIds store;
    for (size_t i = 0; i < self.topics.size(); ++i) {
        const auto assignment = topic_in(replies.at(i));
        if (!assignment) continue;
        take_assignment(run.context(), self.topics[i], *assignment);
        if (assignment->topic_id.is_zero()) {
            store.topics[self.topics[i]] = *assignment;
            store.versions[self.topics[i]] = version_in(replies[i]);
        }
    }
    self.at = At::WatchBrokers;
    return run.call(std::move(store));
}

Flow watch_brokers(Run& run, frame::InitializeContext& self) {
    run.context().leadership.clear();
    run.context().shutting_down_broker_ids.clear();
    self.at = At::States;
    run.log(node::Level::Debug, "Register BrokerModifications handler for {}",
            set_text(run.context().live_or_shutting_down_broker_ids()));
    std::vector<Body> requests;
    for (const BrokerId id : run.context().live_or_shutting_down_broker_ids()) {
        run.state().watched_brokers.insert(id);
        requests.push_back(zk_exists(broker_path(id), true));
    }
    return run.ask(std::move(requests));
}

Flow read_states(Run& run, frame::InitializeContext& self) {
    run.take_replies();
    self.at = At::StatesRead;
    self.partitions = run.context().all_partitions();
    std::vector<Body> requests;
    for (const TopicPartition& tp : self.partitions) requests.push_back(zk_get_data(partition_state_path(tp), false));
    return run.ask(std::move(requests));
}

Flow take_states(Run& run, frame::InitializeContext& self) {
    const std::vector<Body> replies = run.take_replies();
    for (size_t i = 0; i < self.partitions.size(); ++i) {
        if (const auto state = state_in(replies.at(i))) run.context().leadership[self.partitions[i]] = *state;
    }
    run.state().channels = ChannelManager(run.state().component, run.id());
    for (const auto& [id, broker] : run.context().brokers) run.state().channels.add_broker(run.env(), broker);
    run.info("Currently active brokers in the cluster: Set({})", join(run.context().live_broker_ids(), ", "));
    run.info("Currently shutting brokers in the cluster: HashSet()");
    run.info("Current list of topics in the cluster: HashSet({})", join_names(run.context().all_topics, ", "));
    return Flow::Done;
}

}  // namespace

Flow step(Run& run, frame::InitializeContext& self) {
    switch (self.at) {
        case At::Ids:
            run.info("Initializing controller context");
            self.at = At::Brokers;
            return run.ask(zk_get_children(std::string(kBrokerIdsPath), true));
        case At::Brokers:
            return read_brokers(run, self);
        case At::BrokersRead:
            return take_brokers(run, self);
        case At::Topics:
            return read_topics(run, self);
        case At::TopicsRead:
            return take_topics(run, self);
        case At::WatchBrokers:
            return watch_brokers(run, self);
        case At::States:
            return read_states(run, self);
        case At::StatesRead:
            return take_states(run, self);
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
