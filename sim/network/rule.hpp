// SPDX-License-Identifier: Apache-2.0
#pragma once
// What may befall a message on its way: one rule that holds it back is enough, and what several delay it by adds up.
// Faults and pinned races are rules.
// TCP neither loses nor reorders: a message that is held back holds back what follows it on its connection.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/time.hpp"
#include "core/protocol/message_fwd.hpp"

namespace kafkasim::sim {

/// One message (or, with no body, one attempt to connect or close) between two processes, by name: "broker-1",
/// "zookeeper", "kafka-topics.sh".
struct Passage {
    std::string_view from;
    std::string_view to;
    const protocol::Body* body = nullptr;
};

struct Verdict {
    enum class Kind : uint8_t { Pass, Delay, Hold } kind = Kind::Pass;
    Duration by{};  // Delay: on top of the latency

    static Verdict pass() { return {}; }
    static Verdict delay(Duration by) { return {Kind::Delay, by}; }
    static Verdict hold() { return {Kind::Hold, {}}; }
};

class NetworkRule {
public:
    virtual ~NetworkRule() = default;
    virtual Verdict judge(const Passage& passage) = 0;
    /// What the rule has done so far, for the trace: "held 1 LeaderAndIsrRequest to broker-3".
    virtual std::string receipt() const = 0;
    /// How many passages it changed. A fault that touched nothing fails the run.
    virtual uint64_t touched() const = 0;
};

}  // namespace kafkasim::sim
