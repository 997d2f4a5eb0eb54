// SPDX-License-Identifier: Apache-2.0
#pragma once
// The lab without a terminal: a live cluster and the shells of a person who works with it. Lines and keys go in, what
// terminals show comes out, in the order in which it appears. Whatever the person does to the cluster is a step of a
// scenario, done by the scenario's Runner, and what lies between is time that passes; so what was done can be written
// down as a scenario that does it again (`save`), or done again up to some point (`undo`).
//
// Acts happen a whole number of milliseconds after the step before has ended, so that a `wait` can say how long it was.
// Called by sim/cli (a real terminal, or a file of lines) and by the tests of documents (`enter`).

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/act.hpp"
#include "sim/scenario/runner.hpp"

namespace kafkasim::sim::lab {

/// A piece of what is seen.
struct Shown {
    enum class Kind : uint8_t {
        Program,  // a program printed it on `terminal`
        Echo,     // `terminal` itself shows what is typed into it: a front end that echoes leaves it out
        Lab,      // the lab says it
        Problem,  // the lab says that something cannot be done
    } kind = Kind::Program;
    std::string terminal;
    std::string text;
};

struct SessionOptions {
    std::string language = "en";
    bool play_steps = false;   // the scenario's steps are done first
    size_t context_lines = 0;  // how many lines of a terminal are shown again by going there
    std::function<void(const Shown&)> sink{};
    /// Writes a file of the machine that the lab runs on; an error's text, or "".
    std::function<std::string(const std::string& path, const std::string& text)> write_file{};
};

/// What came of one line.
struct Reply {
    std::string prompt;   // what stood before the line: "$ ", what a program prints (">"), "" before a lab command
    std::string text;     // the whole lines that it brought; of other terminals with their names before them
    bool failed = false;  // a lab command could not be done
};

/// One shell.
struct Terminal {
    std::string name;
    std::string text;           // all it has shown
    size_t echoed = 0;          // where the last echo of something typed ends
    size_t seen = 0;            // how much of it the person has seen
    bool watched = true;        // it may speak while another is in focus; false for a server's
    bool asked = false;         // the person said whether it is watched
    std::optional<size_t> act;  // of what runs in its foreground
    bool runs_server = false;
    std::vector<Screen> screens;  // of its programs, the foreground's last

    /// The line that is not ended yet: a program's prompt.
    std::string unfinished() const;
};

class Session {
public:
    Session(scenario::Scenario scenario, SessionOptions options);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // A line at a time, without a clock.
    /// The line is typed in the focused terminal: to its shell, to the program in its foreground, or (`:`, but `::` is
    /// a colon that is typed) to the lab; "^C" and "^D" are the keys. Time passes until what came of it has ended or
    /// been quiet for kQuiet.
    Reply enter(const std::string& line);

    // The same in two halves, for who has a clock.
    /// Only the act. Whether it could be done.
    bool submit(const std::string& line);
    /// Time passes; what programs print meanwhile goes to the sink.
    void pass(Duration time);
    /// The JVM of the focused terminal's program starts in no time.
    void skip_start_up();
    /// Until what runs in the foreground has ended or nothing was shown for kQuiet.
    void settle();
    bool interrupt();  // Ctrl+C
    bool end_input();  // Ctrl+D

    // Terminals.
    const std::string& focus() const { return focus_; }
    /// Goes there; makes it if there is none of that name.
    void go(const std::string& terminal);
    const std::vector<Terminal>& terminals() const { return terminals_; }
    Terminal& terminal(const std::string& name);
    const Terminal* find_terminal(const std::string& name) const;
    /// Whether a program runs in the foreground of the focused terminal.
    bool busy() const;
    /// Whether a program of that name is the focused terminal's.
    bool runs(std::string_view program) const;
    std::string prompt() const;

    // What the lab's commands are made of (commands.cpp).
    bool act(scenario::Step step);
    /// In the focused terminal.
    bool act_here(scenario::Verb verb);
    bool wait(Duration time);
    /// Until `done` holds, looked at whenever something is shown and at least each kLook; whether it did.
    bool wait_until(Duration at_most, const std::function<bool()>& done);
    void say(const std::string& text) { show({Shown::Kind::Lab, focus_, text}); }
    bool fail(const std::string& text);
    /// Goes back to before the last `count` acts, to the moment at which the first of them was done; what is undone,
    /// the last first.
    std::vector<Act> undo(size_t count);
    const std::vector<Act>& acts() const { return acts_; }
    /// The scenario that does it all again.
    std::string saved();
    bool save(const std::string& path);
    Instant last_shown() const { return last_shown_; }
    /// `act` from 0.
    std::string why(size_t act) const;
    bool wants_to_quit() const { return quit_; }
    void quit() { quit_ = true; }
    double speed = 1;  // of live time: virtual seconds a second; 0: as fast as it goes

    const World& world() const { return runner_->world(); }
    const scenario::Scenario& scenario() const { return scenario_; }
    const std::string& language() const { return options_.language; }
    std::string in(std::string_view english, std::string_view korean) const {
        return std::string(language() == "ko" ? korean : english);
    }
    uint64_t digest() const { return runner_->world().digest(); }

    static constexpr Duration kQuiet = 2s;
    static constexpr Duration kSettleAtMost = 30s;
    static constexpr Duration kLook = 100ms;

private:
    bool run_command(const std::string& line);
    bool type_line(const std::string& line);
    /// From the beginning of the cluster.
    void replay(const std::vector<Act>& acts, std::optional<Duration> rest);
    void set_base();
    std::optional<Duration> since_base() const;
    void redo(const Act& done);
    bool perform(scenario::Step step, Act::Kind kind);
    void began_program();
    /// Until `limit`, at the latest; what is shown on the way is shown. Stops when `done` holds.
    bool run_until(Instant limit, const std::function<bool()>& done);
    /// To the next instant at which an act may happen.
    void align();
    bool anything_new() const;
    void collect();
    void note_ends();
    bool loading() const;
    bool reads() const;
    void show(Shown shown);
    void emit(const Shown& shown, const std::string& in_reply);

    scenario::Scenario scenario_;
    SessionOptions options_;
    std::unique_ptr<scenario::Runner> runner_;
    std::vector<Act> acts_;
    Instant base_;  // the end of the last step, as it will be saved
    uint64_t base_events_ = 0;
    std::vector<Terminal> terminals_;
    std::string focus_ = "main";
    std::string reply_;
    Instant last_shown_;
    bool loading_noted_ = false;
    bool quit_ = false;
    bool replaying_ = false;
};

/// Each line with "name | " before it.
std::string with_name_before(const std::string& terminal, const std::string& text);

}  // namespace kafkasim::sim::lab
