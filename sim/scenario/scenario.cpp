// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/scenario.hpp"

#include <array>

namespace kafkasim::sim::scenario {

const std::string& Text::in(const std::string& language) const {
    static const std::string kNothing;
    for (const std::string& wanted : {language, std::string("en"), std::string()}) {
        const auto found = by_language.find(wanted);
        if (found != by_language.end()) return found->second;
    }
    return by_language.empty() ? kNothing : by_language.begin()->second;
}

std::string_view verb_name(const Verb& verb) {
    static constexpr std::array<std::string_view, std::variant_size_v<Verb>> kNames{
        "start", "stop", "kill", "pause", "resume", "power_off", "run",     "wait", "type",  "press",   "write",
        "look",  "note", "cut",  "heal",  "slow",   "hold",      "release", "disk", "clock", "workload"};
    return kNames[verb.index()];
}

}  // namespace kafkasim::sim::scenario
