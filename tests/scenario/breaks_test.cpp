// SPDX-License-Identifier: Apache-2.0
// The keys `breaks` and `invariants`: what they mean, and mistakes in them.
#include "sim/scenario/breaks.hpp"

#include "sim/scenario/reader.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::sim::scenario;

namespace {

std::string complaint(const std::string& keys) {
    const auto result = read_scenario("{" + keys + R"(, "steps": []})", "t.json");
    return result.problems.empty() ? "" : result.problems[0].text();
}

}  // namespace

TEST_CASE("invariants are checked where the file says so") {
    struct Case {
        std::string keys;
        bool checked;
        std::vector<std::string> must_break;
    };
    const Case cases[] = {{R"("seed": 1)", false, {}},
                          {R"("invariants": false)", false, {}},
                          {R"("invariants": true)", true, {}},
                          {R"("breaks": {})", true, {}},
                          {R"("breaks": {"3.0.0": ["WeakIsr"], "kip-320": []})", true, {"WeakIsr"}},
                          {R"("rules": "kip-320", "breaks": {"3.0.0": ["WeakIsr"], "kip-320": []})", true, {}},
                          {R"("rules": "kip-279", "breaks": {"3.0.0": ["WeakIsr"]})", true, {}},
                          {R"("invariants": true, "breaks": {"3.0.0": ["LogMatching"]})", true, {"LogMatching"}}};
    for (const Case& c : cases) {
        INFO(c.keys);
        const auto read = read_scenario("{" + c.keys + R"(, "steps": []})", "t.json");
        REQUIRE(read.scenario);
        CHECK(read.scenario->breaks.has_value() == c.checked);
        CHECK(must_break(*read.scenario) == c.must_break);
    }
}

TEST_CASE("unknown rule sets and invariants are mistakes, with what was meant") {
    const std::string rule_sets =
        R"(Allowed: "truncate-to-high-watermark", "kip-101", "kip-279", "kip-320-first-try", "kip-320", "3.0.0")";
    CHECK(complaint(R"("breaks": {"kip-102": []})") ==
          R"(1:13: /breaks/kip-102: "kip-102" is not a rule set; did you mean "kip-101"? )" + rule_sets);
    CHECK(complaint(R"("breaks": {"kip-101": ["WeakISR"]})")
              .find(R"("WeakISR" is not an invariant; did you mean "WeakIsr"?)") != std::string::npos);
    CHECK(complaint(R"("breaks": {"kip-101": "WeakIsr"})").find("Allowed: a list of invariants") != std::string::npos);
    CHECK(complaint(R"("breaks": ["kip-101"])").find("found a list. Allowed: an object by rule set") !=
          std::string::npos);
    CHECK(complaint(R"("invariants": "yes")").find("Allowed: true, false") != std::string::npos);
    CHECK(complaint(R"("invariants": false, "breaks": {})").find("nothing is found to break") != std::string::npos);
}
