// SPDX-License-Identifier: Apache-2.0
#pragma once
// The three workloads that the event core is measured with. Each exists twice: over our Scheduler (ours.cpp) and
// over a bare
// `std::priority_queue` of `std::function` (naive.cpp). Both draw the same numbers and must do the same things at
// the same virtual times,
// which their digests prove; otherwise a ratio would mean nothing.

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/base/random.hpp"
#include "sim/event/digest.hpp"

namespace kafkasim::bench {

enum class Kind : uint8_t {
    Hold,          // each event asks for one more, 1 us to 100 ms later
    RequestReply,  // clients with one request of 40 bytes under way: 200 us to 1 ms there, the same back
    TimerChurn,  // requests with a timeout of 5 ms, armed when sent and disarmed by the reply, which comes too late in one of 64
};

constexpr std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::Hold:
            return "hold";
        case Kind::RequestReply:
            return "request/reply";
        case Kind::TimerChurn:
            return "timer churn";
    }
    return "";
}

struct Message {
    uint32_t client = 0;
    uint32_t api = 0;
    uint64_t correlation = 0;
    uint64_t offset = 0;
    uint64_t epoch = 0;
    uint64_t size = 0;
};

/// The numbers of a workload: cheap, so that they do not hide what is measured, and drawn alike on both sides.
class Numbers {
public:
    uint64_t below(uint64_t bound) { return ((prng_.next() >> 32) * bound) >> 32; }
    int64_t hold_us() { return 1 + static_cast<int64_t>(below(100'000)); }
    int64_t latency_us() { return 200 + static_cast<int64_t>(below(801)); }
    int64_t reply_us() { return below(64) == 0 ? 6'000 : latency_us(); }

private:
    Prng prng_ = stream(1, "bench");
};

inline constexpr int64_t kTimeoutUs = 5'000;

/// A workload that has begun and goes on as long as it is asked to.
class Workload {
public:
    virtual ~Workload() = default;
    /// Goes on for so many events that do something; what a queue only sorts out does not count, but takes its time.
    virtual void run(uint64_t events) = 0;
    /// Of all that happened so far.
    virtual uint64_t digest() const = 0;
};

std::unique_ptr<Workload> make_ours(Kind kind, uint32_t pending);
std::unique_ptr<Workload> make_naive(Kind kind, uint32_t pending);

}  // namespace kafkasim::bench
