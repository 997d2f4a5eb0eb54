// SPDX-License-Identifier: Apache-2.0
#pragma once
// The rules by which a replica follows a leader and a leader changes its ISR: one strategy object per published rule
// set, chosen when the broker starts. Everything in which the rule sets differ is asked here and nowhere else. Pure;
// asked by ReplicaManager and ReplicaFetcher (Beginning, epochs in requests), by the handler of OffsetForLeaderEpoch
// (answer).
//
//   rule set                    before it fetches in a new leader epoch      epochs in its requests
//   truncate-to-high-watermark  cuts to its own high watermark               none
//   kip-101                     asks where its last epoch ended, cuts once   none
//   kip-279                     asks, cuts, asks again until epochs match    none
//   kip-320                     the same                                     the leader epoch it was told
//   kip-320-first-try           nothing: the fetch response says where       its last epoch only
//   3.0.0                       nothing: the fetch response says where       both
//
// Kafka 3.0.0 holds all but the first try, by inter.broker.protocol.version: kafka.server.ReplicaFetcherThread
// (isTruncationOnFetchSupported, brokerSupportsLeaderEpochRequest, offsetForLeaderEpochRequestVersion,
// fetchRequestVersion), kafka.server.KafkaServer (AlterIsrManager or ZkIsrManager).

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/log/leader_epoch_cache.hpp"

namespace kafkasim::broker {

/// Where a scenario's choice stands in a broker's server.properties.
inline constexpr std::string_view kRulesSetting = "kafkasim.replication.rules";
inline constexpr std::string_view kIsrChangesSetting = "kafkasim.isr.changes";

/// How a change of the ISR reaches ZooKeeper.
enum class IsrChanges : uint8_t {
    ByController,  // AlterIsr, since 2.7
    ByLeader,      // the leader writes the state znode itself and leaves a notification for the controller
};

class ReplicationRules {
public:
    enum class Beginning : uint8_t {
        Fetch,               // at the end of the log
        CutToHighWatermark,  // then fetch from there
        AskLeader,           // where the last epoch of the log ended
    };

    virtual ~ReplicationRules() = default;
    virtual std::string_view name() const = 0;

    /// What a follower does first in a new leader epoch. `latest_epoch`: of its log, if it holds any.
    virtual Beginning beginning(std::optional<int32_t> latest_epoch) const = 0;
    /// The current leader epoch that a follower's requests carry; -1: none, so that nobody can fence it.
    virtual int32_t current_leader_epoch(int32_t leader_epoch) const = 0;
    /// The last fetched epoch that a follower's fetches carry; -1: none, so that the leader cannot see a divergence.
    virtual int32_t last_fetched_epoch(std::optional<int32_t> latest_epoch) const = 0;
    /// What a leader answers who knows that the asked epoch ended at `end`.
    virtual log::EpochEndOffset answer(const log::EpochEndOffset& end) const = 0;
};

/// nullptr: there is no rule set of that name.
const ReplicationRules* find_rules(std::string_view name);
/// "3.0.0"
const ReplicationRules& default_rules();
std::vector<std::string_view> rule_set_names();

/// "alter-isr" or "zookeeper"; nullopt: neither.
std::optional<IsrChanges> find_isr_changes(std::string_view name);

}  // namespace kafkasim::broker
