// SPDX-License-Identifier: Apache-2.0
#pragma once
// The names of the loggers that a broker writes to (they decide the file, see core/node/log.hpp).

#include <string_view>

namespace kafkasim::broker {

inline constexpr std::string_view kDefaultAlterIsrManagerLogger = "kafka.server.DefaultAlterIsrManager";
inline constexpr std::string_view kKafkaZkClientLogger = "kafka.zk.KafkaZkClient";
inline constexpr std::string_view kPartitionLogger = "kafka.cluster.Partition";
inline constexpr std::string_view kRPCProducerIdManagerLogger = "kafka.coordinator.transaction.RPCProducerIdManager";
inline constexpr std::string_view kReplicaFetcherManagerLogger = "kafka.server.ReplicaFetcherManager";
inline constexpr std::string_view kReplicaFetcherThreadLogger = "kafka.server.ReplicaFetcherThread";
inline constexpr std::string_view kReplicaManagerLogger = "kafka.server.ReplicaManager";
inline constexpr std::string_view kZkAdminManagerLogger = "kafka.server.ZkAdminManager";
inline constexpr std::string_view kStateChangeLogger = "state.change.logger";

}  // namespace kafkasim::broker
