// SPDX-License-Identifier: Apache-2.0
#pragma once
// The three clocks of a group member: when the next heartbeat is due, when the session counts as lost because no
// heartbeat was answered, and when the owner has not called poll() for too long. Decides what the heartbeat thread does
// next; GroupMember does it. Times are Instants, a deadline counts as passed from its own instant on.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.Heartbeat, AbstractCoordinator.HeartbeatThread.
// Simplified: the thread acts at the deadline itself, not at the first of its steps of retry.backoff.ms behind it.

#include "core/base/time.hpp"

namespace kafkasim::client {

struct HeartbeatConfig {
    Duration interval = 3s;
    Duration session_timeout = 45s;
    Duration max_poll_interval = 300s;
    Duration retry_back_off = 100ms;
};

enum class HeartbeatAction : uint8_t { Wait, LoseCoordinator, LeaveGroup, Send };

class Heartbeat {
public:
    Heartbeat() = default;
    explicit Heartbeat(const HeartbeatConfig& config) : config_(config) {}

    /// The owner is inside poll().
    void poll(Instant now) { poll_due_ = now + config_.max_poll_interval; }
    void sent(Instant now) { due_ = now + config_.interval; }
    void failed(Instant now) { due_ = now + config_.retry_back_off; }
    void received(Instant now) { session_due_ = now + config_.session_timeout; }
    /// The member has joined: all three begin anew.
    void restart(Instant now) {
        received(now);
        poll(now);
        sent(now);
    }

    /// `polling`: the owner is inside poll() now, which cannot have been too long ago then.
    HeartbeatAction action(Instant now, bool polling) const {
        if (now >= session_due_) return HeartbeatAction::LoseCoordinator;
        if (!polling && now >= poll_due_) return HeartbeatAction::LeaveGroup;
        return now >= due_ ? HeartbeatAction::Send : HeartbeatAction::Wait;
    }
    /// When there is something to do even if nothing happens.
    Instant next_deadline(bool polling) const {
        const Instant next = due_ < session_due_ ? due_ : session_due_;
        return polling || next < poll_due_ ? next : poll_due_;
    }

private:
    HeartbeatConfig config_;
    Instant due_{};
    Instant session_due_{};
    Instant poll_due_{};
};

}  // namespace kafkasim::client
