// SPDX-License-Identifier: Apache-2.0
#include "sim/faults/faults.hpp"

namespace kafkasim::sim {

Faults::~Faults() {
    for (Active& active : active_) world_.network().remove_rule(active.rule.get());
}

void Faults::begin(std::unique_ptr<NetworkRule> rule, bool may_be_idle) {
    world_.network().add_rule(rule.get());
    active_.push_back({std::move(rule), may_be_idle});
}

void Faults::finish(Active& active) {
    note(active.rule->receipt());
    if (active.rule->touched() == 0 && !active.may_be_idle) idle_.push_back(active.rule->receipt());
    world_.network().remove_rule(active.rule.get());
}

template <typename Rule, typename Is>
size_t Faults::end(Is is) {
    size_t ended = 0;
    for (size_t i = 0; i < active_.size();) {
        const auto* rule = dynamic_cast<const Rule*>(active_[i].rule.get());
        if (rule == nullptr || !is(*rule)) {
            ++i;
            continue;
        }
        Active active = std::move(active_[i]);
        active_.erase(active_.begin() + static_cast<std::ptrdiff_t>(i));
        finish(active);
        ++ended;
    }
    return ended;
}

void Faults::cut(const std::vector<std::string>& from, const std::vector<std::string>& to, bool one_way,
                 bool may_be_idle) {
    begin(std::make_unique<CutNetwork>(from, to, one_way), may_be_idle);
}

bool Faults::heal(const std::vector<std::string>& from, const std::vector<std::string>& to) {
    const size_t cuts = end<CutNetwork>([&](const CutNetwork& rule) { return rule.is_between(from, to); });
    const size_t slow = end<SlowNetwork>([&](const SlowNetwork& rule) { return rule.is_between(from); });
    return cuts + slow > 0;
}

void Faults::heal_all() {
    end<CutNetwork>([](const CutNetwork&) { return true; });
    end<SlowNetwork>([](const SlowNetwork&) { return true; });
}

void Faults::slow(const std::vector<std::string>& between, Duration by, bool may_be_idle) {
    begin(std::make_unique<SlowNetwork>(between, by), may_be_idle);
}

void Faults::hold(const std::string& request, const std::string& to, bool may_be_idle) {
    begin(std::make_unique<HoldRequest>(request, to), may_be_idle);
}

bool Faults::release(const std::string& request, const std::string& to) {
    return end<HoldRequest>([&](const HoldRequest& rule) { return rule.is(request, to); }) > 0;
}

void Faults::note(const std::string& what) { world_.begin_act(TraceKind::Fault, "fault", what); }

std::vector<std::string> Faults::idle() const {
    std::vector<std::string> idle = idle_;
    for (const Active& active : active_) {
        if (active.rule->touched() == 0 && !active.may_be_idle) idle.push_back(active.rule->receipt());
    }
    return idle;
}

}  // namespace kafkasim::sim
