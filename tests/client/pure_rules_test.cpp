// SPDX-License-Identifier: Apache-2.0
// The clients' pure decisions, by tables.
#include <fstream>
#include <sstream>

#include "core/base/java.hpp"
#include "core/client/assignors.hpp"
#include "core/client/cluster_metadata.hpp"
#include "core/client/fetcher.hpp"
#include "core/client/produce_retry.hpp"
#include "core/client/reconnect_back_off.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::client;

namespace {

std::string unhex(const std::string& text) {
    std::string bytes;
    for (size_t i = 0; text != "-" && i + 1 < text.size(); i += 2)
        bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
    return bytes;
}

std::vector<TopicPartition> partitions(const std::string& topic, int32_t count) {
    std::vector<TopicPartition> all;
    for (int32_t p = 0; p < count; ++p) all.push_back({TopicName(topic), p});
    return all;
}

std::vector<int32_t> printed(const std::string& topic, int32_t count) {
    const std::vector<TopicPartition> all = partitions(topic, count);
    std::vector<int32_t> order;
    for (size_t i : printed_order(all)) order.push_back(all[i].partition);
    return order;
}

std::vector<GroupSubscription> members(int count, const std::vector<std::string>& topics) {
    std::vector<GroupSubscription> all;
    for (int i = count; i >= 1; --i) {  // not in order on purpose
        GroupSubscription member{"c" + std::to_string(i), std::nullopt, {}, {}, {}};
        for (const std::string& topic : topics) member.topics.emplace_back(topic);
        all.push_back(member);
    }
    return all;
}

std::string text(const GroupAssignment& assignment) {
    std::string text;
    for (const auto& [member, owned] : assignment) {
        text += member + ":";
        for (const TopicPartition& tp : owned) text += " " + tp.topic.str() + std::to_string(tp.partition);
        text += "; ";
    }
    return text;
}

}  // namespace

TEST_CASE("keys and groups fall where they really fall") {
    std::ifstream file(std::string(KAFKASIM_SOURCE_DIR) + "/tests/data/partitioner.txt");
    REQUIRE(file);
    int keys = 0;
    int groups = 0;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string kind;
        std::string hex;
        words >> kind >> hex;
        if (kind == "#") continue;
        const std::string bytes = unhex(hex);
        CAPTURE(line);
        if (kind == "key") {
            int32_t p3 = -1, p7 = -1, p50 = -1;
            words >> p3 >> p7 >> p50;
            CHECK(java::partition_for_key(bytes, 3) == p3);
            CHECK(java::partition_for_key(bytes, 7) == p7);
            CHECK(java::partition_for_key(bytes, 50) == p50);
            ++keys;
        } else if (kind == "group") {
            int32_t hash = 0, partition = -1;
            words >> hash >> partition;
            CHECK(java::string_hash(bytes) == hash);
            CHECK(java::partition_for_group(bytes, 50) == partition);
            ++groups;
        }
    }
    CHECK(keys == 300);
    CHECK(groups == 70);
}

TEST_CASE("records of one poll are printed in the order of a Java hash map") {
    CHECK(printed("my-kafka-topic", 3) == std::vector<int32_t>{2, 1, 0});
    CHECK(printed("orders", 6) == std::vector<int32_t>{0, 1, 2, 3, 4, 5});
    CHECK(printed("movie", 3) == std::vector<int32_t>{1, 0, 2});
    CHECK(printed("ord1", 6) == std::vector<int32_t>{1, 0, 5, 4, 3, 2});
    CHECK(printed("t", 12) == std::vector<int32_t>{5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 7, 6});
    CHECK(printed("t", 13) == std::vector<int32_t>{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0});
    std::vector<TopicPartition> both = partitions("my-kafka-topic", 3);
    for (const TopicPartition& tp : partitions("other", 3)) both.push_back(tp);
    std::string order;
    for (size_t i : printed_order(both)) order += to_string(both[i]) + " ";
    CHECK(order == "other-1 other-0 my-kafka-topic-2 my-kafka-topic-1 my-kafka-topic-0 other-2 ");
}

