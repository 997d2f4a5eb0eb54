// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text settings that take only certain words. Pure. Called by the checks of topic and dynamic broker configuration.
// Kafka 3.0.0: ConfigDef.ValidList and ConfigDef.ValidString in kafka.log.LogConfig and kafka.server.KafkaConfig.

#include <optional>
#include <string>
#include <string_view>

namespace kafkasim::config {

/// nullopt if the value is one of the words (or the setting takes any); else "Invalid value fast for configuration
/// cleanup.policy: String must be one of: ...".
std::optional<std::string> complaint_about_choice(std::string_view name, std::string_view value);

}  // namespace kafkasim::config
