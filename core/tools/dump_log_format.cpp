// SPDX-License-Identifier: Apache-2.0

#include "core/tools/dump_log_format.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/group/offset_records.hpp"
#include "core/log/producer_snapshot.hpp"
#include "core/protocol/consumer_protocol.hpp"
#include "core/protocol/record_batch_wire.hpp"

namespace kafkasim::tools {
namespace {

using protocol::Record;
using protocol::RecordBatch;

constexpr std::string_view kTombstone = "<DELETE>";

std::string_view time_type(const RecordBatch& batch) {
    return batch.is_log_append_time() ? "LogAppendTime" : "CreateTime";
}

std::string_view codec_name(const RecordBatch& batch) {
    constexpr std::string_view kNames[] = {"none", "gzip", "snappy", "lz4", "zstd"};
    const int codec = batch.attributes & RecordBatch::kCompressionMask;
    return codec < 5 ? kNames[codec] : "unknown";
}

int32_t sequence_at(const RecordBatch& batch, int32_t delta) {
    return batch.base_sequence == log::kNoSequence ? log::kNoSequence
                                                   : log::increment_sequence(batch.base_sequence, delta);
}

int64_t size_of(const std::optional<std::string>& text) { return text ? static_cast<int64_t>(text->size()) : -1; }

std::string json_text(std::string_view text) {
    std::string quoted = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

std::string hex(std::string_view bytes) {
    std::string text;
    for (char c : bytes) text += fmt::format("{:02X}", static_cast<uint8_t>(c));
    return text;
}

std::string assignment_text(const group::MemberMetadata& member, bool is_consumer) {
    const auto assignment = protocol::decode_assignment(member.assignment);
    if (!is_consumer || !assignment) return fmt::format("{}={}", member.member_id, hex(member.assignment));
    std::string partitions;
    for (const TopicPartition& tp : protocol::partitions_of(*assignment))
        partitions += (partitions.empty() ? "" : ", ") + to_string(tp);
    const std::string user_data = assignment->user_data ? hex(*assignment->user_data) : "";
    return fmt::format("{}=[{}]{}{}", member.member_id, partitions, user_data.empty() ? "" : ":", user_data);
}

std::string group_text(const group::GroupMetadata& group) {
    std::string assignments;
    for (const auto& [id, member] : group.members) {
        assignments += (assignments.empty() ? "" : ",") +
                       assignment_text(member, group.protocol_type == std::string_view("consumer"));
    }
    return fmt::format(R"({{"protocolType":{},"protocol":{},"generationId":{},"assignment":{}}})",
                       json_text(group.protocol_type.value_or("")),
                       group.protocol_name ? json_text(*group.protocol_name) : "null", group.generation_id,
                       json_text("{" + assignments + "}"));
}

/// The batch at a position of the file, as far as the file reaches.
const RecordBatch* batch_at(const std::vector<RecordBatch>& log, int64_t position) {
    int64_t at = 0;
    for (const RecordBatch& batch : log) {
        if (at >= position) return &batch;
        at += batch.size_in_bytes();
    }
    return nullptr;
}

}  // namespace

std::string batch_line(const RecordBatch& batch, int64_t position) {
    return fmt::format(
        "baseOffset: {} lastOffset: {} count: {} baseSequence: {} lastSequence: {} producerId: {} producerEpoch: {} "
        "partitionLeaderEpoch: {} isTransactional: {} isControl: {} position: {} {}: {} size: {} magic: 2 "
        "compresscodec: {} crc: {} isvalid: true",
        batch.base_offset, batch.last_offset(), batch.record_count(), batch.base_sequence,
        sequence_at(batch, batch.last_offset_delta), batch.producer_id, batch.producer_epoch,
        batch.partition_leader_epoch, batch.is_transactional(), batch.is_control(), position, time_type(batch),
        batch.max_timestamp_ms, batch.size_in_bytes(), codec_name(batch),
        log::crc32c(protocol::checksummed_bytes(batch)));
}

std::string record_metadata(const RecordBatch& batch, const Record& record) {
    std::string headers;
    for (const Record::Header& header : record.headers) headers += (headers.empty() ? "" : ",") + header.key;
    return fmt::format("| offset: {} {}: {} keySize: {} valueSize: {} sequence: {} headerKeys: [{}]",
                       batch.offset_of(record), time_type(batch), batch.timestamp_ms_of(record), size_of(record.key),
                       size_of(record.value), sequence_at(batch, record.offset_delta), headers);
}

std::string producer_line(int64_t producer_id, const log::ProducerStateEntry& entry) {
    std::string line = fmt::format("producerId: {} producerEpoch: {} coordinatorEpoch: {} currentTxnFirstOffset: None ",
                                   producer_id, entry.producer_epoch, entry.coordinator_epoch);
    if (entry.batches.empty()) return line;
    const log::BatchMetadata& batch = entry.batches.front();
    return line + fmt::format("firstSequence: {} lastSequence: {} lastOffset: {} offsetDelta: {} timestamp: {}",
                              batch.first_sequence(), batch.last_sequence, batch.last_offset, batch.offset_delta,
                              batch.timestamp);
}

std::optional<Decoder> decoder_of_class(std::string_view class_name) {
    if (class_name == "kafka.serializer.StringDecoder") return Decoder::String;
    if (class_name == "kafka.serializer.DefaultDecoder") return Decoder::Bytes;
    if (class_name == "kafka.serializer.LongDecoder") return Decoder::Long;
    if (class_name == "kafka.serializer.IntegerDecoder") return Decoder::Integer;
    return std::nullopt;
}

Result<std::string> decoded_text(Decoder decoder, const std::string& bytes) {
    size_t width = 0;
    switch (decoder) {
        case Decoder::String:
            return bytes;
        case Decoder::Bytes:
            return std::string("[B@0");
        case Decoder::Long:
            width = 8;
            break;
        case Decoder::Integer:
            width = 4;
            break;
    }
    if (bytes.size() < width) return Error{"java.nio.BufferUnderflowException"};
    uint64_t number = width == 4 && (bytes.front() & 0x80) != 0 ? ~uint64_t{0} : 0;
    for (size_t i = 0; i < width; ++i) number = number << 8 | static_cast<uint8_t>(bytes[i]);
    return fmt::format("{}", static_cast<int64_t>(number));
}

Result<Decoded> decode_record(const Record& record, Decoder key, Decoder value) {
    Decoded decoded;
    if (record.key) {
        auto text = decoded_text(key, *record.key);
        if (!text) return Error{text.error()};
        decoded.key = std::move(text).value();
    }
    if (record.value) {
        auto text = decoded_text(value, *record.value);
        if (!text) return Error{text.error()};
        decoded.payload = std::move(text).value();
    }
    return decoded;
}

Result<Decoded> decode_offsets_record(const Record& record) {
    if (!record.key)
        return Error{
            "org.apache.kafka.common.KafkaException: Failed to decode message using offset topic decoder (message had "
            "a missing key)"};
    const auto key = group::decode_key(*record.key);
    if (!key) return Error{"java.nio.BufferUnderflowException"};
    Decoded decoded;
    decoded.payload = std::string(kTombstone);
    if (const auto* of_offset = std::get_if<group::OffsetKey>(&*key)) {
        decoded.key =
            fmt::format("offset_commit::group={},partition={}", of_offset->group_id, to_string(of_offset->partition));
        const auto offset = record.value ? group::decode_offset_value(*record.value) : std::nullopt;
        if (offset && offset->metadata.empty()) decoded.payload = fmt::format("offset={}", offset->offset);
        if (offset && !offset->metadata.empty())
            decoded.payload = fmt::format("offset={},metadata={}", offset->offset, offset->metadata);
        return decoded;
    }
    const std::string& group_id = std::get_if<group::GroupKey>(&*key)->group_id;
    decoded.key = fmt::format("group_metadata::group={}", group_id);
    const auto group = record.value ? group::decode_group_value(group_id, *record.value) : std::nullopt;
    if (group) decoded.payload = group_text(*group);
    return decoded;
}

IndexDump dump_offset_index(const std::vector<log::OffsetEntry>& index, const std::vector<RecordBatch>& log,
                            int64_t base_offset, bool preallocated) {
    IndexDump dump;
    std::vector<log::OffsetEntry> entries = index;
    if (preallocated) entries.push_back({base_offset, 0});
    for (size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].offset == base_offset && i > 0) break;
        const RecordBatch* batch = batch_at(log, entries[i].position);
        if (!batch) {
            dump.beyond_log = true;
            break;
        }
        if (batch->last_offset() != entries[i].offset)
            dump.mismatches.insert(dump.mismatches.begin(), {entries[i].offset, batch->last_offset()});
        dump.text += fmt::format("offset: {} position: {}\n", entries[i].offset, entries[i].position);
    }
    return dump;
}

