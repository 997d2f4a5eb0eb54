// SPDX-License-Identifier: Apache-2.0
#include "sim/why/story.hpp"

#include <algorithm>

#include "core/zookeeper/znodes.hpp"
#include "sim/why/causes.hpp"
#include "sim/why/history.hpp"
#include "sim/why/settings.hpp"

namespace kafkasim::sim {

namespace {

using node::NoteKind;

constexpr std::string_view kBrokerIds = "/brokers/ids/";

class Story {
public:
    Story(const Telling& telling, const TopicPartition* subject) : telling_(telling), subject_(subject) {}

    void link(const TraceEvent& event);
    void note(const TraceEvent& event);
    void told_brokers(const TraceEvent& elected);
    void told_leader(const TraceEvent& changed);
    void line(Instant at, const std::string& text);
    std::string text() const;

private:
    void message(const TraceEvent& event);
    void znode(const TraceEvent& note, const TraceEvent& write);
    void expired(const TraceEvent& note);
    void follower(const TraceEvent& note);
    void deletion(const TraceEvent& note);
    void reassignment(const TraceEvent& note);
    std::string watched(const TraceEvent& event) const;
    std::string step_of(const TraceEvent& event) const;
    std::string who(const TraceEvent& event) const { return telling_.controller_or(event.process, event.id); }
    std::string sender(const TraceEvent& event) const { return telling_.controller_or(event.peer, event.id); }
    bool is_subject(const TraceEvent& note) const {
        return subject_ != nullptr && field(note, "topic") == subject_->topic.str() &&
               number(note, "partition") == subject_->partition;
    }

