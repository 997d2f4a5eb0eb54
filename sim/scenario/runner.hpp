// SPDX-License-Identifier: Apache-2.0
#pragma once
// Plays a scenario: does each step to a world when the one before has ended, looks at what came of it and judges
// the scenario's claims. It acts only as people and
// accidents do: it types, presses keys, stops processes, cuts the network. It never decides anything for the cluster.
// The timing of steps is that of shared rules with real recordings: a program with `for` gets Ctrl+C after that
// time and SIGKILL 20 s later.
// `run` plays a whole scenario. The lab does its steps one by one (begin, play ..., finish) and lets time pass in
// between; on a terminal (`tty`) a key or a line is only pressed or typed, and what comes of it comes in its time.

#include <functional>
#include <map>
#include <memory>

#include "sim/faults/faults.hpp"
#include "sim/invariants/checker.hpp"
#include "sim/scenario/consumed.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/seen.hpp"
#include "sim/shell/screen.hpp"
#include "sim/workload/crowd.hpp"
#include "sim/world/world.hpp"

namespace kafkasim::sim::scenario {

struct RunOptions {
    TraceLevel trace = TraceLevel::None;
    bool keep_logs = false;
    /// Answers `expect.why`: the explanation of the step that ends at trace event `last_event`.
    std::function<std::string(const World&, const Scenario&, const StepResult&)> why;
};

/// Told of each step as it happens: the transcript.
class Reporter {
public:
    virtual ~Reporter() = default;
    virtual void begins(const World&, const Scenario&) {}
    virtual void step_begins(const World&, const Step&, size_t /*number*/) {}
    virtual void step_ends(const World&, const Step&, const StepResult&) {}
    virtual void ends(const World&, const Scenario&, const RunResult&) {}
};

/// Whether any step looks at a log, so that log lines have to be made.
bool needs_logs(const Scenario& scenario);

class Runner {
public:
    Runner(const Scenario& scenario, RunOptions options, Reporter* reporter = nullptr);

    RunResult run();
    World& world() { return world_; }

    // The same, bit by bit.
    /// Installs the cluster and, if the scenario says so, starts it.
    void begin();
    /// Does one step, now.
    const StepResult& play(const Step& step);
    RunResult finish();
    /// Why the last step could not be done, if it could not: then it does not count. For who can do another instead.
    std::optional<std::string> take_problem();
    /// What runs in that terminal in the background, ended or not; nullptr if nothing was started there.
    const Launch* launched_in(const std::string& terminal) const;
    /// The command line of a tty that ended with `&`.
    const Launch* last_job() const { return jobs_.empty() ? nullptr : &jobs_.back().launch; }
    /// What the clients of workloads did and saw, up to now.
    const history::Book& book();
    /// false: only counts are kept, and the claim `delivered` cannot be judged. Before the first step.
    void keep_histories(bool keep) { book_.keeps = keep; }

private:
    struct Terminal {
        Launch launch;
        size_t shown = 0;  // how much of its stdout a look has shown
        Instant began;
        std::optional<Screen> screen{};  // of a tty: what each step sees of it
    };
    /// `command &` on a tty.
    struct Job {
        std::string terminal;
        Launch launch;
        Screen screen;
    };

    // One per verb; each lets time pass until the step has ended.
    void do_step(const Step& step, const Start& start, StepResult& result);
    void do_step(const Step& step, const Stop& stop, StepResult& result);
    void do_step(const Step& step, const Kill& kill, StepResult& result);
    void do_step(const Step& step, const Pause& pause, StepResult& result);
    void do_step(const Step& step, const Resume& resume, StepResult& result);
    void do_step(const Step& step, const PowerOff& power_off, StepResult& result);
    void do_step(const Step& step, const Run& run, StepResult& result);
    void do_step(const Step& step, const Wait& wait, StepResult& result);
    void do_step(const Step& step, const Type& type, StepResult& result);
    void do_step(const Step& step, const Press& press, StepResult& result);
    void do_step(const Step& step, const Write& write, StepResult& result);
    void do_step(const Step& step, const Look& look, StepResult& result);
    void do_step(const Step& step, const NoteStep& note, StepResult& result);
    void do_step(const Step& step, const Cut& cut, StepResult& result);
    void do_step(const Step& step, const Heal& heal, StepResult& result);
    void do_step(const Step& step, const Slow& slow, StepResult& result);
    void do_step(const Step& step, const Hold& hold, StepResult& result);
    void do_step(const Step& step, const Release& release, StepResult& result);
    void do_step(const Step& step, const Disk& disk, StepResult& result);
    void do_step(const Step& step, const Clock& clock, StepResult& result);
    void do_step(const Step& step, const Workload& workload, StepResult& result);

