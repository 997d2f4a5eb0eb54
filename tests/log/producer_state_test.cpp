// SPDX-License-Identifier: Apache-2.0
// What a log knows of its producers. The names in brackets are those of Kafka's own cases
// (kafka.log.ProducerStateManagerTest); its cases about transactions and their markers do not apply.
#include "core/log/producer_state.hpp"

#include <limits>

#include "core/log/log.hpp"
#include "core/log/producer_snapshot.hpp"
#include "tests/catch.hpp"
#include "tests/support/fake_env.hpp"

using namespace kafkasim;
using namespace kafkasim::log;
using protocol::RecordBatch;
using protocol::RecordBatches;
using test::FakeEnv;

namespace {

constexpr int32_t kMaxInt = std::numeric_limits<int32_t>::max();
constexpr std::string_view kDir = "/tmp/k1/t-0";

RecordBatch batch_of(int64_t producer, int16_t epoch, int32_t sequence, int64_t offset, int count = 1,
                     int64_t timestamp_ms = 1000) {
    protocol::RecordBatchBuilder builder;
    for (int i = 0; i < count; ++i) builder.append(timestamp_ms, std::nullopt, "v");
    RecordBatch batch = builder.build();
    batch.producer_id = producer;
    batch.producer_epoch = epoch;
    batch.base_sequence = sequence;
    batch.base_offset = offset;
    return batch;
}

struct Fixture {
    FakeEnv env;
    ProducerStateManager manager{{TopicName("t"), 0}, std::string(kDir), 60000};

    Fixture() { env.files.make_directories(kDir); }
    /// As an append by the log: the error, and with none the state is changed.
    ErrorCode append(const RecordBatch& batch, AppendOrigin origin = AppendOrigin::Client) {
        const ProducerCheck check = manager.check(env, std::span(&batch, 1), origin);
        if (check.error != ErrorCode::None || check.duplicate) return check.error;
        manager.update(check.updates);
        manager.update_map_end_offset(batch.next_offset());
        return ErrorCode::None;
    }
    ErrorCode append(int16_t epoch, int32_t sequence, int64_t offset, int count = 1) {
        return append(batch_of(1, epoch, sequence, offset, count, env.wall_clock().value));
    }
    std::string message_of(const RecordBatch& batch) {
        return manager.check(env, std::span(&batch, 1), AppendOrigin::Client).error_message;
    }
    /// Another life of the broker: what the files say.
    ProducerStateManager reloaded(int64_t log_start, int64_t log_end) {
        ProducerStateManager other({TopicName("t"), 0}, std::string(kDir), 60000);
        other.find_snapshots(env);
        other.truncate_and_reload(env, log_start, log_end);
        return other;
    }
};

}  // namespace

TEST_CASE("sequences must go on where they ended, a new epoch begins at 0 [testBasicIdMapping]") {
    Fixture f;
    struct Row {
        int16_t epoch;
        int32_t sequence;
        ErrorCode error;
    };
    const Row rows[] = {
        {0, 0, ErrorCode::None},                      // the first of all
        {0, 1, ErrorCode::None},                      // the next
        {0, 1, ErrorCode::None},                      // a duplicate is answered, not refused
        {0, 5, ErrorCode::OutOfOrderSequenceNumber},  // a gap
        {1, 0, ErrorCode::None},                      // a new epoch
        {2, 1, ErrorCode::OutOfOrderSequenceNumber},  // a newer one that does not begin at 0
        {0, 2, ErrorCode::InvalidProducerEpoch},      // the old epoch
        {1, 1, ErrorCode::None},
    };
    int64_t offset = 0;
    for (const Row& row : rows) {
        INFO("epoch " << row.epoch << ", sequence " << row.sequence);
        CHECK(f.append(row.epoch, row.sequence, offset++) == row.error);
    }
    CHECK(f.message_of(batch_of(1, 0, 3, 8)) ==
          "Epoch of producer 1 at offset 8 in t-0 is 0, which is smaller than the last seen epoch 1");
    CHECK(f.message_of(batch_of(1, 1, 7, 8)) ==
          "Out of order sequence number for producer 1 at offset 8 in partition t-0: 7 (incoming seq. number), 1 "
          "(current end sequence number)");
    CHECK(
        f.message_of(batch_of(1, 2, 7, 8)) ==
        "Invalid sequence number for new epoch of producer 1 at offset 8 in partition t-0: 2 (request epoch), 7 (seq. "
        "number), 1 (current producer epoch)");
}

