// SPDX-License-Identifier: Apache-2.0
#include "core/tools/zookeeper_shell_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"

namespace kafkasim::tools {
namespace {

using State = zookeeper::ZkStateChanged::State;

constexpr uint16_t kZooKeeperComponent = 1;
constexpr Duration kSessionTimeout = 30s;
constexpr std::string_view kVersion =
    "ZooKeeper CLI version: 3.6.3--6401e4ad2087061bc6b9f80dec2d69f2e3c8660a, built on 04/08/2021 16:35 GMT\n";

/// "localhost:2181", the first of several.
node::Endpoint endpoint_of(std::string_view server) {
    const std::string_view first = server.substr(0, server.find(','));
    const size_t colon = first.rfind(':');
    if (colon == std::string_view::npos) return {std::string(first), 2181};
    const auto port = whole_number(first.substr(colon + 1), ArgumentType::Integer);
    return {std::string(first.substr(0, colon)), port ? static_cast<int32_t>(*port) : 2181};
}

/// What is wrong with the list of servers: the exception.
std::optional<std::string> complaint_about_server(std::string_view servers) {
    if (servers.find_first_not_of(',') == std::string_view::npos)
        return "java.lang.IllegalArgumentException: A HostProvider may not be empty!";
    const std::string_view first = servers.substr(0, servers.find(','));
    const size_t colon = first.rfind(':');
    if (colon == std::string_view::npos || whole_number(first.substr(colon + 1), ArgumentType::Integer))
        return std::nullopt;
    return fmt::format("java.lang.NumberFormatException: For input string: \"{}\"", first.substr(colon + 1));
}

bool is_this_host(std::string_view host) {
    return host == "localhost" || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// The command after the server: options of ZooKeeperMain begin with a dash and some take a word.
std::span<const std::string> command_in(std::span<const std::string> words) {
    for (size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "-timeout" || words[i] == "-client-configuration" || words[i] == "-zk-tls-config-file") {
            ++i;
        } else if (!words[i].starts_with('-')) {
            return words.subspan(i);
        }
    }
    return {};
}

}  // namespace

Task<int> ZooKeeperShellCommand::run() {
    if (arguments().empty()) {
        out(fmt::format("USAGE: {} zookeeper_host:port[/path] [-zk-tls-config-file file] [args...]\n", program()));
        co_return 1;
    }
    const std::string server = arguments().front();
    if (server.find('/') != std::string::npos) co_return not_modelled("zookeeper-shell with a path after the port");
    out(fmt::format("Connecting to {}\n", server));
    if (auto exception = complaint_about_server(server)) co_return uncaught(*exception);
    if (!is_this_host(endpoint_of(server).host))
        co_return not_modelled(fmt::format("zookeeper-shell to {}", endpoint_of(server).host));
    connect(server);
    const std::span<const std::string> command = command_in(arguments().subspan(1));
    if (command.empty()) {
        out("Welcome to ZooKeeper!\nJLine support is disabled\n");
        if (co_await read_lines() == kThrown) co_return kFailed;
    } else {
        std::vector<std::string> words(command.begin(), command.end());
        const int code = co_await execute(std::move(words));
        if (code == kThrown) co_return kFailed;
        if (code != kOver) exit_code_ = code;
    }
    node::error(env(), "org.apache.zookeeper.util.ServiceUtils", "Exiting JVM with code {}", exit_code_);
    co_return exit_code_;
}

Task<int> ZooKeeperShellCommand::read_lines() {
    while (true) {
        std::optional<std::string> line = co_await next_line();
        if (!line) co_return kDone;
        if (line->empty()) continue;
        std::vector<std::string> words = shell_words(*line);
        history_.push_back(std::move(*line));
        const int code = co_await execute(std::move(words));
        if (code == kOver || code == kThrown) co_return code;
        exit_code_ = code;
    }
}

Task<int> ZooKeeperShellCommand::execute(std::vector<std::string> words) {
    const ShellCommand* command = words.empty() ? nullptr : find_shell_command(words.front());
    if (command == nullptr) {
        err(shell_usage());
        err(words.empty() ? "No command entered\n"
                          : fmt::format("Command not found: Command not found {}\n", words.front()));
        co_return words.empty() ? kFailed : kNotFound;
    }
    const std::string name(command->name);
    if (name == "redo" && words.size() > 1) co_return co_await redo(std::move(words));
    if (name == "quit" || name == "history" || name == "printwatches" || name == "connect" || name == "redo")
        co_return co_await execute_here(std::move(words));
    if (client_.closed()) {
        out("Not connected\n");
        co_return kDone;
    }
    ShellArguments arguments = parse_shell_arguments(*command, words);
    if (arguments.complaint) co_return fail(*arguments.complaint);
    if (arguments.words.size() <= command->arguments) co_return fail(usage_of(*command));
    rewrite_old_form(*command, words, arguments);
    if (!command->modelled) co_return not_modelled(fmt::format("{} in zookeeper-shell", name));
    co_return co_await act(std::move(arguments));
}

/// What the shell does by itself. Afterwards it complains, as after every command, if there is no session.
Task<int> ZooKeeperShellCommand::execute_here(std::vector<std::string> words) {
    if (words.front() == "quit") {
        co_await close_session();
        co_return kOver;
    }
    if (words.front() == "history") show_history();
    if (words.front() == "printwatches" && words.size() == 1)
        out(fmt::format("printwatches is {}\n", print_watches_ ? "on" : "off"));
    if (words.front() == "printwatches" && words.size() > 1) print_watches_ = words[1] == "on";
    if (words.front() == "connect") {
        co_await close_session();
        connect(words.size() > 1 ? words[1] : server_);
    }
    if (client_.closed()) out("Not connected\n");
    co_return kDone;
}

Task<int> ZooKeeperShellCommand::redo(std::vector<std::string> words) {
    const auto number = whole_number(words[1], ArgumentType::Integer);
    if (!number || *number < 0 || *number + 1 >= static_cast<int64_t>(history_.size()))
        co_return fail("Command index out of range");
    const std::string line = history_[static_cast<size_t>(*number)];
    std::vector<std::string> again = shell_words(line);
    if (!again.empty() && again.front() == "redo") co_return fail("No redoing redos");
    history_.back() = line;
    const int code = co_await execute(std::move(again));
    co_return code == kOver || code == kThrown ? code : kDone;  // redo itself has gone well
}

void ZooKeeperShellCommand::rewrite_old_form(const ShellCommand& command, std::vector<std::string>& words,
                                             ShellArguments& arguments) {
    const bool may_watch = command.name == "ls" || command.name == "get" || command.name == "stat";
    if (!may_watch || arguments.words.size() <= 2) return;
    words[2] = "-w";
    err(fmt::format("'{} path [watch]' has been deprecated. Please use '{}' instead.\n", command.name,
                    command.name == "ls" ? "ls [-w] path" : usage_of(command)));
    arguments = parse_shell_arguments(command, words);
}

void ZooKeeperShellCommand::show_history() {
    const size_t first = history_.size() > 11 ? history_.size() - 11 : 0;
    for (size_t i = first; i < history_.size(); ++i) out(fmt::format("{} - {}\n", i, history_[i]));
}

Task<int> ZooKeeperShellCommand::act(ShellArguments arguments) {
    const std::string name = arguments.words.front();
    if (name == "ls") co_return co_await list(std::move(arguments));
    if (name == "get") co_return co_await get(std::move(arguments));
    if (name == "stat") co_return co_await stat(std::move(arguments));
    if (name == "set") co_return co_await set(std::move(arguments));
    if (name == "create") co_return co_await create(std::move(arguments));
    if (name == "delete") co_return co_await remove(std::move(arguments));
    if (name == "deleteall") co_return co_await remove_all(std::move(arguments));
    if (name == "getAllChildrenNumber") co_return co_await count_below(std::move(arguments));
    if (name == "getAcl") co_return co_await get_acl(std::move(arguments));
    if (name == "sync") co_return co_await sync(std::move(arguments));
    if (name == "config") co_return co_await config();
    if (name == "close") co_return co_await close_session();
    out(kVersion);
    co_return kDone;
}

Task<protocol::Body> ZooKeeperShellCommand::ask(protocol::Body request) {
    const uint64_t token = next_token_++;
    std::vector<protocol::Body> requests;
    requests.push_back(std::move(request));
    client_.submit(env(), token, std::move(requests));
    while (!answers_.contains(token)) co_await next_event();
    protocol::Body answer = std::move(answers_.at(token));
    answers_.erase(token);
    co_return answer;
}

/// Ends the session by the server; while there is no connection it waits for one, or for the attempt to fail.
Task<int> ZooKeeperShellCommand::close_session() {
    const uint64_t failed_before = failed_attempts_;
    while (!client_.connected() && !client_.closed() && failed_attempts_ == failed_before) co_await next_event();
    if (client_.closed()) co_return kDone;
    client_.close(env());
    if (client_.closed()) state_changed(State::Closed);  // nobody there to tell
    while (!client_.closed()) co_await next_event();
    co_return kDone;
}

void ZooKeeperShellCommand::connect(const std::string& server) {
    server_ = server;
    client_ = zookeeper::ZkClient(endpoint_of(server), kSessionTimeout, kZooKeeperComponent);
    client_.start(env());
}

int ZooKeeperShellCommand::fail(std::string_view message) {
    err(fmt::format("{}\n", message));
    return kFailed;
}

int ZooKeeperShellCommand::thrown(std::string_view exception) {
    uncaught(exception);
    return kThrown;
}

// --- what the session tells

void ZooKeeperShellCommand::client_connected(node::ConnectionId, node::Tag) {
    std::vector<zookeeper::ZkClientEvent> events;
    client_.on_connected(env(), events);
    tell(std::move(events));
}

void ZooKeeperShellCommand::client_disconnected(node::ConnectionId, node::Tag, node::CloseReason reason) {
    std::vector<zookeeper::ZkClientEvent> events;
    client_.on_disconnected(env(), reason, events);
    ++failed_attempts_;
    client_.fail_unanswered(events);
    tell(std::move(events));
}

void ZooKeeperShellCommand::client_message(node::ConnectionId, node::Tag, protocol::Message&& message) {
    std::vector<zookeeper::ZkClientEvent> events;
    client_.on_message(env(), std::move(message), events);
    tell(std::move(events));
}

void ZooKeeperShellCommand::client_timer(node::TimerId, node::Tag tag) {
    std::vector<zookeeper::ZkClientEvent> events;
    client_.on_timer(env(), tag, events);
    tell(std::move(events));
}

void ZooKeeperShellCommand::tell(std::vector<zookeeper::ZkClientEvent>&& events) {
    for (zookeeper::ZkClientEvent& event : events) {
        if (auto* replies = std::get_if<zookeeper::ZkReplies>(&event)) {
            answers_.insert_or_assign(replies->token, std::move(replies->replies.front()));
        } else if (const auto* fired = std::get_if<zookeeper::ZkWatchFired>(&event)) {
            if (print_watches_) out(watcher_block("SyncConnected", watch_type_name(fired->type), fired->path));
        } else {
            state_changed(std::get<zookeeper::ZkStateChanged>(event).state);
        }
    }
}

void ZooKeeperShellCommand::state_changed(State state) {
    if (!print_watches_) return;
    switch (state) {
        case State::Connected:
            return out(watcher_block("SyncConnected", "None", ""));
        case State::Disconnected:
            return out(watcher_block("Disconnected", "None", ""));
        case State::Expired:
            return out(watcher_block("Expired", "None", ""));
        case State::Closed:
            return out(watcher_block("Closed", "None", ""));
    }
}

}  // namespace kafkasim::tools
