// SPDX-License-Identifier: Apache-2.0
#pragma once
// What bin/kafka-dump-log.sh prints of batches, records and indexes, and what it finds wrong with them. Pure.
// Called by DumpLogCommand. Kafka 3.0.0: kafka.tools.DumpLogSegments (dumpLog, dumpIndex, dumpTimeIndex,
// TimeIndexDumpErrors), kafka.coordinator.group.GroupMetadataManager.formatRecordKeyAndValue.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/log/producer_state.hpp"
#include "core/log/segment_index.hpp"
#include "core/protocol/record_batch.hpp"

namespace kafkasim::tools {

/// "baseOffset: 0 lastOffset: 2 count: 3 ... isvalid: true"
std::string batch_line(const protocol::RecordBatch& batch, int64_t position);
/// "| offset: 0 CreateTime: 1640966892322 keySize: 1 valueSize: 3 sequence: -1 headerKeys: []"
std::string record_metadata(const protocol::RecordBatch& batch, const protocol::Record& record);
/// "producerId: 0 producerEpoch: 0 ... timestamp: 1640966892322"
std::string producer_line(int64_t producer_id, const log::ProducerStateEntry& entry);

/// What a decoder makes of a record; nullopt: nothing is printed.
struct Decoded {
    std::optional<std::string> key;
    std::optional<std::string> payload;
};
/// How keys or values are turned into text.
enum class Decoder : uint8_t { String, Bytes, Long, Integer };
std::optional<Decoder> decoder_of_class(std::string_view class_name);
/// The error is the exception that is uncaught.
Result<std::string> decoded_text(Decoder decoder, const std::string& bytes);
Result<Decoded> decode_record(const protocol::Record& record, Decoder key, Decoder value);
/// `--offsets-decoder`
Result<Decoded> decode_offsets_record(const protocol::Record& record);

/// Index entries that the log does not bear out, in the order in which they are told (last found first).
struct IndexFinding {
    int64_t indexed = 0;
    int64_t found = 0;
    bool operator==(const IndexFinding&) const = default;
};
struct IndexDump {
    std::string text;                      // the entries
    std::vector<IndexFinding> mismatches;  // of an offset index
    std::vector<IndexFinding> timestamp_mismatches;
    std::vector<IndexFinding> out_of_order;
    std::vector<IndexFinding> not_found;
    bool beyond_log = false;  // an entry points behind the last batch of an empty log
};
/// `preallocated`: the file is kept at its full length by a broker, zeros behind the entries.
IndexDump dump_offset_index(const std::vector<log::OffsetEntry>& index, const std::vector<protocol::RecordBatch>& log,
                            int64_t base_offset, bool preallocated);
IndexDump dump_time_index(const std::vector<log::TimeEntry>& index, const std::vector<log::OffsetEntry>& offset_index,
                          const std::vector<protocol::RecordBatch>& log, int64_t base_offset, bool preallocated);

}  // namespace kafkasim::tools
