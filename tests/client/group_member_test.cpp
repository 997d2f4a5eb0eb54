// SPDX-License-Identifier: Apache-2.0
// A member of a group against a coordinator that the test answers for: what each error code makes of it, what its owner
// is told of its partitions and commits, and what goes on between polls.
#include "core/client/consumer.hpp"
#include "core/protocol/consumer_protocol.hpp"
#include "tests/client/fake_cluster.hpp"
#include "tests/support/data_file.hpp"

using namespace kafkasim;
using namespace kafkasim::client;

namespace {

const TopicName kTopic("t");
const TopicPartition kFirst{kTopic, 0};

ConsumerConfig config_of(ClientProperties more = {}) {
    more.insert({{"bootstrap.servers", "localhost:9093"},
                 {"group.id", "g"},
                 {"auto.offset.reset", "earliest"},
                 {"enable.auto.commit", "false"},
                 {"partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor"}});
    ConsumerConfig config = ConsumerConfig::from_properties(more).value();
    config.listens = true;
    return config;
}

/// The group of one member "m" with the topic t; its coordinator is broker 3.
struct Member : test::FakeCluster<Consumer, ConsumerEvents> {
    explicit Member(const ConsumerConfig& config = config_of()) : FakeCluster(Consumer(config, 1)) {
        broker(1, 9093);
        broker(3, 9095);
        topic("t", {1});
        client.start(env);
        client.subscribe(env, {kTopic});
    }
    void poll() {
        client.poll(env, std::nullopt, events);
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
        const int32_t id = error == ErrorCode::None ? 3 : -1;
        response.coordinators.push_back({"g", BrokerId{id}, "localhost", 9095, error, std::nullopt});
        reply(next<protocol::FindCoordinatorRequest>(), response);
    }
    void join(ErrorCode error, int32_t generation = 1, const std::string& other_member_wants = "") {
        const auto asked = next<protocol::JoinGroupRequest>();
        const auto& request = std::get<protocol::JoinGroupRequest>(asked.message.body);
        protocol::JoinGroupResponse response;
        response.error_code = error;
        response.member_id = "m";
        response.generation_id = generation;
        response.protocol_name = request.protocols.front().name;
        response.leader = "m";
        response.members.push_back({"m", std::nullopt, request.protocols.front().metadata});
        if (!other_member_wants.empty()) {
            protocol::ConsumerProtocolSubscription other;
            other.topics.push_back(other_member_wants);
            response.members.push_back({"other", std::nullopt, protocol::encode(other)});
        }
        reply(asked, response);
    }
    void sync(ErrorCode error = ErrorCode::None) {
        const auto asked = next<protocol::SyncGroupRequest>();
        protocol::SyncGroupResponse response;
        response.error_code = error;
        response.assignment = std::get<protocol::SyncGroupRequest>(asked.message.body).assignments.at(0).assignment;
        reply(asked, response);
    }
    void committed(ErrorCode group, ErrorCode partition = ErrorCode::None, int64_t offset = -1, int32_t epoch = -1) {
        protocol::OffsetFetchResponse response;
        response.groups.push_back({"g", {{kTopic, {{0, offset, epoch, "", partition}}}}, group});
        reply(next<protocol::OffsetFetchRequest>(), response);
    }
    void list_offsets(ErrorCode error = ErrorCode::None) {
        protocol::ListOffsetsResponse response;
        response.topics.push_back({kTopic, {{0, error, -1, 0, 0}}});
        reply(next<protocol::ListOffsetsRequest>(), response);
    }
    void validated(ErrorCode error, int64_t end = 9) {
        protocol::OffsetForLeaderEpochResponse response;
        response.topics.push_back({kTopic, {{error, 0, 0, end}}});
        reply(next<protocol::OffsetForLeaderEpochRequest>(), response);
    }
    void fetched(ErrorCode error, bool with_record = true) {
        protocol::FetchResponse::PartitionData data;
        data.error_code = error;
        if (error == ErrorCode::None && with_record) {
            protocol::RecordBatchBuilder builder;
            builder.append(1, std::nullopt, "v");
            protocol::RecordBatch batch = builder.build();
            batch.partition_leader_epoch = 0;
            data.records = protocol::RecordBatches(batch);
        }
        protocol::FetchResponse response;
        response.session_id = 7;
        response.responses.push_back({kTopic, {data}});
        reply(next<protocol::FetchRequest>(), response);
    }
    void heartbeat(ErrorCode error) {
        pass(3s);
        reply(next<protocol::HeartbeatRequest>(), protocol::HeartbeatResponse{0, error});
    }
    void commit(ErrorCode error) {
        protocol::OffsetCommitResponse response;
        response.topics.push_back({kTopic, {{0, error}}});
        reply(next<protocol::OffsetCommitRequest>(), response);
    }
    // How far it has come.
    void begin_join() {
        poll();
        find_coordinator();
        join(ErrorCode::MemberIdRequired);
    }
    void begin_sync() {
        begin_join();
        join(ErrorCode::None);
    }
    void begin_offsets() {
        begin_sync();
        sync();
    }
    void begin_fetch() {
        begin_offsets();
        committed(ErrorCode::None);
        list_offsets();
    }
    void has_read() {
        begin_fetch();
        fetched(ErrorCode::None);
        env.sent.clear();
    }
    void begin_commit() {
        has_read();
        events.clear();
        client.commit_sync(env, client.consumed(), events);
        settle();
    }

