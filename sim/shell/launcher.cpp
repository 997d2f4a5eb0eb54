// SPDX-License-Identifier: Apache-2.0
#include "sim/shell/launcher.hpp"

#include "core/tools/programs.hpp"
#include "sim/shell/command_line.hpp"
#include "sim/shell/coreutils.hpp"
#include "sim/shell/glob.hpp"
#include "sim/shell/stop_scripts.hpp"

namespace kafkasim::sim {

namespace {

constexpr int kNotFound = 127;
constexpr int kSyntaxError = 2;
constexpr Duration kForkAndExec = 2ms;

struct Found {
    std::unique_ptr<node::Node> node;
    Duration start_up = kForkAndExec;
    LogStyle log_style = LogStyle::Tool;
    bool daemon = false;
};

/// Kafka's scripts are found by their path, as in bash: bin/kafka-topics.sh from the folder of the tarball; they
/// are not on the PATH.
bool is_in_the_tarball(const std::string& word) {
    return word.find('/') != std::string::npos &&
           VirtualDisk::absolute(word).starts_with(std::string(VirtualDisk::kHome) + "/bin/") && word.ends_with(".sh");
}

std::string base_name(const std::string& path) {
    const size_t slash = path.rfind('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::optional<Found> find_program(World& world, const std::vector<std::string>& words) {
    if (auto node = make_coreutil(words)) return Found{std::move(node), kForkAndExec, LogStyle::Tool, false};
    if (!is_in_the_tarball(words.front())) return std::nullopt;
    if (auto node = make_stop_script(world, base_name(words.front())))
        return Found{std::move(node), kForkAndExec, LogStyle::Tool, false};
    if (auto program = tools::make_program(words)) {
        return Found{std::move(program->node), program->start_up,
                     program->is_server ? LogStyle::Server : LogStyle::Tool, program->daemon};
    }
    return std::nullopt;
}

/// An interactive bash does not number lines.
Launch failed(bool terminal, const std::string& text, int code, int line = 1) {
    Launch launch;
    launch.error_text = (terminal ? "bash: " : "bash: line " + std::to_string(line) + ": ") + text + "\n";
    launch.exit_code = code;
    return launch;
}

void feed(World& world, ProcessId process, const std::string& text) {
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find('\n', at), text.size());
        world.type(process, text.substr(at, end - at));
        at = end + 1;
    }
    world.end_input(process);
}

}  // namespace

Launch launch(World& world, const std::string& command_line, bool terminal) {
    auto parsed = parse_command_line(command_line);
    if (!parsed) return failed(terminal, parsed.error(), kSyntaxError);
    const CommandLine line = std::move(parsed).value();
    std::vector<Found> found;
    for (const Command& command : line.pipeline) {
        if (command.input_file && !world.disk().read_text(*command.input_file)) {
            return failed(terminal, *command.input_file + ": No such file or directory", 1, line.line);
        }
        auto program = find_program(world, expanded_words(command, world.disk()));
        if (!program) {
            const bool is_path = command.words.front().find('/') != std::string::npos;
            return failed(terminal,
                          command.words.front() + (is_path ? ": No such file or directory" : ": command not found"),
                          kNotFound, line.line);
        }
        found.push_back(std::move(*program));
    }
    Launch result;
    result.pipeline.resize(found.size());
    for (size_t i = found.size(); i-- > 0;) {
        const Command& command = line.pipeline[i];
        ProcessOptions options;
        options.name = base_name(command.words.front());
        options.command = command_line;
        options.log_style = found[i].log_style;
        options.start_up = found[i].start_up;
        options.output_file = command.output_file;
        options.append_output = command.append;
        options.terminal =
            terminal && found.size() == 1 && !command.input_file && !command.output_file && !found[i].daemon;
        result.daemon = result.daemon || found[i].daemon;
        if (i + 1 < found.size()) options.output_to = result.pipeline[i + 1];
        result.pipeline[i] = world.spawn(std::move(found[i].node), std::move(options));
    }
    const auto& input = line.pipeline.front().input_file;
    if (input) feed(world, result.first(), *world.disk().read_text(*input));
    result.reads_terminal = !input.has_value();
    result.in_background = line.in_background;
    return result;
}

int pid_of(ProcessId process) {
    constexpr int kFirst = 1001;
    return kFirst + static_cast<int>(process);
}

}  // namespace kafkasim::sim
