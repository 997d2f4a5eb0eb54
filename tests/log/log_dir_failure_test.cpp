// SPDX-License-Identifier: Apache-2.0
// What logs and their manager do when a write does not get to the disk.
// Kafka 3.0.0: kafka.log.LogTest.testAppendToOrReadFromLogInFailedLogDir, kafka.log.LogManagerTest.
#include "core/log/log_dir_failure.hpp"

#include "core/config/topic_config.hpp"
#include "core/log/log_manager.hpp"
#include "tests/catch.hpp"
#include "tests/log/one_record.hpp"
#include "tests/support/fake_env.hpp"

using namespace kafkasim;
using kafkasim::log::LogConfig;
using kafkasim::log::LogManager;
using test::FakeEnv;
using test::one_record;

namespace {

const TopicPartition kPartition{TopicName("t"), 0};
const Uuid kTopicId = Uuid::random_from(3, 4);

TopicPartition partition(int32_t number) { return {TopicName("t"), number}; }

}  // namespace

TEST_CASE("what does not get to the disk is not in the log") {
    FakeEnv env;
    LogManager manager("/a");
    manager.start(env);
    log::Log& log = manager.get_or_create(env, kPartition, kTopicId, LogConfig{});
    REQUIRE(log.append_as_leader(env, one_record(), 0, 0).error == ErrorCode::None);
    env.files.broken = "/a";
    const log::AppendResult refused = log.append_as_leader(env, one_record(), 0, 0);
    CHECK(refused.error == ErrorCode::KafkaStorageError);
    CHECK(refused.first_offset == -1);
    CHECK(log.log_end_offset() == 1);
    CHECK(log.read_all().size() == 1);
    CHECK(env.has_log("Error while appending records to t-0 in dir /a\njava.io.IOException: Input/output error"));
    const size_t lines = env.log_lines.size();
    CHECK(log.append_as_leader(env, one_record(), 0, 0).error == ErrorCode::KafkaStorageError);
    CHECK(env.log_lines.size() == lines);  // the dir is offline already: nothing is tried
}

TEST_CASE("a leader epoch that does not get to the disk refuses its records") {
    FakeEnv env;
    LogManager manager("/a");
    manager.start(env);
    log::Log& log = manager.get_or_create(env, kPartition, kTopicId, LogConfig{});
    env.files.broken = "/a/t-0/leader-epoch-checkpoint";
    CHECK(log.append_as_leader(env, one_record(), 7, 0).error == ErrorCode::KafkaStorageError);
    CHECK(env.has_log("Error while writing to checkpoint file /a/t-0/leader-epoch-checkpoint"));
    CHECK_FALSE(env.has_log("Error while appending"));
}

TEST_CASE("a flush that fails leaves the recovery point where it was") {
    FakeEnv env;
    LogManager manager("/a");
    manager.start(env);
    log::Log& log = manager.get_or_create(env, kPartition, kTopicId, LogConfig{});
    log.append_as_leader(env, one_record(), 0, 0);
    env.files.broken = "/a";
    log.flush(env);
    CHECK(log.recovery_point() == 0);
    CHECK(env.has_log("Error while flushing log for t-0 in dir /a with offset 1"));
}

