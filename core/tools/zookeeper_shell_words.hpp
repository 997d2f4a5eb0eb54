// SPDX-License-Identifier: Apache-2.0
#pragma once
// The words of zookeeper-shell: how a line becomes a command, which options each command has, which paths are
// paths, and how results and failures
// read. Pure. Called by ZooKeeperShellCommand.
// Apache ZooKeeper 3.6.3: org.apache.zookeeper.ZooKeeperMain, cli.CliCommand and its children, cli.StatPrinter,
// cli.CliWrapperException,
// common.PathUtils; org.apache.commons.cli.PosixParser.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/protocol/zookeeper.hpp"

namespace kafkasim::tools {

/// What a command of the shell is called with. `flags` are its options of one letter without an argument, `values`
/// those with one.
struct ShellCommand {
    std::string_view name;
    std::string_view usage;   // "[-s] [-w] path"
    size_t arguments;         // that it needs
    std::string_view flags;   // "sw"
    std::string_view values;  // "v"
    bool modelled;
};

/// All of them, sorted by code point.
std::span<const ShellCommand> shell_commands();
/// nullptr: "Command not found".
const ShellCommand* find_shell_command(std::string_view name);
/// The usage text that an unknown command brings up, a line each.
std::string shell_usage();
/// "get [-s] [-w] path"
std::string usage_of(const ShellCommand& command);

/// A line as ZooKeeperMain.MyCommandOptions.parseCommand splits it: at white space, except inside a pair of quotes
/// that begins a word.
std::vector<std::string> shell_words(std::string_view line);

struct ShellArguments {
    std::vector<std::string> words;        // without options; the command's name first
    std::string flags;                     // letters given
    std::map<char, std::string> values;    // by letter
    std::optional<std::string> complaint;  // of the parser, with its exception's class

    bool has(char letter) const { return flags.find(letter) != std::string::npos || values.contains(letter); }
};
/// PosixParser: `-sw` is `-s -w`, `-v3` is `-v 3`, `--` ends the options.
ShellArguments parse_shell_arguments(const ShellCommand& command, std::span<const std::string> words);

/// What is wrong with a path; nullopt if nothing is.
std::optional<std::string> complaint_about_path(std::string_view path);
/// "Node does not exist: /x", "KeeperErrorCode = ConnectionLoss for /x".
std::string shell_failure(int32_t error, std::string_view path);
/// "cZxid = 0xfb" and the other ten lines.
std::string stat_lines(const protocol::ZkStat& stat);
/// "[a, b]" sorted, and a line break.
std::string children_line(std::vector<std::string> children);
/// "\nWATCHER::\n\nWatchedEvent state:SyncConnected type:NodeDataChanged path:/n\n"; an empty path is null.
std::string watcher_block(std::string_view state, std::string_view type, std::string_view path);
std::string_view watch_type_name(int32_t type);
/// "/a" + "b" = "/a/b", "/" + "b" = "/b".
std::string child_path(std::string_view parent, std::string_view child);

}  // namespace kafkasim::tools
