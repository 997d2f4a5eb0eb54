// SPDX-License-Identifier: Apache-2.0
#include "core/log/leader_epoch_cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/base/text.hpp"

namespace kafkasim::log {

namespace {

std::optional<EpochEntry> parse_entry(std::string_view line) {
    EpochEntry entry;
    const char* end = line.data() + line.size();
    const auto epoch = std::from_chars(line.data(), end, entry.epoch);
    if (epoch.ec != std::errc() || epoch.ptr == end || *epoch.ptr != ' ') return std::nullopt;
    const auto offset = std::from_chars(epoch.ptr + 1, end, entry.start_offset);
    if (offset.ec != std::errc() || offset.ptr != end) return std::nullopt;
    return entry;
}

}  // namespace

LeaderEpochCache::Assignment LeaderEpochCache::assign(int32_t epoch, int64_t start_offset) {
    Assignment result;
    if (epoch < 0 || start_offset < 0) return result;
    if (!entries_.empty() && epoch == entries_.back().epoch && start_offset >= entries_.back().start_offset)
        return result;
    while (!entries_.empty() && (entries_.back().epoch >= epoch || entries_.back().start_offset >= start_offset)) {
        result.removed.insert(result.removed.begin(), entries_.back());
        entries_.pop_back();
    }
    entries_.push_back({epoch, start_offset});
    result.changed = true;
    return result;
}

std::optional<int32_t> LeaderEpochCache::latest_epoch() const {
    if (entries_.empty()) return std::nullopt;
    return entries_.back().epoch;
}

std::optional<EpochEntry> LeaderEpochCache::earliest_entry() const {
    if (entries_.empty()) return std::nullopt;
    return entries_.front();
}

std::optional<EpochEntry> LeaderEpochCache::previous_epoch_than(int32_t epoch) const {
    std::optional<EpochEntry> previous;
    for (const EpochEntry& entry : entries_) {
        if (entry.epoch < epoch) previous = entry;
    }
    return previous;
}

EpochEndOffset LeaderEpochCache::end_offset_for(int32_t requested_epoch, int64_t log_end_offset) const {
    if (requested_epoch == kUndefinedEpoch) return {};
    if (latest_epoch() == requested_epoch) return {requested_epoch, log_end_offset};
    const auto higher = std::find_if(entries_.begin(), entries_.end(),
                                     [&](const EpochEntry& entry) { return entry.epoch > requested_epoch; });
    if (higher == entries_.end()) return {};
    if (higher == entries_.begin()) return {requested_epoch, higher->start_offset};
    return {std::prev(higher)->epoch, higher->start_offset};
}

std::optional<int32_t> LeaderEpochCache::epoch_of(int64_t offset) const {
    std::optional<int32_t> epoch;
    for (const EpochEntry& entry : entries_) {
        if (entry.start_offset <= offset) epoch = entry.epoch;
    }
    return epoch;
}

bool LeaderEpochCache::truncate_from_end(int64_t end_offset) {
    const size_t before = entries_.size();
    while (end_offset >= 0 && !entries_.empty() && entries_.back().start_offset >= end_offset) entries_.pop_back();
    return entries_.size() != before;
}

bool LeaderEpochCache::truncate_from_start(int64_t start_offset) {
    if (start_offset < 0) return false;
    const auto kept = std::find_if(entries_.begin(), entries_.end(),
                                   [&](const EpochEntry& entry) { return entry.start_offset > start_offset; });
    if (kept == entries_.begin()) return false;
    const EpochEntry first{std::prev(kept)->epoch, start_offset};
    if (kept == std::next(entries_.begin()) && entries_.front() == first) return false;
    entries_.erase(entries_.begin(), kept);
    entries_.insert(entries_.begin(), first);
    return true;
}

std::string LeaderEpochCache::encode() const {
    std::string text = fmt::format("0\n{}\n", entries_.size());
    for (const EpochEntry& entry : entries_) text += fmt::format("{} {}\n", entry.epoch, entry.start_offset);
    return text;
}

LeaderEpochCache LeaderEpochCache::decode(std::string_view text) {
    LeaderEpochCache cache;
    if (next_line(text) != "0") return cache;
    next_line(text);  // the number of entries
    while (!text.empty()) {
        const std::optional<EpochEntry> entry = parse_entry(next_line(text));
        if (!entry) break;
        cache.assign(entry->epoch, entry->start_offset);
    }
    return cache;
}

std::string to_string(const EpochEntry& entry) {
    return fmt::format("EpochEntry(epoch={}, startOffset={})", entry.epoch, entry.start_offset);
}

}  // namespace kafkasim::log
