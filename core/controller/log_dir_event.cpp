// SPDX-License-Identifier: Apache-2.0
// A broker has told, by a znode, that one of its log dirs failed. The controller asks it which of its replicas are
// offline: a LeaderAndIsr of all it has, whose answer says KAFKA_STORAGE_ERROR for those (simple_events.cpp goes on
// from there). Kafka 3.0.0: kafka.controller.KafkaController.processLogDirEventNotification, onBrokerLogDirFailure.

#include <set>

#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::LogDirEvents::At;
using protocol::Body;

std::string event_path(const std::string& name) { return std::string(kLogDirEventNotificationPath) + "/" + name; }

Flow read_events(Run& run, frame::LogDirEvents& self) {
    const std::vector<Body> replies = run.take_replies();
    const auto* children = std::get_if<protocol::ZkGetChildrenResponse>(&replies.at(0));
    if (children == nullptr || children->err != kOk) return Flow::Done;
    self.names = children->children;
    std::vector<Body> reads;
    for (const std::string& name : self.names) reads.push_back(zk_get_data(event_path(name), false));
    self.at = At::Brokers;
    return run.ask(std::move(reads));
}

Flow ask_brokers(Run& run, frame::LogDirEvents& self) {
    std::set<BrokerId> named;
    for (const Body& reply : run.take_replies()) {
        const auto* read = std::get_if<protocol::ZkGetDataResponse>(&reply);
        const auto broker = read && read->data ? decode_log_dir_event(*read->data) : std::nullopt;
        if (broker) named.insert(*broker);
    }
    const std::vector<BrokerId> brokers(named.begin(), named.end());
    run.info("Handling log directory failure for brokers {}", join(brokers));
    const std::vector<PartitionAndReplica> replicas = run.context().replicas_on(brokers);
    if (!replicas.empty()) change_replicas(run, replicas, ReplicaState::OnlineReplica);
    std::vector<Body> deletions;
    for (const std::string& name : self.names) deletions.push_back(run.guarded(op_delete(event_path(name))));
    self.at = At::Deleted;
    return run.ask(std::move(deletions));
}

}  // namespace

Flow step(Run& run, frame::LogDirEvents& self) {
    switch (self.at) {
        case At::Children:
            if (!run.state().is_active()) return Flow::Done;
            self.at = At::Names;
            return run.ask(zk_get_children(std::string(kLogDirEventNotificationPath), true));
        case At::Names:
            return read_events(run, self);
        case At::Brokers:
            return ask_brokers(run, self);
        case At::Deleted:
            for (const Body& reply : run.take_replies()) {
                if (read_guarded(reply).moved) return Flow::ControllerMoved;
            }
            return Flow::Done;
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
