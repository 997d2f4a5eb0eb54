// SPDX-License-Identifier: Apache-2.0
//
// A cheap, deterministic hash of the field types, for the generated hash_into of messages (which feeds the run's
// digest): in the manner of FNV-1a, over 64-bit words. The same content gives the same number in every build and on
// every machine of
// either byte order. Not for hash tables that peers could attack.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/base/ids.hpp"
#include "core/base/uuid.hpp"
#include "core/protocol/record_batch.hpp"

namespace kafkasim::protocol {

inline constexpr std::uint64_t kHashStart = 0xcbf29ce484222325;

// The shift brings high bits down, which FNV's multiplication alone never does.
inline void append_hash_word(std::uint64_t& h, std::uint64_t word) {
    h = (h ^ word) * 0x100000001b3;
    h ^= h >> 32;
}

void append_hash(std::uint64_t& h, std::string_view value);
void append_hash(std::uint64_t& h, const RecordBatches& value);

inline void append_hash(std::uint64_t& h, const std::string& value) { append_hash(h, std::string_view(value)); }
inline void append_hash(std::uint64_t& h, const TopicName& value) { append_hash(h, value.view()); }
inline void append_hash(std::uint64_t& h, BrokerId value) {
    append_hash_word(h, static_cast<std::uint64_t>(value.value));
}
inline void append_hash(std::uint64_t& h, ErrorCode value) { append_hash_word(h, static_cast<std::uint64_t>(value)); }
inline void append_hash(std::uint64_t& h, const Uuid& value) {
    append_hash_word(h, value.high);
    append_hash_word(h, value.low);
}

template <std::integral T>
void append_hash(std::uint64_t& h, T value) {
    append_hash_word(h, static_cast<std::uint64_t>(value));
}

template <typename T>
void append_hash(std::uint64_t& h, const std::vector<T>& values);
template <typename T>
void append_hash(std::uint64_t& h, const std::optional<T>& value);

// A generated struct.
template <typename T>
requires requires(std::uint64_t& h, const T& value) { hash_into(h, value); }
void append_hash(std::uint64_t& h, const T& value) { hash_into(h, value); }

template <typename T>
void append_hash(std::uint64_t& h, const std::vector<T>& values) {
    append_hash_word(h, values.size());
    for (const T& value : values) append_hash(h, value);
}

template <typename T>
void append_hash(std::uint64_t& h, const std::optional<T>& value) {
    append_hash_word(h, value ? 1 : 0);
    if (value) append_hash(h, *value);
}

}  // namespace kafkasim::protocol
