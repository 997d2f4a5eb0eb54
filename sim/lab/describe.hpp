// SPDX-License-Identifier: Apache-2.0
#pragma once
// Draws the cluster as somebody sees it who stands beside it: ZooKeeper and the brokers, each partition with its
// leader, Isr and replicas, each group. By cameras (sim/observe): nothing in the cluster is asked, so the run stays what
// it was. Within 80 columns where names are not longer than that allows.

#include <string>

#include "sim/scenario/scenario.hpp"
#include "sim/world/world.hpp"

namespace kafkasim::sim::lab {

struct BrokerView {
    int32_t id = 0;
    int32_t port = 0;  // 0: not known
    bool up = false;   // its process runs
    bool paused = false;
    bool started = false;
    bool controller = false;
};

/// The brokers that are installed or run, by id.
std::vector<BrokerView> look_at_brokers(const World& world, const scenario::Scenario& scenario);

std::string describe(const World& world, const scenario::Scenario& scenario, const std::string& language);

}  // namespace kafkasim::sim::lab
