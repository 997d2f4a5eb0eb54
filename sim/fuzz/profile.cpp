// SPDX-License-Identifier: Apache-2.0
#include "sim/fuzz/profile.hpp"

#include <algorithm>
#include <array>

#include "sim/fuzz/groups_profile.hpp"

namespace kafkasim::sim::fuzz {

std::span<const Profile> profiles() {
    static constexpr std::array<Profile, 1> kAll{{
        {"groups", "Consumer groups under rebalances and accidents.", groups_scenario},
    }};
    return kAll;
}

const Profile* find_profile(std::string_view name) {
    const auto all = profiles();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Profile& each) { return each.name == name; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace kafkasim::sim::fuzz
