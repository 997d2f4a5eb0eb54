// SPDX-License-Identifier: Apache-2.0
#pragma once
// The option tables of the tools, in the order in which their help shows them (by name). One file per tool:
// <tool>_options.cpp.

#include <span>

#include "core/tools/option_parser.hpp"

namespace kafkasim::tools {

std::span<const Option> topics_options();
std::span<const Option> console_producer_options();
std::span<const Option> console_consumer_options();
std::span<const Option> consumer_groups_options();
std::span<const Option> leader_election_options();
std::span<const Option> get_offsets_options();
std::span<const Option> delete_records_options();
std::span<const Option> dump_log_options();

}  // namespace kafkasim::tools
