// SPDX-License-Identifier: Apache-2.0
#include "core/protocol/field_hash.hpp"

#include <algorithm>
#include <cstddef>

namespace kafkasim::protocol {
namespace {

void append_record(std::uint64_t& h, const Record& record) {
    append_hash(h, record.timestamp_delta);
    append_hash(h, record.offset_delta);
    append_hash(h, record.key);
    append_hash(h, record.value);
    for (const auto& header : record.headers) {
        append_hash(h, header.key);
        append_hash(h, header.value);
    }
}

void append_batch(std::uint64_t& h, const RecordBatch& batch) {
    append_hash(h, batch.base_offset);
    append_hash(h, batch.partition_leader_epoch);
    append_hash(h, batch.last_offset_delta);
    append_hash(h, batch.attributes);
    append_hash(h, batch.base_timestamp_ms);
    append_hash(h, batch.max_timestamp_ms);
    append_hash(h, batch.producer_id);
    append_hash(h, batch.producer_epoch);
    append_hash(h, batch.base_sequence);
    for (const Record& record : batch.records()) append_record(h, record);
}

}  // namespace

// Eight bytes a step, low byte first; the length keeps "a" + "b" apart from "ab".
void append_hash(std::uint64_t& h, std::string_view value) {
    append_hash_word(h, value.size());
    for (std::size_t at = 0; at < value.size(); at += 8) {
        std::uint64_t word = 0;
        const std::size_t count = std::min<std::size_t>(8, value.size() - at);
        for (std::size_t i = 0; i < count; ++i) {
            word |= static_cast<std::uint64_t>(static_cast<unsigned char>(value[at + i])) << (8 * i);
        }
        append_hash_word(h, word);
    }
}

void append_hash(std::uint64_t& h, const RecordBatches& value) {
    append_hash_word(h, value.size());
    for (const RecordBatch& batch : value) append_batch(h, batch);
}

}  // namespace kafkasim::protocol
