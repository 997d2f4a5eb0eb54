// SPDX-License-Identifier: Apache-2.0
// Seven ways in which a follower's log can part from that of a new leader, and where it is cut: the worked cases A to G
// of Jack Vanlightly's description of Kafka's replication (Vanlightly/kafka-tlaplus, 3_log_divergence.md). Each is
// played between two brokers by messages: the follower's first fetch, the leader's answer, the cut, and the fetches
// after it until the logs are the same.
#include <algorithm>
#include <string>
#include <vector>

#include "tests/broker/fake_broker_host.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::broker;
using namespace kafkasim::test;

namespace {

const TopicPartition kT0 = partition_of("t");

/// A log is written as the leader epoch of each of its records: {1, 1, 2} has records of epoch 1 at 0 and 1.
using Epochs = std::vector<int32_t>;

struct Row {
    std::string name;
    Epochs follower;
    Epochs leader;
    int32_t leader_epoch;  // of the election; nothing is written in it yet
    int64_t fetch_offset;  // what the follower asks first
    int32_t last_fetched_epoch;
    std::optional<log::EpochEndOffset> diverging;  // what it is answered
    std::optional<int64_t> truncates_to;
};

// clang-format off
const std::vector<Row> kRows = {
    {"A: behind, the same epoch",          {1, 1},       {1, 1, 1, 1}, 2, 2, 1, std::nullopt,              std::nullopt},
    {"B: behind, a higher epoch",          {1, 1},       {1, 1, 2, 2}, 3, 2, 1, std::nullopt,              std::nullopt},
    {"C: ahead, the same epoch",           {1, 1, 1, 1}, {1, 1},       2, 4, 1, log::EpochEndOffset{1, 2}, 2},
    {"D: ahead, a higher epoch",           {1, 1, 2, 2}, {1, 1},       3, 4, 2, log::EpochEndOffset{1, 2}, 2},
    {"E: forked, each its own epoch",      {1, 1, 2, 2}, {1, 1, 3, 3}, 4, 4, 2, log::EpochEndOffset{1, 2}, 2},
    {"F: forked, the leader went on in 1", {1, 2, 2},    {1, 1},       3, 3, 2, log::EpochEndOffset{1, 2}, 1},
    {"G: forked, no epoch in common",      {2},          {1, 3},       4, 1, 2, log::EpochEndOffset{1, 1}, 0},
    // Ours: the leader names an epoch that the follower never had, and it is cut in two steps, to 2 and to 1.
    {"an epoch that the follower skipped", {1, 1, 3},    {1, 2, 2},    5, 3, 3, log::EpochEndOffset{2, 3}, 2},
};
// clang-format on

void fill(FakeBrokerHost& host, const Epochs& epochs) {
    log::Log& log = host.manager.logs().get_or_create(host.world, kT0, Uuid{7, 7}, host.topic);
    for (const int32_t epoch : epochs) {
        const std::string value = "written in epoch " + std::to_string(epoch);
        log.append_as_leader(host.world, protocol::RecordBatches(batch_of({value})), epoch, 0);
    }
}

Epochs epochs_of(const FakeBrokerHost& host) {
    Epochs epochs;
    for (const protocol::RecordBatch& batch : host.manager.read_log(kT0))
        epochs.push_back(batch.partition_leader_epoch);
    return epochs;
}

/// Broker 1 has been elected, broker 2 follows it.
struct Election {
    explicit Election(const Row& row) {
        fill(leader, row.leader);
        fill(follower, row.follower);
        for (FakeBrokerHost* host : {&leader, &follower}) {
            host->set_metadata({kT0});
            host->manager.startup(*host);
            host->leader_and_isr(kT0, 1, row.leader_epoch, {1}, {1, 2});
        }
        follower.connect_last();
    }
    protocol::FetchRequest fetch() {
        asked = *follower.world.take_message<protocol::FetchRequest>();
        return std::get<protocol::FetchRequest>(asked.message.body);
    }
    protocol::FetchResponse answer(protocol::FetchRequest request) {
        request.max_wait_ms = 0;  // what there is, now
        return *leader.take<protocol::FetchResponse>(leader.fetch(std::move(request)));
    }
    void deliver(protocol::FetchResponse response) { follower.answer(asked, protocol::Body(std::move(response))); }

    FakeBrokerHost leader{1};
    FakeBrokerHost follower{2};
    FakeEnv::Sent asked;
};

}  // namespace

TEST_CASE("where a follower's log is cut: Vanlightly's cases A to G", "[kafka_tables]") {
    REQUIRE(kRows.size() == 7 + 1);
    for (const Row& row : kRows) {
        DYNAMIC_SECTION(row.name) {
            Election election(row);
            const protocol::FetchRequest first = election.fetch();
            const auto& asked = first.topics.at(0).partitions.at(0);
            CHECK(asked.current_leader_epoch == row.leader_epoch);
            CHECK(asked.fetch_offset == row.fetch_offset);
            CHECK(asked.last_fetched_epoch == row.last_fetched_epoch);

            const protocol::FetchResponse response = election.answer(first);
            const auto& data = response.responses.at(0).partitions.at(0);
            CHECK((data.diverging_epoch.epoch >= 0) == row.diverging.has_value());
            if (row.diverging) {
                CHECK(data.diverging_epoch.epoch == row.diverging->epoch);
                CHECK(data.diverging_epoch.end_offset == row.diverging->end_offset);
                CHECK(data.records.empty());
            }
            election.deliver(response);
            CHECK(election.follower.world.has_log("Truncating to offset") == row.truncates_to.has_value());
            if (row.truncates_to) {
                Epochs kept = row.follower;
                kept.resize(static_cast<size_t>(*row.truncates_to));
                CHECK(epochs_of(election.follower) == kept);
            }
            for (int round = 0; round < 3; ++round) election.deliver(election.answer(election.fetch()));
            CHECK(epochs_of(election.follower) == row.leader);
        }
    }
}
