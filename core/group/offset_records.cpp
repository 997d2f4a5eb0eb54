// SPDX-License-Identifier: Apache-2.0
#include "core/group/offset_records.hpp"

namespace kafkasim::group {

namespace {

constexpr int16_t kOffsetKeyVersion = 1;
constexpr int16_t kGroupKeyVersion = 2;
constexpr int16_t kOffsetValueVersion = 3;
constexpr int16_t kOffsetValueVersionWithExpiry = 1;
constexpr int16_t kGroupValueVersion = 3;

class Writer {
public:
    void int16(int16_t value) { number(static_cast<uint16_t>(value), 2); }
    void int32(int32_t value) { number(static_cast<uint32_t>(value), 4); }
    void int64(int64_t value) { number(static_cast<uint64_t>(value), 8); }
    void string(std::string_view text) {
        int16(static_cast<int16_t>(text.size()));
        out_ += text;
    }
    void nullable_string(const std::optional<std::string>& text) {
        if (text) return string(*text);
        int16(-1);
    }
    void bytes(std::string_view data) {
        int32(static_cast<int32_t>(data.size()));
        out_ += data;
    }
    std::string take() { return std::move(out_); }

private:
    void number(uint64_t value, int size) {
        for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) out_ += static_cast<char>((value >> shift) & 0xffU);
    }
    std::string out_;
};

/// Reading past the end makes `ok` false and gives zeros.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}
    int16_t int16() { return static_cast<int16_t>(number(2)); }
    int32_t int32() { return static_cast<int32_t>(number(4)); }
    int64_t int64() { return static_cast<int64_t>(number(8)); }
    std::optional<std::string> nullable_string() {
        const int16_t length = int16();
        if (length < 0) return std::nullopt;
        return std::string(take(static_cast<size_t>(length)));
    }
    std::string string() {
        auto text = nullable_string();
        if (!text) ok_ = false;
        return text.value_or("");
    }
    std::string bytes() {
        const int32_t length = int32();
        if (length < 0) return {};
        return std::string(take(static_cast<size_t>(length)));
    }
    bool ok() const { return ok_; }

private:
    std::string_view take(size_t size) {
        if (size > rest_.size()) {
            ok_ = false;
            rest_ = {};
            return {};
        }
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    uint64_t number(size_t size) {
        uint64_t value = 0;
        for (char c : take(size)) value = (value << 8U) | static_cast<uint8_t>(c);
        return value;
    }
    std::string_view rest_;
    bool ok_ = true;
};

MemberMetadata read_member(Reader& in, const GroupMetadata& group, int16_t version) {
    MemberMetadata member;
    member.member_id = in.string();
    if (version >= 3) member.group_instance_id = in.nullable_string();
    member.client_id = in.string();
    member.client_host = in.string();
    if (version >= 1) member.rebalance_timeout_ms = in.int32();
    member.session_timeout_ms = in.int32();
    if (version == 0) member.rebalance_timeout_ms = member.session_timeout_ms;
    member.protocol_type = group.protocol_type.value_or("");
    member.supported_protocols = {{group.protocol_name.value_or(""), in.bytes()}};
    member.assignment = in.bytes();
    return member;
}

void write_member(Writer& out, const MemberMetadata& member, std::string_view protocol, std::string_view assignment) {
    out.string(member.member_id);
    out.nullable_string(member.group_instance_id);
    out.string(member.client_id);
    out.string(member.client_host);
    out.int32(member.rebalance_timeout_ms);
    out.int32(member.session_timeout_ms);
    out.bytes(member.metadata(protocol));
    out.bytes(assignment);
}

}  // namespace

std::string encode_key(const OffsetKey& key) {
    Writer out;
    out.int16(kOffsetKeyVersion);
    out.string(key.group_id);
    out.string(key.partition.topic.view());
    out.int32(key.partition.partition);
    return out.take();
}

std::string encode_key(const GroupKey& key) {
    Writer out;
    out.int16(kGroupKeyVersion);
    out.string(key.group_id);
    return out.take();
}

std::string encode_value(const OffsetAndMetadata& offset) {
    Writer out;
    out.int16(offset.expire_timestamp_ms ? kOffsetValueVersionWithExpiry : kOffsetValueVersion);
    out.int64(offset.offset);
    if (!offset.expire_timestamp_ms) out.int32(offset.leader_epoch);
    out.string(offset.metadata);
    out.int64(offset.commit_timestamp_ms);
    if (offset.expire_timestamp_ms) out.int64(*offset.expire_timestamp_ms);
    return out.take();
}

std::string encode_value(const GroupMetadata& group, const std::map<std::string, std::string>& assignment) {
    Writer out;
    out.int16(kGroupValueVersion);
    out.string(group.protocol_type.value_or(""));
    out.int32(group.generation_id);
    out.nullable_string(group.protocol_name);
    out.nullable_string(group.leader_id);
    out.int64(group.current_state_timestamp_ms.value_or(-1));
    const auto members = group.members_in_order();
    out.int32(static_cast<int32_t>(members.size()));
    for (const MemberMetadata* member : members) {
        auto found = assignment.find(member->member_id);
        write_member(out, *member, group.protocol_name.value_or(""),
                     found == assignment.end() ? std::string_view() : std::string_view(found->second));
    }
    return out.take();
}

int16_t record_version(std::string_view bytes) { return Reader(bytes).int16(); }

std::optional<RecordKey> decode_key(std::string_view bytes) {
    Reader in(bytes);
    const int16_t version = in.int16();
    if (!in.ok() || version < 0 || version > kGroupKeyVersion) return std::nullopt;
    if (version == kGroupKeyVersion) {
        GroupKey key{in.string()};
        if (!in.ok()) return std::nullopt;
        return key;
    }
    OffsetKey key;
    key.group_id = in.string();
    key.partition.topic = TopicName(in.string());
    key.partition.partition = in.int32();
    if (!in.ok()) return std::nullopt;
    return key;
}

std::optional<OffsetAndMetadata> decode_offset_value(std::string_view bytes) {
    Reader in(bytes);
    const int16_t version = in.int16();
    if (version < 0 || version > kOffsetValueVersion) return std::nullopt;
    OffsetAndMetadata offset;
    offset.offset = in.int64();
    if (version >= 3) offset.leader_epoch = in.int32();
    offset.metadata = in.string();
    offset.commit_timestamp_ms = in.int64();
    if (version == kOffsetValueVersionWithExpiry) {
        const int64_t expires = in.int64();
        if (expires != -1) offset.expire_timestamp_ms = expires;
    }
    if (!in.ok()) return std::nullopt;
    return offset;
}

std::optional<GroupMetadata> decode_group_value(std::string_view group_id, std::string_view bytes) {
    Reader in(bytes);
    const int16_t version = in.int16();
    if (version < 0 || version > kGroupValueVersion) return std::nullopt;
    GroupMetadata group;
    group.group_id = std::string(group_id);
    std::string protocol_type = in.string();
    if (!protocol_type.empty()) group.protocol_type = protocol_type;
    group.generation_id = in.int32();
    group.protocol_name = in.nullable_string();
    group.leader_id = in.nullable_string();
    const int64_t changed_at = version >= 2 ? in.int64() : -1;
    if (changed_at != -1) group.current_state_timestamp_ms = changed_at;
    const int32_t count = in.int32();
    group.state = count > 0 ? State::Stable : State::Empty;
    for (int32_t i = 0; i < count && in.ok(); ++i) group.add(read_member(in, group, version));
    if (!in.ok()) return std::nullopt;
    group.subscribed_topics = group.compute_subscribed_topics();
    return group;
}

}  // namespace kafkasim::group
