// SPDX-License-Identifier: Apache-2.0
// When a segment is full, and its indexes.
#include "core/log/log_segment.hpp"

#include "core/log/log_config.hpp"
#include "tests/catch.hpp"
#include "tests/log/one_record.hpp"

using namespace kafkasim;
using namespace kafkasim::log;
using test::record_at;

namespace {

LogSegment segment_with(std::initializer_list<int64_t> timestamps, int32_t index_interval_bytes = 4096) {
    LogSegment segment(0, 5000);
    int64_t offset = 0;
    for (int64_t timestamp : timestamps) {
        const protocol::RecordBatch batch = record_at(offset++, timestamp);
        segment.append(std::span(&batch, 1), index_interval_bytes, 5000);
    }
    return segment;
}

}  // namespace

TEST_CASE("a segment rolls by size, by age from its first record, or when an index is full") {
    LogConfig config;
    config.segment_bytes = 200;  // two records of 73 bytes
    config.segment_ms = 1000;
    const RollParams next{73, 1500, 10, 5000};
    struct Case {
        std::string what;
        LogSegment segment;
        RollParams next;
        bool rolls;
    };
    const Case cases[] = {
        {"an empty segment stays", segment_with({}), {500, 999999, 0, 999999}, false},
        {"there is room", segment_with({1000}), next, false},
        {"it does not fit any more", segment_with({1000, 1000}), next, true},
        {"exactly segment.ms after the first record", segment_with({500}), next, false},
        {"later than that", segment_with({499}), next, true},
        {"age is of timestamps, not of the clock", segment_with({1000}), {73, 1500, 10, 900000}, false},
        {"records without time: the file's age", segment_with({-1}), {73, -1, 10, 6001}, true},
        {"too far for a relative offset", segment_with({1000}), {73, 1500, int64_t{1} << 31, 5000}, true},
    };
    for (const Case& each : cases) {
        INFO(each.what);
        CHECK(each.segment.should_roll(config, each.next) == each.rolls);
    }
    config.segment_bytes = 100000;
    config.segment_index_bytes = 36;  // three entries of 12 bytes: full with two
    CHECK_FALSE(segment_with({1000, 1001}, 0).should_roll(config, next));
    CHECK(segment_with({1000, 1001, 1002}, 0).should_roll(config, next));
}

TEST_CASE("a compacted log's segments leave the active state within max.compaction.lag.ms") {
    LogConfig config;
    config.segment_ms = 1000;
    config.max_compaction_lag_ms = 300;
    CHECK(config.max_segment_ms() == 1000);
    config.compacted = true;
    CHECK(config.max_segment_ms() == 300);
}

TEST_CASE("an index gets an entry when more than index.interval.bytes were appended") {
    LogSegment segment = segment_with({1000, 1005, 1003, 1010}, 73);
    // 73 bytes are not more than 73: the third append makes the first entry.
    CHECK(segment.offset_index() == std::vector<OffsetEntry>{{2, 146}});
    CHECK(segment.time_index() == std::vector<TimeEntry>{{1005, 1}});
    CHECK(segment.finish_time_index());
    CHECK(segment.time_index().back() == TimeEntry{1010, 3});
    CHECK_FALSE(segment.finish_time_index());
    segment.truncate_to(2, 6000);
    CHECK(segment.offset_index().empty());
    CHECK(segment.largest_timestamp() == 1005);
    CHECK(segment.last_modified_ms() == 6000);
}

TEST_CASE("index entries are Kafka's bytes and read back") {
    CHECK(encode(OffsetEntry{107, 258}, 100) == std::string("\0\0\0\7\0\0\1\2", 8));
    CHECK(encode(TimeEntry{1, 102}, 100) == std::string("\0\0\0\0\0\0\0\1\0\0\0\2", 12));
    const std::vector<OffsetEntry> offsets{{101, 5}, {107, 258}};
    CHECK(decode_offset_index(encode(offsets[0], 100) + encode(offsets[1], 100) + "\1", 100) == offsets);
    const std::vector<TimeEntry> times{{1640966892322, 104}};
    CHECK(decode_time_index(encode(times[0], 100), 100) == times);
    CHECK(lookup(offsets, 100) == 0);
    CHECK(lookup(offsets, 106) == 5);
    CHECK(lookup(offsets, 200) == 258);
}

TEST_CASE("a segment shows itself as Kafka does") {
    CHECK(to_string(segment_with({1000})) ==
          "LogSegment(baseOffset=0, size=73, lastModifiedTime=5000, largestRecordTimestamp=Some(1000))");
    CHECK(to_string(LogSegment(7, 42)) ==
          "LogSegment(baseOffset=7, size=0, lastModifiedTime=42, largestRecordTimestamp=None)");
}

TEST_CASE("a ratio is read in parts per billion") {
    CHECK(parts_per_billion("0.5", 7) == 500000000);
    CHECK(parts_per_billion("1", 7) == kWhole);
    CHECK(parts_per_billion("0.0100", 7) == 10000000);
    CHECK(parts_per_billion(".25", 7) == 250000000);
    CHECK(parts_per_billion("0.1234567891", 7) == 123456789);
    for (std::string_view text : {"", ".", "-0.5", "half", "1e-3", "0.5.5"}) CHECK(parts_per_billion(text, 7) == 7);
}
