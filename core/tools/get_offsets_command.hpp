// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-get-offsets.sh, or bin/kafka-run-class.sh kafka.tools.GetOffsetShell: the earliest or latest offset of
// partitions, or that of a time.
// It asks as a consumer does that only looks: the list of topics from the broker at hand, which is the bootstrap one;
// then metadata of the topics from any broker, which may make a topic that it does not know; then the leaders, again
// and again until all have answered or the time is over.
// Kafka 3.0.0: kafka.tools.GetOffsetShell; org.apache.kafka.clients.consumer.KafkaConsumer.listTopics, endOffsets;
// internals.Fetcher.getTopicMetadata, fetchOffsetsByTimes, handleListOffsetResponse.

#include <map>

#include "core/client/consumer.hpp"
#include "core/tools/network_tool.hpp"
#include "core/tools/partition_filter.hpp"

namespace kafkasim::tools {

class GetOffsetsCommand final : public NetworkTool {
public:
    using NetworkTool::NetworkTool;

private:
    struct Search {
        int64_t timestamp = 0;
        Instant deadline{};
        std::vector<TopicPartition> remaining;
        std::map<TopicPartition, int64_t> found;  // -1: no such offset
    };

    Task<int> run() override;
    /// The consumer with its properties; the exception that is uncaught otherwise.
    std::optional<std::string> create_consumer(const std::string& brokers,
                                               const std::optional<std::string>& command_config);
    Task<int> print_offsets(PartitionFilter filter, bool exclude_internal_topics, int64_t timestamp);
    /// nullopt: the time is over.
    Task<std::optional<protocol::MetadataResponse>> list_topics();
    /// What can be searched; what has no leader is told.
    bool choose(const protocol::MetadataResponse& topics, const PartitionFilter& filter, bool exclude_internal_topics,
                Search& search);
    Task<int> search_offsets(Search* search);
    /// Asks the leaders that are known; the numbers of the requests.
    std::vector<uint64_t> ask_leaders(const Search& search);
    void take(Search& search, const protocol::ListOffsetsResponse& response);
    /// ConsumerNetworkClient.awaitMetadataUpdate.
    Task<int> await_metadata(Instant deadline);
    int failed(std::string_view message);

    client::ConsumerConfig config_;
};

}  // namespace kafkasim::tools
