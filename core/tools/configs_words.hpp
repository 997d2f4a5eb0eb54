// SPDX-License-Identifier: Apache-2.0
#pragma once
// What kafka-configs.sh makes of its options before it asks anybody, and how it writes what it gets. Pure. Called
// by ConfigsCommand.
// Kafka 3.0.0: kafka.admin.ConfigCommand (parseConfigsToBeAdded, ConfigCommandOptions.checkArgs).

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/protocol/message.hpp"
#include "core/tools/option_parser.hpp"

namespace kafkasim::tools {

/// The types named by --entity-type and the shortcuts: "topics", "brokers", ...
std::vector<std::string> entity_types(const ParsedOptions& options);
/// The names that go with them; empty: the default entity.
std::vector<std::string> entity_names(const ParsedOptions& options);

/// The first thing that is wrong with the options, after --describe and --alter have been looked at.
std::optional<std::string> complaint_about_configs_options(const ParsedOptions& options);

/// "k=v,k2=[a,b]"; the error is Kafka's.
Result<config::Properties> configs_to_add(const std::string& text);
/// "k1,k2", several times.
std::vector<std::string> configs_to_delete(const std::vector<std::string>& arguments);

/// "  min.insync.replicas=2 sensitive=false synonyms={...}" and a line break.
std::string config_line(const protocol::DescribeConfigsResponse::DescribeConfigsResourceResult& config);

}  // namespace kafkasim::tools
