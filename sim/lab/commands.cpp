// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/commands.hpp"

#include <algorithm>
#include <charconv>

#include "core/base/text.hpp"
#include "sim/lab/columns.hpp"
#include "sim/lab/describe.hpp"
#include "sim/lab/session.hpp"
#include "sim/reports/cluster_changes.hpp"
#include "sim/scenario/suggestion.hpp"

namespace kafkasim::sim::lab {

namespace {

using Words = std::vector<std::string>;

constexpr Duration kIdle = 5s;
constexpr Duration kUntilAtMost = 120s;
constexpr size_t kWidth = 80;

bool usage(Session& session, std::string_view name) {
    for (const LabCommand& command : lab_commands()) {
        if (command.name == name)
            return session.fail(session.in("usage: :", "사용법: :") + std::string(command.name) + " " +
                                std::string(command.arguments));
    }
    return false;
}

std::optional<int64_t> number_of(std::string_view text) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    constexpr int64_t kMost = 100000;
    if (error != std::errc{} || end != text.data() + text.size() || number < 0 || number > kMost) return std::nullopt;
    return number;
}

std::optional<Duration> time_of(std::string_view text) {
    struct Unit {
        std::string_view name;
        Duration length;
    };
    constexpr Unit kUnits[] = {{"ms", 1ms}, {"s", 1s}, {"m", 60s}, {"h", 3600s}};
    for (const Unit& unit : kUnits) {
        if (!text.ends_with(unit.name)) continue;
        const auto number = number_of(text.substr(0, text.size() - unit.name.size()));
        if (number) return *number * unit.length;
    }
    return std::nullopt;
}

std::string rest_of(const Words& words) {
    std::string text;
    for (size_t i = 1; i < words.size(); ++i) text += (i > 1 ? " " : "") + words[i];
    return text;
}

// Terminals.

bool go(Session& session, const Words& words) {
    if (words.size() != 2) return usage(session, words[0]);
    session.go(words[1]);
    return true;
}

bool open(Session& session, const Words& words) {
    if (words.size() > 2) return usage(session, words[0]);
    std::string name = words.size() == 2 ? words[1] : "";
    for (int number = 2; name.empty(); ++number) {
        if (session.find_terminal(std::to_string(number)) == nullptr) name = std::to_string(number);
    }
    if (session.find_terminal(name) != nullptr)
        return session.fail(session.in("There is a terminal " + name + " already: `:go " + name + "`.",
                                       "터미널 " + name + ": 이미 있다. `:go " + name + "`."));
    session.go(name);
    return true;
}

bool list_terminals(Session& session, const Words&) {
    Table table;
    for (const Terminal& each : session.terminals()) {
        std::string what = session.in("(shell)", "(셸)");
        if (each.act) what = text_of(session.acts()[*each.act].step);
        table.row({(each.name == session.focus() ? "* " : "  ") + each.name, cut_to(what, kWidth - 16)});
    }
    session.say(table.text(""));
    return true;
}

bool set_watched(Session& session, const Words& words, bool watched) {
    const std::string name = words.size() == 2 ? words[1] : session.focus();
    if (session.find_terminal(name) == nullptr)
        return session.fail(session.in("There is no terminal " + name + ".", "터미널 " + name + ": 없다."));
    Terminal& terminal = session.terminal(name);
    terminal.watched = watched;
    terminal.asked = true;
    return true;
}

bool watch(Session& session, const Words& words) { return set_watched(session, words, true); }
bool unwatch(Session& session, const Words& words) { return set_watched(session, words, false); }

// Time.

bool wait(Session& session, const Words& words) {
    const auto time = words.size() == 2 ? time_of(words[1]) : std::nullopt;
    return time ? session.wait(*time) : usage(session, words[0]);
}

/// Until for kIdle nothing was shown and ZooKeeper, leaders and groups stayed as they were.
bool until_idle(Session& session) {
    ClusterChanges changes;
    changes.read(session.world().trace());
    Instant active = session.world().now();
    const bool met = session.wait_until(kUntilAtMost, [&] {
        if (!changes.read(session.world().trace()).empty()) active = session.world().now();
        active = std::max(active, session.last_shown());
        return session.world().now() - active >= kIdle;
    });
    return met ||
           session.fail(session.in("The cluster is still at work after 120 s.", "120초 뒤에도 클러스터가 바쁘다."));
}

bool until(Session& session, const Words& words) {
    if (words.size() < 2) return usage(session, words[0]);
    if (words.size() == 2 && words[1] == "idle") return until_idle(session);
    const std::string wanted = rest_of(words);
    const size_t begin = session.terminal(session.focus()).text.size();
    const bool met = session.wait_until(
        kUntilAtMost, [&] { return session.terminal(session.focus()).text.find(wanted, begin) != std::string::npos; });
    return met || session.fail(session.in("Not seen within 120 s: " + wanted, "120초 안에 보이지 않음: " + wanted));
}

bool set_speed(Session& session, const Words& words) {
    if (words.size() != 2) return usage(session, words[0]);
    const auto number = number_of(words[1]);
    if (words[1] == "max")
        session.speed = 0;
    else if (words[1] == "real")
        session.speed = 1;
    else if (number && *number > 0)
        session.speed = static_cast<double>(*number);
    else
        return usage(session, words[0]);
    return true;
}

// The cluster.

/// "broker-1" from "broker-1", "broker1", "1"; "" after a complaint.
std::string process_named(Session& session, const std::string& word) {
    Words names{"zookeeper"};
    for (const BrokerInstallation& broker : session.scenario().cluster.brokers)
        names.push_back("broker-" + std::to_string(broker.id));
    for (const std::string& name : names) {
        if (word == name || (name.starts_with("broker-") && word == name.substr(7))) return name;
    }
    const std::string meant = scenario::nearest(word, {names.begin(), names.end()});
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
    session.fail(session.in("There is no process ", "프로세스가 없음: ") + word +
                 (meant.empty() ? session.in("; there are ", ". 있는 것: ") + all
                                : session.in("; did you mean ", "; 혹시 ") + meant + "?"));
    return "";
}

template <typename Verb, std::string Verb::*Name>
bool of_process(Session& session, const Words& words) {
    if (words.size() != 2) return usage(session, words[0]);
    const std::string process = process_named(session, words[1]);
    if (process.empty()) return false;
    scenario::Step step;
    Verb verb;
    verb.*Name = process;
    step.verb = std::move(verb);
    step.may_be_idle = std::is_same_v<Verb, scenario::Pause> || std::is_same_v<Verb, scenario::PowerOff>;
    if (!session.act(std::move(step))) return false;
    const auto& exit_code = session.acts().back().result.seen.exit_code;
    if (!std::is_same_v<Verb, scenario::Start> || !exit_code) return true;
    return session.fail(process + session.in(" did not start; exit code ", ": 시작하지 못함. 종료 코드 ") +
                        std::to_string(*exit_code));
}

/// "a b c" or "a > b"; false after a complaint.
template <typename Network>
bool read_network(Session& session, const Words& words, Network& network) {
    const bool one_way = words.size() == 4 && words[2] == ">";
    if (!one_way && words.size() < 3) return usage(session, words[0]);
    for (size_t i = 1; i < words.size(); ++i) {
        if (one_way && i == 2) continue;
        const std::string process = process_named(session, words[i]);
        if (process.empty()) return false;
        network.between.push_back(process);
    }
    if (!one_way) return true;
    network.from = network.between[0];
    network.to = network.between[1];
    network.between.clear();
    return true;
}

bool cut(Session& session, const Words& words) {
    scenario::Cut cut;
    if (!read_network(session, words, cut)) return false;
    scenario::Step step;
    step.verb = std::move(cut);
    step.may_be_idle = true;
    return session.act(std::move(step));
}

bool heal(Session& session, const Words& words) {
    scenario::Heal heal;
    heal.all = words.size() == 1;
    if (!heal.all && !read_network(session, words, heal)) return false;
    scenario::Step step;
    step.verb = std::move(heal);
    return session.act(std::move(step));
}

bool slow(Session& session, const Words& words) {
    const auto by = time_of(words.back());
    if (!by || words.size() < 4) return usage(session, words[0]);
    scenario::Slow slow;
    slow.by = *by;
    for (size_t i = 1; i + 1 < words.size(); ++i) {
        slow.between.push_back(process_named(session, words[i]));
        if (slow.between.back().empty()) return false;
    }
    scenario::Step step;
    step.verb = std::move(slow);
    step.may_be_idle = true;
    return session.act(std::move(step));
}

/// What is the matter with a disk, or that nothing is any more.
std::optional<scenario::Verb> verb_of_disk(const std::string& process, const Words& words) {
    const std::string_view how = words.size() > 2 ? std::string_view(words[2]) : std::string_view();
    const auto by = words.size() == 4 && how == "slow" ? time_of(words[3]) : std::nullopt;
    if (by) return scenario::Slow{{}, process, *by};
    if (words.size() != 3) return std::nullopt;
    if (how == "full" || how == "failed") return scenario::Disk{process, "", std::string(how)};
    if (how == "well") return scenario::Heal{{}, "", "", false, process};
    return std::nullopt;
}

bool disk(Session& session, const Words& words) {
    if (words.size() < 3) return usage(session, words[0]);
    const std::string process = process_named(session, words[1]);
    if (process.empty()) return false;
    auto verb = verb_of_disk(process, words);
    if (!verb) return usage(session, words[0]);
    scenario::Step step;
    step.verb = std::move(*verb);
    step.may_be_idle = !std::holds_alternative<scenario::Heal>(step.verb);
    return session.act(std::move(step));
}

bool clock(Session& session, const Words& words) {
    if (words.size() != 3) return usage(session, words[0]);
    const std::string process = process_named(session, words[1]);
    if (process.empty()) return false;
    const bool behind = words[2].starts_with('-');
    const auto by = time_of(std::string_view(words[2]).substr(behind ? 1 : 0));
    if (!by) return usage(session, words[0]);
    scenario::Step step;
    step.verb = scenario::Clock{process, behind ? -*by : *by};
    step.may_be_idle = true;
    return session.act(std::move(step));
}

bool set_file(Session& session, const Words& words) {
    if (words.size() < 3) return usage(session, words[0]);
    const std::string& file = words[1];
    scenario::Write write{file, std::nullopt, {}};
    for (size_t i = 2; i < words.size(); ++i) {
        const size_t equals = words[i].find('=');
        if (equals == 0 || equals == std::string::npos) return usage(session, words[0]);
        write.set[words[i].substr(0, equals)] = words[i].substr(equals + 1);
    }
    if (!session.world().disk().read_text(file))
        return session.fail(file + session.in(": no such file. `cp` makes one from another.",
                                              ": 그런 파일이 없다. `cp`로 다른 파일을 복사한다."));
    scenario::Step step;
    step.verb = std::move(write);
    return session.act(std::move(step));
}

// Looking.

bool show_cluster(Session& session, const Words&) {
    session.say(describe(session.world(), session.scenario(), session.language()));
    return true;
}

bool is_server_act(const Session& session, const Act& act) {
    const auto* run = std::get_if<scenario::Run>(&act.step.verb);
    return session.world().process_count() > 0 && run != nullptr &&
           run->command.find("server-start.sh") != std::string::npos;
}

/// The command whose program a key or a line went to.
size_t command_of(const Session& session, size_t number) {
    const auto& acts = session.acts();
    for (size_t i = number; i-- > 0;) {
        const bool is_run = std::holds_alternative<scenario::Run>(acts[i].step.verb);
        if (is_run && acts[i].step.terminal == acts[number].step.terminal) return i;
    }
    return number;
}

/// What the last output in the focused terminal came of; an act on the cluster, if that was later.
std::optional<size_t> asked_act(const Session& session, const std::string& text) {
    const auto& acts = session.acts();
    for (size_t i = acts.size(); i-- > 0;) {
        const scenario::Step& step = acts[i].step;
        const bool types =
            std::holds_alternative<scenario::Type>(step.verb) || std::holds_alternative<scenario::Press>(step.verb);
        const bool runs = std::holds_alternative<scenario::Run>(step.verb);
        if (std::holds_alternative<scenario::Wait>(step.verb) || std::holds_alternative<scenario::Write>(step.verb))
            continue;
        if (!text.empty() && text_of(step).find(text) == std::string::npos &&
            acts[i].result.seen.stdout_text.value_or("").find(text) == std::string::npos)
            continue;
        const size_t command = types ? command_of(session, i) : i;
        const bool stops_a_server = types && is_server_act(session, acts[command]);
        if (stops_a_server) return i;
        if (text.empty() && (types || runs) && step.terminal != session.focus()) continue;
        return command;
    }
    return std::nullopt;
}

bool why(Session& session, const Words& words) {
    const auto number = words.size() == 2 ? number_of(words[1]) : std::nullopt;
    std::optional<size_t> act = asked_act(session, rest_of(words));
    if (number && *number >= 1 && static_cast<size_t>(*number) <= session.acts().size())
        act = static_cast<size_t>(*number) - 1;
    if (!act)
        return session.fail(session.in("Nothing was done yet that could be explained.", "아직 설명할 일이 없다."));
    std::string text = std::to_string(*act + 1) + ". " + text_of(session.acts()[*act].step) + "\n";
    for (const std::string& line : lines_of(session.why(*act))) {
        const size_t indent = std::min(line.find_first_not_of(' '), line.size());
        for (const std::string& part : wrapped(std::string_view(line).substr(indent), kWidth - 2 - indent))
            text += "  " + std::string(indent, ' ') + part + "\n";
    }
    session.say(text);
    return true;
}

bool history(Session& session, const Words&) {
    Table table;
    for (size_t i = 0; i < session.acts().size(); ++i) {
        const scenario::Step& step = session.acts()[i].step;
        table.row({padded(std::to_string(i + 1), 4, true),
                   session.world().clock().time_of_day(session.acts()[i].result.from).substr(0, 8), step.terminal,
                   text_of(step)});
    }
    session.say(table.text(""));
    return true;
}

bool undo(Session& session, const Words& words) {
    const auto count = words.size() == 2 ? number_of(words[1]) : std::optional<int64_t>(1);
    if (!count || words.size() > 2) return usage(session, words[0]);
    const std::vector<Act> undone = session.undo(static_cast<size_t>(*count));
    if (undone.empty()) return session.fail(session.in("There is nothing to undo.", "되돌릴 것이 없다."));
    std::string text;
    for (const Act& act : undone) text += session.in("undone: ", "되돌림: ") + text_of(act.step) + "\n";
    session.say(text);
    return true;
}

bool save(Session& session, const Words& words) {
    if (words.size() != 2) return usage(session, words[0]);
    return session.save(words[1]);
}

bool quit(Session& session, const Words&) {
    session.quit();
    return true;
}

bool help(Session& session, const Words& words) {
    Table table;
    std::string wanted = words.size() == 2 ? words[1] : "";
    if (wanted.starts_with(':')) wanted.erase(0, 1);
    bool found = false;
    for (const LabCommand& command : lab_commands()) {
        if (!wanted.empty() && command.name != wanted) continue;
        found = true;
        std::string call = ":" + std::string(command.name);
        if (!command.arguments.empty()) call += " " + std::string(command.arguments);
        table.row({call, session.in(command.about, command.about_in_korean)});
    }
    if (!found) return do_lab_command(session, wanted + " --help");
    if (wanted.empty())
        session.say(session.in("What begins with a colon is for the lab; the rest is typed in the terminal.\n",
                               "콜론으로 시작하면 랩의 명령이고, 나머지는 지금 터미널에 입력된다.\n"));
    session.say(table.text("  "));
    if (wanted.empty())
        session.say(
            session.in("  ^C, ^D, Tab, Alt+1      stop the program, end its input, complete, terminal 1\n"
                       "  Help for a tool: bin/kafka-topics.sh --help\n",
                       "  ^C, ^D, Tab, Alt+1      프로그램 중단, 입력 끝, 자동 완성, 1번 터미널\n"
                       "  도구의 도움말: bin/kafka-topics.sh --help\n"));
    return true;
}

constexpr LabCommand kCommands[] = {
    {"go", "TERMINAL", "go to a terminal, or open it", "터미널로 가기, 없으면 열기", go},
    {"new", "[TERMINAL]", "open a terminal", "터미널 열기", open},
    {"terminals", "", "list them, with what runs there", "터미널과 그 안의 프로그램", list_terminals},
    {"watch", "[TERMINAL]", "show what it prints, wherever you are", "어디서든 그 출력을 보기", watch},
    {"unwatch", "[TERMINAL]", "only a mark in the status line", "상태 줄에 표시만", unwatch},
    {"wait", "TIME", "jump: 500ms, 20s, 5m", "시간 건너뛰기: 500ms, 20s, 5m", wait},
    {"until", "idle|TEXT", "jump until 5 s without a change, or TEXT is shown",
     "5초 동안 변화가 없거나 TEXT가 보일 때까지", until},
    {"speed", "N|real|max", "virtual seconds a second", "1초에 흐르는 가상 시간", set_speed},
    {"set", "FILE KEY=VALUE...", "edit a properties file", "설정 파일 고치기", set_file},
    {"start", "PROCESS", "start zookeeper, broker-1 ... and wait for it", "시작하고 기다리기",
     of_process<scenario::Start, &scenario::Start::process>},
    {"stop", "PROCESS", "Ctrl+C, and wait for its end", "Ctrl+C, 그리고 끝날 때까지",
     of_process<scenario::Stop, &scenario::Stop::process>},
    {"kill", "PROCESS", "kill -9", "kill -9", of_process<scenario::Kill, &scenario::Kill::process>},
    {"pause", "PROCESS", "kill -STOP: as a long garbage collection", "kill -STOP: 긴 GC처럼",
     of_process<scenario::Pause, &scenario::Pause::process>},
    {"resume", "PROCESS", "kill -CONT", "kill -CONT", of_process<scenario::Resume, &scenario::Resume::process>},
    {"power-off", "PROCESS", "pull the plug: what was not flushed is lost", "전원 뽑기: flush 안 된 것은 사라짐",
     of_process<scenario::PowerOff, &scenario::PowerOff::host>},
    {"cut", "A B...|A > B", "cut the network between them", "그 사이 네트워크 끊기", cut},
    {"slow", "A B... TIME", "delay the messages between them", "그 사이 메시지 늦추기", slow},
    {"heal", "[A B...|A > B]", "mend it", "네트워크 복구", heal},
    {"disk", "PROCESS STATE", "its disk: full, failed, slow 50ms or well", "디스크: full, failed, slow 50ms, well",
     disk},
    {"clock", "PROCESS TIME", "set its clock ahead: 5s, behind: -5s", "시계를 앞으로 5s, 뒤로 -5s", clock},
    {"describe", "", "draw the cluster", "클러스터 그리기", show_cluster},
    {"why", "[TEXT|NUMBER]", "explain the last output, or what TEXT is in", "마지막 출력, 또는 TEXT가 든 것을 설명",
     why},
    {"history", "", "what was done, with numbers", "한 일과 번호", history},
    {"undo", "[COUNT]", "go back to before the last act", "마지막 일 이전으로 돌아가기", undo},
    {"save", "FILE", "write a scenario that does it again", "다시 할 수 있는 시나리오로 저장", save},
    {"help", "[COMMAND]", "this", "이 도움말", help},
    {"quit", "", "leave", "끝내기", quit},
};

}  // namespace