    std::string told() {
        std::string text;
        const auto names = [](const std::vector<TopicPartition>& partitions) {
            return "[" + join_of(partitions) + "] ";
        };
        for (const ConsumerEvent& event : std::exchange(events, {})) {
            if (const auto* assigned = std::get_if<PartitionsAssigned>(&event))
                text += "assigned " + names(assigned->partitions);
            if (const auto* revoked = std::get_if<PartitionsRevoked>(&event))
                text += "revoked " + names(revoked->partitions);
            if (const auto* lost = std::get_if<PartitionsLost>(&event)) text += "lost " + names(lost->partitions);
            if (const auto* polled = std::get_if<PolledRecords>(&event))
                text += std::to_string(polled->records.size()) + " records ";
            if (std::holds_alternative<ConsumerClosed>(event)) text += "closed ";
            if (const auto* failed = std::get_if<ConsumerFailed>(&event))
                text += "throws " + failed->exception + ": " + failed->message + " ";
            if (const auto* done = std::get_if<CommitCompleted>(&event)) {
                text += "commit " + std::to_string(done->commit) + " ";
                text += done->failure ? "failed " + done->failure->exception + ": " + done->failure->message + " "
                                      : "done ";
            }
        }
        return text;
    }
    static std::string join_of(const std::vector<TopicPartition>& partitions) {
        return kafkasim::join(partitions, " ");
    }
    /// What it asks for within the next tenth of a second, and what it tells.
    std::string follows() {
        pass(110ms);
        std::string text = told();
        for (const auto& sent : std::exchange(env.sent, {})) {
            const protocol::Body& body = sent.message.body;
            if (const auto* join = std::get_if<protocol::JoinGroupRequest>(&body))
                text += "JoinGroup(" + join->member_id + ") ";
            if (std::holds_alternative<protocol::FindCoordinatorRequest>(body)) text += "FindCoordinator ";
            if (std::holds_alternative<protocol::SyncGroupRequest>(body)) text += "SyncGroup ";
            if (std::holds_alternative<protocol::HeartbeatRequest>(body)) text += "Heartbeat ";
            if (std::holds_alternative<protocol::OffsetCommitRequest>(body)) text += "OffsetCommit ";
            if (std::holds_alternative<protocol::OffsetFetchRequest>(body)) text += "OffsetFetch ";
            if (std::holds_alternative<protocol::OffsetForLeaderEpochRequest>(body)) text += "OffsetForLeaderEpoch ";
            if (std::holds_alternative<protocol::ListOffsetsRequest>(body)) text += "ListOffsets ";
            if (std::holds_alternative<protocol::FetchRequest>(body)) text += "Fetch ";
            if (std::holds_alternative<protocol::LeaveGroupRequest>(body)) text += "LeaveGroup ";
        }
        return text;
    }
};

enum class Api { Find, Join, Sync, Heartbeat, Commit, OffsetFetch, OffsetOf, ListOffsets, Epochs, Fetch };

constexpr std::string_view kApis[] = {"Find",        "Join",     "Sync",        "Heartbeat", "Commit",
                                      "OffsetFetch", "OffsetOf", "ListOffsets", "Epochs",    "Fetch"};

/// A line of consumer-errors.txt for one of its errors.
struct Row {
    Api api = Api::Find;
    ErrorCode error = ErrorCode::None;
    std::string follows;
    std::string logs;
};

std::string trimmed(const std::string& text) {
    const size_t begin = text.find_first_not_of(' ');
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    if (const size_t at = text.find(what); at != std::string::npos) text.replace(at, what.size(), by);
    return text;
}

std::vector<Row> read_rows() {
    std::vector<Row> rows;
    std::istringstream lines(test::data_file("consumer-errors.txt"));
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.starts_with("#")) continue;
        std::istringstream parts(line);
        std::string codes;
        Row row;
        std::getline(parts, codes, '|');
        std::getline(parts, row.follows, '|');
        std::getline(parts, row.logs);
        std::istringstream words(codes);
        std::string word;
        words >> word;
        row.api = static_cast<Api>(std::find(std::begin(kApis), std::end(kApis), word) - std::begin(kApis));
        row.logs = trimmed(row.logs);
        const std::string follows = trimmed(row.follows);
        while (words >> word) {
            const auto named = [&](const ErrorInfo& info) { return info.name == word; };
            const auto found = std::find_if(all_errors().begin(), all_errors().end(), named);
            REQUIRE(found != all_errors().end());
            row.error = found->code;
            const std::string message(default_message(row.error));
            row.follows = replaced(follows, "$thrown", exception_class(row.error) + ": " + message);
            row.follows = replaced(row.follows, "$message", message);
            rows.push_back(row);
        }
    }
    return rows;
}