    void start_everything();
    /// Starts "zookeeper" or "broker-1" and waits for its "started" line; its exit code if it ended instead.
    std::optional<int> start_process(const std::string& name);
    std::optional<ProcessId> running(const std::string& name);
    /// Of a process of the cluster, or of a terminal; none is a problem.
    std::vector<ProcessId> programs_of(const Step& step, const std::string& process, const std::string& terminal,
                                       size_t number);
    bool wait_for_end(ProcessId process, Duration at_most);
    DiskOf disk_of(const std::string& process) const;
    void type_lines(const Launch& launch, const std::vector<TypedLine>& lines);
    void wait_for_prompt(ProcessId process);
    void collect(const Launch& launch, Seen& seen);
    bool ended(const Launch& launch) const;
    bool starts_and_returns(const Step& step, const Launch& launched, StepResult& result);
    /// What was shown on ttys since the step before.
    void collect_screens(Seen& seen);
    bool holds(const Condition& condition);
    bool registered_as(const std::map<std::string, bool>& wanted) const;
    bool in_sync(const std::vector<std::string>& topics) const;
    /// The step with processes in place of words such as "controller"; as it is, and a problem, if nobody is that.
    Step with_processes(const Step& step, StepResult& result);
    void judge_acknowledged_of(const Step& step, StepResult& result);
    void judge_delivered(const Step& step, StepResult& result);
    void judge_delivered(const DeliveredClaim& claim, const std::string& group, StepResult& result);
    /// The last of that name; nullptr if there is none.
    workload::Crowd* crowd_of(const std::string& workload);
    /// Some of its clients close, the producers first, and what remains after a time is killed.
    void end_workload(workload::Crowd& crowd, const workload::Some& some, Duration catch_up);
    bool caught_up(const std::vector<std::string>& workloads);
    /// Starts a client of a workload again; false if it is none.
    bool start_client(const std::string& name);
    // Consumers that claims are about (runner_consumers.cpp).
    /// How far a terminal was read: which of its programs, and how much of that one's output.
    struct Printed {
        size_t program = 0;
        size_t length = 0;
    };
    struct WatchedConsumers {
        std::vector<std::string> by;
        std::vector<Printed> printed;
        ConsumersSeen seen;
        size_t told = 0;  // how many of their misdeeds are told
    };
    void watch_consumers(const Step& step);
    std::string fresh_of(const std::string& terminal, Printed& read) const;
    void look_at_consumers();
    void mark_consumers(const std::string& since);
    void mark_end_of(const Step& step);
    std::vector<BrokenClaim> not_consumed(const std::vector<Consumed>& claims);
    void judge_consumed_of(const Step& step, StepResult& result);
    std::vector<Consumption> consumptions() const;
    /// What all programs that ran in this terminal have printed, one after another.
    std::string printed_in(const std::string& terminal) const;
    void problem(const Step& step, size_t number, const std::string& text);
    void take_broken(StepResult& result);
    void judge_broken();

    const Scenario& scenario_;
    RunOptions options_;
    Reporter* reporter_;
    std::optional<invariants::InvariantChecker> checker_;   // if the scenario wants it
    history::Book book_;                                    // both outlive the processes of the world
    std::vector<std::unique_ptr<workload::Crowd>> crowds_;  // in the order in which their workloads began
    World world_;
    Faults faults_;
    std::map<std::string, Terminal> terminals_;
    std::vector<Job> jobs_;
    std::map<std::string, std::vector<ProcessId>> ran_in_;  // by terminal, the last of each pipeline
    std::map<std::string, std::string> names_;              // that steps have given to processes
    std::map<std::string, size_t> log_shown_;
    std::vector<WatchedConsumers> consumers_;
    RunResult result_;
    size_t number_ = 0;
};

/// Judges a step's claims (expectations.cpp).
void judge(const World& world, const Scenario& scenario, const Step& step, const RunOptions& options,
           StepResult& result);

}  // namespace kafkasim::sim::scenario
