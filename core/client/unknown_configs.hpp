// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a client says of properties that it does not know: a WARN line each, once it is made.
// Kafka 3.0.0: org.apache.kafka.common.config.AbstractConfig.logUnused.

#include "core/client/client_properties.hpp"

namespace kafkasim::client {

enum class ClientKind : uint8_t { Admin, Consumer, Producer };

/// True if the client's ConfigDef defines the name.
bool is_known_config(ClientKind kind, std::string_view name);
void warn_of_unknown_configs(node::Env& env, ClientKind kind, const ClientProperties& properties);

}  // namespace kafkasim::client
