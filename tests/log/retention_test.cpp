// SPDX-License-Identifier: Apache-2.0
// Which segments retention takes: the rules as a table, and what a log makes of them.
#include "core/log/retention.hpp"

#include "core/log/log_manager.hpp"
#include "tests/catch.hpp"
#include "tests/log/one_record.hpp"
#include "tests/support/fake_env.hpp"

using namespace kafkasim;
using namespace kafkasim::log;
using test::FakeEnv;
using test::record_at;

namespace {

/// A segment for each timestamp, one record each; -2: an empty segment.
std::vector<LogSegment> segments_of(std::initializer_list<int64_t> timestamps) {
    std::vector<LogSegment> segments;
    int64_t offset = 0;
    for (int64_t timestamp : timestamps) {
        LogSegment& segment = segments.emplace_back(offset, 500);
        if (timestamp == -2) continue;
        const protocol::RecordBatch batch = record_at(offset++, timestamp);
        segment.append(std::span(&batch, 1), 4096, 500);
    }
    return segments;
}

const TopicPartition kPartition{TopicName("t"), 0};

struct SmallLog {
    FakeEnv env;
    LogManager manager{"/tmp/k"};
    LogConfig config;

    SmallLog() {
        manager.start(env);
        config.segment_bytes = 100;
        config.file_delete_delay_ms = 1000;
    }
    /// One segment per record; all of it below the high watermark.
    Log& with(std::initializer_list<int64_t> timestamps) {
        Log& log = manager.get_or_create(env, kPartition, Uuid{1, 1}, config);
        for (int64_t timestamp : timestamps)
            log.append_as_leader(env, protocol::RecordBatches(record_at(0, timestamp)), 0, timestamp);
        log.update_high_watermark(env, log.log_end_offset());
        return log;
    }
    std::string logged(std::string_view part) const {
        for (const auto& line : env.log_lines) {
            if (line.text.find(part) != std::string::npos) return line.text;
        }
        return {};
    }
};

}  // namespace

TEST_CASE("time lets the oldest segments go until one is young enough") {
    struct Case {
        std::string what;
        std::vector<LogSegment> segments;
        int64_t high_watermark;
        int64_t retention_ms;
        size_t gone;
    };
    const Case cases[] = {
        {"all are young", segments_of({900, 950}), 2, 200, 0},
        {"exactly retention.ms old is young", segments_of({800, 950}), 2, 200, 0},
        {"the oldest is too old", segments_of({799, 950}), 2, 200, 1},
        {"a young one protects what is behind it", segments_of({900, 100}), 2, 200, 0},
        {"a timestamp of the future protects too", segments_of({5000, 100}), 2, 200, 0},
        {"all are too old, the active one as well", segments_of({100, 200}), 2, 200, 2},
        {"an empty last segment stays", segments_of({100, -2}), 1, 200, 1},
        {"not beyond the high watermark", segments_of({100, 200}), 1, 200, 1},
        {"-1 keeps everything", segments_of({1, 2}), 2, -1, 0},
    };
    for (const Case& each : cases) {
        INFO(each.what);
        CHECK(segments_beyond_time(each.segments, each.high_watermark, each.retention_ms, 1000) == each.gone);
    }
}

TEST_CASE("size lets go what is not needed to have retention.bytes") {
    const auto segments = segments_of({1, 2, 3});
    const int64_t one = segments.front().size();
    struct Case {
        int64_t high_watermark;
        int64_t retention_bytes;
        size_t gone;
    };
    const Case cases[] = {{3, 3 * one, 0}, {3, 3 * one - 1, 0}, {3, 2 * one, 1}, {3, one, 2},
                          {3, 0, 3},       {2, 0, 2},           {0, 0, 0},       {3, -1, 0}};
    for (const Case& each : cases) {
        INFO(each.retention_bytes);
        CHECK(segments_beyond_size(segments, each.high_watermark, each.retention_bytes) == each.gone);
    }
}

TEST_CASE("what is wholly below the start of the log goes, never the last segment") {
    const auto segments = segments_of({1, 2, 3});
    CHECK(segments_below_start(segments, 3, 0) == 0);
    CHECK(segments_below_start(segments, 3, 1) == 1);
    CHECK(segments_below_start(segments, 3, 3) == 2);
    CHECK(segments_below_start(segments, 1, 3) == 1);
}

TEST_CASE("a log whose segments are all too old rolls, begins anew and says why") {
    SmallLog small;
    small.config.retention_ms = 1000;
    Log& log = small.with({10, 20});
    small.env.log_lines.clear();
    const auto moved = small.manager.cleanup_logs(small.env);
    CHECK(moved == std::vector<TopicPartition>{kPartition});
    CHECK(log.log_start_offset() == 2);
    CHECK(log.log_end_offset() == 2);
    CHECK(log.segments().size() == 1);
    CHECK(small.logged("Rolled new log segment at offset 2 in 0 ms.") != "");
    CHECK(small.logged("due to retention time 1000ms breach based on the largest record timestamp in the segment")
              .find("Deleting segment LogSegment(baseOffset=0, size=73, ") != std::string::npos);
    CHECK(small.logged("Incremented log start offset to 2 due to segment deletion") != "");
    CHECK(small.manager.cleanup_logs(small.env).empty());
}

TEST_CASE("files of deleted segments are kept as .deleted until their delay is over") {
    SmallLog small;
    small.config.retention_bytes = 100;
    small.with({10, 20, 30});
    small.manager.cleanup_logs(small.env);
    CHECK(small.logged("due to retention size 100 breach. Log size after deletion will be 146.") != "");
    CHECK(small.env.files.exists("/tmp/k/t-0/00000000000000000000.log.deleted"));
    CHECK_FALSE(small.env.files.exists("/tmp/k/t-0/00000000000000000000.log"));
    REQUIRE(small.manager.next_deletion() == small.env.now() + 1s);
    small.env.time += 1s;
    small.manager.delete_renamed_logs(small.env);
    CHECK_FALSE(small.env.files.exists("/tmp/k/t-0/00000000000000000000.log.deleted"));
    CHECK(small.logged("Deleted log /tmp/k/t-0/00000000000000000000.log.deleted.") != "");
    CHECK(small.logged("Deleted time index /tmp/k/t-0/00000000000000000000.timeindex.deleted.") != "");
    CHECK_FALSE(small.manager.next_deletion());
}

TEST_CASE("a compacted log loses only what is below its start") {
    SmallLog small;
    small.config.retention_ms = 1;
    small.config.compacted = true;
    small.config.deletes_old = false;
    Log& log = small.with({});
    protocol::RecordBatchBuilder builder;
    for (int i = 0; i < 2; ++i) {
        builder.append(10, "key", "value");
        log.append_as_leader(small.env, protocol::RecordBatches(builder.build()), 0, 10);
    }
    log.update_high_watermark(small.env, 2);
    CHECK(log.delete_old_segments(small.env).empty());
    log.maybe_increment_log_start_offset(small.env, 1, "leader offset increment");
    CHECK(log.delete_old_segments(small.env).size() == 1);
    CHECK(small.logged("Deleting segments due to log start offset 1 breach: LogSegment(baseOffset=0, ") != "");
}

TEST_CASE("a start removes what an earlier life had deleted") {
    SmallLog small;
    small.config.retention_ms = 1;
    small.with({10, 20});
    small.manager.cleanup_logs(small.env);
    LogManager again("/tmp/k");
    again.start(small.env);
    CHECK_FALSE(small.env.files.exists("/tmp/k/t-0/00000000000000000000.log.deleted"));
    CHECK(again.find(kPartition)->log_start_offset() == 2);
}
