// SPDX-License-Identifier: Apache-2.0
#include "core/base/random.hpp"

#include <bit>

namespace kafkasim {

namespace {

/// FNV-1a, 64 bits: a stream's name becomes a number by bytes only, so it is the same on every machine.
uint64_t hash_of(std::string_view name) {
    uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    return hash;
}

}  // namespace

Prng::Prng(uint64_t seed) : state_{} {
    for (uint64_t& word : state_) {
        word = splitmix64(seed);
        seed += 0x9E3779B97F4A7C15ULL;
    }
}

uint64_t Prng::next() {
    const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

uint64_t Prng::below(uint64_t bound) {
    if (bound == 0) bound = 1;
    // The lowest 2^64 mod bound values are refused, so that every remainder has equally many values behind it.
    const uint64_t refused = (0 - bound) % bound;
    uint64_t value = next();
    while (value < refused) value = next();
    return value % bound;
}

int64_t Prng::between(int64_t low, int64_t high) {
    if (high <= low) high = low;
    const uint64_t width = static_cast<uint64_t>(high) - static_cast<uint64_t>(low) + 1;
    const uint64_t offset = width == 0 ? next() : below(width);  // width 0: all 2^64 values
    return static_cast<int64_t>(static_cast<uint64_t>(low) + offset);
}

bool Prng::chance(uint64_t numerator, uint64_t denominator) { return below(denominator) < numerator; }

Prng stream(uint64_t seed, std::string_view name) { return Prng(splitmix64(seed) ^ splitmix64(hash_of(name))); }

Prng stream(uint64_t seed, std::string_view name, uint64_t index) {
    return Prng(splitmix64(seed) ^ splitmix64(hash_of(name) + splitmix64(index)));
}

}  // namespace kafkasim
