// SPDX-License-Identifier: Apache-2.0
#pragma once
// The programs of the tarball's bin folder, by the words of a command line. Each becomes a process of its own.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/node/node.hpp"
#include "core/tools/option_parser.hpp"

namespace kafkasim::tools {

struct Program {
    std::unique_ptr<node::Node> node;
    Duration start_up{};     // of the JVM, until main()
    bool is_server = false;  // logs as config/log4j.properties says, not as tools-log4j.properties
    /// Started with -daemon: the command returns at once with 0; the process lives on, deaf to its terminal and
    /// silent on it.
    bool daemon = false;
};

/// `words[0]` is the program as typed: "bin/kafka-topics.sh", "/bin/kafka-topics.sh", "kafka-topics.sh" or
/// "kafka-topics". nullopt: there is no such program.
/// Those of the tarball that are not modelled exist: they say so and exit with 64.
std::optional<Program> make_program(const std::vector<std::string>& words);

/// "kafka-topics" of "bin/kafka-topics.sh".
std::string script_name(std::string_view word);

/// A script that is modelled.
struct Script {
    std::string_view name;                           // "kafka-topics"
    std::span<const Option> (*options)() = nullptr;  // none: it has no options of this kind
    Program (*make)(const std::vector<std::string>& words) = nullptr;
};
std::span<const Script> scripts();

}  // namespace kafkasim::tools
