// SPDX-License-Identifier: Apache-2.0
#pragma once
// The records of __consumer_offsets, byte for byte as Kafka writes them: big-endian, an int16 version first,
// strings as int16 length + UTF-8
// (length -1: null), bytes as int32 length. Written: offset key v1 / value v3, group key v2 / value v3. Read:
// all versions that 3.0.0 knows (0 to 3).
// A record without value is a tombstone. Used when storing and when loading.
//
// Kafka 3.0.0: GroupMetadataManager.{offsetCommitKey, offsetCommitValue, groupMetadataKey, groupMetadataValue,
// readMessageKey, readOffsetMessageValue,
// readGroupMessageValue}; the schemas OffsetCommitKey/Value and GroupMetadataKey/Value.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/ids.hpp"
#include "core/group/committed_offset.hpp"
#include "core/group/group_metadata.hpp"

namespace kafkasim::group {

struct OffsetKey {
    std::string group_id;
    TopicPartition partition;
    auto operator<=>(const OffsetKey&) const = default;
    bool operator==(const OffsetKey&) const = default;
};
struct GroupKey {
    std::string group_id;
    bool operator==(const GroupKey&) const = default;
};
using RecordKey = std::variant<OffsetKey, GroupKey>;

std::string encode_key(const OffsetKey& key);
std::string encode_key(const GroupKey& key);
/// v3; v1 if the offset has an expire timestamp.
std::string encode_value(const OffsetAndMetadata& offset);
/// v3: the group with this assignment (member id to bytes); a member without one gets empty bytes.
std::string encode_value(const GroupMetadata& group, const std::map<std::string, std::string>& assignment);

/// The version that a key or a value begins with.
int16_t record_version(std::string_view bytes);
/// nullopt: not a key (or of a version) that is known.
std::optional<RecordKey> decode_key(std::string_view bytes);
std::optional<OffsetAndMetadata> decode_offset_value(std::string_view bytes);
/// Stable if it has members, else Empty. Of a member only the selected protocol is known.
std::optional<GroupMetadata> decode_group_value(std::string_view group_id, std::string_view bytes);

}  // namespace kafkasim::group
