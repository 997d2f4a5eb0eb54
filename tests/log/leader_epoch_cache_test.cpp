// SPDX-License-Identifier: Apache-2.0
// Spec 03 section 1.5, row by row. Names after Kafka 3.0.0: LeaderEpochFileCacheTest.
#include "core/log/leader_epoch_cache.hpp"

#include "tests/catch.hpp"

using namespace kafkasim::log;

namespace {

LeaderEpochCache cache_of(std::vector<EpochEntry> entries) {
    LeaderEpochCache cache;
    for (const EpochEntry& entry : entries) cache.assign(entry.epoch, entry.start_offset);
    return cache;
}

}  // namespace

TEST_CASE("end_offset_for answers every row of the table") {
    struct Row {
        const char* claim;
        std::vector<EpochEntry> entries;
        int32_t requested;
        int64_t log_end_offset;
        EpochEndOffset answer;
    };
    const std::vector<Row> rows{
        {"undefined epoch in, undefined out", {{2, 11}}, -1, 20, {-1, -1}},
        {"the latest epoch ends at the log end", {{2, 11}}, 2, 20, {2, 20}},
        {"an empty cache knows nothing", {}, 0, 7, {-1, -1}},
        {"an epoch newer than all is unknown", {{1, 5}, {2, 9}}, 3, 20, {-1, -1}},
        {"an epoch older than all ends where the first begins", {{5, 11}, {6, 12}}, 4, 13, {4, 11}},
        {"a known older epoch ends where the next begins", {{1, 11}, {2, 15}, {3, 18}}, 1, 20, {1, 15}},
        {"a gap is answered with the epoch below it", {{0, 10}, {2, 13}, {4, 17}}, 3, 20, {2, 17}},
        {"next available epoch when there is no exact one", {{2, 6}, {4, 7}}, 3, 9, {2, 7}},
        {"the epoch before the latest", {{2, 6}, {3, 6 + 2}}, 2, 9, {2, 8}},
    };
    for (const Row& row : rows) {
        INFO(row.claim);
        CHECK(cache_of(row.entries).end_offset_for(row.requested, row.log_end_offset) == row.answer);
    }
}

TEST_CASE("assign keeps epochs and offsets strictly increasing") {
    struct Row {
        const char* claim;
        std::vector<EpochEntry> assigned;
        std::vector<EpochEntry> kept;
    };
    const std::vector<Row> rows{
        {"should add epoch and message offset to cache", {{2, 10}}, {{2, 10}}},
        {"should not overwrite offset for a leader epoch once it has been assigned", {{2, 6}, {2, 7}}, {{2, 6}}},
        {"should allow leader epoch to change even if offset does not", {{2, 9}, {3, 9}}, {{3, 9}}},
        {"should not overwrite offset even for epoch 0", {{0, 0}, {0, 5}}, {{0, 0}}},
        {"an earlier offset of the latest epoch replaces it", {{1, 3}, {2, 6}, {2, 5}}, {{1, 3}, {2, 5}}},
        {"should drop entries on epoch boundary when truncating with a smaller epoch",
         {{1, 5}, {2, 6}, {1, 7}},
         {{1, 7}}},
        {"an entry with a higher offset goes", {{1, 5}, {2, 10}, {3, 8}}, {{1, 5}, {3, 8}}},
        {"negative epochs and offsets are not recorded", {{-1, 4}, {1, -1}}, {}},
    };
    for (const Row& row : rows) {
        INFO(row.claim);
        CHECK(cache_of(row.assigned).entries() == row.kept);
    }
}

TEST_CASE("assign reports what it removed") {
    LeaderEpochCache cache = cache_of({{1, 5}, {2, 6}, {3, 9}});
    const auto assignment = cache.assign(4, 6);
    CHECK(assignment.changed);
    CHECK(assignment.removed == std::vector<EpochEntry>{{2, 6}, {3, 9}});
    CHECK_FALSE(cache.assign(4, 8).changed);
}

TEST_CASE("truncation drops entries at and beyond the offset") {
    struct Row {
        const char* claim;
        int64_t offset;
        std::vector<EpochEntry> from_end;
        std::vector<EpochEntry> from_start;
    };
    const std::vector<EpochEntry> all{{2, 6}, {3, 8}, {4, 11}};
    const std::vector<Row> rows{
        {"should clear latest on exact match", 11, {{2, 6}, {3, 8}}, {{4, 11}}},
        {"should clear earliest on exact match", 8, {{2, 6}}, {{3, 8}, {4, 11}}},
        {"should update offset between epoch boundaries on clear earliest", 9, {{2, 6}, {3, 8}}, {{3, 9}, {4, 11}}},
        {"should clear nothing when offset is before the first", 1, {}, all},
        {"should retain only the latest epoch on clear all earliest", 12, all, {{4, 12}}},
        {"nothing to do at the first entry's own offset", 6, {}, all},
    };
    for (const Row& row : rows) {
        INFO(row.claim);
        LeaderEpochCache end = cache_of(all);
        CHECK(end.truncate_from_end(row.offset) == (row.from_end != all));
        CHECK(end.entries() == row.from_end);
        LeaderEpochCache start = cache_of(all);
        CHECK(start.truncate_from_start(row.offset) == (row.from_start != all));
        CHECK(start.entries() == row.from_start);
    }
}

TEST_CASE("the epoch of an offset is that of the entry below it") {
    const LeaderEpochCache cache = cache_of({{2, 6}, {4, 11}});
    CHECK(cache.epoch_of(5) == std::nullopt);
    CHECK(cache.epoch_of(6) == 2);
    CHECK(cache.epoch_of(10) == 2);
    CHECK(cache.epoch_of(11) == 4);
    CHECK(cache.previous_epoch_than(4) == EpochEntry{2, 6});
    CHECK(cache.previous_epoch_than(2) == std::nullopt);
}

TEST_CASE("the checkpoint has Kafka's form and is read back") {
    const LeaderEpochCache cache = cache_of({{0, 0}, {3, 12}});
    CHECK(cache.encode() == "0\n2\n0 0\n3 12\n");
    CHECK(LeaderEpochCache::decode(cache.encode()) == cache);
    CHECK(LeaderEpochCache::decode("").empty());
    CHECK(LeaderEpochCache::decode("0\n2\n1 5\ngarbage\n2 7\n").entries() == std::vector<EpochEntry>{{1, 5}});
}
