// SPDX-License-Identifier: Apache-2.0
// The consumer against brokers that the test answers for: joining, reading, committing, leaving, and what happens
// without a coordinator.
#include "core/client/consumer.hpp"
#include "core/protocol/consumer_protocol.hpp"
#include "tests/catch.hpp"
#include "tests/client/fake_cluster.hpp"

using namespace kafkasim;
using namespace kafkasim::client;

namespace {

using Cluster = test::FakeCluster<Consumer, ConsumerEvents>;

const TopicName kTopic("my-kafka-topic");

ConsumerConfig config_of(ClientProperties more = {}) {
    more.insert({{"bootstrap.servers", "localhost:9094"}, {"group.id", "g"}, {"auto.offset.reset", "earliest"}});
    return ConsumerConfig::from_properties(more).value();
}

struct Group : Cluster {
    explicit Group(const ConsumerConfig& config = config_of(), const std::vector<int32_t>& leaders = {1, 2, 3})
        : Cluster(Consumer(config, 1)) {
        broker(1, 9093);
        broker(2, 9094);
        broker(3, 9095);
        topic(kTopic.str(), leaders);
        client.start(env);
    }
    void subscribe() {
        client.subscribe(env, {kTopic});
        poll();
    }
    void poll(std::optional<Duration> timeout = std::nullopt) {
        client.poll(env, timeout, events);
        settle();
    }
    template <typename Request>
    test::FakeEnv::Sent next() {
        auto sent = env.take_message<Request>();
        REQUIRE(sent);
        return *sent;
    }
    void find_coordinator(ErrorCode error = ErrorCode::None) {
        protocol::FindCoordinatorResponse response;
        response.coordinators.push_back(
            {"g", BrokerId{error == ErrorCode::None ? 3 : -1}, "localhost", 9095, error, std::nullopt});
        reply(next<protocol::FindCoordinatorRequest>(), response);
    }
    void join() {
        protocol::JoinGroupResponse response;
        response.error_code = ErrorCode::MemberIdRequired;
        response.member_id = "m";
        auto first = next<protocol::JoinGroupRequest>();
        CHECK(std::get<protocol::JoinGroupRequest>(first.message.body).member_id.empty());
        reply(first, response);
        const auto second = next<protocol::JoinGroupRequest>();
        const auto& request = std::get<protocol::JoinGroupRequest>(second.message.body);
        CHECK(request.member_id == "m");
        REQUIRE(request.protocols.size() == 2);
        CHECK(request.protocols[0].name == "range");
        CHECK(request.protocols[1].name == "cooperative-sticky");
        response.error_code = ErrorCode::None;
        response.generation_id = 1;
        response.protocol_name = "range";
        response.leader = "m";
        response.members.push_back({"m", std::nullopt, request.protocols[0].metadata});
        reply(second, response);
        const auto sync = next<protocol::SyncGroupRequest>();
        const auto& assignments = std::get<protocol::SyncGroupRequest>(sync.message.body).assignments;
        REQUIRE(assignments.size() == 1);
        protocol::SyncGroupResponse synced;
        synced.assignment = assignments[0].assignment;
        reply(sync, synced);
    }
    void committed(int64_t offset) {
        protocol::OffsetFetchResponse response;
        response.groups.push_back({"g", {{kTopic, {}}}, ErrorCode::None});
        for (int32_t p = 0; p < 3; ++p)
            response.groups[0].topics[0].partitions.push_back({p, offset, -1, "", ErrorCode::None});
        reply(next<protocol::OffsetFetchRequest>(), response);
    }
    void list_offsets() {
        while (auto asked = env.take_message<protocol::ListOffsetsRequest>()) {
            protocol::ListOffsetsResponse response;
            for (const auto& topic : std::get<protocol::ListOffsetsRequest>(asked->message.body).topics) {
                response.topics.push_back({topic.name, {}});
                for (const auto& p : topic.partitions)
                    response.topics.back().partitions.push_back({p.partition_index, ErrorCode::None, -1, 0, 0});
            }
            reply(*asked, response);
        }
    }
    void read_from_start() {
        subscribe();
        find_coordinator();
        join();
        committed(-1);
        list_offsets();
    }
    static protocol::FetchResponse::PartitionData data(int32_t partition, std::vector<std::string> values,
                                                       int64_t base = 0) {
        protocol::RecordBatchBuilder builder;
        for (const std::string& value : values) builder.append(1, std::nullopt, value);
        protocol::FetchResponse::PartitionData data;
        data.partition_index = partition;
        if (values.empty()) return data;
        protocol::RecordBatch batch = builder.build();
        batch.base_offset = base;
        batch.partition_leader_epoch = 0;
        data.high_watermark = base + static_cast<int64_t>(values.size());
        data.records = protocol::RecordBatches(batch);
        return data;
    }
    /// Answers the fetch that was sent to `port`.
    void fetched(int32_t port, std::vector<protocol::FetchResponse::PartitionData> partitions) {
        for (const auto& sent : env.sent) {
            if (!std::holds_alternative<protocol::FetchRequest>(sent.message.body) || port_of(sent) != port) continue;
            const test::FakeEnv::Sent asked = sent;
            std::erase_if(env.sent, [&](const auto& each) {
                return each.connection == asked.connection &&
                       each.message.correlation_id == asked.message.correlation_id;
            });
            protocol::FetchResponse response;
            response.session_id = 77;
            response.responses.push_back({kTopic, std::move(partitions)});
            reply(asked, response);
            return;
        }
        FAIL("no fetch was sent to port " << port);
    }
    std::string returned() {
        std::string text;
        for (const auto& polled : take<PolledRecords>()) {
            for (const ConsumerRecord& record : polled.records) text += *record.record().value + " ";
            text += "| ";
        }
        return text;
    }
};

}  // namespace

