// SPDX-License-Identifier: Apache-2.0
// Why a consumer printed in that order, and why records went to the partitions they went to.
#include <algorithm>
#include <map>
#include <set>

#include "core/base/text.hpp"
#include "sim/why/explanations.hpp"

namespace kafkasim::sim {

namespace {

using node::NoteKind;

/// A record that a poll returned, and the line that was printed for it, if lines and records can be paired.
struct Returned {
    std::string partition;
    int64_t offset = 0;
    std::string leader;
    Instant at;
    std::string line;
    const TraceEvent* appended = nullptr;
};

/// The leader's note of the append that wrote the record.
const TraceEvent* append_of(const Trace& trace, const TraceEvent& returned, int64_t offset) {
    const TraceEvent* found = nullptr;
    for (const TraceEvent* note : notes_between(trace, NoteKind::Appended, 0, returned.id)) {
        if (field(*note, "topic") != field(returned, "topic") ||
            field(*note, "partition") != field(returned, "partition"))
            continue;
        const int64_t base = number(*note, "base_offset");
        if (base <= offset && offset < base + number(*note, "count")) found = note;
    }
    return found;
}

std::vector<Returned> records_of(const Telling& telling, const Question& question) {
    std::vector<Returned> records;
    for (const TraceEvent* note :
         notes_between(telling.trace(), NoteKind::RecordsReturned, question.after, question.until)) {
        for (int64_t i = 0; i < number(*note, "count"); ++i) {
            const int64_t offset = number(*note, "first_offset") + i;
            records.push_back({field(*note, "topic") + "-" + field(*note, "partition"), offset, field(*note, "leader"),
                               note->at, "", append_of(telling.trace(), *note, offset)});
        }
    }
    const std::vector<std::string> lines = lines_of(question.printed);
    for (size_t i = 0; lines.size() == records.size() && i < lines.size(); ++i) records[i].line = lines[i];
    return records;
}

/// One line a record: where it came from and when it had been written.
std::string table_of(const Telling& telling, const std::vector<Returned>& records) {
    std::string text;
    for (const Returned& record : records) {
        const std::string line = record.line.empty() ? "" : "\"" + record.line + "\", ";
        const std::string written = record.appended == nullptr ? ""
                                                               : telling.say("written at {0}, ", "{0}에 쓰임, ",
                                                                             telling.time(record.appended->at));
        text += telling.say("  {0}  {1}{4}{2} offset {3}, from its leader, broker {5}\n",
                            "  {0}  {1}{4}{2} 오프셋 {3}, 리더 브로커 {5}\n", telling.time(record.at), line,
                            record.partition, record.offset, written, record.leader);
    }
    return text;
}

/// "first insert" (my-kafka-topic-0), ... in the order of writing.
std::string as_written(const Telling& telling, std::vector<Returned> records) {
    for (const Returned& record : records) {
        if (record.appended == nullptr || record.line.empty()) return "";
    }
    std::stable_sort(records.begin(), records.end(),
                     [](const Returned& a, const Returned& b) { return a.appended->id < b.appended->id; });
    std::string text;
    for (const Returned& record : records)
        text += (text.empty() ? "" : ", ") + ("\"" + record.line + "\" → " + record.partition);
    return telling.say("They had been written in this order: {0}.\n", "쓰인 순서: {0}.\n", text);
}

bool keeps_order_within_partitions(const std::vector<Returned>& records) {
    std::map<std::string, int64_t> last;
    for (const Returned& record : records) {
        const auto before = last.find(record.partition);
        if (before != last.end() && before->second >= record.offset) return false;
        last[record.partition] = record.offset;
    }
    return true;
}

std::string rule_of(const Telling& telling, bool sticky) {
    return sticky
               ? telling.say(
                     "A record without a key goes to the partition of the current batch, and each new batch to another "
                     "partition; lines typed more than a second apart "
                     "(the console producer's linger.ms=1000) are batches of their own.\n",
                     "키가 없는 기록은 지금 배치의 파티션으로 가고, 새 배치는 다른 파티션으로 간다. 1초 넘게 떨어져 "
                     "입력한 줄(콘솔 프로듀서의 linger.ms=1000)은 저마다 따로 배치가 된다.\n")
               : telling.say(
                     "A record's key decides its partition: murmur2(key), made positive, % the number of partitions.\n",
                     "키가 파티션을 정한다: murmur2(키)를 양수로 만들어 파티션 수로 나눈 나머지.\n");
}

/// The rule by which the topic's batches got their partitions; both if both were at work.
std::string rules_of(const Telling& telling, const std::string& topic, uint64_t after, uint64_t until) {
    bool sticky = false;
    bool key = false;
    for (const TraceEvent* note : notes_between(telling.trace(), NoteKind::BatchSent, after, until)) {
        if (!topic.empty() && field(*note, "topic") != topic) continue;
        (field(*note, "by") == "sticky" ? sticky : key) = true;
    }
    return (sticky ? rule_of(telling, true) : "") + (key ? rule_of(telling, false) : "");
}

}  // namespace

std::string why_in_that_order(const Telling& telling, const Question& question) {
    const std::vector<Returned> records = records_of(telling, question);
    if (records.empty()) return "";
    std::set<std::string> partitions;
    for (const Returned& record : records) partitions.insert(record.partition);
    if (partitions.size() == 1) {
        return telling.say("All that was printed comes from one partition, in the order of its offsets:\n",
                           "출력된 것은 모두 한 파티션에서, 오프셋 순서대로 왔다:\n") +
               table_of(telling, records);
    }
    std::string text = telling.say(
        "Order holds within a partition, not between partitions. The consumer printed what its fetches returned, as "
        "they returned:\n",
        "순서는 파티션 안에서 지켜지고, 파티션 사이에는 없다. 컨슈머는 가져온 것을 돌아온 차례대로 출력했다:\n");
    text += table_of(telling, records);
    if (keeps_order_within_partitions(records))
        text += telling.say("Within each partition the order is that of its offsets.\n",
                            "파티션마다 오프셋 순서는 그대로다.\n");
    text += as_written(telling, records);
    text +=
        rules_of(telling, records.front().partition.substr(0, records.front().partition.rfind('-')), 0, question.until);
    return text + telling.say(
                      "One fetch goes to each leader, and whose answer arrives first is printed first; the partitions "
                      "of one answer are printed in the order of a Java HashMap, "
                      "by hash and not by number.\n",
                      "리더마다 가져오기 요청이 하나씩 가고, 먼저 온 응답이 먼저 출력된다. 한 응답 안의 파티션들은 "
                      "번호가 아니라 해시에 따른 Java HashMap의 순서로 출력된다.\n");
}

std::string why_to_those_partitions(const Telling& telling, const Question& question) {
    std::string text;
    for (const TraceEvent* note : notes_between(telling.trace(), NoteKind::BatchSent, question.after, question.until)) {
        const int64_t count = number(*note, "count");
        text += telling.say("  {0}  a batch of {1} to {2}-{3}\n", "  {0}  기록 {1}개인 배치 → {2}-{3}\n",
                            telling.time(note->at), count, field(*note, "topic"), field(*note, "partition"));
    }
    if (text.empty()) return "";
    return telling.say("The producer sent:\n", "프로듀서가 보낸 것:\n") + text +
           rules_of(telling, "", question.after, question.until);
}

}  // namespace kafkasim::sim
