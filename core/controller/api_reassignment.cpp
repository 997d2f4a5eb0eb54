// SPDX-License-Identifier: Apache-2.0
// Reassignments that somebody asked for: by AlterPartitionReassignments (replicas, or none to cancel), or by the znode
// /admin/reassign_partitions of older tools, which a later request takes the place of. And what is going on, for
// ListPartitionReassignments.
// Kafka 3.0.0: kafka.controller.KafkaController.processApiPartitionReassignment, processZkPartitionReassignment,
// processListPartitionReassignments, maybeBuildReassignment.

#include "core/base/java.hpp"
#include "core/controller/reassignment.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using protocol::AlterPartitionReassignmentsResponse;
using protocol::ListPartitionReassignmentsResponse;

/// What is to be done, nullopt: there is nothing to cancel.
std::optional<ReplicaAssignment> build(Run& run, const TopicPartition& tp,
                                       const std::optional<std::vector<BrokerId>>& target) {
    const ReplicaAssignment& current = run.context().assignment_of(tp);
    if (target) return reassign_to(current, *target);
    if (!current.being_reassigned()) return std::nullopt;
    return reassign_to(current, original_replicas(current));
}

Flow check(Run& run, frame::ApiReassignment& self) {
    if (!run.state().is_active()) {
        AlterPartitionReassignmentsResponse response;
        response.error_code = ErrorCode::NotController;
        response.error_message = std::string(default_message(ErrorCode::NotController));
        run.host().respond(self.event.token, std::move(response));
        return Flow::Done;
    }
    run.state().reassignment_results.clear();
    frame::RemoveFromZkReassignment removal;
    for (const auto& [tp, target] : self.event.reassignments) {
        std::optional<std::string> invalid;
        if (target)
            invalid = validate_replicas(run.context().assignment_of(tp), *target, run.context().live_broker_ids());
        if (invalid) {
            run.state().reassignment_results[tp] = {ErrorCode::InvalidReplicaAssignment, *invalid};
        } else if (const auto reassignment = build(run, tp, target)) {
            self.to_begin[tp] = *reassignment;
            removal.partitions[tp] = std::nullopt;
        } else {
            run.state().reassignment_results[tp] = {ErrorCode::NoReassignmentInProgress,
                                                    std::string(default_message(ErrorCode::NoReassignmentInProgress))};
        }
    }
    self.at = frame::ApiReassignment::At::Begin;
    return run.call(std::move(removal));
}

Flow answer(Run& run, const frame::ApiReassignment& self) {
    AlterPartitionReassignmentsResponse response;
    for (const auto& [tp, result] : run.state().reassignment_results) {
        if (response.responses.empty() || response.responses.back().name != tp.topic)
            response.responses.emplace_back().name = tp.topic;
        response.responses.back().partitions.push_back({tp.partition, result.error, result.message});
    }
    run.host().respond(self.event.token, std::move(response));
    return Flow::Done;
}

}  // namespace

Flow step(Run& run, frame::ApiReassignment& self) {
    switch (self.at) {
        case frame::ApiReassignment::At::Check:
            return check(run, self);
        case frame::ApiReassignment::At::Begin: {
            self.at = frame::ApiReassignment::At::Answer;
            frame::TriggerReassignments trigger;
            trigger.waiting = self.to_begin;
            return run.call(std::move(trigger));
        }
        case frame::ApiReassignment::At::Answer:
            return answer(run, self);
    }
    return Flow::Done;
}

Flow step(Run& run, frame::ListReassignments& self) {
    ListPartitionReassignmentsResponse response;
    if (!run.state().is_active()) {
        response.error_code = ErrorCode::NotController;
        response.error_message = std::string(default_message(ErrorCode::NotController));
        run.host().respond(self.event.token, std::move(response));
        return Flow::Done;
    }
    const std::set<TopicPartition>& listed =
        self.event.partitions ? *self.event.partitions : run.context().partitions_being_reassigned;
    for (const TopicPartition& tp : listed) {
        const ReplicaAssignment& assignment = run.context().assignment_of(tp);
        if (!assignment.being_reassigned()) continue;
        if (response.topics.empty() || response.topics.back().name != tp.topic)
            response.topics.emplace_back().name = tp.topic;
        response.topics.back().partitions.push_back(
            {tp.partition, assignment.replicas, assignment.adding, assignment.removing});
    }
    run.host().respond(self.event.token, std::move(response));
    return Flow::Done;
}

namespace {

Flow look_for_znode(Run& run, frame::ZkReassignment& self) {
    run.state().reassignment_results.clear();
    if (!run.state().is_active()) return Flow::Done;
    self.at = frame::ZkReassignment::At::Read;
    return run.ask(zk_exists(std::string(kReassignPartitionsPath), true));
}

Flow read_znode(Run& run, frame::ZkReassignment& self) {
    if (error_of(run.take_replies().at(0)) != kOk) return Flow::Done;  // the watch is set again
    self.at = frame::ZkReassignment::At::Begin;
    return run.ask(zk_get_data(std::string(kReassignPartitionsPath), true));
}

Flow begin(Run& run, frame::ZkReassignment& self) {
    const std::vector<protocol::Body> replies = run.take_replies();
    self.at = frame::ZkReassignment::At::Failed;
    frame::TriggerReassignments trigger;
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&replies.at(0));
    if (data == nullptr || data->err != kOk) return Flow::Done;
    const auto asked = decode_reassignment(data->data.value_or(""));
    if (!asked) {
        node::warn(run.env(), kZkClientLogger, "Ignoring partition reassignment due to invalid json");
        return Flow::Done;
    }
    for (const auto& [tp, target] : *asked) trigger.waiting[tp] = reassign_to(run.context().assignment_of(tp), target);
    return run.call(std::move(trigger));
}

Flow remove_failed(Run& run, frame::ZkReassignment& self) {
    self.at = frame::ZkReassignment::At::End;
    frame::RemoveFromZkReassignment removal;
    std::vector<std::string> entries;
    std::vector<int32_t> hashes;
    for (const auto& [tp, result] : run.state().reassignment_results) {
        if (result.error == ErrorCode::None) continue;
        removal.partitions[tp] = std::nullopt;
        entries.push_back(fmt::format("{} -> ApiError(error={}, message={})", to_string(tp), name(result.error),
                                      result.message.value_or("null")));
        hashes.push_back(java::hash(tp));
    }
    if (entries.empty()) return Flow::Done;
    std::string text;
    for (const size_t i : java::scala_mutable_order(hashes)) text += (text.empty() ? "" : ", ") + entries[i];
    run.log(node::Level::Warn, "Failed reassignment through zk with the following errors: HashMap({})", text);
    return run.call(std::move(removal));
}

}  // namespace

Flow step(Run& run, frame::ZkReassignment& self) {
    switch (self.at) {
        case frame::ZkReassignment::At::Look:
            return look_for_znode(run, self);
        case frame::ZkReassignment::At::Read:
            return read_znode(run, self);
        case frame::ZkReassignment::At::Begin:
            return begin(run, self);
        case frame::ZkReassignment::At::Failed:
            return remove_failed(run, self);
        case frame::ZkReassignment::At::End:
            return Flow::Done;
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
