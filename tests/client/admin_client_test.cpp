// SPDX-License-Identifier: Apache-2.0
// The admin client: who is asked, what is asked again, and how it says that time ran out.
#include "core/client/admin_calls.hpp"
#include "tests/catch.hpp"
#include "tests/client/fake_cluster.hpp"

using namespace kafkasim;
using namespace kafkasim::client;

namespace {

using Cluster = test::FakeCluster<AdminClient, AdminResults>;

struct Admin : Cluster {
    explicit Admin(const std::string& bootstrap = "localhost:9094", bool running = true)
        : Cluster(AdminClient(AdminConfig::from_properties({{"bootstrap.servers", bootstrap}}).value(), 1)) {
        if (running) {
            broker(1, 9093);
            broker(2, 9094);
            broker(3, 9095);
            metadata.controller_id = BrokerId{3};
            topic("t", {1, 2, 2});
        }
        client.start(env);
        settle();
    }
    void submit(AdminCall call, std::optional<Duration> timeout = std::nullopt) {
        call.timeout = timeout;
        client.submit(env, std::move(call), events);
        settle();
    }
    AdminResult result() {
        REQUIRE(events.size() == 1);
        AdminResult taken = std::move(events.front());
        events.clear();
        return taken;
    }
    protocol::FindCoordinatorResponse coordinator(ErrorCode error = ErrorCode::None) {
        protocol::FindCoordinatorResponse response;
        response.coordinators.push_back(
            {"g", BrokerId{error == ErrorCode::None ? 1 : -1}, "localhost", 9093, error, std::nullopt});
        return response;
    }
};

protocol::CreateTopicsRequest::CreatableTopic creatable(const std::string& name) {
    return {TopicName(name), 3, 3, {}, {}};
}

}  // namespace

TEST_CASE("topics are created by the controller; who is no longer it makes the client look again") {
    Admin admin;
    admin.submit(create_topics({creatable("x")}));
    auto asked = admin.env.take_message<protocol::CreateTopicsRequest>();
    REQUIRE(asked);
    CHECK(admin.port_of(*asked) == 9095);
    CHECK(std::get<protocol::CreateTopicsRequest>(asked->message.body).timeout_ms == 30000);
    protocol::CreateTopicsResponse response;
    response.topics.emplace_back();
    response.topics[0].name = TopicName("x");
    response.topics[0].error_code = ErrorCode::NotController;
    admin.metadata.controller_id = BrokerId{1};
    admin.reply(*asked, response);
    CHECK(admin.events.empty());
    admin.pass(200ms);
    asked = admin.env.take_message<protocol::CreateTopicsRequest>();
    REQUIRE(asked);
    CHECK(admin.port_of(*asked) == 9093);
    response.topics[0].error_code = ErrorCode::None;
    admin.reply(*asked, response);
    const AdminResult result = admin.result();
    CHECK_FALSE(result.error);
    REQUIRE(result.responses.size() == 1);
    CHECK(result.responses[0].node.id == 1);
}

TEST_CASE("no broker: the text of the timeout names the call, and the warnings have no line about bootstrap") {
    Admin admin("localhost:9092", false);
    admin.submit(list_topics());
    admin.pass(60s);
    CHECK(admin.events.empty());
    admin.pass(1ms);
    const AdminResult result = admin.result();
    REQUIRE(result.error);
    CHECK(result.error->text() ==
          "org.apache.kafka.common.errors.TimeoutException: Timed out waiting for a node assignment. Call: listTopics");
    const size_t warnings = admin.env.count_logs(
        "[AdminClient clientId=adminclient-1] Connection to node -1 (localhost/127.0.0.1:9092) could not be "
        "established. Broker may not be available.");
    CHECK(warnings > 55);
    CHECK(warnings < 75);
    CHECK_FALSE(admin.env.has_log("Bootstrap broker"));
}

