// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/runner.hpp"

#include <algorithm>

#include "sim/history/anomalies.hpp"
#include "sim/observe/camera.hpp"
#include "sim/scenario/breaks.hpp"
#include "sim/world/installation.hpp"

namespace kafkasim::sim::scenario {

namespace {

constexpr Duration kSettle = 2s;  // after everything was started
constexpr Duration kStartAtMost = 60s;
constexpr Duration kBrokerStopAtMost = 90s;

WorldOptions world_options(const Scenario& scenario, const RunOptions& options) {
    WorldOptions world;
    world.seed = scenario.seed;
    world.clock = scenario.clock;
    world.pins = scenario.pin;
    world.trace = options.trace;
    world.keep_logs = options.keep_logs || needs_logs(scenario);
    return world;
}

std::string like_of_started(const std::string& name) {
    return name == "zookeeper" ? "ContainerManager" : "started (kafka.server.KafkaServer)";
}

}  // namespace

bool RunResult::ok() const {
    for (const StepResult& step : steps) {
        if (!step.failures.empty()) return false;
    }
    return problems.empty() && not_as_said.empty();
}

bool needs_logs(const Scenario& scenario) {
    for (const Step& step : scenario.steps) {
        const auto* look = std::get_if<Look>(&step.verb);
        const auto* wait = std::get_if<Wait>(&step.verb);
        if (look != nullptr && look->log) return true;
        if (wait != nullptr && wait->until && !wait->until->log_line.empty()) return true;
        if (step.expect && !step.expect->log_line.empty()) return true;
    }
    return false;
}

Runner::Runner(const Scenario& scenario, RunOptions options, Reporter* reporter)
    : scenario_(scenario),
      options_(std::move(options)),
      reporter_(reporter),
      world_(world_options(scenario, options_)),
      faults_(world_) {}

RunResult Runner::run() {
    begin();
    for (const Step& step : scenario_.steps) {
        play(step);
        if (!result_.problems.empty()) break;
    }
    return finish();
}

void Runner::begin() {
    install(world_.disk(), scenario_.cluster);
    if (scenario_.breaks) world_.set_observer(&checker_.emplace());
    if (reporter_ != nullptr) reporter_->begins(world_, scenario_);
    for (const Step& step : scenario_.steps) watch_consumers(step);
    if (scenario_.running) start_everything();
}

const StepResult& Runner::play(const Step& written) {
    ++number_;
    StepResult result;
    result.number = number_;
    const size_t problems_before = result_.problems.size();
    const Step step = with_processes(written, result);
    const bool can_be_done = result_.problems.size() == problems_before;
    if (reporter_ != nullptr) reporter_->step_begins(world_, step, number_);
    watch_consumers(step);
    mark_consumers(std::string(kThisStep));
    result.from = world_.now();
    result.first_event = world_.last_id();
    world_.begin_act(TraceKind::Step, std::string(verb_name(step.verb)), std::to_string(number_));
    if (can_be_done) std::visit([&](const auto& verb) { do_step(step, verb, result); }, step.verb);
    collect_screens(result.seen);
    result.to = world_.now();
    result.last_event = world_.last_id();
    take_broken(result);
    if (step.expect) judge(world_, scenario_, step, options_, result);
    if (step.expect) judge_acknowledged_of(step, result);
    if (step.expect) judge_delivered(step, result);
    if (step.expect) judge_consumed_of(step, result);
    mark_end_of(step);
    if (reporter_ != nullptr) reporter_->step_ends(world_, step, result);
    result_.steps.push_back(std::move(result));
    return result_.steps.back();
}

RunResult Runner::finish() {
    faults_.finish();
    for (const std::string& receipt : faults_.idle()) result_.problems.push_back("a fault touched nothing: " + receipt);
    judge_broken();
    result_.consumptions = consumptions();
    result_.digest = world_.digest();
    result_.events = world_.events();
    result_.end = world_.now();
    if (reporter_ != nullptr) reporter_->ends(world_, scenario_, result_);
    return result_;
}

void Runner::take_broken(StepResult& result) {
    if (!checker_) return;
    const std::vector<std::string> expected = must_break(scenario_);
    const auto& violations = checker_->violations();
    for (size_t i = result_.broken.size(); i < violations.size(); ++i) {
        const bool named = std::find(expected.begin(), expected.end(), violations[i].invariant) != expected.end();
        result_.broken.push_back({violations[i], result.number, named});
        result.broken.push_back(result_.broken.back());
    }
}

void Runner::judge_broken() {
    if (!checker_) return;
    result_.not_as_said = not_as_said(must_break(scenario_), rules_in_force(scenario_), result_.broken, world_.clock());
    for (const history::Anomaly& anomaly : history::judge(book()))
        result_.not_as_said.push_back(std::string(anomaly.kind) + ": " + anomaly.text);
}

std::optional<std::string> Runner::take_problem() {
    if (result_.problems.empty()) return std::nullopt;
    std::string text = std::move(result_.problems.back());
    result_.problems.clear();
    result_.steps.pop_back();
    --number_;
    return text.substr(text.find("): ") + 3);
}

void Runner::problem(const Step& step, size_t number, const std::string& text) {
    result_.problems.push_back("step " + std::to_string(number) + " (line " + std::to_string(step.line) + "): " + text);
}

// The cluster's processes.

void Runner::start_everything() {
    world_.begin_act(TraceKind::Step, "start", "everything");
    start_process("zookeeper");
    for (const BrokerInstallation& broker : scenario_.cluster.brokers)
        start_process("broker-" + std::to_string(broker.id));
    world_.run_until(world_.now() + kSettle);
}

std::optional<int> Runner::start_process(const std::string& name) {
    const bool is_zookeeper = name == "zookeeper";
    const std::string command =
        is_zookeeper ? "bin/zookeeper-server-start.sh config/zookeeper.properties"
                     : "bin/kafka-server-start.sh config/server." + name.substr(name.find('-') + 1) + ".properties";
    const Launch launched = launch(world_, command);
    if (launched.pipeline.empty()) return launched.exit_code;
    Process& process = world_.process(launched.last());
    process.watched = true;
    const std::string started = like_of_started(name);
    world_.run_until(world_.now() + kStartAtMost, [&] {
        const auto log = process.logs.find("");
        return !process.alive() || (log != process.logs.end() && log->second.find(started) != std::string::npos);
    });
    process.watched = false;
    process.options.name = name;  // a second broker of the same id goes by the file it was started with
    if (!process.alive()) return process.exit_code;
    return std::nullopt;
}

std::optional<ProcessId> Runner::running(const std::string& name) { return world_.find(name); }

bool Runner::wait_for_end(ProcessId process, Duration at_most) {
    return world_.run_until(world_.now() + at_most, [&] { return !world_.process(process).alive(); });
}

void Runner::do_step(const Step&, const Start& start, StepResult& result) {
    const Instant began = world_.now();
    if (!start_client(start.process)) result.seen.exit_code = start_process(start.process);
    result.seen.ms = millis_of(world_.now() - began);
}

void Runner::do_step(const Step& step, const Stop& stop, StepResult& result) {
    const auto process = running(stop.process);
    if (!process) return problem(step, result.number, stop.process + " is not running");
    world_.signal(*process, node::Signal::Interrupt);
    if (!wait_for_end(*process, kBrokerStopAtMost)) world_.kill(*process);
    result.seen.exit_code = world_.process(*process).exit_code;
    result.seen.ms = millis_of(world_.now() - result.from);
}

std::vector<ProcessId> Runner::programs_of(const Step& step, const std::string& process, const std::string& terminal,
                                           size_t number) {
    if (terminal.empty()) {
        const auto found = running(process);
        if (found) return {*found};
        problem(step, number, process + " is not running");
        return {};
    }
    const auto found = terminals_.find(terminal);
    if (found != terminals_.end()) return found->second.launch.pipeline;
    problem(step, number, "no program runs in terminal " + terminal);
    return {};
}

// Time.

void Runner::do_step(const Step&, const Wait& wait, StepResult& result) {
    const Instant began = world_.now();
    if (!wait.until) {
        world_.run_until(began + wait.time);
    } else {
        constexpr Duration kMetadataFollows = 500ms;
        constexpr Duration kBetweenLooks = 50ms;
        const Instant limit = began + wait.at_most;
        bool met = holds(*wait.until);
        while (!met && world_.now() < limit) {
            world_.run_until(std::min(limit, world_.now() + kBetweenLooks));
            met = holds(*wait.until);
        }
        world_.run_until(world_.now() + kMetadataFollows);
        result.seen.met = met;
    }
    result.seen.ms = millis_of(world_.now() - began);
}

bool Runner::holds(const Condition& condition) {
    for (const auto& [topic, partitions] : condition.leader) {
        for (const auto& [partition, wanted] : partitions) {
            const auto view = partition_in_zookeeper(world_, {TopicName(topic), partition});
            if (!view || view->leader.value != wanted) return false;
        }
    }
    for (const auto& [topic, partitions] : condition.isr) {
        for (const auto& [partition, wanted] : partitions) {
            const auto view = partition_in_zookeeper(world_, {TopicName(topic), partition});
            std::vector<int32_t> isr;
            for (BrokerId id : view ? view->isr : std::vector<BrokerId>()) isr.push_back(id.value);
            if (!view || isr != wanted) return false;
        }
    }
    const auto* zookeeper = zookeeper_of(world_);
    for (const auto& [path, wanted] : condition.znode) {
        if (zookeeper == nullptr || look_at_znode(*zookeeper, path).has_value() != wanted) return false;
    }
    if (!registered_as(condition.registered) || !in_sync(condition.in_sync)) return false;
    if (!caught_up(condition.caught_up)) return false;
    if (!not_consumed(condition.consumed).empty()) return false;
    for (const auto& [log, like] : condition.log_line) {
        if (!holds_like(log_text(world_, log), like)) return false;
    }
    for (const auto& [terminal, like] : condition.printed) {
        const auto found = terminals_.find(terminal);
        if (found == terminals_.end() || !holds_like(world_.process(found->second.launch.last()).stdout_text, like))
            return false;
    }
    return true;
}

}  // namespace kafkasim::sim::scenario
