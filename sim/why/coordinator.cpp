// SPDX-License-Identifier: Apache-2.0
// Who coordinates a group, and why nobody does.
#include "core/base/java.hpp"
#include "core/base/text.hpp"
#include "sim/why/explanations.hpp"
#include "sim/why/history.hpp"
#include "sim/why/settings.hpp"

namespace kafkasim::sim {

namespace {

constexpr std::string_view kFactor = "offsets.topic.replication.factor";

/// "broker 2, which is down: it was stopped and ended at 01:09:13 (step 7)"
std::string broker_text(const Telling& telling, const std::string& id, uint64_t until) {
    const std::string name = telling.broker(id);
    const std::string halt = halt_text(telling, "broker-" + id, until);
    return halt.empty() ? telling.say("{0}, which runs", "{0}(작동 중)", name)
                        : telling.say("{0}, which is down: it {1}", "{0}(내려가 있음: {1})", name, halt);
}

/// The setting that gave __consumer_offsets its replicas: that of the broker which created it.
std::string setting_text(const Telling& telling, const std::string& otherwise, uint64_t until) {
    std::string broker = otherwise;
    for (const TraceEvent* note : notes_between(telling.trace(), node::NoteKind::TopicCreated, 0, until)) {
        const std::string& name = telling.world.process(note->process).options.name;
        if (field(*note, "topic") != kOffsetsTopic || !name.starts_with("broker-")) continue;
        broker = name.substr(7);  // who writes the topic notes it first, then the controller when it sees it
        break;
    }
    const Setting setting = setting_of(telling.world, broker_file(broker), kFactor, "3");
    if (setting.is_default)
        return telling.say("{0}={1}, the default ({2} does not set it)", "{0}={1}, 기본값({2}에 없음)", kFactor,
                           setting.value, setting.file);
    return telling.say("{0}={1} in {2}, as it was when the topic was created", "{0}={1}({2}, 토픽이 만들어질 때)",
                       kFactor, setting.value, setting.file);
}

std::string where_a_group_lives(const Telling& telling, const std::string& group, const std::string& partition) {
    return telling.say(
        "A group's offsets and members are kept in one partition of {0}, which its name decides: "
        "abs(\"{1}\".hashCode()) = {2}, % 50 = partition {3}. "
        "The leader of that partition is the group's coordinator.\n",
        "그룹의 오프셋과 멤버는 {0}의 파티션 하나에 있고, 그룹 이름이 그것을 정한다: abs(\"{1}\".hashCode()) = {2}, % "
        "50 = 파티션 {3}. 그 파티션의 리더가 그룹의 코디네이터다.\n",
        kOffsetsTopic, group, java::abs(java::string_hash(group)), partition);
}

std::string replicas_text(const Telling& telling, const TraceEvent& lookup, uint64_t until) {
    const std::string partition = field(lookup, "partition");
    const std::vector<std::string> replicas = split(field(lookup, "replicas"), ',');
    if (replicas.empty())
        return telling.say("{0} was not there yet, and it could not be created.\n",
                           "{0} 토픽이 아직 없고 만들어지지 못했다.\n", kOffsetsTopic);
    if (replicas.size() == 1) {
        return telling.say("The only replica of {0}-{1} is on {2}.\nIt is the only one because of {3}.\n",
                           "{0}-{1}의 유일한 복제본: {2}.\n하나뿐인 까닭: {3}.\n", kOffsetsTopic, partition,
                           broker_text(telling, replicas[0], until), setting_text(telling, replicas[0], until));
    }
    std::string all;
    for (const std::string& replica : replicas) all += (all.empty() ? "" : "; ") + broker_text(telling, replica, until);
    return telling.say("The replicas of {0}-{1} are on {2}. None of its Isr ({3}) can lead.\n",
                       "{0}-{1}의 복제본: {2}. Isr({3}) 가운데 리더가 될 수 있는 것이 없다.\n", kOffsetsTopic,
                       partition, all, field(lookup, "isr"));
}

/// The topic's own partitions: with a leader each, reading does not fail for want of one.
std::string leaders_text(const Telling& telling, const std::string& topic, uint64_t until) {
    std::string leaders;
    for (const auto& [partition, state] : partitions_as_of(telling.trace(), topic, until)) {
        if (state.leader == kNoBroker) return "";
        leaders +=
            (leaders.empty() ? "" : ", ") + std::to_string(partition) + ": " + telling.broker(to_string(state.leader));
    }
    if (leaders.empty()) return "";
    return telling.say(
        "Every partition of {0} has a leader ({1}), so its records are there, and without a group they can be read "
        "(--partition 0 --offset earliest).\n",
        "{0}의 모든 파티션에는 리더가 있다({1}). 기록은 그대로 있고, 그룹 없이는 읽을 수 있다(--partition 0 --offset "
        "earliest).\n",
        topic, leaders);
}

std::vector<const TraceEvent*> lookups(const Telling& telling, const Question& question) {
    return notes_between(telling.trace(), node::NoteKind::CoordinatorLookup, question.after, question.until);
}

}  // namespace

std::string why_a_group_has_no_coordinator(const Telling& telling, const Question& question) {
    size_t failed = 0;
    const std::vector<const TraceEvent*> all = lookups(telling, question);
    for (const TraceEvent* note : all) failed = field(*note, "error") == "NONE" ? 0 : failed + 1;
    if (failed == 0) return "";
    const TraceEvent& last = *all.back();
    const std::string group = field(last, "group");
    std::string text = telling.say("The group {0} reads nothing because it has no coordinator.\n",
                                   "그룹 {0}: 코디네이터가 없어서 아무것도 읽지 못한다.\n", group);
    text += where_a_group_lives(telling, group, field(last, "partition"));
    text += replicas_text(telling, last, question.until);
    text += telling.say(
        "The consumer asked {0} times who coordinates the group, was answered {1} each time, and goes on asking, "
        "without a warning.\n",
        "컨슈머는 코디네이터가 누구인지 {0}번 물었고 매번 {1}라는 답을 받았으며, 경고 없이 계속 묻는다.\n", failed,
        field(last, "error"));
    text += leaders_text(telling, option_of(question.command, "--topic"), question.until);
    return text + telling.say(
                      "It is not a matter of majorities: one broker that runs is enough for every group whose "
                      "partition of {0} it leads. With {1}=3 this group could read as well.\n",
                      "과반수의 문제가 아니다. 브로커 하나만 살아 있어도, 그 브로커가 {0}의 파티션을 이끄는 그룹은 "
                      "모두 읽는다. {1}=3이면 이 그룹도 읽을 수 있다.\n",
                      kOffsetsTopic, kFactor);
}

std::string which_coordinator(const Telling& telling, const Question& question) {
    const std::vector<const TraceEvent*> all = lookups(telling, question);
    if (all.empty() || field(*all.back(), "error") != "NONE") return "";
    const TraceEvent& last = *all.back();
    std::string down;
    for (const std::string& replica : split(field(last, "replicas"), ',')) {
        const std::string halt = halt_text(telling, "broker-" + replica, question.until);
        if (!halt.empty()) down += telling.say("; {0} {1}", "; {0}: {1}", telling.broker(replica), halt);
    }
    return where_a_group_lives(telling, field(last, "group"), field(last, "partition")) +
           telling.say("{0} is coordinated by {1}: it leads {2}-{3}, whose replicas are on {4}{5}.\n",
                       "{0}의 코디네이터: {1}. {2}-{3}의 리더이고, 복제본은 브로커 {4}{5}.\n", field(last, "group"),
                       telling.broker(field(last, "coordinator")), kOffsetsTopic, field(last, "partition"),
                       field(last, "replicas"), down);
}

}  // namespace kafkasim::sim
