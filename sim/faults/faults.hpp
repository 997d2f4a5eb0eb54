// SPDX-License-Identifier: Apache-2.0
#pragma once
// The faults that are in force in a world, and the receipts of all there were: what each touched. A receipt is written
// to the trace when its fault ends, or when the run does. A fault that touched nothing and had to proves nothing: it
// is told by `idle`.

#include <memory>
#include <string>
#include <vector>

#include "sim/faults/cut.hpp"
#include "sim/faults/disk.hpp"
#include "sim/faults/hold.hpp"
#include "sim/faults/slow.hpp"
#include "sim/world/world.hpp"

namespace kafkasim::sim {

class Faults {
public:
    explicit Faults(World& world) : world_(world) {}
    ~Faults();
    Faults(const Faults&) = delete;
    Faults& operator=(const Faults&) = delete;

    // The network.
    void cut(const std::vector<std::string>& from, const std::vector<std::string>& to, bool one_way, bool may_be_idle);
    /// False if there is nothing to heal between these.
    bool heal(const std::vector<std::string>& from, const std::vector<std::string>& to);
    /// Cuts, slow networks and all that is the matter with disks.
    void heal_all();
    void slow(const std::vector<std::string>& between, Duration by, bool may_be_idle);
    void hold(const std::string& request, const std::string& to, bool may_be_idle);
    /// False if no such request is being held.
    bool release(const std::string& request, const std::string& to);

    // Disks.
    void slow_disk(const DiskOf& disk, Duration by, bool may_be_idle);
    void full_disk(const DiskOf& disk, bool may_be_idle);
    void failed_disk(const DiskOf& disk, bool may_be_idle);
    /// False if nothing is the matter with that process's disk.
    bool heal_disk(const std::string& process);

    // Processes and hosts.
    void kill(ProcessId process);
    void pause(ProcessId process, bool may_be_idle);
    void resume(ProcessId process);
    void power_off(ProcessId process, const std::vector<std::string>& folders, bool may_be_idle);
    /// Zero: it is right again.
    void set_clock(const std::string& process, Duration ahead, bool may_be_idle);

    /// The run is over: receipts of what is still in force.
    void finish();
    /// Receipts of faults that touched nothing and had to.
    const std::vector<std::string>& idle() const { return idle_; }

private:
    /// A fault that acts as a rule as long as it is in force.
    template <typename Rule>
    struct Standing {
        std::string_view kind;
        std::unique_ptr<Rule> rule;
        bool may_be_idle = false;
    };
    struct Paused {
        ProcessId process = 0;
        bool may_be_idle = false;
    };
    struct WrongClock {
        std::string process;
        Duration ahead{};
        uint64_t looks_before = 0;
        bool may_be_idle = false;
    };

    void begin(std::string_view kind, std::unique_ptr<NetworkRule> rule, bool may_be_idle);
    void begin(std::string_view kind, std::unique_ptr<DiskFault> rule, bool may_be_idle);
    void ended(NetworkRule* rule) { world_.network().remove_rule(rule); }
    void ended(DiskRule* rule) { world_.disk().remove_rule(rule); }
    /// Ends the faults for which `is` holds; how many there were.
    template <typename Rule, typename Is>
    size_t end(std::vector<Standing<Rule>>& standing, Is is);
    /// Cuts or slow networks.
    template <typename Rule, typename Is>
    size_t end_network(Is is);
    template <typename Rule>
    void receipt_of(const Standing<Rule>& fault);
    void end_pause(const Paused& paused);
    void end_clock(const WrongClock& clock);
    void receipt(std::string_view kind, const std::string& text, uint64_t touched, bool may_be_idle);

    World& world_;
    std::vector<Standing<NetworkRule>> network_;
    std::vector<Standing<DiskFault>> disks_;
    std::vector<Paused> paused_;
    std::vector<WrongClock> clocks_;
    std::vector<std::string> idle_;
};

}  // namespace kafkasim::sim
