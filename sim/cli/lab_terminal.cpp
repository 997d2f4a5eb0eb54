// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/lab_terminal.hpp"

#include <histedit.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <clocale>
#include <cwchar>

#include "core/base/text.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/lab_screen.hpp"
#include "sim/lab/columns.hpp"
#include "sim/lab/completion.hpp"
#include "sim/lab/status.hpp"

namespace kafkasim::sim::cli {

namespace {

using WallTime = std::chrono::steady_clock;

constexpr int kBetweenLooksMs = 40;
constexpr Duration kMostAtOnce = 250ms;  // of wall time: a machine that slept does not make the cluster hurry

enum class Key : unsigned char { None, Interrupt, EndOfInput };

class LabTerminal {
public:
    LabTerminal(scenario::Scenario scenario, lab::SessionOptions options, const std::string& speed);
    ~LabTerminal();
    LabTerminal(const LabTerminal&) = delete;
    LabTerminal& operator=(const LabTerminal&) = delete;

    int run();

private:
    static LabTerminal& of(EditLine* editor);
    static int read_key(EditLine* editor, wchar_t* key);
    static char* prompt_of(EditLine* editor);
    static unsigned char on_interrupt(EditLine* editor, int);
    static unsigned char on_end(EditLine* editor, int);
    static unsigned char on_tab(EditLine* editor, int);
    static unsigned char on_terminal(EditLine* editor, int key);

    void bind_keys();
    bool read_letter(wchar_t& letter);
    void let_time_pass();
    void show_pending();
    void print(const lab::Shown& shown);
    void write_above(const std::function<void()>& write);
    void refresh_status();
    void go_to(const std::string& name);
    bool typed(const std::string& line);
    void complete();
    std::string line_before_cursor() const;
    std::string prompt_text() const;
    bool more_input(int wait_ms) const;

