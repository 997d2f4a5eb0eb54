// SPDX-License-Identifier: Apache-2.0
#pragma once
// The kinds of random scenarios that there are, by name. Called by kafkasim fuzz.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kafkasim::sim::fuzz {

struct Profile {
    std::string_view name;
    std::string_view about;
    std::string (*scenario)(uint64_t seed);  // JSON text
};

std::span<const Profile> profiles();
/// nullptr if there is none of that name.
const Profile* find_profile(std::string_view name);

}  // namespace kafkasim::sim::fuzz
