// SPDX-License-Identifier: Apache-2.0
#pragma once
// One request of a kind to a process is held back until it is released, with what follows it on its connection: a
// late LeaderAndIsr, which every published
// counter-example of the replication protocol needs.

#include <string>

#include "sim/network/rule.hpp"

namespace kafkasim::sim {

class HoldRequest final : public NetworkRule {
public:
    /// `request`: "LeaderAndIsr" (or "LeaderAndIsrRequest"); `to`: "broker-3".
    HoldRequest(std::string request, std::string to);

    Verdict judge(const Passage& passage) override;
    std::string receipt() const override;
    uint64_t touched() const override { return held_; }
    bool is(const std::string& request, const std::string& to) const;

private:
    std::string request_;
    std::string to_;
    uint64_t held_ = 0;
};

}  // namespace kafkasim::sim
