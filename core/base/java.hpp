// SPDX-License-Identifier: Apache-2.0
#pragma once
// What Java and Scala do with hashes, because it shows: which partition a key or a group falls on and the order in
// which hash maps are
// printed. All arithmetic wraps at 32 bits as in the JVM. Pure functions; text is UTF-8 here and UTF-16 there.
//
// Kafka 3.0.0: org.apache.kafka.common.utils.Utils (murmur2, toPositive, abs), java.lang.String.hashCode,
// java.util.HashMap (order),
// scala.collection.immutable.HashMap (order from five entries on), scala.collection.mutable.HashMap (order).

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"

namespace kafkasim::java {

/// String.hashCode: h = 31*h + c over UTF-16 units.
int32_t string_hash(std::string_view utf8);
/// TopicPartition.hashCode: 31*(31+partition) + topic.hashCode.
int32_t hash(const TopicPartition& tp);
/// Utils.murmur2 of the bytes.
int32_t murmur2(std::string_view bytes);
/// Utils.abs: arithmetic absolute value, 0 for Integer.MIN_VALUE.
int32_t abs(int32_t value);
/// The partition of a record with a key: (murmur2(key) & 0x7fffffff) % partitions.
int32_t partition_for_key(std::string_view key, int32_t partitions);
/// The partition of __consumer_offsets that holds a group: abs(hashCode) % partitions.
int32_t partition_for_group(std::string_view group_id, int32_t partitions);

/// The order in which a java.util.HashMap that received entries with these hash codes in this order iterates:
/// indexes into `hashes`.
/// `capacity` is the table's size when it is not the one that the number of entries gives (16, doubled above 3/4).
std::vector<size_t> hash_map_order(const std::vector<int32_t>& hashes, size_t capacity = 0);
/// The order of a HashMap presized as `new HashMap(collection)` does: smallest power of two >= n / 0.75 + 1 ...
/// given `n` entries.
size_t presized_capacity(size_t n);
/// The same for a scala.collection.mutable.HashMap: same buckets; inside a bucket ascending by spread hash.
std::vector<size_t> scala_mutable_order(const std::vector<int32_t>& hashes);
/// The same for a scala.collection.immutable.HashMap (5 entries and more; up to 4 keep the order of insertion).
std::vector<size_t> scala_immutable_order(const std::vector<int32_t>& hashes);

}  // namespace kafkasim::java
