// SPDX-License-Identifier: Apache-2.0
#include "sim/reports/transcript.hpp"

#include <fmt/format.h>

#include <array>

#include "core/base/text.hpp"
#include "core/broker/replication_rules.hpp"
#include "sim/faults/receipt.hpp"
#include "sim/scenario/breaks.hpp"

namespace kafkasim::sim {

namespace {

constexpr size_t kWidth = 96;
constexpr size_t kMostSets = 6;  // of a workload that are named

struct Word {
    std::string_view english;
    std::string_view korean;
};
constexpr std::array<Word, 20> kWords{{
    {"Question", "질문"},
    {"Answer", "답"},
    {"changed", "변화"},
    {"exit code", "종료 코드"},
    {"steps", "단계"},
    {"all claims hold", "모든 기대가 맞음"},
    {"claims do not hold", "개의 기대가 틀림"},
    {"claim does not hold", "개의 기대가 틀림"},
    {"step", "단계"},
    {"not played to its end", "끝까지 진행되지 못함"},
    {"of virtual time", "가상 시간"},
    {"events", "이벤트"},
    {"ZooKeeper and the brokers run", "ZooKeeper와 브로커들이 작동 중"},
    {"How it came to that", "그렇게 된 경과"},
    {"broken, as the scenario says", "시나리오의 말대로 깨짐"},
    {"broken, and the scenario does not say so", "시나리오의 말과 달리 깨짐"},
    {"all claims hold, but not the invariants", "모든 기대는 맞지만 불변식은 그렇지 않음"},
    {"no invariant broken", "깨진 불변식 없음"},
    {"rules", "규칙"},
    {"more lines", "줄 더"},
}};

bool is_wide(uint32_t point) {
    return (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
           (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) ||
           (point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60);
}

/// Columns on a terminal: Korean takes two a character.
size_t columns_of(std::string_view text) {
    size_t columns = 0;
    for (size_t i = 0; i < text.size();) {
        const auto lead = static_cast<uint8_t>(text[i]);
        const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
        uint32_t point = length == 1 ? lead : lead & (0xffU >> (length + 1));
        for (size_t k = 1; k < length && i + k < text.size(); ++k)
            point = (point << 6) | (static_cast<uint8_t>(text[i + k]) & 0x3fU);
        columns += is_wide(point) ? 2 : 1;
        i += length;
    }
    return columns;
}

/// Lines of at most `width` columns, broken at spaces.
std::vector<std::string> wrapped(const std::string& text, size_t width) {
    std::vector<std::string> lines(1);
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find(' ', at), text.size());
        const std::string part = text.substr(at, end - at);
        at = end + 1;
        const std::string candidate = lines.back().empty() ? part : lines.back() + " " + part;
        if (!lines.back().empty() && columns_of(candidate) > width) {
            lines.push_back(part);
        } else {
            lines.back() = candidate;
        }
    }
    return lines;
}

std::string ids_text(const std::vector<int32_t>& ids) {
    std::string text;
    for (int32_t id : ids) text += (text.empty() ? "" : ",") + std::to_string(id);
    return text;
}

/// "the Isr of my-kafka-topic-0 is 3,2,1, of my-kafka-topic-1 2,3,1"
std::string condition_text(const scenario::Condition& condition) {
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    for (const auto& [topic, partitions] : condition.leader) {
        for (const auto& [partition, leader] : partitions)
            add(fmt::format("{}-{} is led by {}", topic, partition, leader));
    }
    for (const auto& [topic, partitions] : condition.isr) {
        for (const auto& [partition, isr] : partitions)
            add(fmt::format("the Isr of {}-{} is {}", topic, partition, ids_text(isr)));
    }
    for (const auto& [path, there] : condition.znode) add(path + (there ? " is there" : " is gone"));
    for (const auto& [log, like] : condition.log_line) add("the log of " + log + " says \"" + like + "\"");
    for (const auto& [terminal, like] : condition.printed) add("terminal " + terminal + " shows \"" + like + "\"");
    for (const auto& [broker, there] : condition.registered) add(broker + (there ? " is" : " is not") + " registered");
    for (const std::string& topic : condition.in_sync) add("all replicas of " + topic + " are in sync");
    for (const std::string& name : condition.caught_up) add("the consumers of " + name + " have read everything");
    return text;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
    return text;
}

std::string looked_at(const scenario::Look& look) {
    std::string text = joined(look.znodes);
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (look.log) add("the log of " + *look.log);
    if (look.terminal) add("terminal " + *look.terminal);
    if (!look.files.empty()) add(joined(look.files));
    if (!look.workload.empty()) add("the workload " + look.workload);
    return text;
}

/// "workload shop: 3 orders, 4 billing (group billing), for 30 s"
std::string workload_text(const scenario::Workload& workload) {
    if (workload.ends)
        return "end the workload " + workload.plan.name + (workload.of.empty() ? "" : ": " + joined(workload.of));
    std::vector<std::string> sets;
    for (const auto& set : workload.plan.producers) sets.push_back(fmt::format("{} {}", set.count, set.name));
    for (const auto& set : workload.plan.consumers) {
        if (sets.size() == kMostSets) sets.push_back("…");
        if (sets.size() > kMostSets) break;
        sets.push_back(fmt::format("{} {} (group {})", set.count, set.name, set.group));
    }
    if (workload.plan.time) sets.push_back("for " + span_text(*workload.plan.time));
    return "workload " + workload.plan.name + ": " + joined(sets);
}

std::string disk_text(const scenario::Disk& disk) {
    return (disk.folder.empty() ? "the disk of " + disk.of : disk.folder + " of " + disk.of) +
           (disk.is == "full" ? " is full" : " fails");
}

std::string ends_text(const std::vector<std::string>& between, const std::string& from, const std::string& to) {
    return between.empty() ? from + " → " + to : joined(between);
}

}  // namespace

