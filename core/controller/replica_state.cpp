// SPDX-License-Identifier: Apache-2.0
#include "core/controller/replica_state.hpp"

#include <algorithm>
#include <array>

namespace kafkasim::controller {

namespace {

using enum ReplicaState;

constexpr std::array kBeforeNew{NonExistentReplica};
constexpr std::array kBeforeOnline{NewReplica, OnlineReplica, OfflineReplica, ReplicaDeletionIneligible};
constexpr std::array kBeforeOffline{NewReplica, OnlineReplica, OfflineReplica, ReplicaDeletionIneligible};
constexpr std::array kBeforeStarted{OfflineReplica};
constexpr std::array kBeforeSuccessful{ReplicaDeletionStarted};
constexpr std::array kBeforeIneligible{OfflineReplica, ReplicaDeletionStarted};
constexpr std::array kBeforeNonExistent{ReplicaDeletionSuccessful};

}  // namespace

std::string_view name_of(ReplicaState state) {
    switch (state) {
        case NewReplica:
            return "NewReplica";
        case OnlineReplica:
            return "OnlineReplica";
        case OfflineReplica:
            return "OfflineReplica";
        case ReplicaDeletionStarted:
            return "ReplicaDeletionStarted";
        case ReplicaDeletionSuccessful:
            return "ReplicaDeletionSuccessful";
        case ReplicaDeletionIneligible:
            return "ReplicaDeletionIneligible";
        case NonExistentReplica:
            return "NonExistentReplica";
    }
    return "";
}

std::span<const ReplicaState> valid_previous_states(ReplicaState target) {
    switch (target) {
        case NewReplica:
            return kBeforeNew;
        case OnlineReplica:
            return kBeforeOnline;
        case OfflineReplica:
            return kBeforeOffline;
        case ReplicaDeletionStarted:
            return kBeforeStarted;
        case ReplicaDeletionSuccessful:
            return kBeforeSuccessful;
        case ReplicaDeletionIneligible:
            return kBeforeIneligible;
        case NonExistentReplica:
            return kBeforeNonExistent;
    }
    return {};
}

bool is_valid_transition(ReplicaState from, ReplicaState target) {
    const std::span<const ReplicaState> allowed = valid_previous_states(target);
    return std::find(allowed.begin(), allowed.end(), from) != allowed.end();
}

}  // namespace kafkasim::controller
