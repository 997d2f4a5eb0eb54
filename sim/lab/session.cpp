// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/session.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "sim/lab/commands.hpp"
#include "sim/why/why.hpp"

namespace kafkasim::sim::lab {

namespace {

constexpr Duration kMillisecond = 1ms;
constexpr size_t kMostLinesAgain = 20;
/// The runner kills a plain `run` that lasts longer; such a one stays in the background.
constexpr Duration kLongestPlainRun = 600s;

std::string whole_lines(const std::string& text) { return text.substr(0, text.rfind('\n') + 1); }

bool is_blank(const std::string& line) { return line.find_first_not_of(" \t") == std::string::npos; }

}  // namespace

std::string Terminal::unfinished() const { return text.substr(std::max(text.rfind('\n') + 1, echoed)); }

Session::Session(scenario::Scenario scenario, SessionOptions options)
    : scenario_(std::move(scenario)), options_(std::move(options)) {
    std::vector<Act> first;
    if (options_.play_steps) {
        for (const scenario::Step& step : scenario_.steps)
            first.push_back({Act::Kind::Scenario, step, std::nullopt, {}, false});
    }
    scenario_.steps.clear();
    replay(first, {});
}

// What is done.

Reply Session::enter(const std::string& line) {
    reply_.clear();
    Reply reply;
    const bool is_for_the_lab = line.starts_with(':') && !line.starts_with("::");
    if (!is_for_the_lab) {
        const bool is_key = line == "^C" || line == "^D";
        if (!is_key && !reads() && !terminal(focus_).runs_server)
            run_until(world().now() + kSettleAtMost, [this] { return !busy() || reads(); });
        reply.prompt = prompt();
    }
    reply.failed = !submit(line);
    if (!is_for_the_lab) settle();
    reply.text = whole_lines(reply_);
    return reply;
}

bool Session::submit(const std::string& line) {
    if (line == "^C") return interrupt();
    if (line == "^D") return end_input();
    const bool is_colon = line.starts_with("::");
    if (line.starts_with(':') && !is_colon) return do_lab_command(*this, line.substr(1));
    const std::string typed = is_colon ? line.substr(1) : line;
    return busy() ? type_line(typed) : run_command(typed);
}

bool Session::run_command(const std::string& line) {
    if (is_blank(line) || line.starts_with('#')) return true;
    if (const std::string hint = hint_for_shell(*this, line); !hint.empty()) return fail(hint);
    const std::string word = line.substr(0, line.find(' '));
    if (word == "exit" || word == "logout") {
        quit();
        return true;
    }
    return act_here(scenario::Run{line, {}, false, std::nullopt, std::nullopt, true, true});
}

bool Session::type_line(const std::string& line) {
    if (!reads())
        return fail(
            in("The program in this terminal does not read what is typed. Ctrl+C ends it; `:new` opens another "
               "terminal.",
               "이 터미널의 프로그램은 입력을 읽지 않는다. Ctrl+C로 끝내거나 `:new`로 다른 터미널을 연다."));
    return act_here(scenario::Type{{scenario::TypedLine{{}, line}}});
}

bool Session::interrupt() {
    if (!busy()) return true;
    return act_here(scenario::Press{"Ctrl+C"});
}

bool Session::end_input() {
    if (!busy()) {
        quit();
        return true;
    }
    return act_here(scenario::Press{"Ctrl+D"});
}

bool Session::fail(const std::string& text) {
    show({Shown::Kind::Problem, focus_, text + (text.ends_with('\n') ? "" : "\n")});
    return false;
}

bool Session::act(scenario::Step step) { return perform(std::move(step), Act::Kind::Person); }

bool Session::act_here(scenario::Verb verb) {
    scenario::Step step;
    step.verb = std::move(verb);
    step.terminal = focus_;
    return act(std::move(step));
}

bool Session::perform(scenario::Step step, Act::Kind kind) {
    align();
    const std::optional<Duration> before = since_base();
    const auto* run = std::get_if<scenario::Run>(&step.verb);
    const bool is_command = run != nullptr && kind == Act::Kind::Person;
    if (is_command) show({Shown::Kind::Echo, step.terminal, "$ " + run->command + "\n"});
    scenario::StepResult result = runner_->play(step);
    if (const auto problem = runner_->take_problem()) return fail(*problem);
    acts_.push_back({kind, std::move(step), before, std::move(result), false});
    set_base();
    if (is_command) began_program();
    for (Terminal& each : terminals_) {  // what is typed and pressed shows at once
        if (kind != Act::Kind::Person || each.screens.empty() || each.name != acts_.back().step.terminal) continue;
        const bool types = std::holds_alternative<scenario::Type>(acts_.back().step.verb) ||
                           std::holds_alternative<scenario::Press>(acts_.back().step.verb);
        const std::string text = types ? each.screens.back().fresh(world()) : "";
        if (!text.empty()) show({Shown::Kind::Echo, each.name, text});
    }
    collect();
    note_ends();
    return true;
}

/// After a command was typed at a shell: what runs now, and where.
void Session::began_program() {
    Act& act = acts_.back();
    auto& run = std::get<scenario::Run>(act.step.verb);
    Terminal& where = terminal(act.step.terminal);
    where.runs_server = false;
    if (act.result.seen.exit_code) {  // the shell is back at once
        run.background = false;
        show({Shown::Kind::Program, where.name, act.result.seen.stdout_text.value_or("")});
        const bool is_job = act.result.seen.stdout_text.value_or("").starts_with('[');
        if (is_job) where.screens.insert(where.screens.begin(), Screen(*runner_->last_job()));
        return;
    }
    const Launch& launched = *runner_->launched_in(where.name);
    where.screens.emplace_back(launched);
    where.act = acts_.size() - 1;
    act.running = true;
    where.runs_server = world().process(launched.last()).options.log_style == LogStyle::Server;
    if (!where.asked) where.watched = !where.runs_server;
}

// Time.

void Session::align() {
    const Duration since = world().now() - base_;
    const Duration whole = (since + kMillisecond - Duration{1}) / kMillisecond * kMillisecond;
    if (since_base()) run_until(base_ + whole, [] { return false; });
}

void Session::set_base() {
    base_ = world().now();
    base_events_ = world().events();
}

std::optional<Duration> Session::since_base() const {
    if (world().now() == base_ && world().events() == base_events_) return std::nullopt;
    return world().now() - base_;
}

bool Session::run_until(Instant limit, const std::function<bool()>& done) {
    while (!done()) {
        const bool something = runner_->world().run_until(limit, [this] { return anything_new(); });
        collect();
        note_ends();
        if (!something) return done();
    }
    return true;
}

void Session::pass(Duration time) {
    run_until(world().now() + time, [] { return false; });
}

bool Session::wait(Duration time) {
    return wait_until(time, [] { return false; }), true;
}

bool Session::wait_until(Duration at_most, const std::function<bool()>& done) {
    scenario::Step step;
    step.verb = scenario::Wait{};
    if (!act(std::move(step))) return false;
    const size_t number = acts_.size() - 1;
    const Instant limit = base_ + at_most;
    bool met = done();
    while (!met && world().now() < limit) met = run_until(std::min(limit, world().now() + kLook), done);
    align();
    acts_[number].result.to = world().now();
    acts_[number].result.last_event = world().last_id();
    std::get<scenario::Wait>(acts_[number].step.verb).time = world().now() - base_;
    set_base();
    return met;
}

void Session::skip_start_up() {
    run_until(world().now() + kSettleAtMost, [this] { return !loading(); });
}

void Session::settle() {
    const Instant cap = world().now() + kSettleAtMost;
    const bool stops = !acts_.empty() && std::holds_alternative<scenario::Press>(acts_.back().step.verb);
    if (stops) {
        if (busy()) run_until(cap, [this] { return !busy(); });
        return;
    }
    Instant active = world().now();
    while (busy() && world().now() < cap) {
        if (loading()) {
            run_until(cap, [this] { return !loading(); });
            active = world().now();
        }
        if (!busy()) return;
        run_until(std::min(cap, active + kQuiet), [&] { return !busy() || last_shown_ > active; });
        if (last_shown_ <= active) return;
        active = last_shown_;
    }
}

// What is seen of it.

bool Session::anything_new() const {
    for (const Terminal& each : terminals_) {
        for (const Screen& screen : each.screens) {
            if (screen.has_fresh(world())) return true;
        }
        if (each.act && each.screens.back().ended(world())) return true;
    }
    return loading_noted_ && !loading();
}

void Session::collect() {
    loading_noted_ = loading();
    for (Terminal& each : terminals_) {
        for (size_t i = 0; i < each.screens.size(); ++i) {
            const std::string text = each.screens[i].fresh(world());
            if (!text.empty()) show({Shown::Kind::Program, each.name, text});
        }
    }
}

void Session::note_ends() {
    for (Terminal& each : terminals_) {
        const size_t jobs = each.screens.size() - (each.act ? 1 : 0);
        const auto end_of_jobs = each.screens.begin() + static_cast<std::ptrdiff_t>(jobs);
        each.screens.erase(std::remove_if(each.screens.begin(), end_of_jobs,
                                          [this](const Screen& screen) { return screen.ended(world()); }),
                           end_of_jobs);
        if (!each.act || !each.screens.back().ended(world())) continue;
        Act& act = acts_[*each.act];
        const ProcessId last = runner_->launched_in(each.name)->last();
        act.running = false;
        act.result.to = world().now();
        act.result.last_event = world().last_id();
        act.result.seen.exit_code = world().process(last).exit_code;
        act.result.seen.stdout_text = world().process(last).stdout_text;
        const bool is_last = *each.act + 1 == acts_.size();
        if (is_last && world().now() - act.result.from < kLongestPlainRun) {
            std::get<scenario::Run>(act.step.verb).background = false;
            set_base();
        }
        each.act.reset();
        each.screens.pop_back();
        each.runs_server = false;
        // The shell's prompt begins a line of its own.
        const bool ends_with_echo = each.text.size() == each.echoed;
        if (!each.text.ends_with('\n'))
            show({ends_with_echo ? Shown::Kind::Echo : Shown::Kind::Program, each.name, "\n"});
    }
}

void Session::show(Shown shown) {
    if (shown.text.empty()) return;
    const bool is_of_the_lab = shown.kind == Shown::Kind::Lab || shown.kind == Shown::Kind::Problem;
    if (is_of_the_lab) {
        emit(shown, shown.text);
        return;
    }
    Terminal& where = terminal(shown.terminal);
    where.text += shown.text;
    if (shown.kind == Shown::Kind::Echo) where.echoed = where.text.size();
    last_shown_ = where.name == focus_ || where.watched ? world().now() : last_shown_;
    if (where.name == focus_) {
        where.seen = where.text.size();
        return emit(shown, shown.kind == Shown::Kind::Program ? shown.text : "");
    }
    if (!where.watched || shown.kind == Shown::Kind::Echo) return;
    const size_t end = where.text.rfind('\n') + 1;
    if (end <= where.seen) return;
    shown.text = where.text.substr(where.seen, end - where.seen);
    where.seen = end;
    emit(shown, with_name_before(shown.terminal, shown.text));
}

void Session::emit(const Shown& shown, const std::string& in_reply) {
    if (replaying_) return;
    if (shown.kind == Shown::Kind::Program && shown.terminal != focus_)
        reply_.insert(reply_.rfind('\n') + 1, in_reply);  // not behind a prompt
    else
        reply_ += in_reply;
    if (options_.sink) options_.sink(shown);
}

// Terminals.

Terminal& Session::terminal(const std::string& name) {
    for (Terminal& each : terminals_) {
        if (each.name == name) return each;
    }
    terminals_.push_back({});
    terminals_.back().name = name;
    return terminals_.back();
}

const Terminal* Session::find_terminal(const std::string& name) const {
    for (const Terminal& each : terminals_) {
        if (each.name == name) return &each;
    }
    return nullptr;
}

void Session::go(const std::string& name) {
    focus_ = name;
    Terminal& where = terminal(name);
    const std::string unfinished = where.act ? where.unfinished() : "";
    const std::vector<std::string> lines = lines_of(where.text.substr(0, where.text.size() - unfinished.size()));
    const size_t unseen = lines_of(where.text.substr(std::min(where.seen, where.text.size()))).size();
    const size_t count = std::min({lines.size(), std::max(options_.context_lines, unseen), kMostLinesAgain});
    std::string text;
    for (size_t i = lines.size() - count; i < lines.size(); ++i) text += lines[i] + "\n";
    where.seen = where.text.size();
    if (!text.empty()) emit({Shown::Kind::Program, name, text}, text);
}

bool Session::busy() const {
    const Terminal* where = find_terminal(focus_);
    return where != nullptr && where->act.has_value();
}

/// Whether what is typed now goes anywhere; a server never reads, and is not waited for.
bool Session::reads() const {
    if (!busy()) return true;
    return loading() || world().process(runner_->launched_in(focus_)->first()).wants_input;
}

bool Session::runs(std::string_view program) const {
    return busy() && world().process(runner_->launched_in(focus_)->first()).options.name == program;
}

bool Session::loading() const {
    if (!busy()) return false;
    for (const ProcessId process : runner_->launched_in(focus_)->pipeline) {
        if (world().process(process).state == ProcessState::Loading) return true;
    }
    return false;
}

std::string Session::prompt() const {
    if (!busy()) return "$ ";
    return find_terminal(focus_)->unfinished();
}

// Back, and on paper.

void Session::replay(const std::vector<Act>& acts, std::optional<Duration> rest) {
    replaying_ = true;
    std::map<std::string, size_t> seen;
    for (Terminal& each : terminals_) {
        seen[each.name] = each.seen;
        each.text.clear();
        each.seen = 0;
        each.echoed = 0;
        each.act.reset();
        each.screens.clear();
    }
    acts_.clear();
    scenario::RunOptions run_options;
    run_options.trace = TraceLevel::Notes;
    runner_ = std::make_unique<scenario::Runner>(scenario_, run_options);
    runner_->begin();
    set_base();
    terminal(focus_);
    for (const Act& each : acts) redo(each);
    if (rest) run_until(base_ + *rest, [] { return false; });
    for (Terminal& each : terminals_) each.seen = std::max(each.seen, std::min(seen[each.name], each.text.size()));
    replaying_ = false;
}

void Session::redo(const Act& done) {
    if (done.before) run_until(base_ + *done.before, [] { return false; });
    if (done.kind == Act::Kind::Scenario) {
        perform(done.step, done.kind);
        return;
    }
    if (const auto* wait = std::get_if<scenario::Wait>(&done.step.verb)) {
        this->wait(wait->time);
        return;
    }
    scenario::Step step = done.step;
    auto* run = std::get_if<scenario::Run>(&step.verb);
    const bool had_ended = run != nullptr && !run->background;
    if (run != nullptr) run->background = true;
    perform(std::move(step), done.kind);
    const std::string& where = done.step.terminal;
    if (had_ended) run_until(world().now() + kLongestPlainRun, [&] { return !terminal(where).act; });
}

std::vector<Act> Session::undo(size_t count) {
    std::vector<Act> kept = acts_;
    std::vector<Act> undone;
    for (; count > 0 && !kept.empty(); --count) {
        undone.push_back(std::move(kept.back()));
        kept.pop_back();
    }
    if (!undone.empty()) replay(kept, undone.back().before);
    return undone;
}

std::string Session::saved() {
    align();
    return scenario_text(scenario_, acts_, since_base());
}

bool Session::save(const std::string& path) {
    const std::string error = options_.write_file ? options_.write_file(path, saved()) : path + ": not here";
    if (!error.empty()) return fail(error);
    const std::string command = "kafkasim run " + path;
    say(in("Written: " + path + ". `" + command + "` does it again.\n",
           "저장함: " + path + ". `" + command + "`로 다시 할 수 있다.\n"));
    return true;
}

std::string Session::why(size_t act) const {
    scenario::Scenario told;
    told.cluster = scenario_.cluster;
    scenario::RunResult result;
    for (size_t i = 0; i < acts_.size(); ++i) {
        told.steps.push_back(acts_[i].step);
        result.steps.push_back(acts_[i].result);
        result.steps.back().number = i + 1;
    }
    // A key or a fault takes no time; what comes of it comes until something else is done.
    const bool is_command = std::holds_alternative<scenario::Run>(acts_[act].step.verb);
    size_t next = act + 1;
    while (next < acts_.size() && std::holds_alternative<scenario::Wait>(acts_[next].step.verb)) ++next;
    if (acts_[act].running || !is_command) {
        const bool goes_on = acts_[act].running || next == acts_.size();
        result.steps[act].last_event = goes_on ? world().last_id() : acts_[next].result.first_event;
    }
    if (std::holds_alternative<scenario::Press>(acts_[act].step.verb)) told.steps[act].verb = scenario::Stop{};
    return explain(world(), told, result, act + 1, language());
}

std::string with_name_before(const std::string& terminal, const std::string& text) {
    std::string lines;
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find('\n', at), text.size());
        lines += terminal + " | " + text.substr(at, end - at) + "\n";
        at = end + 1;
    }
    return lines;
}

}  // namespace kafkasim::sim::lab
