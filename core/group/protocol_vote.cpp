// SPDX-License-Identifier: Apache-2.0
#include "core/group/protocol_vote.hpp"

#include <algorithm>
#include <map>

#include "core/base/java.hpp"

namespace kafkasim::group {

namespace {

bool supports(const MemberMetadata& member, const std::string& protocol) {
    return std::any_of(member.supported_protocols.begin(), member.supported_protocols.end(),
                       [&](const auto& each) { return each.name == protocol; });
}

bool all_support(const std::vector<const MemberMetadata*>& members, const std::string& protocol) {
    return std::all_of(members.begin(), members.end(),
                       [&](const MemberMetadata* member) { return supports(*member, protocol); });
}

uint32_t improve(const std::string& name) {
    auto h = static_cast<uint32_t>(java::string_hash(name));
    h += ~(h << 9);
    h ^= h >> 14;
    h += h << 4;
    return h ^ (h >> 10);
}

/// The entry that a Scala immutable HashMap of these names gives first: entries alone in their slot of 5 bits come
/// before those that share one.
/// (java::scala_immutable_order keeps up to four entries in order of insertion, as the small maps do; this map is a
/// HashMap from the first entry on.)
std::string first_in_hash_order(std::vector<std::string> names, uint32_t shift) {
    std::map<uint32_t, std::vector<std::string>> slots;
    for (auto& name : names) slots[(improve(name) >> shift) & 31U].push_back(name);
    for (const auto& [slot, entries] : slots) {
        if (entries.size() == 1) return entries.front();
    }
    auto& lowest = slots.begin()->second;
    return shift + 5 < 32 ? first_in_hash_order(lowest, shift + 5) : lowest.front();
}

}  // namespace

std::set<std::string> candidate_protocols(const std::vector<const MemberMetadata*>& members) {
    std::set<std::string> candidates;
    if (members.empty()) return candidates;
    for (const auto& protocol : members.front()->supported_protocols) {
        if (all_support(members, protocol.name)) candidates.insert(protocol.name);
    }
    return candidates;
}

std::string select_protocol(const std::vector<const MemberMetadata*>& members) {
    const auto candidates = candidate_protocols(members);
    if (candidates.empty()) return {};
    std::map<std::string, size_t> votes;
    size_t most = 0;
    for (const MemberMetadata* member : members) {
        for (const auto& protocol : member->supported_protocols) {
            if (!candidates.contains(protocol.name)) continue;
            most = std::max(most, ++votes[protocol.name]);
            break;
        }
    }
    std::vector<std::string> winners;
    for (const auto& [name, count] : votes) {
        if (count == most) winners.push_back(name);
    }
    if (winners.size() == 1) return winners.front();
    // The order is that of the map of all names that got a vote, so the winners' order depends on the others as well.
    std::vector<std::string> names;
    for (const auto& [name, count] : votes) names.push_back(name);
    while (!names.empty()) {
        const std::string first = first_in_hash_order(names, 0);
        if (votes.at(first) == most) return first;
        std::erase(names, first);
    }
    return winners.front();
}

bool supports_any(const std::vector<const MemberMetadata*>& members, const Protocols& protocols) {
    return std::any_of(protocols.begin(), protocols.end(),
                       [&](const auto& protocol) { return all_support(members, protocol.name); });
}

}  // namespace kafkasim::group
