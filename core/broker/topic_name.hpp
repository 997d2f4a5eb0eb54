// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which names a topic may have. Pure. Kafka 3.0.0: org.apache.kafka.common.internals.Topic.

#include <optional>
#include <string>
#include <string_view>

namespace kafkasim::broker {

/// nullopt if the name is fine, else Kafka's text.
std::optional<std::string> complaint_about_topic_name(std::string_view name);
/// True if both names become the same where '.' and '_' cannot be told apart (metrics): "a.b" and "a_b". A name
/// collides with itself.
bool topic_names_collide(std::string_view a, std::string_view b);

}  // namespace kafkasim::broker
