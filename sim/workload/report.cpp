// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/history/delivered.hpp"
#include "sim/observe/groups.hpp"

namespace kafkasim::sim::workload {

namespace {

using history::End;
using history::History;

constexpr size_t kMostRows = 12;

/// A client over all its lives, or a set of them.
struct Sum {
    std::string name;
    uint64_t lives = 0;
    uint64_t sent = 0;
    uint64_t acknowledged = 0;
    uint64_t failed = 0;
    uint64_t read = 0;
    uint64_t rebalances = 0;
    std::map<End, size_t> ends;  // of last lives

    void add(const History& history) {
        ++lives;
        sent += history.sent;
        acknowledged += history.acknowledged;
        failed += history.failed;
        read += history.read;
        rebalances += history.rebalances;
    }
    void add(const Sum& other) {
        lives += other.lives;
        sent += other.sent;
        acknowledged += other.acknowledged;
        failed += other.failed;
        read += other.read;
        rebalances += other.rebalances;
        for (const auto& [end, count] : other.ends) ends[end] += count;
    }
};

std::string_view word_of(End end) {
    switch (end) {
        case End::Working:
            return "working";
        case End::Closed:
            return "closed";
        case End::Crashed:
            return "crashed";
        case End::Failed:
            return "failed";
    }
    return "";
}

/// "closed", or of several "3 closed, 1 crashed".
std::string ends_text(const Sum& sum) {
    std::string text;
    size_t all = 0;
    for (const auto& [end, count] : sum.ends) all += count;
    for (const auto& [end, count] : sum.ends) {
        text += text.empty() ? "" : ", ";
        text += all == 1 ? std::string(word_of(end)) : fmt::format("{} {}", count, word_of(end));
    }
    return text;
}

std::string row(const Sum& sum, bool produces) {
    const std::string numbers =
        produces ? fmt::format("{:>5} {:>9} {:>12} {:>7} {:>7}", sum.lives, sum.sent, sum.acknowledged, sum.failed,
                               sum.sent - sum.acknowledged - sum.failed)
                 : fmt::format("{:>5} {:>9} {:>12}", sum.lives, sum.read, sum.rebalances);
    return fmt::format("{:<20} {}  {}", sum.name, numbers, ends_text(sum));
}

/// Each client if they are few, else each set, else all of them together.
void add_rows(const Crowd& crowd, bool produces, const std::map<std::string, Sum>& by_client,
              std::vector<std::string>& lines) {
    std::vector<Sum> clients, of_sets;  // members stand set by set
    Sum all;
    for (const Member& member : crowd.members()) {
        if (member.produces != produces) continue;
        Sum sum;
        if (const auto found = by_client.find(member.name); found != by_client.end()) sum = found->second;
        sum.name = member.name;
        if (member.history != nullptr) sum.ends[member.history->end] = 1;
        if (member.number == 1)
            of_sets.emplace_back().name = fmt::format("{} ({})", member.set->name, member.set->count);
        of_sets.back().add(sum);
        all.add(sum);
        clients.push_back(std::move(sum));
    }
    all.name = fmt::format("all ({})", clients.size());
    const std::vector<Sum>& rows = clients.size() <= kMostRows ? clients : of_sets;
    if (rows.size() <= kMostRows) {
        for (const Sum& sum : rows) lines.push_back(row(sum, produces));
    }
    if (clients.size() > 1) lines.push_back(row(all, produces));
}

/// What a group has come to, or several.
struct GroupSum {
    std::string name;
    size_t acknowledged = 0;
    size_t read = 0;
    size_t lost = 0;
    size_t again = 0;
    std::optional<int64_t> lag{};  // nullopt: nothing is committed

    void add(const GroupSum& other) {
        acknowledged += other.acknowledged;
        read += other.read;
        lost += other.lost;
        again += other.again;
        if (other.lag) lag = lag.value_or(0) + *other.lag;
    }
};

std::string row(const GroupSum& sum) {
    return fmt::format("{:<20} {:>15} {:>12} {:>7} {:>7} {:>6}", sum.name, sum.acknowledged, sum.read, sum.lost,
                       sum.again, sum.lag ? std::to_string(*sum.lag) : "-");
}

std::optional<int64_t> lag_of(const OffsetsCamera& camera, const std::string& group,
                              const std::vector<TopicName>& topics) {
    std::optional<int64_t> lag;
    for (const TopicName& topic : topics) {
        for (const TopicPartition& tp : camera.partitions_of(topic)) {
            const auto committed = camera.committed(group, tp);
            const auto end = camera.high_watermark(tp);
            if (committed && end) lag = lag.value_or(0) + *end - *committed;
        }
    }
    return lag;
}

void add_groups(const Crowd& crowd, std::vector<std::string>& lines) {
    std::map<std::string, std::vector<TopicName>> groups;
    for (const ConsumerSet& set : crowd.plan().consumers) {
        for (const TopicName& topic : topics_of(set, crowd.world())) {
            auto& topics = groups[set.group];
            if (std::find(topics.begin(), topics.end(), topic) == topics.end()) topics.push_back(topic);
        }
    }
    if (groups.empty()) return;
    lines.push_back(fmt::format("{:<20} {:>15} {:>12} {:>7} {:>7} {:>6}", "group", "acknowledged", "of it read", "lost",
                                "again", "lag"));
    const OffsetsCamera camera(crowd.world());
    GroupSum all{fmt::format("all ({})", groups.size())};
    for (const auto& [group, topics] : groups) {
        const history::Delivered delivered = history::delivered(crowd.book(), group);
        const GroupSum sum{group,
                           delivered.acknowledged,
                           delivered.read,
                           delivered.lost.size(),
                           delivered.read_again.size(),
                           lag_of(camera, group, topics)};
        if (groups.size() <= kMostRows) lines.push_back(row(sum));
        all.add(sum);
    }
    if (groups.size() > kMostRows) lines.push_back(row(all));
}

}  // namespace

std::vector<std::string> report(const Crowd& crowd) {
    std::map<std::string, Sum> by_client;
    for (const History& history : crowd.book().histories) {
        if (history.workload == crowd.plan().name) by_client[history.client].add(history);
    }
    std::vector<std::string> lines;
    if (!crowd.plan().producers.empty())
        lines.push_back(fmt::format("{:<20} {:>5} {:>9} {:>12} {:>7} {:>7}  {}", "producer", "lives", "sent",
                                    "acknowledged", "failed", "open", "now"));
    add_rows(crowd, true, by_client, lines);
    if (!crowd.plan().consumers.empty())
        lines.push_back(fmt::format("{:<20} {:>5} {:>9} {:>12}  {}", "consumer", "lives", "read", "rebalances", "now"));
    add_rows(crowd, false, by_client, lines);
    add_groups(crowd, lines);
    return lines;
}

}  // namespace kafkasim::sim::workload
