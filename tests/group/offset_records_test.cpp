// SPDX-License-Identifier: Apache-2.0
#include "core/group/offset_records.hpp"

#include "core/protocol/consumer_protocol.hpp"
#include "core/tools/dump_log_format.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::group;

namespace {

std::string hex(std::string_view bytes) {
    std::string out;
    for (char c : bytes) {
        out += "0123456789abcdef"[static_cast<uint8_t>(c) >> 4U];
        out += "0123456789abcdef"[static_cast<uint8_t>(c) & 15U];
    }
    return out;
}

GroupMetadata group_of_one() {
    GroupMetadata group;
    group.group_id = "g2";
    group.state = State::CompletingRebalance;
    group.protocol_name = "range";
    group.generation_id = 3;
    group.current_state_timestamp_ms = 1641168000000;
    MemberMetadata member;
    member.member_id = "m";
    member.client_id = "c";
    member.client_host = "/127.0.0.1";
    member.rebalance_timeout_ms = 300000;
    member.session_timeout_ms = 45000;
    member.protocol_type = "consumer";
    member.supported_protocols = {{"range", "S"}, {"cooperative-sticky", "other"}};
    group.add(std::move(member));
    return group;
}

}  // namespace

TEST_CASE("an offset record has the bytes that Kafka writes") {
    const OffsetKey key{"g2", {TopicName("t"), 7}};
    CHECK(hex(encode_key(key)) ==
          "0001"
          "00026732"
          "000174"
          "00000007");
    const OffsetAndMetadata offset{4, 2, "", 1641168000000, std::nullopt};
    CHECK(hex(encode_value(offset)) ==
          "0003"
          "0000000000000004"
          "00000002"
          "0000"
          "0000017e1d3c5400");
    CHECK(std::get<OffsetKey>(*decode_key(encode_key(key))) == key);
    CHECK(decode_offset_value(encode_value(offset)) == offset);
}

TEST_CASE("an offset with an expiry of its own is written in version 1, without leader epoch") {
    const OffsetAndMetadata offset{4, -1, "m", 10, 20};
    CHECK(hex(encode_value(offset)) ==
          "0001"
          "0000000000000004"
          "00016d"
          "000000000000000a"
          "0000000000000014");
    CHECK(decode_offset_value(encode_value(offset)) == offset);
}

TEST_CASE("a group record has the bytes that Kafka writes") {
    CHECK(hex(encode_key(GroupKey{"g2"})) ==
          "0002"
          "00026732");
    CHECK(hex(encode_value(group_of_one(), {{"m", "A"}})) ==
          "0003"
          "0008636f6e73756d6572"
          "00000003"
          "000572616e6765"
          "00016d"
          "0000017e1d3c5400"
          "00000001"
          "00016d"
          "ffff"
          "000163"
          "000a2f3132372e302e302e31"
          "000493e0"
          "0000afc8"
          "00000001"
          "53"
          "00000001"
          "41");
}

TEST_CASE("a group comes back stable, with the selected protocol only") {
    const auto read = decode_group_value("g2", encode_value(group_of_one(), {{"m", "A"}}));
    REQUIRE(read);
    CHECK(read->state == State::Stable);
    CHECK(read->generation_id == 3);
    CHECK(read->leader_id == "m");
    REQUIRE(read->find("m") != nullptr);
    CHECK(read->find("m")->assignment == "A");
    CHECK(read->find("m")->supported_protocols == Protocols{{"range", "S"}});
    CHECK_FALSE(read->find("m")->group_instance_id);
}

TEST_CASE("an empty group is written without protocol, leader and members") {
    GroupMetadata group;
    group.group_id = "g2";
    group.protocol_type = "consumer";
    group.generation_id = 4;
    group.current_state_timestamp_ms = 1;
    CHECK(hex(encode_value(group, {})) ==
          "0003"
          "0008636f6e73756d6572"
          "00000004"
          "ffff"
          "ffff"
          "0000000000000001"
          "00000000");
    const auto read = decode_group_value("g2", encode_value(group, {}));
    REQUIRE(read);
    CHECK(read->state == State::Empty);
    CHECK_FALSE(read->leader_id);
}

TEST_CASE("bytes that are no record are told apart from records") {
    CHECK_FALSE(decode_key(""));
    CHECK_FALSE(decode_key(std::string("\0\3\0\1g", 5)));
    CHECK_FALSE(decode_key(std::string("\0\2\0\5g", 5)));
    CHECK_FALSE(decode_offset_value(std::string("\0\3\0", 3)));
    const std::string value = encode_value(group_of_one(), {});
    CHECK_FALSE(decode_group_value("g2", value.substr(0, value.size() - 1)));
}

