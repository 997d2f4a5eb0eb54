// SPDX-License-Identifier: Apache-2.0
// kafka-dump-log.sh over a segment with the records and times of a recorded one: to the letter, checksums included.
#include <nlohmann/json.hpp>

#include "core/tools/dump_log_command.hpp"
#include "tests/catch.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/fake_env.hpp"

using namespace kafkasim;
using test::FakeEnv;

namespace {

struct Given {
    int64_t timestamp_ms;
    std::optional<std::string> key;
    std::string value;
};

void write_batch(FakeEnv& env, int64_t base_offset, const std::vector<Given>& records) {
    protocol::RecordBatchBuilder builder;
    for (const Given& each : records) builder.append(each.timestamp_ms, each.key, each.value);
    protocol::RecordBatch batch = builder.build();
    batch.base_offset = base_offset;
    batch.partition_leader_epoch = 0;
    env.disk().append_batch("/tmp/kafka-logs1/orders-0/00000000000000000000.log", batch);
}

std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> words;
    std::istringstream stream(line);
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

std::string joined(const nlohmann::json& lines) {
    std::string text;
    for (const auto& line : lines) text += line.get<std::string>() + "\n";
    return text;
}

}  // namespace

TEST_CASE("the recorded segment is dumped as the real tool dumped it") {
    const auto recorded = nlohmann::json::parse(test::data_file("dump-log.json"));
    REQUIRE(recorded.size() == 9);
    for (const auto& each : recorded) {
        const std::string line = each["run"].get<std::string>();
        INFO(line);
        FakeEnv env;
        env.disk().make_directories("/tmp/kafka-logs1/orders-0");
        write_batch(env, 0, {{1795580979177, "a", "one"}, {1795580979182, "b", "two"}, {1795580979182, "c", "three"}});
        write_batch(env, 3, {{1795580979787, std::nullopt, "first"}, {1795580979794, std::nullopt, "second"}});
        write_batch(env, 5, {{1795580981603, std::nullopt, "third"}});
        for (const char* suffix : {".index", ".timeindex"})
            env.disk().write_text(std::string("/tmp/kafka-logs1/orders-0/00000000000000000000") + suffix, "");
        tools::DumpLogCommand command(words_of(line));
        command.start(env);
        CHECK(env.standard_output == each["stdout"].get<std::string>());
        CHECK(env.standard_error == joined(each["stderr"]));
        CHECK(env.exit_code == each["exit_code"].get<int>());
    }
}

TEST_CASE("gaps of a compacted log are told at the end") {
    FakeEnv env;
    env.disk().make_directories("/tmp/kafka-logs1/orders-0");
    write_batch(env, 0, {{1000, "a", "1"}});
    write_batch(env, 4, {{1000, "b", "1"}});
    write_batch(env, 9, {{1000, "c", "1"}});
    const std::string file = "/tmp/kafka-logs1/orders-0/00000000000000000000.log";
    tools::DumpLogCommand command({"kafka-dump-log", "--deep-iteration", "--files", file});
    command.start(env);
    CHECK(env.standard_error ==
          "Non-consecutive offsets in " + file + "\n  4 is followed by 9\n  0 is followed by 4\n");
    CHECK(env.exit_code == 0);
}

TEST_CASE("decoders that are not modelled are refused by name") {
    for (const char* option : {"--transaction-log-decoder", "--cluster-metadata-decoder"}) {
        FakeEnv env;
        tools::DumpLogCommand command({"kafka-dump-log", "--files", "0.log", option});
        command.start(env);
        CHECK(env.exit_code == tools::kNotModelled);
        CHECK(env.standard_error == std::string("kafkasim: kafka-dump-log.sh ") + option + " is not modelled yet\n");
    }
}
