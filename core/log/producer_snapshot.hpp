// SPDX-License-Identifier: Apache-2.0
#pragma once
// The bytes of a producer snapshot file (NNN.snapshot): version, CRC-32C, and of each producer its epoch and last
// batch. Called by ProducerStateManager and by whoever shows such a file. Pure.
// Kafka 3.0.0: kafka.log.ProducerStateManager.readSnapshot, writeSnapshot, PidSnapshotMapSchema.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/log/producer_state.hpp"

namespace kafkasim::log {

/// Castagnoli's CRC, as in record batches and snapshots.
uint32_t crc32c(std::string_view bytes);

/// Of each producer only the last batch is kept.
std::string encode_producer_snapshot(const std::map<int64_t, ProducerStateEntry>& producers);
/// The error is the text of Kafka's CorruptSnapshotException.
Result<std::map<int64_t, ProducerStateEntry>> decode_producer_snapshot(std::string_view bytes);

}  // namespace kafkasim::log
