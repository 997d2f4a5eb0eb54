// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the controller is in the midst of. Its procedures ask ZooKeeper and go on when the answer is there, so each
// is a frame: a plain value with the
// step it stands at (`at`) and what it has gathered. Frames that call others lie below them on an explicit stack
// (ControllerState::stack). `step`
// runs the topmost frame once and says how it goes on; there is one overload per frame, in the file named beside it.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "core/base/leader_and_isr.hpp"
#include "core/controller/controller_context.hpp"
#include "core/controller/election.hpp"
#include "core/controller/events.hpp"

namespace kafkasim::controller {

class Run;

enum class Flow : uint8_t {
    Wait,             // for replies of ZooKeeper (or for the registration): the same frame is run again with them
    Call,             // Run::call has named a frame to run first
    Again,            // run the same frame again at once
    Done,             // the frame is finished
    ControllerMoved,  // a write was refused because /controller_epoch has moved on
    Failed,           // ZooKeeper answered what cannot be dealt with
};

namespace frame {

// become_controller.cpp
struct Startup {
    enum class At : uint8_t { WatchController, Elect, End } at = At::WatchController;
};
struct Reelect {
    enum class At : uint8_t { Resign, Elect, End } at = At::Resign;
};
struct Register {
    enum class At : uint8_t { Ask, Reelect, End } at = At::Ask;
};
struct MaybeResign {
    enum class At : uint8_t { Read, Decide } at = At::Read;
    bool was_active = false;
};
struct Elect {
    enum class At : uint8_t {
        Read,
        ReadEpoch,
        CreateEpoch,
        EpochCreated,
        Claim,
        Claimed,
        CheckClaim,
        Moved,
        Resigned,
        Broken,
        End
    } at = At::Read;
    int32_t epoch = 0;
    int32_t epoch_zk_version = 0;
};
/// An election that broke off: give /controller away so that others can try (KafkaController.triggerControllerMove).
struct ControllerMove {
    enum class At : uint8_t { Read, Give, End } at = At::Read;
};

// failover.cpp, initialize_context.cpp
struct Failover {
    enum class At : uint8_t {
        Feature,
        CreateFeature,
        Handlers,
        LogDirEvents,
        DeleteLogDirEvents,
        IsrChanges,
        DeleteIsrChanges,
        Context,
        Deletions,
        DeletionsRead,
        Replicas,
        Partitions,
        Ready,
        Reassignments,
        Deletion,
        Resume,
        PreferredRead,
        PreferredDone
    } at = At::Feature;
    std::vector<TopicPartition> preferred;
};
struct InitializeContext {
    enum class At : uint8_t {
        Ids,
        Brokers,
        BrokersRead,
        Topics,
        TopicsRead,
        WatchBrokers,
        States,
        StatesRead
    } at = At::Ids;
    std::vector<BrokerId> ids;
    std::vector<TopicName> topics;
    std::vector<TopicPartition> partitions;
};

// broker_change.cpp, broker_startup.cpp
struct BrokerChange {
    enum class At : uint8_t { Ids, Read, Compare, New, BouncedDown, BouncedUp, Dead, End } at = At::Ids;
    std::vector<BrokerId> ids;
    std::map<BrokerId, LiveBroker> current;
    std::vector<BrokerId> added;
    std::vector<BrokerId> bounced;
    std::vector<BrokerId> dead;
};
struct BrokerStartup {
    enum class At : uint8_t { Replicas, Reassignments, Deletions, WatchBrokers, End } at = At::Replicas;
    std::vector<BrokerId> brokers;
};
/// Brokers that died with all their replicas, or single replicas that a live broker cannot use.
struct BrokerFailure {
    enum class At : uint8_t { Partitions, Replicas, Deletions, End } at = At::Partitions;
    std::vector<BrokerId> brokers;
    std::vector<PartitionAndReplica> replicas;
    bool had_offline_leader = false;
};
struct BrokerModifications {
    enum class At : uint8_t { Read, Compare } at = At::Read;
    BrokerId broker;
};

// online_partitions.cpp, elect_leaders.cpp
struct OnlinePartitions {
    enum class At : uint8_t { Initialize, Elect, Send } at = At::Initialize;
    std::vector<TopicPartition> partitions;
    Strategy strategy = kOfflinePartition;
};
struct InitializeLeaders {
    enum class At : uint8_t { Topics, Partitions, States, Stored } at = At::Topics;
    std::vector<TopicPartition> partitions;
    std::vector<LeaderAndIsr> states;
};
struct ElectLeaders {
    enum class At : uint8_t { Read, Configs, Choose, Stored } at = At::Read;
    std::vector<TopicPartition> partitions;  // still to be elected
    Strategy strategy;
    std::map<TopicPartition, LeaderAndIsr> current;  // as read in this round
    std::vector<TopicName> topics;                   // whose configuration is asked for
    std::map<TopicName, bool> unclean;               // unclean.leader.election.enable
    std::vector<std::pair<TopicPartition, ElectionResult>> chosen;
};

// offline_replicas.cpp, remove_from_isr.cpp
struct OfflineReplicas {
    enum class At : uint8_t { Begin, NextBroker, Removed } at = At::Begin;
    std::vector<PartitionAndReplica> replicas;
    std::map<BrokerId, std::vector<TopicPartition>> by_broker;  // still to be done
    BrokerId broker;
};
struct RemoveFromIsr {
    enum class At : uint8_t { Read, Write, Stored } at = At::Read;
    BrokerId broker;
    std::vector<TopicPartition> partitions;  // still to be done
    std::vector<std::pair<TopicPartition, LeaderAndIsr>> writes;
    std::map<TopicPartition, LeaderAndIsr> before;
};

// topic_change.cpp, partition_modifications.cpp
struct TopicChange {
    enum class At : uint8_t { Children, Read, Assignments, Partitions, End } at = At::Children;
    std::vector<TopicName> added;
    std::vector<TopicName> deleted;
};
/// Topic znodes without an id get one (KafkaController.processTopicIds).
struct StoreTopicIds {
    enum class At : uint8_t { Write, Stored } at = At::Write;
    std::map<TopicName, zookeeper::TopicAssignment> topics;
    std::map<TopicName, int32_t> versions;
};
struct NewPartitions {
    enum class At : uint8_t { Create, Online, End } at = At::Create;
    std::vector<TopicPartition> partitions;
};
struct PartitionModifications {
    enum class At : uint8_t { Read, Compare, Restore, End } at = At::Read;
    TopicName topic;
    zookeeper::TopicAssignment read;
};

// controlled_shutdown.cpp, alter_isr.cpp
struct ControlledShutdown {
    enum class At : uint8_t { Led, Followed, Answer } at = At::Led;
    event::ControlledShutdown event;
    std::vector<TopicPartition> followed;
};
struct AlterIsr {
    enum class At : uint8_t { Check, Stored, Refreshed, Answered } at = At::Check;
    event::AlterIsr event;
    std::map<TopicPartition, protocol::AlterIsrResponse::PartitionData> answers;
    std::vector<std::pair<TopicPartition, LeaderAndIsr>> writes;
    std::vector<TopicPartition> stored;
};

// preferred_balance.cpp, replica_election.cpp
struct AutoBalance {
    enum class At : uint8_t { Begin, NextBroker } at = At::Begin;
    std::map<BrokerId, std::vector<TopicPartition>> by_preferred;  // still to be looked at
};
struct ReplicaElection {
    enum class At : uint8_t { Begin, ReadZnode, Elect, Answer } at = At::Begin;
    event::ReplicaLeaderElection event;
    std::map<TopicPartition, protocol::ElectLeadersResponse::PartitionResult> answers;
    std::vector<TopicPartition> elected;
    bool all_asked = false;  // partitions that need no election are then left out of the answer
};
struct OnReplicaElection {
    enum class At : uint8_t { Elect, Report, End } at = At::Elect;
    std::vector<TopicPartition> partitions;
    ElectionType type = ElectionType::Preferred;
    ElectionTrigger trigger = ElectionTrigger::ZkTriggered;
};

// topic_deletion.cpp, resume_deletions.cpp, complete_deletion.cpp
struct TopicDeletion {
    enum class At : uint8_t { Read, Take, Enqueue, End } at = At::Read;
    std::set<TopicName> topics;  // those that are to be deleted and exist
};
/// A broker has answered a StopReplica of topics that are being deleted.
struct DeletionAnswered {
    enum class At : uint8_t { Failed, Deleted, End } at = At::Failed;
    event::TopicDeletionStopReplicaResponseReceived event;
};
/// Goes through the topics queued for deletion: completes, retries, begins.
struct ResumeDeletions {
    enum class At : uint8_t { Handle, NextTopic, Completed, Retry, Begin, Stop } at = At::Handle;
    std::vector<TopicName> queued;  // still to be looked at
    std::set<TopicName> retry;
    std::set<TopicName> eligible;
    std::vector<PartitionAndReplica> alive;  // to be deleted now
    std::set<TopicName> with_dead_replicas;
};
struct CompleteDeletion {
    enum class At : uint8_t { Begin, List, Delete, Config, Request, End } at = At::Begin;
    TopicName topic;
    std::vector<std::string> listed;  // paths whose children are being asked for
    std::vector<std::string> found;   // all paths, parents before children
};

// api_reassignment.cpp
struct ApiReassignment {
    enum class At : uint8_t { Check, Begin, Answer } at = At::Check;
    event::ApiPartitionReassignment event;
    std::map<TopicPartition, ReplicaAssignment> to_begin;
};
/// Reads /admin/reassign_partitions and begins what it asks for.
struct ZkReassignment {
    enum class At : uint8_t { Look, Read, Begin, Failed, End } at = At::Look;
};
struct ListReassignments {
    event::ListPartitionReassignments event;
};

// partition_reassignment.cpp
/// Begins reassignments one after another; how each went is in ControllerState::reassignment_results.
struct TriggerReassignments {
    enum class At : uint8_t { Next, Begun } at = At::Next;
    std::map<TopicPartition, ReplicaAssignment> waiting;
};
/// Those of `waiting` whose target replicas are all in the Isr now are completed.
struct CompleteReassignments {
    enum class At : uint8_t { Read, Decide } at = At::Read;
    std::vector<TopicPartition> waiting;
};
/// All that are going on and have a target replica on one of `on`; without `on` all that are not in `begun`.
struct ResumeReassignments {
    enum class At : uint8_t { Begin, Next } at = At::Begin;
    std::optional<std::vector<BrokerId>> on;
    std::set<TopicPartition> begun;
    std::vector<TopicPartition> waiting;
};
struct OnReassignment {
    enum class At : uint8_t {
        Begin,
        Updated,
        Read,
        Decide,
        StartNew,
        StopRemoved,
        Store,
        Forget,
        Announce,
        End
    } at = At::Begin;
    TopicPartition partition;
    ReplicaAssignment reassignment;
    ReplicaAssignment before;
    bool cancels = false;
};

// reassignment_steps.cpp
struct StoreAssignment {
    enum class At : uint8_t { Write, Stored } at = At::Write;
    TopicPartition partition;
    ReplicaAssignment assignment;
};
/// One leader epoch up, leader and Isr unchanged; all replicas of `assignment` but the removed ones are told.
struct UpdateLeaderEpoch {
    enum class At : uint8_t { Read, Write, Stored } at = At::Read;
    TopicPartition partition;
    ReplicaAssignment assignment;
    LeaderAndIsr updated;
};
struct StopRemovedReplicas {
    enum class At : uint8_t { Offline, Delete } at = At::Offline;
    std::vector<PartitionAndReplica> replicas;
};
/// Takes partitions off the list in /admin/reassign_partitions, some only if they are to have exactly these replicas.
struct RemoveFromZkReassignment {
    enum class At : uint8_t { Look, Read, Write, End } at = At::Look;
    std::map<TopicPartition, std::optional<std::vector<BrokerId>>> partitions;
    bool deletes = false;
};

// isr_notification.cpp
struct IsrNotification {
    enum class At : uint8_t { Children, Names, Notifications, States, Delete, End } at = At::Children;
    std::vector<std::string> names;
    std::vector<TopicPartition> partitions;
};

// log_dir_event.cpp
struct LogDirEvents {
    enum class At : uint8_t { Children, Names, Brokers, Deleted } at = At::Children;
    std::vector<std::string> names;
};

// allocate_producer_ids.cpp
struct AllocateProducerIds {
    event::AllocateProducerIds event;
    enum class At : uint8_t { Check, Read, Written } at = At::Check;
    zookeeper::ProducerIdBlock block{};  // that is being written
};

// simple_events.cpp
/// What needs no answer of ZooKeeper, or only an election afterwards.
struct Simple {
    enum class At : uint8_t { Begin, End } at = At::Begin;
    Event event;
};

}  // namespace frame

using Frame =
    std::variant<frame::Startup, frame::Reelect, frame::Register, frame::MaybeResign, frame::Elect,
                 frame::ControllerMove, frame::Failover, frame::InitializeContext, frame::BrokerChange,
                 frame::BrokerStartup, frame::BrokerFailure, frame::BrokerModifications, frame::OnlinePartitions,
                 frame::InitializeLeaders, frame::ElectLeaders, frame::OfflineReplicas, frame::RemoveFromIsr,
                 frame::TopicChange, frame::StoreTopicIds, frame::NewPartitions, frame::PartitionModifications,
                 frame::ControlledShutdown, frame::AlterIsr, frame::AutoBalance, frame::ReplicaElection,
                 frame::OnReplicaElection, frame::TopicDeletion, frame::DeletionAnswered, frame::ResumeDeletions,
                 frame::CompleteDeletion, frame::ApiReassignment, frame::ZkReassignment, frame::ListReassignments,
                 frame::TriggerReassignments, frame::CompleteReassignments, frame::ResumeReassignments,
                 frame::OnReassignment, frame::StoreAssignment, frame::UpdateLeaderEpoch, frame::StopRemovedReplicas,
                 frame::RemoveFromZkReassignment, frame::AllocateProducerIds, frame::IsrNotification,
                 frame::LogDirEvents, frame::Simple>;

Flow step(Run& run, frame::Startup& self);
Flow step(Run& run, frame::Reelect& self);
Flow step(Run& run, frame::Register& self);
Flow step(Run& run, frame::MaybeResign& self);
Flow step(Run& run, frame::Elect& self);
Flow step(Run& run, frame::ControllerMove& self);
Flow step(Run& run, frame::Failover& self);
Flow step(Run& run, frame::InitializeContext& self);
Flow step(Run& run, frame::BrokerChange& self);
Flow step(Run& run, frame::BrokerStartup& self);
Flow step(Run& run, frame::BrokerFailure& self);
Flow step(Run& run, frame::BrokerModifications& self);
Flow step(Run& run, frame::OnlinePartitions& self);
Flow step(Run& run, frame::InitializeLeaders& self);
Flow step(Run& run, frame::ElectLeaders& self);
Flow step(Run& run, frame::OfflineReplicas& self);
Flow step(Run& run, frame::RemoveFromIsr& self);
Flow step(Run& run, frame::TopicChange& self);
Flow step(Run& run, frame::StoreTopicIds& self);
Flow step(Run& run, frame::NewPartitions& self);
Flow step(Run& run, frame::PartitionModifications& self);
Flow step(Run& run, frame::ControlledShutdown& self);
Flow step(Run& run, frame::AlterIsr& self);
Flow step(Run& run, frame::AutoBalance& self);
Flow step(Run& run, frame::ReplicaElection& self);
Flow step(Run& run, frame::OnReplicaElection& self);
Flow step(Run& run, frame::TopicDeletion& self);
Flow step(Run& run, frame::DeletionAnswered& self);
Flow step(Run& run, frame::ResumeDeletions& self);
Flow step(Run& run, frame::CompleteDeletion& self);
Flow step(Run& run, frame::ApiReassignment& self);
Flow step(Run& run, frame::ZkReassignment& self);
Flow step(Run& run, frame::ListReassignments& self);
Flow step(Run& run, frame::TriggerReassignments& self);
Flow step(Run& run, frame::CompleteReassignments& self);
Flow step(Run& run, frame::ResumeReassignments& self);
Flow step(Run& run, frame::OnReassignment& self);
Flow step(Run& run, frame::StoreAssignment& self);
Flow step(Run& run, frame::UpdateLeaderEpoch& self);
Flow step(Run& run, frame::StopRemovedReplicas& self);
Flow step(Run& run, frame::RemoveFromZkReassignment& self);
Flow step(Run& run, frame::AllocateProducerIds& self);
Flow step(Run& run, frame::IsrNotification& self);
Flow step(Run& run, frame::LogDirEvents& self);
Flow step(Run& run, frame::Simple& self);

/// A frame that was called ended with ControllerMoved or Failed. A frame that deals with it says how it goes on;
/// the others let it pass.
Flow recover(Run& run, frame::Elect& self, Flow what);
Flow recover(Run& run, frame::ControlledShutdown& self, Flow what);
Flow recover(Run& run, frame::AlterIsr& self, Flow what);
Flow recover(Run& run, frame::TriggerReassignments& self, Flow what);
Flow recover(Run& run, frame::OnlinePartitions& self, Flow what);
Flow recover(Run& run, frame::InitializeLeaders& self, Flow what);
Flow recover(Run& run, frame::OfflineReplicas& self, Flow what);
template <typename AnyFrame>
Flow recover(Run&, AnyFrame&, Flow what) {
    return what;
}

/// The frame that works off an event.
Frame frame_of(Event&& event);

}  // namespace kafkasim::controller
