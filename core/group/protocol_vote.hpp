// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which assignor a group uses: of those that all members support, the one that most members list first.
// Kafka 3.0.0: kafka.coordinator.group.GroupMetadata.selectProtocol, candidateProtocols, supportsProtocols.

#include <set>
#include <string>
#include <vector>

#include "core/group/member_metadata.hpp"

namespace kafkasim::group {

/// The protocols that every one of `members` supports.
std::set<std::string> candidate_protocols(const std::vector<const MemberMetadata*>& members);
/// The winner; empty if there is no candidate (or no member). Equal votes: the first in the order of a Scala
/// immutable HashMap of the names.
std::string select_protocol(const std::vector<const MemberMetadata*>& members);
/// True if at least one of `protocols` is supported by all `members`.
bool supports_any(const std::vector<const MemberMetadata*>& members, const Protocols& protocols);

}  // namespace kafkasim::group
