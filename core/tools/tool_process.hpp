// SPDX-License-Identifier: Apache-2.0
#pragma once
// A command-line tool as a process: owns the coroutine that is its main(), wakes it after every event, and ends the
// process with the exit code that it returns.
// Derived tools hand the events of their client on. The Env is at hand only while an event is being handled, which
// is also the only time the coroutine runs.

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/client/client_properties.hpp"
#include "core/node/node.hpp"
#include "core/tools/option_parser.hpp"
#include "core/tools/task.hpp"

namespace kafkasim::client {
class Consumer;
}

namespace kafkasim::tools {

struct ArgumentTool;
struct ParsedArguments;

/// Exit code of what this program does not model.
inline constexpr int kNotModelled = 64;
/// Exit codes of a JVM that SIGINT or SIGTERM ended.
inline constexpr int kInterrupted = 130;
inline constexpr int kTerminated = 143;

class ToolProcess : public node::Node {
public:
    /// `words` as typed, the program's name first.
    explicit ToolProcess(std::vector<std::string> words) : words_(std::move(words)) {}

    void start(node::Env& env) final;
    void on_accepted(node::Env&, node::ConnectionId, int32_t) final {}
    void on_connected(node::Env& env, node::ConnectionId connection, node::Tag tag) final;
    void on_disconnected(node::Env& env, node::ConnectionId connection, node::Tag tag, node::CloseReason reason) final;
    void on_message(node::Env& env, node::ConnectionId connection, node::Tag tag, protocol::Message&& message) final;
    void on_timer(node::Env& env, node::TimerId timer, node::Tag tag) final;
    void on_input(node::Env& env, std::string line) final;
    void on_input_end(node::Env& env) final;
    void on_signal(node::Env& env, node::Signal signal) final;

    /// The consumer that it reads with, for who looks on from outside; nullptr if it has none.
    virtual const client::Consumer* consumer() const { return nullptr; }

protected:
    /// main(): returns the exit code.
    virtual Task<int> run() = 0;

    // What the world tells of the tool's client.
    virtual void client_connected(node::ConnectionId, node::Tag) {}
    virtual void client_disconnected(node::ConnectionId, node::Tag, node::CloseReason) {}
    virtual void client_message(node::ConnectionId, node::Tag, protocol::Message&&) {}
    virtual void client_timer(node::TimerId, node::Tag) {}
    /// True if the tool ends in its own time after Ctrl+C (a JVM's shutdown hook); otherwise it ends at once.
    virtual bool has_shutdown_hook() const { return false; }

    struct NextEvent {
        ToolProcess& process;
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> waiting) const noexcept { process.waiting_ = waiting; }
        void await_resume() const noexcept {}
    };
    /// Waits until something was told to this process; what it was, the tool looks up in its own state.
    NextEvent next_event() { return {*this}; }
    /// The next line of standard input; nullopt at its end, or when a signal has come.
    Task<std::optional<std::string>> next_line();

    node::Env& env();
    std::span<const std::string> arguments() const { return std::span(words_).subspan(1); }
    const std::string& program() const { return words_.front(); }
    const std::optional<node::Signal>& signal() const { return signal_; }
    int exit_code_of_signal() const { return signal_ == node::Signal::Interrupt ? kInterrupted : kTerminated; }
    void out(std::string_view text) { env().print(node::Output::Stdout, text); }
    void err(std::string_view text) { env().print(node::Output::Stderr, text); }

    // CommandLineUtils. All return the exit code.
    int print_usage_and_die(std::string_view message, std::span<const Option> options);
    int uncaught(std::string_view exception);
    /// What main() throws when the option parser refuses the words; `callers` are the tool's own frames of the
    /// stack, below the parser's.
    int parse_failed(const OptionError& error, std::initializer_list<std::string_view> callers);
    int not_modelled(std::string_view what);
    /// The exit code, if the exception of a client's properties says that they ask for what is not modelled.
    std::optional<int> refused(std::string_view script, std::string_view exception);
    /// The exit code if --help or no argument, or --version, was given.
    std::optional<int> help_or_version(const ParsedOptions& options, std::span<const Option> table,
                                       std::string_view about);
    /// The same for tools of argparse4j; also if they were given a mistake.
    std::optional<int> help_or_mistake(const ArgumentTool& tool, const ParsedArguments& parsed);
    /// A .properties file from the disk; the error is what Java's NoSuchFileException prints.
    Result<config::Properties> load_properties(const std::string& path);
    /// Adds those of the file that such an option names, if it is there; the exit code if it cannot be read.
    std::optional<int> add_properties(const ArgumentTool& tool, const std::optional<std::string>& path,
                                      client::ClientProperties& properties);
    /// What a client is made with: those of a file (if any) and the bootstrap servers.
    Result<client::ClientProperties> client_properties(const std::optional<std::string>& file,
                                                       const std::string& bootstrap);

private:
    template <typename Handle>
    void during(node::Env& env, Handle handle);
    void resume();

    std::vector<std::string> words_;
    node::Env* env_ = nullptr;  // set while an event is being handled
    Task<int> main_;
    std::coroutine_handle<> waiting_;
    bool reads_input_ = false;
    bool input_ended_ = false;
    std::deque<std::string> lines_;
    std::optional<node::Signal> signal_;
};

}  // namespace kafkasim::tools
