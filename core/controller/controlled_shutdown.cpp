// SPDX-License-Identifier: Apache-2.0
// A broker wants to stop: partitions it leads get another leader, it leaves the Isr of all others. It then counts
// as not live for elections but still
// gets requests, until it is gone. What it still leads (no other member of the Isr is live) is answered; partitions
// with one
// replica neither move nor hold it back.
// Kafka 3.0.0: kafka.controller.KafkaController.processControlledShutdown, doControlledShutdown.

#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using At = frame::ControlledShutdown::At;

Flow answer(Run& run, const frame::ControlledShutdown& self, ErrorCode error) {
    protocol::ControlledShutdownResponse response;
    response.error_code = error;
    if (error == ErrorCode::None) {
        for (const TopicPartition& tp : run.context().partition_leaders_on(self.event.request.broker_id)) {
            response.remaining_partitions.push_back({tp.topic, tp.partition});
        }
    }
    run.host().respond(self.event.token, std::move(response));
    return Flow::Done;
}

std::string all_leaders(Run& run) {
    std::string text;
    for (const auto& [tp, state] : run.context().leadership)
        text += (text.empty() ? "" : ",") + to_string(tp) + " -> " + to_string(state);
    return text;
}

/// Why the request is refused, or None.
ErrorCode refusal(Run& run, const protocol::ControlledShutdownRequest& request) {
    if (!run.state().is_active()) return ErrorCode::StaleControllerEpoch;
    const auto known = run.context().broker_epoch(request.broker_id);
    if (!known)
        return ErrorCode::UnknownServerError;  // its look-up in a map fails before the check for BROKER_NOT_AVAILABLE
    if (request.broker_epoch == -1 || request.broker_epoch >= *known) return ErrorCode::None;
    run.info(
        "Received controlled shutdown request from an old broker epoch {} for broker {}. Current broker epoch is {}.",
        request.broker_epoch, request.broker_id.value, *known);
    return ErrorCode::StaleBrokerEpoch;
}

Flow move_leaders(Run& run, frame::ControlledShutdown& self) {
    const BrokerId id = self.event.request.broker_id;
    const ErrorCode refused = refusal(run, self.event.request);
    if (refused != ErrorCode::None) return answer(run, self, refused);
    run.info("Shutting down broker {}", id.value);
    run.context().shutting_down_broker_ids.insert(id);
    run.log(node::Level::Debug, "All shutting down brokers: {}", join(run.context().shutting_down_brokers()));
    run.log(node::Level::Debug, "Live brokers: {}", join(run.context().live_broker_ids()));
    run.note(node::NoteKind::BrokerShuttingDown, {{"broker", id.value}});

    frame::OnlinePartitions led;
    led.strategy = kControlledShutdown;
    for (const TopicPartition& tp : run.context().partitions_on(id)) {
        const LeaderIsrAndControllerEpoch* state = run.context().leadership_of(tp);
        if (run.context().replicas_of(tp).size() < 2 || state == nullptr ||
            run.context().is_queued_for_deletion(tp.topic))
            continue;
        (state->leader_and_isr.leader == id ? led.partitions : self.followed).push_back(tp);
    }
    self.at = At::Followed;
    return run.call(std::move(led));
}

Flow stop_followers(Run& run, frame::ControlledShutdown& self) {
    const BrokerId id = self.event.request.broker_id;
    run.new_batch();
    for (const TopicPartition& tp : self.followed)
        run.state().batch.add_stop_replica(run.context(), {id}, tp, DeletePartition::No);
    run.send_batch();
    self.at = At::Answer;
    frame::OfflineReplicas offline;
    for (const TopicPartition& tp : self.followed) offline.replicas.push_back({tp, id});
    return run.call(std::move(offline));
}

}  // namespace

Flow step(Run& run, frame::ControlledShutdown& self) {
    switch (self.at) {
        case At::Led:
            return move_leaders(run, self);
        case At::Followed:
            return stop_followers(run, self);
        case At::Answer:
            if (run.env().logs(node::Level::Trace)) run.log(node::Level::Trace, "All leaders = {}", all_leaders(run));
            return answer(run, self, ErrorCode::None);
    }
    return Flow::Done;
}

Flow recover(Run& run, frame::ControlledShutdown& self, Flow what) {
    return answer(run, self,
                  what == Flow::ControllerMoved ? ErrorCode::StaleControllerEpoch : ErrorCode::UnknownServerError);
}

}  // namespace kafkasim::controller
