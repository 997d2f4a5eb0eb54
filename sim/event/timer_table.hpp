// SPDX-License-Identifier: Apache-2.0
#pragma once
// Timers as objects: created once, armed, re-armed and disarmed in O(1), as often as a request timeout or a session
// timeout is.
//
// A timer has at most one entry of its own in the event queue. Arming for later leaves the entry where it is: when
// it comes up early, it is put
// back for the present deadline. Arming for earlier makes a new entry, and the old one is stale. Disarming touches
// nothing but the timer.
// The laziness cannot be seen: a timer fires at (deadline, sequence number of the arm call), exactly as if every
// arm call had
// queued an event and every disarm had removed it.
//
// An entry is known by its sequence number, which no other event has; a TimerId by its generation. The table does
// not know the queue: what
// has to be pushed is returned. Called by Scheduler; units are microseconds.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/event/event.hpp"

namespace kafkasim::sim {

struct TimerId {
    uint32_t slot = UINT32_MAX;
    uint32_t generation = 0;
    auto operator<=>(const TimerId&) const = default;
};

class TimerTable {
public:
    enum class Verdict : uint8_t { Due, Early, Stale };

    /// `tag` is the owner's: which process, which of its timers.
    TimerId create(uint64_t tag);
    /// Ids of destroyed timers stay harmless: they are not armed, and arming or disarming them does nothing.
    void destroy(TimerId id);

    /// Sets the deadline, whether or not one was set. `sequence` is fresh. Returns the entry to be pushed, if one
    /// is needed.
    /// `note` is kept for the one who asks when it fires (the trace's cause).
    std::optional<Event> arm(TimerId id, int64_t deadline_us, uint64_t sequence, uint64_t note = 0);
    void disarm(TimerId id);

    bool exists(TimerId id) const { return id.slot < timers_.size() && timers_[id.slot].generation == id.generation; }
    bool armed(TimerId id) const { return exists(id) && timers_[id.slot].armed; }
    /// Nothing while it is not armed.
    std::optional<int64_t> deadline_us(TimerId id) const;

    /// What a timer entry at the head of the queue is.
    Verdict judge(const Event& entry) const;
    /// The entry was early and has been popped: the one to push in its place.
    Event put_back(const Event& entry);
    /// The entry was stale and has been popped.
    void drop(const Event& entry);
    /// The entry was due and has been popped: the timer is no longer armed.
    void fired(const Event& entry);

    TimerId id_of(uint32_t slot) const { return TimerId{slot, timers_[slot].generation}; }
    uint64_t tag(uint32_t slot) const { return timers_[slot].tag; }
    uint64_t note(uint32_t slot) const { return timers_[slot].note; }

    /// Entries in the queue that no timer owns any more.
    size_t stale_entries() const { return stale_entries_; }
    /// True for an entry that no timer owns: the caller may erase all of them from the queue and must then say so.
    bool is_abandoned(const Event& entry) const { return timers_[entry.slot].entry_sequence != entry.sequence; }
    void abandoned_were_erased() { stale_entries_ = 0; }

    size_t size() const { return size_; }

private:
    static constexpr uint64_t kNoEntry = 0;  // sequence numbers begin at 1
    static constexpr uint32_t kNone = UINT32_MAX;

    struct Timer {
        int64_t deadline_us = 0;
        uint64_t armed_sequence = 0;
        int64_t entry_time_us = 0;
        uint64_t entry_sequence = kNoEntry;
        uint64_t tag = 0;
        uint64_t note = 0;
        uint32_t generation = 0;
        uint32_t next_free = kNone;
        bool armed = false;
    };

    std::vector<Timer> timers_;
    uint32_t free_ = kNone;
    size_t size_ = 0;
    size_t stale_entries_ = 0;
};

}  // namespace kafkasim::sim
