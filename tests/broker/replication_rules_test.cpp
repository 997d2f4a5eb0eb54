// SPDX-License-Identifier: Apache-2.0
// The published rule sets of replication: in what they differ, and which of them a protocol version of Kafka 3.0.0
// chooses.
#include "core/broker/replication_rules.hpp"

#include "core/config/protocol_version.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using broker::find_rules;
using config::find_protocol_version;
using Beginning = broker::ReplicationRules::Beginning;

TEST_CASE("A rule set says what a follower does first and which epochs its requests carry") {
    struct Row {
        std::string_view name;
        Beginning beginning;  // of a follower whose log ends in epoch 3
        int32_t current_leader_epoch;
        int32_t last_fetched_epoch;
        log::EpochEndOffset answer;  // of a leader that knows that epoch 3 ended at 7
    };
    const Row rows[] = {
        {"truncate-to-high-watermark", Beginning::CutToHighWatermark, -1, -1, {3, 7}},
        {"kip-101", Beginning::AskLeader, -1, -1, {-1, 7}},
        {"kip-279", Beginning::AskLeader, -1, -1, {3, 7}},
        {"kip-320-first-try", Beginning::Fetch, -1, 3, {3, 7}},
        {"kip-320", Beginning::AskLeader, 5, -1, {3, 7}},
        {"3.0.0", Beginning::Fetch, 5, 3, {3, 7}},
    };
    REQUIRE(broker::rule_set_names().size() == std::size(rows));
    for (const Row& row : rows) {
        INFO(row.name);
        const broker::ReplicationRules* rules = find_rules(row.name);
        REQUIRE(rules != nullptr);
        CHECK(rules->name() == row.name);
        CHECK(rules->beginning(3) == row.beginning);
        CHECK(rules->current_leader_epoch(5) == row.current_leader_epoch);
        CHECK(rules->last_fetched_epoch(3) == row.last_fetched_epoch);
        CHECK(rules->answer({3, 7}) == row.answer);
        // Without epochs there is nothing to ask about: only what is below the high watermark is trusted.
        CHECK(rules->beginning(std::nullopt) == Beginning::CutToHighWatermark);
    }
    CHECK(find_rules("kip-1") == nullptr);
    CHECK(broker::default_rules().name() == "3.0.0");
}

TEST_CASE("The protocol version of the brokers chooses the rules, as in ApiVersion and ReplicaFetcherThread") {
    struct Row {
        std::string_view version;
        std::string_view name;
        std::string_view rules;
        bool alter_isr;
        bool topic_ids;
    };
    const Row rows[] = {
        {"0.10.2", "0.10.2-IV0", "truncate-to-high-watermark", false, false},
        {"0.11.0-IV1", "0.11.0-IV1", "truncate-to-high-watermark", false, false},
        {"0.11.0", "0.11.0-IV2", "kip-101", false, false},
        {"1.1.1", "1.1-IV0", "kip-101", false, false},
        {"2.0", "2.0-IV1", "kip-279", false, false},
        {"2.1-IV1", "2.1-IV1", "kip-279", false, false},
        {"2.1", "2.1-IV2", "kip-320", false, false},
        {"2.6", "2.6-IV0", "kip-320", false, false},
        {"2.7-IV1", "2.7-IV1", "3.0.0", false, false},
        {"2.7", "2.7-IV2", "3.0.0", true, false},
        {"3.0", "3.0-IV1", "3.0.0", true, true},
        {"3.0-IV1", "3.0-IV1", "3.0.0", true, true},
    };
    for (const Row& row : rows) {
        INFO(row.version);
        const auto version = find_protocol_version(row.version);
        REQUIRE(version);
        CHECK(version->name == row.name);
        CHECK(version->rules == row.rules);
        CHECK(version->alter_isr == row.alter_isr);
        CHECK(version->topic_ids == row.topic_ids);
    }
    for (const std::string_view wrong : {"", "3", "3.1", "2.7-IV9", "latest"})
        CHECK_FALSE(find_protocol_version(wrong));
}
