// SPDX-License-Identifier: Apache-2.0
// The value of each verb. A function per verb, and a table of them.
#include <array>

#include "core/protocol/message.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/suggestion.hpp"

namespace kafkasim::sim::scenario {

namespace {

using Result = std::optional<Verb>;

template <typename OfProcess>
Result of_process(Reading& reading, const Located& value, const Fields&) {
    return Verb(OfProcess{read_process(reading, &value)});
}

/// A process of the cluster, or a client of a workload.
template <typename OfProcess>
Result of_process_or_client(Reading& reading, const Located& value, const Fields&) {
    return Verb(OfProcess{read_program(reading, &value)});
}

/// {"leader": ...}, perhaps mistyped.
bool is_leader(const Located& value) {
    return !value.members.empty() && nearest(value.members.front().key, {"leader", "terminal"}) == "leader";
}

/// A process of the cluster, or {"terminal": "c1"}: the program that runs there.
template <typename OfProgram>
Result of_program(Reading& reading, const Located& value, const Fields&) {
    OfProgram verb;
    if (value.is(Located::Kind::Object) && !is_leader(value))
        verb.terminal = read_text(reading, Fields(reading, value, kTerminal)["terminal"]).value_or("");
    else
        verb.process = read_program(reading, &value);
    return Verb(std::move(verb));
}

Result run(Reading& reading, const Located& value, const Fields& step) {
    Run run;
    run.command = read_text(reading, &value).value_or("");
    if (value.is(Located::Kind::String) && run.command.find_first_not_of(" \t\n") == std::string::npos)
        reading.problem(value, "an empty command line");
    run.types = step.has("type");
    run.type = read_lines(reading, step["type"]);
    run.stdin_text = read_text(reading, step["stdin"]);
    run.for_time = read_time(reading, step["for"]);
    run.background = read_boolean(reading, step["background"]).value_or(false);
    run.tty = read_boolean(reading, step["tty"]).value_or(false);
    if (run.types && step.has("stdin")) reading.problem(*step["stdin"], "\"stdin\" and \"type\" exclude each other");
    if (run.background && step.has("for"))
        reading.problem(*step["for"], "\"for\" and \"background\" exclude each other");
    return Verb(std::move(run));
}

Result wait(Reading& reading, const Located& value, const Fields&) {
    Wait wait;
    if (value.is(Located::Kind::Object)) {
        const Fields fields(reading, value, kWaitUntil);
        wait.until.emplace();
        if (const Located* until = fields["until"]) wait.until = read_condition(reading, *until);
        wait.at_most = read_time(reading, fields["at_most"]).value_or(wait.at_most);
    } else {
        wait.time = read_time(reading, &value).value_or(Duration{});
    }
    return Verb(std::move(wait));
}

Result type(Reading& reading, const Located& value, const Fields&) { return Verb(Type{read_lines(reading, &value)}); }

Result press(Reading& reading, const Located& value, const Fields&) {
    return Verb(Press{read_word(reading, &value, {"Ctrl+C", "Ctrl+D"}, "a key").value_or("")});
}

Result write(Reading& reading, const Located& value, const Fields&) {
    const Fields fields(reading, value, kWrite);
    Write write;
    write.file = read_text(reading, fields["file"]).value_or("");
    write.text = read_text(reading, fields["text"]);
    write.set = read_properties(reading, fields["set"]);
    if (value.is(Located::Kind::Object) && fields.has("text") == fields.has("set"))
        reading.problem(value, fields.has("set") ? "\"set\" and \"text\" exclude each other" : "nothing to write",
                        "\"set\" or \"text\"");
    return Verb(std::move(write));
}

Result look(Reading& reading, const Located& value, const Fields&) {
    const Fields fields(reading, value, kLook);
    Look look;
    look.znodes = read_texts(reading, fields["znodes"]);
    look.log = read_text(reading, fields["log"]);
    look.terminal = read_text(reading, fields["terminal"]);
    look.files = read_texts(reading, fields["files"]);
    const Located* like = fields["like"];
    if (like != nullptr && like->is(Located::Kind::String))
        look.like.push_back(like->text);
    else
        look.like = read_texts(reading, like);
    if (look.log) check_log_name(reading, fields["log"]->begin, *look.log);
    for (const std::string& path : look.znodes) {
        if (!path.starts_with("/"))
            reading.problem(*fields["znodes"], "\"" + path + "\" is not a path in ZooKeeper",
                            "a path that begins with /");
    }
    look.workload = read_workload_name(reading, fields["workload"]);
    const bool nothing = !fields.has("znodes") && !fields.has("log") && !fields.has("terminal") &&
                         !fields.has("files") && !fields.has("workload");
    if (value.is(Located::Kind::Object) && nothing)
        reading.problem(value, "nothing to look at", "\"znodes\", \"log\", \"terminal\", \"files\", \"workload\"");
    return Verb(std::move(look));
}

Result note(Reading& reading, const Located& value, const Fields&) {
    return Verb(NoteStep{read_words(reading, &value).in("en")});
}

/// Two or more hosts; "all" is every process of the cluster.
std::vector<std::string> hosts(Reading& reading, const Located& value) {
    std::vector<std::string> names;
    if (value.is(Located::Kind::String) && value.text == "all") return reading.processes;
    if (!value.is(Located::Kind::Array) || value.items.size() < 2) {
        reading.problem(value, "found " + Reading::kind_of(value),
                        "\"all\", a list of two or more processes, {\"from\": ..., \"to\": ...}");
        return names;
    }
    for (const Located& item : value.items) names.push_back(read_host(reading, &item));
    return names;
}

template <typename Network>
Network network(Reading& reading, const Located& value) {
    Network network;
    if (value.is(Located::Kind::Object)) {
        const Fields fields(reading, value, kOneWay);
        network.from = read_host(reading, fields["from"]);
        network.to = read_host(reading, fields["to"]);
    } else {
        network.between = hosts(reading, value);
    }
    return network;
}

Result cut(Reading& reading, const Located& value, const Fields&) { return Verb(network<Cut>(reading, value)); }

Result heal(Reading& reading, const Located& value, const Fields&) {
    if (value.is(Located::Kind::String) && value.text == "all") return Verb(Heal{{}, "", "", true});
    if (value.member("disk") != nullptr)
        return Verb(Heal{{}, "", "", false, read_process(reading, Fields(reading, value, kDiskOf)["disk"])});
    return Verb(network<Heal>(reading, value));
}

Result slow(Reading& reading, const Located& value, const Fields&) {
    const Fields fields(reading, value, kSlow);
    Slow slow;
    if (const Located* between = fields["between"]) slow.between = hosts(reading, *between);
    slow.disk = read_process(reading, fields["disk"]);
    slow.by = read_time(reading, fields["by"]).value_or(Duration{});
    if (value.is(Located::Kind::Object) && fields.has("between") == fields.has("disk"))
        reading.problem(value, "one of \"between\" and \"disk\" is wanted");
    return Verb(std::move(slow));
}

Result disk(Reading& reading, const Located& value, const Fields&) {
    const Fields fields(reading, value, kDisk);
    Disk disk;
    disk.of = read_process(reading, fields["of"]);
    disk.is = read_word(reading, fields["is"], {"full", "failed"}, "a state of a disk").value_or("");
    disk.folder = read_text(reading, fields["folder"]).value_or("");
    return Verb(std::move(disk));
}

Result clock(Reading& reading, const Located& value, const Fields&) {
    const Fields fields(reading, value, kClock);
    return Verb(
        Clock{read_process(reading, fields["of"]), read_signed_time(reading, fields["by"]).value_or(Duration{})});
}

template <typename OfRequest>
Result of_request(Reading& reading, const Located& value, const Fields&) {
    const Fields fields(reading, value, kHold);
    std::vector<std::string_view> names;
    for (const protocol::ApiInfo& api : protocol::apis()) names.push_back(api.name);
    OfRequest request;
    const Located* name = fields["request"];
    constexpr std::string_view kRequest = "Request";
    const bool in_full = name != nullptr && name->text.ends_with(kRequest);
    if (in_full) {
        Located shorter = *name;
        shorter.text.resize(shorter.text.size() - kRequest.size());
        request.request = read_word(reading, &shorter, names, "a kind of request").value_or("");
    } else {
        request.request = read_word(reading, name, names, "a kind of request").value_or("");
    }
    request.to = read_process(reading, fields["to"]);
    return Verb(std::move(request));
}

Result workload(Reading& reading, const Located& value, const Fields& step) {
    return Verb(read_workload(reading, value, step));
}

struct VerbReader {
    std::string_view verb;
    Result (*read)(Reading&, const Located&, const Fields&);
};

constexpr std::array<VerbReader, 21> kReaders{{{"start", of_process_or_client<Start>},
                                               {"stop", of_process_or_client<Stop>},
                                               {"kill", of_program<Kill>},
                                               {"pause", of_program<Pause>},
                                               {"resume", of_program<Resume>},
                                               {"power_off", of_process<PowerOff>},
                                               {"run", run},
                                               {"wait", wait},
                                               {"type", type},
                                               {"press", press},
                                               {"write", write},
                                               {"look", look},
                                               {"note", note},
                                               {"cut", cut},
                                               {"heal", heal},
                                               {"slow", slow},
                                               {"hold", of_request<Hold>},
                                               {"release", of_request<Release>},
                                               {"disk", disk},
                                               {"clock", clock},
                                               {"workload", workload}}};

}  // namespace

std::optional<Verb> read_verb(Reading& reading, const std::string& verb, const Fields& step) {
    for (const VerbReader& reader : kReaders) {
        if (reader.verb == verb) return reader.read(reading, *step[verb], step);
    }
    return std::nullopt;
}

}  // namespace kafkasim::sim::scenario
