// SPDX-License-Identifier: Apache-2.0
#include "core/log/producer_snapshot.hpp"

#include <fmt/format.h>

#include <type_traits>

namespace kafkasim::log {

namespace {

constexpr int16_t kVersion = 1;
constexpr size_t kEntriesAt = 6;  // behind version and CRC

template <typename Integer>
void put(std::string& out, Integer value) {
    const auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
    for (size_t i = sizeof(Integer); i-- > 0;) out += static_cast<char>((bits >> (8 * i)) & 0xff);
}

/// Reads numbers one after another; `good` turns false at the end of the text.
struct Reader {
    std::string_view rest;
    bool good = true;

    template <typename Integer>
    Integer take() {
        if (rest.size() < sizeof(Integer)) {
            good = false;
            return 0;
        }
        uint64_t bits = 0;
        for (size_t i = 0; i < sizeof(Integer); ++i) bits = bits << 8 | static_cast<unsigned char>(rest[i]);
        rest.remove_prefix(sizeof(Integer));
        return static_cast<Integer>(bits);
    }
};

}  // namespace

uint32_t crc32c(std::string_view bytes) {
    constexpr uint32_t kReversedPolynomial = 0x82f63b78;
    uint32_t crc = 0xffffffff;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kReversedPolynomial : 0);
    }
    return crc ^ 0xffffffff;
}

std::string encode_producer_snapshot(const std::map<int64_t, ProducerStateEntry>& producers) {
    constexpr int64_t kNoTransaction = -1;
    std::string entries;
    put(entries, static_cast<int32_t>(producers.size()));
    for (const auto& [id, entry] : producers) {
        put(entries, id);
        put(entries, entry.producer_epoch);
        put(entries, entry.last_sequence());
        put(entries, entry.last_data_offset());
        put(entries, entry.last_offset_delta());
        put(entries, entry.last_timestamp);
        put(entries, entry.coordinator_epoch);
        put(entries, kNoTransaction);
    }
    std::string bytes;
    put(bytes, kVersion);
    put(bytes, crc32c(entries));
    return bytes + entries;
}

Result<std::map<int64_t, ProducerStateEntry>> decode_producer_snapshot(std::string_view bytes) {
    Reader reader{bytes};
    const auto version = reader.take<int16_t>();
    const auto crc = reader.take<uint32_t>();
    const auto count = reader.take<int32_t>();
    if (!reader.good) return Error{"Snapshot failed schema validation: the file is too short"};
    if (version != kVersion) return Error{fmt::format("Snapshot contained an unknown file version {}", version)};
    const uint32_t computed = crc32c(bytes.substr(kEntriesAt));
    if (crc != computed) {
        return Error{fmt::format("Snapshot is corrupt (CRC is no longer valid). Stored crc: {}. Computed crc: {}", crc,
                                 computed)};
    }
    std::map<int64_t, ProducerStateEntry> producers;
    for (int32_t i = 0; i < count && reader.good; ++i) {
        const auto id = reader.take<int64_t>();
        ProducerStateEntry entry;
        BatchMetadata batch;
        entry.producer_epoch = reader.take<int16_t>();
        batch.last_sequence = reader.take<int32_t>();
        batch.last_offset = reader.take<int64_t>();
        batch.offset_delta = reader.take<int32_t>();
        batch.timestamp = entry.last_timestamp = reader.take<int64_t>();
        entry.coordinator_epoch = reader.take<int32_t>();
        reader.take<int64_t>();  // the first offset of a transaction
        if (batch.last_offset >= 0) entry.batches.push_back(batch);
        producers[id] = entry;
    }
    if (!reader.good) return Error{"Snapshot failed schema validation: the file is too short"};
    return producers;
}

}  // namespace kafkasim::log
