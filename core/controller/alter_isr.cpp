// SPDX-License-Identifier: Apache-2.0
// A leader proposes a new Isr: written with the version of the state znode that the leader knows. The leader epoch
// stays; only the version moves.
// Neither that the sender leads nor that the proposed members are alive is checked, as in 3.0.0.
// Kafka 3.0.0: kafka.controller.KafkaController.processAlterIsr.

#include "core/controller/reading.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::AlterIsr::At;
using protocol::AlterIsrResponse;
using protocol::Body;

Flow refuse(Run& run, const frame::AlterIsr& self, ErrorCode error) {
    AlterIsrResponse response;
    response.error_code = error;
    run.host().respond(self.event.token, std::move(response));
    return Flow::Done;
}

AlterIsrResponse::PartitionData failed(int32_t partition, ErrorCode error) {
    AlterIsrResponse::PartitionData data;
    data.partition_index = partition;
    data.error_code = error;
    return data;
}

AlterIsrResponse::PartitionData succeeded(int32_t partition, const LeaderAndIsr& state) {
    return {partition, ErrorCode::None, state.leader, state.leader_epoch, state.isr, state.zk_version};
}

/// Answers what needs no write, or leaves the partition to be written.
void check_partition(Run& run, frame::AlterIsr& self, const TopicPartition& tp,
                     const protocol::AlterIsrRequest::PartitionData& wanted) {
    const LeaderIsrAndControllerEpoch* known = run.context().leadership_of(tp);
    if (known == nullptr) {
        self.answers[tp] = failed(tp.partition, ErrorCode::UnknownTopicOrPartition);
        return;
    }
    const LeaderAndIsr& current = known->leader_and_isr;
    const LeaderAndIsr proposed{self.event.request.broker_id, wanted.leader_epoch, wanted.new_isr,
                                wanted.current_isr_version};
    if (proposed.leader_epoch < current.leader_epoch) {
        self.answers[tp] = failed(tp.partition, ErrorCode::FencedLeaderEpoch);
    } else if (proposed.leader == current.leader && proposed.leader_epoch == current.leader_epoch &&
               proposed.isr == current.isr) {
        self.answers[tp] = succeeded(tp.partition, current);
    } else {
        self.writes.emplace_back(tp, proposed);
    }
}

/// Whether the sender may ask at all; logs why not.
ErrorCode refusal(Run& run, const protocol::AlterIsrRequest& request) {
    if (!run.state().is_active()) return ErrorCode::NotController;
    const auto known = run.context().broker_epoch(request.broker_id);
    if (!known) {
        run.info("Ignoring AlterIsr due to unknown broker {}", request.broker_id.value);
        return ErrorCode::StaleBrokerEpoch;
    }
    if (*known == request.broker_epoch) return ErrorCode::None;
    run.info("Ignoring AlterIsr due to stale broker epoch {} and local broker epoch Some({}) for broker {}",
             request.broker_epoch, *known, request.broker_id.value);
    return ErrorCode::StaleBrokerEpoch;
}

Flow check(Run& run, frame::AlterIsr& self) {
    const ErrorCode refused = refusal(run, self.event.request);
    if (refused != ErrorCode::None) return refuse(run, self, refused);
    for (const auto& topic : self.event.request.topics) {
        for (const auto& partition : topic.partitions)
            check_partition(run, self, {topic.name, partition.partition_index}, partition);
    }
    std::vector<TopicPartition> written;
    for (const auto& [tp, proposed] : self.writes) written.push_back(tp);
    run.log(node::Level::Debug, "Updating ISRs for partitions: {}.", set_text(written));
    std::vector<Body> requests;
    for (const auto& [tp, proposed] : self.writes) {
        requests.push_back(run.guarded(op_set_data(
            partition_state_path(tp), encode_partition_state(proposed, run.context().epoch), proposed.zk_version)));
    }
    self.at = At::Stored;
    return run.ask(std::move(requests));
}

void note_change(Run& run, const TopicPartition& tp, const LeaderAndIsr& before, const LeaderAndIsr& after) {
    const bool shrinks = after.isr.size() < before.isr.size();
    run.note(node::NoteKind::IsrChanged, {{"topic", tp.topic.str()},
                                          {"partition", tp.partition},
                                          {"from", join(before.isr)},
                                          {"to", join(after.isr)},
                                          {"how", shrinks ? "shrink" : "expand"},
                                          {"why", "its leader, broker " + to_string(after.leader) +
                                                      (shrinks ? ", asked for it: a follower fell behind"
                                                               : ", asked for it: a follower has caught up")}});
}

