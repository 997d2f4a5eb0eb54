// SPDX-License-Identifier: Apache-2.0
//
// How many bytes Kafka's variable-length integers take: unsigned in flexible message versions, zigzag inside records.
// Called by what needs exact wire sizes (batch sizes, fetch limits, segment sizes).
//
// Kafka 3.0.0: org.apache.kafka.common.utils.ByteUtils (sizeOfUnsignedVarint, sizeOfVarint, sizeOfVarlong).
#pragma once

#include <cstdint>

namespace kafkasim::protocol {

constexpr int unsigned_varint_size(std::uint64_t value) {
    int size = 1;
    for (; value >= 0x80; value >>= 7) ++size;
    return size;
}

constexpr std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

// For int32 and int64 alike: the zigzag form of a 32-bit value has the same bits in both widths.
constexpr int varint_size(std::int64_t value) { return unsigned_varint_size(zigzag(value)); }

}  // namespace kafkasim::protocol
