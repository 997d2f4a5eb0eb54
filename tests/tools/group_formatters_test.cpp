// SPDX-License-Identifier: Apache-2.0
#include "core/tools/group_formatters.hpp"

#include "core/group/group_metadata.hpp"
#include "core/group/offset_records.hpp"
#include "tests/catch.hpp"

namespace kafkasim::tools {
namespace {

protocol::Record record_of(std::string key, std::optional<std::string> value) {
    protocol::Record record;
    record.key = std::move(key);
    record.value = std::move(value);
    return record;
}

group::GroupMetadata group_of(const std::vector<std::string>& members) {
    group::GroupMetadata group;
    group.group_id = "g";
    group.protocol_type = "consumer";
    group.protocol_name = "range";
    group.generation_id = 3;
    for (const std::string& id : members) {
        group::MemberMetadata member;
        member.member_id = id;
        member.client_id = "c";
        member.client_host = "/127.0.0.1";
        member.rebalance_timeout_ms = 300000;
        member.session_timeout_ms = 45000;
        member.protocol_type = "consumer";
        member.supported_protocols = {{"range", ""}};
        group.add(std::move(member));
    }
    return group;
}

}  // namespace

TEST_CASE("a committed offset is shown as OffsetsMessageFormatter shows it") {
    const auto key = group::encode_key(group::OffsetKey{"g", {TopicName("eight"), 0}});
    const auto with_epoch = record_of(key, group::encode_value({2, 4, "note", 1795581395314, std::nullopt}));
    CHECK(write_offset_record(with_epoch).text ==
          "[g,eight,0]::OffsetAndMetadata(offset=2, leaderEpoch=Optional[4], metadata=note, "
          "commitTimestamp=1795581395314, expireTimestamp=None)\n");
    const auto without = record_of(key, group::encode_value({2, -1, "", 1795581395314, std::nullopt}));
    CHECK(write_offset_record(without).text ==
          "[g,eight,0]::OffsetAndMetadata(offset=2, leaderEpoch=Optional.empty, metadata=, "
          "commitTimestamp=1795581395314, expireTimestamp=None)\n");
    CHECK(write_offset_record(record_of(key, std::nullopt)).text == "[g,eight,0]::NULL\n");
    CHECK(write_group_record(with_epoch).text.empty());
}

TEST_CASE("a group is shown as GroupMetadataMessageFormatter shows it, empty or not") {
    const auto key = group::encode_key(group::GroupKey{"g"});
    CHECK(write_group_record(record_of(key, group::encode_value(group_of({}), {}))).text ==
          "g::GroupMetadata(groupId=g, generation=3, protocolType=Some(consumer), currentState=Empty, "
          "members=HashMap())\n");
    CHECK(write_group_record(record_of(key, group::encode_value(group_of({"m-1"}), {}))).text ==
          "g::GroupMetadata(groupId=g, generation=3, protocolType=Some(consumer), currentState=Stable, "
          "members=HashMap(m-1 -> MemberMetadata(memberId=m-1, groupInstanceId=None, clientId=c, "
          "clientHost=/127.0.0.1, sessionTimeoutMs=45000, rebalanceTimeoutMs=300000, "
          "supportedProtocols=List(range))))\n");
    CHECK(write_group_record(record_of(key, std::nullopt)).text == "g::NULL\n");
}

TEST_CASE("a key that is none throws what readMessageKey throws") {
    CHECK(write_offset_record(record_of("k", "v")).thrown == "java.nio.BufferUnderflowException");
    CHECK(write_offset_record(record_of("k1", "v")).thrown ==
          "java.lang.IllegalStateException: Unknown group metadata message version: 27441");
    protocol::Record without_key;
    CHECK(!write_offset_record(without_key).thrown);
}

}  // namespace kafkasim::tools
