// SPDX-License-Identifier: Apache-2.0
#include "sim/why/telling.hpp"

#include "sim/why/history.hpp"

namespace kafkasim::sim {

std::string Telling::who(uint32_t process) const {
    if (process == kNoProcess) return say("the scenario", "시나리오");
    constexpr std::string_view kBroker = "broker-";
    const std::string& name = world.process(process).options.name;
    if (name.starts_with(kBroker)) return broker(name.substr(kBroker.size()));
    return name == "zookeeper" ? "ZooKeeper" : name;
}

std::string Telling::controller_or(uint32_t process, uint64_t until) const {
    const std::string name = who(process);
    const std::string id = controller_as_of(trace(), until);
    return !id.empty() && name == broker(id) ? say("the controller, {0}", "컨트롤러({0})", name) : name;
}

}  // namespace kafkasim::sim
