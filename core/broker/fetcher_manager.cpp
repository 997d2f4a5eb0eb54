// SPDX-License-Identifier: Apache-2.0
#include "core/broker/fetcher_manager.hpp"

#include <fmt/format.h>

#include "core/broker/isr.hpp"
#include "core/broker/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

std::string manager_prefix(BrokerHost& host) {
    return fmt::format("[ReplicaFetcherManager on broker {}] ", host.broker_id().value);
}

std::string map_text(const std::map<TopicPartition, InitialFetchState>& partitions, BrokerId leader,
                     const node::Endpoint& endpoint) {
    std::string text;
    for (const auto& [tp, initial] : partitions) {
        text += fmt::format("{}{} -> InitialFetchState(BrokerEndPoint(id={}, host={}:{}),{},{})",
                            text.empty() ? "" : ", ", to_string(tp), leader.value, endpoint.host, endpoint.port,
                            initial.leader_epoch, initial.offset);
    }
    return (partitions.size() > kScalaSmallSet ? "HashMap(" : "Map(") + text + ")";
}

}  // namespace

std::string partition_set_text(const std::vector<TopicPartition>& partitions, std::string_view set) {
    std::string text;
    for (const TopicPartition& tp : partitions) text += (text.empty() ? "" : ", ") + to_string(tp);
    return fmt::format("{}({})", partitions.size() > kScalaSmallSet ? "HashSet" : set, text);
}

template <typename Action>
void FetcherManager::with(BrokerHost& host, log::LogManager& logs, Action action) {
    std::vector<TopicPartition> failed;
    FetcherContext context{host, logs, failed, logs_changed_};
    action(context);
    failed_.insert(failed.begin(), failed.end());
}

void FetcherManager::add(BrokerHost& host, log::LogManager& logs, const std::vector<Assignment>& assignments) {
    std::map<BrokerId, std::map<TopicPartition, InitialFetchState>> by_leader;
    std::map<BrokerId, node::Endpoint> endpoints;
    for (const Assignment& assignment : assignments) {
        by_leader[assignment.leader][assignment.partition] = assignment.initial;
        endpoints[assignment.leader] = assignment.endpoint;
    }
    with(host, logs, [&](FetcherContext& context) {
        for (const auto& [leader, partitions] : by_leader) {
            const node::Endpoint& endpoint = endpoints[leader];
            auto found = fetchers_.find(leader);
            if (found != fetchers_.end() && found->second.endpoint() != endpoint) {
                found->second.shutdown(context);
                fetchers_.erase(found);
                found = fetchers_.end();
            }
            if (found == fetchers_.end()) {
                found = fetchers_.emplace(leader, ReplicaFetcher(host.broker_id(), leader, endpoint)).first;
                found->second.start(context);
            }
            found->second.add_partitions(context, partitions);
            node::info(host.env(), kReplicaFetcherManagerLogger, "{}Added fetcher to broker {} for partitions {}",
                       manager_prefix(host), leader.value, map_text(partitions, leader, endpoint));
            found->second.run(context);
        }
    });
}

void FetcherManager::remove(BrokerHost& host, const std::vector<TopicPartition>& partitions, std::string_view set) {
    if (partitions.empty()) return;
    for (const TopicPartition& tp : partitions) {
        for (auto& [leader, fetcher] : fetchers_) fetcher.remove_partition(tp);
        failed_.erase(tp);
    }
    node::info(host.env(), kReplicaFetcherManagerLogger, "{}Removed fetcher for partitions {}", manager_prefix(host),
               partition_set_text(partitions, set));
}

void FetcherManager::stop_idle(BrokerHost& host, log::LogManager& logs) {
    with(host, logs, [&](FetcherContext& context) {
        for (auto at = fetchers_.begin(); at != fetchers_.end();) {
            if (!at->second.empty()) {
                ++at;
                continue;
            }
            at->second.shutdown(context);
            at = fetchers_.erase(at);
        }
    });
}

void FetcherManager::shutdown(BrokerHost& host, log::LogManager& logs) {
    node::info(host.env(), kReplicaFetcherManagerLogger, "{}shutting down", manager_prefix(host));
    with(host, logs, [&](FetcherContext& context) {
        for (auto& [leader, fetcher] : fetchers_) fetcher.shutdown(context);
    });
    fetchers_.clear();
    node::info(host.env(), kReplicaFetcherManagerLogger, "{}shutdown completed", manager_prefix(host));
}

ReplicaFetcher* FetcherManager::find(BrokerId leader, node::ConnectionId connection) {
    const auto found = fetchers_.find(leader);
    return found == fetchers_.end() || found->second.connection() != connection ? nullptr : &found->second;
}

void FetcherManager::on_connected(BrokerHost& host, log::LogManager& logs, BrokerId leader,
                                  node::ConnectionId connection) {
    ReplicaFetcher* fetcher = find(leader, connection);
    if (fetcher) with(host, logs, [&](FetcherContext& context) { fetcher->on_connected(context); });
}

void FetcherManager::on_disconnected(BrokerHost& host, log::LogManager& logs, BrokerId leader,
                                     node::ConnectionId connection) {
    ReplicaFetcher* fetcher = find(leader, connection);
    if (fetcher) with(host, logs, [&](FetcherContext& context) { fetcher->on_disconnected(context); });
}

void FetcherManager::on_message(BrokerHost& host, log::LogManager& logs, BrokerId leader, node::ConnectionId connection,
                                protocol::Message&& message) {
    ReplicaFetcher* fetcher = find(leader, connection);
    if (fetcher) with(host, logs, [&](FetcherContext& context) { fetcher->on_message(context, std::move(message)); });
}

void FetcherManager::on_timer(BrokerHost& host, log::LogManager& logs, BrokerId leader) {
    const auto found = fetchers_.find(leader);
    if (found != fetchers_.end()) with(host, logs, [&](FetcherContext& context) { found->second.on_timer(context); });
}

}  // namespace kafkasim::broker
