// SPDX-License-Identifier: Apache-2.0
#include "core/protocol/field_json.hpp"

#include <cstddef>

#include <fmt/format.h>

namespace kafkasim::protocol {
namespace {

// Bytes of the UTF-8 sequence at `at`, 0 if it is none. Overlong forms and surrogates count as none.
std::size_t utf8_length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || at + length > text.size()) return 0;
    std::uint32_t point = lead & (0xffu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xc0) != 0x80) return 0;
        point = (point << 6) | (byte(at + i) & 0x3fu);
    }
    static constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    return point < kSmallest[length] || point > 0x10ffff || surrogate ? 0 : length;
}

bool is_printable(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto c = static_cast<unsigned char>(text[at]);
        if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f) return false;
        const std::size_t length = utf8_length(text, at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

void append_escaped(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
    }
    out += c;
}

}  // namespace

void append_json(std::string& out, bool value) { out += value ? "true" : "false"; }

void append_json_number(std::string& out, std::int64_t value) {
    const fmt::format_int text(value);
    out.append(text.data(), text.size());
}

void append_json(std::string& out, std::string_view value) {
    out += '"';
    if (is_printable(value)) {
        for (const char c : value) append_escaped(out, c);
    } else {
        out += "0x";
        for (const char c : value) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
    }
    out += '"';
}

void append_json(std::string& out, const RecordBatches& value) {
    if (value.empty()) {
        out += "null";
        return;
    }
    out +=
        fmt::format(R"({{"batches":{},"records":{},"baseOffset":{},"lastOffset":{},"sizeInBytes":{}}})", value.size(),
                    value.record_count(), value.front().base_offset, value.back().last_offset(), value.size_in_bytes());
}

}  // namespace kafkasim::protocol