TEST_CASE("reconnect back-off doubles from 50 ms to one second and jitters by a fifth") {
    const std::vector<int64_t> steps{50, 100, 200, 400, 800, 1000, 1000};
    for (size_t n = 0; n < steps.size(); ++n) {
        const Duration step = back_off_step(50ms, 1000ms, static_cast<int32_t>(n));
        CHECK(step == from_millis(steps[n]));
        CHECK(with_jitter(step, 0) == step * 8 / 10);
        CHECK(with_jitter(step, kJitterDraws - 1) < step * 12 / 10);
        CHECK(with_jitter(step, kJitterDraws / 2) == step);
    }
}

TEST_CASE("a leader epoch older than the last seen is not taken unless the topic is another one") {
    struct Row {
        int32_t seen, epoch;
        bool same_id, taken;
    };
    for (const Row& row : {Row{-1, 0, true, true}, Row{3, 2, true, false}, Row{3, 3, true, true}, Row{3, 4, true, true},
                           Row{3, 0, false, true}, Row{3, -1, true, true}}) {
        CHECK(takes_epoch(row.seen, row.epoch, row.same_id) == row.taken);
    }
}

TEST_CASE("what a batch is sent again for") {
    struct Row {
        ErrorCode error;
        int32_t attempts, retries;
        Duration age;
        bool again;
    };
    const Row rows[] = {
        {ErrorCode::NotLeaderOrFollower, 0, 3, 1s, true},
        {ErrorCode::NotEnoughReplicas, 2, 3, 1s, true},
        {ErrorCode::NotEnoughReplicas, 3, 3, 1s, false},
        {ErrorCode::NetworkException, 0, 2147483647, 119s, true},
        {ErrorCode::NetworkException, 0, 2147483647, 120s, false},
        {ErrorCode::MessageTooLarge, 0, 3, 1s, false},
        {ErrorCode::InvalidRequiredAcks, 0, 3, 1s, false},
        {ErrorCode::UnknownLeaderEpoch, 0, 3, 1s, true},
        {ErrorCode::InvalidRecord, 0, 3, 1s, false},
        {ErrorCode::RequestTimedOut, 0, 0, 1s, false},
    };
    for (const Row& row : rows) {
        CAPTURE(name(row.error), row.attempts);
        CHECK(retries_produce(row.error, row.attempts, row.retries, row.age, 120s) == row.again);
    }
}

TEST_CASE("range gives the first members one more of every topic, roundrobin deals") {
    const std::map<TopicName, int32_t> ab{{TopicName("A"), 3}, {TopicName("B"), 3}};
    CHECK(text(assign_range(members(2, {"A", "B"}), ab)) == "c1: A0 A1 B0 B1; c2: A2 B2; ");
    CHECK(text(assign_round_robin(members(2, {"A", "B"}), ab)) == "c1: A0 A2 B1; c2: A1 B0 B2; ");
    CHECK(text(assign_range(members(3, {"A", "B"}), ab)) == "c1: A0 B0; c2: A1 B1; c3: A2 B2; ");
    CHECK(text(assign_round_robin(members(3, {"A", "B"}), ab)) == "c1: A0 B0; c2: A1 B1; c3: A2 B2; ");
    const std::map<TopicName, int32_t> seven{{TopicName("T"), 7}};
    CHECK(text(assign_range(members(3, {"T"}), seven)) == "c1: T0 T1 T2; c2: T3 T4; c3: T5 T6; ");
    CHECK(text(assign_round_robin(members(3, {"T"}), seven)) == "c1: T0 T3 T6; c2: T1 T4; c3: T2 T5; ");
    CHECK(text(assign_range(members(4, {"A"}), ab)) == "c1: A0; c2: A1; c3: A2; c4:; ");
    CHECK_FALSE(assign("nosuch", members(1, {"A"}), ab).has_value());
}

TEST_CASE("static members are dealt to before the others") {
    std::vector<GroupSubscription> all = members(2, {"A"});
    all.front().group_instance_id = "z";  // c2
    CHECK(text(assign_range(all, {{TopicName("A"), 3}})) == "c1: A2; c2: A0 A1; ");
}
