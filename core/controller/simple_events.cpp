// SPDX-License-Identifier: Apache-2.0
// Which frame works off which event, and the events that need little: answers of brokers, unclean election switched
// on, a lost session.
// Kafka 3.0.0: kafka.controller.KafkaController.process, processExpire, processUncleanLeaderElectionEnable,
// processLeaderAndIsrResponseReceived, processUpdateMetadataResponseReceived.

#include <type_traits>

#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

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
            [](event::PartitionReassignment&&) -> Frame { return frame::ZkReassignment{}; },
            [](event::ApiPartitionReassignment&& e) -> Frame {
                frame::ApiReassignment frame;
                frame.event = std::move(e);
                return frame;
            },
            [](event::ListPartitionReassignments&& e) -> Frame { return frame::ListReassignments{std::move(e)}; },
            [](event::IsrChangeNotification&&) -> Frame { return frame::IsrNotification{}; },
            [](event::LogDirEventNotification&&) -> Frame { return frame::LogDirEvents{}; },
            [](event::AlterIsr&& e) -> Frame {
                frame::AlterIsr frame;
                frame.event = std::move(e);
                return frame;
            },
            [](event::AllocateProducerIds&& e) -> Frame { return frame::AllocateProducerIds{std::move(e)}; },
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

TopicName topic_of(const ControllerContext& context, const Uuid& id) {
    for (const auto& [topic, known] : context.topic_ids) {
        if (known == id) return topic;
    }
    return TopicName();
}

/// KafkaController's own lines in the state-change log do not name the epoch.
template <typename... Args>
void state_change(Run& run, node::Level level, fmt::format_string<Args...> format, Args&&... args) {
    if (!run.env().logs(level)) return;
    run.env().log(
        level, kStateChangeLogger,
        fmt::format("[Controller id={}] {}", run.id().value, fmt::format(format, std::forward<Args>(args)...)));
}

/// The replicas that the broker says it cannot use become offline; those that it can use again are online.
Flow take_partition_errors(Run& run, BrokerId broker, const protocol::LeaderAndIsrResponse& response) {
    if (response.error_code != ErrorCode::None) {
        state_change(run, node::Level::Error, "Received error {} in LeaderAndIsr response from broker {}",
                     name(response.error_code), broker.value);
        return Flow::Done;
    }
    std::set<TopicPartition>& offline = run.context().replicas_on_offline_dirs[broker];
    frame::BrokerFailure failure;
    std::set<TopicPartition> newly_offline;
    for (const auto& topic : response.topics) {
        const TopicName topic_name = topic_of(run.context(), topic.topic_id);
        for (const auto& partition : topic.partition_errors) {
            const TopicPartition tp{topic_name, partition.partition_index};
            if (partition.error_code == ErrorCode::None) offline.erase(tp);
            if (partition.error_code != ErrorCode::KafkaStorageError || topic_name.view().empty()) continue;
            if (offline.insert(tp).second) newly_offline.insert(tp);
        }
    }
    if (newly_offline.empty()) return Flow::Done;
    state_change(run, node::Level::Info, "Mark replicas {} on broker {} as offline", join_text(newly_offline),
                 broker.value);
    for (const TopicPartition& tp : newly_offline) failure.replicas.push_back({tp, broker});
    return run.call(std::move(failure));
}

/// What a broker answered.
Flow begin_simple(Run& run, const event::ResponseReceived& received) {
    const auto* told = std::get_if<protocol::LeaderAndIsrResponse>(&received.response.body);
    if (run.state().is_active() && told != nullptr) return take_partition_errors(run, received.response.from, *told);
    const auto* update = std::get_if<protocol::UpdateMetadataResponse>(&received.response.body);
    if (!run.state().is_active() || update == nullptr || update->error_code == ErrorCode::None) return Flow::Done;
    state_change(run, node::Level::Error, "Received error {} in UpdateMetadata response from broker {}",
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

}  // namespace kafkasim::controller
