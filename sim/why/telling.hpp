// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the explanations speak: of which world, in which language, and how they call processes. Every sentence of
// this folder stands in English and in Korean side by side, with the
// same numbered gaps; a Korean sentence puts names before a colon or an arrow where a particle would depend on
// their sound.

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "sim/world/world.hpp"

namespace kafkasim::sim {

struct Telling {
    const World& world;
    std::string language = "en";

    bool korean() const { return language == "ko"; }
    const Trace& trace() const { return world.trace(); }

    /// "01:08:19.417"
    std::string time(Instant at) const { return world.clock().time_of_day(at); }

    /// The sentence in the wanted language; gaps are {0}, {1} ...
    template <typename... Args>
    std::string say(std::string_view english, std::string_view other, const Args&... args) const {
        return fmt::vformat(korean() ? other : english, fmt::make_format_args(args...));
    }

    /// "broker 1", "ZooKeeper", "kafka-topics.sh".
    std::string who(uint32_t process) const;
    std::string broker(std::string_view id) const { return say("broker {0}", "브로커 {0}", id); }
    /// As a broker, or nobody.
    std::string leader(std::string_view id) const { return id == "-1" ? say("nobody", "없음") : broker(id); }
    /// "the controller, broker 1" if it is that, as of the event.
    std::string controller_or(uint32_t process, uint64_t until) const;
};

}  // namespace kafkasim::sim
