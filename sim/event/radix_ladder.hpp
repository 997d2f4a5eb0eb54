// SPDX-License-Identifier: Apache-2.0
#pragma once
// The production event queue: a radix ladder over integer time.
//
// Time is read as eleven digits of six bits. An event waits on the rung of the highest digit in which its time
// differs from `base_`, in the bucket
// of that digit's value. The next events are therefore in the lowest bucket of the lowest rung in use (two bit
// scans). When that bucket is
// taken, `base_` moves into it and its events go down to lower rungs or, when they are next, into the `run_`: a
// short sorted vector
// that everything is popped from. An event moves down a few times at most, whatever the number pending.
//
// Invariant: every event up to and including time `base_` is in `run_` or `late_`, every later one is on a rung.
// Order within a bucket does not matter, the run is sorted by (time, sequence). A push deep into a long run goes to
// `late_`, a small heap, so that no
// workload costs more than a heap would.
//
// Buckets are chains of chunks out of one pool, so nothing is allocated once the pool has grown to the greatest
// number of events pending.
// The whole queue is a value: chunks are linked by index. Called by Scheduler; units are microseconds.

#include <array>
#include <bit>
#include <vector>

#include "sim/event/event.hpp"
#include "sim/event/event_heap.hpp"

namespace kafkasim::sim {

class RadixLadder {
public:
    RadixLadder();

    bool empty() const { return size_ == 0; }
    size_t size() const { return size_; }

    void push(const Event& event) {
        ++size_;
        if (key_of(event) <= base_) {
            insert_into_run(event);
        } else {
            put_on_rung(event);
        }
    }

    /// The next event. Not to be called on an empty queue.
    const Event& top() {
        if (head_ == run_.size() && late_.empty()) refill();
        return late_is_next() ? late_.top() : run_[head_];
    }

    Event pop() {
        const Event event = top();
        --size_;
        if (late_is_next()) {
            late_.pop();
        } else if (++head_ == run_.size()) {
            run_.clear();
            head_ = 0;
        }
        return event;
    }

    /// Drops all events that are unwanted; costs a pass over everything pending.
    template <typename Unwanted>
    void erase_if(Unwanted unwanted) {
        run_.erase(run_.begin(), run_.begin() + static_cast<std::ptrdiff_t>(head_));
        head_ = 0;
        std::erase_if(run_, unwanted);
        late_.erase_if(unwanted);
        size_ = run_.size() + late_.size();
        for (unsigned rung = 0; rung < kRungs; ++rung) {
            for (uint64_t left = occupied_[rung]; left != 0; left &= left - 1) {
                drain(take_bucket(rung, static_cast<unsigned>(std::countr_zero(left))), [&](const Event& event) {
                    if (!unwanted(event)) push(event);
                });
            }
        }
    }

private:
    static constexpr unsigned kDigitBits = 6;
    static constexpr unsigned kBuckets = 1U << kDigitBits;
    static constexpr unsigned kRungs = (64 + kDigitBits - 1) / kDigitBits;
    static constexpr uint32_t kNone = UINT32_MAX;
    static constexpr uint32_t kChunkEvents = 21;  // 512 bytes a chunk
    static constexpr unsigned kRunRungs =
        3;  // a bucket of one chunk on these rungs is sorted at once instead of going down digit by digit
    static constexpr size_t kLongestShift = 32;  // a push further than this from the run's end goes to late_

    struct Chunk {
        std::array<Event, kChunkEvents> events;
        uint32_t used = 0;
        uint32_t next = kNone;
    };
    struct Bucket {
        uint32_t first = kNone;
        uint32_t last = kNone;
    };

    /// Signed time as an unsigned number of the same order.
    static uint64_t key_of(const Event& event) { return static_cast<uint64_t>(event.time_us) ^ (uint64_t{1} << 63); }

    bool late_is_next() const {
        return !late_.empty() && (head_ == run_.size() || comes_before(late_.top(), run_[head_]));
    }

    void put_on_rung(const Event& event) {
        const uint64_t key = key_of(event);
        const unsigned rung = (63U - static_cast<unsigned>(std::countl_zero(key ^ base_))) / kDigitBits;
        const unsigned digit = static_cast<unsigned>(key >> (rung * kDigitBits)) & (kBuckets - 1);
        occupied_[rung] |= uint64_t{1} << digit;
        rungs_ |= 1U << rung;
        Bucket& bucket = buckets_[rung * kBuckets + digit];
        if (bucket.last == kNone || chunks_[bucket.last].used == kChunkEvents) add_chunk(bucket);
        Chunk& chunk = chunks_[bucket.last];
        chunk.events[chunk.used++] = event;
    }

    /// Hands every event of a chain to `use`, which may push, and gives the chunks back as it goes.
    template <typename Use>
    void drain(Bucket bucket, Use use) {
        for (uint32_t index = bucket.first; index != kNone;) {
            for (uint32_t i = 0; i < chunks_[index].used; ++i) {
                const Event event = chunks_[index].events[i];  // copied: `use` may grow the pool
                use(event);
            }
            const uint32_t next = chunks_[index].next;
            chunks_[index].next = free_;
            free_ = index;
            index = next;
        }
    }

    void add_chunk(Bucket& bucket);
    Bucket take_bucket(unsigned rung, unsigned digit);
    void insert_into_run(const Event& event);
    void refill();
    void move_down(Bucket bucket);
    void sort_run();

    uint64_t base_ = 0;
    size_t size_ = 0;
    size_t head_ = 0;  // the run's next event
    std::vector<Event> run_;
    EventHeap late_;
    uint32_t rungs_ = 0;                       // bit per rung: some bucket is in use
    uint32_t free_ = kNone;                    // chain of unused chunks
    std::array<uint64_t, kRungs> occupied_{};  // bit per bucket: not empty
    std::vector<Bucket> buckets_;              // kRungs * kBuckets
    std::vector<Chunk> chunks_;
};
static_assert(EventQueueLike<RadixLadder>);

}  // namespace kafkasim::sim
