// SPDX-License-Identifier: Apache-2.0
// Whether Kafka's own tests are all accounted for: suites.txt lists every case of each suite, those that are here with
// the file in which they stand by their name, the others with the reason. docs/fidelity.md gives the sums.
#include <algorithm>
#include <map>
#include <set>

#include "tests/support/data_file.hpp"

using namespace kafkasim::test;

namespace {

struct Case {
    std::string name;
    std::string file;     // below tests/; empty: it does not apply
    std::string why_not;  // then
};

struct Suite {
    std::string name;
    size_t declared = 0;  // cases that Kafka's has
    std::vector<Case> cases;

    size_t played() const {
        return static_cast<size_t>(
            std::count_if(cases.begin(), cases.end(), [](const Case& each) { return !each.file.empty(); }));
    }
};

std::vector<Suite> read_suites() {
    std::vector<Suite> suites;
    std::istringstream lines(project_file("tests/kafka_tables/suites.txt"));
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.starts_with("#")) continue;
        std::istringstream words(line);
        std::string first;
        words >> first;
        if (!line.starts_with(" ")) {
            suites.push_back({first.substr(0, first.size() - 1), 0, {}});
            words >> suites.back().declared;
            continue;
        }
        std::string second;
        std::string rest;
        words >> second;
        std::getline(words, rest);
        suites.back().cases.push_back({first, second == "not:" ? "" : second, rest});
    }
    return suites;
}

/// Whether the name stands inside a string literal: as the title of a test, the name of a row, a scenario's "about".
bool stands_in(const std::string& text, const std::string& name) {
    for (size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
        const size_t line = text.rfind('\n', at) + 1;
        const bool quoted = std::count(text.begin() + static_cast<std::ptrdiff_t>(line),
                                       text.begin() + static_cast<std::ptrdiff_t>(at), '"') %
                                2 ==
                            1;
        const char next = at + name.size() < text.size() ? text[at + name.size()] : ' ';
        if (quoted && !std::isalnum(static_cast<unsigned char>(next))) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("every case of Kafka's suites is here by its name, or there is a reason") {
    std::map<std::string, std::string> files;
    const std::vector<Suite> suites = read_suites();
    CHECK(suites.size() >= 26);
    for (const Suite& suite : suites) {
        INFO(suite.name);
        CHECK(suite.cases.size() == suite.declared);
        std::set<std::string> names;
        for (const Case& each : suite.cases) {
            INFO(each.name);
            CHECK(names.insert(each.name).second);
            if (each.file.empty()) {
                CHECK(each.why_not.size() > 10);
                continue;
            }
            if (!files.contains(each.file)) files[each.file] = project_file("tests/" + each.file);
            CHECK(stands_in(files[each.file], each.name));
        }
    }
}

TEST_CASE("the document's table of Kafka's suites has the sums of the list") {
    const std::string document = project_file("docs/fidelity.md");
    for (const Suite& suite : read_suites()) {
        const std::string row =
            "| " + suite.name + " | " + std::to_string(suite.declared) + " | " + std::to_string(suite.played()) + " |";
        INFO(row);
        CHECK(document.find(row) != std::string::npos);
    }
}
