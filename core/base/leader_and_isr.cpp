// SPDX-License-Identifier: Apache-2.0
#include "core/base/leader_and_isr.hpp"

namespace kafkasim {

std::string to_string(const LeaderAndIsr& state) {
    return "LeaderAndIsr(leader=" + to_string(state.leader) + ", leaderEpoch=" + std::to_string(state.leader_epoch) +
           ", isr=List(" + join(state.isr, ", ") + "), zkVersion=" + std::to_string(state.zk_version) + ")";
}

}  // namespace kafkasim
