// SPDX-License-Identifier: Apache-2.0
#pragma once
// "Did you mean": the word of a list that a mistyped word is nearest to.

#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::sim::scenario {

/// Letters to add, take away, change or swap with their neighbour.
size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest word, if it is near enough to be meant (a third of its letters); else "". Upper and lower case count
/// as the same.
std::string nearest(std::string_view word, const std::vector<std::string_view>& words);

}  // namespace kafkasim::sim::scenario