void answer(Member& member, Api api, ErrorCode error) {
    switch (api) {
        case Api::Find:
            member.poll();
            return member.find_coordinator(error);
        case Api::Join:
            member.begin_join();
            return member.join(error);
        case Api::Sync:
            member.begin_sync();
            return member.sync(error);
        case Api::Heartbeat:
            member.begin_fetch();
            member.events.clear();
            member.env.sent.clear();
            return member.heartbeat(error);
        case Api::Commit:
            member.begin_commit();
            return member.commit(error);
        case Api::OffsetFetch:
        case Api::OffsetOf:
            member.begin_offsets();
            member.events.clear();
            return api == Api::OffsetOf ? member.committed(ErrorCode::None, error) : member.committed(error);
        case Api::ListOffsets:
            member.begin_offsets();
            member.events.clear();
            member.committed(ErrorCode::None);
            return member.list_offsets(error);
        case Api::Epochs:
            member.begin_offsets();
            member.events.clear();
            member.committed(ErrorCode::None, ErrorCode::None, 5, 0);
            return member.validated(error);
        case Api::Fetch:
            member.begin_fetch();
            member.events.clear();
            return member.fetched(error);
    }
}

const std::string kErrors = "org.apache.kafka.common.errors.";
const std::string kConsumer = "org.apache.kafka.clients.consumer.";

}  // namespace

TEST_CASE("every error code of an answer has the consequence that it has in 3.0.0") {
    const std::vector<Row> rows = read_rows();
    CHECK(rows.size() == 72);
    for (const Row& row : rows) {
        INFO(static_cast<int>(row.api) << " " << name(row.error));
        Member member;
        answer(member, row.api, row.error);
        CHECK(trimmed(member.follows()) == row.follows);
        CHECK((row.logs.empty() || member.env.has_log(row.logs)));
    }
}

