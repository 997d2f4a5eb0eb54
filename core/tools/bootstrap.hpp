// SPDX-License-Identifier: Apache-2.0
#pragma once
// The check of a list of brokers before it is used. Pure. Kafka 3.0.0: kafka.utils.ToolsUtils.validatePortOrDie.

#include <string_view>

namespace kafkasim::tools {

/// True if there is at least one host:port and each of the list has a port.
bool has_valid_ports(std::string_view hosts);

}  // namespace kafkasim::tools
