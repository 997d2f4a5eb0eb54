// SPDX-License-Identifier: Apache-2.0
#include "tests/tidy/rules.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "tests/tidy/functions.hpp"

namespace kafkasim::tidy {
namespace {

using Names = std::set<std::string, std::less<>>;

std::string at(const SourceFile& file, int line, const std::string& what) {
    return file.path + ":" + std::to_string(line) + ": " + what;
}

// The folders that each folder of core may include, itself aside.
const std::map<std::string, Names>& core_arrows() {
    static const std::map<std::string, Names> arrows = {
        {"base", {}},
        {"protocol", {"base"}},
        {"config", {"base"}},
        {"node", {"base", "protocol", "config"}},
        {"log", {"base", "protocol", "config", "node"}},
        {"zookeeper", {"base", "protocol", "config", "node"}},
        {"controller", {"base", "protocol", "config", "node", "zookeeper", "log"}},
        {"group", {"base", "protocol", "config", "node", "log"}},
        {"broker", {"base", "protocol", "config", "node", "log", "zookeeper", "controller", "group"}},
        {"client", {"base", "protocol", "config", "node"}},
        {"tools",
         {"base", "protocol", "config", "node", "log", "zookeeper", "controller", "group", "broker", "client"}},
    };
    return arrows;
}

// "core/log/batch.hpp" -> "core", "log"
std::string part(const std::string& path, int index) {
    std::size_t begin = 0;
    for (; index > 0; --index) {
        begin = path.find('/', begin);
        if (begin == std::string::npos) return "";
        ++begin;
    }
    const std::size_t end = path.find('/', begin);
    return end == std::string::npos ? "" : path.substr(begin, end - begin);
}

bool is_program(const SourceFile& file) { return file.is_under("sim/cli"); }
bool is_generator(const SourceFile& file) { return file.is_under("core/protocol/generator"); }

std::string why_not_include(const SourceFile& file, const std::string& included) {
    const std::string layer = part(file.path, 0);
    const std::string target = part(included, 0);
    if (included.find("..") != std::string::npos) return "write the path from the project's root";
    if (target != "core" && target != "sim" && target != layer) return "not a folder that " + layer + " may include";
    if (layer == "core") {
        if (target == "sim") return "core never includes sim: it does not know the world it lives in";
        const std::string from = part(file.path, 1);
        const std::string to = part(included, 1);
        const auto row = core_arrows().find(from);
        if (row == core_arrows().end()) return "core/" + from + " is not in the table of allowed includes";
        if (from != to && !row->second.contains(to)) return "core/" + from + " may not include core/" + to;
    }
    if (layer == "sim" && !is_program(file) && included.starts_with("sim/cli/")) return "sim never includes sim/cli";
    return "";
}

enum class Where { Core, CoreAndSim };

struct Ban {
    Where where;
    Names words;
    std::string instead;
};

const std::vector<Ban>& banned_words() {
    static const std::vector<Ban> bans = {
        {Where::CoreAndSim,
         {"system_clock", "steady_clock", "high_resolution_clock", "clock_gettime", "gettimeofday"},
         "time comes from Env (core) or the world's clock (sim)"},
        {Where::CoreAndSim,
         {"random_device", "mt19937", "mt19937_64", "default_random_engine", "shuffle"},
         "chance comes from Env or a named stream of the run's seed"},
        {Where::CoreAndSim, {"thread_local", "jthread", "mutex", "atomic", "async"}, "a world is one thread"},
        {Where::CoreAndSim, {"throw", "try", "catch"}, "mistakes are values; what cannot be is a CHECK"},
        {Where::CoreAndSim, {"getenv", "setlocale", "locale"}, "no environment or locale in a result"},
        {Where::Core,
         {"unordered_map", "unordered_set", "unordered_multimap", "unordered_multiset"},
         "std::map or a sorted vector: its order is the same everywhere"},
        {Where::Core,
         {"printf", "fprintf", "puts", "fopen", "cout", "cerr", "ifstream", "ofstream", "fstream"},
         "input and output go through Env"},
    };
    return bans;
}

const std::vector<Ban>& banned_headers() {
    static const std::vector<Ban> bans = {
        {Where::CoreAndSim, {"thread", "mutex", "atomic", "future", "condition_variable"}, "a world is one thread"},
        {Where::CoreAndSim, {"random", "cmath", "math.h"}, "they differ between standard libraries"},
        {Where::Core, {"iostream", "fstream", "cstdio", "stdio.h", "filesystem", "print"}, "core does no I/O"},
        {Where::Core, {"unordered_map", "unordered_set"}, "no hashed containers in core"},
        {Where::Core, {"locale", "ctime", "time.h"}, "no clock or locale in core"},
    };
    return bans;
}

bool applies(Where where, const SourceFile& file) {
    if (file.is_under("core")) return !is_generator(file);
    return where == Where::CoreAndSim && file.is_under("sim") && !is_program(file);
}

// A call of the C library's function: not a member, and not a declaration of ours (a type stands before the name).
bool calls_c_function(const std::vector<Token>& tokens, std::size_t i) {
    if (i + 1 >= tokens.size() || tokens[i + 1].text != "(") return false;
    if (i == 0) return true;
    const std::string& before = tokens[i - 1].text;
    if (before == "::") return i == 1 || tokens[i - 2].text == "std" || !std::isalnum(tokens[i - 2].text.back());
    return before == "return" || before == "(" || before == "," || before == "=" || before == ";" || before == "{" ||
           before == "}" || before == "+" || before == "-" || before == "*" || before == "!" || before == ":";
}

void check_tokens(const SourceFile& file, Complaints& complaints) {
    for (std::size_t i = 0; i < file.tokens.size(); ++i) {
        const Token& token = file.tokens[i];
        for (const Ban& ban : banned_words()) {
            if (applies(ban.where, file) && ban.words.contains(token.text)) {
                complaints.push_back(at(file, token.line, "'" + token.text + "': " + ban.instead));
            }
        }
        if (!applies(Where::CoreAndSim, file)) continue;
        if (token.text.starts_with("uniform_")) {
            complaints.push_back(at(file, token.line, "'" + token.text + "' differs between standard libraries"));
        }
        const bool c_call =
            token.text == "rand" || token.text == "srand" || token.text == "time" || token.text == "clock";
        if (c_call && calls_c_function(file.tokens, i)) {
            complaints.push_back(at(file, token.line, "'" + token.text + "(': no clock or chance but the world's"));
        }
    }
}

// A static local that can change is state which no copy of the world has.
void check_hidden_state(const SourceFile& file, Complaints& complaints) {
    if (!applies(Where::Core, file)) return;
    for (const Function& function : find_functions(file.tokens)) {
        for (std::size_t i = function.body_begin; i < function.body_end; ++i) {
            if (file.tokens[i].text != "static") continue;
            const std::string& next = file.tokens[i + 1].text;
            if (next != "const" && next != "constexpr") {
                complaints.push_back(at(file, file.tokens[i].line, "a static local that is not const is hidden state"));
            }
        }
    }
}

bool says_why_long(const SourceFile& file) {
    constexpr std::string_view kMark = "// Long: ";
    return std::any_of(file.lines.begin(), file.lines.end(), [&](const std::string& line) {
        return line.starts_with(kMark) && line.size() > kMark.size() + 10;
    });
}

}  // namespace

Complaints check_includes(const SourceFile& file) {
    Complaints complaints;
    for (const Include& include : file.includes) {
        if (!include.quoted) continue;
        const std::string why = why_not_include(file, include.path);
        if (!why.empty()) complaints.push_back(at(file, include.line, "includes \"" + include.path + "\": " + why));
    }
    return complaints;
}

Complaints check_bans(const SourceFile& file) {
    Complaints complaints;
    for (const Include& include : file.includes) {
        for (const Ban& ban : banned_headers()) {
            if (applies(ban.where, file) && ban.words.contains(include.path)) {
                complaints.push_back(at(file, include.line, "<" + include.path + ">: " + ban.instead));
            }
        }
    }
    check_tokens(file, complaints);
    check_hidden_state(file, complaints);
    return complaints;
}

Complaints check_lengths(const SourceFile& file) {
    Complaints complaints;
    if (says_why_long(file)) return complaints;
    const int lines = static_cast<int>(file.lines.size());
    if (lines > kMaxFileLines) {
        complaints.push_back(at(file, 1, std::to_string(lines) + " lines; at most " + std::to_string(kMaxFileLines)));
    }
    for (const Function& function : find_functions(file.tokens)) {
        if (function.length() <= kMaxFunctionLines) continue;
        complaints.push_back(at(file, function.first_line,
                                function.name + " has " + std::to_string(function.length()) + " lines; at most " +
                                    std::to_string(kMaxFunctionLines)));
    }
    return complaints;
}

Complaints check_opening(const SourceFile& file) {
    Complaints complaints;
    if (file.lines.empty() || file.lines[0] != "// SPDX-License-Identifier: Apache-2.0") {
        complaints.push_back(at(file, 1, "the first line is '// SPDX-License-Identifier: Apache-2.0'"));
    }
    const bool once = std::find(file.lines.begin(), file.lines.end(), "#pragma once") != file.lines.end();
    if (file.is_header() && !once) complaints.push_back(at(file, 1, "a header has '#pragma once'"));
    return complaints;
}

Complaints check_slow_headers(const SourceFile& file) {
    Complaints complaints;
    for (const Include& include : file.includes) {
        if (include.path.starts_with("nlohmann/") && file.is_header()) {
            complaints.push_back(at(file, include.line, "nlohmann/json is included in .cpp files only"));
        }
        if (include.path.starts_with("CLI/") && (file.is_header() || !is_program(file))) {
            complaints.push_back(at(file, include.line, "CLI11 is included in sim/cli/*.cpp only"));
        }
    }
    return complaints;
}

Complaints check_targets(const std::vector<std::string>& files, const std::set<std::string>& compiled) {
    Complaints complaints;
    for (const std::string& file : files) {
        if (file.ends_with(".cpp") && !compiled.contains(file)) complaints.push_back(file + ": no target compiles it");
    }
    return complaints;
}

}  // namespace kafkasim::tidy
