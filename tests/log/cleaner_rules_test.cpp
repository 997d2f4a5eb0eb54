// SPDX-License-Identifier: Apache-2.0
// The decisions of compaction as tables.
#include "core/log/cleaner_rules.hpp"

#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::log;

namespace {

protocol::RecordBatch keyed(int64_t offset, std::initializer_list<std::pair<std::string, const char*>> records,
                            int64_t timestamp_ms = 1000) {
    protocol::RecordBatchBuilder builder;
    for (const auto& [key, value] : records) {
        builder.append(timestamp_ms++, key.empty() ? std::nullopt : std::optional(key),
                       value ? std::optional<std::string>(value) : std::nullopt);
    }
    protocol::RecordBatch batch = builder.build();
    batch.base_offset = offset;
    return batch;
}

/// Segments of one record each at these timestamps, the last one active.
std::vector<LogSegment> segments_at(std::initializer_list<int64_t> timestamps) {
    std::vector<LogSegment> segments;
    for (int64_t timestamp : timestamps) {
        const auto offset = static_cast<int64_t>(segments.size());
        const protocol::RecordBatch batch = keyed(offset, {{"k", "v"}}, timestamp);
        segments.emplace_back(offset, timestamp).append(std::span(&batch, 1), 4096, timestamp);
    }
    return segments;
}

}  // namespace

TEST_CASE("a log is cleaned from its checkpoint to the active segment, the last stable offset or what is too young") {
    const auto segments = segments_at({100, 200, 300, 400});
    using enum CleanerCheckpoint;
    struct Case {
        std::string what;
        LogBounds bounds;
        std::optional<int64_t> checkpoint;
        int64_t min_lag;
        CleanableOffsets expected;
    };
    const Case cases[] = {
        {"never cleaned", {0, 4, 4}, std::nullopt, 0, {0, 3, Valid}},
        {"never cleaned, does not begin at 0", {1, 4, 4}, std::nullopt, 0, {1, 3, Valid}},
        {"goes on where it was", {0, 4, 4}, 2, 0, {2, 3, Valid}},
        {"everything is clean", {0, 4, 4}, 3, 0, {3, 3, Valid}},
        {"not beyond the last stable offset", {0, 4, 1}, std::nullopt, 0, {0, 1, Valid}},
        {"the checkpoint is below the start", {2, 4, 4}, 1, 0, {2, 3, BelowStart}},
        {"the checkpoint is beyond the end", {0, 4, 4}, 9, 0, {0, 3, BeyondEnd}},
        {"younger than the least lag", {0, 4, 4}, std::nullopt, 250, {0, 2, Valid}},
        {"exactly the least lag old", {0, 4, 4}, std::nullopt, 200, {0, 3, Valid}},
        {"nothing is old enough", {0, 4, 4}, std::nullopt, 1000, {0, 0, Valid}},
    };
    for (const Case& each : cases) {
        INFO(each.what);
        CHECK(cleanable_offsets(segments, each.bounds, each.checkpoint, each.min_lag, 500) == each.expected);
    }
}

TEST_CASE("the oldest dirty segment is overdue after max.compaction.lag.ms") {
    const auto segments = segments_at({100, 200, 300});
    CHECK(max_compaction_delay(segments, 0, LogConfig::kNever, 5000) == 0);
    CHECK(max_compaction_delay(segments, 0, 400, 500) == 0);
    CHECK(max_compaction_delay(segments, 0, 300, 500) == 100);
    CHECK(max_compaction_delay(segments, 1, 300, 600) == 100);
    CHECK(max_compaction_delay(segments, 2, 1, 5000) == 0);  // only the active one is left
}

