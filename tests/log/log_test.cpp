// SPDX-License-Identifier: Apache-2.0
#include "core/log/log.hpp"

#include "tests/catch.hpp"
#include "tests/support/fake_env.hpp"

using namespace kafkasim;
using kafkasim::log::Log;
using kafkasim::log::LogConfig;
using protocol::RecordBatch;
using protocol::RecordBatches;
using test::FakeEnv;

namespace {

RecordBatch batch_of(int count, int64_t timestamp_ms = 1000, std::optional<std::string> key = std::nullopt) {
    protocol::RecordBatchBuilder builder;
    for (int i = 0; i < count; ++i) builder.append(timestamp_ms + i, key, "value");
    return builder.build();
}

RecordBatch placed(RecordBatch batch, int64_t base_offset, int32_t epoch) {
    batch.base_offset = base_offset;
    batch.partition_leader_epoch = epoch;
    return batch;
}

log::LogPlace place() { return {TopicPartition{TopicName("t"), 0}, "/tmp/k1"}; }
const Uuid kTopicId = Uuid::random_from(1, 2);

Log new_log(FakeEnv& env, const LogConfig& config = {}) { return Log::create(env, place(), kTopicId, config); }

void append(FakeEnv& env, Log& log, int count, int32_t epoch = 0, int64_t timestamp_ms = 1000) {
    REQUIRE(log.append_as_leader(env, RecordBatches(batch_of(count, timestamp_ms)), epoch, 0).error == ErrorCode::None);
}

}  // namespace

TEST_CASE("a new log has Kafka's files") {
    FakeEnv env;
    new_log(env);
    CHECK(env.files.list("/tmp/k1/t-0") ==
          std::vector<std::string>{"00000000000000000000.index", "00000000000000000000.log",
                                   "00000000000000000000.timeindex", "leader-epoch-checkpoint", "partition.metadata"});
    CHECK(env.files.read_text("/tmp/k1/t-0/partition.metadata") == "version: 0\ntopic_id: " + kTopicId.text());
}

TEST_CASE("a leader gives offsets and its epoch, and the file shares the batches") {
    FakeEnv env;
    Log log = new_log(env);
    const RecordBatch batch = batch_of(3);
    append(env, log, 2, 5);
    const auto result = log.append_as_leader(env, RecordBatches(batch), 5, 0);
    CHECK(result.first_offset == 2);
    CHECK(result.last_offset == 4);
    CHECK(log.log_end_offset() == 5);
    const auto file = env.files.read_batches("/tmp/k1/t-0/00000000000000000000.log");
    REQUIRE(file.size() == 2);
    CHECK(file[1].base_offset == 2);
    CHECK(file[1].partition_leader_epoch == 5);
    CHECK(file[1].body == batch.body);  // the same object
    CHECK(env.files.read_text("/tmp/k1/t-0/leader-epoch-checkpoint") == "0\n1\n5 0\n");
}

TEST_CASE("what a leader refuses is not appended") {
    FakeEnv env;
    struct Row {
        LogConfig config;
        ErrorCode error;
    };
    LogConfig small_message;
    small_message.max_message_bytes = 62;
    LogConfig small_segment;
    small_segment.segment_bytes = 62;
    LogConfig compacted;
    compacted.compacted = true;
    for (const Row& row :
         {Row{small_message, ErrorCode::MessageTooLarge}, Row{small_segment, ErrorCode::RecordListTooLarge},
          Row{compacted, ErrorCode::InvalidRecord}}) {
        Log log = new_log(env, row.config);
        CHECK(log.append_as_leader(env, RecordBatches(batch_of(1)), 0, 0).error == row.error);
        CHECK(log.log_end_offset() == 0);
    }
    Log log = new_log(env, compacted);
    CHECK(log.append_as_leader(env, RecordBatches(batch_of(1, 0, "key")), 0, 0).error == ErrorCode::None);
}

TEST_CASE("a follower keeps offsets and epochs, and refuses what does not go on") {
    FakeEnv env;
    Log log = new_log(env);
    CHECK(log.append_as_follower(env, RecordBatches(placed(batch_of(2), 0, 3))).last_offset == 1);
    CHECK(log.append_as_follower(env, RecordBatches(placed(batch_of(2), 2, 4))).last_offset == 3);
    CHECK(log.epochs().entries() == std::vector<log::EpochEntry>{{3, 0}, {4, 2}});
    CHECK(log.append_as_follower(env, RecordBatches(placed(batch_of(1), 3, 4))).error != ErrorCode::None);
    CHECK(log.log_end_offset() == 4);
}

