// SPDX-License-Identifier: Apache-2.0
#include "sim/fuzz/faults_profile.hpp"

#include <nlohmann/json.hpp>

namespace kafkasim::sim::fuzz {

namespace {

using Json = nlohmann::ordered_json;

/// A fault need not touch anything: nobody knows beforehand what will be under way.
Json fault(std::string_view verb, Json value) { return {{std::string(verb), std::move(value)}, {"may_be_idle", true}}; }

void add(Steps& steps, const Json& step) { steps.push_back(step.dump()); }

}  // namespace

std::string time_text(int64_t ms) { return std::to_string(ms) + "ms"; }

std::vector<int32_t> Accidents::running() const {
    std::vector<int32_t> ids;
    for (int32_t id = 1; id <= limits_.brokers; ++id) {
        if (!down_.contains(id) && !paused_.contains(id)) ids.push_back(id);
    }
    return ids;
}

void Accidents::happen(Steps& steps) {
    if (chance_.one_in(3) && end_one(steps)) return;
    if (!limits_.kinds.empty()) begin(steps, chance_.any_of(limits_.kinds));
}

void Accidents::begin(Steps& steps, FaultKind kind) {
    const std::vector<int32_t> ids = running();
    switch (kind) {
        case FaultKind::Stop:
        case FaultKind::Kill:
            return stop_or_kill(steps, kind == FaultKind::Stop);
        case FaultKind::PauseBroker:
            if (ids.empty()) return;
            paused_.insert(chance_.any_of(ids));
            for (int32_t id : ids) {
                if (paused_.contains(id)) add(steps, fault("pause", broker(id)));
            }
            return;
        case FaultKind::Cut:
        case FaultKind::OneWayCut:
        case FaultKind::Isolate:
            return cut(steps, kind);
        case FaultKind::Slow:
            network_ = true;
            add(steps, fault("slow", {{"between", "all"}, {"by", time_text(chance_.between(20, 400))}}));
            return;
        case FaultKind::Hold: {
            if (held_.size() > 2) return;
            const Held held{chance_.any_of(limits_.requests),
                            broker(static_cast<int32_t>(chance_.between(1, limits_.brokers)))};
            for (const Held& each : held_) {
                if (each.request == held.request && each.to == held.to) return;
            }
            held_.push_back(held);
            add(steps, fault("hold", {{"request", held.request}, {"to", held.to}}));
            return;
        }
        case FaultKind::ZooKeeper:
            return zookeeper_away(steps);
    }
}

/// Not while ZooKeeper is away or cut off: a broker that stops waits for the controller, one that starts for ZooKeeper.
void Accidents::stop_or_kill(Steps& steps, bool clean) {
    std::vector<int32_t> ids = running();
    if (ids.empty() || zookeeper_ != Away::No || network_) return;
    const int32_t id = chance_.any_of(ids);
    down_.insert(id);
    if (!clean) killed_.insert(id);
    add(steps, {{clean ? "stop" : "kill", broker(id)}});
}

void Accidents::start_again(Steps& steps, int32_t id) {
    if (killed_.erase(id) > 0) {
        Json until{{"registered", {{broker(id), false}}}};
        add(steps, {{"wait", {{"until", std::move(until)}, {"at_most", time_text(3 * limits_.session_ms)}}}});
    }
    down_.erase(id);
    add(steps, {{"start", broker(id)}});
}

void Accidents::cut(Steps& steps, FaultKind kind) {
    const auto any = [&] { return broker(static_cast<int32_t>(chance_.between(1, limits_.brokers))); };
    const std::string one = any();
    std::string other = chance_.one_in(3) ? "zookeeper" : any();
    if (other == one) other = "zookeeper";
    network_ = true;
    if (kind == FaultKind::OneWayCut) {
        const bool back = chance_.one_in(2);
        add(steps, fault("cut", {{"from", back ? other : one}, {"to", back ? one : other}}));
    } else if (kind == FaultKind::Cut) {
        add(steps, fault("cut", Json::array({one, other})));
    } else {
        for (int32_t id = 1; id <= limits_.brokers; ++id) {
            if (broker(id) != one) add(steps, fault("cut", Json::array({one, broker(id)})));
        }
        if (chance_.one_in(2)) add(steps, fault("cut", Json::array({one, "zookeeper"})));
    }
}

void Accidents::zookeeper_away(Steps& steps) {
    if (zookeeper_ != Away::No) return;
    const bool stops = chance_.one_in(2);
    zookeeper_ = stops ? Away::Stopped : Away::Paused;
    add(steps, stops ? Json{{"stop", "zookeeper"}} : fault("pause", "zookeeper"));
}

void Accidents::zookeeper_back(Steps& steps) {
    if (zookeeper_ == Away::No) return;
    add(steps, {{zookeeper_ == Away::Stopped ? "start" : "resume", "zookeeper"}});
    zookeeper_ = Away::No;
}

/// False if nothing is the matter that could end.
bool Accidents::end_one(Steps& steps) {
    if (network_ && chance_.one_in(2)) {
        network_ = false;
        add(steps, {{"heal", "all"}});
        return true;
    }
    if (zookeeper_ != Away::No) return zookeeper_back(steps), true;
    if (!held_.empty()) {
        add(steps, {{"release", {{"request", held_.back().request}, {"to", held_.back().to}}}});
        held_.pop_back();
        return true;
    }
    if (!paused_.empty()) {
        add(steps, {{"resume", broker(*paused_.begin())}});
        paused_.erase(paused_.begin());
        return true;
    }
    if (down_.empty() || network_) return false;
    start_again(steps, *down_.begin());
    return true;
}

void Accidents::heal_all(Steps& steps) {
    if (network_) add(steps, {{"heal", "all"}});
    network_ = false;
    zookeeper_back(steps);
    while (!held_.empty() || !paused_.empty() || !down_.empty()) end_one(steps);
}

}  // namespace kafkasim::sim::fuzz
