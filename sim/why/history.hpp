// SPDX-License-Identifier: Apache-2.0
#pragma once
// What was so when an event happened, from the trace alone: an explanation of step 7 must not know what step 9
// changed. "As of an event" counts that event in.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/leader_and_isr.hpp"
#include "sim/why/causes.hpp"
#include "sim/why/telling.hpp"

namespace kafkasim::sim {

/// The scenario's step that was being done; 0 before the first.
size_t step_as_of(const Trace& trace, uint64_t until);

/// The broker's id; empty if none was elected yet.
std::string controller_as_of(const Trace& trace, uint64_t until);

/// How the process of that name had left off: killed, stopped or paused; nullptr while it runs or before it has
/// ever run.
const TraceEvent* halt_as_of(const World& world, const std::string& process, uint64_t until);
/// "was killed (kill -9) at 01:08:06.512 (step 2)"; empty if it runs.
std::string halt_text(const Telling& telling, const std::string& process, uint64_t until);

/// A topic's partitions as ZooKeeper's state znodes had them.
std::map<int32_t, LeaderAndIsr> partitions_as_of(const Trace& trace, const std::string& topic, uint64_t until);

int64_t log_end_as_of(const Trace& trace, const TopicPartition& partition, uint64_t until);
std::optional<int64_t> committed_as_of(const Trace& trace, const std::string& group, const TopicPartition& partition,
                                       uint64_t until);

/// The groups that had asked for a coordinator, and their partitions of __consumer_offsets.
std::map<std::string, int64_t> groups_as_of(const Trace& trace, uint64_t until);

/// "/brokers/topics/T/partitions/P/state"
std::optional<TopicPartition> partition_of_path(const std::string& path);

}  // namespace kafkasim::sim
