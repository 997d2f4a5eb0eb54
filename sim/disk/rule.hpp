// SPDX-License-Identifier: Apache-2.0
#pragma once
// What may befall an access to a disk: each rule is asked, the longest time counts, the first reason not to do it too.
// Faults are rules, as they are for the network (sim/network/rule.hpp).

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/time.hpp"

namespace kafkasim::sim {

struct DiskAccess {
    enum class Kind : uint8_t {
        Adds,     // needs room: text, batches, a new folder
        Changes,  // needs none: flush, truncate, rename, remove
    };
    std::string_view path;  // absolute
    Kind kind = Kind::Adds;
    Instant at;
};

struct DiskVerdict {
    Instant done;              // when it is over; in the past: at once
    std::string_view failure;  // why it is not done; empty: it is
};

class DiskRule {
public:
    virtual ~DiskRule() = default;
    virtual DiskVerdict judge(const DiskAccess& access) = 0;
    /// Whether accesses at this path are judged at all.
    virtual bool covers(std::string_view path) const = 0;
    /// What the rule has done so far, for the trace: "broker-2's disk took 50 ms longer 17 times".
    virtual std::string receipt() const = 0;
    virtual uint64_t touched() const = 0;
};

}  // namespace kafkasim::sim
