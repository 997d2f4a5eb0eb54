// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/lab_screen.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "sim/lab/columns.hpp"

namespace kafkasim::sim::cli {

namespace {

// Escape sequences: ESC 7 and ESC 8 keep the cursor's place and go back to it; ESC [ r is the region that scrolls.

// What a signal handler needs: it may only write, and only a global reaches it.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
volatile std::sig_atomic_t size_changed = 0;
termios terminal_before;
char give_back[64];
size_t give_back_length = 0;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

void restore() {
    const ssize_t ignored = ::write(STDOUT_FILENO, give_back, give_back_length);
    static_cast<void>(ignored);
    tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
}

extern "C" void on_size(int) { size_changed = 1; }

extern "C" void on_end(int number) {
    restore();
    std::signal(number, SIG_DFL);
    std::raise(number);
}

void handle(int number, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigaction(number, &action, nullptr);
}

std::string_view code_of(Style style) {
    switch (style) {
        case Style::Plain:
            return "";
        case Style::Dim:
            return "\033[2m";
        case Style::Prompt:
            return "\033[1;36m";
        case Style::Problem:
            return "\033[33m";
        case Style::Note:
            return "\033[32m";
    }
    return "";
}

}  // namespace

LabScreen::LabScreen() {
    const char* no_colour = std::getenv("NO_COLOR");
    colour_ = no_colour == nullptr || *no_colour == '\0';
    tcgetattr(STDIN_FILENO, &terminal_before);
    // Also before the first line, see LabTerminal.
    termios quiet = terminal_before;
    quiet.c_lflag &= static_cast<tcflag_t>(~(ECHO | ICANON | ISIG));
    tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
    handle(SIGWINCH, on_size);
    for (const int number : {SIGTERM, SIGHUP, SIGABRT, SIGSEGV}) handle(number, on_end);
    std::fputs("\n\033[1A", stdout);  // a free row below the cursor: it is not in the last one
    take_size();
}

LabScreen::~LabScreen() {
    std::fflush(stdout);
    restore();
    for (const int number : {SIGWINCH, SIGTERM, SIGHUP, SIGABRT, SIGSEGV}) std::signal(number, SIG_DFL);
}

void LabScreen::take_size() {
    winsize size{};
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 1;
    columns_ = known ? size.ws_col : 80;
    rows_ = known ? size.ws_row : 24;
    // The region that scrolls; setting it moves the cursor, so it is kept over that.
    fmt::print("\0337\033[1;{}r\0338", rows_ - 1);
    const auto written =
        fmt::format_to_n(give_back, sizeof give_back, "\033[m\0337\033[r\033[{};1H\033[2K\0338", rows_);
    give_back_length = written.size;
    shown_status_.clear();
}

bool LabScreen::resized() {
    if (size_changed == 0) return false;
    size_changed = 0;
    // What the terminal made of the old rows is anybody's guess.
    std::fputs("\033[r\033[H\033[2J", stdout);
    take_size();
    write_again();
    return true;
}

void LabScreen::write_again() {
    size_t begin = written_.size();
    size_t used = 0;
    while (begin > 0) {
        const size_t before = begin < 2 ? std::string::npos : written_.rfind('\n', begin - 2);
        const size_t line = before == std::string::npos ? 0 : before + 1;
        used += 1 + lab::columns_of(std::string_view(written_).substr(line, begin - line)) / (columns_ + 1);
        if (used + 2 > rows_) break;
        begin = line;
    }
    std::string again;
    for (const char c : written_.substr(begin)) again += c == '\n' ? std::string("\r\n") : std::string(1, c);
    std::fwrite(again.data(), 1, again.size(), stdout);
}

void LabScreen::remember(std::string_view text) {
    constexpr size_t kMost = 20000;
    written_ += text;
    if (written_.size() > 2 * kMost) written_.erase(0, written_.find('\n', written_.size() - kMost) + 1);
}

void LabScreen::status(const std::string& line) {
    if (line == shown_status_) return;
    shown_status_ = line;
    fmt::print("\0337\033[{};1H\033[7m{}\033[m\0338", rows_, line);
}

void LabScreen::write(std::string_view text, Style style) {
    remember(text);
    const std::string_view code = colour_ ? code_of(style) : "";
    std::string out(code);
    for (const char c : text) {
        if (c == '\n') out += '\r';
        out += c;
    }
    if (!code.empty()) out += "\033[m";
    std::fwrite(out.data(), 1, out.size(), stdout);
}

void LabScreen::erase_edited(size_t before, size_t all) {
    const size_t cursor_row = before / columns_;
    const size_t last_row = all / columns_;
    std::string out = "\r";
    if (cursor_row > 0) out += fmt::format("\033[{}A", cursor_row);
    for (size_t row = 0; row <= last_row; ++row) out += row < last_row ? "\033[2K\033[1B" : "\033[2K";
    if (last_row > 0) out += fmt::format("\033[{}A", last_row);
    std::fwrite(out.data(), 1, out.size(), stdout);
}

void LabScreen::clear() {
    std::fputs("\033[H\033[2J", stdout);
    shown_status_.clear();
    written_.clear();
}

void LabScreen::flush() { std::fflush(stdout); }

}  // namespace kafkasim::sim::cli
