// SPDX-License-Identifier: Apache-2.0
// Why a consumer that has a coordinator, or needs none, printed nothing.
#include "sim/why/explanations.hpp"
#include "sim/why/history.hpp"

namespace kafkasim::sim {

namespace {

using node::NoteKind;

bool is_consumer(const Telling& telling, uint32_t process) {
    return process != kNoProcess &&
           telling.world.process(process).options.name.find("console-consumer") != std::string::npos;
}

/// All brokers that do not run, with how they ended.
std::string down_text(const Telling& telling, uint64_t until) {
    std::string text;
    for (size_t i = 0; i < telling.world.process_count(); ++i) {
        const std::string& name = telling.world.process(static_cast<ProcessId>(i)).options.name;
        const std::string halt = name.starts_with("broker-") ? halt_text(telling, name, until) : "";
        if (halt.empty()) continue;
        const std::string sentence = telling.say("{0} {1}", "{0}: {1}", telling.who(static_cast<uint32_t>(i)), halt);
        if (text.find(sentence) == std::string::npos) text += (text.empty() ? "" : "; ") + sentence;
    }
    return text;
}

std::string nobody_answered(const Telling& telling, const Question& question) {
    size_t refused = 0;
    for (const TraceEvent& event : telling.trace().events()) {
        if (event.id <= question.after || event.id > question.until || !is_consumer(telling, event.process)) continue;
        if (event.kind == TraceKind::Message) return "";
        if (event.kind == TraceKind::Disconnected && event.name == "refused") ++refused;
    }
    if (refused == 0) return "";
    return telling.say(
        "The consumer could not reach {0}: it tried {1} times and the connection was refused, for nobody listens there "
        "({2}). Another broker in "
        "--bootstrap-server would have told it of the cluster.\n",
        "컨슈머가 {0}에 닿지 못했다: {1}번 시도했지만 듣는 이가 없어 연결이 거절되었다({2}). --bootstrap-server에 다른 "
        "브로커도 적었다면 클러스터를 알 수 있었다.\n",
        option_of(question.command, "--bootstrap-server"), refused, down_text(telling, question.until));
}

std::string still_joining(const Telling& telling, const Question& question, const std::string& group) {
    const auto states = notes_between(telling.trace(), NoteKind::GroupState, question.after, question.until);
    for (const TraceEvent* note : states) {
        if (field(*note, "group") == group && field(*note, "to") == "Stable") return "";
    }
    return telling.say(
        "The group {0} has a coordinator, but the consumer was not a member yet: joining had not ended when this step "
        "did.\n",
        "그룹 {0}: 코디네이터는 있지만 아직 멤버가 아니었다. 이 단계가 끝날 때까지 참가가 끝나지 않았다.\n", group);
}

/// What there was to read, partition by partition.
std::string nothing_left(const Telling& telling, const Question& question, const std::string& topic,
                         const std::string& group) {
    const auto partitions = partitions_as_of(telling.trace(), topic, question.until);
    if (partitions.empty()) return telling.say("There is no topic {0}.\n", "토픽 {0}: 없음.\n", topic);
    int64_t records = 0;
    bool all_committed = true;
    bool none_committed = true;
    std::string offsets;
    for (const auto& [partition, state] : partitions) {
        const TopicPartition tp{TopicName(topic), partition};
        if (state.leader == kNoBroker)
            return telling.say("{0} has no leader: its replicas are down ({1}).\n",
                               "{0}: 리더가 없음. 복제본들이 내려가 있다({1}).\n", to_string(tp),
                               down_text(telling, question.until));
        const int64_t end = log_end_as_of(telling.trace(), tp, question.until);
        const auto committed =
            group.empty() ? std::nullopt : committed_as_of(telling.trace(), group, tp, question.after);
        records += end;
        all_committed = all_committed && committed.value_or(0) == end;
        none_committed = none_committed && !committed;
        offsets += (offsets.empty() ? "" : ", ") + to_string(tp) + ": " + std::to_string(committed.value_or(0)) + "/" +
                   std::to_string(end);
    }
    if (records == 0)
        return telling.say("There is nothing in {0}: nobody has written to it.\n",
                           "{0}: 비어 있음. 아무도 쓰지 않았다.\n", topic);
    if (!none_committed && all_committed)
        return telling.say(
            "The group {0} had read everything before: what it committed is the end of each partition ({1}), and "
            "--from-beginning counts only where nothing is "
            "committed.\n",
            "그룹 {0}: 전에 이미 다 읽었다. 커밋한 곳이 파티션마다 끝이고({1}), --from-beginning은 커밋된 것이 없는 "
            "곳에만 통한다.\n",
            group, offsets);
    if (none_committed && question.command.find("auto.offset.reset=none") != std::string::npos)
        return telling.say(
            "The group {0} has committed nothing, and auto.offset.reset=none forbids the consumer to choose a place: "
            "it ends with NoOffsetForPartitionException.\n",
            "그룹 {0}: 커밋한 것이 없고, auto.offset.reset=none이면 컨슈머가 자리를 고를 수 없다. "
            "NoOffsetForPartitionException으로 끝난다.\n",
            group);
    const bool begins_at_the_end = option_of(question.command, "--offset").empty() &&
                                   question.command.find("--from-beginning") == std::string::npos;
    if (none_committed && begins_at_the_end)
        return telling.say(
            "Without --from-beginning and with nothing committed a consumer begins at the end, and nothing was written "
            "since.\n",
            "--from-beginning도 커밋된 것도 없으면 컨슈머는 끝에서 시작하고, 그 뒤로 쓰인 것이 없다.\n");
    return "";
}

}  // namespace

std::string why_nothing_was_printed(const Telling& telling, const Question& question) {
    const std::string topic = option_of(question.command, "--topic");
    const std::string group = option_of(question.command, "--group");
    if (const std::string text = nobody_answered(telling, question); !text.empty()) return text;
    if (!group.empty()) {
        if (const std::string text = still_joining(telling, question, group); !text.empty()) return text;
    }
    return nothing_left(telling, question, topic, group);
}

}  // namespace kafkasim::sim
