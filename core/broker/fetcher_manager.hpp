// SPDX-License-Identifier: Apache-2.0
#pragma once
// The fetchers of a broker, one per leader: assigns partitions to them, starts and stops them, remembers the
// partitions that failed until the next LeaderAndIsr.
// Called by ReplicaManager. Kafka 3.0.0: kafka.server.AbstractFetcherManager, ReplicaFetcherManager.

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/broker/fetcher.hpp"

namespace kafkasim::broker {

class FetcherManager {
public:
    struct Assignment {
        TopicPartition partition;
        BrokerId leader;
        node::Endpoint endpoint;
        InitialFetchState initial;
    };

    void add(BrokerHost& host, log::LogManager& logs, const std::vector<Assignment>& assignments);
    /// Also forgets that they failed. `set`: which Scala set a log line prints, if they are few.
    void remove(BrokerHost& host, const std::vector<TopicPartition>& partitions, std::string_view set = "Set");
    /// Stops fetchers without partitions.
    void stop_idle(BrokerHost& host, log::LogManager& logs);
    void shutdown(BrokerHost& host, log::LogManager& logs);

    void on_connected(BrokerHost& host, log::LogManager& logs, BrokerId leader, node::ConnectionId connection);
    void on_disconnected(BrokerHost& host, log::LogManager& logs, BrokerId leader, node::ConnectionId connection);
    void on_message(BrokerHost& host, log::LogManager& logs, BrokerId leader, node::ConnectionId connection,
                    protocol::Message&& message);
    void on_timer(BrokerHost& host, log::LogManager& logs, BrokerId leader);

    const std::map<BrokerId, ReplicaFetcher>& fetchers() const { return fetchers_; }
    const std::set<TopicPartition>& failed() const { return failed_; }
    /// Whether a fetcher changed a log or its high watermark since the last call.
    bool take_logs_changed() { return std::exchange(logs_changed_, false); }

private:
    ReplicaFetcher* find(BrokerId leader, node::ConnectionId connection);
    template <typename Action>
    void with(BrokerHost& host, log::LogManager& logs, Action action);

    std::map<BrokerId, ReplicaFetcher> fetchers_;
    std::set<TopicPartition> failed_;
    bool logs_changed_ = false;
};

/// "Set(t-0, t-1)", or what a larger one prints itself as.
std::string partition_set_text(const std::vector<TopicPartition>& partitions, std::string_view set = "Set");

}  // namespace kafkasim::broker