TEST_CASE("a log is worth cleaning by its dirty share, or when it is overdue") {
    const auto segments = segments_at({100, 200, 300, 400});
    const int64_t one = segments.front().size();
    const LogToClean half = log_to_clean(segments, {1, 3, CleanerCheckpoint::Valid}, false);
    CHECK(half == LogToClean{1, 3, one, 2 * one, false});
    CHECK(is_cleanable(half, kWhole / 2));
    CHECK(is_cleanable(half, kWhole / 3 * 2));
    CHECK_FALSE(is_cleanable(half, kWhole / 3 * 2 + 1));
    const LogToClean clean = log_to_clean(segments, {3, 3, CleanerCheckpoint::Valid}, false);
    CHECK(clean.cleanable_bytes == 0);
    CHECK_FALSE(is_cleanable(clean, 0));
    CHECK_FALSE(is_cleanable(log_to_clean(segments, {3, 3, CleanerCheckpoint::Valid}, true), kWhole));
    CHECK(is_cleanable(log_to_clean(segments, {2, 3, CleanerCheckpoint::Valid}, true), kWhole));
    CHECK(is_filthier(half, clean));
    CHECK_FALSE(is_filthier(half, half));
}

TEST_CASE("neighbours become one segment as far as they fit") {
    const auto segments = segments_at({1, 2, 3, 4, 5});
    const int64_t one = segments.front().size();
    CHECK(group_segments(segments, 2 * one, 1000) == std::vector<SegmentGroup>{{0, 2}, {2, 4}, {4, 5}});
    CHECK(group_segments(segments, 10 * one, 1000) == std::vector<SegmentGroup>{{0, 5}});
    CHECK(group_segments(segments, one / 2, 1000).size() == 5);
    CHECK(group_segments({}, 1000, 1000).empty());
}

TEST_CASE("the last record of each key survives, a tombstone for a while") {
    OffsetMap map;
    map.add(keyed(0, {{"a", "1"}, {"b", "1"}, {"a", "2"}, {"c", nullptr}, {"", "no key"}}), 0);
    CHECK(map.latest_offset == 4);
    const protocol::RecordBatch batch =
        keyed(0, {{"a", "1"}, {"b", "1"}, {"a", "2"}, {"c", nullptr}, {"", "no key"}, {"a", "beyond the map"}});
    const std::vector<bool> retaining{false, true, true, true, false, true};
    const std::vector<bool> discarding{false, true, true, false, false, true};
    for (size_t i = 0; i < batch.records().size(); ++i) {
        INFO(i);
        CHECK(is_retained(batch, batch.records()[i], map, true) == retaining[i]);
        CHECK(is_retained(batch, batch.records()[i], map, false) == discarding[i]);
    }
}

TEST_CASE("what was clean already is not put into the map") {
    OffsetMap map;
    map.add(keyed(0, {{"a", "1"}, {"b", "1"}}), 1);
    CHECK(map.last_offsets.size() == 1);
    CHECK(map.last_offsets.contains("b"));
}

TEST_CASE("a cleaned batch keeps its offsets, and its times count from the first record left") {
    OffsetMap map;
    const protocol::RecordBatch batch = keyed(10, {{"a", "1"}, {"b", "1"}, {"a", "2"}, {"b", "2"}, {"c", "1"}});
    map.add(batch, 0);
    map.add(keyed(15, {{"c", "2"}}), 0);
    const auto cleaned = cleaned_batch(batch, map, true, false);
    REQUIRE(cleaned);
    CHECK(cleaned->base_offset == 10);
    CHECK(cleaned->last_offset() == 14);
    REQUIRE(cleaned->record_count() == 2);
    CHECK(cleaned->offset_of(cleaned->records()[0]) == 12);
    CHECK(cleaned->timestamp_ms_of(cleaned->records()[0]) == 1002);
    CHECK(cleaned->records()[0].timestamp_delta == 0);
    CHECK(cleaned->max_timestamp_ms == 1003);
    CHECK(cleaned_batch(keyed(15, {{"c", "2"}}), map, true, false) == keyed(15, {{"c", "2"}}));
    const protocol::RecordBatch old = keyed(3, {{"a", "0"}});
    CHECK_FALSE(cleaned_batch(old, map, true, false));
    const auto header = cleaned_batch(old, map, true, true);
    REQUIRE(header);
    CHECK(header->record_count() == 0);
    CHECK(header->last_offset() == 3);
}