TEST_CASE("a group is described by its coordinator") {
    Admin admin;
    admin.submit(describe_consumer_group("g"));
    admin.reply(admin.env.take_message<protocol::FindCoordinatorRequest>().value(), admin.coordinator());
    const auto asked = admin.env.take_message<protocol::DescribeGroupsRequest>();
    REQUIRE(asked);
    CHECK(admin.port_of(*asked) == 9093);
    protocol::DescribeGroupsResponse response;
    response.groups.emplace_back();
    response.groups[0].group_state = "Empty";
    admin.reply(*asked, response);
    const AdminResult result = admin.result();
    CHECK(std::get<protocol::DescribeGroupsResponse>(result.responses.at(0).body).groups.at(0).group_state == "Empty");
    CHECK(result.responses[0].node.endpoint.port == 9093);
}

TEST_CASE("without coordinator it is asked for again without a pause until time runs out") {
    Admin admin;
    admin.submit(describe_consumer_group("g"), 5000ms);
    int tries = 0;
    while (admin.events.empty() && tries < 20000) {
        auto asked = admin.env.take_message<protocol::FindCoordinatorRequest>();
        if (asked) {
            ++tries;
            admin.pass(1ms);
            admin.reply(*asked, admin.coordinator(ErrorCode::CoordinatorNotAvailable));
        } else {
            admin.pass(1ms);
        }
    }
    CHECK(tries > 4900);
    const AdminResult result = admin.result();
    REQUIRE(result.error);
    CHECK(result.error->exception == "org.apache.kafka.common.errors.TimeoutException");
    CHECK(result.error->message.starts_with("Call(callName=describeGroups(api=FIND_COORDINATOR), deadlineMs="));
    CHECK(result.error->message.find(" timed out at ") != std::string::npos);
    CHECK(result.error->message.ends_with(" attempt(s)"));
}

TEST_CASE("groups are listed by every broker") {
    Admin admin;
    admin.submit(list_consumer_groups());
    CHECK(admin.env.count_sent<protocol::ListGroupsRequest>() == 3);
    while (auto asked = admin.env.take_message<protocol::ListGroupsRequest>()) {
        protocol::ListGroupsResponse response;
        response.groups.push_back({"g" + std::to_string(admin.port_of(*asked)), "consumer", "Stable"});
        admin.reply(*asked, response);
    }
    const AdminResult result = admin.result();
    REQUIRE(result.responses.size() == 3);
    CHECK(std::get<protocol::ListGroupsResponse>(result.responses[0].body).groups.at(0).group_id == "g9093");
}

TEST_CASE("offsets are listed by the leaders, again if they have moved") {
    Admin admin;
    admin.submit(list_offsets({{{TopicName("t"), 0}}, {{TopicName("t"), 1}}, {{TopicName("t"), 2}}}));
    CHECK(admin.env.count_sent<protocol::ListOffsetsRequest>() == 2);
    for (ErrorCode error : {ErrorCode::NotLeaderOrFollower, ErrorCode::None}) {
        while (auto asked = admin.env.take_message<protocol::ListOffsetsRequest>()) {
            protocol::ListOffsetsResponse response;
            for (const auto& topic : std::get<protocol::ListOffsetsRequest>(asked->message.body).topics) {
                response.topics.push_back({topic.name, {}});
                for (const auto& p : topic.partitions)
                    response.topics.back().partitions.push_back({p.partition_index, error, -1, 4, 0});
            }
            admin.reply(*asked, response);
        }
        if (error != ErrorCode::None) {
            CHECK(admin.events.empty());
            admin.pass(200ms);
        }
    }
    const AdminResult result = admin.result();
    CHECK_FALSE(result.error);
    CHECK(result.responses.size() == 2);
}

TEST_CASE("a broker's own configs are described by that broker") {
    Admin admin;
    admin.submit(describe_configs({{kBrokerResource, "3", std::nullopt}}));
    const auto asked = admin.env.take_message<protocol::DescribeConfigsRequest>();
    REQUIRE(asked);
    CHECK(admin.port_of(*asked) == 9095);
}
