// SPDX-License-Identifier: Apache-2.0
// What kafka-dump-log.sh prints. Lines and checksums are those of a real 3.0.0 cluster.
#include "core/tools/dump_log_format.hpp"

#include <fmt/format.h>

#include "core/group/offset_records.hpp"
#include "core/log/producer_snapshot.hpp"
#include "core/protocol/record_batch_wire.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::tools;

namespace {

protocol::RecordBatch recorded_batch() {
    protocol::RecordBatchBuilder builder;
    builder.append(1795580979177, "a", "one");
    builder.append(1795580979182, "b", "two");
    builder.append(1795580979182, "c", "three");
    protocol::RecordBatch batch = builder.build();
    batch.partition_leader_epoch = 0;
    return batch;
}

protocol::RecordBatch keyless(std::initializer_list<std::pair<int64_t, const char*>> records, int64_t base_offset) {
    protocol::RecordBatchBuilder builder;
    for (const auto& [timestamp, value] : records) builder.append(timestamp, std::nullopt, value);
    protocol::RecordBatch batch = builder.build();
    batch.base_offset = base_offset;
    batch.partition_leader_epoch = 0;
    return batch;
}

}  // namespace

TEST_CASE("the checksum is that of the real file") {
    CHECK(log::crc32c("123456789") == 0xe3069283);
    CHECK(log::crc32c(protocol::checksummed_bytes(recorded_batch())) == 3441193796);
    CHECK(log::crc32c(protocol::checksummed_bytes(keyless({{1795580979787, "first"}, {1795580979794, "second"}}, 3))) ==
          1874304559);
    CHECK(log::crc32c(protocol::checksummed_bytes(keyless({{1795580981603, "third"}}, 5))) == 3232854967);
}

TEST_CASE("a batch and its records as the real tool prints them") {
    CHECK(batch_line(recorded_batch(), 0) ==
          "baseOffset: 0 lastOffset: 2 count: 3 baseSequence: -1 lastSequence: -1 producerId: -1 producerEpoch: -1 "
          "partitionLeaderEpoch: 0 isTransactional: false isControl: false position: 0 CreateTime: 1795580979182 size: "
          "96 magic: 2 compresscodec: none crc: 3441193796 isvalid: true");
    CHECK(record_metadata(recorded_batch(), recorded_batch().records()[0]) ==
          "| offset: 0 CreateTime: 1795580979177 keySize: 1 valueSize: 3 sequence: -1 headerKeys: []");
    protocol::RecordBatch batch = keyless({{1000, "x"}, {1001, "y"}}, 7);
    batch.producer_id = 4;
    batch.producer_epoch = 1;
    batch.base_sequence = 10;
    batch.attributes = protocol::RecordBatch::kLogAppendTimeFlag;
    CHECK(record_metadata(batch, batch.records()[1]) ==
          "| offset: 8 LogAppendTime: 1001 keySize: -1 valueSize: 1 sequence: 11 headerKeys: []");
    CHECK(batch_line(batch, 5).find("baseSequence: 10 lastSequence: 11 producerId: 4 producerEpoch: 1 ") !=
          std::string::npos);
}

TEST_CASE("decoders of keys and values") {
    CHECK(decoder_of_class("kafka.serializer.LongDecoder") == Decoder::Long);
    CHECK_FALSE(decoder_of_class("foo.Bar"));
    CHECK(decoded_text(Decoder::String, "abc").value() == "abc");
    CHECK(decoded_text(Decoder::Long, std::string("\0\0\0\0\0\0\1\2", 8)).value() == "258");
    CHECK(decoded_text(Decoder::Integer, std::string("\xff\xff\xff\xfe", 4)).value() == "-2");
    CHECK(decoded_text(Decoder::Long, "one").error() == "java.nio.BufferUnderflowException");
    protocol::Record tombstone;
    tombstone.key = "k";
    const Decoded decoded = decode_record(tombstone, Decoder::String, Decoder::Long).value();
    CHECK(decoded.key == "k");
    CHECK_FALSE(decoded.payload);
}

TEST_CASE("records of __consumer_offsets as the offsets decoder shows them") {
    const TopicPartition tp{TopicName("orders"), 0};
    protocol::Record record;
    record.key = group::encode_key(group::OffsetKey{"g1", tp});
    group::OffsetAndMetadata offset;
    offset.offset = 6;
    record.value = group::encode_value(offset);
    CHECK(decode_offsets_record(record).value().key == "offset_commit::group=g1,partition=orders-0");
    CHECK(decode_offsets_record(record).value().payload == "offset=6");
    offset.metadata = "note";
    record.value = group::encode_value(offset);
    CHECK(decode_offsets_record(record).value().payload == "offset=6,metadata=note");
    record.value = std::nullopt;
    CHECK(decode_offsets_record(record).value().payload == "<DELETE>");

    record.key = group::encode_key(group::GroupKey{"g1"});
    CHECK(decode_offsets_record(record).value().key == "group_metadata::group=g1");
    group::GroupMetadata group;
    group.group_id = "g1";
    group.protocol_type = "consumer";
    group.generation_id = 2;
    record.value = group::encode_value(group, {});
    CHECK(decode_offsets_record(record).value().payload ==
          R"({"protocolType":"consumer","protocol":null,"generationId":2,"assignment":"{}"})");
    record.key = "a";
    CHECK(decode_offsets_record(record).error() == "java.nio.BufferUnderflowException");
}

TEST_CASE("an offset index against its log") {
    const std::vector<protocol::RecordBatch> batches{keyless({{1000, "x"}, {1001, "y"}}, 0), keyless({{1002, "z"}}, 2)};
    const auto second = static_cast<int32_t>(batches[0].size_in_bytes());
    const IndexDump fine = dump_offset_index({{2, second}}, batches, 0, true);
    CHECK(fine.text == fmt::format("offset: 2 position: {}\n", second));
    CHECK(fine.mismatches.empty());
    // The zeros of a file that a broker keeps at its full length look like an entry.
    const IndexDump zeros = dump_offset_index({}, batches, 0, true);
    CHECK(zeros.text == "offset: 0 position: 0\n");
    CHECK(zeros.mismatches == std::vector<IndexFinding>{{0, 1}});
    const IndexDump wrong = dump_offset_index({{1, second}, {9, second}}, batches, 0, false);
    CHECK(wrong.mismatches == std::vector<IndexFinding>{{9, 2}, {1, 2}});
    CHECK(dump_offset_index({}, {}, 0, true).beyond_log);
}

TEST_CASE("a time index against its log") {
    const std::vector<protocol::RecordBatch> batches{keyless({{1000, "x"}}, 0), keyless({{1002, "z"}}, 1)};
    const IndexDump fine = dump_time_index({{1002, 1}}, {}, batches, 0, false);
    CHECK(fine.text == "timestamp: 1002 offset: 1\n");
    CHECK(fine.timestamp_mismatches.empty());
    CHECK(fine.not_found.empty());
    const IndexDump wrong = dump_time_index({{1003, 1}, {1000, 1}, {1000, 5}}, {}, batches, 0, false);
    CHECK(wrong.timestamp_mismatches == std::vector<IndexFinding>{{1000, 1002}, {1003, 1002}});
    CHECK(wrong.out_of_order == std::vector<IndexFinding>{{1000, 1003}});
    CHECK(wrong.not_found == std::vector<IndexFinding>{{5, -1}});
}
