// SPDX-License-Identifier: Apache-2.0
// Which frame works off which event, and the events that need little: answers of brokers, unclean election switched
// on, a lost session, and znodes
// whose meaning is not modelled.
// Kafka 3.0.0: kafka.controller.KafkaController.process, processExpire, processUncleanLeaderElectionEnable,
// processUpdateMetadataResponseReceived.

#include <type_traits>

#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

frame::NotModelled not_modelled(std::string_view path, std::string_view what) {
    frame::NotModelled frame;
    frame.path = path;
    frame.what = what;
    return frame;
}

Frame simple(Event&& event) {
    frame::Simple frame;
    frame.event = std::move(event);
    return frame;
}

}  // namespace

Frame frame_of(Event&& event) {
    return std::visit(
        Overloaded{
            [](event::Startup&&) -> Frame { return frame::Startup{}; },
            [](event::ControllerChange&&) -> Frame { return frame::MaybeResign{}; },
            [](event::Reelect&&) -> Frame { return frame::Reelect{}; },
            [](event::RegisterBrokerAndReelect&&) -> Frame { return frame::Register{}; },
            [](event::BrokerChange&&) -> Frame { return frame::BrokerChange{}; },
            [](event::BrokerModifications&& e) -> Frame {
                frame::BrokerModifications frame;
                frame.broker = e.broker;
                return frame;
            },
            [](event::TopicChange&&) -> Frame { return frame::TopicChange{}; },
            [](event::PartitionModifications&& e) -> Frame {
                frame::PartitionModifications frame;
                frame.topic = e.topic;
                return frame;
            },
            [](event::TopicDeletion&&) -> Frame { return frame::TopicDeletion{}; },
            [](event::PartitionReassignment&&) -> Frame {
                return not_modelled(kReassignPartitionsPath, "partition reassignment by /admin/reassign_partitions");
            },
            [](event::IsrChangeNotification&&) -> Frame {
                return not_modelled(kIsrChangeNotificationPath, "ISR change notifications of brokers before 2.7");
            },
            [](event::LogDirEventNotification&&) -> Frame {
                return not_modelled(kLogDirEventNotificationPath, "failures of log directories");
            },
            [](event::AlterIsr&& e) -> Frame {
                frame::AlterIsr frame;
                frame.event = std::move(e);
                return frame;
            },
            [](event::ControlledShutdown&& e) -> Frame {
                frame::ControlledShutdown frame;
                frame.event = std::move(e);
                return frame;
            },
            [](event::ReplicaLeaderElection&& e) -> Frame {
                frame::ReplicaElection frame;
                frame.event = std::move(e);
                return frame;
            },
            [](event::AutoPreferredReplicaLeaderElection&&) -> Frame { return frame::AutoBalance{}; },
            [](event::TopicDeletionStopReplicaResponseReceived&& e) -> Frame {
                frame::DeletionAnswered frame;
                frame.event = std::move(e);
                return frame;
            },
            [](auto&& other) -> Frame { return simple(std::move(other)); },
        },
        std::move(event));
}

namespace {

/// What a broker answered. Simplified: errors of single partitions of LeaderAndIsr (a failed log directory) are not
/// acted upon.
Flow begin_simple(Run& run, const event::ResponseReceived& received) {
    const auto* update = std::get_if<protocol::UpdateMetadataResponse>(&received.response.body);
    if (!run.state().is_active() || update == nullptr || update->error_code == ErrorCode::None) return Flow::Done;
    run.state_change(node::Level::Error, "Received error {} in UpdateMetadata response from broker {}",
                     name(update->error_code), received.response.from.value);
    return Flow::Done;
}

Flow begin_simple(Run& run, const event::Expire&) {
    run.state().active_controller_id = kNoBroker;
    resign(run);
    return Flow::Done;
}

Flow begin_simple(Run& run, const event::UncleanLeaderElectionEnable&) {
    if (!run.state().is_active()) return Flow::Done;
    run.info("Unclean leader election has been enabled by default");
    return run.call(trigger_online(run));
}

Flow begin_simple(Run& run, const event::TopicUncleanLeaderElectionEnable& event) {
    if (!run.state().is_active()) return Flow::Done;
    run.info("Unclean leader election has been enabled for topic {}", event.topic.view());
    return run.call(trigger_online(run, event.topic));
}

template <typename Other>
Flow begin_simple(Run&, const Other&) {
    return Flow::Done;  // has a frame of its own
}

}  // namespace

Flow step(Run& run, frame::Simple& self) {
    switch (self.at) {
        case frame::Simple::At::Begin:
            self.at = frame::Simple::At::End;
            return std::visit([&run](const auto& event) { return begin_simple(run, event); }, self.event);
        case frame::Simple::At::End:
            return Flow::Done;
    }
    return Flow::Done;
}

Flow step(Run& run, frame::NotModelled& self) {
    switch (self.at) {
        case frame::NotModelled::At::Read:
            if (!run.state().is_active()) return Flow::Done;
            self.at = frame::NotModelled::At::Say;
            return run.ask({zk_exists(self.path, true), zk_get_children(self.path, true)});
        case frame::NotModelled::At::Say: {
            const std::vector<protocol::Body> replies = run.take_replies();
            const auto* children = std::get_if<protocol::ZkGetChildrenResponse>(&replies.at(1));
            const bool parent = self.path == kIsrChangeNotificationPath || self.path == kLogDirEventNotificationPath;
            const bool came = children != nullptr && children->err == kOk && (!parent || !children->children.empty());
            if (came) run.note(node::NoteKind::Unmodelled, {{"what", self.what}});
            return Flow::Done;
        }
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
