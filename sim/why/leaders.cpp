// SPDX-License-Identifier: Apache-2.0
// Why leaders and Isrs changed.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/why/explanations.hpp"
#include "sim/why/history.hpp"
#include "sim/why/story.hpp"

namespace kafkasim::sim {

namespace {

using node::NoteKind;

/// What one election or AlterIsr did to a partition. Its reason is in the words of whoever decided.
struct Change {
    TopicPartition partition;
    const TraceEvent* note = nullptr;       // where the story ends
    const TraceEvent* leader = nullptr;     // LeaderElected with another leader
    const TraceEvent* isr = nullptr;        // IsrChanged
    const TraceEvent* by_leader = nullptr;  // IsrChanged as the leader saw it after its AlterIsr
    const TraceEvent* failed = nullptr;     // ElectionFailed
};

TopicPartition partition_of(const TraceEvent& note) {
    return {TopicName(field(note, "topic")), static_cast<int32_t>(number(note, "partition"))};
}

bool is_alter_isr(const TraceEvent& note) { return field(note, "how") == "expand" || field(note, "how") == "shrink"; }

class Changes {
public:
    Changes(const Trace& trace, const Question& question) : topic_(option_of(question.command, "--topic")) {
        for (const NoteKind kind : {NoteKind::LeaderElected, NoteKind::IsrChanged, NoteKind::ElectionFailed}) {
            for (const TraceEvent* note : notes_between(trace, kind, question.after, question.until)) add(*note);
        }
    }

    const std::vector<Change>& all() const { return changes_; }

private:
    void add(const TraceEvent& note) {
        const std::string topic = field(note, "topic");
        if (is_internal_topic(topic) || (!topic_.empty() && topic != topic_)) return;
        if (note.note.kind == NoteKind::LeaderElected && field(note, "from") == field(note, "to")) return;
        Change& change = at(note);
        if (note.note.kind == NoteKind::LeaderElected) change.leader = &note;
        if (note.note.kind == NoteKind::ElectionFailed) change.failed = &note;
        if (note.note.kind == NoteKind::IsrChanged) (change.isr == nullptr ? change.isr : change.by_leader) = &note;
        if (change.note == nullptr) change.note = &note;
    }

    /// The change that the note belongs to: made by the same event, or the same AlterIsr as the leader sees it.
    Change& at(const TraceEvent& note) {
        for (Change& change : changes_) {
            if (change.partition != partition_of(note)) continue;
            if (change.note->cause == note.cause) return change;
            if (is_alter_isr(note) && change.isr != nullptr && field(*change.isr, "to") == field(note, "to") &&
                change.by_leader == nullptr)
                return change;
        }
        changes_.push_back({partition_of(note)});
        return changes_.back();
    }

