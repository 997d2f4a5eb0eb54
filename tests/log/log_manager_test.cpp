// SPDX-License-Identifier: Apache-2.0
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

const TopicPartition kPartition{TopicName("my-kafka-topic"), 1};
const Uuid kTopicId = Uuid::random_from(3, 4);

LogManager with_one_record(FakeEnv& env) {
    LogManager manager("/tmp/kafka-logs1");
    manager.start(env);
    manager.get_or_create(env, kPartition, kTopicId, LogConfig{}).append_as_leader(env, one_record(), 0, 0);
    return manager;
}

std::vector<std::string> folders(FakeEnv& env) {
    std::vector<std::string> names;
    const auto listed = env.files.list("/tmp/kafka-logs1");
    for (const std::string& name : *listed) {
        if (env.files.is_directory("/tmp/kafka-logs1/" + name)) names.push_back(name);
    }
    return names;
}

}  // namespace

TEST_CASE("a first start makes the folder and finds nothing") {
    FakeEnv env;
    LogManager manager("/tmp/kafka-logs1");
    manager.start(env);
    CHECK(env.files.is_directory("/tmp/kafka-logs1"));
    CHECK(env.has_log("Loading logs from log dirs ArraySeq(/tmp/kafka-logs1)"));
    CHECK(env.has_log("Attempting recovery for all logs in /tmp/kafka-logs1 since no clean shutdown file was found"));
    CHECK(env.has_log("Loaded 0 logs in 0ms."));
}

TEST_CASE("a clean shutdown leaves checkpoints and a marker that the next start takes away") {
    FakeEnv env;
    LogManager manager = with_one_record(env);
    manager.find(kPartition)->update_high_watermark(env, 1);
    manager.shutdown(env);
    CHECK(env.files.read_text("/tmp/kafka-logs1/replication-offset-checkpoint") == "0\n1\nmy-kafka-topic 1 1\n");
    CHECK(env.files.read_text("/tmp/kafka-logs1/recovery-point-offset-checkpoint") == "0\n1\nmy-kafka-topic 1 1\n");
    CHECK(env.files.read_text("/tmp/kafka-logs1/log-start-offset-checkpoint") == "0\n0\n");

    LogManager again("/tmp/kafka-logs1");
    again.start(env);
    CHECK(env.has_log("Skipping recovery for all logs in /tmp/kafka-logs1 since clean shutdown file was found"));
    CHECK(env.has_log("Completed load of Log(dir=/tmp/kafka-logs1/my-kafka-topic-1, topicId=" + kTopicId.text() +
                      ", topic=my-kafka-topic, partition=1, highWatermark=0, lastStableOffset=0, logStartOffset=0, "
                      "logEndOffset=1) with 1 segments in 0ms (1/1 loaded in "
                      "/tmp/kafka-logs1)"));
    CHECK_FALSE(env.files.exists("/tmp/kafka-logs1/.kafka_cleanshutdown"));
    CHECK(again.checkpointed_high_watermark(env, kPartition) == 1);
    CHECK(again.find(kPartition)->log_end_offset() == 1);
}

TEST_CASE("after a crash the records are there and the high watermark is the one last checkpointed") {
    FakeEnv env;
    with_one_record(env);
    LogManager again("/tmp/kafka-logs1");
    again.start(env);
    CHECK(env.has_log("[LogLoader partition=my-kafka-topic-1, dir=/tmp/kafka-logs1] Recovering unflushed segment 0"));
    CHECK(again.find(kPartition)->log_end_offset() == 1);
    CHECK(again.checkpointed_high_watermark(env, kPartition) == std::nullopt);
}

TEST_CASE("a deleted log is renamed at once and removed after a minute") {
    FakeEnv env;
    LogManager manager = with_one_record(env);
    manager.async_delete(env, kPartition);
    CHECK(manager.find(kPartition) == nullptr);
    CHECK_FALSE(env.files.exists("/tmp/kafka-logs1/my-kafka-topic-1"));
    CHECK(folders(env).size() == 1);
    CHECK(env.has_log("Log for partition my-kafka-topic-1 is renamed to /tmp/kafka-logs1/my-kafka-topic-1."));
    env.time += 59s;
    manager.delete_renamed_logs(env);
    CHECK(folders(env).size() == 1);
    env.time += 1s;
    manager.delete_renamed_logs(env);
    CHECK(folders(env).empty());
    CHECK(manager.next_deletion() == std::nullopt);
}

TEST_CASE("new logs go to the dir with the fewest") {
    FakeEnv env;
    LogManager manager("/tmp/a, /tmp/b");
    manager.start(env);
    for (int32_t partition : {0, 1, 2}) manager.get_or_create(env, {TopicName("t"), partition}, kTopicId, LogConfig{});
    CHECK(manager.find({TopicName("t"), 0})->log_dir() == "/tmp/a");
    CHECK(manager.find({TopicName("t"), 1})->log_dir() == "/tmp/b");
    CHECK(manager.find({TopicName("t"), 2})->log_dir() == "/tmp/a");
    manager.checkpoint_high_watermarks(env, {{{TopicName("t"), 0}, 5}, {{TopicName("t"), 1}, 6}});
    CHECK(env.files.read_text("/tmp/b/replication-offset-checkpoint") == "0\n1\nt 1 6\n");
}

TEST_CASE("a folder's name says which partition it is, or none") {
    CHECK(log::partition_of_dir("my-kafka-topic-1") == kPartition);
    CHECK(log::partition_of_dir("__consumer_offsets-49")->partition == 49);
    CHECK(log::partition_of_dir("plain") == std::nullopt);
    CHECK(log::partition_of_dir("-1") == std::nullopt);
    CHECK(log::partition_of_dir("t-x") == std::nullopt);
}
