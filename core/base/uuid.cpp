// SPDX-License-Identifier: Apache-2.0
#include "core/base/uuid.hpp"

#include <array>

namespace kafkasim {

namespace {
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHex = "0123456789abcdef";
constexpr size_t kTextLength = 22;

uint8_t byte_of(const Uuid& id, size_t index) {
    const uint64_t half = index < 8 ? id.high : id.low;
    return static_cast<uint8_t>(half >> (8 * (7 - index % 8)));
}
}  // namespace

std::string Uuid::text() const {
    std::string out;
    out.reserve(kTextLength);
    uint32_t bits = 0;
    int count = 0;
    for (size_t i = 0; i < 16; ++i) {
        bits = (bits << 8) | byte_of(*this, i);
        for (count += 8; count >= 6; count -= 6) out += kAlphabet[(bits >> (count - 6)) & 63];
    }
    out += kAlphabet[(bits << (6 - count)) & 63];
    return out;
}

std::string Uuid::hyphenated() const {
    std::string out;
    out.reserve(36);
    for (size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        const uint8_t byte = byte_of(*this, i);
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
    return out;
}

std::optional<Uuid> Uuid::from_text(std::string_view text) {
    if (text.size() != kTextLength) return std::nullopt;
    std::array<uint8_t, 16> bytes{};
    uint32_t bits = 0;
    int count = 0;
    size_t filled = 0;
    for (char c : text) {
        const size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = (bits << 6) | static_cast<uint32_t>(value);
        count += 6;
        if (count >= 8 && filled < bytes.size()) {
            count -= 8;
            bytes[filled++] = static_cast<uint8_t>(bits >> count);
        }
    }
    Uuid id;
    for (size_t i = 0; i < 8; ++i) id.high = (id.high << 8) | bytes[i];
    for (size_t i = 8; i < 16; ++i) id.low = (id.low << 8) | bytes[i];
    return id;
}

Uuid Uuid::random_from(uint64_t high_bits, uint64_t low_bits) {
    return Uuid{(high_bits & ~0xf000ULL) | 0x4000ULL, (low_bits & ~(3ULL << 62)) | (2ULL << 62)};
}

}  // namespace kafkasim
