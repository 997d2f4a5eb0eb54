// SPDX-License-Identifier: Apache-2.0
#pragma once
// The way down of a broker as a table: what is stopped, in which order, how long each part takes, which line it
// leaves. A start that fails goes the same way, past the parts that it had not made yet. Waits are milliseconds,
// as recorded from a real broker (ground-truth/02, record 16), where they are the sleeps of threads that are told
// to stop. Read by shutdown.cpp.
// Kafka 3.0.0: kafka.server.KafkaServer.shutdown.

#include <array>
#include <cstdint>
#include <string_view>

#include "core/broker/startup.hpp"

namespace kafkasim::broker {

enum class StopAction : uint8_t {
    None,
    StopProcessors,
    ShutdownGroups,
    ShutdownReplicas,
    ShutdownLogs,
    ShutdownController,
    CloseSession
};

/// Wait, act, log. "{}" in the text is the broker's id. `since`: how far a start must have come for the part to be
/// there.
struct StopStep {
    Startup::Step since;
    int64_t wait_ms;
    StopAction action;
    std::string_view logger;
    std::string_view text;
};

namespace stop_steps {

using Since = Startup::Step;
inline constexpr Since kSession = Since::CreatingPaths;
inline constexpr Since kConfigured = Since::ListingTopicConfigs;
inline constexpr Since kLogs = Since::Loading;
inline constexpr Since kPort = Since::Registering;
inline constexpr Since kAll = Since::ReadingOffsetsTopic;
inline constexpr StopAction kOnlyLog = StopAction::None;

inline constexpr std::string_view kConfigThread =
    "kafka.common.ZkNodeChangeNotificationListener$ChangeEventProcessThread";
inline constexpr std::string_view kSocketServer = "kafka.network.SocketServer";
inline constexpr std::string_view kHandlerPool = "kafka.server.KafkaRequestHandlerPool";
inline constexpr std::string_view kReaper = "kafka.server.DelayedOperationPurgatory$ExpiredOperationReaper";
inline constexpr std::string_view kTransactions = "kafka.coordinator.transaction.TransactionCoordinator";
inline constexpr std::string_view kTransactionState = "kafka.coordinator.transaction.TransactionStateManager";
inline constexpr std::string_view kMarkers = "kafka.coordinator.transaction.TransactionMarkerChannelManager";
inline constexpr std::string_view kReplicas = "kafka.server.ReplicaManager";
inline constexpr std::string_view kLogDirFailure = "kafka.server.ReplicaManager$LogDirFailureHandler";
inline constexpr std::string_view kAlterLogDirs = "kafka.server.ReplicaAlterLogDirsManager";
inline constexpr std::string_view kChannelThread = "kafka.server.BrokerToControllerRequestThread";
inline constexpr std::string_view kChannelManager = "kafka.server.BrokerToControllerChannelManagerImpl";
inline constexpr std::string_view kEventThread = "kafka.controller.ControllerEventManager$ControllerEventThread";
inline constexpr std::string_view kFeatureThread =
    "kafka.server.FinalizedFeatureChangeListener$ChangeNotificationProcessorThread";
inline constexpr std::string_view kZkClient = "kafka.zookeeper.ZooKeeperClient";
inline constexpr std::string_view kThrottle = "kafka.server.ClientQuotaManager$ThrottledChannelReaper";
inline constexpr std::string_view kMetrics = "org.apache.kafka.common.metrics.Metrics";

inline constexpr auto kSteps = std::to_array<StopStep>({
    {kAll, 1, kOnlyLog, kConfigThread, "[/config/changes-event-process-thread]: Shutting down"},
    {kAll, 1, kOnlyLog, kConfigThread, "[/config/changes-event-process-thread]: Stopped"},
    {kAll, 0, kOnlyLog, kConfigThread, "[/config/changes-event-process-thread]: Shutdown completed"},
    {kPort, 0, kOnlyLog, kSocketServer,
     "[SocketServer listenerType=ZK_BROKER, nodeId={}] Stopping socket server request processors"},
    {kPort, 0, StopAction::StopProcessors, "", ""},
    {kPort, 16, kOnlyLog, kSocketServer,
     "[SocketServer listenerType=ZK_BROKER, nodeId={}] Stopped socket server request processors"},
    {kAll, 0, kOnlyLog, kHandlerPool, "[data-plane Kafka Request Handler on Broker {}], shutting down"},
    {kAll, 5, kOnlyLog, kHandlerPool, "[data-plane Kafka Request Handler on Broker {}], shut down completely"},
    {kAll, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-AlterAcls]: Shutting down"},
    {kAll, 41, kOnlyLog, kReaper, "[ExpirationReaper-{}-AlterAcls]: Stopped"},
    {kAll, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-AlterAcls]: Shutdown completed"},
    {kAll, 1, kOnlyLog, "kafka.server.KafkaApis", "[KafkaApi-{}] Shutdown complete."},
    {kAll, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-topic]: Shutting down"},
    {kAll, 21, kOnlyLog, kReaper, "[ExpirationReaper-{}-topic]: Stopped"},
    {kAll, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-topic]: Shutdown completed"},
    {kAll, 1, kOnlyLog, kTransactions, "[TransactionCoordinator id={}] Shutting down."},
    {kAll, 1, kOnlyLog, kTransactionState, "[Transaction State Manager {}]: Shutdown complete"},
    {kAll, 0, kOnlyLog, kMarkers, "[Transaction Marker Channel Manager {}]: Shutting down"},
    {kAll, 0, kOnlyLog, kMarkers, "[Transaction Marker Channel Manager {}]: Stopped"},
    {kAll, 0, kOnlyLog, kMarkers, "[Transaction Marker Channel Manager {}]: Shutdown completed"},
    {kAll, 0, kOnlyLog, kTransactions, "[TransactionCoordinator id={}] Shutdown complete."},
    {kAll, 0, StopAction::ShutdownGroups, "", ""},
    {kAll, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-Heartbeat]: Shutting down"},
    {kAll, 177, kOnlyLog, kReaper, "[ExpirationReaper-{}-Heartbeat]: Stopped"},
    {kAll, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-Heartbeat]: Shutdown completed"},
    {kAll, 1, kOnlyLog, kReaper, "[ExpirationReaper-{}-Rebalance]: Shutting down"},
    {kAll, 20, kOnlyLog, kReaper, "[ExpirationReaper-{}-Rebalance]: Stopped"},
    {kAll, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-Rebalance]: Shutdown completed"},
    {kPort, 0, kOnlyLog, kReplicas, "[ReplicaManager broker={}] Shutting down"},
    {kPort, 0, kOnlyLog, kLogDirFailure, "[LogDirFailureHandler]: Shutting down"},
    {kPort, 0, kOnlyLog, kLogDirFailure, "[LogDirFailureHandler]: Stopped"},
    {kPort, 0, kOnlyLog, kLogDirFailure, "[LogDirFailureHandler]: Shutdown completed"},
    {kPort, 0, StopAction::ShutdownReplicas, "", ""},
    {kPort, 0, kOnlyLog, kAlterLogDirs, "[ReplicaAlterLogDirsManager on broker {}] shutting down"},
    {kPort, 0, kOnlyLog, kAlterLogDirs, "[ReplicaAlterLogDirsManager on broker {}] shutdown completed"},
    {kPort, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-Fetch]: Shutting down"},
    {kPort, 160, kOnlyLog, kReaper, "[ExpirationReaper-{}-Fetch]: Stopped"},
    {kPort, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-Fetch]: Shutdown completed"},
    {kPort, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-Produce]: Shutting down"},
    {kPort, 150, kOnlyLog, kReaper, "[ExpirationReaper-{}-Produce]: Stopped"},
    {kPort, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-Produce]: Shutdown completed"},
    {kPort, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-DeleteRecords]: Shutting down"},
    {kPort, 2, kOnlyLog, kReaper, "[ExpirationReaper-{}-DeleteRecords]: Stopped"},
    {kPort, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-DeleteRecords]: Shutdown completed"},
    {kPort, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-ElectLeader]: Shutting down"},
    {kPort, 150, kOnlyLog, kReaper, "[ExpirationReaper-{}-ElectLeader]: Stopped"},
    {kPort, 0, kOnlyLog, kReaper, "[ExpirationReaper-{}-ElectLeader]: Shutdown completed"},
    {kPort, 0, kOnlyLog, kReplicas, "[ReplicaManager broker={}] Shut down completely"},
    {kPort, 0, kOnlyLog, kChannelThread, "[BrokerToControllerChannelManager broker={} name=alterIsr]: Shutting down"},
    {kPort, 0, kOnlyLog, kChannelThread, "[BrokerToControllerChannelManager broker={} name=alterIsr]: Stopped"},
    {kPort, 0, kOnlyLog, kChannelThread,
     "[BrokerToControllerChannelManager broker={} name=alterIsr]: Shutdown completed"},
    {kPort, 3, kOnlyLog, kChannelManager, "Broker to controller channel manager for alterIsr shutdown"},
    {kPort, 0, kOnlyLog, kChannelThread, "[BrokerToControllerChannelManager broker={} name=forwarding]: Shutting down"},
    {kPort, 0, kOnlyLog, kChannelThread, "[BrokerToControllerChannelManager broker={} name=forwarding]: Stopped"},
    {kPort, 1, kOnlyLog, kChannelThread,
     "[BrokerToControllerChannelManager broker={} name=forwarding]: Shutdown completed"},
    {kPort, 0, kOnlyLog, kChannelManager, "Broker to controller channel manager for forwarding shutdown"},
    {kLogs, 53, StopAction::ShutdownLogs, "", ""},
    {kAll, 5, kOnlyLog, kEventThread, "[ControllerEventThread controllerId={}] Shutting down"},
    {kAll, 0, kOnlyLog, kEventThread, "[ControllerEventThread controllerId={}] Stopped"},
    {kAll, 0, kOnlyLog, kEventThread, "[ControllerEventThread controllerId={}] Shutdown completed"},
    {kAll, 1, StopAction::ShutdownController, "", ""},
    {kSession, 0, kOnlyLog, kFeatureThread, "[feature-zk-node-event-process-thread]: Shutting down"},
    {kSession, 0, kOnlyLog, kFeatureThread, "[feature-zk-node-event-process-thread]: Stopped"},
    {kSession, 0, kOnlyLog, kFeatureThread, "[feature-zk-node-event-process-thread]: Shutdown completed"},
    {kSession, 4, kOnlyLog, kZkClient, "[ZooKeeperClient Kafka server] Closing."},
    {kSession, 0, StopAction::CloseSession, "", ""},
    {kSession, 0, kOnlyLog, kZkClient, "[ZooKeeperClient Kafka server] Closed."},
    {kConfigured, 1, kOnlyLog, kThrottle, "[ThrottledChannelReaper-Fetch]: Shutting down"},
    {kConfigured, 437, kOnlyLog, kThrottle, "[ThrottledChannelReaper-Fetch]: Stopped"},
    {kConfigured, 0, kOnlyLog, kThrottle, "[ThrottledChannelReaper-Fetch]: Shutdown completed"},
    {kConfigured, 0, kOnlyLog, kThrottle, "[ThrottledChannelReaper-Produce]: Shutting down"},
    {kConfigured, 972, kOnlyLog, kThrottle, "[ThrottledChannelReaper-Produce]: Stopped"},
    {kConfigured, 0, kOnlyLog, kThrottle, "[ThrottledChannelReaper-Produce]: Shutdown completed"},
    {kConfigured, 0, kOnlyLog, kThrottle, "[ThrottledChannelReaper-Request]: Shutting down"},
    {kConfigured, 0, kOnlyLog, kThrottle, "[ThrottledChannelReaper-Request]: Stopped"},
    {kConfigured, 0, kOnlyLog, kThrottle, "[ThrottledChannelReaper-Request]: Shutdown completed"},
    {kConfigured, 0, kOnlyLog, kThrottle, "[ThrottledChannelReaper-ControllerMutation]: Shutting down"},
    {kConfigured, 168, kOnlyLog, kThrottle, "[ThrottledChannelReaper-ControllerMutation]: Stopped"},
    {kConfigured, 0, kOnlyLog, kThrottle, "[ThrottledChannelReaper-ControllerMutation]: Shutdown completed"},
    {kPort, 1, kOnlyLog, kSocketServer, "[SocketServer listenerType=ZK_BROKER, nodeId={}] Shutting down socket server"},
    {kPort, 11, kOnlyLog, kSocketServer, "[SocketServer listenerType=ZK_BROKER, nodeId={}] Shutdown completed"},
    {kConfigured, 0, kOnlyLog, kMetrics, "Metrics scheduler closed"},
    {kConfigured, 0, kOnlyLog, kMetrics, "Closing reporter org.apache.kafka.common.metrics.JmxReporter"},
    {kConfigured, 0, kOnlyLog, kMetrics, "Metrics reporters closed"},
    {kConfigured, 1, kOnlyLog, "kafka.server.BrokerTopicStats", "Broker and topic stats closed"},
    {Since::NotBegun, 0, kOnlyLog, "org.apache.kafka.common.utils.AppInfoParser",
     "App info kafka.server for {} unregistered"},
});

}  // namespace stop_steps

}  // namespace kafkasim::broker