std::span<const LabCommand> lab_commands() { return kCommands; }

bool do_lab_command(Session& session, const std::string& line) {
    Words words;
    for (const std::string& word : split(line, ' ')) {
        if (!word.empty()) words.push_back(word);
    }
    if (words.empty()) return help(session, {"help"});
    std::vector<std::string_view> names;
    for (const LabCommand& command : kCommands) {
        if (command.name == words[0]) return command.run(session, words);
        names.push_back(command.name);
    }
    const std::string meant = scenario::nearest(words[0], names);
    return session.fail(session.in("There is no lab command :", "랩의 명령이 아님: :") + words[0] +
                        (meant.empty() ? session.in("; `:help` lists them", "; `:help`로 볼 수 있다")
                                       : session.in("; did you mean :", "; 혹시 :") + meant + "?"));
}

std::string hint_for_shell(const Session& session, const std::string& line) {
    const std::string word = line.substr(0, line.find(' '));
    for (const std::string_view editor : {"vi", "vim", "nano", "emacs", "gedit", "code"}) {
        if (word == editor)
            return session.in("There is no editor here; change a file's lines with `:set FILE KEY=VALUE ...`.",
                              "여기에는 편집기가 없다. `:set FILE KEY=VALUE ...`로 파일의 줄을 고친다.");
    }
    if (word == "cd")
        return session.in("There is no cd here: commands run in the folder of the tarball, kafka_2.13-3.0.0.",
                          "여기에는 cd가 없다. 명령은 kafka_2.13-3.0.0 폴더에서 실행된다.");
    for (const std::string_view job : {"ps", "jps", "jobs", "fg", "bg", "kill", "pkill"}) {
        if (word == job)
            return session.in("Here that is `:terminals`, `:describe`, `:kill PROCESS`; Ctrl+C stops a program.",
                              "여기서는 `:terminals`, `:describe`, `:kill PROCESS`이고, Ctrl+C가 프로그램을 멈춘다.");
    }
    for (const std::string_view installed : {"sudo", "apt-get", "apt", "tar", "wget", "curl", "java"}) {
        if (word == installed)
            return session.in("Nothing needs to be installed here: Kafka 3.0.0 is unpacked in this folder.",
                              "여기서는 설치할 것이 없다. Kafka 3.0.0이 이 폴더에 풀려 있다.");
    }
    return "";
}

}  // namespace kafkasim::sim::lab
