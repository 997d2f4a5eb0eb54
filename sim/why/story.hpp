// SPDX-License-Identifier: Apache-2.0
#pragma once
// A chain of causes told as a person would tell it: the links that matter, in order, each with its time. Links that
// only carry the story on (requests for data, connections,
// timers) are left out; what a link meant is read from the notes below it. What is not in the chain, because it is
// the absence of something (a killed broker sends nothing), is looked up.

#include <optional>

#include "core/base/ids.hpp"
#include "sim/why/telling.hpp"

namespace kafkasim::sim {

/// The way to `note`, a LeaderElected or IsrChanged about the partition, and how the brokers were told; indented
/// lines.
std::string story_of_partition(const Telling& telling, const TraceEvent& note, const TopicPartition& partition);

/// The way to any event; indented lines.
std::string story_of(const Telling& telling, uint64_t event);

}  // namespace kafkasim::sim
