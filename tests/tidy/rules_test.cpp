// SPDX-License-Identifier: Apache-2.0
//
// Every rule of the style tests complains about a bad sample and is silent about its good neighbour.
#include "tests/tidy/rules.hpp"

#include <string>
#include <utility>
#include <vector>

#include "tests/catch.hpp"
#include "tests/tidy/functions.hpp"
#include "tests/tidy/source_file.hpp"

namespace kafkasim::tidy {
namespace {

using Sample = std::pair<std::string, std::string>;  // path, text

std::size_t complaints(Complaints (*rule)(const SourceFile&), const Sample& sample) {
    INFO(sample.first << ": " << sample.second);
    return rule(read_source(sample.first, sample.second)).size();
}

std::string include_of(const std::string& path) { return "#include \"" + path + "\"\n"; }

// A function body of so many lines, the one with its name and the closing brace included.
std::string function_of(int lines) {
    std::string text = "int f(int x) {\n";
    for (int i = 2; i < lines; ++i) text += "  ++x;\n";
    return text + "}\n";
}

struct Found {
    std::string name;
    int length;
    bool operator==(const Found&) const = default;
};

std::vector<Found> functions_in(const std::string& text) {
    std::vector<Found> found;
    for (const Function& function : find_functions(read_source("core/base/x.cpp", text).tokens)) {
        found.push_back({function.name, function.length()});
    }
    return found;
}

}  // namespace

TEST_CASE("an include against the arrows is a complaint") {
    const std::vector<Sample> bad = {
        {"core/base/a.cpp", include_of("core/protocol/fetch.hpp")},
        {"core/log/a.cpp", include_of("core/broker/partition.hpp")},
        {"core/zookeeper/a.hpp", include_of("core/controller/election.hpp")},
        {"core/client/a.cpp", include_of("core/log/batch.hpp")},
        {"core/broker/a.cpp", include_of("sim/world/world.hpp")},
        {"core/broker/a.cpp", include_of("sim/cli/run.hpp")},
        {"core/attic/a.cpp", include_of("core/base/time.hpp")},
        {"core/broker/a.cpp", include_of("../broker/partition.hpp")},
        {"core/broker/a.cpp", include_of("partition.hpp")},
        {"core/broker/a.cpp", include_of("tests/catch.hpp")},
        {"sim/scenario/a.cpp", include_of("sim/cli/run.hpp")},
        {"sim/world.cpp", include_of("tests/catch.hpp")},
    };
    for (const Sample& sample : bad) CHECK(complaints(check_includes, sample) == 1);
}

TEST_CASE("an include along the arrows is none") {
    const std::vector<Sample> good = {
        {"core/base/a.cpp", include_of("core/base/a.hpp") + "#include <string>\n"},
        {"core/log/a.cpp", include_of("core/protocol/fetch.hpp")},
        {"core/broker/a.cpp", include_of("core/controller/election.hpp")},
        {"core/tools/a.cpp", include_of("core/client/metadata.hpp")},
        {"sim/scenario/a.cpp", include_of("core/tools/tool.hpp") + include_of("sim/trace/trace.hpp")},
        {"sim/cli/a.cpp", include_of("sim/cli/run.hpp")},
        {"tests/broker/a_test.cpp", include_of("tests/catch.hpp") + include_of("core/broker/isr.hpp")},
        {"core/base/a.cpp", "// #include \"sim/world.hpp\"\nconst char* k = \"#include\";\n"},
    };
    for (const Sample& sample : good) CHECK(complaints(check_includes, sample) == 0);
}

TEST_CASE("core has no clock, chance, thread, I/O, exception, hash or hidden state") {
    const std::vector<std::string> bad = {
        "auto t = std::chrono::system_clock::now();",
        "auto t = std::chrono::steady_clock::now();",
        "thread_local int y;",
        "#include <thread>\n",
        "#include <mutex>\n",
        "#include <atomic>\n",
        "#include <random>\n",
        "#include <cmath>\n",
        "#include <iostream>\n",
        "#include <fstream>\n",
        "#include <cstdio>\n",
        "#include <filesystem>\n",
        "int f() { return rand(); }",
        "int f() { return std::rand(); }",
        "long f() { return time(nullptr); }",
        "void f() { printf(\"x\"); }",
        "void f() { throw 1; }",
        "void f() { try { g(); } catch (...) {} }",
        "std::unordered_map<int, int> m;",
        "std::unordered_set<int> m;",
        "std::uniform_int_distribution<int> d;",
        "const char* f() { return getenv(\"HOME\"); }",
        "std::locale l;",
        "int next() {\n  static int counter = 0;\n  return ++counter;\n}",
    };
    for (const std::string& text : bad) CHECK(complaints(check_bans, {"core/broker/a.cpp", text}) >= 1);
}

TEST_CASE("words in comments, texts and names are not bans") {
    const std::vector<std::string> good = {
        "// throw nothing; std::unordered_map is banned\n/* catch (x) */\nint x;",
        "const char* k = \"throw \\\" catch\";",
        "const char* k = R\"(throw ' \" catch)\";",
        "void f(Env& env) { env.time(1); clock.time(); }",
        "Time time(int x);",
        "int timeout = 1'000;\nchar c = '\\'';",
        "int f() {\n  static const int kTable[] = {1};\n  static constexpr int k = 1;\n  return k;\n}",
        "struct S {\n  static int make();\n};",
    };
    for (const std::string& text : good) CHECK(complaints(check_bans, {"core/broker/a.cpp", text}) == 0);
}

TEST_CASE("sim may do I/O but has no clock, chance or exception outside sim/cli") {
    CHECK(complaints(check_bans, {"sim/scenario/a.cpp", "#include <fstream>\n"}) == 0);
    CHECK(complaints(check_bans, {"sim/scenario/a.cpp", "#include <cmath>\n"}) == 1);
    CHECK(complaints(check_bans, {"sim/scenario/a.cpp", "void f() { throw 1; }"}) == 1);
    CHECK(complaints(check_bans, {"sim/network.cpp", "std::uniform_int_distribution<int> d;"}) == 1);
    CHECK(complaints(check_bans, {"sim/cli/run.cpp", "void f() { throw 1; }"}) == 0);
}

TEST_CASE("a long file or function is a complaint unless it says why") {
    const std::string reason = "// Long: a table of every error that Kafka has\n";
    CHECK(complaints(check_lengths, {"core/base/a.cpp", function_of(60)}) == 0);
    CHECK(complaints(check_lengths, {"core/base/a.cpp", function_of(61)}) == 1);
    CHECK(complaints(check_lengths, {"core/base/a.cpp", reason + function_of(61)}) == 0);
    CHECK(complaints(check_lengths, {"core/base/a.cpp", "// Long:\n" + function_of(61)}) == 1);
    CHECK(complaints(check_lengths, {"core/base/a.cpp", std::string(600, '\n')}) == 0);
    CHECK(complaints(check_lengths, {"core/base/a.cpp", std::string(601, '\n')}) == 1);
}

TEST_CASE("functions are found wherever they stand") {
    CHECK(functions_in("namespace a {\nint f() {\n  return 1;\n}\n}\n") == std::vector<Found>{{"f", 3}});
    CHECK(
        functions_in("class A {\n public:\n  A() : x_{1}, y_(2) {}\n  int g() const {\n    if (x_) { return 1; }\n    "
                     "return 2;\n  }\n  int x_ = 0;\n  std::vector<int> y_{1, 2};\n};\n") ==
        std::vector<Found>{{"A", 1}, {"g", 4}});
    CHECK(functions_in("template <class T>\nstd::vector<T> f(T x)\n{\n}\n") == std::vector<Found>{{"f", 4}});
    CHECK(functions_in("bool operator==(const A& a, const A& b) {\n}\n") == std::vector<Found>{{"operator", 2}});
    CHECK(functions_in("TEST_CASE(\"x\") {\n  auto f = [] {\n  };\n}\n") == std::vector<Found>{{"TEST_CASE", 4}});
    CHECK(functions_in("const std::map<int, int> k = {\n{1, 2},\n};\nconstexpr A kA{1};\nenum class E { A, B };\n") ==
          std::vector<Found>{});
    CHECK(functions_in("auto f(int x) -> int {\n}\nvoid g() noexcept {\n}\n") ==
          std::vector<Found>{{"f", 2}, {"g", 2}});
    CHECK(functions_in("const auto k = [](int x) {\n  return x;\n};\nint g() {\n}\n") == std::vector<Found>{{"g", 2}});
    CHECK(functions_in("struct A {\n  int x = 1;\n} a;\nint g(int y = 2) {\n}\n") == std::vector<Found>{{"g", 2}});
}

TEST_CASE("a file without its licence line or guard is a complaint") {
    const std::string licence = "// SPDX-License-Identifier: Apache-2.0\n";
    CHECK(complaints(check_opening, {"core/base/a.cpp", licence}) == 0);
    CHECK(complaints(check_opening, {"core/base/a.cpp", "\n" + licence}) == 1);
    CHECK(complaints(check_opening, {"core/base/a.cpp", ""}) == 1);
    CHECK(complaints(check_opening, {"core/base/a.hpp", licence}) == 1);
    CHECK(complaints(check_opening, {"core/base/a.hpp", licence + "#pragma once\n"}) == 0);
}

TEST_CASE("a slow header in the wrong place is a complaint") {
    CHECK(complaints(check_slow_headers, {"sim/scenario/a.hpp", "#include <nlohmann/json.hpp>\n"}) == 1);
    CHECK(complaints(check_slow_headers, {"sim/scenario/a.cpp", "#include <nlohmann/json.hpp>\n"}) == 0);
    CHECK(complaints(check_slow_headers, {"sim/scenario/a.cpp", "#include <CLI/CLI.hpp>\n"}) == 1);
    CHECK(complaints(check_slow_headers, {"sim/cli/a.hpp", "#include <CLI/CLI.hpp>\n"}) == 1);
    CHECK(complaints(check_slow_headers, {"sim/cli/a.cpp", "#include <CLI/CLI.hpp>\n"}) == 0);
}

TEST_CASE("a source that no target compiles is a complaint") {
    CHECK(check_targets({"core/a.cpp", "attic/b.cpp", "core/a.hpp"}, {"core/a.cpp"}) ==
          Complaints{"attic/b.cpp: no target compiles it"});
}

}  // namespace kafkasim::tidy
