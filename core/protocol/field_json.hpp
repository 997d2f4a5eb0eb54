// SPDX-License-Identifier: Apache-2.0
//
// JSON text of the field types, for the generated JSON views of messages (which traces show). Text is UTF-8 as it is;
// bytes that are not printable text become "0x..."; record data becomes a short summary; an error code its number, as
// in Kafka's own JSON. Absent values are null.
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

void append_json(std::string& out, bool value);
void append_json_number(std::string& out, std::int64_t value);
void append_json(std::string& out, std::string_view value);
void append_json(std::string& out, const RecordBatches& value);

inline void append_json(std::string& out, const std::string& value) { append_json(out, std::string_view(value)); }
inline void append_json(std::string& out, const TopicName& value) { append_json(out, value.view()); }
inline void append_json(std::string& out, BrokerId value) { append_json_number(out, value.value); }
inline void append_json(std::string& out, ErrorCode value) { append_json_number(out, number_of(value)); }
inline void append_json(std::string& out, const Uuid& value) { append_json(out, value.text()); }

template <std::integral T>
requires(!std::same_as<T, bool>) void append_json(std::string& out, T value) { append_json_number(out, value); }

template <typename T>
void append_json(std::string& out, const std::vector<T>& values);
template <typename T>
void append_json(std::string& out, const std::optional<T>& value);

// A generated struct.
template <typename T>
requires requires(std::string& out, const T& value) { to_json_text(out, value); }
void append_json(std::string& out, const T& value) { to_json_text(out, value); }

template <typename T>
void append_json(std::string& out, const std::vector<T>& values) {
    out += '[';
    bool first = true;
    for (const T& value : values) {
        if (!first) out += ',';
        first = false;
        append_json(out, value);
    }
    out += ']';
}

template <typename T>
void append_json(std::string& out, const std::optional<T>& value) {
    if (value) {
        append_json(out, *value);
    } else {
        out += "null";
    }
}

}  // namespace kafkasim::protocol
