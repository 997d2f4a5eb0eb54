// SPDX-License-Identifier: Apache-2.0
#pragma once
// The controller that every broker carries. The one whose broker holds the ephemeral znode /controller acts: it
// watches brokers and topics in
// ZooKeeper, elects leaders, takes dead replicas out of the Isr, writes both to the state znodes (every write
// guarded by the version of
// /controller_epoch) and tells the brokers by LeaderAndIsr, UpdateMetadata and StopReplica requests, over the
// network also its own broker.
//
// Events stand in one queue and are worked off one at a time, each to its end, though it may wait for ZooKeeper in
// between: what has still to be
// done of the current event is the explicit stack of frames in ControllerState (frames.hpp). Called by Broker.
//
// Kafka 3.0.0: kafka.controller.KafkaController, ControllerEventManager.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/controller/controller_context.hpp"
#include "core/controller/controller_host.hpp"
#include "core/controller/controller_state.hpp"
#include "core/node/env.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::controller {

class Controller {
public:
    Controller() = default;
    /// `component` is what the tags of its connections and timers carry (broker::kController).
    explicit Controller(uint16_t component);

    /// The broker has registered itself in ZooKeeper: take part in the election.
    void startup(ControllerHost& host);
    /// Resigns if active; nothing is done any more. The session's end then removes /controller.
    void shutdown(ControllerHost& host);

    // ZooKeeper. All watch events of the broker's session are offered; the controller takes its own. `type` as in
    // ZkWatchEvent.
    void on_zk_replies(ControllerHost& host, uint64_t token, std::vector<protocol::Body>&& replies);
    void on_watch(ControllerHost& host, int32_t type, std::string_view path);
    /// The session expired: queued events are dropped and the controller resigns before a new session begins.
    void on_session_expired(ControllerHost& host);
    /// A new session stands: the broker registers again (host.re_register) and the election is held again.
    void on_new_session(ControllerHost& host);
    /// The broker has re-created its znode, as asked for by host.re_register.
    void on_registered(ControllerHost& host);
    /// It could not: the broker lives on unregistered, and takes no part in the election.
    void on_registration_failed(ControllerHost& host, std::string_view exception);

    // The send threads' connections and the timers: events whose Tag.component is the controller's.
    void on_connected(ControllerHost& host, node::ConnectionId connection, const node::Tag& tag);
    void on_disconnected(ControllerHost& host, node::ConnectionId connection, const node::Tag& tag,
                         node::CloseReason reason);
    void on_message(ControllerHost& host, node::ConnectionId connection, const node::Tag& tag,
                    protocol::Message&& message);
    void on_timer(ControllerHost& host, node::TimerId timer, const node::Tag& tag);

    // Requests, answered by host.respond now or later. Any broker may be asked; one that is not active says so.
    void handle_alter_isr(ControllerHost& host, const node::RequestContext& context,
                          protocol::AlterIsrRequest&& request);
    void handle_allocate_producer_ids(ControllerHost& host, const node::RequestContext& context,
                                      protocol::AllocateProducerIdsRequest&& request);
    void handle_controlled_shutdown(ControllerHost& host, const node::RequestContext& context,
                                    protocol::ControlledShutdownRequest&& request);
    /// `all_asked`: the client named no partitions, the broker those that it knows.
    /// Simplified: answered when the election is over, without waiting for the broker's own metadata cache to show
    /// it.
    void handle_elect_leaders(ControllerHost& host, const node::RequestContext& context,
                              protocol::ElectLeadersRequest&& request, bool all_asked = false);

    void handle_alter_partition_reassignments(ControllerHost& host, const node::RequestContext& context,
                                              protocol::AlterPartitionReassignmentsRequest&& request);
    void handle_list_partition_reassignments(ControllerHost& host, const node::RequestContext& context,
                                             protocol::ListPartitionReassignmentsRequest&& request);

    /// unclean.leader.election.enable was switched on while running: for a topic, or (nullopt) as the cluster's
    /// default.
    void enable_unclean_leader_election(ControllerHost& host, const std::optional<TopicName>& topic);

    bool is_active() const { return state_.is_active(); }
    /// The broker that held /controller when it was last looked at; kNoBroker if none.
    BrokerId active_controller_id() const { return state_.active_controller_id; }
    /// Of the last own election; 0 when not active.
    int32_t epoch() const { return state_.context.epoch; }
    const ControllerContext& context() const { return state_.context; }
    const ControllerState& state() const { return state_; }

private:
    void put(ControllerHost& host, Event event);
    void run(ControllerHost& host);

    ControllerState state_;
};

}  // namespace kafkasim::controller