std::string Transcript::word(std::string_view english) const {
    for (const Word& word : kWords) {
        if (word.english == english) return std::string(options_.language == "ko" ? word.korean : word.english);
    }
    return std::string(english);
}

void Transcript::write(Style style, const std::string& text) {
    if (!options_.colour || style == Style::Plain) return sink_(text);
    static constexpr std::array<std::string_view, 7> kCodes{"",           "\x1b[2m",  "\x1b[1m",   "\x1b[1;36m",
                                                            "\x1b[1;33m", "\x1b[32m", "\x1b[1;31m"};
    sink_(std::string(kCodes[static_cast<size_t>(style)]) + text + "\x1b[0m");
}

void Transcript::paragraph(Style style, const std::string& label, const std::string& text, bool begun) {
    if (text.empty()) return;
    const std::string head = label.empty() ? "" : label + ": ";
    for (const std::string& line : wrapped(head + text, kWidth - 5)) {
        write(style, (begun ? "" : "     ") + line);
        sink_("\n");
        begun = false;
    }
}

void Transcript::indented(Style style, const std::string& text) {
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find('\n', at), text.size());
        write(style, "  │ " + text.substr(at, end - at));
        sink_("\n");
        at = end + 1;
    }
}

/// Of a program that prints for minutes, the beginning and the end.
void Transcript::printed(Style style, const std::string& text) {
    constexpr size_t kMostLines = 300, kShown = 20;
    const std::vector<std::string> lines = lines_of(text);
    if (lines.size() <= kMostLines) return indented(style, text);
    for (size_t i = 0; i < kShown; ++i) indented(style, lines[i] + "\n");
    indented(Style::Dim, fmt::format("… {} {} …\n", lines.size() - 2 * kShown, word("more lines")));
    for (size_t i = lines.size() - kShown; i < lines.size(); ++i) indented(style, lines[i] + "\n");
}

void Transcript::begins(const World&, const scenario::Scenario& scenario) {
    const std::string title = scenario.title.empty() ? scenario.name : scenario.title.in(options_.language);
    write(Style::Bold, title);
    sink_("\n");
    paragraph(Style::Plain, "", scenario.about.in(options_.language));
}

