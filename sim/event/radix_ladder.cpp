// SPDX-License-Identifier: Apache-2.0
#include "sim/event/radix_ladder.hpp"

#include <algorithm>

namespace kafkasim::sim {

RadixLadder::RadixLadder() : buckets_(size_t{kRungs} * kBuckets) {}

void RadixLadder::add_chunk(Bucket& bucket) {
    uint32_t index = free_;
    if (index != kNone) {
        free_ = chunks_[index].next;
    } else {
        index = static_cast<uint32_t>(chunks_.size());
        chunks_.emplace_back();
    }
    chunks_[index].used = 0;
    chunks_[index].next = kNone;
    if (bucket.last == kNone) {
        bucket.first = index;
    } else {
        chunks_[bucket.last].next = index;
    }
    bucket.last = index;
}

RadixLadder::Bucket RadixLadder::take_bucket(unsigned rung, unsigned digit) {
    const Bucket bucket = buckets_[rung * kBuckets + digit];
    buckets_[rung * kBuckets + digit] = Bucket{};
    occupied_[rung] &= ~(uint64_t{1} << digit);
    if (occupied_[rung] == 0) rungs_ &= ~(1U << rung);
    return bucket;
}

void RadixLadder::insert_into_run(const Event& event) {
    if (head_ == run_.size() || comes_before(run_.back(), event)) {
        if (run_.size() == run_.capacity() &&
            head_ > run_.size() / 2) {  // make room of what was popped instead of growing
            run_.erase(run_.begin(), run_.begin() + static_cast<std::ptrdiff_t>(head_));
            head_ = 0;
        }
        run_.push_back(event);
        return;
    }
    const size_t lowest = run_.size() - head_ > kLongestShift ? run_.size() - kLongestShift : head_;
    size_t place = run_.size() - 1;  // the event comes before run_[place]
    while (place > lowest && comes_before(event, run_[place - 1])) --place;
    if (place == lowest && lowest != head_) {
        late_.push(event);
    } else {
        run_.insert(run_.begin() + static_cast<std::ptrdiff_t>(place), event);
    }
}

void RadixLadder::refill() {
    const auto rung = static_cast<unsigned>(std::countr_zero(rungs_));
    const auto digit = static_cast<unsigned>(std::countr_zero(occupied_[rung]));
    const Bucket bucket = take_bucket(rung, digit);
    const bool small = rung < kRunRungs && bucket.first == bucket.last;
    if (rung != 0 && !small) {
        move_down(bucket);
        return;
    }
    drain(bucket, [this](const Event& event) { run_.push_back(event); });
    sort_run();
    base_ = key_of(run_.back());
}

void RadixLadder::move_down(Bucket bucket) {
    uint64_t lowest = UINT64_MAX;
    for (uint32_t index = bucket.first; index != kNone; index = chunks_[index].next) {
        for (uint32_t i = 0; i < chunks_[index].used; ++i) lowest = std::min(lowest, key_of(chunks_[index].events[i]));
    }
    // Events of other buckets differ from `base_` in the same or a higher digit as before, so they need not move.
    base_ = lowest;
    drain(bucket, [this](const Event& event) {
        if (key_of(event) == base_) {
            run_.push_back(event);
        } else {
            put_on_rung(event);
        }
    });
    sort_run();
}

void RadixLadder::sort_run() {
    // Events of one instant mostly come in the order they were asked for.
    if (!std::is_sorted(run_.begin(), run_.end(), comes_before)) std::sort(run_.begin(), run_.end(), comes_before);
}

}  // namespace kafkasim::sim
