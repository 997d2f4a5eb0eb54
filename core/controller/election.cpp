// SPDX-License-Identifier: Apache-2.0
#include "core/controller/election.hpp"

namespace kafkasim::controller {

namespace {

using Kind = Strategy::Kind;

template <typename Condition>
std::optional<BrokerId> first_of(const std::vector<BrokerId>& replicas, Condition condition) {
    for (const BrokerId replica : replicas) {
        if (condition(replica)) return replica;
    }
    return std::nullopt;
}

template <typename Condition>
std::vector<BrokerId> keep(const std::vector<BrokerId>& ids, Condition condition) {
    std::vector<BrokerId> kept;
    for (const BrokerId id : ids) {
        if (condition(id)) kept.push_back(id);
    }
    return kept;
}

/// Why `replica` could not be elected, or "" if it could (but another came first).
std::string obstacle(const ElectionInput& input, BrokerId replica) {
    if (contains(input.shutting_down, replica)) return "is shutting down";
    if (!contains(input.live, replica)) return "is down";
    if (!contains(input.current.isr, replica)) return "is not in the Isr";
    return "";
}

/// "1 is down; 3 is not in the Isr": the replicas of `candidates` up to `until` that were passed over.
std::string obstacles(const ElectionInput& input, const std::vector<BrokerId>& candidates,
                      std::optional<BrokerId> until) {
    std::string text;
    for (const BrokerId replica : candidates) {
        if (replica == until) break;
        const std::string why = obstacle(input, replica);
        if (why.empty()) continue;
        if (!text.empty()) text += "; ";
        text += to_string(replica) + " " + why;
    }
    return text;
}

std::string explain(const Strategy& strategy, const ElectionInput& input, std::optional<BrokerId> leader,
                    bool unclean) {
    const std::string replicas = join(input.assignment);
    if (strategy.kind == Kind::PreferredReplica) {
        if (input.assignment.empty()) return "no replica is assigned";
        const BrokerId preferred = input.assignment.front();
        if (leader)
            return "broker " + to_string(preferred) + " is the preferred (first) replica of " + replicas +
                   ", live and in the Isr";
        return "the preferred replica " + to_string(preferred) + " " + obstacle(input, preferred);
    }
    if (unclean) {
        return "unclean: no member of the Isr " + join(input.current.isr) + " is live, broker " + to_string(*leader) +
               " is the first of " + replicas + " that is live";
    }
    const std::string ruled_out = obstacles(input, input.assignment, leader);
    if (!leader) {
        std::string text = "none of " + replicas + " is live and in the Isr " + join(input.current.isr);
        return ruled_out.empty() ? text : text + ": " + ruled_out;
    }
    std::string text = "broker " + to_string(*leader) + " is the first of " + replicas + " that is live and in the Isr";
    return ruled_out.empty() ? text : text + "; " + ruled_out;
}

LeaderAndIsr next(const LeaderAndIsr& current, BrokerId leader, std::vector<BrokerId> isr) {
    return {leader, current.leader_epoch + 1, std::move(isr), current.zk_version};
}

std::optional<BrokerId> choose(const Strategy& strategy, const ElectionInput& input,
                               const std::vector<BrokerId>& live_or_shutting_down) {
    switch (strategy.kind) {
        case Kind::OfflinePartition:
            return offline_partition_leader_election(input.assignment, input.current.isr, input.live,
                                                     strategy.allow_unclean || input.unclean_enabled);
        case Kind::ReassignPartition:
            return reassign_partition_leader_election(input.assignment, input.current.isr, input.live);
        case Kind::PreferredReplica:
            return preferred_replica_partition_leader_election(input.assignment, input.current.isr, input.live);
        case Kind::ControlledShutdown:
            return controlled_shutdown_partition_leader_election(input.assignment, input.current.isr,
                                                                 live_or_shutting_down, input.shutting_down);
    }
    return std::nullopt;
}

std::vector<BrokerId> new_isr(const Strategy& strategy, const ElectionInput& input, BrokerId leader) {
    const std::vector<BrokerId>& isr = input.current.isr;
    switch (strategy.kind) {
        case Kind::OfflinePartition:
            if (!contains(isr, leader)) return {leader};
            return keep(isr, [&](BrokerId id) { return contains(input.live, id); });
        case Kind::ReassignPartition:
        case Kind::PreferredReplica:
            return isr;
        case Kind::ControlledShutdown:
            return keep(isr, [&](BrokerId id) { return !contains(input.shutting_down, id); });
    }
    return isr;
}

std::vector<BrokerId> recipients_of(const Strategy& strategy, const ElectionInput& input,
                                    const std::vector<BrokerId>& live_or_shutting_down) {
    switch (strategy.kind) {
        case Kind::OfflinePartition:
            return keep(input.assignment, [&](BrokerId id) { return contains(input.live, id); });
        case Kind::ReassignPartition:
        case Kind::PreferredReplica:
            return input.assignment;
        case Kind::ControlledShutdown:
            return live_or_shutting_down;
    }
    return {};
}

}  // namespace

std::string to_string(const Strategy& strategy) {
    switch (strategy.kind) {
        case Kind::OfflinePartition:
            return std::string("OfflinePartitionLeaderElectionStrategy(") +
                   (strategy.allow_unclean ? "true" : "false") + ")";
        case Kind::ReassignPartition:
            return "ReassignPartitionLeaderElectionStrategy";
        case Kind::PreferredReplica:
            return "PreferredReplicaPartitionLeaderElectionStrategy";
        case Kind::ControlledShutdown:
            return "ControlledShutdownPartitionLeaderElectionStrategy";
    }
    return "";
}

std::optional<BrokerId> offline_partition_leader_election(const std::vector<BrokerId>& assignment,
                                                          const std::vector<BrokerId>& isr,
                                                          const std::vector<BrokerId>& live, bool unclean_enabled) {
    const auto clean = first_of(assignment, [&](BrokerId id) { return contains(live, id) && contains(isr, id); });
    if (clean || !unclean_enabled) return clean;
    return first_of(assignment, [&](BrokerId id) { return contains(live, id); });
}

std::optional<BrokerId> reassign_partition_leader_election(const std::vector<BrokerId>& reassignment,
                                                           const std::vector<BrokerId>& isr,
                                                           const std::vector<BrokerId>& live) {
    return first_of(reassignment, [&](BrokerId id) { return contains(live, id) && contains(isr, id); });
}

std::optional<BrokerId> preferred_replica_partition_leader_election(const std::vector<BrokerId>& assignment,
                                                                    const std::vector<BrokerId>& isr,
                                                                    const std::vector<BrokerId>& live) {
    if (assignment.empty()) return std::nullopt;
    const BrokerId preferred = assignment.front();
    if (!contains(live, preferred) || !contains(isr, preferred)) return std::nullopt;
    return preferred;
}

std::optional<BrokerId> controlled_shutdown_partition_leader_election(const std::vector<BrokerId>& assignment,
                                                                      const std::vector<BrokerId>& isr,
                                                                      const std::vector<BrokerId>& live,
                                                                      const std::vector<BrokerId>& shutting_down) {
    return first_of(assignment, [&](BrokerId id) {
        return contains(live, id) && contains(isr, id) && !contains(shutting_down, id);
    });
}

ElectionResult elect(const Strategy& strategy, const ElectionInput& input) {
    const std::vector<BrokerId> live_or_shutting_down = keep(
        input.assignment, [&](BrokerId id) { return contains(input.live, id) || contains(input.shutting_down, id); });
    const std::optional<BrokerId> leader = choose(strategy, input, live_or_shutting_down);

    ElectionResult result;
    result.recipients = recipients_of(strategy, input, live_or_shutting_down);
    if (leader) {
        result.elected = next(input.current, *leader, new_isr(strategy, input, *leader));
        result.unclean = strategy.kind == Kind::OfflinePartition && !contains(input.current.isr, *leader);
    }
    result.why = explain(strategy, input, leader, result.unclean);
    return result;
}

}  // namespace kafkasim::controller