TEST_CASE("testReadFromOldGroupMetadata, testCurrentStateTimestampForAllGroupMetadataVersions") {
    struct Case {
        int16_t version;
        bool rebalance_timeout;
        bool timestamp;
        bool instance;
    };
    for (const Case& each : {Case{0, false, false, false}, Case{1, true, false, false}, Case{2, true, true, false},
                             Case{3, true, true, true}}) {
        INFO(each.version);
        const auto number = [](int64_t value, int size) {
            std::string bytes;
            for (int i = size - 1; i >= 0; --i) bytes += static_cast<char>(value >> (8 * i));
            return bytes;
        };
        const auto text = [&](const std::string& value) {
            return number(static_cast<int64_t>(value.size()), 2) + value;
        };
        std::string bytes =
            number(each.version, 2) + text("protocolType") + number(1, 4) + text("range") + text("memberId");
        if (each.timestamp) bytes += number(1234, 8);
        bytes += number(1, 4) + text("memberId");
        if (each.instance) bytes += text("bar");
        bytes += text("clientId") + text("clientHost");
        if (each.rebalance_timeout) bytes += number(60000, 4);
        bytes += number(30000, 4) + number(0, 4) + number(0, 4);

        const auto read = decode_group_value("foo", bytes);
        REQUIRE(read);
        CHECK(read->group_id == "foo");
        CHECK(read->generation_id == 1);
        CHECK(read->protocol_type == "protocolType");
        CHECK(read->protocol_name == "range");
        CHECK(read->leader_id == "memberId");
        CHECK(read->members.size() == 1);
        CHECK(read->static_members.size() == (each.instance ? 1 : 0));
        CHECK(read->find("memberId")->session_timeout_ms == 30000);
        CHECK(read->find("memberId")->rebalance_timeout_ms == (each.rebalance_timeout ? 60000 : 30000));
        CHECK(read->current_state_timestamp_ms == (each.timestamp ? std::optional<int64_t>(1234) : std::nullopt));
        CHECK_FALSE(decode_group_value("foo", "\x7f" + bytes.substr(1)));
    }
}

TEST_CASE(
    "testSerdeOffsetCommitValue, testSerdeOffsetCommitValueWithExpireTimestamp, "
    "testSerdeOffsetCommitValueWithNoneExpireTimestamp, testLoadOffsetFromOldCommit") {
    const OffsetAndMetadata newest{537, 15, "metadata", 1234, std::nullopt};
    CHECK(record_version(encode_value(newest)) == 3);
    CHECK(decode_offset_value(encode_value(newest)) == newest);
    const OffsetAndMetadata expires{537, -1, "metadata", 1234, 2234};
    CHECK(record_version(encode_value(expires)) == 1);
    CHECK(decode_offset_value(encode_value(expires)) == expires);
    const OffsetAndMetadata without_epoch{537, -1, "metadata", 1234, std::nullopt};
    CHECK(decode_offset_value(encode_value(without_epoch)) == without_epoch);
    // What 1.1 wrote: version 1 always, with -1 for no expiry. Version 2 has neither expiry nor epoch.
    std::string old = encode_value(expires);
    for (size_t i = old.size() - 8; i < old.size(); ++i) old[i] = '\xff';
    CHECK(decode_offset_value(old) == without_epoch);
    std::string version_2 = encode_value(expires).substr(0, old.size() - 8);
    version_2[1] = 2;
    CHECK(decode_offset_value(version_2) == without_epoch);
}

TEST_CASE("testStoreEmptySimpleGroup") {
    GroupMetadata group;
    group.group_id = "foo";
    const auto read = decode_group_value("foo", encode_value(group, {}));
    REQUIRE(read);
    CHECK(read->state == State::Empty);
    CHECK(read->generation_id == 0);
    CHECK_FALSE(read->protocol_type);
}

TEST_CASE(
    "testCommittedOffsetParsing, testCommittedOffsetTombstoneParsing, testGroupMetadataParsingWithNullUserData, "
    "testGroupMetadataTombstoneParsing") {
    protocol::Record record;
    record.key = encode_key(OffsetKey{"group", {TopicName("topic"), 0}});
    record.value = encode_value(OffsetAndMetadata{35, -1, "", 1234, std::nullopt});
    CHECK(tools::decode_offsets_record(record).value().key == "offset_commit::group=group,partition=topic-0");
    CHECK(tools::decode_offsets_record(record).value().payload == "offset=35");
    record.value.reset();
    CHECK(tools::decode_offsets_record(record).value().payload == "<DELETE>");

    GroupMetadata group = group_of_one();
    group.generation_id = 935;
    protocol::ConsumerProtocolAssignment assignment;
    assignment.assigned_partitions.push_back({TopicName("topic"), {0}});
    record.key = encode_key(GroupKey{"group"});
    record.value = encode_value(group, {{"m", protocol::encode(assignment)}});
    CHECK(tools::decode_offsets_record(record).value().key == "group_metadata::group=group");
    CHECK(tools::decode_offsets_record(record).value().payload ==
          R"({"protocolType":"consumer","protocol":"range","generationId":935,"assignment":"{m=[topic-0]}"})");
    record.value.reset();
    CHECK(tools::decode_offsets_record(record).value().payload == "<DELETE>");
}
