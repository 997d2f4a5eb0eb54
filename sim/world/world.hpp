// SPDX-License-Identifier: Apache-2.0
#pragma once
// The world that nodes live in: virtual time, the network, one host's disk, processes with their terminals, chance
// and the trace. Every event is
// dispatched from here, one at a time, in (time, sequence) order; the scenario's runner acts between events. Many
// worlds can
// exist side by side; nothing is shared between them. The same seed and the same acts give the same run and the
// same digest.

#include <functional>
#include <memory>
#include <vector>

#include "sim/disk/virtual_disk.hpp"
#include "sim/event/digest.hpp"
#include "sim/network/network.hpp"
#include "sim/trace/trace.hpp"
#include "sim/world/observer.hpp"
#include "sim/world/pins.hpp"
#include "sim/world/process.hpp"
#include "sim/world/wall_clock.hpp"

namespace kafkasim::sim {

struct WorldOptions {
    uint64_t seed = 1;
    WallClock clock;
    Pins pins;
    TraceLevel trace = TraceLevel::None;
    bool keep_logs = false;  // server log lines are made and kept
};

class ProcessEnv;

class World {
public:
    explicit World(WorldOptions options);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    // Time.
    Instant now() const { return scheduler_.now(); }
    const WallClock& clock() const { return options_.clock; }
    /// Dispatches the next event if it is not after `limit`; otherwise lets time pass until `limit` and returns
    /// false.
    bool step(Instant limit);
    /// Runs until `done` holds (asked after each event) or `limit` is reached; whether it held.
    bool run_until(Instant limit, const std::function<bool()>& done);
    void run_until(Instant limit);

    // Processes.
    ProcessId spawn(std::unique_ptr<node::Node> node, ProcessOptions options);
    Process& process(ProcessId id) { return *processes_[id]; }
    const Process& process(ProcessId id) const { return *processes_[id]; }
    size_t process_count() const { return processes_.size(); }
    /// The living process of that name.
    std::optional<ProcessId> find(std::string_view name) const;
    void signal(ProcessId id, node::Signal signal);
    void kill(ProcessId id);  // SIGKILL
    void pause(ProcessId id);
    void resume(ProcessId id);
    /// A pulled plug: SIGKILL, and what was not yet on disk below these folders is lost.
    std::vector<VirtualDisk::Loss> power_off(ProcessId id, const std::vector<std::string>& folders);
    void type(ProcessId id, std::string line);
    void end_input(ProcessId id);

    /// From now on the clock on the wall of that process's host is so much ahead of the others; it stays so when the
    /// process ends.
    void set_clock(std::string_view process, Duration ahead) { clocks_[std::string(process)].ahead = ahead; }
    /// How often a clock that was set has been looked at since it is wrong.
    uint64_t looks_at_clock(std::string_view process) const;

    Network& network() { return network_; }
    VirtualDisk& disk() { return disk_; }
    const VirtualDisk& disk() const { return disk_; }

    // What is seen of it.
    const Trace& trace() const { return trace_; }
    TraceLevel trace_level() const { return options_.trace; }
    /// A step of the scenario: what it does from now on has this event as its cause. How steps cut the time does not
    /// count in the digest; what they do does.
    uint64_t begin_act(TraceKind kind, std::string_view name, std::string_view text);
    /// What a fault has touched, below the event that is being handled.
    void receipt(std::string_view fault, std::string_view text);
    /// How many events were dispatched; notes and the like do not count.
    uint64_t events() const { return events_; }
    /// The id of the newest trace event, kept or not.
    uint64_t last_id() const { return last_id_; }
    uint64_t digest() const { return digest_.value(); }
    const WorldOptions& options() const { return options_; }
    /// nullptr: nobody. It must outlive the world or be taken away.
    void set_observer(WorldObserver* observer) { observer_ = observer; }

private:
    friend class ProcessEnv;

    enum Kind : EventKind { kParcel = 1, kErrand = 2 };

    void dispatch(const Event& event);
    void dispatch_parcel(uint32_t slot);
    void dispatch_timer(uint32_t slot);
    void dispatch_errand(uint32_t slot);
    /// If the process is paused the event waits for it.
    bool postponed(ProcessId id, const Event& event);
    void hand_over(Process& process, Errand errand);
    template <typename Call>
    void run_node(Process& process, const Call& call);
    void end(Process& process, int exit_code);
    void deliver_output(Process& process);
    /// What a terminal itself shows of what is typed and pressed.
    void echo(Process& process, std::string_view text);
    void send_errand(Errand errand, Duration after);

    uint64_t begin_event(TraceKind kind, uint64_t cause, const Process* process, uint32_t peer, std::string_view name,
                         std::string_view text = {});
    /// What happens from now on has this as its cause; it is kept if there is a trace.
    uint64_t begin_cause(TraceKind kind, uint64_t cause, ProcessId process, uint32_t peer, std::string_view name,
                         std::string_view text);
    void record(TraceKind kind, const Process& process, std::string name, std::string text);
    /// Now, as the clock of the process's host shows it.
    Instant look_at_clock(const Process& process);

    struct HostClock {
        Duration ahead{};
        uint64_t looks = 0;
    };

    WorldOptions options_;
    Scheduler scheduler_;
    Network network_;
    VirtualDisk disk_;
    SlotPool<Errand> errands_;
    std::vector<std::unique_ptr<Process>> processes_;
    PinnedControllers pinned_controllers_;
    std::map<std::string, HostClock, std::less<>> clocks_;            // by process name: those that were set
    std::map<std::string, std::map<int, Prng>, std::less<>> chance_;  // by process name, stream
    Trace trace_;
    Digest digest_;
    WorldObserver* observer_ = nullptr;
    uint64_t events_ = 0;   // dispatched
    uint64_t last_id_ = 0;  // of events and what hangs below them, kept or not
    uint64_t current_ = 0;  // the event that is being handled
};

}  // namespace kafkasim::sim
