// SPDX-License-Identifier: Apache-2.0
#pragma once
// 128-bit identifiers: topic ids and the cluster id (printed as 22 characters of base64url) and the random part of
// member ids (printed in
// the 8-4-4-4-12 form). Kafka 3.0.0: org.apache.kafka.common.Uuid, java.util.UUID.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kafkasim {

struct Uuid {
    uint64_t high = 0;
    uint64_t low = 0;
    auto operator<=>(const Uuid&) const = default;

    bool is_zero() const { return high == 0 && low == 0; }
    /// 22 characters of base64url without padding: "2c7cvTC1QGKy2bu18revoA".
    std::string text() const;
    /// "25bc2367-49bc-4136-a3f3-7ad586c767dd"
    std::string hyphenated() const;
    /// Reads text(); nullopt if it is not 22 characters of base64url that name 16 bytes.
    static std::optional<Uuid> from_text(std::string_view text);
    /// A version 4 (random) UUID out of 128 random bits, as UUID.randomUUID makes it.
    static Uuid random_from(uint64_t high_bits, uint64_t low_bits);
};

}  // namespace kafkasim
