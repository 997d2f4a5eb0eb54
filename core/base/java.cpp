// SPDX-License-Identifier: Apache-2.0
#include "core/base/java.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

namespace kafkasim::java {

namespace {

/// One code point of UTF-8 at `index`, which moves on; a broken byte counts as itself.
uint32_t next_code_point(std::string_view text, size_t& index) {
    const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
    const uint8_t first = byte(index++);
    if (first < 0x80) return first;
    const size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    if (more == 0 || index + more > text.size()) return first;
    uint32_t point = first & (0x3fU >> more);
    for (size_t i = 0; i < more; ++i) point = (point << 6) | (byte(index++) & 0x3fU);
    return point;
}

uint32_t spread(int32_t hash) {
    const auto h = static_cast<uint32_t>(hash);
    return h ^ (h >> 16);
}

size_t table_size_for(size_t entries) {
    size_t capacity = 16;
    while (entries * 4 > capacity * 3) capacity *= 2;
    return capacity;
}

template <typename Key>
std::vector<size_t> ordered_by(size_t count, Key key) {
    std::vector<size_t> order(count);
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return key(a) < key(b); });
    return order;
}

/// scala.collection.Hashing.improve
uint32_t improve(int32_t hash) {
    auto h = static_cast<uint32_t>(hash);
    h += ~(h << 9);
    h ^= h >> 14;
    h += h << 4;
    h ^= h >> 10;
    return h;
}

/// One node of the trie: entries that are alone in their five bits come first, by those bits, then the nodes below,
/// by theirs.
void trie_order(std::vector<size_t> entries, const std::vector<uint32_t>& improved, uint32_t shift,
                std::vector<size_t>& out) {
    const auto slot = [&](size_t entry) { return (improved[entry] >> shift) & 31U; };
    std::stable_sort(entries.begin(), entries.end(), [&](size_t a, size_t b) { return slot(a) < slot(b); });
    std::vector<std::vector<size_t>> below;
    for (size_t i = 0; i < entries.size();) {
        size_t end = i + 1;
        while (end < entries.size() && slot(entries[end]) == slot(entries[i])) ++end;
        if (end - i == 1) {
            out.push_back(entries[i]);
        } else {
            below.emplace_back(entries.begin() + static_cast<std::ptrdiff_t>(i),
                               entries.begin() + static_cast<std::ptrdiff_t>(end));
        }
        i = end;
    }
    for (auto& node : below) {
        if (shift + 5 < 32) {
            trie_order(std::move(node), improved, shift + 5, out);
        } else {
            out.insert(out.end(), node.begin(), node.end());
        }
    }
}

}  // namespace

int32_t string_hash(std::string_view utf8) {
    uint32_t hash = 0;
    for (size_t i = 0; i < utf8.size();) {
        const uint32_t point = next_code_point(utf8, i);
        if (point >= 0x10000) {
            hash = hash * 31 + (0xd800 + ((point - 0x10000) >> 10));
            hash = hash * 31 + (0xdc00 + ((point - 0x10000) & 0x3ff));
        } else {
            hash = hash * 31 + point;
        }
    }
    return static_cast<int32_t>(hash);
}

int32_t hash(const TopicPartition& tp) {
    const uint32_t partition = static_cast<uint32_t>(tp.partition) + 31;
    return static_cast<int32_t>(partition * 31 + static_cast<uint32_t>(string_hash(tp.topic.view())));
}

int32_t murmur2(std::string_view bytes) {
    constexpr uint32_t kSeed = 0x9747b28c;
    constexpr uint32_t kMultiplier = 0x5bd1e995;
    const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(bytes[i])); };
    const size_t length = bytes.size();
    uint32_t h = kSeed ^ static_cast<uint32_t>(length);
    for (size_t i = 0; i + 4 <= length; i += 4) {
        uint32_t k = byte(i) | (byte(i + 1) << 8) | (byte(i + 2) << 16) | (byte(i + 3) << 24);
        k *= kMultiplier;
        k ^= k >> 24;
        h = (h * kMultiplier) ^ (k * kMultiplier);
    }
    const size_t rest = length & ~size_t{3};
    if (length % 4 == 3) h ^= byte(rest + 2) << 16;
    if (length % 4 >= 2) h ^= byte(rest + 1) << 8;
    if (length % 4 >= 1) h = (h ^ byte(rest)) * kMultiplier;
    h ^= h >> 13;
    h *= kMultiplier;
    h ^= h >> 15;
    return static_cast<int32_t>(h);
}

int32_t abs(int32_t value) {
    if (value == std::numeric_limits<int32_t>::min()) return 0;
    return value < 0 ? -value : value;
}

int32_t partition_for_key(std::string_view key, int32_t partitions) { return (murmur2(key) & 0x7fffffff) % partitions; }

int32_t partition_for_group(std::string_view group_id, int32_t partitions) {
    return abs(string_hash(group_id)) % partitions;
}

std::vector<size_t> hash_map_order(const std::vector<int32_t>& hashes, size_t capacity) {
    const auto mask = static_cast<uint32_t>((capacity == 0 ? table_size_for(hashes.size()) : capacity) - 1);
    return ordered_by(hashes.size(), [&](size_t i) { return spread(hashes[i]) & mask; });
}

size_t presized_capacity(size_t n) {
    size_t capacity = 1;
    while (capacity * 3 < n * 4) capacity *= 2;
    return capacity;
}

std::vector<size_t> scala_mutable_order(const std::vector<int32_t>& hashes) {
    size_t capacity = 16;
    while (hashes.size() * 4 >= capacity * 3) capacity *= 2;  // grows when the 12th of 16 is in
    const auto mask = static_cast<uint32_t>(capacity - 1);
    return ordered_by(hashes.size(), [&](size_t i) {
        return std::tuple(spread(hashes[i]) & mask, static_cast<int32_t>(spread(hashes[i])));
    });
}

std::vector<size_t> scala_immutable_order(const std::vector<int32_t>& hashes) {
    std::vector<size_t> entries(hashes.size());
    std::iota(entries.begin(), entries.end(), size_t{0});
    if (hashes.size() <= 4) return entries;
    std::vector<uint32_t> improved;
    improved.reserve(hashes.size());
    for (int32_t hash : hashes) improved.push_back(improve(hash));
    std::vector<size_t> order;
    trie_order(std::move(entries), improved, 0, order);
    return order;
}

}  // namespace kafkasim::java
