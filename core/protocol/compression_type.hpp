// SPDX-License-Identifier: Apache-2.0
//
// The codecs of record batches: the lowest bits of a batch's attributes.
// Kafka 3.0.0: org.apache.kafka.common.record.CompressionType.
// Simplified: nothing is compressed, a batch has the size of its uncompressed form.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/protocol/record_batch.hpp"

namespace kafkasim::protocol {

enum class CompressionType : std::int8_t { None = 0, Gzip, Snappy, Lz4, Zstd };

inline constexpr std::array<std::string_view, 5> kCompressionNames{"none", "gzip", "snappy", "lz4", "zstd"};

constexpr std::string_view name_of(CompressionType type) { return kCompressionNames[static_cast<std::size_t>(type)]; }

/// nullopt for a name that no codec has; capitals count.
constexpr std::optional<CompressionType> compression_for_name(std::string_view name) {
    for (std::size_t i = 0; i < kCompressionNames.size(); ++i) {
        if (kCompressionNames[i] == name) return static_cast<CompressionType>(i);
    }
    return std::nullopt;
}

/// None also for the three numbers that mean nothing.
inline CompressionType compression_of(const RecordBatch& batch) {
    const int type = batch.attributes & RecordBatch::kCompressionMask;
    return type < 5 ? static_cast<CompressionType>(type) : CompressionType::None;
}

inline void set_compression(RecordBatch& batch, CompressionType type) {
    const int others = batch.attributes & ~RecordBatch::kCompressionMask;
    batch.attributes = static_cast<std::int16_t>(others | static_cast<int>(type));
}

}  // namespace kafkasim::protocol
