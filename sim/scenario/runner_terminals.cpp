// SPDX-License-Identifier: Apache-2.0
// The steps of people at terminals: run, type, press, write, look.
#include "core/base/text.hpp"
#include "core/config/properties.hpp"
#include "sim/observe/camera.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/workload/report.hpp"

namespace kafkasim::sim::scenario {

namespace {

constexpr Duration kPromptAtMost = 20s;
constexpr Duration kAfterInterrupt = 20s;  // then SIGKILL
constexpr Duration kRunAtMost = 700s;

}  // namespace

bool Runner::ended(const Launch& launch) const {
    for (ProcessId process : launch.pipeline) {
        if (world_.process(process).alive()) return false;
    }
    return true;
}

void Runner::wait_for_prompt(ProcessId process) {
    world_.run_until(world_.now() + kPromptAtMost,
                     [&] { return !world_.process(process).alive() || world_.process(process).wants_input; });
}

void Runner::type_lines(const Launch& launch, const std::vector<TypedLine>& lines) {
    wait_for_prompt(launch.first());
    for (const TypedLine& line : lines) {
        world_.run_until(world_.now() + line.wait);
        if (world_.process(launch.first()).alive()) world_.type(launch.first(), line.text);
    }
}

void Runner::collect(const Launch& launch, Seen& seen) {
    seen.stdout_text = "";
    seen.stderr_text = "";
    for (ProcessId id : launch.pipeline) *seen.stderr_text += world_.process(id).stderr_text;
    const Process& last = world_.process(launch.last());
    *seen.stdout_text = last.stdout_text;
    seen.exit_code = last.exit_code;
}

/// Nothing could be started, or what was started leaves the terminal free: the shell is back at once.
bool Runner::starts_and_returns(const Step& step, const Launch& launched, StepResult& result) {
    const bool is_tty = std::get<Run>(step.verb).tty;
    const bool is_job = is_tty && launched.in_background && !launched.pipeline.empty();
    if (!launched.pipeline.empty() && !launched.daemon && !is_job) return false;
    result.seen.stdout_text = "";
    result.seen.stderr_text = launched.error_text.value_or("");
    if (is_tty) result.seen.stdout_text->swap(*result.seen.stderr_text);
    if (is_job) {
        jobs_.push_back({step.terminal, launched, Screen(launched)});
        result.seen.stdout_text =
            "[" + std::to_string(jobs_.size()) + "] " + std::to_string(pid_of(launched.last())) + "\n";
    }
    result.seen.exit_code = launched.exit_code;
    result.seen.ms = 0;
    return true;
}

void Runner::collect_screens(Seen& seen) {
    for (auto& [name, terminal] : terminals_) {
        if (terminal.screen && terminal.screen->has_fresh(world_))
            seen.terminals[name] += terminal.screen->fresh(world_);
    }
    for (Job& job : jobs_) {
        if (job.screen.has_fresh(world_)) seen.terminals[job.terminal] += job.screen.fresh(world_);
    }
}

const Launch* Runner::launched_in(const std::string& terminal) const {
    const auto found = terminals_.find(terminal);
    return found == terminals_.end() ? nullptr : &found->second.launch;
}

void Runner::do_step(const Step& step, const Run& run, StepResult& result) {
    const Instant began = world_.now();
    const auto before = terminals_.find(step.terminal);
    if (before != terminals_.end() && !(before->second.screen && ended(before->second.launch)))
        return problem(step, result.number, "terminal " + step.terminal + " is busy");
    Launch launched = launch(world_, run.command, run.tty);
    if (before != terminals_.end()) terminals_.erase(before);
    if (!launched.pipeline.empty()) ran_in_[step.terminal].push_back(launched.last());
    for (ProcessId process : launched.pipeline) world_.process(process).watched = !launched.daemon;
    if (starts_and_returns(step, launched, result)) return;
    if (run.stdin_text) {
        for (const std::string& line : lines_of(*run.stdin_text)) world_.type(launched.first(), line);
        world_.end_input(launched.first());
    }
    if (run.background) {
        terminals_[step.terminal] = Terminal{launched, 0, began};
        if (run.tty) terminals_[step.terminal].screen = Screen(launched);
    }
    if (run.types) type_lines(launched, run.type);
    if (run.background) {
        result.seen.ms = millis_of(world_.now() - began);
        return;
    }
    if (run.for_time) {
        world_.run_until(std::max(world_.now(), began + *run.for_time), [&] { return ended(launched); });
        for (ProcessId process : launched.pipeline) {
            if (world_.process(process).alive()) world_.signal(process, node::Signal::Interrupt);
        }
        if (!world_.run_until(world_.now() + kAfterInterrupt, [&] { return ended(launched); })) {
            for (ProcessId process : launched.pipeline) world_.kill(process);
        }
    } else if (run.types) {
        world_.end_input(launched.first());
    }
    if (!world_.run_until(world_.now() + kRunAtMost, [&] { return ended(launched); })) {
        for (ProcessId process : launched.pipeline) world_.kill(process);
    }
    collect(launched, result.seen);
    result.seen.ms = millis_of(world_.now() - began);
}

void Runner::do_step(const Step& step, const Type& type, StepResult& result) {
    const auto terminal = terminals_.find(step.terminal);
    if (terminal == terminals_.end())
        return problem(step, result.number, "no program runs in terminal " + step.terminal);
    const Launch& launched = terminal->second.launch;
    if (!terminal->second.screen) return type_lines(launched, type.lines);
    for (const TypedLine& line : type.lines) {
        world_.run_until(world_.now() + line.wait);
        if (!world_.process(launched.first()).alive())
            return problem(step, result.number, "the program in terminal " + step.terminal + " has ended");
        world_.type(launched.first(), line.text);
    }
}

void Runner::do_step(const Step& step, const Press& press, StepResult& result) {
    const auto terminal = terminals_.find(step.terminal);
    if (terminal == terminals_.end())
        return problem(step, result.number, "no program runs in terminal " + step.terminal);
    const Launch launched = terminal->second.launch;
    const Instant began = world_.now();
    if (press.key == "Ctrl+D") {
        world_.end_input(launched.first());
    } else {
        for (ProcessId process : launched.pipeline) {
            if (world_.process(process).alive()) world_.signal(process, node::Signal::Interrupt);
        }
    }
    if (terminal->second.screen) return;
    terminals_.erase(terminal);
    if (!world_.run_until(world_.now() + kAfterInterrupt, [&] { return ended(launched); })) {
        for (ProcessId process : launched.pipeline) world_.kill(process);
    }
    collect(launched, result.seen);
    result.seen.ms = millis_of(world_.now() - began);
}

void Runner::do_step(const Step&, const Write& write, StepResult&) {
    if (write.text) return world_.disk().write_text(write.file, *write.text);
    world_.disk().write_text(write.file,
                             config::with_properties(world_.disk().read_text(write.file).value_or(""), write.set));
}

void Runner::do_step(const Step& step, const Look& look, StepResult& result) {
    if (!look.znodes.empty()) {
        result.seen.looked_at_znodes = true;
        if (const auto* zookeeper = zookeeper_of(world_)) {
            auto& znodes = result.seen.znodes.emplace();
            for (const std::string& path : look.znodes) znodes[path] = look_at_znode(*zookeeper, path);
        }
    }
    if (look.log) {
        const std::string text = log_text(world_, *look.log);
        size_t& shown = log_shown_[*look.log];
        auto& lines = result.seen.lines.emplace();
        for (const std::string& line : lines_of(text.substr(std::min(shown, text.size())))) {
            bool wanted = look.like.empty();
            for (const std::string& like : look.like) wanted = wanted || holds_like(line, like);
            if (wanted) lines.push_back(line);
        }
        shown = text.size();
    }
    if (look.terminal) {
        const auto terminal = terminals_.find(*look.terminal);
        if (terminal == terminals_.end())
            return problem(step, result.number, "no program runs in terminal " + *look.terminal);
        const std::string& text = world_.process(terminal->second.launch.last()).stdout_text;
        result.seen.lines = lines_of(text.substr(terminal->second.shown));
        terminal->second.shown = text.size();
    }
    if (auto* crowd = crowd_of(look.workload)) {
        crowd->settle();
        result.seen.lines = workload::report(*crowd);
    }
    if (!look.files.empty()) {
        auto& files = result.seen.files.emplace();
        for (const std::string& path : look.files) files[path] = look_at_file(world_, path);
    }
}

void Runner::do_step(const Step&, const NoteStep&, StepResult&) {}

}  // namespace kafkasim::sim::scenario