    std::string topic_;
    std::vector<Change> changes_;
};

/// Why, in English as it was noted; in Korean from the strategy.
std::string reason_of(const Telling& telling, const Change& change) {
    if (change.isr != nullptr && is_alter_isr(*change.isr)) {
        const std::string why = change.by_leader == nullptr ? "" : field(*change.by_leader, "why");
        const bool grows = field(*change.isr, "how") == "expand";
        if (!telling.korean())
            return (why.empty() ? field(*change.isr, "why") : why + "; its leader asked the controller by AlterIsr");
        return grows ? "팔로워가 리더의 하이 워터마크까지 따라와서 리더가 컨트롤러에 AlterIsr로 요청"
                     : "팔로워가 replica.lag.time.max.ms 넘게 뒤처져서 리더가 컨트롤러에 AlterIsr로 요청";
    }
    const TraceEvent& note = change.leader != nullptr ? *change.leader
                             : change.isr != nullptr  ? *change.isr
                                                      : *change.failed;
    if (!telling.korean()) return field(note, "why");
    if (change.failed != nullptr) return "Isr의 복제본이 모두 죽어 있음";
    if (field(note, "how") == "controlled-shutdown") return "빠진 브로커가 종료 중";
    if (field(note, "how") == "offline") return "빠진 브로커가 죽어 있음";
    const std::string to = field(note, "to");
    if (to == "-1") return "마지막 Isr 멤버마저 내려갔고, Isr은 그대로 남음";
    if (field(note, "why").starts_with("unclean"))
        return telling.say(
            "", "unclean 선출: Isr에 살아 있는 브로커가 없음. 브로커 {0}: 복제본 목록에서 살아 있는 첫 브로커", to);
    if (field(note, "from") == "-1") return "새 파티션: 복제본 목록에서 살아 있는 첫 브로커";
    return telling.say("브로커 {0}: 복제본 목록에서 살아 있고 Isr에 든 첫 브로커",
                       "브로커 {0}: 복제본 목록에서 살아 있고 Isr에 든 첫 브로커", to);
}

std::string line_of(const Telling& telling, const Change& change) {
    const std::string name = to_string(change.partition);
    const std::string reason = reason_of(telling, change);
    if (change.failed != nullptr)
        return telling.say("{0}: no leader could be elected: {1}.\n", "{0}: 리더를 뽑지 못함: {1}.\n", name, reason);
    if (change.leader != nullptr && field(*change.leader, "from") == "-1" && change.isr == nullptr) {
        return telling.say("{0}: {1} leads, Isr {2}. {3}.\n", "{0}: 리더 {1}, Isr {2}. {3}.\n", name,
                           telling.leader(field(*change.leader, "to")), field(*change.leader, "isr"), reason);
    }
    if (change.leader == nullptr) {
        return telling.say("{0}: the leader stays, and the Isr goes from {1} to {2}: {3}.\n",
                           "{0}: 리더는 그대로, Isr {1} → {2}: {3}.\n", name, field(*change.isr, "from"),
                           field(*change.isr, "to"), reason);
    }
    const std::string from = telling.leader(field(*change.leader, "from"));
    const std::string to = telling.leader(field(*change.leader, "to"));
    if (change.isr == nullptr) {
        return telling.say("{0}: the leader goes from {1} to {2}, the Isr stays {3}: {4}.\n",
                           "{0}: 리더 {1} → {2}, Isr은 그대로 {3}: {4}.\n", name, from, to,
                           field(*change.leader, "isr"), reason);
    }
    return telling.say("{0}: the leader goes from {1} to {2} and the Isr from {3} to {4}: {5}.\n",
                       "{0}: 리더 {1} → {2}, Isr {3} → {4}: {5}.\n", name, from, to, field(*change.isr, "from"),
                       field(*change.isr, "to"), reason);
}

/// Partitions of __consumer_offsets that lost or changed their leader, and the groups that live there.
std::string about_offsets(const Telling& telling, const Question& question) {
    std::map<std::string, std::vector<int64_t>> by_move;
    for (const TraceEvent* note :
         notes_between(telling.trace(), NoteKind::LeaderElected, question.after, question.until)) {
        if (field(*note, "topic") != kOffsetsTopic || field(*note, "from") == field(*note, "to") ||
            field(*note, "from") == "-1")
            continue;
        by_move[telling.leader(field(*note, "from")) + " → " + telling.leader(field(*note, "to"))].push_back(
            number(*note, "partition"));
    }
    std::string text;
    for (const auto& [move, partitions] : by_move) {
        std::string groups;
        for (const auto& [group, partition] : groups_as_of(telling.trace(), question.after)) {
            if (std::find(partitions.begin(), partitions.end(), partition) == partitions.end()) continue;
            groups += (groups.empty() ? "" : ", ") + group + " (" + std::string(kOffsetsTopic) + "-" +
                      std::to_string(partition) + ")";
        }
        text += telling.say("{0}: the leader of {1} partitions changed as well, {2}",
                            "{0}: 파티션 {1}개의 리더도 바뀜, {2}", kOffsetsTopic, partitions.size(), move);
        text += groups.empty()
                    ? ".\n"
                    : telling.say("; they hold the offsets of {0}.\n", "; 거기에 오프셋을 둔 그룹: {0}.\n", groups);
        if (!groups.empty() && move.ends_with(telling.leader("-1")))
            text += telling.say(
                "A group whose partition has no leader has no coordinator, and its consumers read nothing until one is "
                "back; the other groups go on.\n",
                "자기 파티션에 리더가 없는 그룹은 코디네이터가 없어서, 돌아올 때까지 아무것도 읽지 못한다. 다른 그룹은 "
                "계속 읽는다.\n");
    }
    return text;
}

}  // namespace

std::string why_leaders_and_isrs_changed(const Telling& telling, const Question& question) {
    const Changes changes(telling.trace(), question);
    const std::string offsets = option_of(question.command, "--topic").empty() ? about_offsets(telling, question) : "";
    std::string text;
    for (const Change& change : changes.all()) text += line_of(telling, change);
    text += offsets;
    if (changes.all().empty()) return text;
    const Change& first = changes.all().front();
    text += telling.say("How {0} came to that:\n", "{0}: 경과\n", to_string(first.partition));
    return text + story_of_partition(telling, *first.note, first.partition);
}

}  // namespace kafkasim::sim
