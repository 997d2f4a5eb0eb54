// SPDX-License-Identifier: Apache-2.0
// A broker has told, by a znode, that one of its log dirs failed. The controller asks it which of its replicas are
// offline: a LeaderAndIsr of all it has, whose answer says KAFKA_STORAGE_ERROR for those (simple_events.cpp goes on
// from there). Kafka 3.0.0: kafka.controller.KafkaController.processLogDirEventNotification, onBrokerLogDirFailure.

#include <set>

#include "core/controller/notifications.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::LogDirEvents::At;
using protocol::Body;

Flow read_events(Run& run, frame::LogDirEvents& self) {
    const std::vector<Body> replies = run.take_replies();
    const auto names = children_in(replies.at(0));
    if (!names) return Flow::Done;
    self.names = *names;
    self.at = At::Brokers;
    return read_notifications(run, kLogDirEventNotificationPath, self.names);
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
    self.at = At::Deleted;
    return delete_notifications(run, kLogDirEventNotificationPath, self.names);
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
            return any_moved(run.take_replies()) ? Flow::ControllerMoved : Flow::Done;
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