/// Takes the outcome of one write; asks for nothing.
void take_write(Run& run, frame::AlterIsr& self, const TopicPartition& tp, const LeaderAndIsr& proposed,
                const GuardedReply& reply) {
    if (reply.err == kOk) {
        LeaderAndIsr written = proposed;
        written.zk_version = reply.version;
        self.answers[tp] = succeeded(tp.partition, written);
        self.stored.push_back(tp);
        run.log(node::Level::Debug, "ISR for partition {} updated to [{}] and zkVersion updated to [{}]", to_string(tp),
                join(written.isr), written.zk_version);
        if (const LeaderIsrAndControllerEpoch* known = run.context().leadership_of(tp);
            known != nullptr && run.env().observed()) {
            note_change(run, tp, known->leader_and_isr, written);
        }
    } else if (reply.err == kBadVersion) {
        run.log(node::Level::Debug, "Failed to update ISR for partition {}, bad ZK version", to_string(tp));
        self.answers[tp] = failed(tp.partition, ErrorCode::InvalidUpdateVersion);
    } else {
        run.log(node::Level::Warn, "Failed to update ISR for partition {}", to_string(tp));
        self.answers[tp] = failed(tp.partition, ErrorCode::UnknownServerError);
    }
}

Flow stored(Run& run, frame::AlterIsr& self) {
    const std::vector<Body> replies = run.take_replies();
    if (any_moved(replies)) return recover(run, self, Flow::ControllerMoved);
    for (size_t i = 0; i < self.writes.size(); ++i) {
        take_write(run, self, self.writes[i].first, self.writes[i].second, read_guarded(replies.at(i)));
    }
    self.at = At::Refreshed;
    std::vector<Body> requests;
    for (const TopicPartition& tp : self.stored) requests.push_back(zk_get_data(partition_state_path(tp), false));
    return run.ask(std::move(requests));
}

/// With a new Isr a reassignment may be complete.
Flow complete_reassignments(Run& run, const frame::AlterIsr& self) {
    frame::CompleteReassignments completion;
    for (const auto& [tp, data] : self.answers) {
        if (data.error_code == ErrorCode::None && run.context().partitions_being_reassigned.contains(tp))
            completion.waiting.push_back(tp);
    }
    return completion.waiting.empty() ? Flow::Done : run.call(std::move(completion));
}

Flow refreshed(Run& run, frame::AlterIsr& self) {
    const std::vector<Body> replies = run.take_replies();
    for (size_t i = 0; i < self.stored.size(); ++i) {
        if (const auto state = state_in(replies.at(i))) run.context().leadership[self.stored[i]] = *state;
    }
    std::vector<TopicPartition> all;
    AlterIsrResponse response;
    for (const auto& topic : self.event.request.topics) {
        AlterIsrResponse::TopicData data;
        data.name = topic.name;
        for (const auto& partition : topic.partitions) {
            const TopicPartition tp{topic.name, partition.partition_index};
            all.push_back(tp);
            data.partitions.push_back(self.answers.at(tp));
        }
        response.topics.push_back(std::move(data));
    }
    run.send_update_metadata(run.context().live_or_shutting_down_broker_ids(), all);
    run.host().respond(self.event.token, std::move(response));
    self.at = At::Answered;
    return complete_reassignments(run, self);
}

}  // namespace

Flow step(Run& run, frame::AlterIsr& self) {
    switch (self.at) {
        case At::Check:
            return check(run, self);
        case At::Stored:
            return stored(run, self);
        case At::Refreshed:
            return refreshed(run, self);
        case At::Answered:
            return Flow::Done;
    }
    return Flow::Done;
}

/// As in Kafka, also a controller that was replaced only says that something went wrong and finds out at its next
/// other event.
Flow recover(Run& run, frame::AlterIsr& self, Flow what) {
    if (self.at == At::Answered) return what;  // in the completion of a reassignment
    run.log(node::Level::Error, "Error when processing AlterIsr for partitions of broker {}",
            self.event.request.broker_id.value);
    return refuse(run, self, ErrorCode::UnknownServerError);
}

}  // namespace kafkasim::controller
