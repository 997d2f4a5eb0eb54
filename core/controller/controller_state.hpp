// SPDX-License-Identifier: Apache-2.0
#pragma once
// All that a controller is, as one value: what it knows, its queue of events, the stack of frames of the event it
// is working on, what it waits for.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/controller/channel_manager.hpp"
#include "core/controller/controller_context.hpp"
#include "core/controller/events.hpp"
#include "core/controller/frames.hpp"
#include "core/controller/request_batch.hpp"

namespace kafkasim::controller {

/// How the election of a partition ended: the new state, or why there is none.
struct ElectionOutcome {
    std::optional<LeaderAndIsr> elected;
    std::string failure;
};

/// How the request to reassign a partition was taken.
struct ReassignmentResult {
    ErrorCode error = ErrorCode::None;
    std::optional<std::string> message;
};

struct ControllerState {
    uint16_t component = 0;
    BrokerId broker_id;
    BrokerId active_controller_id = kNoBroker;
    bool shut_down = false;

    ControllerContext context;
    ChannelManager channels;
    RequestBatch batch;
    node::TimerId rebalance_timer = node::TimerId::None;

    // The watches a controller takes notice of while it is active.
    bool handlers_registered = false;
    std::set<BrokerId> watched_brokers;

    std::deque<Event> queue;
    std::vector<Frame> stack;
    std::string_view event_name;  // of the event being worked on
    std::optional<Frame> to_call;
    uint64_t next_token = 1;
    uint64_t awaited_token = 0;  // 0: no replies are awaited
    bool awaiting_registration = false;
    std::string exception;  // behind a Flow::Failed, where Kafka prints one
    std::vector<protocol::Body> replies;

    // What frames hand back to those that called them.
    std::map<TopicPartition, ElectionOutcome> outcomes;             // of OnlinePartitions
    std::map<TopicPartition, LeaderIsrAndControllerEpoch> removed;  // of RemoveFromIsr
    std::map<TopicPartition, ReassignmentResult> reassignment_results;

    bool is_active() const { return active_controller_id != kNoBroker && active_controller_id == broker_id; }
    bool waiting() const { return awaited_token != 0 || awaiting_registration; }
};

}  // namespace kafkasim::controller