TEST_CASE("a consumer finds its coordinator, joins twice, looks for offsets and reads from each leader") {
    Group group;
    group.read_from_start();
    CHECK(
        group.env.has_log("[Consumer clientId=consumer-g-1, groupId=g] Discovered group coordinator localhost:9095 "
                          "(id: 2147483644 rack: null)"));
    CHECK(group.env.has_log("Request joining group due to: need to re-join with the given member-id"));
    CHECK(group.env.has_log(
        "Resetting offset for partition my-kafka-topic-0 to position FetchPosition{offset=0, "
        "offsetEpoch=Optional.empty, "
        "currentLeader=LeaderAndEpoch{leader=Optional[localhost:9093 (id: 1 rack: null)], epoch=0}}."));
    CHECK(group.env.count_sent<protocol::FetchRequest>() == 3);
    group.fetched(9094, {Group::data(1, {"b1", "b2"})});
    CHECK(group.returned() == "b1 b2 | ");
    group.poll();
    group.fetched(9095, {Group::data(2, {"c"})});
    CHECK(group.returned() == "c | ");
    const node::Note* note = group.env.last_note(node::NoteKind::RecordsReturned);
    REQUIRE(note != nullptr);
    CHECK(node::text_of(*node::find(*note, "leader")) == "3");
}

TEST_CASE("partitions of one leader are printed in the order of the hash map, not of the reply") {
    Group group(config_of(), {2, 2, 2});
    group.read_from_start();
    group.fetched(9094, {Group::data(0, {"a"}), Group::data(1, {"b"}), Group::data(2, {"c"})});
    CHECK(group.returned() == "c b a | ");
}

TEST_CASE("the order of the reply decides what fits into max.poll.records") {
    Group group(config_of({{"max.poll.records", "2"}}), {2, 2, 2});
    group.read_from_start();
    group.fetched(9094, {Group::data(0, {"a1", "a2", "a3"}), Group::data(1, {"b"}), Group::data(2, {"c"})});
    CHECK(group.returned() == "a1 a2 | ");
    group.poll();
    CHECK(group.returned() == "b a3 | ");
    group.poll();
    CHECK(group.returned() == "c | ");
}

