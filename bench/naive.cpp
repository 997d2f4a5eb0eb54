// SPDX-License-Identifier: Apache-2.0
// The workloads as one would write them first: a priority queue of functions, what is under way captured by value,
// and a timer that is
// cancelled by a generation number, its dead entry staying in the queue until its time comes.

#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "bench/workload.hpp"

namespace kafkasim::bench {

namespace {

struct Entry {
    int64_t time_us;
    uint64_t sequence;
    std::function<void()> action;
};

struct Later {
    bool operator()(const Entry& a, const Entry& b) const {
        return a.time_us != b.time_us ? a.time_us > b.time_us : a.sequence > b.sequence;
    }
};

class Naive final : public Workload {
public:
    Naive(Kind kind, uint32_t pending) {
        for (uint32_t i = 0; i < pending; ++i) begin(kind, i);
    }

    void run(uint64_t events) override {
        const uint64_t end = done_ + events;
        while (done_ < end) {
            // Moved out, not copied: the kindest form of this loop.
            Entry entry = std::move(const_cast<Entry&>(queue_.top()));
            queue_.pop();
            now_us_ = entry.time_us;
            entry.action();
        }
    }

    uint64_t digest() const override { return digest_.value(); }

private:
    struct Timeout {
        bool armed = false;
        uint32_t generation = 0;
    };

    void begin(Kind kind, uint32_t i) {
        switch (kind) {
            case Kind::Hold:
                after(numbers_.hold_us(), [this, i] { hold(i); });
                break;
            case Kind::RequestReply:
                request(Message{i, 0, 0, 0, 0, 0});
                break;
            case Kind::TimerChurn:
                timeouts_.emplace_back();
                after(numbers_.latency_us(), [this, i] { send(i); });
                break;
        }
    }

    void hold(uint32_t i) {
        happened(i);
        after(numbers_.hold_us(), [this, i] { hold(i); });
    }

    void request(Message message) {
        note(message.client);
        ++message.correlation;
        after(numbers_.latency_us(), [this, message] {
            happened(message.client);
            after(numbers_.latency_us(), [this, message] {
                ++done_;
                request(message);
            });
        });
    }

    void send(uint32_t connection) {
        happened(connection);
        Timeout& timeout = timeouts_[connection];
        ++timeout.generation;
        timeout.armed = !timeout.armed;
        if (!timeout.armed) {
            after(numbers_.latency_us(), [this, connection] { send(connection); });
            return;
        }
        after(kTimeoutUs, [this, connection, generation = timeout.generation] { time_out(connection, generation); });
        after(numbers_.reply_us(), [this, connection] { send(connection); });
    }

    void time_out(uint32_t connection, uint32_t generation) {
        if (timeouts_[connection].generation != generation) return;
        timeouts_[connection].armed = false;
        happened(connection);
    }

    void after(int64_t delay_us, std::function<void()> action) {
        queue_.push(Entry{now_us_ + delay_us, ++sequence_, std::move(action)});
    }
    void happened(uint32_t who) {
        ++done_;
        note(who);
    }
    void note(uint32_t who) { digest_.add(static_cast<uint64_t>(now_us_) ^ who); }

    std::priority_queue<Entry, std::vector<Entry>, Later> queue_;
    std::vector<Timeout> timeouts_;
    int64_t now_us_ = 0;
    uint64_t sequence_ = 0;
    uint64_t done_ = 0;
    Numbers numbers_;
    sim::Digest digest_;
};

}  // namespace

std::unique_ptr<Workload> make_naive(Kind kind, uint32_t pending) { return std::make_unique<Naive>(kind, pending); }

}  // namespace kafkasim::bench
