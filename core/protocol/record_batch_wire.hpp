// SPDX-License-Identifier: Apache-2.0
//
// The bytes of a batch as it stands in a segment file, and the checksum over them. The simulation itself carries
// batches as structs; whoever shows a file (kafka-dump-log.sh) wants the CRC that the real file would have.
//
// Kafka 3.0.0: org.apache.kafka.common.record.DefaultRecordBatch, DefaultRecord.writeTo.
// Simplified: the records of a compressed batch are written as if they were not compressed.
#pragma once

#include <cstdint>
#include <string>

#include "core/protocol/record_batch.hpp"

namespace kafkasim::protocol {

// From the attributes on: what the CRC covers. Magic 2.
std::string checksummed_bytes(const RecordBatch& batch);

}  // namespace kafkasim::protocol
