// SPDX-License-Identifier: Apache-2.0
#include "core/protocol/record_batch_wire.hpp"

#include "core/protocol/varint.hpp"

namespace kafkasim::protocol {

namespace {

template <typename Number>
void put(std::string& bytes, Number value) {
    const auto bits = static_cast<std::uint64_t>(value);
    for (int shift = 8 * (static_cast<int>(sizeof(Number)) - 1); shift >= 0; shift -= 8)
        bytes.push_back(static_cast<char>(bits >> shift));
}

void put_varint(std::string& bytes, std::int64_t value) {
    std::uint64_t rest = zigzag(value);
    for (; rest >= 0x80; rest >>= 7) bytes.push_back(static_cast<char>((rest & 0x7f) | 0x80));
    bytes.push_back(static_cast<char>(rest));
}

void put_text(std::string& bytes, const std::string& text) {
    put_varint(bytes, static_cast<std::int64_t>(text.size()));
    bytes += text;
}

void put_text(std::string& bytes, const std::optional<std::string>& text) {
    if (text) return put_text(bytes, *text);
    put_varint(bytes, -1);
}

void put_record(std::string& bytes, const Record& record) {
    std::string body(1, '\0');  // attributes
    put_varint(body, record.timestamp_delta);
    put_varint(body, record.offset_delta);
    put_text(body, record.key);
    put_text(body, record.value);
    put_varint(body, static_cast<std::int64_t>(record.headers.size()));
    for (const Record::Header& header : record.headers) {
        put_text(body, header.key);
        put_text(body, header.value);
    }
    put_text(bytes, body);
}

}  // namespace

std::string checksummed_bytes(const RecordBatch& batch) {
    std::string bytes;
    put(bytes, batch.attributes);
    put(bytes, batch.last_offset_delta);
    put(bytes, batch.base_timestamp_ms);
    put(bytes, batch.max_timestamp_ms);
    put(bytes, batch.producer_id);
    put(bytes, batch.producer_epoch);
    put(bytes, batch.base_sequence);
    put(bytes, batch.record_count());
    for (const Record& record : batch.records()) put_record(bytes, record);
    return bytes;
}

}  // namespace kafkasim::protocol