    const Telling& telling_;
    const TopicPartition* subject_;
    std::vector<std::string> lines_;
};

void Story::line(Instant at, const std::string& text) {
    const std::string line = "  " + telling_.time(at) + "  " + text + "\n";
    if (lines_.empty() || lines_.back() != line) lines_.push_back(line);
}

std::string Story::text() const {
    std::string text;
    for (const std::string& line : lines_) text += line;
    return text;
}

std::string Story::step_of(const TraceEvent& event) const {
    const size_t step = step_as_of(telling_.trace(), event.id);
    return step == 0 ? "" : telling_.say(" (step {0})", " ({0}단계)", step);
}

void Story::link(const TraceEvent& event) {
    switch (event.kind) {
        case TraceKind::Signal:
            if (event.name == "SIGINT")
                line(event.at, telling_.say("Ctrl+C (SIGINT) reaches {0}{1}", "Ctrl+C(SIGINT): {0}{1}", who(event),
                                            step_of(event)));
            else
                line(event.at, telling_.say("{0} gets {1}{2}", "{0}: {1}{2}", who(event), event.name, step_of(event)));
            break;
        case TraceKind::Started:
            if (step_as_of(telling_.trace(), event.id) == 0)
                lines_.clear();  // the cluster's own start is no cause that anybody asks for
            else
                line(event.at, telling_.say("{0} starts{1}", "{0} 시작{1}", who(event), step_of(event)));
            break;
        case TraceKind::Paused:
            line(event.at, telling_.say("{0} is paused{1}", "{0} 일시 정지{1}", who(event), step_of(event)));
            break;
        case TraceKind::Resumed:
            line(event.at, telling_.say("{0} goes on{1}", "{0} 재개{1}", who(event), step_of(event)));
            break;
        case TraceKind::Message:
            message(event);
            break;
        case TraceKind::Step:
        case TraceKind::Ended:
        case TraceKind::Connected:
        case TraceKind::Disconnected:
        case TraceKind::Timer:
        case TraceKind::Input:
        case TraceKind::Printed:
        case TraceKind::Log:
        case TraceKind::Note:
        case TraceKind::Fault:
            break;
    }
}

void Story::message(const TraceEvent& event) {
    const auto tell = [&](std::string_view english, std::string_view korean) {
        line(event.at, telling_.say(english, korean, sender(event), who(event)));
    };
    if (event.name == "ControlledShutdownRequest") {
        if (event.peer == event.process)
            tell("{0}, asks itself for a controlled shutdown (ControlledShutdown)",
                 "{0}: 스스로에게 ControlledShutdown 요청");
        else
            tell("{0} asks {1}, for a controlled shutdown (ControlledShutdown)", "{0} → {1}: ControlledShutdown 요청");
    } else if (event.name == "AlterIsrRequest") {
        const std::string controller = controller_as_of(telling_.trace(), event.id);
        if (telling_.who(event.process) == telling_.broker(controller)) {
            tell("the leader, {0}, asks {1}, by AlterIsr to change the Isr",
                 "리더 {0} → {1}: AlterIsr로 Isr 변경 요청");
        } else {
            tell(
                "the leader, {0}, sends AlterIsr to {1}, which it still takes for the controller and which refuses; it "
                "asks again after 50 ms",
                "리더 {0} → {1}: AlterIsr. 더는 컨트롤러가 아니어서 거절되고, 50ms 뒤 다시 묻는다");
        }
    } else if (event.name == "CreateTopicsRequest") {
        tell("{0} asks {1} by CreateTopics", "{0} → {1}: CreateTopics 요청");
    } else if (event.name == "FindCoordinatorRequest") {
        tell("{0} asks {1} who coordinates its group (FindCoordinator)",
             "{0} → {1}: 그룹의 코디네이터는 누구인가(FindCoordinator)");
    } else if (event.name == "LeaderAndIsrRequest") {
        tell("{0}, tells {1} by LeaderAndIsr what it leads and what it follows",
             "{0} → {1}: LeaderAndIsr로 이끌 것과 따를 것을 알림");
    } else if (event.name == "ZkWatchEvent") {
        line(event.at, telling_.say("ZooKeeper's watch on {1} goes off at {0}",
                                    "{1}에 걸린 ZooKeeper 감시가 {0}에 울림", who(event), watched(event)));
    }
}

/// The paths whose watches brought this event: those of the receiver's own session.
std::string Story::watched(const TraceEvent& event) const {
    const Trace& trace = telling_.trace();
    const TraceEvent* cause = trace.find(event.cause);
    if (cause == nullptr) return "";
    std::map<std::string, uint32_t> sessions;
    for (const TraceEvent* opened : notes_between(trace, NoteKind::SessionOpened, 0, event.id)) {
        const TraceEvent* asked = trace.find(opened->cause);
        if (asked != nullptr) sessions[field(*opened, "session")] = asked->peer;
    }
    std::string paths;
    for (const TraceEvent* note : notes_below(trace, *cause)) {
        if (note->note.kind != NoteKind::WatchFired || sessions[field(*note, "session")] != event.process) continue;
        paths += (paths.empty() ? "" : ", ") + field(*note, "path");
    }
    return paths;
}

void Story::note(const TraceEvent& note) {
    const std::string broker = telling_.broker(field(note, "broker"));
    const TraceEvent* cause = telling_.trace().find(note.cause);
    switch (note.note.kind) {
        case NoteKind::SessionExpired:
            return expired(note);
        case NoteKind::SessionClosed:
            return line(note.at, telling_.say("{0} closes its ZooKeeper session, and its ephemeral znodes go",
                                              "{0}: ZooKeeper 세션을 닫고, 임시 znode들이 사라짐",
                                              cause == nullptr ? field(note, "owner") : telling_.who(cause->peer)));
        case NoteKind::ZnodeChanged:
            return cause == nullptr ? void() : znode(note, *cause);
        case NoteKind::BrokerFailed:
            return line(note.at, telling_.say("{0}, sees by /brokers/ids that {1} has gone",
                                              "{0}: /brokers/ids에서 {1}의 사라짐을 봄", who(note), broker));
        case NoteKind::BrokerAppeared:
            return line(note.at, telling_.say("{0}, sees by /brokers/ids that {1} is there",
                                              "{0}: /brokers/ids에서 {1}의 등장을 봄", who(note), broker));
        case NoteKind::ControllerElected:
            return line(note.at, telling_.say("{0} is the controller now, epoch {1}", "이제 {0}: 컨트롤러, 에포크 {1}",
                                              broker, field(note, "epoch")));
        case NoteKind::BecameFollower:
            return is_subject(note) ? follower(note) : void();
        case NoteKind::TopicDeletion:
            return deletion(note);
        case NoteKind::Reassignment:
            return reassignment(note);
        case NoteKind::SessionOpened:
        case NoteKind::WatchFired:
        case NoteKind::BrokerRegistered:
        case NoteKind::ControllerResigned:
        case NoteKind::BrokerShuttingDown:
        case NoteKind::TopicCreated:
        case NoteKind::LeaderElected:
        case NoteKind::ElectionFailed:
        case NoteKind::IsrChanged:
        case NoteKind::BecameLeader:
        case NoteKind::Appended:
        case NoteKind::Truncated:
        case NoteKind::HighWatermark:
        case NoteKind::LogStartOffset:
        case NoteKind::DuplicateBatch:
        case NoteKind::SegmentRolled:
        case NoteKind::StaleRequest:
        case NoteKind::BatchSent:
        case NoteKind::RecordsReturned:
        case NoteKind::CoordinatorLookup:
        case NoteKind::GroupState:
        case NoteKind::OffsetsCommitted:
        case NoteKind::MemberJoined:
        case NoteKind::PartitionsAssigned:
        case NoteKind::PartitionsRevoked:
        case NoteKind::PartitionsLost:
        case NoteKind::MemberLeft:
        case NoteKind::Unmodelled:
            return;
    }
}

void Story::follower(const TraceEvent& note) {
    line(note.at,
         telling_.say("it follows {1}, the leader of {0}, and begins to fetch", "{0}의 리더 {1}를 따르며 가져오기 시작",
                      to_string(*subject_), telling_.broker(field(note, "leader"))));
}

/// Of the subject's topic only.
void Story::deletion(const TraceEvent& note) {
    if (subject_ == nullptr || field(note, "topic") != subject_->topic.str()) return;
    const std::string state = field(note, "state");
    const std::string topic = field(note, "topic");
    if (state == "queued") {
        line(note.at, telling_.say("{0}, queues {1} for deletion: it stands in /admin/delete_topics",
                                   "{0}: {1} 삭제 대기열에 넣음(/admin/delete_topics)", who(note), topic));
    } else if (state == "started") {
        line(note.at, telling_.say("{0}, begins to delete {1}: its partitions lose their leaders, then its replicas go",
                                   "{0}: {1} 삭제 시작. 파티션의 리더가 없어지고 복제본이 지워짐", who(note), topic));
    } else if (state == "ineligible") {
        line(note.at, telling_.say("{0}, halts the deletion of {1}: {2}", "{0}: {1} 삭제 보류 ({2})", who(note), topic,
                                   field(note, "why")));
    } else {
        line(note.at, telling_.say("{0}, has seen all replicas of {1} go and removes its znodes",
                                   "{0}: {1}의 복제본이 모두 사라져 znode를 지움", who(note), topic));
    }
}

void Story::reassignment(const TraceEvent& note) {
    if (!is_subject(note)) return;
    const std::string state = field(note, "state");
    const auto broker_list = [&](std::string_view name) {
        const std::string listed = field(note, name);
        return listed.empty() ? std::string("-") : listed;
    };
    if (state == "started") {
        line(note.at, telling_.say("{0}, begins to move the replicas of {1} to {2} (adding {3}, removing {4})",
                                   "{0}: {1}의 복제본을 {2}(으)로 옮기기 시작(추가 {3}, 제거 {4})", who(note),
                                   to_string(*subject_), broker_list("replicas"), broker_list("adding"),
                                   broker_list("removing")));
    } else if (state == "completed") {
        line(note.at, telling_.say("{0}, has the replicas of {1} on {2}: all of them are in the Isr",
                                   "{0}: {1}의 복제본 이동 완료, 이제 {2}. 모두 Isr에 있음", who(note),
                                   to_string(*subject_), broker_list("replicas")));
    } else {
        line(note.at,
             telling_.say("{0}, gives up moving {1}: the replicas stay {2}", "{0}: {1} 이동 취소, 복제본은 {2} 그대로",
                          who(note), to_string(*subject_), broker_list("replicas")));
    }
}

/// What was written to ZooKeeper, as far as it belongs to the story.
void Story::znode(const TraceEvent& note, const TraceEvent& write) {
    const std::string path = field(note, "path");
    const bool created = field(note, "change") == "created";
    const std::string writer = telling_.controller_or(write.peer, write.id);
    if (const auto partition = partition_of_path(path)) {
        const auto state = zookeeper::decode_partition_state(field(note, "data"));
        if (subject_ == nullptr || *partition != *subject_ || !state) return;
        const LeaderAndIsr& now = state->leader_and_isr;
        line(note.at,
             telling_.say("{0}, writes {1}: leader {2}, Isr {3}, leader epoch {4}",
                          "{0}, {1} 기록: 리더 {2}, Isr {3}, 리더 에포크 {4}", writer, path,
                          now.leader == kNoBroker ? "none" : to_string(now.leader), join(now.isr), now.leader_epoch));
    } else if (created && path.starts_with(kBrokerIds)) {
        line(note.at, telling_.say("{0} registers in ZooKeeper: the ephemeral znode {1}",
                                   "{0}: ZooKeeper에 등록, 임시 znode {1}", telling_.who(write.peer), path));
    } else if (created && path.starts_with("/brokers/topics/") && path.find('/', 16) == std::string::npos) {
        line(note.at, telling_.say("{0} writes the topic's replicas to {1}", "{0}, 토픽의 복제본 배치 기록: {1}",
                                   telling_.who(write.peer), path));
    }
}

/// The silence before an expiry: whose, since when, and what the timeout is.
void Story::expired(const TraceEvent& note) {
    const Trace& trace = telling_.trace();
    const std::string owner = field(note, "owner");  // "broker 2"
    if (owner.empty()) return;                       // a tool's
    const std::string process = "broker-" + owner.substr(owner.find(' ') + 1);
    const std::string name = telling_.broker(process.substr(7));
    const TraceEvent* heard = nullptr;
    for (const TraceEvent& event : trace.events()) {
        if (event.id >= note.id) break;
        if (event.kind == TraceKind::Message && event.process == note.process && event.peer != kNoProcess &&
            telling_.who(event.peer) == name)
            heard = &event;
    }
    const TraceEvent* halt = halt_as_of(telling_.world, process, note.id);
    if (heard != nullptr && (halt == nullptr || heard->at <= halt->at))
        line(heard->at,
             telling_.say("ZooKeeper hears from {0} for the last time", "ZooKeeper: {0}에게서 마지막 소식", name));
    if (halt != nullptr) {
        line(halt->at, telling_.say("{0} {1}, {2} s before its session ends; it tells nobody, and its znode stays",
                                    "{0} {1}, 세션이 끝나기 {2}초 전. 아무에게도 알리지 못하고 znode는 남음", name,
                                    halt_text(telling_, process, note.id), seconds_text(note.at - halt->at)));
    }
    line(note.at,
         telling_.say("the ZooKeeper session of {0} expires: nothing was heard of it for "
                      "zookeeper.session.timeout.ms={2}, which ZooKeeper looks at "
                      "once in tickTime={3} ms; ZooKeeper deletes the ephemeral znode /brokers/ids/{1}",
                      "{0}의 ZooKeeper 세션 만료: zookeeper.session.timeout.ms={2} 동안 소식이 "
                      "없었음(tickTime={3}ms마다 확인). ZooKeeper가 임시 znode /brokers/ids/{1} 삭제",
                      name, process.substr(7),
                      broker_setting(telling_.world, process.substr(7), "zookeeper.session.timeout.ms", "18000"),
                      zookeeper_setting(telling_.world, "tickTime", "3000")));
}

/// After an election: who was told what.
void Story::told_brokers(const TraceEvent& elected) {
    const std::string epoch = field(elected, "leader_epoch");
    const std::string partition = to_string(*subject_);
    uint64_t last = 0;
    Instant at;
    std::string followers;
    for (const NoteKind kind : {NoteKind::BecameLeader, NoteKind::BecameFollower}) {
        for (const TraceEvent* note : notes_between(telling_.trace(), kind, elected.id, UINT64_MAX)) {
            if (!is_subject(*note) || field(*note, "leader_epoch") != epoch || note->at - elected.at > 1s) continue;
            last = std::max(last, note->id);
            at = std::max(at, note->at);
            if (kind == NoteKind::BecameFollower)
                followers += (followers.empty() ? "" : ", ") + telling_.who(note->process);
            else
                line(note->at, telling_.say("LeaderAndIsr tells {0}: lead {1}, leader epoch {2}, from offset {3}",
                                            "LeaderAndIsr → {0}: {1}의 리더, 리더 에포크 {2}, 오프셋 {3}부터",
                                            telling_.who(note->process), partition, epoch, field(*note, "offset")));
        }
    }
    if (!followers.empty())
        line(at, telling_.say("LeaderAndIsr tells {0}: follow that leader", "LeaderAndIsr → {0}: 그 리더를 따름",
                              followers));
    std::string told;
    for (const TraceEvent& event : telling_.trace().events()) {
        if (event.id <= std::max(last, elected.id) || event.kind != TraceKind::Message ||
            event.name != "UpdateMetadataRequest")
            continue;
        if (event.at - elected.at > 1s) break;
        const std::string name = telling_.who(event.process);
        if (told.find(name) != std::string::npos) break;
        told += (told.empty() ? "" : ", ") + name;
        at = event.at;
    }
    if (!told.empty())
        line(at, telling_.say("UpdateMetadata tells {0}, so that clients who ask there learn it",
                              "UpdateMetadata → {0}: 이제 거기에 묻는 클라이언트도 알게 됨", told));
}

/// After an AlterIsr: the leader takes the new Isr over.
void Story::told_leader(const TraceEvent& changed) {
    for (const TraceEvent* note : notes_between(telling_.trace(), NoteKind::IsrChanged, changed.id, UINT64_MAX)) {
        if (note->at - changed.at > 1s) return;
        if (!is_subject(*note) || field(*note, "to") != field(changed, "to")) continue;
        return line(note->at, telling_.say("AlterIsr is answered: for the leader, {0}, the Isr is {1} now",
                                           "AlterIsr 응답: 리더 {0}에게도 Isr은 이제 {1}", telling_.who(note->process),
                                           field(*note, "to")));
    }
}

bool writes(const Trace& trace, const TraceEvent& event, const TopicPartition& partition) {
    for (const TraceEvent* note : notes_below(trace, event)) {
        if (note->note.kind == NoteKind::ZnodeChanged && partition_of_path(field(*note, "path")) == partition)
            return true;
    }
    return false;
}

/// The follower's fetch that made the leader ask: the last one before the first AlterIsr.
const TraceEvent* fetch_before_alter_isr(const std::vector<const TraceEvent*>& chain) {
    const TraceEvent* fetch = nullptr;
    for (const TraceEvent* event : chain) {
        if (event->name == "AlterIsrRequest") return fetch;
        if (event->name == "FetchRequest") fetch = event;
    }
    return nullptr;
}

}  // namespace

std::string story_of_partition(const Telling& telling, const TraceEvent& note, const TopicPartition& partition) {
    const Trace& trace = telling.trace();
    Story story(telling, &partition);
    const std::vector<const TraceEvent*> chain = chain_of(trace, note.cause);
    const TraceEvent* fetch = fetch_before_alter_isr(chain);
    const bool elected = note.note.kind == NoteKind::LeaderElected;
    for (size_t i = 0; i < chain.size(); ++i) {
        const TraceEvent* event = chain[i];
        story.link(*event);
        if (event == fetch) {
            story.line(event->at,
                       telling.say("{0} fetches from the leader, {1}, and has caught up with its high watermark",
                                   "{0}: 리더 {1}에게서 하이 워터마크까지 모두 가져옴", telling.who(event->peer),
                                   telling.who(event->process)));
        }
        for (const TraceEvent* below : notes_below(trace, *event)) {
            if (below->id <= note.id) story.note(*below);
        }
        if (elected && i + 1 < chain.size() && writes(trace, *chain[i + 1], partition)) {
            story.line(event->at, telling.say("{0}, has read the state of {1} from ZooKeeper and elects {2}",
                                              "{0}: ZooKeeper에서 {1}의 상태를 읽고 {2} 선출",
                                              telling.controller_or(note.process, note.id), to_string(partition),
                                              telling.leader(field(note, "to"))));
        }
    }
    if (elected)
        story.told_brokers(note);
    else
        story.told_leader(note);
    return story.text();
}

std::string story_of(const Telling& telling, uint64_t event) {
    Story story(telling, nullptr);
    for (const TraceEvent* link : chain_of(telling.trace(), event)) {
        story.link(*link);
        for (const TraceEvent* below : notes_below(telling.trace(), *link)) {
            if (below->id <= event) story.note(*below);
        }
    }
    return story.text();
}

}  // namespace kafkasim::sim
