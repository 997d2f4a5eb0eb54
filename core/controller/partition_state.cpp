// SPDX-License-Identifier: Apache-2.0
#include "core/controller/partition_state.hpp"

#include <algorithm>
#include <array>

namespace kafkasim::controller {

namespace {

using enum PartitionState;

constexpr std::array kBeforeNew{NonExistentPartition};
constexpr std::array kBeforeOnline{NewPartition, OnlinePartition, OfflinePartition};
constexpr std::array kBeforeOffline{NewPartition, OnlinePartition, OfflinePartition};
constexpr std::array kBeforeNonExistent{OfflinePartition};

}  // namespace

std::string_view name_of(PartitionState state) {
    switch (state) {
        case NewPartition:
            return "NewPartition";
        case OnlinePartition:
            return "OnlinePartition";
        case OfflinePartition:
            return "OfflinePartition";
        case NonExistentPartition:
            return "NonExistentPartition";
    }
    return "";
}

std::span<const PartitionState> valid_previous_states(PartitionState target) {
    switch (target) {
        case NewPartition:
            return kBeforeNew;
        case OnlinePartition:
            return kBeforeOnline;
        case OfflinePartition:
            return kBeforeOffline;
        case NonExistentPartition:
            return kBeforeNonExistent;
    }
    return {};
}

bool is_valid_transition(PartitionState from, PartitionState target) {
    const std::span<const PartitionState> allowed = valid_previous_states(target);
    return std::find(allowed.begin(), allowed.end(), from) != allowed.end();
}

}  // namespace kafkasim::controller