TEST_CASE("a segment rolls when the next batch would not fit") {
    FakeEnv env;
    LogConfig config;
    config.segment_bytes = 2 * batch_of(1).size_in_bytes();
    Log log = new_log(env, config);
    for (int i = 0; i < 5; ++i) append(env, log, 1);
    REQUIRE(log.segments().size() == 3);
    CHECK(log.segments()[1].base_offset() == 2);
    CHECK(env.has_log("[Log partition=t-0, dir=/tmp/k1] Rolled new log segment at offset 4 in 0 ms."));
    CHECK(env.files.exists("/tmp/k1/t-0/00000000000000000004.log"));
    CHECK(log.recovery_point() == 4);
    CHECK(log.size_in_bytes() == 5 * batch_of(1).size_in_bytes());
    CHECK(log.size_in_bytes(1, 4) == 3 * batch_of(1).size_in_bytes());
}

TEST_CASE("read returns whole batches below the bound") {
    FakeEnv env;
    Log log = new_log(env);
    append(env, log, 3);
    append(env, log, 2);
    append(env, log, 1);
    const int32_t first_size = batch_of(3).size_in_bytes();
    struct Row {
        const char* claim;
        int64_t offset;
        int32_t max_bytes;
        int64_t upper;
        bool min_one;
        size_t batches;
        int64_t first;
    };
    const std::vector<Row> rows{
        {"from the batch that holds the offset", 1, 10000, 6, false, 3, 0},
        {"from its first offset", 3, 10000, 6, false, 2, 3},
        {"not beyond the high watermark", 0, 10000, 5, false, 2, 0},
        {"no part of a batch", 0, 10000, 4, false, 1, 0},
        {"within the bytes", 0, first_size, 6, false, 1, 0},
        {"one batch may exceed them", 0, 1, 6, true, 1, 0},
        {"or not", 0, 1, 6, false, 0, 0},
        {"nothing at the end", 6, 10000, 6, true, 0, 0},
        {"nothing between high watermark and end", 5, 10000, 5, true, 0, 0},
        {"nothing out of range", 7, 10000, 9, true, 0, 0},
    };
    for (const Row& row : rows) {
        INFO(row.claim);
        const RecordBatches read = log.read(row.offset, row.max_bytes, row.upper, row.min_one);
        CHECK(read.size() == row.batches);
        if (!read.empty()) CHECK(read.front().base_offset == row.first);
    }
    CHECK(log.in_range(6));
    CHECK_FALSE(log.in_range(7));
    CHECK(log.read_all().record_count() == 6);
}

TEST_CASE("truncation takes records, epochs and high watermark back") {
    FakeEnv env;
    Log log = new_log(env);
    append(env, log, 2, 0);
    append(env, log, 2, 1);
    append(env, log, 1, 2);
    log.update_high_watermark(env, 5);
    CHECK(log.truncate_to(env, 2));
    CHECK(log.log_end_offset() == 2);
    CHECK(log.high_watermark() == 2);
    CHECK(log.epochs().entries() == std::vector<log::EpochEntry>{{0, 0}});
    CHECK(env.files.read_batches("/tmp/k1/t-0/00000000000000000000.log").size() == 1);
    CHECK(env.has_log("[Log partition=t-0, dir=/tmp/k1] Truncating to offset 2"));
    CHECK(env.has_log("Non-monotonic update of high watermark from (offset=5 segment=[0:"));
    append(env, log, 1, 3);
    CHECK(log.epochs().entries() == std::vector<log::EpochEntry>{{0, 0}, {3, 2}});
}

TEST_CASE("truncating to the end or beyond only cleans the epochs") {
    FakeEnv env;
    Log log = new_log(env);
    log.assign_epoch(env, 0, 0);
    CHECK_FALSE(log.truncate_to(env, 0));
    CHECK(env.has_log("Truncating to 0 has no effect as the largest offset in the log is -1"));
    CHECK(log.epochs().empty());
}

TEST_CASE("truncation drops later segments and their files") {
    FakeEnv env;
    LogConfig config;
    config.segment_bytes = batch_of(1).size_in_bytes();
    Log log = new_log(env, config);
    for (int i = 0; i < 4; ++i) append(env, log, 1);
    log.truncate_to(env, 1);
    CHECK(log.segments().size() == 2);
    CHECK(log.log_end_offset() == 1);
    CHECK_FALSE(env.files.exists("/tmp/k1/t-0/00000000000000000003.log"));
    append(env, log, 1);
    CHECK(log.log_end_offset() == 2);
}

