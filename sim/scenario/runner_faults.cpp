// SPDX-License-Identifier: Apache-2.0
// The steps of accidents: what befalls processes, hosts, disks, clocks and the network between them.
#include <algorithm>

#include "sim/scenario/runner.hpp"
#include "sim/world/installation.hpp"

namespace kafkasim::sim::scenario {

// Processes and hosts.

void Runner::do_step(const Step& step, const Kill& kill, StepResult& result) {
    const auto programs = programs_of(step, kill.process, kill.terminal, result.number);
    if (programs.empty()) return;
    for (ProcessId process : programs) faults_.kill(process);
    result.seen.exit_code = world_.process(programs.back()).exit_code;
    if (const auto terminal = terminals_.find(kill.terminal); terminal != terminals_.end()) {
        collect(terminal->second.launch, result.seen);
        terminals_.erase(terminal);
    }
    result.seen.ms = millis_of(world_.now() - result.from);
}

void Runner::do_step(const Step& step, const Pause& pause, StepResult& result) {
    for (ProcessId process : programs_of(step, pause.process, pause.terminal, result.number))
        faults_.pause(process, step.may_be_idle);
    result.seen.ms = 0;
}

void Runner::do_step(const Step& step, const Resume& resume, StepResult& result) {
    for (ProcessId process : programs_of(step, resume.process, resume.terminal, result.number)) faults_.resume(process);
    result.seen.ms = 0;
}

/// A process of the cluster stands for its own host, with its own folders.
void Runner::do_step(const Step& step, const PowerOff& power_off, StepResult& result) {
    const auto process = running(power_off.host);
    if (!process) return problem(step, result.number, power_off.host + " is not running");
    faults_.power_off(*process, disk_of(power_off.host).folders, step.may_be_idle);
}

void Runner::do_step(const Step& step, const Clock& clock, StepResult&) {
    faults_.set_clock(clock.of, clock.by, step.may_be_idle);
}

// Disks.

DiskOf Runner::disk_of(const std::string& process) const { return {process, data_folders(world_.disk(), process)}; }

void Runner::do_step(const Step& step, const Disk& disk, StepResult& result) {
    DiskOf of = disk_of(disk.of);
    if (!disk.folder.empty()) {
        const std::string folder = VirtualDisk::absolute(disk.folder);
        if (std::find(of.folders.begin(), of.folders.end(), folder) == of.folders.end())
            return problem(step, result.number, disk.folder + " is no folder to which " + disk.of + " writes");
        of.folders = {folder};
    }
    if (disk.is == "full") return faults_.full_disk(of, step.may_be_idle);
    faults_.failed_disk(of, step.may_be_idle);
}

// The network.

void Runner::do_step(const Step& step, const Cut& cut, StepResult&) {
    if (!cut.from.empty()) return faults_.cut({cut.from}, {cut.to}, true, step.may_be_idle);
    faults_.cut(cut.between, cut.between, false, step.may_be_idle);
}

void Runner::do_step(const Step& step, const Heal& heal, StepResult& result) {
    if (heal.all) return faults_.heal_all();
    if (!heal.disk.empty()) {
        if (!faults_.heal_disk(heal.disk)) problem(step, result.number, "the disk of " + heal.disk + " is well");
        return;
    }
    const bool healed =
        heal.from.empty() ? faults_.heal(heal.between, heal.between) : faults_.heal({heal.from}, {heal.to});
    if (!healed) problem(step, result.number, "nothing is cut or slow there");
}

void Runner::do_step(const Step& step, const Slow& slow, StepResult&) {
    if (!slow.disk.empty()) return faults_.slow_disk(disk_of(slow.disk), slow.by, step.may_be_idle);
    faults_.slow(slow.between, slow.by, step.may_be_idle);
}

void Runner::do_step(const Step& step, const Hold& hold, StepResult&) {
    faults_.hold(hold.request, hold.to, step.may_be_idle);
}

void Runner::do_step(const Step& step, const Release& release, StepResult& result) {
    if (!faults_.release(release.request, release.to))
        problem(step, result.number, "no " + release.request + " to " + release.to + " is held");
}

}  // namespace kafkasim::sim::scenario
