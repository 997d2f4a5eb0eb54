// SPDX-License-Identifier: Apache-2.0
// No replica of the topic is left on any broker: it is forgotten and its znodes are removed, /brokers/topics/T with
// all below it, then its configuration,
// then the request in /admin/delete_topics. Kafka 3.0.0: kafka.controller.TopicDeletionManager.completeDeleteTopic,
// kafka.zk.KafkaZkClient.deleteRecursive. Simplified: a level of znodes is listed in one batch and all are deleted
// in one, instead of one by one.

#include <algorithm>

#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::CompleteDeletion::At;
using protocol::Body;

bool any_failed(const std::vector<Body>& replies) {
    return std::any_of(replies.begin(), replies.end(), [](const Body& reply) {
        const int32_t err = read_guarded(reply).err;
        return err != kOk && err != kNoNode;
    });
}

Flow ask_for_children(Run& run, frame::CompleteDeletion& self) {
    std::vector<Body> requests;
    for (const std::string& path : self.listed) requests.push_back(zk_get_children(path, false));
    return run.ask(std::move(requests));
}

Flow begin(Run& run, frame::CompleteDeletion& self) {
    change_replicas(run, run.context().replicas_in_state(self.topic, ReplicaState::ReplicaDeletionSuccessful),
                    ReplicaState::NonExistentReplica);
    self.listed = {topic_path(self.topic.view())};
    self.at = At::List;
    return ask_for_children(run, self);
}

Flow list(Run& run, frame::CompleteDeletion& self) {
    const std::vector<Body> replies = run.take_replies();
    std::vector<std::string> below;
    for (size_t i = 0; i < self.listed.size(); ++i) {
        const auto* children = std::get_if<protocol::ZkGetChildrenResponse>(&replies.at(i));
        if (children == nullptr || children->err != kOk) continue;
        self.found.push_back(self.listed[i]);
        for (const std::string& name : children->children) below.push_back(self.listed[i] + "/" + name);
    }
    self.listed = std::move(below);
    if (!self.listed.empty()) return ask_for_children(run, self);
    self.at = At::Delete;
    std::vector<Body> requests;
    for (auto path = self.found.rbegin(); path != self.found.rend(); ++path)
        requests.push_back(run.guarded(op_delete(*path)));
    return run.ask(std::move(requests));
}

Flow go_on(Run& run, frame::CompleteDeletion& self, At next, std::string path) {
    const std::vector<Body> replies = run.take_replies();
    if (any_moved(replies)) return Flow::ControllerMoved;
    if (any_failed(replies)) return Flow::Failed;
    self.at = next;
    return run.ask(run.guarded(op_delete(std::move(path))));
}

Flow forget(Run& run, const frame::CompleteDeletion& self) {
    if (any_moved(run.take_replies())) return Flow::ControllerMoved;
    run.context().remove_topic(self.topic);
    return Flow::Done;
}

}  // namespace

Flow step(Run& run, frame::CompleteDeletion& self) {
    switch (self.at) {
        case At::Begin:
            return begin(run, self);
        case At::List:
            return list(run, self);
        case At::Delete:
            return go_on(run, self, At::Config, config_entity_path("topics", self.topic.view()));
        case At::Config:
            return go_on(run, self, At::Request, delete_topic_path(self.topic.view()));
        case At::Request:
            self.at = At::End;
            return forget(run, self);
        case At::End:
            return Flow::Done;
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
