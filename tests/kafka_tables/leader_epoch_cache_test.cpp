// SPDX-License-Identifier: Apache-2.0
// The 38 cases of Kafka 3.0.0's LeaderEpochFileCacheTest, by their names, against core/log/leader_epoch_cache.
// A row is a list of steps; each step does something to the cache or says what it must answer now.
#include <string>
#include <variant>
#include <vector>

#include "core/log/leader_epoch_cache.hpp"
#include "tests/catch.hpp"

using namespace kafkasim::log;

namespace {

// What is done.
struct Assign {
    int32_t epoch;
    int64_t offset;
};
struct TruncateFromEnd {
    int64_t offset;
};
struct TruncateFromStart {
    int64_t offset;
};
struct Clear {};
struct Reload {};  // written to `leader-epoch-checkpoint` and read by another cache
// What must be so.
struct Latest {
    std::optional<int32_t> epoch;
};
struct Previous {
    std::optional<int32_t> epoch;  // the one before the latest
};
struct Entries {
    std::vector<EpochEntry> entries;
};
struct EndOffset {
    int32_t requested;
    int64_t log_end_offset;
    EpochEndOffset answer;
};

using Step =
    std::variant<Assign, TruncateFromEnd, TruncateFromStart, Clear, Reload, Latest, Previous, Entries, EndOffset>;

struct Row {
    std::string name;
    std::vector<Step> steps;
};

constexpr EpochEndOffset kUndefined{kUndefinedEpoch, kUndefinedEpochOffset};

/// Three epochs that most cases of truncation begin with, then `rest`.
std::vector<Step> three_epochs_then(std::vector<Step> rest) {
    std::vector<Step> steps{Assign{2, 6}, Assign{3, 8}, Assign{4, 11}};
    steps.insert(steps.end(), rest.begin(), rest.end());
    return steps;
}

// clang-format off
const std::vector<Row> kRows = {
    {"testPreviousEpoch",
     {Previous{std::nullopt}, Assign{2, 10}, Previous{std::nullopt}, Assign{4, 15}, Previous{2}, Assign{10, 20}, Previous{4},
      TruncateFromEnd{18}, Previous{2}}},
    {"shouldAddEpochAndMessageOffsetToCache",
     {Assign{2, 10}, Latest{2}, Entries{{{2, 10}}}, EndOffset{2, 11, {2, 11}}}},
    {"shouldReturnLogEndOffsetIfLatestEpochRequested",
     {Assign{2, 11}, Assign{2, 12}, EndOffset{2, 14, {2, 14}}}},
    {"shouldReturnUndefinedOffsetIfUndefinedEpochRequested",
     {Assign{2, 11}, Assign{3, 12}, EndOffset{-1, 0, kUndefined}}},
    {"shouldNotOverwriteLogEndOffsetForALeaderEpochOnceItHasBeenAssigned",
     {Assign{2, 9}, Assign{2, 10}, Entries{{{2, 9}}}}},
    {"shouldEnforceMonotonicallyIncreasingStartOffsets",
     {Assign{2, 9}, Assign{3, 9}, Entries{{{3, 9}}}}},
    {"shouldNotOverwriteOffsetForALeaderEpochOnceItHasBeenAssigned",
     {Assign{2, 6}, Assign{2, 10}, Entries{{{2, 6}}}}},
    {"shouldReturnUnsupportedIfNoEpochRecorded",
     {EndOffset{0, 0, kUndefined}}},
    {"shouldReturnUnsupportedIfNoEpochRecordedAndUndefinedEpochRequested",
     {EndOffset{-1, 73, kUndefined}}},
    {"shouldReturnFirstEpochIfRequestedEpochLessThanFirstEpoch",
     {Assign{5, 11}, Assign{6, 12}, Assign{7, 13}, EndOffset{4, 0, {4, 11}}}},
    {"shouldTruncateIfMatchingEpochButEarlierStartingOffset",
     {Assign{5, 11}, Assign{6, 12}, Assign{7, 13}, Assign{7, 12}, EndOffset{5, 0, {5, 12}}, EndOffset{6, 0, {5, 12}}}},
    {"shouldGetFirstOffsetOfSubsequentEpochWhenOffsetRequestedForPreviousEpoch",
     {Assign{1, 11}, Assign{1, 12}, Assign{2, 13}, Assign{2, 14}, Assign{3, 15}, Assign{3, 16}, EndOffset{2, 17, {2, 15}}}},
    {"shouldReturnNextAvailableEpochIfThereIsNoExactEpochForTheOneRequested",
     {Assign{0, 10}, Assign{2, 13}, Assign{4, 17}, EndOffset{1, 0, {0, 13}}, EndOffset{2, 0, {2, 17}}, EndOffset{3, 0, {2, 17}}}},
    {"shouldNotUpdateEpochAndStartOffsetIfItDidNotChange",
     {Assign{2, 6}, Assign{2, 7}, Entries{{{2, 6}}}}},
    {"shouldReturnInvalidOffsetIfEpochIsRequestedWhichIsNotCurrentlyTracked",
     {Assign{2, 100}, EndOffset{3, 100, kUndefined}}},
    {"shouldSupportEpochsThatDoNotStartFromZero",
     {Assign{2, 6}, EndOffset{2, 7, {2, 7}}, Entries{{{2, 6}}}}},
    {"shouldPersistEpochsBetweenInstances",
     {Assign{2, 6}, Reload{}, Entries{{{2, 6}}}}},
    {"shouldEnforceMonotonicallyIncreasingEpochs",
     {Assign{1, 5}, Assign{2, 6}, Assign{1, 7}, Latest{1}, EndOffset{1, 8, {1, 8}}, EndOffset{2, 8, kUndefined}, Entries{{{1, 7}}}}},
    {"shouldEnforceOffsetsIncreaseMonotonically",
     {Assign{2, 6}, Assign{3, 5}, Entries{{{3, 5}}}}},
    {"shouldIncreaseAndTrackEpochsAsLeadersChangeManyTimes",
     {Assign{0, 0}, Assign{1, 0}, Latest{1}, EndOffset{1, 0, {1, 0}}, EndOffset{0, 0, {0, 0}},
      // five records in epoch 1
      EndOffset{1, 5, {1, 5}}, EndOffset{0, 5, {0, 0}},
      // five in epoch 2
      Assign{2, 5}, EndOffset{2, 10, {2, 10}}, EndOffset{1, 10, {1, 5}}, EndOffset{0, 10, {0, 0}}}},
    {"shouldIncreaseAndTrackEpochsAsFollowerReceivesManyMessages",
     {Assign{0, 0}, Assign{0, 1}, Assign{0, 2}, Latest{0}, EndOffset{0, 3, {0, 3}},
      Assign{1, 3}, Assign{1, 4}, Assign{1, 5}, Latest{1}, EndOffset{1, 6, {1, 6}},
      Assign{2, 6}, Assign{2, 7}, Assign{2, 8}, Latest{2}, EndOffset{2, 9, {2, 9}}, EndOffset{0, 9, {0, 3}}, EndOffset{1, 9, {1, 6}}}},
    {"shouldDropEntriesOnEpochBoundaryWhenRemovingLatestEntries",
     three_epochs_then({TruncateFromEnd{8}, Entries{{{2, 6}}}})},
    {"shouldPreserveResetOffsetOnClearEarliestIfOneExists",
     three_epochs_then({TruncateFromStart{8}, Entries{{{3, 8}, {4, 11}}}})},
    {"shouldUpdateSavedOffsetWhenOffsetToClearToIsBetweenEpochs",
     three_epochs_then({TruncateFromStart{9}, Entries{{{3, 9}, {4, 11}}}})},
    {"shouldNotClearAnythingIfOffsetToEarly",
     three_epochs_then({TruncateFromStart{1}, Entries{{{2, 6}, {3, 8}, {4, 11}}}})},
    {"shouldNotClearAnythingIfOffsetToFirstOffset",
     three_epochs_then({TruncateFromStart{6}, Entries{{{2, 6}, {3, 8}, {4, 11}}}})},
    {"shouldRetainLatestEpochOnClearAllEarliest",
     three_epochs_then({TruncateFromStart{11}, Entries{{{4, 11}}}})},
    {"shouldUpdateOffsetBetweenEpochBoundariesOnClearEarliest",
     three_epochs_then({TruncateFromStart{9}, Entries{{{3, 9}, {4, 11}}}})},
    {"shouldUpdateOffsetBetweenEpochBoundariesOnClearEarliest2",
     {Assign{0, 0}, Assign{1, 7}, Assign{2, 10}, TruncateFromStart{5}, Entries{{{0, 5}, {1, 7}, {2, 10}}}}},
    {"shouldRetainLatestEpochOnClearAllEarliestAndUpdateItsOffset",
     three_epochs_then({TruncateFromStart{15}, Entries{{{4, 15}}}})},
    {"shouldDropEntriesBetweenEpochBoundaryWhenRemovingNewest",
     three_epochs_then({TruncateFromEnd{9}, Latest{3}, Entries{{{2, 6}, {3, 8}}}})},
    {"shouldClearAllEntries",
     three_epochs_then({Clear{}, Entries{{}}})},
    {"shouldNotResetEpochHistoryHeadIfUndefinedPassed",
     three_epochs_then({TruncateFromStart{-1}, Entries{{{2, 6}, {3, 8}, {4, 11}}}})},
    {"shouldNotResetEpochHistoryTailIfUndefinedPassed",
     three_epochs_then({TruncateFromEnd{-1}, Entries{{{2, 6}, {3, 8}, {4, 11}}}})},
    {"shouldFetchLatestEpochOfEmptyCache",
     {Latest{std::nullopt}}},
    {"shouldFetchEndOffsetOfEmptyCache",
     {EndOffset{7, 0, kUndefined}}},
    {"shouldClearEarliestOnEmptyCache",
     {TruncateFromStart{7}, Entries{{}}}},
    {"shouldClearLatestOnEmptyCache",
     {TruncateFromEnd{7}, Entries{{}}}},
};
// clang-format on

/// Does a step, or checks what it says.
struct Play {
    LeaderEpochCache& cache;

