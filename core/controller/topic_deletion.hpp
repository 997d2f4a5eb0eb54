// SPDX-License-Identifier: Apache-2.0
#pragma once
// What several procedures of the controller do with topics that are queued for deletion: halt them, fail replicas,
// let them go on. Those that return true
// want frame::ResumeDeletions to be called next. All do nothing unless delete.topic.enable.
// Kafka 3.0.0: kafka.controller.TopicDeletionManager.

#include <set>
#include <string_view>
#include <vector>

#include "core/controller/controller_context.hpp"

namespace kafkasim::controller {

class Run;

/// Tells the trace: queued, started, ineligible, completed.
void note_deletion(Run& run, const std::set<TopicName>& topics, std::string_view state, std::string_view why);

/// Those of `topics` that are queued are not eligible until resume_deletion_for names them.
void mark_ineligible_for_deletion(Run& run, const std::set<TopicName>& topics, std::string_view reason);
/// Replicas of queued topics go to ReplicaDeletionIneligible and their topics are halted.
bool fail_replica_deletion(Run& run, const std::vector<PartitionAndReplica>& replicas);
/// Replicas of queued topics are gone from their broker.
void complete_replica_deletion(Run& run, const std::vector<PartitionAndReplica>& replicas);
/// Those of `topics` that are queued may be deleted again.
bool resume_deletion_for(Run& run, const std::set<TopicName>& topics);

}  // namespace kafkasim::controller
