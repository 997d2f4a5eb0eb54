// SPDX-License-Identifier: Apache-2.0
#pragma once
// The identifiers that pass between nodes, each a type of its own so that they cannot be confused.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/shared_text.hpp"

namespace kafkasim {

/// A broker's `broker.id`. -1 where Kafka writes -1: no leader, no broker, "not a replica" in a fetch.
struct BrokerId {
    int32_t value = -1;
    auto operator<=>(const BrokerId&) const = default;
};
inline constexpr BrokerId kNoBroker{-1};

/// A topic's name, shared and immutable.
class TopicName {
public:
    TopicName() = default;
    explicit TopicName(std::string_view name) : text_(name) {}
    std::string_view view() const { return text_.view(); }
    std::string str() const { return text_.str(); }
    bool empty() const { return text_.empty(); }
    auto operator<=>(const TopicName&) const = default;
    bool operator==(const TopicName&) const = default;
    friend bool operator==(const TopicName& a, std::string_view b) { return a.view() == b; }

private:
    SharedText text_;
};

/// Kafka 3.0.0: org.apache.kafka.common.TopicPartition. Ordered by topic, then partition.
struct TopicPartition {
    TopicName topic;
    int32_t partition = 0;
    auto operator<=>(const TopicPartition&) const = default;
    bool operator==(const TopicPartition&) const = default;
};

/// "my-kafka-topic-0", as Kafka prints it.
std::string to_string(const TopicPartition& tp);
std::string to_string(BrokerId id);
/// "3,1,2", as Kafka prints lists of replicas.
std::string join(const std::vector<BrokerId>& ids, std::string_view separator = ",");
/// "t-0,t-1"
std::string join(const std::vector<TopicPartition>& partitions, std::string_view separator = ",");
std::vector<BrokerId> broker_ids(std::initializer_list<int32_t> ids);
bool contains(const std::vector<BrokerId>& ids, BrokerId id);
/// `ids` without `id`, order kept.
std::vector<BrokerId> without(const std::vector<BrokerId>& ids, BrokerId id);

/// The topic that holds the consumer groups' offsets.
inline constexpr std::string_view kOffsetsTopic = "__consumer_offsets";
inline constexpr std::string_view kTransactionsTopic = "__transaction_state";
inline bool is_internal_topic(std::string_view topic) { return topic == kOffsetsTopic || topic == kTransactionsTopic; }

}  // namespace kafkasim
