// SPDX-License-Identifier: Apache-2.0
#pragma once
// Drawing of what a random scenario is made of. Each part draws from a stream of its own, so that a new choice in one
// part leaves the others of the same seed as they were.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/random.hpp"

namespace kafkasim::sim::fuzz {

class Chance {
public:
    Chance(uint64_t seed, std::string_view part) : prng_(stream(seed, part)) {}

    int64_t between(int64_t low, int64_t high) { return prng_.between(low, high); }
    bool one_in(uint64_t cases) { return prng_.chance(1, cases); }
    template <typename Value>
    const Value& any_of(const std::vector<Value>& values) {
        return values[prng_.below(values.size())];
    }
    template <typename Value>
    Value any_of(std::initializer_list<Value> values) {
        return values.begin()[prng_.below(values.size())];
    }
    /// Each with even chance; never none of them.
    template <typename Value>
    std::vector<Value> some_of(const std::vector<Value>& values) {
        std::vector<Value> some;
        for (const Value& each : values) {
            if (prng_.chance(1, 2)) some.push_back(each);
        }
        if (some.empty() && !values.empty()) some.push_back(any_of(values));
        return some;
    }

private:
    Prng prng_;
};

/// "1500ms"
std::string time_text(int64_t ms);

}  // namespace kafkasim::sim::fuzz