/// What came up before the first step, if the scenario says that everything runs.
void Transcript::cluster_is_up(const World& world) {
    const std::vector<std::string> lines = changes_.read(world.trace());
    if (lines.empty()) return;
    sink_("\n");
    write(Style::Dim, "     " + world.clock().time_of_day(world.now()) + "  ");
    write(Style::Prompt, word("ZooKeeper and the brokers run"));
    sink_("\n");
    changed(lines);
}

void Transcript::changed(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
        write(Style::Good, "  ~ " + line);
        sink_("\n");
    }
}

void Transcript::receipts(const World& world) {
    const std::vector<TraceEvent>& events = world.trace().events();
    for (; receipts_read_ < events.size(); ++receipts_read_) {
        const TraceEvent& event = events[receipts_read_];
        if (event.kind != TraceKind::Fault || event.name == "kill") continue;
        write(Style::Dim, "  ! " + event.name + ": " + event.text);
        sink_("\n");
    }
}

/// Number and title or, without a title, number and act; then what is said, what is asked, and what is done.
void Transcript::step_begins(const World& world, const scenario::Step& step, size_t number) {
    if (number == 1) cluster_is_up(world);
    sink_("\n");
    const std::string head = fmt::format("{:>3}. ", number);
    const bool told = !step.title.empty() || !step.say.empty() || !step.ask.empty();
    if (told) {
        write(Style::Bold, head + (step.title.empty() ? std::string() : step.title.in(options_.language)));
        if (!step.title.empty()) sink_("\n");
        paragraph(Style::Plain, "", step.say.in(options_.language), step.title.empty());
        paragraph(Style::Question, word("Question"), step.ask.in(options_.language),
                  step.title.empty() && step.say.empty());
    }
    write(Style::Dim, told ? "     " : head);
    act(world, step);
}

void Transcript::act(const World& world, const scenario::Step& step) {
    write(Style::Dim, world.clock().time_of_day(world.now()) + "  ");
    struct Describe {
        const scenario::Step& step;
        std::string operator()(const scenario::Start& v) const { return "start " + v.process; }
        std::string operator()(const scenario::Stop& v) const { return "Ctrl+C in the terminal of " + v.process; }
        std::string operator()(const scenario::Kill& v) const { return "kill -9 " + v.process + v.terminal; }
        std::string operator()(const scenario::Pause& v) const { return "kill -STOP " + v.process + v.terminal; }
        std::string operator()(const scenario::Resume& v) const { return "kill -CONT " + v.process + v.terminal; }
        std::string operator()(const scenario::PowerOff& v) const { return "power off " + v.host; }
        std::string operator()(const scenario::Run& v) const {
            return (step.terminal == "main" ? "$ " : step.terminal + " $ ") + v.command;
        }
        std::string operator()(const scenario::Wait& v) const {
            return v.until ? "wait until " + condition_text(*v.until)
                           : fmt::format("wait {} s", static_cast<double>(millis_of(v.time)) / 1000);
        }
        std::string operator()(const scenario::Type& v) const {
            std::string text = "type in " + step.terminal + ":";
            for (const auto& line : v.lines) text += " " + line.text;
            return text;
        }
        std::string operator()(const scenario::Press& v) const { return v.key + " in " + step.terminal; }
        std::string operator()(const scenario::Write& v) const { return "edit " + v.file; }
        std::string operator()(const scenario::Look& v) const { return "look at " + looked_at(v); }
        std::string operator()(const scenario::NoteStep& v) const { return v.text; }
        std::string operator()(const scenario::Workload& v) const { return workload_text(v); }
        std::string operator()(const scenario::Cut& v) const {
            return "cut the network: " + ends_text(v.between, v.from, v.to);
        }
        std::string operator()(const scenario::Heal& v) const {
            if (!v.disk.empty()) return "the disk of " + v.disk + " is well again";
            return v.all ? "heal the network" : "heal the network: " + ends_text(v.between, v.from, v.to);
        }
        std::string operator()(const scenario::Slow& v) const {
            return v.disk.empty() ? "slow the network down"
                                  : "the disk of " + v.disk + " takes " + span_text(v.by) + " longer";
        }
        std::string operator()(const scenario::Disk& v) const { return disk_text(v); }
        std::string operator()(const scenario::Clock& v) const {
            return "the clock of " + v.of + " " + clock_text(v.by);
        }
        std::string operator()(const scenario::Hold& v) const { return "hold back " + v.request + " to " + v.to; }
        std::string operator()(const scenario::Release& v) const { return "release " + v.request + " to " + v.to; }
    };
    write(Style::Prompt, std::visit(Describe{step}, step.verb));
    if (!step.as.empty()) write(Style::Dim, "  = " + step.as);
    for (const auto& [word, role] : step.roles) write(Style::Dim, "  (" + word + ")");
    if (step.round > 0) write(Style::Dim, fmt::format("  [{}/{}]", step.round, step.rounds));
    sink_("\n");
    const auto* run = std::get_if<scenario::Run>(&step.verb);
    if (run == nullptr) return;
    if (run->stdin_text) indented(Style::Dim, *run->stdin_text);
    for (const auto& line : run->type) {
        write(Style::Dim, "  > ");
        sink_(line.text + "\n");
    }
}