TEST_CASE(
    "behind the largest sequence comes 0 [testProducerSequenceWrapAround, testProducerSequenceInvalidWrapAround]") {
    Fixture f;
    REQUIRE(f.append(batch_of(1, 15, kMaxInt, 735), AppendOrigin::Replication) == ErrorCode::None);
    CHECK(f.append(15, 5, 736) == ErrorCode::OutOfOrderSequenceNumber);
    CHECK(f.append(15, 0, 736, 500) == ErrorCode::None);
    CHECK(f.manager.entry_of(1)->last_sequence() == 499);
    CHECK(increment_sequence(kMaxInt - 10, 20) == 9);
    CHECK(decrement_sequence(9, 20) == kMaxInt - 10);
}

TEST_CASE("a batch may itself go round [testProducerSequenceWithWrapAroundBatchRecord]") {
    Fixture f;
    REQUIRE(f.append(batch_of(1, 15, kMaxInt - 10, 2000, 21), AppendOrigin::Replication) == ErrorCode::None);
    const ProducerStateEntry& entry = *f.manager.entry_of(1);
    CHECK(entry.batches.front().first_sequence() == kMaxInt - 10);
    CHECK(entry.last_sequence() == 9);
    CHECK(entry.batches.front().first_offset() == 2000);
    CHECK(entry.last_data_offset() == 2020);
}

TEST_CASE("a producer that nobody knows may begin anywhere [testNoValidationOnFirstEntryWhenLoadingLog]") {
    Fixture f;
    CHECK(f.append(5, 16, 735) == ErrorCode::None);
    CHECK(f.manager.entry_of(1)->last_sequence() == 16);
    CHECK(f.manager.entry_of(1)->producer_epoch == 5);
}

TEST_CASE("the check alone changes nothing [testPrepareUpdateDoesNotMutate]") {
    Fixture f;
    REQUIRE(f.append(0, 0, 15) == ErrorCode::None);
    const ProducerStateEntry before = *f.manager.entry_of(1);
    const RecordBatch more[] = {batch_of(1, 0, 1, 16, 5), batch_of(1, 0, 6, 21)};
    const ProducerCheck check = f.manager.check(f.env, more, AppendOrigin::Client);
    REQUIRE(check.error == ErrorCode::None);
    CHECK(*f.manager.entry_of(1) == before);
    f.manager.update(check.updates);
    CHECK(f.manager.entry_of(1)->batches.size() == 3);
    CHECK(f.manager.entry_of(1)->last_sequence() == 6);
}

TEST_CASE("a replica takes gaps and old epochs as the leader had them [testAcceptAppendWithSequenceGapsOnReplica]") {
    Fixture f;
    REQUIRE(f.append(batch_of(1, 0, 0, 0), AppendOrigin::Replication) == ErrorCode::None);
    CHECK(f.append(batch_of(1, 0, 3, 1), AppendOrigin::Replication) == ErrorCode::None);
    CHECK(f.manager.entry_of(1)->last_sequence() == 3);
    CHECK(f.append(batch_of(2, 3, 77, 2), AppendOrigin::Replication) == ErrorCode::None);
    CHECK(f.append(batch_of(2, 2, 78, 3), AppendOrigin::Replication) == ErrorCode::None);
    CHECK(f.env.has_log("Epoch of producer 2 at offset 3 in t-0 is 2, which is smaller than the last seen epoch 3"));
}

