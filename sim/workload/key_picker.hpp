// SPDX-License-Identifier: Apache-2.0
#pragma once
// Draws the keys of a producer's records in whole numbers: no floating point, so that every machine draws the same.

#include <optional>
#include <string>
#include <vector>

#include "core/node/env.hpp"
#include "sim/workload/plan.hpp"

namespace kafkasim::sim::workload {

class KeyPicker {
public:
    KeyPicker() = default;
    explicit KeyPicker(const Keys& keys);

    /// How many draws there are that one of them is `draw`: see key_of.
    uint64_t bound() const { return bound_; }
    /// The number of the key, from 0, for a draw in [0, bound()).
    uint32_t key_of(uint64_t draw) const;
    /// "key-7"; nullopt: no key.
    std::optional<std::string> next(node::Chance& chance) const;

private:
    Keys keys_;
    uint64_t bound_ = 0;
    std::vector<uint64_t> below_;  // Zipf: the draws below this one are of this key or one before
};

}  // namespace kafkasim::sim::workload