TEST_CASE("without a policy for the reset, what has no position is thrown") {
    Member never(config_of({{"auto.offset.reset", "none"}}));
    never.begin_offsets();
    never.committed(ErrorCode::None);
    const std::string expected = "assigned [t-0] throws " + kConsumer +
                                 "NoOffsetForPartitionException: Undefined offset with no reset policy for partitions: "
                                 "[t-0] ";
    CHECK(never.follows() == expected);
    Member behind(config_of({{"auto.offset.reset", "none"}}));
    behind.begin_offsets();
    behind.committed(ErrorCode::None, ErrorCode::None, 5);
    behind.fetched(ErrorCode::OffsetOutOfRange);
    CHECK(behind.told().find("throws " + kConsumer +
                             "OffsetOutOfRangeException: Fetch position FetchPosition{offset=5") != std::string::npos);
    CHECK(behind.env.has_log("raising error to the application since no reset policy is configured"));
    Member truncated(config_of({{"auto.offset.reset", "none"}}));
    truncated.begin_offsets();
    truncated.committed(ErrorCode::None, ErrorCode::None, 5, 0);
    truncated.validated(ErrorCode::None, 3);
    CHECK(truncated.told() ==
          "assigned [t-0] throws " + kConsumer +
              "LogTruncationException: Detected truncated partitions: [(partition=t-0, fetchOffset=5, "
              "fetchEpoch=Optional[0], divergentOffset=3, divergentEpoch=Optional[0])] ");
    CHECK(
        truncated.env.has_log("(the end offset from the broker is OffsetAndMetadata{offset=3, leaderEpoch=0, "
                              "metadata=''}), but no reset policy is set"));
    Member reset;
    answer(reset, Api::Fetch, ErrorCode::OffsetOutOfRange);
    reset.pass(3s);
    CHECK(reset.env.count_sent<protocol::ListOffsetsRequest>() == 1);
}

TEST_CASE("an eager member gives everything up before it joins, a listener that commits first of all") {
    ConsumerConfig config = config_of();
    config.commits_on_revoke = true;
    Member member(config);
    member.has_read();
    CHECK(member.told() == "assigned [t-0] 1 records ");
    member.poll();
    member.env.sent.clear();
    member.heartbeat(ErrorCode::RebalanceInProgress);
    CHECK(member.told() == "revoked [t-0] ");
    CHECK(member.env.count_sent<protocol::JoinGroupRequest>() == 0);
    member.commit(ErrorCode::None);
    CHECK(member.told() == "commit 0 done ");
    member.join(ErrorCode::None, 2);
    member.sync();
    CHECK(member.told() == "assigned [t-0] ");
    CHECK(member.env.last_note(node::NoteKind::PartitionsRevoked) != nullptr);
    CHECK(node::text_of(*node::find(*member.env.last_note(node::NoteKind::PartitionsAssigned), "generation")) == "2");
}

TEST_CASE("a cooperative member keeps what it has while it joins, and gives up what the leader wants from it") {
    Member member(
        config_of({{"partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"}}));
    member.begin_fetch();
    CHECK(member.told() == "assigned [t-0] ");
    member.env.sent.clear();
    member.heartbeat(ErrorCode::RebalanceInProgress);
    member.join(ErrorCode::None, 2);
    const auto asked = member.next<protocol::SyncGroupRequest>();
    member.reply(asked, protocol::SyncGroupResponse{0, ErrorCode::None, "consumer", "cooperative-sticky",
                                                    protocol::encode(protocol::assignment_of({}))});
    CHECK(member.told() == "revoked [t-0] assigned [] ");
    CHECK(member.env.count_sent<protocol::JoinGroupRequest>() == 1);  // once more, without it
}

TEST_CASE("who does not poll for max.poll.interval.ms leaves its group by itself, and has lost its partitions") {
    for (const bool is_static : {false, true}) {
        ClientProperties more{{"max.poll.interval.ms", "10000"}, {"session.timeout.ms", "30000"}};
        if (is_static) more["group.instance.id"] = "i";
        Member member(config_of(more));
        member.has_read();
        member.told();
        for (int i = 0; i < 3; ++i) member.heartbeat(ErrorCode::None);
        member.pass(999ms);
        CHECK(member.env.count_sent<protocol::LeaveGroupRequest>() == 0);
        CHECK_FALSE(member.env.has_log("consumer poll timeout has expired"));
        member.pass(1ms);
        CHECK(member.env.has_log("consumer poll timeout has expired. This means the time between subsequent calls"));
        CHECK(member.env.count_sent<protocol::LeaveGroupRequest>() == (is_static ? 0 : 1));
        CHECK(member.env.has_log("sending LeaveGroup request to coordinator localhost:9095 (id: 2147483644 rack: null) "
                                 "due to consumer poll timeout has expired.") != is_static);
        member.pass(20s);
        CHECK(member.env.count_sent<protocol::HeartbeatRequest>() == 0);
        CHECK(member.told().empty());
        if (!is_static) member.reply(member.next<protocol::LeaveGroupRequest>(), protocol::LeaveGroupResponse{});
        member.poll();
        CHECK(member.told() == "lost [t-0] ");
        CHECK(std::get<protocol::JoinGroupRequest>(member.next<protocol::JoinGroupRequest>().message.body)
                  .member_id.empty());
    }
}

