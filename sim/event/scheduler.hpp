// SPDX-License-Identifier: Apache-2.0
#pragma once
// Virtual time and what happens next: the event queue and the timers behind one face. It gives out sequence
// numbers, so that events at one instant
// come in the order in which they were asked for, and moves `now` to each event it hands out. It decides nothing
// else: the
// world switches over the event's kind. A scheduler is a value: a copy of the world goes on exactly as the original
// does.
//
// Called by the world only. `Scheduler` is BasicScheduler over the production queue; tests use the heap as well.

#include <optional>

#include "core/base/check.hpp"
#include "core/base/time.hpp"
#include "sim/event/event.hpp"
#include "sim/event/event_queue.hpp"
#include "sim/event/timer_table.hpp"

namespace kafkasim::sim {

template <EventQueueLike Queue>
class BasicScheduler {
public:
    Instant now() const { return now_; }
    /// Events and entries waiting; stale timer entries may be among them.
    size_t pending() const { return queue_.size(); }

    /// `at` is not before now. `kind` is one of the world's, not kTimerEvent.
    void schedule(Instant at, EventKind kind, uint32_t slot) {
        CHECK_INVARIANT(at >= now_, "an event must not lie in the past");
        queue_.push(Event{to_us(at), ++sequence_, kind, slot});
    }

    TimerId create_timer(uint64_t tag) { return timers_.create(tag); }
    void destroy_timer(TimerId id) {
        timers_.destroy(id);
        forget_stale_entries();
    }
    /// Sets or moves the deadline; one that has passed counts as now.
    void arm(TimerId id, Instant deadline, uint64_t note = 0) {
        if (deadline < now_) deadline = now_;
        if (const auto entry = timers_.arm(id, to_us(deadline), ++sequence_, note)) queue_.push(*entry);
        forget_stale_entries();
    }
    void disarm(TimerId id) { timers_.disarm(id); }
    bool armed(TimerId id) const { return timers_.armed(id); }
    std::optional<Instant> deadline(TimerId id) const {
        const auto deadline_us = timers_.deadline_us(id);
        if (!deadline_us) return std::nullopt;
        return Instant{Duration{*deadline_us}};
    }
    /// For the slot in a timer event: whose it is, and tag and note as given.
    const TimerTable& timers() const { return timers_; }

    /// When the next event is; nothing if there is none. Not const: stale timer entries are cleared away.
    std::optional<Instant> next_time() {
        if (!settle()) return std::nullopt;
        return Instant{Duration{queue_.top().time_us}};
    }
    /// The next event, with `now` moved to it. Nothing if there is none.
    std::optional<Event> next() {
        if (!settle()) return std::nullopt;
        return take();
    }
    /// The next event if it is not after `limit`.
    std::optional<Event> next_until(Instant limit) {
        if (!settle() || queue_.top().time_us > to_us(limit)) return std::nullopt;
        return take();
    }
    /// Lets time pass when nothing is due before `instant`: after next_until(instant) gave nothing.
    void advance_to(Instant instant) {
        CHECK_INVARIANT(instant >= now_, "time must not go back");
        now_ = instant;
    }

private:
    static constexpr size_t kFewStale = 64;

    static int64_t to_us(Instant instant) { return instant.time_since_epoch().count(); }

    /// Brings an event that really happens to the head of the queue; false if there is none.
    bool settle() {
        while (!queue_.empty()) {
            const Event& head = queue_.top();
            if (head.kind != kTimerEvent) return true;
            switch (timers_.judge(head)) {
                case TimerTable::Verdict::Due:
                    return true;
                case TimerTable::Verdict::Early:
                    queue_.push(timers_.put_back(queue_.pop()));
                    break;
                case TimerTable::Verdict::Stale:
                    timers_.drop(queue_.pop());
                    break;
            }
        }
        return false;
    }

    Event take() {
        const Event event = queue_.pop();
        if (event.kind == kTimerEvent) timers_.fired(event);
        now_ = Instant{Duration{event.time_us}};
        return event;
    }

    /// A timer that is set to earlier again and again leaves entries far in the future. They go when they are half
    /// of what waits.
    void forget_stale_entries() {
        if (timers_.stale_entries() < kFewStale || timers_.stale_entries() * 2 < queue_.size()) return;
        queue_.erase_if(
            [this](const Event& event) { return event.kind == kTimerEvent && timers_.is_abandoned(event); });
        timers_.abandoned_were_erased();
    }

    Queue queue_;
    TimerTable timers_;
    Instant now_{};
    uint64_t sequence_ = 0;
};

using Scheduler = BasicScheduler<EventQueue>;

}  // namespace kafkasim::sim
