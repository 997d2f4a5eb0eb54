// SPDX-License-Identifier: Apache-2.0
// The workloads over our event core: plain events and a switch, pooled messages, timers that re-arm in place.

#include <vector>

#include "bench/workload.hpp"
#include "sim/event/scheduler.hpp"
#include "sim/event/slot_pool.hpp"

namespace kafkasim::bench {

namespace {

using sim::Event;
using sim::kTimerEvent;

enum : sim::EventKind { kHold = 1, kRequest, kReply, kSend };

class Ours final : public Workload {
public:
    Ours(Kind kind, uint32_t pending) {
        for (uint32_t i = 0; i < pending; ++i) begin(kind, i);
    }

    void run(uint64_t events) override {
        for (uint64_t i = 0; i < events; ++i) {
            if (const auto event = scheduler_.next()) dispatch(*event);
        }
    }

    uint64_t digest() const override { return digest_.value(); }

private:
    void begin(Kind kind, uint32_t i) {
        switch (kind) {
            case Kind::Hold:
                after(numbers_.hold_us(), kHold, i);
                break;
            case Kind::RequestReply:
                request(Message{i, 0, 0, 0, 0, 0});
                break;
            case Kind::TimerChurn:
                timeouts_.push_back(scheduler_.create_timer(i));
                after(numbers_.latency_us(), kSend, i);
                break;
        }
    }

    void dispatch(const Event& event) {
        switch (event.kind) {
            case kHold:
                note(event.slot);
                after(numbers_.hold_us(), kHold, event.slot);
                break;
            case kRequest: {
                const Message message = messages_.take(event.slot);
                note(message.client);
                after(numbers_.latency_us(), kReply, messages_.put(message).index);
                break;
            }
            case kReply:
                request(messages_.take(event.slot));
                break;
            case kSend:
                send(event.slot);
                break;
            case kTimerEvent:
                note(event.slot);
                break;
        }
    }

    void request(Message message) {
        note(message.client);
        ++message.correlation;
        after(numbers_.latency_us(), kRequest, messages_.put(message).index);
    }

    /// Every other event of a connection is the reply to its last request.
    void send(uint32_t connection) {
        note(connection);
        if (scheduler_.armed(timeouts_[connection])) {
            scheduler_.disarm(timeouts_[connection]);
            after(numbers_.latency_us(), kSend, connection);
        } else {
            scheduler_.arm(timeouts_[connection], scheduler_.now() + Duration{kTimeoutUs});
            after(numbers_.reply_us(), kSend, connection);
        }
    }

    void after(int64_t delay_us, sim::EventKind kind, uint32_t slot) {
        scheduler_.schedule(scheduler_.now() + Duration{delay_us}, kind, slot);
    }
    void note(uint32_t who) { digest_.add(static_cast<uint64_t>(scheduler_.now().time_since_epoch().count()) ^ who); }

    sim::Scheduler scheduler_;
    sim::SlotPool<Message> messages_;
    std::vector<sim::TimerId> timeouts_;
    Numbers numbers_;
    sim::Digest digest_;
};

}  // namespace

std::unique_ptr<Workload> make_ours(Kind kind, uint32_t pending) { return std::make_unique<Ours>(kind, pending); }

}  // namespace kafkasim::bench
