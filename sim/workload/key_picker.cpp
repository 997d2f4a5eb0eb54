// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/key_picker.hpp"

#include <algorithm>

namespace kafkasim::sim::workload {

namespace {
constexpr uint64_t kPercent = 100;
}

KeyPicker::KeyPicker(const Keys& keys) : keys_(keys) {
    constexpr uint64_t kFirstWeight = 1'000'000'000;
    switch (keys_.kind) {
        case Keys::Kind::None:
            break;
        case Keys::Kind::Uniform:
            bound_ = keys_.count;
            break;
        case Keys::Kind::Hot:
            bound_ = kPercent * keys_.count;
            break;
        case Keys::Kind::Zipf:
            below_.reserve(keys_.count);
            for (uint64_t rank = 1; rank <= keys_.count; ++rank) below_.push_back(bound_ += kFirstWeight / rank);
            break;
    }
}

uint32_t KeyPicker::key_of(uint64_t draw) const {
    switch (keys_.kind) {
        case Keys::Kind::None:
            return 0;
        case Keys::Kind::Uniform:
            return static_cast<uint32_t>(draw);
        case Keys::Kind::Hot:
            return draw % kPercent < keys_.percent ? 0 : static_cast<uint32_t>(draw / kPercent);
        case Keys::Kind::Zipf:
            return static_cast<uint32_t>(std::upper_bound(below_.begin(), below_.end(), draw) - below_.begin());
    }
    return 0;
}

std::optional<std::string> KeyPicker::next(node::Chance& chance) const {
    if (keys_.kind == Keys::Kind::None) return std::nullopt;
    return "key-" + std::to_string(key_of(chance.below(node::Stream::Workload, bound_)));
}

}  // namespace kafkasim::sim::workload
