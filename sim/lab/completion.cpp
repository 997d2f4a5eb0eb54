// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/completion.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "core/broker/broker.hpp"
#include "core/tools/programs.hpp"
#include "core/zookeeper/server.hpp"
#include "sim/lab/commands.hpp"
#include "sim/lab/describe.hpp"
#include "sim/lab/session.hpp"
#include "sim/observe/camera.hpp"

namespace kafkasim::sim::lab {

namespace {

using Words = std::vector<std::string>;

constexpr std::string_view kHostCommands[] = {"cat", "cp", "echo", "ls", "mkdir", "rm", "seq"};
constexpr std::string_view kZooKeeperWords[] = {"create", "delete", "deleteall", "get", "ls", "quit", "set", "stat"};

template <typename List>
Words words_of(const List& list) {
    Words words;
    for (const auto& each : list) words.emplace_back(each);
    return words;
}

Words topics(const Session& session) {
    Words names;
    const auto* zookeeper = zookeeper_of(session.world());
    const zookeeper::Znode* node = zookeeper == nullptr ? nullptr : zookeeper->tree().find("/brokers/topics");
    if (node != nullptr) names.assign(node->children.begin(), node->children.end());
    return names;
}

Words groups(const Session& session) {
    Words names;
    for (const auto& [id, broker] : brokers_of(session.world())) {
        for (const auto& [name, group] : broker->state().groups.groups()) names.push_back(name);
    }
    return names;
}

Words bootstrap_servers(const Session& session) {
    Words servers;
    for (const BrokerView& broker : look_at_brokers(session.world(), session.scenario())) {
        if (broker.up) servers.push_back("localhost:" + std::to_string(broker.port));
    }
    return servers;
}

Words processes(const Session& session) {
    Words names{"zookeeper"};
    for (const BrokerInstallation& broker : session.scenario().cluster.brokers)
        names.push_back("broker-" + std::to_string(broker.id));
    return names;
}

Words terminals(const Session& session) {
    Words names;
    for (const Terminal& each : session.terminals()) names.push_back(each.name);
    return names;
}

/// Paths that begin as `word` does.
Words files(const Session& session, const std::string& word) {
    const std::string folder = word.substr(0, word.rfind('/') + 1);
    Words paths;
    const VirtualDisk& disk = session.world().disk();
    for (const std::string& name : disk.list(folder.empty() ? "." : folder).value_or(Words()))
        paths.push_back(folder + name + (disk.is_directory(folder + name) ? "/" : ""));
    return paths;
}

Words znodes(const Session& session, const std::string& word) {
    const auto* zookeeper = zookeeper_of(session.world());
    if (zookeeper == nullptr || !word.starts_with('/')) return {};
    const std::string folder = word.substr(0, word.rfind('/') + 1);
    const std::string parent = folder == "/" ? folder : folder.substr(0, folder.size() - 1);
    const zookeeper::Znode* node = zookeeper->tree().find(parent);
    Words paths;
    for (const std::string& child : node == nullptr ? std::set<std::string>() : node->children)
        paths.push_back(folder + child);
    return paths;
}

Words scripts() {
    Words names;
    for (const tools::Script& script : tools::scripts()) names.push_back("bin/" + std::string(script.name) + ".sh");
    return names;
}

Words option_names(const std::string& name) {
    Words names;
    for (const tools::Script& script : tools::scripts()) {
        if (script.name != name || script.options == nullptr) continue;
        for (const tools::Option& option : script.options()) names.push_back("--" + std::string(option.name));
    }
    return names;
}

/// What may stand behind an option; nullopt: anything.
std::optional<Words> values_of(const Session& session, const std::string& option, const Words& before) {
    if (option == "--topic") return topics(session);
    if (option == "--group") return groups(session);
    if (option == "--bootstrap-server" || option == "--broker-list") return bootstrap_servers(session);
    if (option == "--entity-type") return Words{"brokers", "topics"};
    if (option == "--offset") return Words{"earliest", "latest"};
    if (option == "--election-type") return Words{"preferred", "unclean"};
    if (option != "--entity-name") return std::nullopt;
    const bool of_brokers = std::find(before.begin(), before.end(), "brokers") != before.end();
    if (!of_brokers) return topics(session);
    Words ids;
    for (const BrokerView& broker : look_at_brokers(session.world(), session.scenario()))
        ids.push_back(std::to_string(broker.id));
    return ids;
}

Words for_shell(const Session& session, const Words& before, const std::string& word) {
    const bool is_program = before.empty() || before.back() == "|";
    if (is_program) {
        Words names = scripts();
        for (const std::string_view name : kHostCommands) names.emplace_back(name);
        return names;
    }
    if (auto values = values_of(session, before.back(), before)) return *values;
    if (word.starts_with('-')) return option_names(tools::script_name(before.front()));
    const std::string script = tools::script_name(before.front());
    if (script == "zookeeper-shell") return {"localhost:" + std::to_string(session.scenario().cluster.zookeeper_port)};
    return files(session, word);
}

Words for_lab(const Session& session, const Words& before, const std::string& word) {
    Words names;
    if (before.empty() || before.front() == ":help") {
        for (const LabCommand& command : lab_commands()) names.push_back(":" + std::string(command.name));
        return names;
    }
    const std::string& command = before.front();
    if (command == ":go" || command == ":watch" || command == ":unwatch") return terminals(session);
    if (command == ":until") return {"idle"};
    if (command == ":speed") return {"max", "real"};
    if (command == ":set") return before.size() == 1 ? files(session, word) : Words();
    for (const std::string_view each :
         {":start", ":stop", ":kill", ":pause", ":resume", ":power-off", ":cut", ":heal", ":slow", ":disk", ":clock"}) {
        if (command == each) return processes(session);
    }
    return {};
}

}  // namespace

std::string Completion::common() const {
    if (candidates.empty()) return "";
    // Sorted: what the first and the last share, all share.
    const std::string& first = candidates.front();
    const std::string& last = candidates.back();
    size_t length = 0;
    while (length < std::min(first.size(), last.size()) && first[length] == last[length]) ++length;
    while (length > 0 && length < first.size() && (static_cast<uint8_t>(first[length]) & 0xc0U) == 0x80U) --length;
    return first.substr(0, length);
}

Completion complete(const Session& session, std::string_view line) {
    Completion completion;
    const size_t space = line.find_last_of(" \t");
    completion.begin = space == std::string_view::npos ? 0 : space + 1;
    const std::string word(line.substr(completion.begin));
    Words before;
    for (std::string& each : split(line.substr(0, completion.begin), ' ')) {
        if (!each.empty()) before.push_back(std::move(each));
    }
    Words names;
    if (line.starts_with(':'))
        names = for_lab(session, before, word);
    else if (!session.busy())
        names = for_shell(session, before, word);
    else
        names = before.empty() ? words_of(kZooKeeperWords) : znodes(session, word);
    if (session.busy() && !line.starts_with(':') && !session.runs("zookeeper-shell.sh")) names.clear();
    for (std::string& name : names) {
        if (name.starts_with(word)) completion.candidates.push_back(std::move(name));
    }
    std::sort(completion.candidates.begin(), completion.candidates.end());
    completion.candidates.erase(std::unique(completion.candidates.begin(), completion.candidates.end()),
                                completion.candidates.end());
    return completion;
}

}  // namespace kafkasim::sim::lab
