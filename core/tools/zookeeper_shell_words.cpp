// SPDX-License-Identifier: Apache-2.0
#include "core/tools/zookeeper_shell_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/log/checkpoint_file.hpp"
#include "core/zookeeper/requests.hpp"

namespace kafkasim::tools {
namespace {

constexpr auto kCommands = std::to_array<ShellCommand>({
    {"addWatch",
     "[-m mode] path # optional mode is one of [PERSISTENT, PERSISTENT_RECURSIVE] - default is PERSISTENT_RECURSIVE", 1,
     "", "m", false},
    {"addauth", "scheme auth", 1, "", "", false},
    {"close", "", 0, "", "", true},
    {"config", "[-c] [-w] [-s]", 0, "cws", "", true},
    {"connect", "host:port", 0, "", "", true},
    {"create", "[-s] [-e] [-c] [-t ttl] path [data] [acl]", 1, "sec", "t", true},
    {"delete", "[-v version] path", 1, "", "v", true},
    {"deleteall", "path [-b batch size]", 1, "", "b", true},
    {"delquota", "[-n|-b] path", 1, "nb", "", false},
    {"get", "[-s] [-w] path", 1, "sw", "", true},
    {"getAcl", "[-s] path", 1, "s", "", true},
    {"getAllChildrenNumber", "path", 1, "", "", true},
    {"getEphemerals", "path", 0, "", "", false},
    {"history", "", 0, "", "", true},
    {"listquota", "path", 1, "", "", false},
    {"ls", "[-s] [-w] [-R] path", 1, "swR", "", true},
    {"printwatches", "on|off", 0, "", "", true},
    {"quit", "", 0, "", "", true},
    {"reconfig",
     "[-s] [-v version] [[-file path] | [-members serverID=host:port1:port2;port3[,...]*]] | [-add "
     "serverId=host:port1:port2;port3[,...]]* [-remove serverId[,...]*]",
     0, "s", "v", false},
    {"redo", "cmdno", 0, "", "", true},
    {"removewatches", "path [-c|-d|-a] [-l]", 1, "cdal", "", false},
    {"set", "[-s] [-v version] path data", 2, "s", "v", true},
    {"setAcl", "[-s] [-v version] [-R] path acl", 2, "sR", "v", false},
    {"setquota", "-n|-b val path", 1, "", "nb", false},
    {"stat", "[-w] path", 1, "w", "", true},
    {"sync", "path", 1, "", "", true},
    {"version", "", 0, "", "", true},
});

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_flag(const ShellCommand& command, char letter) { return command.flags.find(letter) != std::string_view::npos; }
bool is_value(const ShellCommand& command, char letter) {
    return command.values.find(letter) != std::string_view::npos;
}
bool is_option(const ShellCommand& command, std::string_view token) {
    return token.size() == 2 && token[0] == '-' && (is_flag(command, token[1]) || is_value(command, token[1]));
}

/// PosixParser.burstToken: "-sR" -> "-s" "-R", "-v3" -> "-v" "3"; a token with a letter that is no option stays whole from there on.
void burst(const ShellCommand& command, std::string_view token, std::vector<std::string>& out) {
    for (size_t i = 1; i < token.size(); ++i) {
        if (is_value(command, token[i])) {
            out.push_back({'-', token[i]});
            if (i + 1 < token.size()) out.emplace_back(token.substr(i + 1));
            return;
        }
        if (!is_flag(command, token[i])) return out.emplace_back(token), void();
        out.push_back({'-', token[i]});
    }
}

std::vector<std::string> flattened(const ShellCommand& command, std::span<const std::string> words) {
    std::vector<std::string> tokens;
    bool only_words = false;
    for (const std::string& word : words) {
        const bool whole = only_words || word.size() <= 2 || word[0] != '-' || word.starts_with("--");
        if (whole) {
            tokens.push_back(word);
        } else {
            burst(command, word, tokens);
        }
        only_words = only_words || word == "--";
    }
    return tokens;
}

/// '.' and '..' as a whole element.
bool is_relative_at(std::string_view path, size_t i) {
    const auto ends_here = [&](size_t next) { return next == path.size() || path[next] == '/'; };
    if (path[i] != '.') return false;
    if (path[i - 1] == '.') return path[i - 2] == '/' && ends_here(i + 1);
    return path[i - 1] == '/' && ends_here(i + 1);
}

}  // namespace

std::span<const ShellCommand> shell_commands() { return kCommands; }

const ShellCommand* find_shell_command(std::string_view name) {
    const auto found =
        std::find_if(kCommands.begin(), kCommands.end(), [&](const ShellCommand& each) { return each.name == name; });
    return found == kCommands.end() ? nullptr : &*found;
}

std::string usage_of(const ShellCommand& command) { return fmt::format("{} {}", command.name, command.usage); }

std::string shell_usage() {
    std::string text = "ZooKeeper -server host:port [-zk-tls-config-file <file>] cmd args\n";
    for (const ShellCommand& command : kCommands) text += "\t" + usage_of(command) + "\n";
    return text;
}

// The pattern is \s*([^"']\S*|"[^"]*"|'[^']*')\s*, found again and again.
std::vector<std::string> shell_words(std::string_view line) {
    std::vector<std::string> words;
    size_t at = 0;
    while (at < line.size()) {
        size_t begin = at;
        while (begin < line.size() && is_space(line[begin])) ++begin;
        if (begin == line.size()) {  // nothing but white space is left: its last character is a word
            words.emplace_back(line.substr(begin - 1));
            return words;
        }
        size_t end = begin;
        if (line[begin] == '"' || line[begin] == '\'') {
            const size_t closing = line.find(line[begin], begin + 1);
            if (closing == std::string_view::npos) {
                at = begin + 1;
                continue;
            }
            words.emplace_back(line.substr(begin + 1, closing - begin - 1));
            end = closing + 1;
        } else {
            while (end < line.size() && !is_space(line[end])) ++end;
            words.emplace_back(line.substr(begin, end - begin));
        }
        while (end < line.size() && is_space(line[end])) ++end;
        at = end;
    }
    return words;
}

ShellArguments parse_shell_arguments(const ShellCommand& command, std::span<const std::string> words) {
    ShellArguments parsed;
    const std::vector<std::string> tokens = flattened(command, words);
    for (size_t i = 0; i < tokens.size(); ++i) {
        const std::string& token = tokens[i];
        if (token == "--") {
            parsed.words.insert(parsed.words.end(), tokens.begin() + static_cast<std::ptrdiff_t>(i) + 1, tokens.end());
            return parsed;
        }
        if (token.size() < 2 || token[0] != '-') {
            parsed.words.push_back(token);
        } else if (!is_option(command, token)) {
            parsed.complaint =
                fmt::format("org.apache.commons.cli.UnrecognizedOptionException: Unrecognized option: {}", token);
            return parsed;
        } else if (is_flag(command, token[1])) {
            parsed.flags.push_back(token[1]);
        } else if (i + 1 == tokens.size() || is_option(command, tokens[i + 1])) {
            parsed.complaint = fmt::format(
                "org.apache.commons.cli.MissingArgumentException: Missing argument for option: {}", token[1]);
            return parsed;
        } else {
            parsed.values.try_emplace(token[1], tokens[++i]);
        }
    }
    return parsed;
}

std::optional<std::string> complaint_about_path(std::string_view path) {
    if (path.empty()) return "Path length must be > 0";
    if (path[0] != '/') return "Path must start with / character";
    if (path.size() == 1) return std::nullopt;
    if (path.back() == '/') return "Path must not end with / character";
    std::string reason;
    for (size_t i = 1; i < path.size() && reason.empty(); ++i) {
        const auto c = static_cast<unsigned char>(path[i]);
        if (c == '/' && path[i - 1] == '/') {
            reason = fmt::format("empty node name specified @{}", i);
        } else if (is_relative_at(path, i)) {
            reason = fmt::format("relative paths not allowed @{}", i);
        } else if (c == 0) {
            reason = fmt::format("null character not allowed @{}", i);
        } else if (c < 0x20 || c == 0x7f) {
            reason = fmt::format("invalid character @{}", i);
        }
    }
    if (reason.empty()) return std::nullopt;
    return fmt::format("Invalid path string \"{}\" caused by {}", path, reason);
}

std::string shell_failure(int32_t error, std::string_view path) {
    switch (error) {
        case zookeeper::kNoNode:
            return fmt::format("Node does not exist: {}", path);
        case zookeeper::kNoChildrenForEphemerals:
            return fmt::format("Ephemerals cannot have children: {}", path);
        case zookeeper::kNodeExists:
            return fmt::format("Node already exists: {}", path);
        case zookeeper::kNotEmpty:
            return fmt::format("Node not empty: {}", path);
        case zookeeper::kBadArguments:
            return fmt::format("Arguments are not valid : {}", path);
        case zookeeper::kBadVersion:
            return fmt::format("version No is not valid : {}", path);
    }
    return fmt::format("KeeperErrorCode = {} for {}", zookeeper::name_of_error(error), path);
}

std::string stat_lines(const protocol::ZkStat& stat) {
    return fmt::format(
        "cZxid = 0x{:x}\nctime = {}\nmZxid = 0x{:x}\nmtime = {}\npZxid = 0x{:x}\ncversion = {}\ndataVersion = {}\n"
        "aclVersion = {}\nephemeralOwner = 0x{:x}\ndataLength = {}\nnumChildren = {}\n",
        stat.czxid, log::java_date(WallMillis{stat.ctime}), stat.mzxid, log::java_date(WallMillis{stat.mtime}),
        stat.pzxid, stat.cversion, stat.version, stat.aversion, stat.ephemeral_owner, stat.data_length,
        stat.num_children);
}

std::string children_line(std::vector<std::string> children) {
    std::sort(children.begin(), children.end());
    return fmt::format("[{}]\n", fmt::join(children, ", "));
}

std::string watcher_block(std::string_view state, std::string_view type, std::string_view path) {
    return fmt::format("\nWATCHER::\n\nWatchedEvent state:{} type:{} path:{}\n", state, type,
                       path.empty() ? "null" : path);
}

std::string_view watch_type_name(int32_t type) {
    switch (type) {
        case zookeeper::kNodeCreated:
            return "NodeCreated";
        case zookeeper::kNodeDeleted:
            return "NodeDeleted";
        case zookeeper::kNodeDataChanged:
            return "NodeDataChanged";
        case zookeeper::kNodeChildrenChanged:
            return "NodeChildrenChanged";
    }
    return "None";
}

std::string child_path(std::string_view parent, std::string_view child) {
    return fmt::format("{}/{}", parent == "/" ? "" : parent, child);
}

}  // namespace kafkasim::tools
