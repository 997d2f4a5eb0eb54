// SPDX-License-Identifier: Apache-2.0
// Which records were cut off, where, and by whom they had been written.
#include <algorithm>

#include "sim/why/explanations.hpp"
#include "sim/why/history.hpp"

namespace kafkasim::sim {

namespace {

using node::NoteKind;

bool same_partition(const TraceEvent& a, const TraceEvent& b) {
    return field(a, "topic") == field(b, "topic") && field(a, "partition") == field(b, "partition");
}

/// The last note of the kind about the same partition before `of`; nullptr if there is none.
const TraceEvent* last_before(const Trace& trace, NoteKind kind, const TraceEvent& of, bool by_same_process) {
    const TraceEvent* found = nullptr;
    for (const TraceEvent* note : notes_between(trace, kind, 0, of.id)) {
        if (same_partition(*note, of) && (!by_same_process || note->process == of.process)) found = note;
    }
    return found;
}

/// The election that made its leader the leader: what that one wrote later stands in its log.
const TraceEvent* election_before(const Trace& trace, const TraceEvent& cut) {
    const TraceEvent* found = nullptr;
    for (const TraceEvent* note : notes_between(trace, NoteKind::LeaderElected, 0, cut.id)) {
        if (same_partition(*note, cut) && field(*note, "from") != field(*note, "to")) found = note;
    }
    return found;
}

/// True if the one who wrote the records had let consumers read them.
bool was_visible(const Trace& trace, const TraceEvent& appended, uint64_t until) {
    const int64_t end = number(appended, "base_offset") + number(appended, "count");
    const auto moves = notes_between(trace, NoteKind::HighWatermark, appended.id, until);
    return std::any_of(moves.begin(), moves.end(), [&](const TraceEvent* note) {
        return same_partition(*note, appended) && note->process == appended.process && number(*note, "to") >= end;
    });
}

std::string lost_batch(const Telling& telling, const TraceEvent& appended, const TraceEvent& cut) {
    const int64_t first = number(appended, "base_offset");
    const int64_t last = first + number(appended, "count") - 1;
    const std::string offsets = first == last
                                    ? telling.say("offset {0}", "오프셋 {0}", first)
                                    : telling.say("offsets {0} to {1}", "오프셋 {0}부터 {1}까지", first, last);
    const std::string seen = was_visible(telling.trace(), appended, cut.id)
                                 ? telling.say("visible to consumers", "컨슈머에게 보였음")
                                 : telling.say("not yet visible to consumers", "아직 컨슈머에게 보이지 않았음");
    return telling.say("  {0}  {1}, written in leader epoch {2} by {3}; {4}\n",
                       "  {0}  {1}, 리더 에포크 {2}, 쓴 리더: {3}. {4}\n", telling.time(appended.at), offsets,
                       field(appended, "leader_epoch"), telling.who(appended.process), seen);
}

std::string about_the_cut(const Telling& telling, const TraceEvent& cut) {
    const Trace& trace = telling.trace();
    const std::string name = field(cut, "topic") + "-" + field(cut, "partition");
    const TraceEvent* follows = last_before(trace, NoteKind::BecameFollower, cut, true);
    const TraceEvent* elected = election_before(trace, cut);
    std::string text = telling.say("{0} cuts {1} from end offset {2} to {3}", "{0}: {1}의 끝 오프셋 {2} → {3}로 자름",
                                   telling.who(cut.process), name, number(cut, "from"), number(cut, "to"));
    if (follows != nullptr)
        text += telling.say(", where its log parts from that of its leader, {0}", ". 리더({0})의 로그와 갈라지는 곳",
                            telling.broker(field(*follows, "leader")));
    text += telling.say(". What stood there:\n", ". 거기에 있던 것:\n");
    for (const TraceEvent* appended : notes_between(trace, NoteKind::Appended, 0, cut.id)) {
        const int64_t first = number(*appended, "base_offset");
        const bool stood_there = first + number(*appended, "count") > number(cut, "to") && first < number(cut, "from");
        const bool is_of_the_leader = elected != nullptr && appended->id > elected->id &&
                                      telling.who(appended->process) == telling.broker(field(*elected, "to"));
        if (same_partition(*appended, cut) && stood_there && !is_of_the_leader)
            text += lost_batch(telling, *appended, cut);
    }
    return text;
}

}  // namespace

std::string why_records_were_cut(const Telling& telling, const Question& question) {
    const std::string topic = option_of(question.command, "--topic");
    std::string text;
    for (const TraceEvent* cut : notes_between(telling.trace(), NoteKind::Truncated, question.after, question.until)) {
        const bool is_asked_for =
            topic.empty() ? !is_internal_topic(field(*cut, "topic")) : field(*cut, "topic") == topic;
        if (is_asked_for && number(*cut, "from") > number(*cut, "to")) text += about_the_cut(telling, *cut);
    }
    return text;
}

}  // namespace kafkasim::sim
