// SPDX-License-Identifier: Apache-2.0
// What a runner does for the claim and the condition `consumed`: it reads what consumers print while they print it.
#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/runner.hpp"

namespace kafkasim::sim::scenario {

void Runner::watch_consumers(const Step& step) {
    const auto watch = [&](const std::vector<Consumed>& claims) {
        for (const Consumed& claim : claims) {
            const bool known = std::any_of(consumers_.begin(), consumers_.end(),
                                           [&](const WatchedConsumers& each) { return each.by == claim.by; });
            if (!known)
                consumers_.push_back({claim.by, std::vector<Printed>(claim.by.size()), ConsumersSeen(claim.by)});
        }
    };
    if (step.expect) watch(step.expect->consumed);
    const auto* wait = std::get_if<Wait>(&step.verb);
    if (wait != nullptr && wait->until) watch(wait->until->consumed);
}

std::string Runner::fresh_of(const std::string& terminal, Printed& read) const {
    std::string fresh;
    const auto ran = ran_in_.find(terminal);
    if (ran == ran_in_.end()) return fresh;
    for (;; ++read.program, read.length = 0) {
        const std::string& text = world_.process(ran->second[read.program]).stdout_text;
        fresh.append(text, read.length);
        read.length = text.size();
        if (read.program + 1 == ran->second.size()) return fresh;
    }
}

void Runner::look_at_consumers() {
    for (WatchedConsumers& watched : consumers_) {
        std::vector<std::string> fresh;
        std::vector<bool> running;
        for (size_t i = 0; i < watched.by.size(); ++i) {
            const auto ran = ran_in_.find(watched.by[i]);
            fresh.push_back(fresh_of(watched.by[i], watched.printed[i]));
            running.push_back(ran != ran_in_.end() && world_.process(ran->second.back()).alive());
        }
        watched.seen.read({fresh.begin(), fresh.end()}, running);
    }
}

void Runner::mark_consumers(const std::string& since) {
    for (WatchedConsumers& watched : consumers_) watched.seen.mark(since);
}

void Runner::mark_end_of(const Step& step) {
    look_at_consumers();
    if (step.id.empty()) return;
    mark_consumers(step.id);
    if (step.round > 1) mark_consumers(step.id.substr(0, step.id.rfind('.')));  // `since` means the latest round
}

std::vector<BrokenClaim> Runner::not_consumed(const std::vector<Consumed>& claims) {
    look_at_consumers();
    std::vector<BrokenClaim> broken;
    for (const Consumed& claim : claims) {
        for (const WatchedConsumers& watched : consumers_) {
            if (watched.by != claim.by) continue;
            for (BrokenClaim& each : watched.seen.judge(claim)) broken.push_back(std::move(each));
        }
    }
    return broken;
}

void Runner::judge_consumed_of(const Step& step, StepResult& result) {
    const auto fail = [&](std::string what, const BrokenClaim& broken) {
        result.failures.push_back({std::move(what), broken.expected, broken.seen, world_.now(), result.last_event});
    };
    for (const BrokenClaim& broken : not_consumed(step.expect->consumed)) fail("consumed", broken);
    for (const Consumed& claim : step.expect->consumed) {
        for (WatchedConsumers& watched : consumers_) {
            if (watched.by != claim.by) continue;
            const auto& misbehaviour = watched.seen.misbehaviour();
            for (; watched.told < misbehaviour.size(); ++watched.told) fail("consumed", misbehaviour[watched.told]);
        }
    }
    const auto* wait = std::get_if<Wait>(&step.verb);
    if (!step.expect->met || wait == nullptr || result.seen.met == step.expect->met) return;
    const std::string expected = fmt::format("what the step waits for {} within {} ms",
                                             *step.expect->met ? "comes" : "does not come", millis_of(wait->at_most));
    const std::vector<BrokenClaim> missing =
        wait->until ? not_consumed(wait->until->consumed) : std::vector<BrokenClaim>();
    if (missing.empty()) fail("met", {expected, *step.expect->met ? "it has not come" : "it has come"});
    for (const BrokenClaim& broken : missing) fail("met", {expected + ": " + broken.expected, broken.seen});
}

/// Of all lists of consumers that no other list holds.
std::vector<Consumption> Runner::consumptions() const {
    std::vector<Consumption> all;
    for (const WatchedConsumers& watched : consumers_) {
        const bool part = std::any_of(consumers_.begin(), consumers_.end(), [&](const WatchedConsumers& other) {
            return other.by.size() > watched.by.size() &&
                   std::all_of(watched.by.begin(), watched.by.end(), [&](const std::string& name) {
                       return std::find(other.by.begin(), other.by.end(), name) != other.by.end();
                   });
        });
        if (!part) all.push_back(watched.seen.consumption());
    }
    return all;
}

}  // namespace kafkasim::sim::scenario
