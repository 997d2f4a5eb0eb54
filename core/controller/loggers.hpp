// SPDX-License-Identifier: Apache-2.0
#pragma once
// The names of the loggers that the controller writes to (they decide the file, see core/node/log.hpp).

#include <string_view>

namespace kafkasim::controller {

inline constexpr std::string_view kControllerLogger = "kafka.controller.KafkaController";
inline constexpr std::string_view kEventThreadLogger = "kafka.controller.ControllerEventManager$ControllerEventThread";
inline constexpr std::string_view kPartitionMachineLogger = "kafka.controller.ZkPartitionStateMachine";
inline constexpr std::string_view kReplicaMachineLogger = "kafka.controller.ZkReplicaStateMachine";
inline constexpr std::string_view kDeletionManagerLogger = "kafka.controller.TopicDeletionManager";
inline constexpr std::string_view kSendThreadLogger = "kafka.controller.RequestSendThread";
inline constexpr std::string_view kChannelManagerLogger = "kafka.controller.ControllerChannelManager";
inline constexpr std::string_view kBatchLogger = "kafka.controller.ControllerBrokerRequestBatch";
inline constexpr std::string_view kStateChangeLogger = "state.change.logger";
inline constexpr std::string_view kZkClientLogger = "kafka.zk.KafkaZkClient";

}  // namespace kafkasim::controller