TEST_CASE("after the first fetch only what has changed is sent") {
    Group group(config_of(), {2, 2, 2});
    group.read_from_start();
    group.fetched(9094, {Group::data(1, {"b"})});
    group.poll();
    const auto request = group.env.take<protocol::FetchRequest>();
    REQUIRE(request);
    CHECK(request->session_id == 77);
    CHECK(request->session_epoch == 1);
    REQUIRE(request->topics.size() == 1);
    REQUIRE(request->topics[0].partitions.size() == 1);
    CHECK(request->topics[0].partitions[0].partition == 1);
    CHECK(request->topics[0].partitions[0].fetch_offset == 1);
}

TEST_CASE("without a coordinator a consumer asks silently for ever, ten times a second, and closes at once") {
    Group group;
    group.subscribe();
    int asked = 0;
    const Instant start = group.env.now();
    while (group.env.now() - start < 20s) {
        while (group.env.count_sent<protocol::FindCoordinatorRequest>() > 0) {
            ++asked;
            group.find_coordinator(ErrorCode::CoordinatorNotAvailable);
        }
        group.pass(10ms);
    }
    CHECK(asked > 150);
    CHECK(asked < 210);
    CHECK(group.events.empty());
    for (const auto& line : group.env.log_lines) CHECK(line.level == node::Level::Info);
    group.client.close(group.env, group.events);
    CHECK(group.take<ConsumerClosed>().size() == 1);
}

TEST_CASE(
    "heartbeats go out every three seconds, and a rebalance in the answer makes it commit, revoke and join again") {
    Group group;
    group.read_from_start();
    group.fetched(9094, {Group::data(1, {"b"})});
    group.poll();
    group.pass(2999ms);
    CHECK(group.env.count_sent<protocol::HeartbeatRequest>() == 0);
    group.pass(1ms);
    group.reply(group.next<protocol::HeartbeatRequest>(), protocol::HeartbeatResponse{0, ErrorCode::None});
    group.pass(3s);
    // At 5 s the automatic commit was sent.
    protocol::OffsetCommitResponse done;
    group.reply(group.next<protocol::OffsetCommitRequest>(), done);
    group.reply(group.next<protocol::HeartbeatRequest>(),
                protocol::HeartbeatResponse{0, ErrorCode::RebalanceInProgress});
    CHECK(group.env.has_log("Request joining group due to: group is already rebalancing"));
    CHECK(group.env.count_sent<protocol::JoinGroupRequest>() == 0);
    const auto commit = group.next<protocol::OffsetCommitRequest>();
    CHECK(std::get<protocol::OffsetCommitRequest>(commit.message.body).topics.at(0).partitions.size() == 3);
    group.reply(commit, done);
    CHECK(group.env.has_log("Revoke previously assigned partitions"));
    CHECK(group.env.count_sent<protocol::JoinGroupRequest>() == 1);
}

TEST_CASE("close commits what was returned and leaves the group") {
    Group group;
    group.read_from_start();
    group.fetched(9094, {Group::data(1, {"b1", "b2"})});
    group.client.close(group.env, group.events);
    group.settle();
    const auto commit = group.next<protocol::OffsetCommitRequest>();
    int64_t offset = -1;
    for (const auto& p : std::get<protocol::OffsetCommitRequest>(commit.message.body).topics.at(0).partitions) {
        if (p.partition_index == 1) offset = p.committed_offset;
    }
    CHECK(offset == 2);
    group.reply(commit, protocol::OffsetCommitResponse{});
    CHECK(group.take<ConsumerClosed>().empty());
    group.reply(group.next<protocol::LeaveGroupRequest>(), protocol::LeaveGroupResponse{});
    CHECK(group.take<ConsumerClosed>().size() == 1);
    CHECK(group.env.timers.empty());
}

TEST_CASE("close with an assignment and no coordinator takes thirty seconds") {
    Group group;
    group.read_from_start();
    group.stop(9095);
    group.client.close(group.env, group.events);
    group.settle();
    const Instant start = group.env.now();
    while (group.take<ConsumerClosed>().empty() && group.env.now() - start < 60s) {
        while (group.env.count_sent<protocol::FindCoordinatorRequest>() > 0)
            group.find_coordinator(ErrorCode::CoordinatorNotAvailable);
        group.pass(50ms);
    }
    CHECK(group.env.now() - start >= 30s);
    CHECK(group.env.now() - start < 31s);
}