TEST_CASE("the last five batches are known again, older ones look out of order") {
    Fixture f;
    for (int i = 0; i < 6; ++i) REQUIRE(f.append(0, 2 * i, 10 + 2 * i, 2) == ErrorCode::None);
    for (int i = 1; i < 6; ++i) {
        const RecordBatch again = batch_of(1, 0, 2 * i, 99, 2);
        const ProducerCheck check = f.manager.check(f.env, std::span(&again, 1), AppendOrigin::Client);
        REQUIRE(check.duplicate);
        CHECK(check.duplicate->first_offset() == 10 + 2 * i);
        CHECK(check.duplicate->last_offset == 11 + 2 * i);
    }
    CHECK(f.append(0, 0, 99, 2) == ErrorCode::OutOfOrderSequenceNumber);
    CHECK(f.append(0, 10, 99, 1) == ErrorCode::OutOfOrderSequenceNumber);  // begins as one, is shorter
}

TEST_CASE("a snapshot holds each producer's last batch [testTakeSnapshot]") {
    Fixture f;
    REQUIRE(f.append(0, 0, 0) == ErrorCode::None);
    REQUIRE(f.append(0, 1, 1) == ErrorCode::None);
    f.manager.take_snapshot(f.env);
    CHECK(f.manager.snapshots() == std::set<int64_t>{2});
    CHECK(
        f.env.has_log("[ProducerStateManager partition=t-0] Wrote producer snapshot at offset 2 with 1 producer ids "
                      "in 0 ms."));
    const std::string bytes = f.env.files.read_text("/tmp/k1/t-0/00000000000000000002.snapshot").value();
    CHECK(bytes.size() == 10 + 46);
    const auto read = decode_producer_snapshot(bytes);
    REQUIRE(read);
    REQUIRE(read.value().at(1).batches.size() == 1);
    CHECK(read.value().at(1).batches.front() == BatchMetadata{1, 1, 0, f.env.wall_clock().value});
}

TEST_CASE("an empty snapshot has ten bytes, and crc32c is Castagnoli's") {
    CHECK(encode_producer_snapshot({}).size() == 10);
    CHECK(crc32c("123456789") == 0xe3069283);
}

TEST_CASE("no second snapshot for the same offset [testSkipSnapshotIfOffsetUnchanged]") {
    Fixture f;
    REQUIRE(f.append(0, 0, 0) == ErrorCode::None);
    f.manager.take_snapshot(f.env);
    f.manager.take_snapshot(f.env);
    CHECK(f.env.count_logs("Wrote producer snapshot") == 1);
}

TEST_CASE(
    "snapshots out of the log's range go when it is truncated [testTruncateAndReloadRemovesOutOfRangeSnapshots]") {
    Fixture f;
    for (int i = 0; i < 5; ++i) {
        REQUIRE(f.append(0, i, i) == ErrorCode::None);
        f.manager.take_snapshot(f.env);
    }
    f.manager.truncate_and_reload(f.env, 1, 3);
    CHECK(f.manager.snapshots() == std::set<int64_t>{2, 3});
    CHECK(f.manager.map_end_offset() == 3);
    CHECK(f.manager.entry_of(1)->last_sequence() == 2);
    CHECK(f.env.has_log("Deleted producer state snapshot /tmp/k1/t-0/00000000000000000005.snapshot"));
}

TEST_CASE("a full truncation forgets everything [testTruncateFullyAndStartAt]") {
    Fixture f;
    for (int i = 0; i < 2; ++i) {
        REQUIRE(f.append(0, i, i) == ErrorCode::None);
        f.manager.take_snapshot(f.env);
    }
    f.manager.truncate_fully_and_start_at(f.env, 0);
    CHECK(f.manager.empty());
    CHECK(f.manager.snapshots().empty());
    REQUIRE(f.append(0, 0, 0) == ErrorCode::None);
    f.manager.take_snapshot(f.env);
    CHECK(f.manager.snapshots() == std::set<int64_t>{1});
}

