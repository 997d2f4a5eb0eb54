// SPDX-License-Identifier: Apache-2.0
#include "sim/faults/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/faults/receipt.hpp"

namespace kafkasim::sim {

namespace {

/// Indexes are made anew from the batches, so their loss is none.
bool matters(const VirtualDisk::Loss& loss) {
    return loss.batches > 0 || !(loss.path.ends_with(".index") || loss.path.ends_with(".timeindex"));
}

/// "3 batches of t-0, 1 batch of t-1, 12 characters of /tmp/zookeeper/version-2/log.1"
std::string losses_text(const std::vector<VirtualDisk::Loss>& losses) {
    std::map<std::string, size_t> batches;  // by partition
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    for (const VirtualDisk::Loss& loss : losses) {
        const std::string folder = loss.path.substr(0, loss.path.rfind('/'));
        if (loss.batches > 0) batches[folder.substr(folder.rfind('/') + 1)] += loss.batches;
    }
    for (const auto& [partition, count] : batches)
        add(fmt::format("{} batch{} of {}", count, count == 1 ? "" : "es", partition));
    for (const VirtualDisk::Loss& loss : losses) {
        if (loss.batches == 0 && matters(loss))
            add(fmt::format("{} of {}", count_text(loss.characters, "character"), loss.path));
    }
    return text.empty() ? "nothing" : text;
}

}  // namespace

Faults::~Faults() {
    for (const auto& fault : network_) ended(fault.rule.get());
    for (const auto& fault : disks_) ended(fault.rule.get());
}

void Faults::receipt(std::string_view kind, const std::string& text, uint64_t touched, bool may_be_idle) {
    world_.receipt(kind, text);
    if (touched == 0 && !may_be_idle) idle_.push_back(text);
}

template <typename Rule>
void Faults::receipt_of(const Standing<Rule>& fault) {
    receipt(fault.kind, fault.rule->receipt(), fault.rule->touched(), fault.may_be_idle);
}

template <typename Rule, typename Is>
size_t Faults::end(std::vector<Standing<Rule>>& standing, Is is) {
    const auto first = std::stable_partition(standing.begin(), standing.end(),
                                             [&](const Standing<Rule>& fault) { return !is(*fault.rule); });
    std::vector<Standing<Rule>> over(std::make_move_iterator(first), std::make_move_iterator(standing.end()));
    standing.erase(first, standing.end());
    for (const Standing<Rule>& fault : over) {
        receipt_of(fault);
        ended(fault.rule.get());
    }
    return over.size();
}

// The network.

void Faults::begin(std::string_view kind, std::unique_ptr<NetworkRule> rule, bool may_be_idle) {
    world_.network().add_rule(rule.get());
    network_.push_back({kind, std::move(rule), may_be_idle});
}

template <typename Rule, typename Is>
size_t Faults::end_network(Is is) {
    return end(network_, [&](const NetworkRule& rule) {
        const auto* of_kind = dynamic_cast<const Rule*>(&rule);
        return of_kind != nullptr && is(*of_kind);
    });
}

void Faults::cut(const std::vector<std::string>& from, const std::vector<std::string>& to, bool one_way,
                 bool may_be_idle) {
    begin("cut", std::make_unique<CutNetwork>(from, to, one_way), may_be_idle);
}

bool Faults::heal(const std::vector<std::string>& from, const std::vector<std::string>& to) {
    const size_t cuts = end_network<CutNetwork>([&](const CutNetwork& rule) { return rule.is_between(from, to); });
    const size_t slow = end_network<SlowNetwork>([&](const SlowNetwork& rule) { return rule.is_between(from); });
    return cuts + slow > 0;
}

void Faults::heal_all() {
    end_network<CutNetwork>([](const CutNetwork&) { return true; });
    end_network<SlowNetwork>([](const SlowNetwork&) { return true; });
    end(disks_, [](const DiskFault&) { return true; });
}

void Faults::slow(const std::vector<std::string>& between, Duration by, bool may_be_idle) {
    begin("slow", std::make_unique<SlowNetwork>(between, by), may_be_idle);
}

void Faults::hold(const std::string& request, const std::string& to, bool may_be_idle) {
    begin("hold", std::make_unique<HoldRequest>(request, to), may_be_idle);
}

bool Faults::release(const std::string& request, const std::string& to) {
    return end_network<HoldRequest>([&](const HoldRequest& rule) { return rule.is(request, to); }) > 0;
}

// Disks.

void Faults::begin(std::string_view kind, std::unique_ptr<DiskFault> rule, bool may_be_idle) {
    world_.disk().add_rule(rule.get());
    disks_.push_back({kind, std::move(rule), may_be_idle});
}

void Faults::slow_disk(const DiskOf& disk, Duration by, bool may_be_idle) {
    begin("slow", std::make_unique<SlowDisk>(disk, by), may_be_idle);
}

void Faults::full_disk(const DiskOf& disk, bool may_be_idle) {
    begin("disk", std::make_unique<FullDisk>(disk), may_be_idle);
}

void Faults::failed_disk(const DiskOf& disk, bool may_be_idle) {
    begin("disk", std::make_unique<FailedDisk>(disk), may_be_idle);
}

bool Faults::heal_disk(const std::string& process) {
    return end(disks_, [&](const DiskFault& fault) { return fault.disk().process == process; }) > 0;
}

// Processes and hosts.

void Faults::kill(ProcessId process) {
    const size_t connections = world_.network().connections_of(process);
    const std::string name = world_.process(process).options.name;
    world_.kill(process);
    receipt("kill", fmt::format("ended {} and {}", name, count_text(connections, "connection")), 1, false);
}

void Faults::pause(ProcessId process, bool may_be_idle) {
    world_.pause(process);
    paused_.push_back({process, may_be_idle});
}

void Faults::resume(ProcessId process) {
    const auto is_it = [&](const Paused& paused) { return paused.process == process; };
    const auto found = std::find_if(paused_.begin(), paused_.end(), is_it);
    if (found != paused_.end()) {
        end_pause(*found);
        paused_.erase(found);
    }
    world_.resume(process);
}

void Faults::end_pause(const Paused& paused) {
    const Process& process = world_.process(paused.process);
    receipt("pause", fmt::format("{} waited for {}", count_text(process.waited, "event"), process.options.name),
            process.waited, paused.may_be_idle);
}

void Faults::power_off(ProcessId process, const std::vector<std::string>& folders, bool may_be_idle) {
    const std::string name = world_.process(process).options.name;
    const std::vector<VirtualDisk::Loss> losses = world_.power_off(process, folders);
    const bool lost = std::any_of(losses.begin(), losses.end(), matters);
    receipt("power_off", fmt::format("{} lost {}", name, losses_text(losses)), lost ? 1 : 0, may_be_idle);
}

void Faults::set_clock(const std::string& process, Duration ahead, bool may_be_idle) {
    const auto found =
        std::find_if(clocks_.begin(), clocks_.end(), [&](const WrongClock& clock) { return clock.process == process; });
    if (found != clocks_.end()) {
        const WrongClock before = *found;
        clocks_.erase(found);
        end_clock(before);
    }
    world_.set_clock(process, ahead);
    if (ahead != Duration{}) clocks_.push_back({process, ahead, world_.looks_at_clock(process), may_be_idle});
}

void Faults::end_clock(const WrongClock& clock) {
    const uint64_t looks = world_.looks_at_clock(clock.process) - clock.looks_before;
    receipt("clock",
            fmt::format("{}'s clock was {} when it looked at it {}", clock.process, ahead_text(clock.ahead),
                        times_text(looks)),
            looks, clock.may_be_idle);
}

void Faults::finish() {
    for (const auto& fault : network_) receipt_of(fault);
    for (const auto& fault : disks_) receipt_of(fault);
    for (const Paused& paused : std::exchange(paused_, {})) end_pause(paused);
    for (const WrongClock& clock : std::exchange(clocks_, {})) end_clock(clock);
}

}  // namespace kafkasim::sim