IndexDump dump_time_index(const std::vector<log::TimeEntry>& index, const std::vector<log::OffsetEntry>& offset_index,
                          const std::vector<RecordBatch>& log, int64_t base_offset, bool preallocated) {
    IndexDump dump;
    std::vector<log::TimeEntry> entries = index;
    if (preallocated) entries.push_back({0, base_offset});
    int64_t previous = -1;
    for (size_t i = 0; i < entries.size(); ++i) {
        const log::TimeEntry& entry = entries[i];
        if (entry.offset == base_offset && i > 0) break;
        const int32_t position = log::lookup(offset_index, entry.offset);
        int64_t at = 0;
        const RecordBatch* batch = nullptr;
        for (const RecordBatch& each : log) {
            if (!batch && at >= position && each.last_offset() >= entry.offset) batch = &each;
            at += each.size_in_bytes();
        }
        if (!batch || batch->last_offset() != entry.offset) {
            dump.not_found.insert(dump.not_found.begin(), {entry.offset, batch ? batch->last_offset() : -1});
        } else {
            int64_t greatest = -1;
            for (const Record& record : batch->records()) greatest = std::max(greatest, batch->timestamp_ms_of(record));
            if (greatest != entry.timestamp)
                dump.timestamp_mismatches.insert(dump.timestamp_mismatches.begin(), {entry.timestamp, greatest});
            if (previous >= entry.timestamp)
                dump.out_of_order.insert(dump.out_of_order.begin(), {entry.timestamp, previous});
        }
        dump.text += fmt::format("timestamp: {} offset: {}\n", entry.timestamp, entry.offset);
        previous = entry.timestamp;
    }
    return dump;
}

}  // namespace kafkasim::tools
