// SPDX-License-Identifier: Apache-2.0
#pragma once
// The claim `acknowledged`: whatever a kafka-verifiable-producer.sh printed as acknowledged, a consumer has printed. It
// knows no more than what the two terminals show. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/scenario/seen.hpp"

namespace kafkasim::sim::scenario {

/// A line of the producer that says that a value was acknowledged.
struct AcknowledgedValue {
    std::string value;
    std::string topic;
    int64_t partition = 0;
    int64_t offset = 0;  // -1 with acks=0
};

struct ProducerOutput {
    std::vector<AcknowledgedValue> acknowledged;
    std::vector<std::string> given_up;
};

/// What kafka-verifiable-producer.sh has printed.
ProducerOutput producer_output(std::string_view printed);

/// The values that a kafka-console-consumer.sh has printed (what follows the last tab of each line), or a
/// kafka-verifiable-consumer.sh --verbose.
std::vector<std::string> values_read(std::string_view printed);

/// A claim that does not hold, in words.
struct BrokenClaim {
    std::string expected;
    std::string seen;
};

struct Judged {
    Deliveries deliveries;
    std::vector<BrokenClaim> broken;
};
Judged judge_acknowledged(const Acknowledged& claim, std::string_view producer, std::string_view consumer);

}  // namespace kafkasim::sim::scenario