TEST_CASE(
    "who has not written for long is not loaded, the others are "
    "[testRemoveExpiredPidsOnReload, testLoadFromSnapshotRetainsNonExpiredProducers]") {
    Fixture f;
    const int64_t now = f.env.wall_clock().value;
    REQUIRE(f.append(batch_of(1, 0, 0, 0, 1, now - 60000)) == ErrorCode::None);
    REQUIRE(f.append(batch_of(2, 0, 0, 1, 1, now - 59999)) == ErrorCode::None);
    f.manager.take_snapshot(f.env);
    ProducerStateManager other = f.reloaded(0, 2);
    CHECK(other.entry_of(1) == nullptr);
    REQUIRE(other.entry_of(2) != nullptr);
    CHECK(other.entry_of(2)->last_sequence() == 0);
    const RecordBatch again = batch_of(1, 0, 70, 2);  // unknown now: any sequence will do
    CHECK(other.check(f.env, std::span(&again, 1), AppendOrigin::Client).error == ErrorCode::None);
}

TEST_CASE("idle producers are forgotten [testPidExpirationTimeout]") {
    Fixture f;
    REQUIRE(f.append(batch_of(1, 0, 37, 1, 1, 1000)) == ErrorCode::None);
    f.manager.remove_expired(1000 + 59999);
    CHECK(f.manager.entry_of(1) != nullptr);
    f.manager.remove_expired(1000 + 60000);
    CHECK(f.manager.entry_of(1) == nullptr);
    CHECK(f.append(0, 99, 2) == ErrorCode::None);
}

TEST_CASE(
    "a damaged snapshot is removed and the one before it taken "
    "[testLoadFromEmptySnapshotFile, testLoadFromTruncatedSnapshotFile, testLoadFromCorruptSnapshotFile]") {
    const auto damage = [](std::string bytes, int how) {
        if (how == 0) return std::string();
        if (how == 1) return bytes.substr(0, bytes.size() / 2);
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        return bytes;
    };
    for (int how = 0; how < 3; ++how) {
        Fixture f;
        for (int i = 0; i < 2; ++i) {
            REQUIRE(f.append(0, i, i) == ErrorCode::None);
            f.manager.take_snapshot(f.env);
        }
        const std::string newest = "/tmp/k1/t-0/00000000000000000002.snapshot";
        f.env.files.write_text(newest, damage(f.env.files.read_text(newest).value(), how));
        ProducerStateManager other = f.reloaded(0, 3);
        CHECK_FALSE(f.env.files.exists(newest));
        CHECK(other.map_end_offset() == 1);
        CHECK(other.entry_of(1)->last_sequence() == 0);
    }
}

TEST_CASE(
    "of files that begin no segment only the newest one beyond all segments stays "
    "[testRemoveStraySnapshotsKeepCleanShutdownSnapshot, testRemoveAllStraySnapshots]") {
    struct Row {
        std::set<int64_t> segments;
        std::set<int64_t> left;
    };
    for (const Row& row : {Row{{}, {42}}, Row{{5, 2}, {2, 5, 42}}, Row{{5, 42}, {5, 42}}, Row{{2, 50}, {2}}}) {
        Fixture f;
        for (int64_t offset : {1, 2, 5, 42}) {
            f.manager.update_map_end_offset(offset);
            f.manager.take_snapshot(f.env);
        }
        f.manager.remove_stray_snapshots(f.env, row.segments);
        CHECK(f.manager.snapshots() == row.left);
    }
}

namespace {

/// A log, through its public face.
struct LogFixture {
    FakeEnv env;
    LogConfig config;
    Log log = Log::create(env, {TopicPartition{TopicName("t"), 0}, "/tmp/k1"}, Uuid::random_from(1, 2), config);

    AppendResult append(int32_t sequence, int count = 1, int64_t producer = 7, int16_t epoch = 0) {
        const int64_t now = env.wall_clock().value;
        return log.append_as_leader(env, RecordBatches(batch_of(producer, epoch, sequence, 0, count, now)), 0, now);
    }
    void reload(bool clean, int64_t recovery_point = 0) {
        if (clean) log.close(env);
        log = Log::load(env, {TopicPartition{TopicName("t"), 0}, "/tmp/k1"}, config, clean, recovery_point, 0);
    }
    int32_t last_sequence() const {
        const ProducerStateEntry* entry = log.producers().entry_of(7);
        return entry == nullptr ? -1 : entry->last_sequence();
    }
};

}  // namespace

