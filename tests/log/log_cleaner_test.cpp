// SPDX-License-Identifier: Apache-2.0
// The cleaner at work on logs.
#include "core/log/log_cleaner.hpp"

#include <fmt/format.h>

#include "core/log/log_manager.hpp"
#include "tests/catch.hpp"
#include "tests/support/fake_env.hpp"

using namespace kafkasim;
using namespace kafkasim::log;
using test::FakeEnv;

namespace {

const TopicPartition kPartition{TopicName("t"), 0};

struct Compacted {
    FakeEnv env;
    LogManager manager{"/tmp/k"};
    LogConfig config;

    Compacted() {
        manager.start(env);
        config.compacted = true;
        config.deletes_old = false;
        config.segment_bytes = 140;  // two records of 70 bytes
        config.min_cleanable_ratio = 0;
        config.file_delete_delay_ms = 1000;
    }
    Log& log() { return manager.get_or_create(env, kPartition, Uuid{1, 1}, config); }
    void write(std::initializer_list<std::pair<const char*, const char*>> records) {
        for (const auto& [key, value] : records) {
            protocol::RecordBatchBuilder builder;
            const int64_t now_ms = env.wall_clock().value;
            builder.append(now_ms, std::string(key), value ? std::optional<std::string>(value) : std::nullopt);
            log().append_as_leader(env, protocol::RecordBatches(builder.build()), 0, now_ms);
        }
        log().update_high_watermark(env, log().log_end_offset());
    }
    std::string content() {
        std::string text;
        for (const protocol::RecordBatch& batch : log().read_all()) {
            for (const protocol::Record& record : batch.records())
                text += fmt::format("{}:{}={} ", batch.offset_of(record), *record.key, record.value.value_or("-"));
        }
        return text;
    }
    void clean() {
        env.log_lines.clear();
        manager.clean_logs(env);
    }
    bool logged(std::string_view part) const {
        for (const auto& line : env.log_lines) {
            if (line.text.find(part) != std::string::npos) return true;
        }
        return false;
    }
};

}  // namespace

TEST_CASE("cleaning keeps the last record of each key at its offset and leaves the active segment alone") {
    Compacted table;
    table.write({{"a", "1"}, {"b", "1"}, {"a", "2"}, {"c", "1"}, {"a", "3"}});
    table.clean();
    CHECK(table.content() == "1:b=1 2:a=2 3:c=1 4:a=3 ");
    CHECK(table.log().log_start_offset() == 0);
    CHECK(table.log().log_end_offset() == 5);
    CHECK(table.manager.cleaner()->checkpoint_of(kPartition) == 4);
    CHECK(table.env.files.read_text("/tmp/k/cleaner-offset-checkpoint") == "0\n1\nt 0 4\n");
    CHECK(table.logged("Cleaner 0: Building offset map for log t-0 for 2 segments in offset range [0, 4)."));
    CHECK(table.logged("25.0% size reduction (25.0% fewer messages)"));
    // A read that starts in a gap finds what comes next.
    CHECK(table.log().read(0, 1000, 5, true).front().base_offset == 1);
}

TEST_CASE("nothing is cleaned twice, and files show the cleaned log") {
    Compacted table;
    table.write({{"a", "1"}, {"a", "2"}, {"b", "1"}, {"b", "2"}, {"c", "1"}});
    table.clean();
    table.clean();
    CHECK_FALSE(table.logged("Beginning cleaning"));
    LogManager again("/tmp/k");
    again.start(table.env);
    const Log* log = again.find(kPartition);
    REQUIRE(log);
    CHECK(log->log_end_offset() == 5);
    CHECK(log->read_all().record_count() == 3);
    CHECK(again.cleaner()->checkpoint_of(kPartition) == 4);
}

TEST_CASE("a log waits until enough of it is dirty") {
    Compacted table;
    table.config.min_cleanable_ratio = kWhole / 2;
    table.write({{"a", "1"}, {"b", "1"}, {"c", "1"}, {"d", "1"}, {"e", "1"}});
    table.clean();  // never cleaned: all of it is dirty
    table.write({{"f", "1"}, {"g", "1"}});
    table.clean();
    CHECK_FALSE(table.logged("Beginning cleaning"));
    table.write({{"h", "1"}, {"i", "1"}, {"j", "1"}, {"k", "1"}});
    table.clean();
    CHECK(table.logged("Beginning cleaning of log t-0."));
}

TEST_CASE("a tombstone goes delete.retention.ms after it was cleaned") {
    Compacted table;
    table.config.delete_retention_ms = 1000;
    table.write({{"a", "1"}, {"a", nullptr}, {"b", "1"}});
    table.clean();
    CHECK(table.content() == "1:a=- 2:b=1 ");
    table.env.time += 5s;
    table.write({{"b", "2"}, {"c", "1"}, {"d", "1"}, {"e", "1"}, {"f", "1"}});
    table.clean();
    CHECK(table.content() == "1:a=- 3:b=2 4:c=1 5:d=1 6:e=1 7:f=1 ");
    table.write({{"g", "1"}, {"h", "1"}, {"i", "1"}});
    table.clean();
    CHECK(table.content() == "3:b=2 4:c=1 5:d=1 6:e=1 7:f=1 8:g=1 9:h=1 10:i=1 ");
}

TEST_CASE("nothing beyond the high watermark is cleaned") {
    Compacted table;
    table.write({{"a", "1"}, {"a", "2"}, {"a", "3"}, {"a", "4"}, {"a", "5"}});
    Log& log = table.log();
    log.update_high_watermark(table.env, 1);
    table.clean();
    CHECK(table.content().starts_with("0:a=1 1:a=2 "));
    log.update_high_watermark(table.env, 2);
    table.clean();
    CHECK(table.content() == "1:a=2 2:a=3 3:a=4 4:a=5 ");
}

TEST_CASE("a truncated log is dirty from where it was cut") {
    Compacted table;
    table.write({{"a", "1"}, {"b", "1"}, {"c", "1"}, {"d", "1"}, {"e", "1"}});
    table.clean();
    REQUIRE(table.manager.cleaner()->checkpoint_of(kPartition) == 4);
    table.log().truncate_to(table.env, 3);
    table.write({{"a", "2"}, {"b", "2"}, {"c", "2"}});
    table.clean();
    CHECK(table.logged("in offset range [3, "));
}

TEST_CASE("a deleted log has no checkpoint") {
    Compacted table;
    table.write({{"a", "1"}, {"a", "2"}, {"b", "1"}});
    table.clean();
    table.manager.async_delete(table.env, kPartition);
    CHECK(table.env.files.read_text("/tmp/k/cleaner-offset-checkpoint") == "0\n0\n");
}

TEST_CASE("a percentage has one digit, rounded") {
    CHECK(percent_less(220, 248) == "11.3");
    CHECK(percent_less(4, 7) == "42.9");
    CHECK(percent_less(0, 8) == "100.0");
    CHECK(percent_less(8, 8) == "0.0");
    CHECK(percent_less(0, 0) == "NaN");
}
