// SPDX-License-Identifier: Apache-2.0
//
// Subscriptions and assignments against bytes that real clients sent (kafka-console-consumer 3.0.0, kcat 1.7.1;
// captured
// by a proxy in front of a real broker).
#include "core/protocol/consumer_protocol.hpp"

#include "tests/catch.hpp"

namespace kafkasim::protocol {
namespace {

std::string from_hex(std::string_view hex) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
    return out;
}

constexpr std::string_view kJavaRange = "00010000000100027431ffffffff00000000";
constexpr std::string_view kJavaCooperative = "0001000000010002743100000004ffffffff00000000";
constexpr std::string_view kJavaAssignment = "0001000000010002743100000003000000000000000100000002ffffffff";
constexpr std::string_view kKcatSubscription = "000100000001000274310000000000000000";
constexpr std::string_view kKcatAssignment = "000000000001000274310000000300000000000000010000000200000000";

}  // namespace

TEST_CASE("subscriptions are written as the Java client writes them") {
    ConsumerProtocolSubscription subscription;
    subscription.topics = {"t1"};
    CHECK(encode(subscription) == from_hex(kJavaRange));
    subscription.user_data = from_hex("ffffffff");
    CHECK(encode(subscription) == from_hex(kJavaCooperative));
}

TEST_CASE("assignments are written as the Java client writes them") {
    const TopicName topic("t1");
    CHECK(encode(assignment_of({{topic, 0}, {topic, 1}, {topic, 2}})) == from_hex(kJavaAssignment));
}

TEST_CASE("what real clients sent is read") {
    for (const auto hex : {kJavaRange, kJavaCooperative, kKcatSubscription}) {
        INFO(hex);
        const auto subscription = decode_subscription(from_hex(hex));
        REQUIRE(subscription);
        CHECK(subscription->topics == std::vector<std::string>{"t1"});
        CHECK(subscription->owned_partitions.empty());
        if (hex != kKcatSubscription) CHECK(encode(*subscription) == from_hex(hex));
    }
    CHECK(decode_subscription(from_hex(kJavaRange))->user_data == std::nullopt);
    CHECK(decode_subscription(from_hex(kKcatSubscription))->user_data == "");
    for (const auto hex : {kJavaAssignment, kKcatAssignment}) {
        INFO(hex);
        const auto assignment = decode_assignment(from_hex(hex));
        REQUIRE(assignment);
        const TopicName topic("t1");
        CHECK(partitions_of(*assignment) == std::vector<TopicPartition>{{topic, 0}, {topic, 1}, {topic, 2}});
    }
}

TEST_CASE("version 0 has no owned partitions, later versions and trailing bytes are borne") {
    CHECK(decode_subscription(from_hex("00000000000100027431ffffffff"))->owned_partitions.empty());
    const auto later =
        decode_subscription(from_hex("00030000000100027431ffffffff000000010002743100000001000000070000002a"));
    REQUIRE(later);
    REQUIRE(later->owned_partitions.size() == 1);
    CHECK(later->owned_partitions[0].topic == "t1");
    CHECK(later->owned_partitions[0].partitions == std::vector<std::int32_t>{7});
}

TEST_CASE("bytes that are no such value are refused") {
    const std::string whole = from_hex(kJavaAssignment);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        INFO(size);
        CHECK(!decode_assignment(std::string_view(whole).substr(0, size)));
    }
    CHECK(!decode_assignment(from_hex("00017fffffff")));
    CHECK(!decode_assignment(from_hex("0001ffffffffffffffff")));
    CHECK(!decode_subscription(from_hex("ffff00000000ffffffff00000000")));
    CHECK(!decode_subscription("some text"));
}

TEST_CASE("partitions are grouped by topic in the order of their first partition") {
    const TopicName a("a");
    const TopicName b("b");
    const auto assignment = assignment_of({{b, 1}, {a, 0}, {b, 0}});
    REQUIRE(assignment.assigned_partitions.size() == 2);
    CHECK(assignment.assigned_partitions[0].topic == b);
    CHECK(assignment.assigned_partitions[0].partitions == std::vector<std::int32_t>{1, 0});
    CHECK(partitions_of(assignment) == std::vector<TopicPartition>{{b, 1}, {b, 0}, {a, 0}});
}

}  // namespace kafkasim::protocol
