// SPDX-License-Identifier: Apache-2.0
#pragma once
// The names of the loggers that the clients write to (they decide the file, see core/node/log.hpp).

#include <string_view>

namespace kafkasim::client {

inline constexpr std::string_view kConsumerCoordinatorLogger =
    "org.apache.kafka.clients.consumer.internals.ConsumerCoordinator";
inline constexpr std::string_view kFetcherLogger = "org.apache.kafka.clients.consumer.internals.Fetcher";
inline constexpr std::string_view kKafkaConsumerLogger = "org.apache.kafka.clients.consumer.KafkaConsumer";
inline constexpr std::string_view kNetworkClientLogger = "org.apache.kafka.clients.NetworkClient";
inline constexpr std::string_view kSenderLogger = "org.apache.kafka.clients.producer.internals.Sender";
inline constexpr std::string_view kTransactionManagerLogger =
    "org.apache.kafka.clients.producer.internals.TransactionManager";

}  // namespace kafkasim::client