TEST_CASE("a full truncation starts anew at the offset") {
    FakeEnv env;
    Log log = new_log(env);
    append(env, log, 3);
    log.truncate_fully_and_start_at(env, 100);
    CHECK(log.log_start_offset() == 100);
    CHECK(log.log_end_offset() == 100);
    CHECK(log.high_watermark() == 100);
    CHECK(log.epochs().empty());
    CHECK(env.files.exists("/tmp/k1/t-0/00000000000000000100.log"));
    CHECK_FALSE(env.files.exists("/tmp/k1/t-0/00000000000000000000.log"));
}

TEST_CASE("the high watermark stays within the log and moves as asked") {
    FakeEnv env;
    Log log = new_log(env);
    append(env, log, 2);
    append(env, log, 2);
    CHECK(log.update_high_watermark(env, 9) == 4);
    CHECK(log.update_high_watermark(env, 2) == 2);
    CHECK(env.has_log("(offset=2 segment=[-1:-1])"));
    CHECK(log.maybe_increment_high_watermark(env, 1) == std::nullopt);
    CHECK(log.maybe_increment_high_watermark(env, 4) == 2);
    CHECK(log.maybe_increment_high_watermark(env, 4) == std::nullopt);
    CHECK_FALSE(log.maybe_increment_log_start_offset(env, 5, "client delete records request"));
    CHECK(log.maybe_increment_log_start_offset(env, 3, "client delete records request"));
    CHECK(log.update_high_watermark(env, 0) == 3);
}

TEST_CASE("offsets are found by timestamp") {
    FakeEnv env;
    Log log = new_log(env);
    append(env, log, 2, 0, 1000);
    append(env, log, 2, 1, 5000);
    CHECK(log.offset_for_timestamp(0)->offset == 0);
    CHECK(log.offset_for_timestamp(1001) == log::TimestampOffset{1001, 1, 0});
    CHECK(log.offset_for_timestamp(1002) == log::TimestampOffset{5000, 2, 1});
    CHECK(log.offset_for_timestamp(5002) == std::nullopt);
    CHECK(log.offset_of_max_timestamp() == log::TimestampOffset{5001, 3, 1});
    CHECK(log.max_timestamp() == 5001);
}

TEST_CASE("LogAppendTime stamps the leader's clock") {
    FakeEnv env;
    LogConfig config;
    config.log_append_time = true;
    Log log = new_log(env, config);
    CHECK(log.append_as_leader(env, RecordBatches(batch_of(2)), 0, 77000).log_append_time_ms == 77000);
    CHECK(log.offset_for_timestamp(77000)->offset == 0);
}

TEST_CASE("a loaded log is the log that was written") {
    FakeEnv env;
    LogConfig config;
    config.segment_bytes = 2 * batch_of(1).size_in_bytes();
    Log written = new_log(env, config);
    for (int32_t epoch : {0, 0, 1, 2, 2}) append(env, written, 1, epoch);
    for (bool clean : {true, false}) {
        env.log_lines.clear();
        const Log log = Log::load(env, place(), config, clean, 0, 0);
        CHECK(log.log_end_offset() == 5);
        CHECK(log.segments().size() == 3);
        CHECK(log.epochs() == written.epochs());
        CHECK(log.topic_id() == kTopicId);
        CHECK(log.high_watermark() == 0);
        CHECK(log.read_all() == written.read_all());
        CHECK(env.count_logs("Recovering unflushed segment") == (clean ? 0 : 3));
    }
}

TEST_CASE("an unclean load cuts damage and gives up later segments") {
    FakeEnv env;
    LogConfig config;
    config.segment_bytes = batch_of(1).size_in_bytes();
    Log written = new_log(env, config);
    for (int i = 0; i < 3; ++i) append(env, written, 1);
    env.files.append_batch("/tmp/k1/t-0/00000000000000000001.log", placed(batch_of(1), 0, 0));
    const Log log = Log::load(env, place(), config, false, 0, 0);
    CHECK(log.log_end_offset() == 2);
    CHECK(env.has_log("Corruption found in segment 1, truncating to offset 2"));
    CHECK_FALSE(env.files.exists("/tmp/k1/t-0/00000000000000000002.log"));
}