    void operator()(const Assign& step) { cache.assign(step.epoch, step.offset); }
    void operator()(const TruncateFromEnd& step) { cache.truncate_from_end(step.offset); }
    void operator()(const TruncateFromStart& step) { cache.truncate_from_start(step.offset); }
    void operator()(const Clear&) { cache.clear(); }
    void operator()(const Reload&) { cache = LeaderEpochCache::decode(LeaderEpochCache(cache).encode()); }
    void operator()(const Latest& step) { CHECK(cache.latest_epoch() == step.epoch); }
    void operator()(const Previous& step) {
        std::optional<int32_t> previous;
        if (const auto latest = cache.latest_epoch()) {
            if (const auto entry = cache.previous_epoch_than(*latest)) previous = entry->epoch;
        }
        CHECK(previous == step.epoch);
    }
    void operator()(const Entries& step) { CHECK(cache.entries() == step.entries); }
    void operator()(const EndOffset& step) {
        CAPTURE(step.requested, step.log_end_offset);
        CHECK(cache.end_offset_for(step.requested, step.log_end_offset) == step.answer);
    }
};

}  // namespace

TEST_CASE("LeaderEpochFileCacheTest", "[kafka_tables]") {
    REQUIRE(kRows.size() == 38);
    for (const Row& row : kRows) {
        DYNAMIC_SECTION(row.name) {
            LeaderEpochCache cache;
            for (const Step& step : row.steps) std::visit(Play{cache}, step);
        }
    }
}
