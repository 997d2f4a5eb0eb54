// SPDX-License-Identifier: Apache-2.0
#pragma once
// What inter.broker.protocol.version makes of replication: brokers of 3.0.0 still speak as their elders did until all
// are upgraded. Pure; asked when a broker starts and when a topic is made. Kafka 3.0.0: kafka.api.ApiVersion.
// Simplified: the rule set, the way of ISR changes and topic ids follow it; the forms of other requests and the feature
// znode are those of 3.0.

#include <optional>
#include <string_view>

namespace kafkasim::config {

struct ProtocolVersion {
    std::string_view name;   // "2.7-IV1"
    std::string_view rules;  // a name of broker::find_rules
    bool alter_isr = false;  // the controller writes a changed ISR, not the leader
    bool topic_ids = false;
};

/// "2.6", "2.7-IV1", "2.6.1": a short version is the last of its kind. nullopt: Kafka refuses it.
std::optional<ProtocolVersion> find_protocol_version(std::string_view text);

}  // namespace kafkasim::config
