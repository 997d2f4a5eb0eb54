// SPDX-License-Identifier: Apache-2.0

#include "core/tools/tool_process.hpp"

#include <fmt/format.h>

#include "core/protocol/message.hpp"
#include "core/tools/argument_parser.hpp"
#include "core/tools/usage.hpp"

namespace kafkasim::tools {

template <typename Handle>
void ToolProcess::during(node::Env& env, Handle handle) {
    if (main_.done()) return;
    env_ = &env;
    handle();
    resume();
    if (main_.done()) env.exit(main_.result());
    env_ = nullptr;
}

void ToolProcess::resume() {
    if (waiting_) std::exchange(waiting_, nullptr).resume();
}

node::Env& ToolProcess::env() {
    CHECK_INVARIANT(env_ != nullptr, "a tool acts only while an event is being handled");
    return *env_;
}

void ToolProcess::start(node::Env& env) {
    during(env, [&] {
        main_ = run();
        main_.resume();
    });
}

void ToolProcess::on_connected(node::Env& env, node::ConnectionId connection, node::Tag tag) {
    during(env, [&] { client_connected(connection, tag); });
}
void ToolProcess::on_disconnected(node::Env& env, node::ConnectionId connection, node::Tag tag,
                                  node::CloseReason reason) {
    during(env, [&] { client_disconnected(connection, tag, reason); });
}
void ToolProcess::on_message(node::Env& env, node::ConnectionId connection, node::Tag tag,
                             protocol::Message&& message) {
    during(env, [&] { client_message(connection, tag, std::move(message)); });
}
void ToolProcess::on_timer(node::Env& env, node::TimerId timer, node::Tag tag) {
    during(env, [&] { client_timer(timer, tag); });
}
void ToolProcess::on_input(node::Env& env, std::string line) {
    during(env, [&] { lines_.push_back(std::move(line)); });
}
void ToolProcess::on_input_end(node::Env& env) {
    during(env, [&] { input_ended_ = true; });
}

void ToolProcess::on_signal(node::Env& env, node::Signal signal) {
    if (signal_) return;  // a JVM that is shutting down does not hear another one
    signal_ = signal;
    if (!has_shutdown_hook()) return env.exit(exit_code_of_signal());
    during(env, [] {});
}

Task<std::optional<std::string>> ToolProcess::next_line() {
    if (!std::exchange(reads_input_, true)) env().read_input();
    while (lines_.empty() && !input_ended_ && !signal_) co_await next_event();
    if (lines_.empty() || signal_) co_return std::nullopt;
    std::string line = std::move(lines_.front());
    lines_.pop_front();
    co_return line;
}

int ToolProcess::print_usage_and_die(std::string_view message, std::span<const Option> options) {
    err(fmt::format("{}\n{}", message, usage_table(options)));
    return 1;
}

int ToolProcess::uncaught(std::string_view exception) {
    err(fmt::format("Exception in thread \"main\" {}\n", exception));
    return 1;
}

int ToolProcess::parse_failed(const OptionError& error, std::initializer_list<std::string_view> callers) {
    uncaught(error.exception + ": " + error.message);
    for (const std::string& frame : error.frames) err(fmt::format("\tat {}\n", frame));
    for (const std::string_view frame : callers) err(fmt::format("\tat {}\n", frame));
    return 1;
}

int ToolProcess::not_modelled(std::string_view what) {
    err(fmt::format("kafkasim: {} is not modelled yet\n", what));
    return kNotModelled;
}

std::optional<int> ToolProcess::refused(std::string_view script, std::string_view exception) {
    constexpr std::string_view kMark = "not modelled: ";
    const size_t at = exception.find(kMark);
    if (at == std::string_view::npos) return std::nullopt;
    return not_modelled(fmt::format("{} with {}", script, exception.substr(at + kMark.size())));
}

std::optional<int> ToolProcess::help_or_version(const ParsedOptions& options, std::span<const Option> table,
                                                std::string_view about) {
    if (arguments().empty() || options.has("help")) return print_usage_and_die(about, table);
    if (!options.has("version")) return std::nullopt;
    out("3.0.0 (Commit:8cb0a5e9d3441962)\n");
    return 0;
}

std::optional<int> ToolProcess::help_or_mistake(const ArgumentTool& tool, const ParsedArguments& parsed) {
    if (arguments().empty() || parsed.help) {
        out(fmt::format("{}{}", tool.usage, tool.help));
        return parsed.help ? 1 : 0;
    }
    if (!parsed.error) return std::nullopt;
    err(error_text(tool, *parsed.error));
    return 1;
}

std::optional<int> ToolProcess::add_properties(const ArgumentTool& tool, const std::optional<std::string>& path,
                                               client::ClientProperties& properties) {
    if (!path) return std::nullopt;
    const auto file = load_properties(*path);
    if (!file) {
        // The parser tells the message of the IOException: of a missing file its name.
        const std::string& thrown = file.error();
        err(error_text(tool, {thrown.substr(thrown.find(": ") + 2)}));
        return 1;
    }
    for (const auto& [name, value] : file.value()) properties[name] = value;
    return std::nullopt;
}

Result<config::Properties> ToolProcess::load_properties(const std::string& path) {
    if (env().disk().is_directory(path)) return Error{"java.io.IOException: Is a directory"};
    const std::optional<std::string> text = env().disk().read_text(path);
    if (!text) return Error{fmt::format("java.nio.file.NoSuchFileException: {}", path)};
    return config::parse_properties(*text);
}

Result<client::ClientProperties> ToolProcess::client_properties(const std::optional<std::string>& file,
                                                                const std::string& bootstrap) {
    client::ClientProperties properties;
    if (file) {
        const auto loaded = load_properties(*file);
        if (!loaded) return Error{loaded.error()};
        properties.insert(loaded.value().begin(), loaded.value().end());
    }
    properties["bootstrap.servers"] = bootstrap;
    return properties;
}

}  // namespace kafkasim::tools
