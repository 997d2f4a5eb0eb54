// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/real_terminal.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "tests/catch.hpp"

namespace kafkasim::sim::lab {

namespace {

constexpr int kLooks = 600;
constexpr useconds_t kBetweenLooks = 50'000;

std::string output_of(const std::string& command) {
    FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string output;
    char buffer[4096];
    for (size_t count = fread(buffer, 1, sizeof buffer, pipe); count > 0; count = fread(buffer, 1, sizeof buffer, pipe))
        output.append(buffer, count);
    pclose(pipe);
    return output;
}

std::string quoted(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

}  // namespace

bool RealTerminal::can_be_had() { return std::system("command -v tmux >/dev/null 2>&1") == 0; }

RealTerminal::RealTerminal(const std::string& arguments, int columns, int rows)
    : socket_("kafkasim-test-" + std::to_string(getpid()) + "-" + std::to_string(columns) + "x" +
              std::to_string(rows)) {
    const std::string program = std::string(KAFKASIM_BINARY_DIR) + "/kafkasim";
    INFO("the program has to be built: " << program);
    REQUIRE(access(program.c_str(), X_OK) == 0);
    const std::string command =
        "env NO_COLOR=1 " + program + " lab " + arguments + "; echo \"exit code $?\"; exec sleep 600";
    tmux("-f /dev/null new-session -d -x " + std::to_string(columns) + " -y " + std::to_string(rows) + " " +
         quoted(command));
    tmux("set-option -g status off");
}

RealTerminal::~RealTerminal() { tmux("kill-server"); }

std::string RealTerminal::tmux(const std::string& command) const {
    return output_of("env -u TMUX TERM=xterm LC_ALL=C.UTF-8 tmux -u -L " + socket_ + " " + command + " 2>&1");
}

void RealTerminal::letters(const std::string& text) { tmux("send-keys -l -- " + quoted(text)); }

void RealTerminal::key(const std::string& name) { tmux("send-keys " + name); }

void RealTerminal::line(const std::string& text) {
    letters(text);
    key("Enter");
}

void RealTerminal::resize(int columns, int rows) {
    tmux("resize-window -x " + std::to_string(columns) + " -y " + std::to_string(rows));
}

std::string RealTerminal::screen() const { return tmux("capture-pane -p"); }

bool RealTerminal::shows(const std::string& text) {
    for (int look = 0; look < kLooks; ++look) {
        if (screen().find(text) != std::string::npos) return true;
        usleep(kBetweenLooks);
    }
    UNSCOPED_INFO("looked for: " << text << "\nin the window:\n" << screen());
    return false;
}

std::string RealTerminal::picture() {
    constexpr int kTheSame = 8;
    std::string last = screen();
    for (int same = 0, look = 0; same < kTheSame && look < kLooks; ++look) {
        usleep(kBetweenLooks);
        const std::string now = screen();
        same = now == last ? same + 1 : 0;
        last = now;
    }
    return last;
}

bool RealTerminal::ended() { return shows("exit code "); }

}  // namespace kafkasim::sim::lab