TEST_CASE("a poll that takes long is no absence") {
    Member member(config_of({{"max.poll.interval.ms", "10000"}}));
    member.begin_fetch();
    for (int i = 0; i < 10; ++i) member.heartbeat(ErrorCode::None);
    CHECK_FALSE(member.env.has_log("consumer poll timeout has expired"));
}

TEST_CASE("a coordinator that is silent for the session timeout is looked for anew, also between polls") {
    Member member(config_of({{"session.timeout.ms", "10000"}}));
    member.has_read();
    member.pass(9999ms);
    CHECK(member.env.count_sent<protocol::FindCoordinatorRequest>() == 0);
    member.pass(1ms);
    CHECK(
        member.env.has_log("is unavailable or invalid due to cause: session timed out without receiving a heartbeat"));
    member.find_coordinator(ErrorCode::CoordinatorNotAvailable);
    CHECK(member.env.count_sent<protocol::FindCoordinatorRequest>() == 0);
    member.pass(100ms);
    member.find_coordinator();
    member.pass(3s);
    CHECK(member.env.count_sent<protocol::HeartbeatRequest>() > 0);
}

TEST_CASE("while a member prepares to join, nobody reads the network between polls") {
    Member member;
    member.client.poll(member.env, 50ms, member.events);
    member.settle();
    member.find_coordinator();
    member.join(ErrorCode::MemberIdRequired);
    member.pass(50ms);
    CHECK(member.told() == "0 records ");
    member.join(ErrorCode::None);
    CHECK(member.env.count_sent<protocol::SyncGroupRequest>() == 0);
    CHECK(member.client.member().state() == MemberState::PreparingRebalance);
    member.poll();
    CHECK(member.env.count_sent<protocol::SyncGroupRequest>() == 1);
}

TEST_CASE("close and unsubscribe revoke before they leave, and a lost generation is lost") {
    Member closing;
    closing.has_read();
    closing.told();
    closing.client.close(closing.env, closing.events);
    closing.settle();
    CHECK(closing.told() == "revoked [t-0] ");
    closing.reply(closing.next<protocol::LeaveGroupRequest>(), protocol::LeaveGroupResponse{});
    CHECK(closing.told() == "closed ");
    CHECK(closing.env.last_note(node::NoteKind::MemberLeft) != nullptr);

    Member gone;
    gone.has_read();
    gone.told();
    gone.heartbeat(ErrorCode::UnknownMemberId);
    CHECK(node::text_of(*node::find(*gone.env.last_note(node::NoteKind::MemberLeft), "why")) ==
          "encountered UNKNOWN_MEMBER_ID from HEARTBEAT response");
    gone.client.close(gone.env, gone.events);
    CHECK(gone.told() == "lost [t-0] closed ");

    Member quiet;
    quiet.has_read();
    quiet.told();
    quiet.client.unsubscribe(quiet.env, quiet.events);
    CHECK(quiet.follows() == "revoked [t-0] LeaveGroup ");
    quiet.client.poll(quiet.env, std::nullopt, quiet.events);
    CHECK(
        quiet.told() ==
        "throws java.lang.IllegalStateException: Consumer is not subscribed to any topics or assigned any partitions ");
    quiet.client.subscribe(quiet.env, {kTopic});
    quiet.poll();
    CHECK(quiet.follows() == "JoinGroup() ");
}

TEST_CASE("an asynchronous commit is told by a later call and never tried again") {
    Member member;
    member.has_read();
    member.told();
    CHECK(member.client.commit_async(member.env, member.client.consumed(), member.events) == 1);
    member.settle();
    member.commit(ErrorCode::CoordinatorLoadInProgress);
    CHECK(member.told().empty());
    CHECK(member.client.commit_async(member.env, member.client.consumed(), member.events) == 2);
    member.settle();
    CHECK(member.told() == "commit 1 failed " + kConsumer +
                               "RetriableCommitFailedException: Offset commit failed with a retriable exception. You "
                               "should retry committing the latest consumed offsets. ");
    member.commit(ErrorCode::None);
    member.poll();
    CHECK(member.told() == "commit 2 done ");
}

