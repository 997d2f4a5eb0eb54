// SPDX-License-Identifier: Apache-2.0
//
// The table of Kafka's error codes.
#include "core/base/error_code.hpp"

#include <set>
#include <string>

#include "tests/catch.hpp"

namespace kafkasim {

TEST_CASE("there are 107 error codes, from -1 to 105, all different") {
    REQUIRE(all_errors().size() == 107);
    std::set<std::string_view> names;
    int expected = -1;
    for (const ErrorInfo& error : all_errors()) {
        CHECK(number_of(error.code) == expected++);
        CHECK(names.insert(error.name).second);
        CHECK(!error.message.empty());
        if (error.refreshes_metadata) CHECK(error.retriable);
    }
}

TEST_CASE("error codes have Kafka's facts") {
    struct Row {
        ErrorCode code;
        int number;
        std::string_view name;
        bool retriable;
        bool refreshes_metadata;
        std::string_view exception;
        std::string_view message;
    };
    const Row rows[] = {
        {ErrorCode::UnknownServerError, -1, "UNKNOWN_SERVER_ERROR", false, false, "UnknownServerException",
         "The server experienced an unexpected error when processing the request."},
        {ErrorCode::None, 0, "NONE", false, false, "", "NONE"},
        {ErrorCode::UnknownTopicOrPartition, 3, "UNKNOWN_TOPIC_OR_PARTITION", true, true,
         "UnknownTopicOrPartitionException", "This server does not host this topic-partition."},
        {ErrorCode::NotLeaderOrFollower, 6, "NOT_LEADER_OR_FOLLOWER", true, true, "NotLeaderOrFollowerException",
         "For requests intended only for the leader, this error indicates that the broker is not the current leader. "
         "For "
         "requests intended for any replica, this error indicates that the broker is not a replica of the topic "
         "partition."},
        {ErrorCode::CoordinatorNotAvailable, 15, "COORDINATOR_NOT_AVAILABLE", true, false,
         "CoordinatorNotAvailableException", "The coordinator is not available."},
        {ErrorCode::RebalanceInProgress, 27, "REBALANCE_IN_PROGRESS", false, false, "RebalanceInProgressException",
         "The group is rebalancing, so a rejoin is needed."},
        {ErrorCode::TopicAlreadyExists, 36, "TOPIC_ALREADY_EXISTS", false, false, "TopicExistsException",
         "Topic with this name already exists."},
        {ErrorCode::NotController, 41, "NOT_CONTROLLER", true, false, "NotControllerException",
         "This is not the correct controller for this cluster."},
        {ErrorCode::TransactionalIdNotFound, 105, "TRANSACTIONAL_ID_NOT_FOUND", false, false,
         "TransactionalIdNotFoundException", "The transactionalId could not be found"},
    };
    for (const Row& row : rows) {
        INFO(row.name);
        CHECK(number_of(row.code) == row.number);
        CHECK(name(row.code) == row.name);
        CHECK(retriable(row.code) == row.retriable);
        CHECK(refreshes_metadata(row.code) == row.refreshes_metadata);
        CHECK(exception_name(row.code) == row.exception);
        CHECK(default_message(row.code) == row.message);
    }
}

TEST_CASE("a number that Kafka 3.0.0 does not know is an unknown server error") {
    CHECK(error_code_of(6) == ErrorCode::NotLeaderOrFollower);
    CHECK(error_code_of(106) == ErrorCode::UnknownServerError);
    CHECK(error_code_of(-2) == ErrorCode::UnknownServerError);
    CHECK(name(static_cast<ErrorCode>(500)) == "UNKNOWN_SERVER_ERROR");
}

}  // namespace kafkasim
