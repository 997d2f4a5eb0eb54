// SPDX-License-Identifier: Apache-2.0

#include "core/tools/group_formatters.hpp"

#include <fmt/format.h>

#include "core/base/java.hpp"
#include "core/group/group_metadata.hpp"
#include "core/group/offset_records.hpp"

namespace kafkasim::tools {
namespace {

std::string text_of(const group::OffsetAndMetadata& offset) {
    return fmt::format(
        "OffsetAndMetadata(offset={}, leaderEpoch={}, metadata={}, commitTimestamp={}, expireTimestamp={})",
        offset.offset, offset.leader_epoch < 0 ? "Optional.empty" : fmt::format("Optional[{}]", offset.leader_epoch),
        offset.metadata, offset.commit_timestamp_ms,
        offset.expire_timestamp_ms ? fmt::format("Some({})", *offset.expire_timestamp_ms) : "None");
}

std::string text_of(const group::GroupMetadata& metadata) {
    const auto members = metadata.members_in_order();
    std::vector<int32_t> hashes;
    for (const group::MemberMetadata* member : members) hashes.push_back(java::string_hash(member->member_id));
    std::string text;
    for (size_t i : java::scala_mutable_order(hashes))
        text += fmt::format("{}{} -> {}", text.empty() ? "" : ", ", members[i]->member_id, to_string(*members[i]));
    return fmt::format(
        "GroupMetadata(groupId={}, generation={}, protocolType={}, currentState={}, members=HashMap({}))",
        metadata.group_id, metadata.generation_id, group::option_text(metadata.protocol_type), name_of(metadata.state),
        text);
}

/// GroupMetadataManager.readMessageKey: what it throws if the bytes are none.
std::string thrown_for_key(std::string_view bytes) {
    if (bytes.size() < 2) return "java.nio.BufferUnderflowException";
    const auto version = static_cast<int16_t>(static_cast<uint8_t>(bytes[0]) << 8U | static_cast<uint8_t>(bytes[1]));
    return fmt::format("java.lang.IllegalStateException: Unknown group metadata message version: {}", version);
}

/// A line of key and value if the key is of that kind.
template <typename Key, typename Describe>
Written write_record(const protocol::Record& record, const Describe& describe) {
    if (!record.key) return {};
    const auto key = group::decode_key(*record.key);
    if (!key) return {{}, thrown_for_key(*record.key)};
    const auto* wanted = std::get_if<Key>(&*key);
    if (wanted == nullptr) return {};
    return {describe(*wanted), std::nullopt};
}

}  // namespace

Written write_offset_record(const protocol::Record& record) {
    return write_record<group::OffsetKey>(record, [&](const group::OffsetKey& key) {
        const auto value = record.value ? group::decode_offset_value(*record.value) : std::nullopt;
        return fmt::format("[{},{},{}]::{}\n", key.group_id, key.partition.topic.view(), key.partition.partition,
                           value ? text_of(*value) : "NULL");
    });
}

Written write_group_record(const protocol::Record& record) {
    return write_record<group::GroupKey>(record, [&](const group::GroupKey& key) {
        const auto value = record.value ? group::decode_group_value(key.group_id, *record.value) : std::nullopt;
        return fmt::format("{}::{}\n", key.group_id, value ? text_of(*value) : "NULL");
    });
}

}  // namespace kafkasim::tools