TEST_CASE("of two dirs the one that failed goes with its logs, the other stays") {
    FakeEnv env;
    LogManager manager("/a,/b");
    manager.start(env);
    for (int32_t i = 0; i < 4; ++i) manager.get_or_create(env, partition(i), kTopicId, LogConfig{});
    REQUIRE(manager.find(partition(1))->log_dir() == "/b");
    CHECK_FALSE(manager.newly_failed_dir(env));
    env.files.broken = "/b";
    manager.checkpoint_recovery_points(env);
    CHECK(
        env.has_log("Error while writing to checkpoint file /b/recovery-point-offset-checkpoint\n"
                    "java.io.FileNotFoundException: /b/recovery-point-offset-checkpoint.tmp (Input/output error)"));
    REQUIRE(manager.newly_failed_dir(env) == "/b");
    CHECK(manager.handle_log_dir_failure(env, "/b"));
    CHECK_FALSE(manager.newly_failed_dir(env));
    CHECK(manager.find(partition(0)) != nullptr);
    CHECK(manager.find(partition(1)) == nullptr);
    CHECK(
        env.has_log("Logs for partitions t-1,t-3 are offline and logs for future partitions  are offline due to "
                    "failure on log directory /b"));

    std::string why_not;
    const config::TopicConfig config;
    CHECK(manager.create_if_possible(env, partition(1), kTopicId, config, false, why_not) == nullptr);
    CHECK(why_not == "Can not create log for t-1 because log directories /b are offline");
    const log::Log* fresh = manager.create_if_possible(env, partition(5), kTopicId, config, true, why_not);
    REQUIRE(fresh != nullptr);
    CHECK(fresh->log_dir() == "/a");

    manager.shutdown(env);
    CHECK(env.files.read_text("/a/.kafka_cleanshutdown"));
    CHECK_FALSE(env.files.read_text("/b/.kafka_cleanshutdown"));
}

TEST_CASE("a log whose folder cannot be made goes to the next dir") {
    FakeEnv env;
    LogManager manager("/a,/b");
    manager.start(env);
    env.files.broken = "/a";
    std::string why_not;
    const log::Log* log = manager.create_if_possible(env, kPartition, kTopicId, config::TopicConfig{}, true, why_not);
    REQUIRE(log != nullptr);
    CHECK(log->log_dir() == "/b");
    CHECK(env.has_log("Error while creating log for t-0 in dir /a"));
}

TEST_CASE("without any dir the manager cannot live") {
    FakeEnv env;
    LogManager manager("/a,/b");
    manager.start(env);
    CHECK(manager.handle_log_dir_failure(env, "/a"));
    CHECK_FALSE(manager.handle_log_dir_failure(env, "/b"));
    CHECK(env.has_log("Shutdown broker because all log dirs in /a, /b have failed"));
}

TEST_CASE("a dir that cannot be used at the start is left out; without any there is no start") {
    FakeEnv env;
    LogManager first("/a,/b");
    first.start(env);
    env.files.broken = "/b";
    LogManager manager("/a,/b");
    CHECK(LogManager::can_be_read(env, "/a"));
    CHECK_FALSE(LogManager::can_be_read(env, "/b"));
    CHECK(manager.start(env));
    CHECK(manager.live_log_dirs() == std::vector<std::string>{"/a"});
    CHECK(
        env.has_log("Failed to create or validate data directory /b\n"
                    "java.io.IOException: Failed to load /b during broker startup"));
    CHECK(env.has_log("Loading logs from log dirs ArrayBuffer(/a)"));

    LogManager alone("/b");
    LogManager::can_be_read(env, "/b");
    CHECK_FALSE(alone.start(env));
    CHECK(env.has_log("none of the specified log dirs from /b can be created or validated"));
}

TEST_CASE("a log is flushed when flush.ms have passed since it last was") {
    FakeEnv env;
    LogManager manager("/a");
    manager.start(env);
    LogConfig config;
    config.flush_ms = 10000;
    log::Log& log = manager.get_or_create(env, kPartition, kTopicId, config);
    log::Log& never = manager.get_or_create(env, partition(1), kTopicId, LogConfig{});
    log.append_as_leader(env, one_record(), 0, 0);
    never.append_as_leader(env, one_record(), 0, 0);
    env.advance(9s, [](node::TimerId, node::Tag) {});
    manager.flush_dirty_logs(env);
    CHECK(log.recovery_point() == 0);
    env.advance(1s, [](node::TimerId, node::Tag) {});
    manager.flush_dirty_logs(env);
    CHECK(log.recovery_point() == 1);
    CHECK(never.recovery_point() == 0);
}
