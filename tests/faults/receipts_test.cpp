// SPDX-License-Identifier: Apache-2.0
// Every fault says what it touched, and one that touched nothing fails the run unless it may be idle.
#include "tests/faults/played.hpp"

using namespace kafkasim;
using test::kCreate;
using test::Played;
using test::produce;
using test::running_cluster;

namespace {

/// A pattern with … for what may vary.
bool is_like(const std::string& text, const std::string& pattern) {
    size_t at = 0;
    for (size_t begin = 0;;) {
        const size_t end = pattern.find("…", begin);
        const std::string part = pattern.substr(begin, end == std::string::npos ? end : end - begin);
        const size_t found = text.find(part, at);
        if (found == std::string::npos || (begin == 0 && found != 0)) return false;
        at = found + part.size();
        if (end == std::string::npos) return at == text.size() || part.empty();
        begin = end + std::string("…").size();
    }
}

struct Case {
    std::string steps;
    std::vector<std::string> receipts;
};

}  // namespace

TEST_CASE("every fault writes a receipt of what it touched") {
    const std::vector<Case> cases{
        {R"({"kill":"broker-2"})", {"kill: ended broker-2 and … connections"}},
        {R"({"pause":"broker-2"},{"wait":"5s"},{"resume":"broker-2"})", {"pause: … waited for broker-2"}},
        {R"({"pause":"broker-2"},{"wait":"5s"})", {"pause: … waited for broker-2"}},
        {kCreate + produce("a") + R"({"power_off":"broker-2"})", {"power_off: broker-2 lost 1 batch of t-0"}},
        {kCreate + produce("a") + produce("b") + R"({"power_off":"broker-2"})",
         {"power_off: broker-2 lost 2 batches of t-0"}},
        {kCreate + R"({"slow":{"disk":"broker-2","by":"50ms"}},)" + produce("a") + R"({"heal":{"disk":"broker-2"}})",
         {"slow: broker-2's disk took 50 ms longer … times"}},
        {kCreate + R"({"disk":{"of":"broker-3","is":"full"}},)" + produce("a") + R"({"heal":"all"})",
         {"disk: broker-3's disk had no room once"}},
        {kCreate + R"({"disk":{"of":"broker-3","is":"failed"}},)" + produce("a") + R"({"wait":"1s"})",
         {"disk: broker-3's disk failed …"}},
        {kCreate + R"({"clock":{"of":"broker-2","by":"-5s"}},)" + produce("a") +
             R"({"clock":{"of":"broker-2","by":"0s"}})",
         {"clock: broker-2's clock was 5 s behind when it looked at it …"}},
        {R"({"clock":{"of":"broker-2","by":"1m"}},{"stop":"broker-2"},{"clock":{"of":"broker-2","by":"2m"}},{"start":"broker-2"})",
         {"clock: broker-2's clock was 60 s ahead when it looked at it … times",
          "clock: broker-2's clock was 120 s ahead when it looked at it … times"}},
        {kCreate + R"({"cut":["broker-2","broker-3"]},{"wait":"3s"},{"heal":"all"})",
         {"cut: held … messages between broker-2, broker-3 and broker-2, broker-3"}},
        {R"({"hold":{"request":"LeaderAndIsr","to":"broker-3"}},)" + kCreate +
             R"({"release":{"request":"LeaderAndIsr","to":"broker-3"}})",
         {"hold: held 1 LeaderAndIsrRequest to broker-3"}},
    };
    for (const Case& each : cases) {
        INFO(each.steps);
        const Played played(running_cluster(each.steps));
        for (const std::string& problem : played.result.problems) FAIL_CHECK(problem);
        const std::vector<std::string> receipts = played.receipts();
        REQUIRE(receipts.size() == each.receipts.size());
        for (size_t i = 0; i < receipts.size(); ++i) {
            INFO(receipts[i]);
            CHECK(is_like(receipts[i], each.receipts[i]));
        }
    }
}

TEST_CASE("a fault that touched nothing fails the run, unless it may be idle") {
    const auto with = [](const std::string& fault, bool may_be_idle, const std::string& then) {
        return fault.substr(0, fault.size() - 1) + (may_be_idle ? R"(,"may_be_idle":true})" : "}") + then;
    };
    const std::vector<std::pair<std::string, std::string>> idle{
        {R"({"pause":"broker-2"})", R"(,{"resume":"broker-2"})"},
        {R"({"power_off":"broker-2"})", ""},
        {R"({"slow":{"disk":"zookeeper","by":"50ms"}})", R"(,{"wait":"5s"})"},
        {R"({"disk":{"of":"zookeeper","is":"full"}})", R"(,{"wait":"5s"})"},
        {R"({"clock":{"of":"broker-2","by":"5s"}})", R"(,{"clock":{"of":"broker-2","by":"0s"}})"},
    };
    for (const auto& [fault, then] : idle) {
        INFO(fault);
        const Played strict(running_cluster(with(fault, false, then)));
        REQUIRE(strict.result.problems.size() == 1);
        CHECK(strict.result.problems.front().starts_with("a fault touched nothing: "));
        const Played lenient(running_cluster(with(fault, true, then)));
        CHECK(lenient.result.problems.empty());
        CHECK(lenient.receipts() == strict.receipts());
    }
}

TEST_CASE("healing a disk that is well is a problem") {
    const Played played(running_cluster(R"({"heal":{"disk":"broker-2"}})"));
    REQUIRE(played.result.problems.size() == 1);
    CHECK(played.result.problems.front().ends_with("the disk of broker-2 is well"));
}

TEST_CASE("a folder to which a process does not write has no fault") {
    const Played played(running_cluster(R"({"disk":{"of":"broker-2","is":"full","folder":"/tmp/x"}})"));
    REQUIRE(played.result.problems.size() == 1);
    CHECK(played.result.problems.front().ends_with("/tmp/x is no folder to which broker-2 writes"));
}
