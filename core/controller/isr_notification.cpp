// SPDX-License-Identifier: Apache-2.0
// Leaders that write the ISR themselves (rule before 2.7) leave notifications: the controller reads the states they
// speak of, tells all brokers and removes them.
// Kafka 3.0.0: kafka.controller.KafkaController.processIsrChangeNotification.

#include "core/controller/notifications.hpp"
#include "core/controller/reading.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::IsrNotification::At;
using protocol::Body;

Flow take_names(Run& run, frame::IsrNotification& self) {
    const std::vector<Body> replies = run.take_replies();
    self.names = children_in(replies.at(0)).value_or(std::vector<std::string>());
    if (self.names.empty()) return Flow::Done;
    self.at = At::Notifications;
    return read_notifications(run, kIsrChangeNotificationPath, self.names);
}

Flow read_states(Run& run, frame::IsrNotification& self) {
    std::set<TopicPartition> named;
    for (const Body& reply : run.take_replies()) {
        const auto* read = std::get_if<protocol::ZkGetDataResponse>(&reply);
        if (read == nullptr || !read->data) continue;
        for (const TopicPartition& tp : decode_partitions(*read->data).value_or(std::vector<TopicPartition>()))
            named.insert(tp);
    }
    self.partitions.assign(named.begin(), named.end());
    std::vector<Body> reads;
    for (const TopicPartition& tp : self.partitions) reads.push_back(zk_get_data(partition_state_path(tp), false));
    self.at = At::States;
    return run.ask(std::move(reads));
}

Flow tell(Run& run, frame::IsrNotification& self) {
    const std::vector<Body> replies = run.take_replies();
    frame::CompleteReassignments completion;
    for (size_t i = 0; i < self.partitions.size(); ++i) {
        const TopicPartition& tp = self.partitions[i];
        if (const auto state = state_in(replies.at(i))) run.context().leadership[tp] = *state;
        if (run.context().partitions_being_reassigned.contains(tp)) completion.waiting.push_back(tp);
    }
    if (!self.partitions.empty())
        run.send_update_metadata(run.context().live_or_shutting_down_broker_ids(), self.partitions);
    self.at = At::Delete;
    return completion.waiting.empty() ? Flow::Again : run.call(std::move(completion));
}

}  // namespace

Flow step(Run& run, frame::IsrNotification& self) {
    switch (self.at) {
        case At::Children:
            if (!run.state().is_active()) return Flow::Done;
            self.at = At::Names;
            return run.ask(zk_get_children(std::string(kIsrChangeNotificationPath), true));
        case At::Names:
            return take_names(run, self);
        case At::Notifications:
            return read_states(run, self);
        case At::States:
            return tell(run, self);
        case At::Delete:
            self.at = At::End;
            return delete_notifications(run, kIsrChangeNotificationPath, self.names);
        case At::End:
            return any_moved(run.take_replies()) ? Flow::ControllerMoved : Flow::Done;
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
