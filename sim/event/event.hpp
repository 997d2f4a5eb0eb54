// SPDX-License-Identifier: Apache-2.0
#pragma once
// An event: 24 bytes of plain data that say when, which and for whom. What happens is a `switch` over `kind` in the
// world; what does not fit
// lives in a SlotPool and the event carries its slot.
// Order is (time, sequence): of two events at one instant the one asked for first comes first, never the one with
// the lower address.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace kafkasim::sim {

/// The world numbers its own kinds from 1.
using EventKind = uint32_t;
/// A timer of the scheduler's TimerTable is due; `slot` is the timer's.
inline constexpr EventKind kTimerEvent = 0;

struct Event {
    int64_t time_us = 0;
    uint64_t sequence = 0;
    EventKind kind = kTimerEvent;
    uint32_t slot = 0;

    bool operator==(const Event&) const = default;
};
static_assert(sizeof(Event) == 24 && std::is_trivially_copyable_v<Event>);

constexpr bool comes_before(const Event& a, const Event& b) {
    return a.time_us != b.time_us ? a.time_us < b.time_us : a.sequence < b.sequence;
}

/// What a queue of events is: EventHeap (simple, the oracle) and RadixLadder (fast, the one used) are such.
/// `top` may tidy up inside, so it is not const. Pushing an event earlier than the last one popped is allowed and
/// it comes next.
template <typename Queue>
concept EventQueueLike = std::copyable<Queue> &&
    requires(Queue queue, const Event& event, bool (*unwanted)(const Event&)) {
    {queue.push(event)};
    { queue.top() } -> std::convertible_to<const Event&>;
    { queue.pop() } -> std::same_as<Event>;
    {queue.erase_if(unwanted)};
    { queue.empty() } -> std::same_as<bool>;
    { queue.size() } -> std::same_as<size_t>;
};

}  // namespace kafkasim::sim
