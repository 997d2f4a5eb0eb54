// SPDX-License-Identifier: Apache-2.0
#pragma once
// A cut network: what is sent from one side to the other is held, as TCP holds what is not acknowledged, and
// arrives when the cut heals. Nobody is told.

#include <string>
#include <vector>

#include "sim/network/rule.hpp"

namespace kafkasim::sim {

class CutNetwork final : public NetworkRule {
public:
    /// From any of `from` to any of `to`; both ways unless `one_way`.
    CutNetwork(std::vector<std::string> from, std::vector<std::string> to, bool one_way);

    Verdict judge(const Passage& passage) override;
    std::string receipt() const override;
    uint64_t touched() const override { return held_; }
    bool is_between(const std::vector<std::string>& from, const std::vector<std::string>& to) const;

private:
    std::vector<std::string> from_;
    std::vector<std::string> to_;
    bool one_way_;
    uint64_t held_ = 0;
};

}  // namespace kafkasim::sim