    LabScreen screen_;
    std::vector<lab::Shown> pending_;
    lab::Session session_;
    EditLine* editor_ = nullptr;
    History* history_ = nullptr;
    HistEvent history_event_{};
    Key key_ = Key::None;
    std::string prompt_;
    std::string shown_prompt_;
    std::string partial_;  // what the focused program printed behind its last line end
    Duration owed_{};
    bool asked_to_leave_ = false;
    WallTime::time_point looked_ = WallTime::now();
    bool editing_ = false;
    bool input_is_over_ = false;
};

lab::SessionOptions with_sink(lab::SessionOptions options, std::vector<lab::Shown>& pending) {
    constexpr size_t kContext = 5;
    options.context_lines = kContext;
    options.sink = [&pending](const lab::Shown& shown) { pending.push_back(shown); };
    return options;
}

LabTerminal::LabTerminal(scenario::Scenario scenario, lab::SessionOptions options, const std::string& speed)
    : session_(std::move(scenario), with_sink(std::move(options), pending_)) {
    session_.speed = speed == "max" ? 0 : speed == "real" ? 1 : std::stod(speed);
    editor_ = el_init("kafkasim", stdin, stdout, stderr);
    el_set(editor_, EL_CLIENTDATA, this);
    el_set(editor_, EL_EDITOR, "emacs");
    el_set(editor_, EL_SIGNAL, 0);
    // Ctrl+C, Ctrl+Z and the like are keys, not signals to the lab; and what is typed ahead, between two lines, is for
    // the editor to show.
    el_set(editor_, EL_SETTY, "-d", "-isig", nullptr);
    el_set(editor_, EL_SETTY, "-x", "-isig", "-icanon", "-echo", nullptr);
    constexpr int kEscape = '\1';  // around what takes no column
    el_set(editor_, EL_PROMPT_ESC, &LabTerminal::prompt_of, kEscape);
    el_set(editor_, EL_GETCFN, &LabTerminal::read_key);
    history_ = history_init();
    constexpr int kHistory = 1000;
    ::history(history_, &history_event_, H_SETSIZE, kHistory);
    ::history(history_, &history_event_, H_SETUNIQUE, 1);
    el_set(editor_, EL_HIST, ::history, history_);
    bind_keys();
}

LabTerminal::~LabTerminal() {
    history_end(history_);
    el_end(editor_);
}

void LabTerminal::bind_keys() {
    el_set(editor_, EL_ADDFN, "lab-interrupt", "Ctrl+C", &LabTerminal::on_interrupt);
    el_set(editor_, EL_ADDFN, "lab-end", "End of input", &LabTerminal::on_end);
    el_set(editor_, EL_ADDFN, "lab-complete", "Complete", &LabTerminal::on_tab);
    el_set(editor_, EL_ADDFN, "lab-terminal", "Go to a terminal", &LabTerminal::on_terminal);
    el_set(editor_, EL_BIND, "^C", "lab-interrupt", nullptr);
    el_set(editor_, EL_BIND, "^D", "lab-end", nullptr);
    el_set(editor_, EL_BIND, "^I", "lab-complete", nullptr);
    for (char digit = '1'; digit <= '9'; ++digit) {
        const char sequence[] = {'\x1b', digit, '\0'};
        el_set(editor_, EL_BIND, sequence, "lab-terminal", nullptr);
    }
    el_set(editor_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    const struct {
        const char* sequence;
        const char* command;
    } keys[] = {{"\x1b[A", "ed-prev-history"},      {"\x1b[B", "ed-next-history"}, {"\x1b[C", "ed-next-char"},
                {"\x1b[D", "ed-prev-char"},         {"\x1b[H", "ed-move-to-beg"},  {"\x1b[F", "ed-move-to-end"},
                {"\x1b[3~", "ed-delete-next-char"}, {"\x1b[1;5C", "em-next-word"}, {"\x1b[1;5D", "ed-prev-word"}};
    for (const auto& key : keys) el_set(editor_, EL_BIND, key.sequence, key.command, nullptr);
}

LabTerminal& LabTerminal::of(EditLine* editor) {
    void* self = nullptr;
    el_get(editor, EL_CLIENTDATA, &self);
    return *static_cast<LabTerminal*>(self);
}

// What stands on the screen.

std::string LabTerminal::prompt_text() const {
    if (!session_.busy()) return session_.focus() + " $ ";
    constexpr size_t kLongest = 40;
    return lab::cut_to(partial_, kLongest);
}

char* LabTerminal::prompt_of(EditLine* editor) {
    LabTerminal& self = of(editor);
    self.shown_prompt_ = self.prompt_text();
    self.prompt_ = self.shown_prompt_;
    // The editor wants a letter behind every escape sequence.
    if (self.screen_.has_colour() && self.prompt_.ends_with("$ "))
        self.prompt_ = "\1\x1b[1;36m\1" + self.prompt_.substr(0, self.prompt_.size() - 1) + "\1\x1b[m\1 ";
    return self.prompt_.data();
}

std::string LabTerminal::line_before_cursor() const {
    const LineInfo* line = el_line(editor_);
    return {line->buffer, static_cast<size_t>(line->cursor - line->buffer)};
}

/// Above the line that is edited, which then stands below as it was.
void LabTerminal::write_above(const std::function<void()>& write) {
    if (!editing_) return write();
    const LineInfo* line = el_line(editor_);
    const size_t prompt = lab::columns_of(shown_prompt_);
    const size_t before = lab::columns_of({line->buffer, static_cast<size_t>(line->cursor - line->buffer)});
    const size_t all = lab::columns_of({line->buffer, static_cast<size_t>(line->lastchar - line->buffer)});
    screen_.erase_edited(prompt + before, prompt + all);
    write();
    screen_.flush();
    el_set(editor_, EL_REFRESH);
}

void LabTerminal::print(const lab::Shown& shown) {
    using Kind = lab::Shown::Kind;
    if (shown.kind == Kind::Lab) return screen_.write(shown.text);
    if (shown.kind == Kind::Problem) return screen_.write(shown.text, Style::Problem);
    if (shown.terminal != session_.focus()) {
        if (shown.kind == Kind::Program) screen_.write(lab::with_name_before(shown.terminal, shown.text), Style::Dim);
        return;
    }
    if (shown.kind == Kind::Echo) {  // the editor has shown it
        partial_.clear();
        return;
    }
    const std::string text = std::exchange(partial_, {}) + shown.text;
    const size_t end = text.rfind('\n') + 1;
    screen_.write(text.substr(0, end));
    partial_ = text.substr(end);
}

void LabTerminal::show_pending() {
    if (pending_.empty()) return;
    const std::vector<lab::Shown> shown = std::exchange(pending_, {});
    write_above([&] {
        for (const lab::Shown& each : shown) print(each);
    });
}

void LabTerminal::refresh_status() {
    screen_.status(lab::status_line(session_, screen_.columns()));
    screen_.flush();
}

/// A line with the name of the terminal, then what was not seen there yet.
void LabTerminal::go_to(const std::string& name) {
    show_pending();
    write_above([&] {
        const std::string head = "── " + name + " ";
        const size_t width = lab::columns_of(head);
        std::string line = head;
        for (size_t i = width; i < screen_.columns() && i < 60; ++i) line += "─";
        screen_.write(line + "\n", Style::Prompt);
        session_.go(name);
        partial_.clear();
        for (const lab::Shown& each : std::exchange(pending_, {})) print(each);
        partial_ = session_.busy() ? session_.prompt() : "";
    });
}

// Keys.

bool LabTerminal::more_input(int wait_ms) const {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return poll(&input, 1, wait_ms) > 0;
}

bool LabTerminal::read_letter(wchar_t& letter) {
    std::mbstate_t state{};
    for (;;) {
        char byte = 0;
        if (read(STDIN_FILENO, &byte, 1) != 1) return false;
        const size_t length = std::mbrtowc(&letter, &byte, 1, &state);
        if (length == static_cast<size_t>(-2)) continue;  // there is more of it
        if (length == static_cast<size_t>(-1)) {
            state = {};
            continue;  // no UTF-8
        }
        return true;
    }
}

int LabTerminal::read_key(EditLine* editor, wchar_t* key) {
    LabTerminal& self = of(editor);
    for (;;) {
        if (self.screen_.resized()) {
            el_resize(editor);
            self.write_above([] {});
        }
        self.let_time_pass();
        self.show_pending();
        self.refresh_status();
        if (!self.more_input(kBetweenLooksMs)) continue;
        if (self.read_letter(*key)) return 1;
        self.input_is_over_ = true;
        return 0;
    }
}

unsigned char LabTerminal::on_interrupt(EditLine* editor, int) {
    LabTerminal& self = of(editor);
    self.key_ = Key::Interrupt;
    self.screen_.write("^C\n");
    return CC_NEWLINE;
}

unsigned char LabTerminal::on_end(EditLine* editor, int) {
    LabTerminal& self = of(editor);
    const LineInfo* line = el_line(editor);
    if (line->lastchar != line->buffer) return CC_NORM;
    self.key_ = Key::EndOfInput;
    self.screen_.write("\n");
    return CC_NEWLINE;
}

unsigned char LabTerminal::on_tab(EditLine* editor, int) {
    of(editor).complete();
    return CC_REFRESH;
}

unsigned char LabTerminal::on_terminal(EditLine* editor, int key) {
    LabTerminal& self = of(editor);
    const auto place = static_cast<size_t>(key - '1');
    if (place >= self.session_.terminals().size()) return CC_ERROR;
    self.go_to(self.session_.terminals()[place].name);
    return CC_REFRESH;
}

void LabTerminal::complete() {
    const std::string line = line_before_cursor();
    const lab::Completion found = lab::complete(session_, line);
    const std::string word = line.substr(found.begin);
    std::string more = found.common();
    more = more.size() > word.size() ? more.substr(word.size()) : "";
    const bool is_whole = found.candidates.size() == 1 && !found.candidates.front().ends_with('/');
    if (is_whole) more += " ";
    if (!more.empty()) {
        el_insertstr(editor_, more.c_str());
        return;
    }
    if (found.candidates.size() < 2) return;
    size_t width = 0;
    for (const std::string& each : found.candidates) width = std::max(width, lab::columns_of(each) + 2);
    const size_t in_a_row = std::max<size_t>(1, screen_.columns() / width);
    std::string list;
    for (size_t i = 0; i < found.candidates.size(); ++i) {
        const bool ends_row = i % in_a_row + 1 == in_a_row || i + 1 == found.candidates.size();
        list += ends_row ? found.candidates[i] + "\n" : lab::padded(found.candidates[i], width);
    }
    write_above([&] { screen_.write(list, Style::Note); });
}

// Time.

void LabTerminal::let_time_pass() {
    const auto now = WallTime::now();
    const Duration elapsed =
        std::min(std::chrono::duration_cast<Duration>(now - std::exchange(looked_, now)), kMostAtOnce);
    if (session_.speed == 0) return;
    owed_ += Duration{static_cast<int64_t>(static_cast<double>(elapsed.count()) * session_.speed)};
    const Duration whole = owed_ / Duration{1ms} * Duration{1ms};
    owed_ -= whole;
    if (whole > Duration{}) session_.pass(whole);
}

bool LabTerminal::typed(const std::string& line) {
    if (line == "clear" && !session_.busy()) {
        screen_.clear();
        return true;
    }
    const std::vector<std::string> words = split(line, ' ');
    if (words.size() == 2 && words[0] == ":go" && !words[1].empty()) {
        go_to(words[1]);
        return true;
    }
    const std::string focus = session_.focus();
    const bool done = session_.submit(line);
    if (session_.focus() != focus) go_to(session_.focus());
    return done;
}

int LabTerminal::run() {
    screen_.write(session_.in("A lab with Kafka 3.0.0. `:help` tells what you can do, `:quit` ends it.\n",
                              "Kafka 3.0.0 랩. `:help`로 할 수 있는 일을 보고, `:quit`로 끝낸다.\n"),
                  Style::Note);
    while (!session_.wants_to_quit() && !input_is_over_) {
        show_pending();
        refresh_status();
        key_ = Key::None;
        editing_ = true;
        int count = 0;
        const char* entered = el_gets(editor_, &count);
        editing_ = false;
        if (key_ == Key::None && (entered == nullptr || count <= 0)) break;
        std::string line(key_ == Key::None ? std::string(entered, static_cast<size_t>(count)) : std::string());
        while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
        if (key_ == Key::None) screen_.remember(shown_prompt_ + line + "\n");
        const bool asked = std::exchange(asked_to_leave_, false);
        if (key_ == Key::EndOfInput && !session_.busy() && !asked) {
            asked_to_leave_ = true;
            screen_.write(
                session_.in("Ctrl+D again, or :quit, ends the lab.\n", "Ctrl+D를 다시 누르거나 :quit면 끝난다.\n"),
                Style::Note);
            continue;
        }
        if (key_ != Key::None) {
            session_.submit(key_ == Key::Interrupt ? "^C" : "^D");
        } else {
            if (line.find_first_not_of(' ') != std::string::npos)
                ::history(history_, &history_event_, H_ENTER, line.c_str());
            typed(line);
        }
        looked_ = WallTime::now();
        if (session_.speed == 0 || more_input(0))
            session_.settle();
        else
            session_.skip_start_up();
    }
    show_pending();
    return kGood;
}

}  // namespace

int run_on_terminal(scenario::Scenario scenario, lab::SessionOptions options, const std::string& speed) {
    std::setlocale(LC_CTYPE, "C.UTF-8");
    LabTerminal terminal(std::move(scenario), std::move(options), speed);
    return terminal.run();
}

}  // namespace kafkasim::sim::cli
