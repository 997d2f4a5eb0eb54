// SPDX-License-Identifier: Apache-2.0
#include "core/broker/replication_rules.hpp"

#include <array>

namespace kafkasim::broker {

namespace {

constexpr int32_t kNotCarried = -1;

/// 3.0.0, and what the older sets do not do otherwise.
class TruncateOnFetch : public ReplicationRules {
public:
    std::string_view name() const override { return "3.0.0"; }
    /// A log without epochs has nothing that a leader could compare: only what is below its high watermark is trusted.
    Beginning beginning(std::optional<int32_t> latest_epoch) const override {
        return latest_epoch ? Beginning::Fetch : Beginning::CutToHighWatermark;
    }
    int32_t current_leader_epoch(int32_t leader_epoch) const override { return leader_epoch; }
    int32_t last_fetched_epoch(std::optional<int32_t> latest_epoch) const override {
        return latest_epoch.value_or(kNotCarried);
    }
    log::EpochEndOffset answer(const log::EpochEndOffset& end) const override { return end; }
};

class TruncateOnFetchUnfenced final : public TruncateOnFetch {
public:
    std::string_view name() const override { return "kip-320-first-try"; }
    int32_t current_leader_epoch(int32_t) const override { return kNotCarried; }
};

class AskBeforeFetching : public TruncateOnFetch {
public:
    std::string_view name() const override { return "kip-320"; }
    Beginning beginning(std::optional<int32_t> latest_epoch) const override {
        return latest_epoch ? Beginning::AskLeader : Beginning::CutToHighWatermark;
    }
    int32_t last_fetched_epoch(std::optional<int32_t>) const override { return kNotCarried; }
};

class AskUnfenced : public AskBeforeFetching {
public:
    std::string_view name() const override { return "kip-279"; }
    int32_t current_leader_epoch(int32_t) const override { return kNotCarried; }
};

/// The answer names no epoch: the follower cannot see that the leader speaks of another one than it asked for.
class AskOnce final : public AskUnfenced {
public:
    std::string_view name() const override { return "kip-101"; }
    log::EpochEndOffset answer(const log::EpochEndOffset& end) const override {
        return {log::kUndefinedEpoch, end.end_offset};
    }
};

class CutToHighWatermark final : public AskUnfenced {
public:
    std::string_view name() const override { return "truncate-to-high-watermark"; }
    Beginning beginning(std::optional<int32_t>) const override { return Beginning::CutToHighWatermark; }
};

const TruncateOnFetch kCurrent;
const TruncateOnFetchUnfenced kFirstTry;
const AskBeforeFetching kKip320;
const AskUnfenced kKip279;
const AskOnce kKip101;
const CutToHighWatermark kTruncateToHighWatermark;

const std::array<const ReplicationRules*, 6> kAll{
    &kTruncateToHighWatermark, &kKip101, &kKip279, &kFirstTry, &kKip320, &kCurrent};

}  // namespace

const ReplicationRules* find_rules(std::string_view name) {
    for (const ReplicationRules* rules : kAll) {
        if (rules->name() == name) return rules;
    }
    return nullptr;
}

const ReplicationRules& default_rules() { return kCurrent; }

std::vector<std::string_view> rule_set_names() {
    std::vector<std::string_view> names;
    for (const ReplicationRules* rules : kAll) names.push_back(rules->name());
    return names;
}

std::optional<IsrChanges> find_isr_changes(std::string_view name) {
    if (name == "alter-isr") return IsrChanges::ByController;
    if (name == "zookeeper") return IsrChanges::ByLeader;
    return std::nullopt;
}

}  // namespace kafkasim::broker
