// SPDX-License-Identifier: Apache-2.0
#include "sim/faults/cut.hpp"

#include <algorithm>

namespace kafkasim::sim {

namespace {

bool has(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string list(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

}  // namespace

CutNetwork::CutNetwork(std::vector<std::string> from, std::vector<std::string> to, bool one_way)
    : from_(std::move(from)), to_(std::move(to)), one_way_(one_way) {}

Verdict CutNetwork::judge(const Passage& passage) {
    if (passage.from == passage.to) return Verdict::pass();
    const bool there = has(from_, passage.from) && has(to_, passage.to);
    const bool back = !one_way_ && has(to_, passage.from) && has(from_, passage.to);
    if (!there && !back) return Verdict::pass();
    ++held_;
    return Verdict::hold();
}

std::string CutNetwork::receipt() const {
    return "held " + std::to_string(held_) +
           (one_way_ ? " messages from " + list(from_) + " to " + list(to_)
                     : " messages between " + list(from_) + " and " + list(to_));
}

bool CutNetwork::is_between(const std::vector<std::string>& from, const std::vector<std::string>& to) const {
    return std::is_permutation(from_.begin(), from_.end(), from.begin(), from.end()) &&
           std::is_permutation(to_.begin(), to_.end(), to.begin(), to.end());
}

}  // namespace kafkasim::sim
