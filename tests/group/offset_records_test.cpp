// SPDX-License-Identifier: Apache-2.0
#include "core/group/offset_records.hpp"

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
