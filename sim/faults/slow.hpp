// SPDX-License-Identifier: Apache-2.0
#pragma once
// A slow network: everything between the named processes takes so much longer, each way.

#include <string>
#include <vector>

#include "sim/network/rule.hpp"

namespace kafkasim::sim {

class SlowNetwork final : public NetworkRule {
public:
    SlowNetwork(std::vector<std::string> between, Duration by) : between_(std::move(between)), by_(by) {}

    Verdict judge(const Passage& passage) override;
    std::string receipt() const override;
    uint64_t touched() const override { return delayed_; }
    bool is_between(const std::vector<std::string>& names) const;

private:
    std::vector<std::string> between_;
    Duration by_;
    uint64_t delayed_ = 0;
};

}  // namespace kafkasim::sim
