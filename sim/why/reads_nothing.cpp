// SPDX-License-Identifier: Apache-2.0
// Why a group reads nothing: nobody coordinates it.
#include <fmt/format.h>

#include "core/base/java.hpp"
#include "core/config/broker_config.hpp"
#include "sim/observe/camera.hpp"
#include "sim/why/explanations.hpp"
#include "sim/world/installation.hpp"

namespace kafkasim::sim {

namespace {

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> parts;
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find(',', at), text.size());
        parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

/// "broker 2, which ended at 01:09:13 (step 7)"
std::string broker_text(const World& world, const std::string& id) {
    const std::string end = end_of(world, "broker-" + id);
    return "broker " + id + (end.empty() ? ", which runs" : ", which is down: its process " + end);
}

std::string setting_text(const World& world, const std::string& broker) {
    const auto number = config::parse_whole(broker);
    const std::string file = config_file_of(number ? static_cast<int32_t>(*number) : 0);
    const auto properties = config::parse_properties(world.disk().read_text(file).value_or(""));
    const auto set = properties.find("offsets.topic.replication.factor");
    const std::string value = set == properties.end() ? "3 (the default)" : set->second;
    return "offsets.topic.replication.factor=" + value + " in " + file;
}

/// The topic's own partitions: with a leader each, reading does not fail for want of one.
std::string leaders_text(const World& world, const std::string& topic) {
    if (topic.empty()) return "";
    std::string text;
    for (int32_t partition = 0;; ++partition) {
        const auto view = partition_in_metadata(world, {TopicName(topic), partition});
        if (!view) break;
        if (view->leader == kNoBroker) return "";
        text += (text.empty() ? "" : ", ") + std::to_string(partition) + " on broker " + to_string(view->leader);
    }
    if (text.empty()) return "";
    return "Every partition of " + topic + " has a leader (" + text + "), so its records are there and can be read without a group "
           "(--partition 0 --offset earliest).\n";
}

}  // namespace

std::string why_a_group_reads_nothing(const World& world, const Question& question) {
    std::vector<const TraceEvent*> failed;
    for (const TraceEvent* note : notes_between(world.trace(), node::NoteKind::CoordinatorLookup, question.after, question.until)) {
        if (field(*note, "error") != "NONE") failed.push_back(note);
        else failed.clear();  // one was found after all
    }
    if (failed.empty()) return "";
    const TraceEvent& last = *failed.back();
    const std::string group = field(last, "group");
    const std::string partition = field(last, "partition");
    const std::vector<std::string> replicas = split(field(last, "replicas"));
    std::string text = fmt::format("The group {} reads nothing because it has no coordinator.\n", group);
    text += fmt::format("A group's offsets and members are kept in one partition of {}, which its name decides: abs(\"{}\".hashCode()) = {}, % 50 = partition {}. "
                        "The leader of that partition is the group's coordinator.\n",
                        kOffsetsTopic, group, java::abs(java::string_hash(group)), partition);
    if (replicas.empty()) {
        text += fmt::format("{} does not exist yet and could not be created.\n", kOffsetsTopic);
    } else if (replicas.size() == 1) {
        text += fmt::format("The only replica of {}-{} is on {}.\nIt is the only one because of {}.\n", kOffsetsTopic, partition, broker_text(world, replicas[0]),
                            setting_text(world, replicas[0]));
    } else {
        text += fmt::format("{}-{} has its replicas on:", kOffsetsTopic, partition);
        for (const std::string& replica : replicas) text += " " + broker_text(world, replica) + ";";
        text += " and none of those in its Isr (" + field(last, "isr") + ") can lead.\n";
    }
    text += fmt::format("The consumer asked {} times who coordinates it, was answered {} each time, and goes on asking in silence.\n", failed.size(), field(last, "error"));
    text += leaders_text(world, option_of(question.command, "--topic"));
    text += "It is not a matter of majorities: a group whose partition of __consumer_offsets is on a broker that runs reads everything.\n";
    return text;
}

}  // namespace kafkasim::sim
