// SPDX-License-Identifier: Apache-2.0
// The children of /admin/delete_topics changed. Requests that name no known topic, or that delete.topic.enable forbids, are removed as in Kafka.
// Simplified: the deletion itself (Kafka 3.0.0: kafka.controller.TopicDeletionManager) is not modelled yet: the topic stays and a note says so.

#include "core/config/broker_config.hpp"
#include "core/controller/reading.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::TopicDeletion::At;
using protocol::Body;

Flow take_requests(Run& run, frame::TopicDeletion& self) {
    std::set<TopicName> known;
    std::set<TopicName> unknown;
    for (const TopicName& topic : topics_in(run.take_replies().at(0))) {
        (run.context().all_topics.contains(topic) ? known : unknown).insert(topic);
    }
    if (!unknown.empty()) run.log(node::Level::Warn, "Ignoring request to delete non-existing topics {}", join_names(unknown));
    std::set<TopicName> to_remove = unknown;
    if (!run.host().config().delete_topic_enable) {
        to_remove.insert(known.begin(), known.end());
        known.clear();
    }
    for (const TopicName& topic : known) {
        run.info("Starting topic deletion for topics {}", topic.view());
        run.note(node::NoteKind::Unmodelled, {{"what", "topic deletion by the controller"}, {"topic", topic.str()}});
    }
    self.at = At::Begin;
    std::vector<Body> requests;
    for (const TopicName& topic : to_remove) requests.push_back(run.guarded(op_delete(delete_topic_path(topic.view()))));
    return run.ask(std::move(requests));
}

}  // namespace

Flow step(Run& run, frame::TopicDeletion& self) {
    switch (self.at) {
        case At::Read:
            if (!run.state().is_active()) return Flow::Done;
            self.at = At::Take;
            return run.ask(zk_get_children(std::string(kDeleteTopicsPath), true));
        case At::Take: return take_requests(run, self);
        case At::Begin:
            for (const Body& reply : run.take_replies()) {
                if (read_guarded(reply).moved) return Flow::ControllerMoved;
            }
            return Flow::Done;
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