TEST_CASE("a duplicate is answered with its old offsets and the log stays as it is") {
    LogFixture f;
    REQUIRE(f.append(0, 3).error == ErrorCode::None);
    REQUIRE(f.append(3, 2).first_offset == 3);
    const AppendResult again = f.append(0, 3);
    CHECK(again.error == ErrorCode::None);
    CHECK(again.duplicate);
    CHECK(again.first_offset == 0);
    CHECK(again.last_offset == 2);
    CHECK(f.log.log_end_offset() == 5);
    CHECK(f.append(9).error == ErrorCode::OutOfOrderSequenceNumber);
    CHECK(f.log.log_end_offset() == 5);
}

TEST_CASE("producers are known again after a clean stop, a crash and a truncation") {
    LogFixture f;
    for (int i = 0; i < 4; ++i) REQUIRE(f.append(i).error == ErrorCode::None);
    f.reload(true);
    CHECK(f.last_sequence() == 3);
    CHECK(f.append(3).duplicate);
    CHECK(f.append(1).error == ErrorCode::OutOfOrderSequenceNumber);  // a snapshot has only the last batch
    REQUIRE(f.append(4).error == ErrorCode::None);
    f.reload(false);
    CHECK(f.last_sequence() == 4);
    CHECK(f.append(1).error == ErrorCode::OutOfOrderSequenceNumber);  // recovery ends with a snapshot too
    f.log.truncate_to(f.env, 2);
    CHECK(f.last_sequence() == 1);
    CHECK(f.append(0).duplicate);  // no snapshot was left: from the batches themselves
    CHECK(f.append(2).first_offset == 2);
}

TEST_CASE("a rolled segment leaves a snapshot at its base") {
    LogFixture f;
    f.config.segment_bytes = 200;
    f.log.update_config(f.config);
    for (int i = 0; i < 6; ++i) REQUIRE(f.append(i).error == ErrorCode::None);
    REQUIRE(f.log.segments().size() > 1);
    const int64_t base = f.log.segments()[1].base_offset();
    CHECK(f.log.producers().snapshots().contains(base));
    CHECK(f.env.files.exists("/tmp/k1/t-0/" + segment_file(base, ".snapshot")));
    f.reload(false);
    CHECK(f.last_sequence() == 5);
}

TEST_CASE("a log forgets a producer at the first check after transactional.id.expiration.ms") {
    LogFixture f;
    f.config.producer_id_expiration_ms = 60000;
    f.reload(true);
    REQUIRE(f.append(0).error == ErrorCode::None);
    const auto pass = [&](Duration time) { f.env.advance(time, [](node::TimerId, node::Tag) {}); };
    pass(599s);
    CHECK(f.append(5).error == ErrorCode::OutOfOrderSequenceNumber);
    pass(2s);
    CHECK(f.append(5).error == ErrorCode::None);
}

TEST_CASE("a topic's compression.type decides the codec of what its leader stores") {
    using protocol::CompressionType;
    struct Row {
        std::optional<CompressionType> topic;
        CompressionType stored;
    };
    for (const Row& row : {Row{std::nullopt, CompressionType::Lz4}, Row{CompressionType::Gzip, CompressionType::Gzip},
                           Row{CompressionType::None, CompressionType::None}}) {
        LogFixture f;
        f.config.compression = row.topic;
        f.log.update_config(f.config);
        RecordBatch batch = batch_of(-1, -1, -1, 0);
        protocol::set_compression(batch, CompressionType::Lz4);
        REQUIRE(f.log.append_as_leader(f.env, RecordBatches(batch), 0, 0).error == ErrorCode::None);
        CHECK(protocol::compression_of(f.log.segments().back().batches().front()) == row.stored);
    }
}
