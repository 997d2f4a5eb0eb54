// SPDX-License-Identifier: Apache-2.0

#include "core/tools/leader_election_command.hpp"

#include "core/tools/options.hpp"
#include "tests/catch.hpp"

namespace kafkasim::tools {
namespace {

std::optional<std::string> complaint(const std::vector<std::string>& words) {
    return complaint_about_election_options(parse_options(leader_election_options(), words).options);
}

TopicPartition partition(std::string_view topic, int32_t number) { return {TopicName(topic), number}; }

}  // namespace

TEST_CASE("mistakes in the options of a leader election are named as recorded") {
    CHECK(complaint({}) == "Missing required option(s): election-type, bootstrap-server");
    CHECK(complaint({"--bootstrap-server", "h:1"}) == "Missing required option(s): election-type");
    CHECK(complaint({"--bootstrap-server", "h:1", "--election-type", "preferred"}) ==
          "One and only one of the following options is required: topic, all-topic-partitions, path-to-json-file");
    CHECK(complaint({"--bootstrap-server", "h:1", "--election-type", "preferred", "--topic", "t"}) ==
          "Missing required option(s): partition");
    CHECK(complaint({"--bootstrap-server", "h:1", "--election-type", "preferred", "--all-topic-partitions",
                     "--partition", "1"}) == "Option partition is only allowed if topic is used");
    CHECK(!complaint({"--bootstrap-server", "h:1", "--election-type", "preferred", "--all-topic-partitions"}));
}

TEST_CASE("the file of an election names partitions, each once") {
    const ElectionFile file =
        parse_election_file(R"({"partitions":[{"topic":"t","partition":0},{"topic":"u","partition":2}]})");
    CHECK(file.exception.empty());
    CHECK(file.partitions == std::vector<TopicPartition>{partition("t", 0), partition("u", 2)});
    CHECK(parse_election_file("{").exception == "kafka.admin.AdminOperationException: Replica election data is empty");
    CHECK(parse_election_file("{}").exception ==
          "kafka.admin.AdminOperationException: Replica election data is missing \"partitions\" field");
    CHECK(
        parse_election_file(R"({"partitions":[{"topic":"t","partition":0},{"topic":"t","partition":0}]})").exception ==
        "kafka.admin.AdminOperationException: Replica election data contains duplicate partitions: t-0");
    CHECK(parse_election_file(R"({"partitions":[{"topic":"t"}]})").not_modelled);
}

TEST_CASE("an election that failed for a partition ends in an exception after the report") {
    const ElectionReport report =
        election_report("PREFERRED", {{partition("t", 0), ErrorCode::None, ""},
                                      {partition("t", 1), ErrorCode::ElectionNotNeeded, "x"},
                                      {partition("t", 2), ErrorCode::PreferredLeaderNotAvailable, "E: why"}});
    CHECK(report.on_stdout ==
          "Successfully completed leader election (PREFERRED) for partitions t-0\n"
          "Valid replica already elected for partitions t-1\n"
          "Error completing leader election (PREFERRED) for partition: t-2: E: why\n");
    CHECK(report.uncaught ==
          "kafka.common.AdminCommandFailedException: 1 replica(s) could not be elected\n\tSuppressed: E: why");
    CHECK(election_report("UNCLEAN", {}).on_stdout.empty());
    CHECK(election_report("UNCLEAN", {}).uncaught.empty());
}

}  // namespace kafkasim::tools
