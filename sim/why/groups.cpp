// SPDX-License-Identifier: Apache-2.0
// What a group was like: its state, its members and what each of them owned, whom it waited for, and how the last
// generations came about. A member is known by what it was told (MemberJoined, PartitionsAssigned ...), the group by
// what its coordinator noted (GroupState).
#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "core/base/text.hpp"
#include "sim/why/explanations.hpp"
#include "sim/why/history.hpp"

namespace kafkasim::sim {

namespace {

using node::NoteKind;

constexpr size_t kGenerationsTold = 3;

struct Member {
    std::string id;
    std::string instance;  // group.instance.id
    std::string protocol;
    int64_t generation = 0;
    std::set<std::string> partitions;
    std::set<std::string> given_up;  // at last
    bool left = false;
    bool rejoined = false;               // since the group began to rebalance
    const TraceEvent* halted = nullptr;  // killed, paused or ended
};

/// One rebalance, from its cause to the generation that came of it.
struct Rebalance {
    const TraceEvent* began = nullptr;
    const TraceEvent* stable = nullptr;
    std::vector<std::string> unheard;  // members that did not answer, when a timeout was the cause
};

/// "c1-3cccabee" of "c1-3cccabee-4d3c-4829-8c8f-1f1eb24e9e7e".
std::string short_id(const std::string& member_id) {
    constexpr size_t kUuid = 36;
    constexpr size_t kTold = 8;
    return member_id.size() <= kUuid ? member_id : member_id.substr(0, member_id.size() - kUuid + kTold);
}

int32_t number_of(const std::string& digits) {
    int32_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

std::string property_of(const std::string& command, const std::string& name) {
    const size_t found = command.find(name + "=");
    if (found == std::string::npos) return "";
    const size_t begin = found + name.size() + 1;
    return command.substr(begin, std::min(command.find_first_of(" '\"", begin), command.size()) - begin);
}

/// A group as of an event.
class Group {
public:
    Group(const Telling& telling, std::string name, uint64_t until)
        : telling_(telling), name_(std::move(name)), until_(until) {
        for (const TraceEvent& event : telling.trace().events()) {
            if (event.id > until) break;
            take(event);
        }
    }

    bool known() const { return state_ != nullptr; }
    std::string now() const;
    std::string how_it_came_about() const;
    std::string about(const std::string& command) const;
    std::string nothing_left(const std::string& command) const;

private:
    const Member* member_of(const std::string& command) const;
    void take(const TraceEvent& event);
    void take_note(const TraceEvent& note);
    void take_state(const TraceEvent& note);
    void joined(const TraceEvent& note);
    bool counts(const Member& member) const;
    std::string command_of(uint32_t process) const { return telling_.world.process(process).options.command; }
    std::string name_of(uint32_t process) const;
    std::string halted(const Member& member) const;
    std::string owned(const Member& member) const;
    std::string cause_of(const Rebalance& rebalance) const;
    std::string waited_for() const;

    const Telling& telling_;
    std::string name_;
    uint64_t until_;
    std::map<uint32_t, Member> members_;  // by process
    const TraceEvent* state_ = nullptr;
    std::vector<Rebalance> rebalances_;
};

void Group::take(const TraceEvent& event) {
    if (event.kind == TraceKind::Note) return take_note(event);
    const bool rebalances = state_ != nullptr && field(*state_, "to") == "PreparingRebalance";
    const uint32_t about = event.kind == TraceKind::Message ? event.peer : event.process;
    const auto member = members_.find(about);
    if (member == members_.end()) return;
    if (event.kind == TraceKind::Message && event.name == "JoinGroupRequest")
        member->second.rejoined = member->second.rejoined || rebalances;
    if (event.kind == TraceKind::Resumed) member->second.halted = nullptr;
    const bool halts = event.kind == TraceKind::Paused || event.kind == TraceKind::Ended ||
                       (event.kind == TraceKind::Signal && event.name == "SIGKILL");
    if (halts && member->second.halted == nullptr) member->second.halted = &event;
    // A static member gives its partitions up when it closes, and does not say so.
    if (event.kind == TraceKind::Ended && !member->second.instance.empty() && !member->second.left)
        member->second.partitions.insert(member->second.given_up.begin(), member->second.given_up.end());
}

void Group::take_note(const TraceEvent& note) {
    if (field(note, "group") != name_) return;
    if (note.note.kind == NoteKind::GroupState) return take_state(note);
    if (note.note.kind == NoteKind::MemberJoined) return joined(note);
    const std::vector<std::string> partitions = split(field(note, "partitions"), ',');
    if (note.note.kind == NoteKind::PartitionsAssigned)
        members_[note.process].partitions.insert(partitions.begin(), partitions.end());
    if (note.note.kind == NoteKind::PartitionsRevoked || note.note.kind == NoteKind::PartitionsLost) {
        members_[note.process].given_up = {partitions.begin(), partitions.end()};
        for (const std::string& partition : partitions) members_[note.process].partitions.erase(partition);
    }
    if (note.note.kind == NoteKind::MemberLeft) members_[note.process].left = true;
}

void Group::joined(const TraceEvent& note) {
    Member& member = members_[note.process];
    member.id = field(note, "member");
    member.protocol = field(note, "protocol");
    member.generation = number(note, "generation");
    member.left = false;
    member.instance = property_of(command_of(note.process), "group.instance.id");
    if (member.instance.empty()) return;
    for (auto& [process, other] : members_) {
        if (process != note.process && other.instance == member.instance) other.left = true;
    }
}

void Group::take_state(const TraceEvent& note) {
    const std::string to = field(note, "to");
    if (to == "PreparingRebalance") {
        rebalances_.push_back({&note, nullptr, {}});
        for (auto& [process, member] : members_) {
            if (counts(member) && member.halted != nullptr)
                rebalances_.back().unheard.push_back(short_id(member.id) + halted(member));
            member.rejoined = false;
        }
        const TraceEvent* cause = telling_.trace().find(note.cause);
        const bool asked = cause != nullptr && cause->name == "JoinGroupRequest";
        if (asked && members_.contains(cause->peer)) members_[cause->peer].rejoined = true;
    }
    if ((to == "Stable" || to == "Empty") && !rebalances_.empty() && rebalances_.back().stable == nullptr)
        rebalances_.back().stable = &note;
    state_ = &note;
}

/// A member of the group's present generation, as far as the coordinator knows.
bool Group::counts(const Member& member) const {
    return state_ != nullptr && !member.left && !member.id.empty() &&
           member.generation == number(*state_, "generation");
}

std::string Group::name_of(uint32_t process) const {
    const auto member = members_.find(process);
    if (member != members_.end() && !member->second.id.empty()) return short_id(member->second.id);
    const std::string client = property_of(command_of(process), "client.id");
    return client.empty() ? telling_.who(process) : client;
}

std::string Group::halted(const Member& member) const {
    if (member.halted == nullptr) return "";
    const std::string at = telling_.time(member.halted->at);
    if (member.halted->kind == TraceKind::Paused)
        return telling_.say(" (paused at {0}, and not missed yet)", "({0}에 일시 정지됨, 아직 모름)", at);
    return telling_.say(" (gone since {0}, and not missed yet)", "({0}에 사라짐, 아직 모름)", at);
}

std::string Group::owned(const Member& member) const {
    std::string text;
    for (const std::string& partition : member.partitions) text += (text.empty() ? "" : ", ") + partition;
    return text.empty() ? telling_.say("nothing", "없음") : text;
}

/// Whose answer a rebalance lacks.
std::string Group::waited_for() const {
    std::string text;
    for (const auto& [process, member] : members_) {
        if (counts(member) && !member.rejoined)
            text += (text.empty() ? "" : ", ") + short_id(member.id) + halted(member);
    }
    return text;
}

std::string Group::now() const {
    const std::string state = field(*state_, "to");
    if (state == "Empty")
        return telling_.say("The group {0} has no members (Empty).\n", "그룹 {0}: 멤버 없음(Empty).\n", name_);
    if (state == "Dead")
        return telling_.say("The group {0} does not exist (Dead).\n", "그룹 {0}: 없음(Dead).\n", name_);
    std::string protocol, list;
    size_t count = 0;
    for (const auto& [process, member] : members_) {
        if (!counts(member)) continue;
        ++count;
        protocol = member.protocol;
        list += "  " + short_id(member.id) + halted(member) + ": " + owned(member) + "\n";
    }
    std::string text = telling_.say("The group {0} is {1}, generation {2}, {3}. Its {4} members own:\n",
                                    "그룹 {0}: {1}, {2}세대, {3}. 멤버 {4}의 파티션:\n", name_, state,
                                    field(*state_, "generation"), protocol, count) +
                       list;
    const std::string missing = state == "PreparingRebalance" ? waited_for() : "";
    if (!missing.empty())
        text += telling_.say(
            "It has been rebalancing since {0} and waits for {1} to join again, at most until that session ends.\n",
            "{0}부터 리밸런스 중이고 {1}의 재참가를 기다린다. 길면 그 세션이 끝날 때까지다.\n",
            telling_.time(state_->at), missing);
    return text;
}

std::string Group::cause_of(const Rebalance& rebalance) const {
    const TraceEvent* cause = telling_.trace().find(rebalance.began->cause);
    if (cause != nullptr && cause->kind == TraceKind::Message && cause->name == "JoinGroupRequest")
        return telling_.say("{0} asks to join (JoinGroup)", "{0}: 참가 요청(JoinGroup)", name_of(cause->peer));
    if (cause != nullptr && cause->kind == TraceKind::Message && cause->name == "LeaveGroupRequest")
        return telling_.say("{0} says that it leaves (LeaveGroup)", "{0}: 나간다고 알림(LeaveGroup)",
                            name_of(cause->peer));
    if (cause != nullptr && cause->kind == TraceKind::Timer && !rebalance.unheard.empty()) {
        std::string who;
        for (const std::string& member : rebalance.unheard) who += (who.empty() ? "" : ", ") + member;
        return telling_.say("no heartbeat for session.timeout.ms from {0}: the coordinator takes it out",
                            "session.timeout.ms 동안 하트비트가 없음: {0}. 코디네이터가 뺌", who);
    }
    return telling_.say("the members are asked to join again", "멤버들에게 다시 참가하라고 함");
}

/// The last rebalances, each with what caused it.
std::string Group::how_it_came_about() const {
    std::string text;
    const size_t count = rebalances_.size();
    for (size_t i = count > kGenerationsTold ? count - kGenerationsTold : 0; i < count; ++i) {
        const Rebalance& one = rebalances_[i];
        text += "  " + telling_.time(one.began->at) + "  " + cause_of(one) + "\n";
        if (one.stable == nullptr) continue;
        const std::string members = field(*one.stable, "members");
        text += "  " + telling_.time(one.stable->at) + "  " +
                telling_.say("generation {0} begins, with members: {1}", "{0}세대 시작, 멤버 수: {1}",
                             field(*one.stable, "generation"), members) +
                "\n";
    }
    return text.empty() ? "" : telling_.say("How it came to that:\n", "그렇게 된 경위:\n") + text;
}

/// The last one that was started by the command; nullptr if it is not in the present generation.
const Member* Group::member_of(const std::string& command) const {
    const auto found = std::find_if(members_.rbegin(), members_.rend(), [&](const auto& entry) {
        return !entry.second.id.empty() && command_of(entry.first) == command;
    });
    return found == members_.rend() || !counts(found->second) ? nullptr : &found->second;
}

/// Of a member's partitions: whether all that is in them had been committed.
std::string Group::nothing_left(const std::string& command) const {
    const Member* member = member_of(command);
    std::string offsets;
    for (const std::string& name : member == nullptr ? std::set<std::string>() : member->partitions) {
        const size_t dash = name.rfind('-');
        const TopicPartition partition{TopicName(name.substr(0, dash)), number_of(name.substr(dash + 1))};
        const int64_t end = log_end_as_of(telling_.trace(), partition, until_);
        if (committed_as_of(telling_.trace(), name_, partition, until_).value_or(0) != end) return "";
        offsets += (offsets.empty() ? "" : ", ") + name + ": " + std::to_string(end) + "/" + std::to_string(end);
    }
    if (offsets.empty()) return "";
    return telling_.say(
        "There is nothing left to read in them: the group has committed up to their ends ({0}), and a member begins "
        "where its group is.\n",
        "거기에는 읽을 것이 남아 있지 않다. 그룹이 끝까지 커밋했고({0}), 멤버는 그룹이 있는 자리에서 시작한다.\n",
        offsets);
}

/// One member among the others: why it has what it has.
std::string Group::about(const std::string& command) const {
    const Member* found = member_of(command);
    if (found == nullptr)
        return telling_.say("The consumer is no member of the present generation of {0}.\n",
                            "컨슈머는 {0}의 지금 세대의 멤버가 아니다.\n", name_);
    const Member& member = *found;
    const std::string name = short_id(member.id);
    if (!member.partitions.empty())
        return telling_.say("{0} reads {1}, and nothing else of what is written.\n", "{0}: 읽는 파티션은 {1}뿐이다.\n",
                            name, owned(member));
    if (field(*state_, "to") != "Stable" && member.rejoined)
        return telling_.say(
            "{0} owns nothing for now: it gave up what it had when it joined again, and the new assignment comes when "
            "all have.\n",
            "{0}: 지금은 가진 것이 없다. 다시 참가하면서 내놓았고, 새 배정은 모두 참가한 뒤에 온다.\n", name);
    size_t members = 0, partitions = 0;
    for (const auto& [process, other] : members_) {
        if (!counts(other)) continue;
        ++members;
        partitions += other.partitions.size();
    }
    return telling_.say(
        "{0} reads nothing because it owns no partition: in a group each partition has one owner (members: "
        "{2}, partitions: {1}).\n",
        "{0}: 가진 파티션이 없어서 아무것도 읽지 않는다. 그룹 안에서 파티션의 주인은 하나인데, 여기는 파티션 {1}, 멤버 "
        "{2}다.\n",
        name, partitions, members);
}

}  // namespace

std::string where_a_group_was(const Telling& telling, const std::string& group, uint64_t until) {
    std::map<TopicPartition, const TraceEvent*> commits;
    for (const TraceEvent* note : notes_between(telling.trace(), NoteKind::OffsetsCommitted, 0, until)) {
        if (field(*note, "group") != group) continue;
        commits[{TopicName(field(*note, "topic")), static_cast<int32_t>(number(*note, "partition"))}] = note;
    }
    std::string text;
    for (const auto& [partition, commit] : commits) {
        const int64_t end = log_end_as_of(telling.trace(), partition, until);
        const int64_t offset = number(*commit, "offset");
        text += telling.say("  {0}: {1} was committed at {2}, the log ends at {3}: lag {4}\n",
                            "  {0}: {2}에 {1} 커밋, 로그의 끝 {3}: 랙 {4}\n", to_string(partition), offset,
                            telling.time(commit->at), end, end - offset);
    }
    return text.empty() ? ""
                        : telling.say("Lag is the end of the log minus what the group has committed:\n",
                                      "랙은 로그의 끝에서 그룹이 커밋한 것을 뺀 값이다:\n") +
                              text;
}

std::string what_a_group_was_like(const Telling& telling, const std::string& group, uint64_t until) {
    const Group seen(telling, group, until);
    return seen.known() ? seen.now() + seen.how_it_came_about() : "";
}

std::string why_a_member_reads_that(const Telling& telling, const Question& question) {
    const std::string group = option_of(question.command, "--group");
    const Group seen(telling, group, question.until);
    if (!seen.known()) return "";
    std::string text = seen.about(question.command);
    if (question.printed.empty()) text += seen.nothing_left(question.command);
    return text + seen.now() + seen.how_it_came_about();
}

}  // namespace kafkasim::sim
