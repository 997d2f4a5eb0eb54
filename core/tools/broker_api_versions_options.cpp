// SPDX-License-Identifier: Apache-2.0
// The options of bin/kafka-broker-api-versions.sh, with the words of its help. Kafka 3.0.0:
// kafka.admin.BrokerApiVersionsCommand.BrokerVersionCommandOptions.

#include "core/tools/broker_api_versions_command.hpp"

namespace kafkasim::tools {
namespace {

constexpr Option kOptions[] = {
    {"bootstrap-server", Argument::Required, ArgumentType::String, "server(s) to use for bootstrapping", "",
     "REQUIRED: The server to connect to."},
    {"command-config", Argument::Required, ArgumentType::String, "command config property file", "",
     "A property file containing configs to be passed to Admin Client."},
    {"help", Argument::None, ArgumentType::String, "", "", "Print usage information."},
    {"version", Argument::None, ArgumentType::String, "", "", "Display Kafka version."},
};

}  // namespace

std::span<const Option> broker_api_versions_options() { return kOptions; }

}  // namespace kafkasim::tools
