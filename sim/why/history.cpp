// SPDX-License-Identifier: Apache-2.0
#include "sim/why/history.hpp"

#include <charconv>

#include "core/zookeeper/znodes.hpp"

namespace kafkasim::sim {

namespace {

/// Calls with each event up to and with `until`.
template <typename Call>
void each_event(const Trace& trace, uint64_t until, Call call) {
    for (const TraceEvent& event : trace.events()) {
        if (event.id > until) return;
        call(event);
    }
}

template <typename Call>
void each_note(const Trace& trace, node::NoteKind kind, uint64_t until, Call call) {
    each_event(trace, until, [&](const TraceEvent& event) {
        if (event.kind == TraceKind::Note && event.note.kind == kind) call(event);
    });
}

bool is_about(const TraceEvent& note, const TopicPartition& partition) {
    return field(note, "topic") == partition.topic.str() && number(note, "partition") == partition.partition;
}

}  // namespace

size_t step_as_of(const Trace& trace, uint64_t until) {
    size_t step = 0;
    each_event(trace, until, [&](const TraceEvent& event) {
        if (event.kind == TraceKind::Step)
            std::from_chars(event.text.data(), event.text.data() + event.text.size(), step);
    });
    return step;
}

std::string controller_as_of(const Trace& trace, uint64_t until) {
    std::string id;
    each_note(trace, node::NoteKind::ControllerElected, until,
              [&](const TraceEvent& note) { id = field(note, "broker"); });
    return id;
}

const TraceEvent* halt_as_of(const World& world, const std::string& process, uint64_t until) {
    const TraceEvent* halt = nullptr;
    const TraceEvent* killed = nullptr;
    each_event(world.trace(), until, [&](const TraceEvent& event) {
        if (event.process == kNoProcess || world.process(event.process).options.name != process) return;
        if (event.kind == TraceKind::Started || event.kind == TraceKind::Resumed) halt = nullptr;
        if (event.kind == TraceKind::Paused) halt = &event;
        if (event.kind == TraceKind::Signal) killed = event.name == "SIGKILL" ? &event : nullptr;
        if (event.kind == TraceKind::Ended) halt = killed != nullptr ? killed : &event;
    });
    return halt;
}

std::string halt_text(const Telling& telling, const std::string& process, uint64_t until) {
    const TraceEvent* halt = halt_as_of(telling.world, process, until);
    if (halt == nullptr) return "";
    const size_t step = step_as_of(telling.trace(), halt->id);
    const std::string at = telling.time(halt->at) + (step == 0 ? "" : telling.say(" (step {0})", "({0}단계)", step));
    if (halt->kind == TraceKind::Paused)
        return telling.say("was paused (kill -STOP) at {0}", "{0}에 일시 정지됨(kill -STOP)", at);
    if (halt->kind == TraceKind::Signal)
        return telling.say("was killed (kill -9) at {0}", "{0}에 강제 종료됨(kill -9)", at);
    if (halt->text == "130" || halt->text == "143")
        return telling.say("was stopped and ended at {0}", "멈춤 신호를 받고 {0}에 끝남", at);
    return telling.say("ended by itself at {0}, exit code {1}", "{0}에 스스로 끝남, 종료 코드 {1}", at, halt->text);
}

std::map<int32_t, LeaderAndIsr> partitions_as_of(const Trace& trace, const std::string& topic, uint64_t until) {
    std::map<int32_t, LeaderAndIsr> partitions;
    each_note(trace, node::NoteKind::ZnodeChanged, until, [&](const TraceEvent& note) {
        const auto partition = partition_of_path(field(note, "path"));
        if (!partition || partition->topic.str() != topic) return;
        const auto state = zookeeper::decode_partition_state(field(note, "data"));
        if (state)
            partitions[partition->partition] = state->leader_and_isr;
        else
            partitions.erase(partition->partition);
    });
    return partitions;
}

int64_t log_end_as_of(const Trace& trace, const TopicPartition& partition, uint64_t until) {
    int64_t end = 0;
    each_note(trace, node::NoteKind::Appended, until, [&](const TraceEvent& note) {
        if (is_about(note, partition)) end = number(note, "base_offset") + number(note, "count");
    });
    return end;
}

std::optional<int64_t> committed_as_of(const Trace& trace, const std::string& group, const TopicPartition& partition,
                                       uint64_t until) {
    std::optional<int64_t> offset;
    each_note(trace, node::NoteKind::OffsetsCommitted, until, [&](const TraceEvent& note) {
        if (field(note, "group") == group && is_about(note, partition)) offset = number(note, "offset");
    });
    return offset;
}

std::map<std::string, int64_t> groups_as_of(const Trace& trace, uint64_t until) {
    std::map<std::string, int64_t> groups;
    each_note(trace, node::NoteKind::CoordinatorLookup, until,
              [&](const TraceEvent& note) { groups[field(note, "group")] = number(note, "partition"); });
    return groups;
}

std::optional<TopicPartition> partition_of_path(const std::string& path) {
    constexpr std::string_view kHead = "/brokers/topics/";
    constexpr std::string_view kMiddle = "/partitions/";
    constexpr std::string_view kEnd = "/state";
    const size_t middle = path.find(kMiddle);
    if (!path.starts_with(kHead) || !path.ends_with(kEnd) || middle == std::string::npos) return std::nullopt;
    const char* first = path.data() + middle + kMiddle.size();
    const char* last = path.data() + path.size() - kEnd.size();
    int32_t partition = 0;
    if (std::from_chars(first, last, partition).ptr != last) return std::nullopt;
    return TopicPartition{TopicName(std::string_view(path).substr(kHead.size(), middle - kHead.size())), partition};
}

}  // namespace kafkasim::sim
