// SPDX-License-Identifier: Apache-2.0
#pragma once
// A running 64-bit digest of a run: two runs that did the same have the same digest, in every build and on every
// machine. Bytes are
// combined by arithmetic, never read from memory as a number, so byte order does not matter. Not for secrets.
// Called by the trace for every event, and by tests.

#include <cstdint>
#include <string_view>

namespace kafkasim::sim {

class Digest {
public:
    constexpr void add(uint64_t value) {
        state_ = (state_ ^ value) * 0x9E3779B97F4A7C15ULL;
        state_ ^= state_ >> 29;
        state_ = state_ * 0xBF58476D1CE4E5B9ULL + 0x94D049BB133111EBULL;
        state_ ^= state_ >> 32;
    }

    /// The length is part of it: "ab", "c" differs from "a", "bc".
    constexpr void add(std::string_view text) {
        add(static_cast<uint64_t>(text.size()));
        uint64_t word = 0;
        unsigned bits = 0;
        for (const char c : text) {
            word |= static_cast<uint64_t>(static_cast<unsigned char>(c)) << bits;
            bits += 8;
            if (bits == 64) {
                add(word);
                word = 0;
                bits = 0;
            }
        }
        if (bits != 0) add(word);
    }

    constexpr uint64_t value() const { return state_; }
    bool operator==(const Digest&) const = default;

private:
    uint64_t state_ = 0xCBF29CE484222325ULL;
};

}  // namespace kafkasim::sim
