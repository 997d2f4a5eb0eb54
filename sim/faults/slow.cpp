// SPDX-License-Identifier: Apache-2.0
#include "sim/faults/slow.hpp"

#include <algorithm>

namespace kafkasim::sim {

Verdict SlowNetwork::judge(const Passage& passage) {
    const auto named = [this](std::string_view name) {
        return std::find(between_.begin(), between_.end(), name) != between_.end();
    };
    if (passage.from == passage.to || !named(passage.from) || !named(passage.to)) return Verdict::pass();
    ++delayed_;
    return Verdict::delay(by_);
}

bool SlowNetwork::is_between(const std::vector<std::string>& names) const {
    return std::is_permutation(between_.begin(), between_.end(), names.begin(), names.end());
}

std::string SlowNetwork::receipt() const {
    return "delayed " + std::to_string(delayed_) + " messages by " + std::to_string(millis_of(by_)) + " ms";
}

}  // namespace kafkasim::sim