TEST_CASE("commits of an assignment without subscription go out without generation; without group they fail") {
    Member member;
    member.client.unsubscribe(member.env, member.events);
    member.client.assign(member.env, {kFirst});
    member.client.seek(kFirst, 4);
    CHECK(member.client.position(kFirst) == 4);
    member.client.commit_sync(member.env, member.client.consumed(), member.events);
    member.settle();
    member.find_coordinator();
    const auto& request = std::get<protocol::OffsetCommitRequest>(member.env.sent.at(0).message.body);
    CHECK(request.generation_id == -1);
    CHECK(request.topics.at(0).partitions.at(0).committed_offset == 4);
    ClientProperties nobody{{"bootstrap.servers", "localhost:9093"}};
    Member alone(ConsumerConfig::from_properties(nobody).value());
    alone.client.commit_sync(alone.env, {}, alone.events);
    CHECK(alone.told().starts_with("commit 1 failed " + kErrors + "InvalidGroupIdException: To use the group"));
}

TEST_CASE("what is paused keeps its position and what was fetched of it") {
    Member member;
    member.begin_fetch();
    member.told();
    member.client.pause({kFirst});
    member.fetched(ErrorCode::None);
    CHECK(member.follows().empty());
    CHECK(member.client.position(kFirst) == 0);
    member.client.resume({kFirst});
    member.pass(3s);  // at the latest with the next heartbeat
    CHECK(member.told() == "1 records ");
    CHECK(member.client.position(kFirst) == 1);
}

TEST_CASE("a seek while a fetch is under way makes its answer worthless") {
    Member member;
    member.begin_fetch();
    member.told();
    member.client.seek(kFirst, 9);
    member.fetched(ErrorCode::None);
    CHECK(member.told().empty());
    const auto asked = member.next<protocol::FetchRequest>();
    CHECK(std::get<protocol::FetchRequest>(asked.message.body).topics.at(0).partitions.at(0).fetch_offset == 9);
}

TEST_CASE("the leader sees new partitions and joins again; it assigns only with metadata of all topics") {
    Member member(config_of({{"metadata.max.age.ms", "5000"}}));
    member.begin_fetch();
    member.told();
    member.metadata.topics.clear();
    member.topic("t", {1, 1});
    member.heartbeat(ErrorCode::None);
    member.pass(2s);
    CHECK(
        member.env.has_log("Request joining group due to: cached metadata has changed from (version2: {t=1}) at the "
                           "beginning of the rebalance to (version3: {t=2})"));
    CHECK(member.told() == "revoked [t-0] ");
    member.topic("other", {1});
    member.join(ErrorCode::None, 2, "other");
    member.sync();
    CHECK(member.told() == "assigned [t-1 t-0] ");
    CHECK(
        member.env.has_log("Finished assignment for group at generation 2: {m=Assignment(partitions=[t-0, t-1]), "
                           "other=Assignment(partitions=[other-0])}"));
}

TEST_CASE("a subscription by pattern grows with the topics that the metadata shows, and the member joins again") {
    Member member(config_of({{"metadata.max.age.ms", "5000"}}));
    member.client.unsubscribe(member.env, member.events);
    member.client.subscribe(member.env, std::get<java::Pattern>(java::Pattern::compile("[tu]")));
    member.begin_fetch();
    CHECK(member.told() == "assigned [t-0] ");
    member.topic("u", {1});
    member.topic("other", {1});
    member.heartbeat(ErrorCode::None);
    member.pass(2s);
    CHECK(member.told() == "revoked [t-0] ");
    member.join(ErrorCode::None, 2);
    member.sync();
    CHECK(member.told() == "assigned [t-0 u-0] ");
}

TEST_CASE("another subscription makes a member join again, with the new topics") {
    Member member;
    member.topic("u", {1});
    member.has_read();
    member.told();
    member.client.subscribe(member.env, {TopicName("u")});
    member.poll();
    CHECK(member.told() == "revoked [t-0] ");
    member.join(ErrorCode::None, 2);
    member.sync();
    CHECK(member.told() == "assigned [u-0] ");
}
