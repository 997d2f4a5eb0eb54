// SPDX-License-Identifier: Apache-2.0
#include "sim/reports/cluster_changes.hpp"

#include <fmt/format.h>

#include "core/zookeeper/znodes.hpp"

namespace kafkasim::sim {

namespace {

constexpr size_t kFewPartitions = 4;

std::string field(const node::Note& note, std::string_view name) {
    const node::FieldValue* value = node::find(note, name);
    return value == nullptr ? std::string() : node::text_of(*value);
}

std::string leader_text(BrokerId leader) { return leader == kNoBroker ? "none" : to_string(leader); }

/// "/brokers/topics/T/partitions/P/state"
std::optional<TopicPartition> partition_of(const std::string& path) {
    constexpr std::string_view kHead = "/brokers/topics/";
    constexpr std::string_view kMiddle = "/partitions/";
    constexpr std::string_view kEnd = "/state";
    if (!path.starts_with(kHead) || !path.ends_with(kEnd)) return std::nullopt;
    const size_t middle = path.find(kMiddle);
    if (middle == std::string::npos) return std::nullopt;
    int32_t partition = 0;
    for (size_t i = middle + kMiddle.size(); i < path.size() - kEnd.size(); ++i) {
        if (path[i] < '0' || path[i] > '9') return std::nullopt;
        partition = partition * 10 + (path[i] - '0');
    }
    return TopicPartition{TopicName(std::string_view(path).substr(kHead.size(), middle - kHead.size())), partition};
}

std::string list_of(const std::vector<int32_t>& partitions) {
    std::string text;
    for (int32_t partition : partitions) text += (text.empty() ? "" : ",") + std::to_string(partition);
    return text;
}

}  // namespace

std::vector<std::string> ClusterChanges::read(const Trace& trace) {
    lines_.clear();
    changed_.clear();
    for (; read_ < trace.events().size(); ++read_) {
        const TraceEvent& event = trace.events()[read_];
        if (event.kind == TraceKind::Note) read_note(event.note);
    }
    for (std::string& line : partition_lines()) lines_.push_back(std::move(line));
    return std::move(lines_);
}

void ClusterChanges::read_note(const node::Note& note) {
    using node::NoteKind;
    if (note.kind == NoteKind::ZnodeChanged) {
        znode_changed(field(note, "path"), field(note, "change"), field(note, "data"));
    } else if (note.kind == NoteKind::SessionExpired) {
        const std::string owner = field(note, "owner");
        lines_.push_back(owner.empty() ? "a ZooKeeper session that owned no znode expired"
                                       : "ZooKeeper session of " + owner + " expired");
    } else if (note.kind == NoteKind::ControllerElected) {
        lines_.push_back("controller: broker " + field(note, "broker") + " (epoch " + field(note, "epoch") + ")");
    } else if (note.kind == NoteKind::Truncated) {
        lines_.push_back(fmt::format("broker {} cuts its log of {}-{}: {} → {}", field(note, "broker"),
                                     field(note, "topic"), field(note, "partition"), field(note, "from"),
                                     field(note, "to")));
    } else if (note.kind == NoteKind::Reassignment) {
        reassigned(note);
    } else if (note.kind == NoteKind::TopicDeletion) {
        topic_deleted(note);
    } else if (note.kind == NoteKind::GroupState) {
        const std::string to = field(note, "to");
        if (to == "Stable" || to == "Empty") {
            const std::string members = field(note, "members");
            lines_.push_back("group " + field(note, "group") + ": " + to + ", generation " + field(note, "generation") +
                             ", " + members + (members == "1" ? " member" : " members"));
        }
    }
}

/// "reassignment of t-0 started: replicas 3,2, adding 3, removing 1"
void ClusterChanges::reassigned(const node::Note& note) {
    std::string line = fmt::format("reassignment of {}-{} {}: replicas {}", field(note, "topic"),
                                   field(note, "partition"), field(note, "state"), field(note, "replicas"));
    if (field(note, "state") == "started") {
        for (const std::string_view name : {"adding", "removing"}) {
            if (const std::string ids = field(note, name); !ids.empty()) line += fmt::format(", {} {}", name, ids);
        }
    }
    lines_.push_back(std::move(line));
}

/// "deletion of topic t halted: offline replicas"
void ClusterChanges::topic_deleted(const node::Note& note) {
    const std::string state = field(note, "state");
    std::string line = fmt::format("deletion of topic {} {}", field(note, "topic"),
                                   state == "ineligible" ? "halted: " + field(note, "why") : state);
    lines_.push_back(std::move(line));
}

void ClusterChanges::znode_changed(const std::string& path, const std::string& change, const std::string& data) {
    constexpr std::string_view kIds = "/brokers/ids/";
    if (path.starts_with(kIds) && change.find("reated") != std::string::npos)
        lines_.push_back("broker " + path.substr(kIds.size()) + " registers in ZooKeeper");
    if (path.starts_with(kIds) && change.find("eleted") != std::string::npos)
        lines_.push_back("broker " + path.substr(kIds.size()) + " is gone from ZooKeeper");
    const auto partition = partition_of(path);
    if (!partition) return;
    const auto known = states_.find(*partition);
    auto [entry, fresh] = changed_.try_emplace(*partition);
    if (fresh && known != states_.end()) {
        entry->second.before = known->second;
        entry->second.existed_before = true;
    }
    const auto state = zookeeper::decode_partition_state(data);
    entry->second.exists = state.has_value();
    if (state) {
        entry->second.now = state->leader_and_isr;
        states_[*partition] = state->leader_and_isr;
    } else {
        states_.erase(*partition);
    }
}

std::vector<std::string> ClusterChanges::partition_lines() {
    // By topic, those that read the same are put together, in the order of their first partition.
    std::vector<std::string> lines;
    std::map<std::string, std::map<std::string, std::vector<int32_t>>> by_topic;
    std::map<std::string, std::vector<std::string>> order;
    std::map<std::string, const Partition*> example;
    for (const auto& [tp, partition] : changed_) {
        const std::string topic = tp.topic.str();
        const std::string text = line_of(topic, {0}, partition);
        auto& partitions = by_topic[topic][text];
        if (partitions.empty()) order[topic].push_back(text);
        partitions.push_back(tp.partition);
        example[topic + "\n" + text] = &partition;
    }
    for (const auto& [topic, texts] : order) {
        for (const std::string& text : texts)
            lines.push_back(line_of(topic, by_topic[topic][text], *example[topic + "\n" + text]));
    }
    return lines;
}

std::string ClusterChanges::line_of(const std::string& topic, const std::vector<int32_t>& partitions,
                                    const Partition& example) const {
    const bool few = partitions.size() <= kFewPartitions;
    std::string name = partitions.size() == 1 ? topic + "-" + list_of(partitions)
                       : few                  ? topic + "-{" + list_of(partitions) + "}"
                                              : fmt::format("{} ({} partitions)", topic, partitions.size());
    if (!example.exists) return name + ": gone";
    const LeaderAndIsr& now = example.now;
    if (!example.existed_before)
        return fmt::format("{}: leader {}, Isr {}", name, leader_text(now.leader), join(now.isr));
    std::string text = name + ":";
    const LeaderAndIsr& before = example.before;
    text += before.leader == now.leader ? " leader " + leader_text(now.leader)
                                        : " leader " + leader_text(before.leader) + " → " + leader_text(now.leader);
    text += before.isr == now.isr ? ", Isr " + join(now.isr) : ", Isr " + join(before.isr) + " → " + join(now.isr);
    if (before.leader_epoch != now.leader_epoch)
        text += fmt::format(", leader epoch {} → {}", before.leader_epoch, now.leader_epoch);
    return text;
}

}  // namespace kafkasim::sim
