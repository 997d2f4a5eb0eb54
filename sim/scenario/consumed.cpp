// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/consumed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/text.hpp"
#include "sim/scenario/printed_json.hpp"

namespace kafkasim::sim::scenario {

namespace {

constexpr size_t kMostShown = 5;
constexpr size_t kMostMisbehaviour = 10;

/// "c1, c2 and c3"
std::string all_of(const std::vector<std::string>& names) {
    std::string text;
    for (size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    return text;
}

/// "offset 5", "offsets 5 to 9"
std::string offsets(int64_t begin, int64_t end) {
    return end - begin == 1 ? fmt::format("offset {}", begin) : fmt::format("offsets {} to {}", begin, end - 1);
}

std::string since_text(const Consumed& claim) {
    if (claim.since.empty()) return "";
    return claim.since == kThisStep ? " in this step" : " since " + claim.since;
}

TopicPartition partition_at(const nlohmann::json& json) {
    return {TopicName(text_at(json, "topic")), static_cast<int32_t>(number_at(json, "partition"))};
}

}  // namespace

/// One line of one consumer.
struct ConsumersSeen::Line {
    size_t consumer = 0;
    int64_t timestamp = 0;
    nlohmann::json json;
};

ConsumersSeen::ConsumersSeen(std::vector<std::string> by) : by_(std::move(by)), members_(by_.size()) {}

void ConsumersSeen::read(const std::vector<std::string_view>& fresh, const std::vector<bool>& running) {
    std::vector<Line> lines;
    for (size_t i = 0; i < by_.size(); ++i) {
        for (const std::string& text : lines_of(fresh[i])) {
            nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
            if (!json.is_object()) continue;
            const int64_t timestamp = number_at(json, "timestamp");
            lines.push_back({i, timestamp, std::move(json)});
        }
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& a, const Line& b) { return a.timestamp < b.timestamp; });
    for (const Line& line : lines) take(line);
    for (size_t i = 0; i < by_.size(); ++i) {
        if (running[i]) continue;  // one that was killed says nothing any more
        members_[i].state = State::Gone;
        members_[i].assigned.clear();
        members_[i].position.clear();
    }
}

void ConsumersSeen::take(const Line& line) {
    const std::string name = text_at(line.json, "name");
    Member& member = members_[line.consumer];
    const auto each = [&](const char* key, auto visit) {
        const auto list = line.json.find(key);
        if (list == line.json.end() || !list->is_array()) return;
        for (const nlohmann::json& item : *list) {
            if (item.is_object()) visit(item);
        }
    };
    if (name == "startup_complete" || name == "shutdown_complete") {
        member.state = name == "startup_complete" ? State::Started : State::Gone;
        member.assigned.clear();
        member.position.clear();
    } else if (name == "partitions_revoked") {
        member.state = State::Rebalancing;
        ++member.counts.revocations;
        each("partitions", [&](const nlohmann::json& item) {
            member.assigned.erase(partition_at(item));
            member.position.erase(partition_at(item));
        });
    } else if (name == "partitions_assigned") {
        member.state = State::Joined;
        ++member.counts.assignments;
        each("partitions", [&](const nlohmann::json& item) { member.assigned.insert(partition_at(item)); });
    } else if (name == "records_consumed") {
        each("partitions", [&](const nlohmann::json& item) {
            consumed(line.consumer, partition_at(item), number_at(item, "minOffset"), number_at(item, "maxOffset") + 1);
        });
    } else if (name == "offsets_committed" && line.json.value("success", false)) {
        each("offsets", [&](const nlohmann::json& item) {
            committed(line.consumer, partition_at(item), number_at(item, "offset"));
        });
    }
}

void ConsumersSeen::consumed(size_t consumer, const TopicPartition& tp, int64_t begin, int64_t end) {
    Member& member = members_[consumer];
    Partition& partition = partitions_[tp];
    const std::string what = fmt::format("{} read {} of {}", by_[consumer], offsets(begin, end), to_string(tp));
    if (!member.assigned.contains(tp)) misbehaves("a consumer reads only what it was assigned", what);
    const auto [position, first] = member.position.try_emplace(tp, begin);
    if (!first && position->second != begin)
        misbehaves("a consumer reads on where it was", fmt::format("{}, and was at {}", what, position->second));
    if (partition.committed > begin)
        misbehaves("nobody reads again what was committed",
                   fmt::format("{}, and {} was committed", what, partition.committed));
    position->second = end;
    partition.position = end;
    member.counts.records += end - begin;
    if (!partition.reads.empty() && partition.reads.back().consumer == consumer && partition.reads.back().end == begin)
        partition.reads.back().end = end;
    else
        partition.reads.push_back({consumer, begin, end});
}

void ConsumersSeen::committed(size_t consumer, const TopicPartition& tp, int64_t offset) {
    const Member& member = members_[consumer];
    const std::string what = fmt::format("{} committed {} of {}", by_[consumer], offset, to_string(tp));
    const auto position = member.position.find(tp);
    if (!member.assigned.contains(tp))
        misbehaves("a consumer commits only for what it was assigned", what);
    else if (position == member.position.end() || position->second < offset)
        misbehaves("a consumer commits only what it has read", what);
    partitions_[tp].committed = offset;
}

void ConsumersSeen::misbehaves(std::string rule, std::string seen) {
    if (misbehaviour_.size() < kMostMisbehaviour) misbehaviour_.push_back({std::move(rule), std::move(seen)});
}

void ConsumersSeen::mark(const std::string& since) {
    std::vector<Counts>& counts = marks_[since];
    counts.clear();
    for (const Member& member : members_) counts.push_back(member.counts);
}

ConsumersSeen::Counts ConsumersSeen::since(const Consumed& claim, size_t consumer) const {
    Counts counts = members_[consumer].counts;
    const auto mark = marks_.find(claim.since);
    if (claim.since.empty() || mark == marks_.end()) return counts;
    const Counts& before = mark->second[consumer];
    return {counts.assignments - before.assignments, counts.revocations - before.revocations,
            counts.records - before.records};
}

std::string ConsumersSeen::told_states() const {
    const auto told = [](State state) -> std::string_view {
        switch (state) {
            case State::Gone:
                return "is gone";
            case State::Started:
                return "has started";
            case State::Rebalancing:
                return "is rebalancing";
            case State::Joined:
                return "has joined";
        }
        return "";
    };
    std::string text;
    for (size_t i = 0; i < by_.size(); ++i)
        text += fmt::format("{}{} {}", i == 0 ? "" : ", ", by_[i], told(members_[i].state));
    return text;
}

void ConsumersSeen::judge_members(const Consumed& claim, std::vector<BrokenClaim>& broken) const {
    const auto how_many = [&](State state) {
        return std::count_if(members_.begin(), members_.end(), [&](const Member& each) { return each.state == state; });
    };
    if (claim.joined && how_many(State::Joined) != *claim.joined)
        broken.push_back({fmt::format("{} of {} have joined", *claim.joined, all_of(by_)), told_states()});
    if (claim.gone && how_many(State::Gone) != *claim.gone)
        broken.push_back({fmt::format("{} of {} are gone", *claim.gone, all_of(by_)), told_states()});
}

std::vector<std::string> ConsumersSeen::read_twice(int64_t* count) const {
    std::vector<std::string> twice;
    for (const auto& [tp, partition] : partitions_) {
        for (size_t later = 0; later < partition.reads.size(); ++later) {
            for (size_t earlier = 0; earlier < later; ++earlier) {
                const int64_t begin = std::max(partition.reads[earlier].begin, partition.reads[later].begin);
                const int64_t end = std::min(partition.reads[earlier].end, partition.reads[later].end);
                if (begin >= end) continue;
                *count += end - begin;
                twice.push_back(fmt::format("{} of {} by {}, then by {}", offsets(begin, end), to_string(tp),
                                            by_[partition.reads[earlier].consumer],
                                            by_[partition.reads[later].consumer]));
            }
        }
    }
    return twice;
}

std::vector<std::string> ConsumersSeen::skipped(int64_t* count) const {
    std::vector<std::string> gaps;
    for (const auto& [tp, partition] : partitions_) {
        std::vector<Read> reads = partition.reads;
        std::sort(reads.begin(), reads.end(), [](const Read& a, const Read& b) { return a.begin < b.begin; });
        int64_t end = 0;
        for (const Read& read : reads) {
            if (read.begin > end) {
                *count += read.begin - end;
                gaps.push_back(fmt::format("{} of {}", offsets(end, read.begin), to_string(tp)));
            }
            end = std::max(end, read.end);
        }
    }
    return gaps;
}

void ConsumersSeen::judge_records(const Consumed& claim, std::vector<BrokenClaim>& broken) const {
    int64_t records = 0, twice = 0, skips = 0;
    for (size_t i = 0; i < by_.size(); ++i) records += since(claim, i).records;
    if (claim.at_least && records < *claim.at_least)
        broken.push_back(
            {fmt::format("{} or more records read by {}{}", *claim.at_least, all_of(by_), since_text(claim)),
             std::to_string(records)});
    if (!claim.gaps) {
        const auto gaps = skipped(&skips);
        if (!gaps.empty())
            broken.push_back({fmt::format("no record is skipped by {}", all_of(by_)),
                              fmt::format("{} skipped: {}", skips, first_of(gaps, kMostShown, "; "))});
    }
    if (!claim.duplicates) {
        const auto doubles = read_twice(&twice);
        if (!doubles.empty())
            broken.push_back({fmt::format("no record is read twice by {}", all_of(by_)),
                              fmt::format("{} read twice: {}", twice, first_of(doubles, kMostShown, "; "))});
    }
    if (!claim.committed) return;
    std::vector<std::string> differ;
    for (const auto& [tp, partition] : partitions_) {
        if (partition.committed == partition.position) continue;
        differ.push_back(fmt::format("{}: read up to {}, committed {}", to_string(tp), partition.position,
                                     partition.committed < 0 ? "nothing" : std::to_string(partition.committed)));
    }
    if (!differ.empty() || partitions_.empty())
        broken.push_back({fmt::format("all that {} read is committed", all_of(by_)),
                          partitions_.empty() ? "nothing was read" : first_of(differ, kMostShown, "; ")});
}

void ConsumersSeen::judge_rebalances(const Consumed& claim, std::vector<BrokenClaim>& broken) const {
    const auto judge_one = [&](const std::optional<bool>& wanted, int64_t Counts::*count, std::string_view what) {
        if (!wanted) return;
        std::vector<std::string> seen;
        for (size_t i = 0; i < by_.size(); ++i) {
            if (const int64_t times = since(claim, i).*count; times > 0)
                seen.push_back(fmt::format("{} {} times", by_[i], times));
        }
        if (seen.empty() != *wanted) return;
        broken.push_back(
            {fmt::format("{} {} {}{}", *wanted ? "one or more of" : "none of", all_of(by_), what, since_text(claim)),
             seen.empty() ? "none" : first_of(seen, kMostShown, "; ")});
    };
    judge_one(claim.rebalanced, &Counts::assignments, "was assigned partitions");
    judge_one(claim.revoked, &Counts::revocations, "had partitions revoked");
}

void ConsumersSeen::judge_assignment(const Consumed& claim, std::vector<BrokenClaim>& broken) const {
    for (const auto& [topic, count] : claim.assigned) {
        std::map<int32_t, std::vector<std::string>> owners;
        for (int32_t partition = 0; partition < count; ++partition) owners[partition];
        for (size_t i = 0; i < by_.size(); ++i) {
            for (const TopicPartition& tp : members_[i].assigned) {
                if (tp.topic == topic) owners[tp.partition].push_back(by_[i]);
            }
        }
        std::vector<std::string> wrong;
        for (const auto& [partition, names] : owners) {
            if (names.size() == 1 && partition < count) continue;
            wrong.push_back(fmt::format("{}-{}: {}", topic, partition, names.empty() ? "nobody" : all_of(names)));
        }
        if (!wrong.empty())
            broken.push_back(
                {fmt::format("each of the {} partitions of {} is assigned to one of {}", count, topic, all_of(by_)),
                 first_of(wrong, kMostShown, "; ")});
    }
}

std::vector<BrokenClaim> ConsumersSeen::judge(const Consumed& claim) const {
    std::vector<BrokenClaim> broken;
    judge_members(claim, broken);
    judge_records(claim, broken);
    judge_rebalances(claim, broken);
    judge_assignment(claim, broken);
    return broken;
}

Consumption ConsumersSeen::consumption() const {
    Consumption sums;
    int64_t twice = 0, skips = 0;
    read_twice(&twice);
    skipped(&skips);
    for (size_t i = 0; i < by_.size(); ++i) {
        sums.by += (i == 0 ? "" : ",") + by_[i];
        sums.read += members_[i].counts.records;
        sums.rebalances = std::max(sums.rebalances, members_[i].counts.assignments);
    }
    for (const auto& [tp, partition] : partitions_) {
        sums.position += partition.position;
        if (partition.committed >= 0) sums.committed = sums.committed.value_or(0) + partition.committed;
    }
    sums.twice = twice;
    sums.skipped = skips;
    return sums;
}

}  // namespace kafkasim::sim::scenario
