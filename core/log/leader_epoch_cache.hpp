// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which leader epoch began at which offset of one replica's log. Both numbers strictly increase from entry to
// entry. The answers decide where a
// follower truncates after a change of leader, so the odd cases matter; all are in
// tests/log/leader_epoch_cache_test.cpp.
// A value without effects: Log writes `leader-epoch-checkpoint` after each change. Called by Log, and through it by
// partitions and fetchers.
// Kafka 3.0.0: kafka.server.epoch.LeaderEpochFileCache.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::log {

inline constexpr int32_t kUndefinedEpoch = -1;
inline constexpr int64_t kUndefinedEpochOffset = -1;

struct EpochEntry {
    int32_t epoch = kUndefinedEpoch;
    int64_t start_offset = kUndefinedEpochOffset;
    bool operator==(const EpochEntry&) const = default;
};

/// The largest known epoch not above the one asked for, and where it ends.
struct EpochEndOffset {
    int32_t epoch = kUndefinedEpoch;
    int64_t end_offset = kUndefinedEpochOffset;
    bool operator==(const EpochEndOffset&) const = default;
};

class LeaderEpochCache {
public:
    struct Assignment {
        bool changed = false;
        std::vector<EpochEntry> removed;  // conflicting entries that had to go
    };

    /// Records that `epoch` begins at `start_offset`; nothing happens if it is the latest epoch and not earlier
    /// than known.
    Assignment assign(int32_t epoch, int64_t start_offset);
    std::optional<int32_t> latest_epoch() const;
    std::optional<EpochEntry> earliest_entry() const;
    std::optional<EpochEntry> previous_epoch_than(int32_t epoch) const;
    /// `log_end_offset` is where the latest epoch ends.
    EpochEndOffset end_offset_for(int32_t requested_epoch, int64_t log_end_offset) const;
    /// The epoch that an offset below the end of the log belongs to.
    std::optional<int32_t> epoch_of(int64_t offset) const;
    /// Drops entries that start at `end_offset` or later. True if something changed.
    bool truncate_from_end(int64_t end_offset);
    /// Drops entries that start at `start_offset` or earlier and keeps the last of them as starting there. True if
    /// something changed.
    bool truncate_from_start(int64_t start_offset);
    void clear() { entries_.clear(); }

    bool empty() const { return entries_.empty(); }
    const std::vector<EpochEntry>& entries() const { return entries_; }

    /// The content of `leader-epoch-checkpoint`.
    std::string encode() const;
    /// Entries of a file that is damaged are left out from the first bad line on.
    static LeaderEpochCache decode(std::string_view text);

    bool operator==(const LeaderEpochCache&) const = default;

private:
    std::vector<EpochEntry> entries_;
};

/// "EpochEntry(epoch=3, startOffset=5)"
std::string to_string(const EpochEntry& entry);

}  // namespace kafkasim::log
