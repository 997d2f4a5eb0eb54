// SPDX-License-Identifier: Apache-2.0
// A topic's settings in effect on a living log, and the index files on its disk.
#include "core/log/log.hpp"
#include "tests/catch.hpp"
#include "tests/support/fake_env.hpp"

using namespace kafkasim;
using namespace kafkasim::log;
using test::FakeEnv;

namespace {

struct OneLog {
    FakeEnv env;
    Log log;

    explicit OneLog(const LogConfig& config = {})
        : log(Log::create(env, {{TopicName("t"), 0}, "/tmp/k"}, Uuid{1, 1}, config)) {}
    void append(std::initializer_list<int64_t> timestamps) {
        protocol::RecordBatchBuilder builder;
        for (int64_t timestamp : timestamps) builder.append(timestamp, std::nullopt, "value");
        REQUIRE(log.append_as_leader(env, protocol::RecordBatches(builder.build()), 0, 5000).error == ErrorCode::None);
    }
    std::vector<int64_t> bases() const {
        std::vector<int64_t> offsets;
        for (const LogSegment& segment : log.segments()) offsets.push_back(segment.base_offset());
        return offsets;
    }
    std::string text(const std::string& file) { return env.files.read_text("/tmp/k/t-0/" + file).value_or("none"); }
};

const std::string kBase0 = "00000000000000000000";

}  // namespace

TEST_CASE("segments roll by time on a leader and on its follower alike") {
    LogConfig config;
    config.segment_ms = 1000;
    OneLog leader(config);
    for (int64_t timestamp : {1000, 2000, 2001, 2500, 9000}) leader.append({timestamp});
    CHECK(leader.bases() == std::vector<int64_t>{0, 2, 4});
    OneLog follower(config);
    for (const protocol::RecordBatch& batch : leader.log.read_all())
        follower.log.append_as_follower(follower.env, protocol::RecordBatches(batch));
    CHECK(follower.bases() == leader.bases());
}

TEST_CASE("a changed setting is heeded by the next append") {
    OneLog one;
    one.append({1000});
    one.append({1000});
    LogConfig config = one.log.config();
    config.segment_bytes = 100;
    one.log.update_config(config);
    one.append({1000});
    CHECK(one.bases() == std::vector<int64_t>{0, 2});
    config.max_message_bytes = 10;
    one.log.update_config(config);
    protocol::RecordBatchBuilder builder;
    builder.append(1000, std::nullopt, "value");
    const AppendResult refused = one.log.append_as_leader(one.env, protocol::RecordBatches(builder.build()), 0, 5000);
    CHECK(refused.error == ErrorCode::MessageTooLarge);
    CHECK(one.log.log_end_offset() == 3);
}

TEST_CASE("flush.messages bounds what a machine's loss can take") {
    LogConfig config;
    config.flush_messages = 2;
    OneLog one(config);
    one.append({1000});
    CHECK(one.log.recovery_point() == 0);
    one.append({1000});
    CHECK(one.log.recovery_point() == 2);
    one.append({1000});
    CHECK(one.log.recovery_point() == 2);
}

TEST_CASE("the greatest timestamp comes with the last offset of its batch, as 3.0.0 has it") {
    OneLog one;
    CHECK_FALSE(one.log.offset_of_max_timestamp());
    one.append({3000, 1000});
    one.append({2000});
    CHECK(one.log.offset_of_max_timestamp() == TimestampOffset{3000, 1, 0});
    CHECK(one.log.offset_for_timestamp(2500) == TimestampOffset{3000, 0, 0});
}

TEST_CASE("of the segments only the first that is young enough is searched by time") {
    LogConfig config;
    config.segment_bytes = 100;
    OneLog one(config);
    one.append({3000});
    one.append({2000});
    one.append({4000});
    one.log.update_high_watermark(one.env, 3);
    CHECK(one.log.offset_for_timestamp(1500)->offset == 0);
    one.log.maybe_increment_log_start_offset(one.env, 1, "client delete records request");
    CHECK_FALSE(one.log.offset_for_timestamp(1500));
    CHECK(one.log.offset_for_timestamp(3500)->offset == 2);
}

TEST_CASE("index files hold Kafka's bytes, and a rolled segment has none until it is used") {
    LogConfig config;
    config.index_interval_bytes = 0;
    config.segment_bytes = 220;
    config.retention_ms = 1;
    OneLog one(config);
    for (int64_t timestamp : {1000, 1001, 1002}) one.append({timestamp});
    CHECK(one.text(kBase0 + ".index") == encode(OffsetEntry{1, 73}, 0) + encode(OffsetEntry{2, 146}, 0));
    CHECK(one.text(kBase0 + ".timeindex") == encode(TimeEntry{1001, 1}, 0) + encode(TimeEntry{1002, 2}, 0));
    one.log.update_high_watermark(one.env, 3);
    one.log.delete_old_segments(one.env);
    const std::string rolled = "00000000000000000003";
    CHECK(one.text(rolled + ".index") == "none");
    const Log again = Log::load(one.env, {{TopicName("t"), 0}, "/tmp/k"}, config, true, 3, 3);
    CHECK(one.env.has_log("Could not find offset index file corresponding to log file /tmp/k/t-0/" + rolled +
                          ".log, "
                          "recovering segment and rebuilding index files..."));
    CHECK(one.text(rolled + ".index") == "");
    CHECK(again.log_start_offset() == 3);
}

TEST_CASE("indexes survive a clean stop and are made anew after a crash") {
    LogConfig config;
    config.index_interval_bytes = 0;
    OneLog one(config);
    for (int64_t timestamp : {1000, 1001, 1002}) one.append({timestamp});
    one.log.close(one.env);
    const auto offsets = one.log.segments().back().offset_index();
    const auto times = one.log.segments().back().time_index();
    for (bool clean : {true, false}) {
        if (!clean) one.env.files.write_text("/tmp/k/t-0/" + kBase0 + ".index", "damaged!");
        const Log again = Log::load(one.env, {{TopicName("t"), 0}, "/tmp/k"}, config, clean, 0, 0);
        CHECK(again.segments().back().offset_index() == offsets);
        CHECK(again.segments().back().time_index() == times);
    }
}

TEST_CASE("truncated segments leave their files as .deleted") {
    LogConfig config;
    config.segment_bytes = 100;
    OneLog one(config);
    for (int64_t timestamp : {1000, 1001, 1002}) one.append({timestamp});
    one.log.truncate_to(one.env, 1);
    CHECK(one.bases() == std::vector<int64_t>{0, 1});
    CHECK(one.env.has_log("Deleting segments as part of log truncation: LogSegment(baseOffset=2, size=73, "));
    auto deleted = one.log.take_deleted();
    REQUIRE(deleted.size() == 1);
    CHECK(deleted[0].base_offsets == std::vector<int64_t>{2});
    CHECK(one.env.files.exists("/tmp/k/t-0/00000000000000000002.log.deleted"));
    one.log.truncate_fully_and_start_at(one.env, 0);
    CHECK(one.log.take_deleted().size() == 1);
    CHECK(one.log.take_deleted().empty());
    CHECK(one.env.files.exists("/tmp/k/t-0/00000000000000000000.log.deleted"));
    one.append({1003});
    CHECK(one.env.files.read_batches("/tmp/k/t-0/00000000000000000000.log").size() == 1);
}
