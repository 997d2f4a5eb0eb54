// SPDX-License-Identifier: Apache-2.0

#include "core/tools/java_charset.hpp"

#include <array>
#include <cstdint>

namespace kafkasim::tools {
namespace {

constexpr uint32_t kReplacement = 0xFFFD;

void append_utf8(std::string& out, uint32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0U | (c >> 6U));
        out += static_cast<char>(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0U | (c >> 12U));
        out += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (c & 0x3FU));
    } else {
        out += static_cast<char>(0xF0U | (c >> 18U));
        out += static_cast<char>(0x80U | ((c >> 12U) & 0x3FU));
        out += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
        out += static_cast<char>(0x80U | (c & 0x3FU));
    }
}

/// What a first byte of UTF-8 asks of those after it; size 0: it is none.
struct Lead {
    size_t size = 0;
    uint32_t bits = 0;
    uint8_t lowest = 0x80;  // of the second byte
    uint8_t highest = 0xBF;
};
Lead lead_of(uint8_t byte) {
    if (byte < 0x80) return {1, byte};
    if (byte >= 0xC2 && byte <= 0xDF) return {2, byte & 0x1FU};
    if (byte == 0xE0) return {3, 0, 0xA0, 0xBF};
    if (byte >= 0xE1 && byte <= 0xEF) return {3, byte & 0x0FU};
    if (byte == 0xF0) return {4, 0, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3) return {4, byte & 0x07U};
    if (byte == 0xF4) return {4, 4, 0x80, 0x8F};
    return {};
}

std::string from_utf8(std::string_view bytes) {
    std::string out;
    for (size_t at = 0; at < bytes.size();) {
        const Lead lead = lead_of(static_cast<uint8_t>(bytes[at]));
        uint32_t c = lead.bits;
        size_t taken = 1;
        while (taken < lead.size && at + taken < bytes.size()) {
            const auto byte = static_cast<uint8_t>(bytes[at + taken]);
            const bool fits = taken == 1 ? byte >= lead.lowest && byte <= lead.highest : (byte & 0xC0U) == 0x80;
            if (!fits) break;
            c = (c << 6U) | (byte & 0x3FU);
            ++taken;
        }
        const bool complete = lead.size != 0 && taken == lead.size;
        const bool surrogate = complete && c >= 0xD800 && c <= 0xDFFF;  // three bytes, one replacement
        append_utf8(out, complete && !surrogate ? c : kReplacement);
        at += taken;
    }
    return out;
}

std::string from_utf16(std::string_view bytes, bool big_endian, bool has_mark) {
    auto unit = [&](size_t at) {
        const auto first = static_cast<uint8_t>(bytes[at]), second = static_cast<uint8_t>(bytes[at + 1]);
        return static_cast<uint32_t>(big_endian ? first << 8U | second : second << 8U | first);
    };
    size_t at = 0;
    if (has_mark && bytes.size() >= 2) {
        const uint32_t mark = unit(0);
        if (mark == 0xFFFE) big_endian = !big_endian;
        if (mark == 0xFFFE || mark == 0xFEFF) at = 2;
    }
    std::string out;
    for (; at + 1 < bytes.size(); at += 2) {
        uint32_t c = unit(at);
        const bool high = c >= 0xD800 && c <= 0xDBFF;
        const uint32_t next = high && at + 3 < bytes.size() ? unit(at + 2) : 0;
        if (next >= 0xDC00 && next <= 0xDFFF) {
            c = 0x10000 + ((c - 0xD800) << 10U) + (next - 0xDC00);
            at += 2;
        } else if (c >= 0xD800 && c <= 0xDFFF) {
            c = kReplacement;
        }
        append_utf8(out, c);
    }
    if (at < bytes.size()) append_utf8(out, kReplacement);
    return out;
}

std::string from_single_bytes(std::string_view bytes, uint8_t highest) {
    std::string out;
    for (char c : bytes) append_utf8(out, static_cast<uint8_t>(c) > highest ? kReplacement : static_cast<uint8_t>(c));
    return out;
}

std::string in_upper_case(std::string_view text) {
    std::string upper(text);
    for (char& c : upper) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return upper;
}

}  // namespace

std::optional<std::string> java_decoded(std::string_view bytes, std::string_view charset) {
    const std::string name = in_upper_case(charset);
    if (name == "UTF-8" || name == "UTF8") return from_utf8(bytes);
    if (name == "UTF-16" || name == "UTF16") return from_utf16(bytes, true, true);
    if (name == "UTF-16BE") return from_utf16(bytes, true, false);
    if (name == "UTF-16LE") return from_utf16(bytes, false, false);
    if (name == "ISO-8859-1" || name == "ISO8859_1" || name == "LATIN1") return from_single_bytes(bytes, 0xFF);
    if (name == "US-ASCII" || name == "ASCII") return from_single_bytes(bytes, 0x7F);
    return std::nullopt;
}

}  // namespace kafkasim::tools
