// SPDX-License-Identifier: Apache-2.0
#include "sim/event/timer_table.hpp"

namespace kafkasim::sim {

TimerId TimerTable::create(uint64_t tag) {
    uint32_t slot = free_;
    if (slot == kNone) {
        slot = static_cast<uint32_t>(timers_.size());
        timers_.emplace_back();
    } else {
        free_ = timers_[slot].next_free;
    }
    ++size_;
    timers_[slot].tag = tag;
    return TimerId{slot, timers_[slot].generation};
}

void TimerTable::destroy(TimerId id) {
    if (!exists(id)) return;
    Timer& timer = timers_[id.slot];
    if (timer.entry_sequence != kNoEntry) ++stale_entries_;
    const uint32_t generation = timer.generation + 1;
    timer = Timer{};
    timer.generation = generation;
    timer.next_free = free_;
    free_ = id.slot;
    --size_;
}

std::optional<Event> TimerTable::arm(TimerId id, int64_t deadline_us, uint64_t sequence, uint64_t note) {
    if (!exists(id)) return std::nullopt;
    Timer& timer = timers_[id.slot];
    timer.armed = true;
    timer.deadline_us = deadline_us;
    timer.armed_sequence = sequence;
    timer.note = note;
    const bool has_entry = timer.entry_sequence != kNoEntry;
    if (has_entry && timer.entry_time_us <= deadline_us) return std::nullopt;
    if (has_entry) ++stale_entries_;
    timer.entry_time_us = deadline_us;
    timer.entry_sequence = sequence;
    return Event{deadline_us, sequence, kTimerEvent, id.slot};
}

void TimerTable::disarm(TimerId id) {
    if (exists(id)) timers_[id.slot].armed = false;
}

std::optional<int64_t> TimerTable::deadline_us(TimerId id) const {
    if (!armed(id)) return std::nullopt;
    return timers_[id.slot].deadline_us;
}

TimerTable::Verdict TimerTable::judge(const Event& entry) const {
    const Timer& timer = timers_[entry.slot];
    if (!timer.armed || timer.entry_sequence != entry.sequence) return Verdict::Stale;
    return timer.armed_sequence == entry.sequence ? Verdict::Due : Verdict::Early;
}

Event TimerTable::put_back(const Event& entry) {
    Timer& timer = timers_[entry.slot];
    timer.entry_time_us = timer.deadline_us;
    timer.entry_sequence = timer.armed_sequence;
    return Event{timer.deadline_us, timer.armed_sequence, kTimerEvent, entry.slot};
}

void TimerTable::drop(const Event& entry) {
    Timer& timer = timers_[entry.slot];
    if (timer.entry_sequence == entry.sequence) {
        timer.entry_sequence = kNoEntry;  // its own, but it is not armed
    } else {
        --stale_entries_;
    }
}

void TimerTable::fired(const Event& entry) {
    Timer& timer = timers_[entry.slot];
    timer.armed = false;
    timer.entry_sequence = kNoEntry;
}

}  // namespace kafkasim::sim
