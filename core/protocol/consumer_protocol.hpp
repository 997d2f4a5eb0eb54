// SPDX-License-Identifier: Apache-2.0
//
// The bytes that consumers put into JoinGroup (subscriptions) and SyncGroup (assignments). To the broker they are
// opaque;
// only the group's leader and the tools' describe read them. So they are the one place where the simulation encodes:
// big-endian, an int16 version first. Written in version 1; a newer version is read as version 1, trailing bytes are
// ignored, and a text that is no such value gives nullopt.
//
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.ConsumerProtocol.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/protocol/consumer_protocol_assignment.hpp"
#include "core/protocol/consumer_protocol_subscription.hpp"

namespace kafkasim::protocol {

std::string encode(const ConsumerProtocolSubscription& subscription);
std::string encode(const ConsumerProtocolAssignment& assignment);

std::optional<ConsumerProtocolSubscription> decode_subscription(std::string_view bytes);
std::optional<ConsumerProtocolAssignment> decode_assignment(std::string_view bytes);

// Partitions grouped by topic, topics in the order of their first partition, as the Java client does.
ConsumerProtocolAssignment assignment_of(const std::vector<TopicPartition>& partitions);
std::vector<TopicPartition> partitions_of(const ConsumerProtocolAssignment& assignment);

}  // namespace kafkasim::protocol