void Transcript::seen(const scenario::Step& step, const scenario::Seen& seen) {
    if (seen.stdout_text) printed(Style::Plain, *seen.stdout_text);
    if (seen.stderr_text) printed(Style::Dim, *seen.stderr_text);
    for (const auto& [terminal, text] : seen.terminals) {  // of ttys
        for (const std::string& line : lines_of(text)) indented(Style::Plain, terminal + " | " + line + "\n");
    }
    if (seen.lines) {
        for (const std::string& line : *seen.lines) indented(Style::Plain, line + "\n");
    }
    if (seen.znodes) {
        for (const auto& [path, node] : *seen.znodes) {
            const std::string what = node ? node->data.value_or("null") + fmt::format("  (version {})", node->version)
                                          : "there is no such znode";
            indented(Style::Plain, path + "  " + what + "\n");
        }
    }
    if (seen.files) {
        for (const auto& [path, file] : *seen.files) {
            indented(Style::Dim, path + ":\n");
            std::string text = file ? file->text.value_or("") : "there is no such file";
            for (const std::string& name : file && file->names ? *file->names : std::vector<std::string>())
                text += name + "\n";
            indented(Style::Plain, text);
        }
    }
    const bool is_run =
        std::holds_alternative<scenario::Run>(step.verb) || std::holds_alternative<scenario::Press>(step.verb);
    if (is_run && seen.exit_code && *seen.exit_code != 0) {
        write(Style::Dim, "  │ " + word("exit code") + " " + std::to_string(*seen.exit_code));
        sink_("\n");
    }
}

void Transcript::step_ends(const World& world, const scenario::Step& step, const scenario::StepResult& result) {
    seen(step, result.seen);
    receipts(world);
    changed(changes_.read(world.trace()));
    broke(world, result.broken);
    for (const scenario::Failure& failure : result.failures) failed(world, failure);
    paragraph(Style::Question, word("Answer"), step.answer.in(options_.language));
}

/// What was claimed and what came, and the chain of causes behind it.
void Transcript::failed(const World& world, const scenario::Failure& failure) {
    write(Style::Bad, "  ✗ " + failure_text(world, failure));
    sink_("\n");
    story_of(failure, world);
}

void Transcript::story_of(const scenario::Failure& failure, const World& world) {
    const std::string story = options_.story ? options_.story(world, failure) : "";
    if (story.empty()) return;
    write(Style::Bold, "     " + word("How it came to that"));
    sink_("\n");
    indented(Style::Dim, story);
}