TEST_CASE("an assigned partition with an offset needs no coordinator") {
    Group group;
    group.client.assign(group.env, {{kTopic, 1}});
    group.client.seek({kTopic, 1}, 1);
    group.poll();
    CHECK(group.env.count_sent<protocol::FindCoordinatorRequest>() == 0);
    group.fetched(9094, {Group::data(1, {"before", "b1", "b2"})});
    CHECK(group.returned() == "b1 b2 | ");
}

TEST_CASE("a poll with a limit ends empty when its time is over") {
    Group group;
    group.client.subscribe(group.env, {kTopic});
    group.poll(3s);
    group.find_coordinator();
    group.pass(2999ms);
    CHECK(group.events.empty());
    group.pass(1ms);
    CHECK(group.returned() == "| ");
}

TEST_CASE("a committed offset with an epoch is checked with the leader before it is read from") {
    Group group;
    group.subscribe();
    group.find_coordinator();
    group.join();
    protocol::OffsetFetchResponse response;
    response.groups.push_back({"g", {{kTopic, {}}}, ErrorCode::None});
    for (int32_t p = 0; p < 3; ++p) response.groups[0].topics[0].partitions.push_back({p, 5, 0, "", ErrorCode::None});
    group.reply(group.next<protocol::OffsetFetchRequest>(), response);
    CHECK(group.env.count_sent<protocol::FetchRequest>() == 0);
    REQUIRE(group.env.count_sent<protocol::OffsetForLeaderEpochRequest>() == 3);
    while (auto asked = group.env.take_message<protocol::OffsetForLeaderEpochRequest>()) {
        const int32_t partition = std::get<protocol::OffsetForLeaderEpochRequest>(asked->message.body)
                                      .topics.at(0)
                                      .partitions.at(0)
                                      .partition;
        protocol::OffsetForLeaderEpochResponse epochs;
        epochs.topics.push_back({kTopic, {{ErrorCode::None, partition, 0, partition == 0 ? 3 : 9}}});
        group.reply(*asked, epochs);
    }
    CHECK(
        group.env.has_log("Truncation detected for partition my-kafka-topic-0 at offset FetchPosition{offset=5, "
                          "offsetEpoch=Optional[0]"));
    std::map<int32_t, int64_t> offsets;
    while (auto fetch = group.env.take<protocol::FetchRequest>())
        offsets[fetch->topics.at(0).partitions.at(0).partition] = fetch->topics[0].partitions[0].fetch_offset;
    CHECK(offsets == std::map<int32_t, int64_t>{{0, 3}, {1, 5}, {2, 5}});
}

TEST_CASE("an offset whose commit still waits for its replicas is asked for again, not taken for none") {
    Group group;
    group.subscribe();
    group.find_coordinator();
    group.join();
    protocol::OffsetFetchResponse response;
    response.groups.push_back({"g", {{kTopic, {}}}, ErrorCode::None});
    for (int32_t p = 0; p < 3; ++p)
        response.groups[0].topics[0].partitions.push_back(
            {p, p == 1 ? -1 : 5, -1, "", p == 1 ? ErrorCode::UnstableOffsetCommit : ErrorCode::None});
    group.reply(group.next<protocol::OffsetFetchRequest>(), response);
    CHECK(
        group.env.has_log("still have unstable offsets which are not cleared on the broker side: [my-kafka-topic-1]"));
    CHECK(group.env.count_sent<protocol::ListOffsetsRequest>() == 0);
    CHECK(group.env.count_sent<protocol::FetchRequest>() == 0);
    group.pass(100ms);
    group.committed(5);
    CHECK(group.env.count_sent<protocol::ListOffsetsRequest>() == 0);
    CHECK(group.env.count_sent<protocol::FetchRequest>() == 3);
}