/// By which event an invariant broke, and the facts.
void Transcript::broke(const World& world, const scenario::BrokenInvariant& broken) {
    const std::string as_said =
        word(broken.expected ? "broken, as the scenario says" : "broken, and the scenario does not say so");
    write(broken.expected ? Style::Question : Style::Bad,
          fmt::format("  ! {}: {}, {}, event {}", as_said, broken.violation.invariant,
                      world.clock().time_of_day(broken.violation.at), broken.violation.event));
    sink_("\n");
    indented(Style::Plain, broken.violation.text + "\n");
}

/// The breaks of a step, and behind them the story of the first that was not expected: the others came of the same.
void Transcript::broke(const World& world, const std::vector<scenario::BrokenInvariant>& broken) {
    for (const scenario::BrokenInvariant& each : broken) broke(world, each);
    for (const scenario::BrokenInvariant& each : broken) {
        if (each.expected) continue;
        const invariants::Violation& violation = each.violation;
        return story_of({violation.invariant, "", "", violation.at, violation.event}, world);
    }
}

/// Claims, invariants, rules: "all claims hold, broken, as the scenario says: WeakIsr, rules kip-101".
std::string Transcript::verdict(const scenario::Scenario& scenario, const scenario::RunResult& result) const {
    size_t failures = 0;
    for (const auto& step : result.steps) failures += step.failures.size();
    std::string text;
    if (failures > 0) {
        text = std::to_string(failures) + " " + word(failures == 1 ? "claim does not hold" : "claims do not hold");
    } else if (!result.problems.empty()) {
        text = word("not played to its end");
    } else {
        text = word(result.not_as_said.empty() ? "all claims hold" : "all claims hold, but not the invariants");
    }
    if (scenario.breaks) {
        std::string names;
        for (const scenario::BrokenInvariant& each : result.broken) {
            const std::string& name = each.violation.invariant;
            if (each.expected && names.find(name) == std::string::npos) names += (names.empty() ? "" : ", ") + name;
        }
        if (!names.empty()) text += ", " + word("broken, as the scenario says") + ": " + names;
        if (result.broken.empty()) text += ", " + word("no invariant broken");
    }
    const std::string rules = scenario::rules_in_force(scenario);
    if (rules != broker::default_rules().name()) text += ", " + word("rules") + " " + rules;
    return text;
}

void Transcript::ends(const World& world, const scenario::Scenario& scenario, const scenario::RunResult& result) {
    receipts(world);
    sink_("\n");
    for (const auto* problems : {&result.problems, &result.not_as_said}) {
        for (const std::string& problem : *problems) {
            write(Style::Bad, problem);
            sink_("\n");
        }
    }
    write(result.ok() ? Style::Good : Style::Bad,
          fmt::format("{} {}, {}", result.steps.size(), word(result.steps.size() == 1 ? "step" : "steps"),
                      verdict(scenario, result)));
    const int64_t ms = millis_of(result.end);
    write(Style::Dim,
          fmt::format("; {}.{:03} s {}, {} {}, seed {}, digest {:016x}", ms / 1000, ms % 1000, word("of virtual time"),
                      result.events, word("events"), world.options().seed, result.digest));
    sink_("\n");
}

std::string failure_text(const World& world, const scenario::Failure& failure) {
    const auto is_long = [](const std::string& text) { return text.find('\n') != std::string::npos; };
    const auto shown = [](const std::string& text) {
        std::string lines;
        for (const std::string& line : lines_of(text.empty() ? "(nothing)" : text)) lines += "      " + line + "\n";
        return lines;
    };
    const std::string head = failure.what + " at " + world.clock().time_of_day(failure.at) + ": expected";
    if (!is_long(failure.expected) && !is_long(failure.seen))
        return head + " " + failure.expected + ", but saw " + (failure.seen.empty() ? "nothing" : failure.seen);
    const std::string text = head + "\n" + shown(failure.expected) + "    but saw\n" + shown(failure.seen);
    return text.substr(0, text.size() - 1);
}

}  // namespace kafkasim::sim
