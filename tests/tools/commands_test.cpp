// SPDX-License-Identifier: Apache-2.0
// Tools as processes: the words that go wrong before a broker is asked, and one conversation with a broker that the
// test plays.

#include "core/tools/console_consumer_command.hpp"
#include "core/tools/console_producer_command.hpp"
#include "core/tools/consumer_groups_command.hpp"
#include "core/tools/options.hpp"
#include "core/tools/topics_command.hpp"
#include "core/tools/usage.hpp"
#include "tests/catch.hpp"
#include "tests/support/fake_env.hpp"

namespace kafkasim::tools {
namespace {

using Words = std::vector<std::string>;

struct Result {
    std::optional<int> exit_code;
    std::string out;
    std::string err;
};

template <typename Command>
Result run(Words words) {
    words.insert(words.begin(), "bin/tool.sh");
    test::FakeEnv env;
    Command command(std::move(words));
    command.start(env);
    return {env.exit_code, env.standard_output, env.standard_error};
}

void fire_timers(test::FakeEnv& env, node::Node& node) {
    env.advance(1ms, [&](node::TimerId timer, node::Tag tag) { node.on_timer(env, timer, tag); });
}

void reply(test::FakeEnv& env, node::Node& node, const test::FakeEnv::Sent& request, protocol::Body body) {
    for (const auto& connection : std::vector(env.connections)) {
        if (connection.id != request.connection) continue;
        node.on_message(env, connection.id, connection.tag,
                        {request.message.correlation_id, request.message.client_id, std::move(body)});
        break;
    }
    fire_timers(env, node);
}

/// Connects what is newly being connected (`open` counts what is open), with the exchange of versions that begins
/// each connection.
void settle(test::FakeEnv& env, node::Node& node, size_t& open) {
    for (; open < env.connections.size(); ++open) {
        const auto connection = env.connections[open];
        node.on_connected(env, connection.id, connection.tag);
    }
    while (auto request = env.take_message<protocol::ApiVersionsRequest>())
        reply(env, node, *request, protocol::ApiVersionsResponse{});
    fire_timers(env, node);
}

/// Answers the oldest request of that type.
template <typename Request>
void answer(test::FakeEnv& env, node::Node& node, protocol::Body body) {
    auto request = env.take_message<Request>();
    for (const auto& each : env.sent) UNSCOPED_INFO("not answered: " << protocol::name_of(each.message.body));
    REQUIRE(request);
    reply(env, node, *request, std::move(body));
}

protocol::MetadataResponse cluster_of_one(const Words& topics) {
    protocol::MetadataResponse response;
    response.brokers.push_back({BrokerId{-1}, "localhost", 9093, std::nullopt});
    response.brokers.front().node_id = BrokerId{1};
    response.controller_id = BrokerId{1};
    response.cluster_id = "cluster";
    for (const std::string& topic : topics) {
        response.topics.emplace_back();
        response.topics.back().name = TopicName(topic);
    }
    return response;
}

}  // namespace

TEST_CASE("kafka-topics ends with the recorded words when its options are wrong") {
    const std::string usage = usage_table(topics_options());
    const Result unknown = run<TopicsCommand>({"--zookeeper", "localhost:2181", "--list"});
    CHECK(unknown.err ==
          "Exception in thread \"main\" joptsimple.UnrecognizedOptionException: zookeeper is not a recognized option\n"
          "\tat joptsimple.OptionException.unrecognizedOption(OptionException.java:108)\n"
          "\tat joptsimple.OptionParser.handleLongOptionToken(OptionParser.java:510)\n"
          "\tat joptsimple.OptionParserState$2.handleArgument(OptionParserState.java:56)\n"
          "\tat joptsimple.OptionParser.parse(OptionParser.java:396)\n"
          "\tat kafka.admin.TopicCommand$TopicCommandOptions.<init>(TopicCommand.scala:517)\n"
          "\tat kafka.admin.TopicCommand$.main(TopicCommand.scala:47)\n"
          "\tat kafka.admin.TopicCommand.main(TopicCommand.scala)\n");
    CHECK(unknown.exit_code == 1);
    CHECK(run<TopicsCommand>({}).err == "Create, delete, describe, or change a topic.\n" + usage);
    CHECK(run<TopicsCommand>({"--help"}).err ==
          "This tool helps to create, delete, describe, or change a topic.\n" + usage);
    CHECK(run<TopicsCommand>({"--version"}).out == "3.0.0 (Commit:8cb0a5e9d3441962)\n");
    CHECK(run<TopicsCommand>({"--version"}).exit_code == 0);
    CHECK(run<TopicsCommand>({"--list"}).err ==
          "Exception in thread \"main\" java.lang.IllegalArgumentException: --bootstrap-server must be specified\n");
    CHECK(run<TopicsCommand>({"--bootstrap-server", "b:1"}).err ==
          "Command must include exactly one action: --list, --describe, --create, --alter or --delete\n" + usage);
    CHECK(run<TopicsCommand>({"--create", "--bootstrap-server", "b:1", "--topic", "x"}).err ==
          "Missing required argument \"[partitions]\"\n" + usage);
    CHECK(run<TopicsCommand>({"--create", "--bootstrap-server", "b:1", "--topic", "x", "--partitions", "three"}).err ==
          "Missing required argument \"[replication-factor]\"\n" + usage);
    CHECK(run<TopicsCommand>({"--create", "--bootstrap-server", "b:1", "--partitions", "1"}).err ==
          "Missing required argument \"[topic]\"\n" + usage);
    CHECK(run<TopicsCommand>({"--create", "--bootstrap-server", "b:1", "--topic", "x", "--replica-assignment", "1:2",
                              "--partitions", "1"})
              .err == "Option \"[replica-assignment]\" can't be used with option \"[partitions]\"\n" + usage);
}

TEST_CASE("kafka-topics checks a new topic before it asks a broker") {
    auto create = [](Words more) {
        Words words{"--create", "--bootstrap-server", "localhost:9093", "--topic", "x"};
        words.insert(words.end(), more.begin(), more.end());
        const Result result = run<TopicsCommand>(words);
        CHECK(result.exit_code == 1);
        return result.out;
    };
    const std::string head = "Error while executing topic command : ";
    CHECK(create({"--partitions", "0", "--replication-factor", "1"}) ==
          head + "The partitions must be greater than 0\n");
    CHECK(create({"--partitions", "3", "--replication-factor", "0"}) ==
          head + "The replication factor must be between 1 and 32767 inclusive\n");
    CHECK(create({"--partitions", "three", "--replication-factor", "1"}) ==
          head + "Cannot parse argument 'three' of option partitions\n");
    CHECK(create({"--partitions", "1", "--replication-factor", "1", "--config", "nosuch=1"}) ==
          head + "Unknown topic config name: nosuch\n");
    CHECK(create({"--partitions", "1", "--replication-factor", "1", "--config", "retention.ms=abc"}) ==
          head + "Invalid value abc for configuration retention.ms: Not a number of type LONG\n");
    CHECK(create({"--partitions", "1", "--replication-factor", "1", "--config", "nosuch"}) ==
          head +
              "requirement failed: Invalid topic config: all configs to be added must be in the format \"key=val\".\n");
}

TEST_CASE("kafka-topics --list prints the names that a broker answers, sorted") {
    test::FakeEnv env;
    size_t open = 0;
    TopicsCommand command({"bin/kafka-topics.sh", "--list", "--bootstrap-server", "localhost:9093", "--topic", "o.*"});
    command.start(env);
    settle(env, command, open);
    answer<protocol::MetadataRequest>(env, command, cluster_of_one({}));
    settle(env, command, open);
    answer<protocol::MetadataRequest>(env, command, cluster_of_one({"other", "my-topic", "orders"}));
    CHECK(env.standard_output == "orders\nother\n");
    CHECK(env.exit_code == 0);
}

TEST_CASE("a tool without shutdown hook ends at once when it is interrupted") {
    test::FakeEnv env;
    TopicsCommand command({"bin/kafka-topics.sh", "--list", "--bootstrap-server", "localhost:9092"});
    command.start(env);
    CHECK(!env.exit_code);
    command.on_signal(env, node::Signal::Interrupt);
    CHECK(env.exit_code == 130);
}

TEST_CASE("a tool that reaches no broker fails with the recorded words when its time is up") {
    test::FakeEnv env;
    ConsumerGroupsCommand command(
        {"bin/kafka-consumer-groups.sh", "--bootstrap-server", "localhost:9092", "--describe", "--group", "g"});
    command.start(env);
    size_t refused = 0;
    for (int i = 0; i < 600 && !env.exit_code; ++i) {
        for (; refused < env.connections.size(); ++refused) {
            const auto connection = env.connections[refused];
            command.on_disconnected(env, connection.id, connection.tag, node::CloseReason::Refused);
        }
        env.advance(10ms, [&](node::TimerId timer, node::Tag tag) { command.on_timer(env, timer, tag); });
    }
    CHECK(env.standard_output ==
          "\nError: Executing consumer group command failed due to org.apache.kafka.common.errors.TimeoutException: "
          "Timed out waiting for a node assignment. Call: "
          "describeGroups(api=FIND_COORDINATOR)\n");
    CHECK(env.exit_code == 0);
    CHECK(env.now() >= Instant{5s});
}

TEST_CASE("kafka-consumer-groups checks its options in the real order") {
    const std::string usage = usage_table(consumer_groups_options());
    CHECK(run<ConsumerGroupsCommand>({"--version"}).err ==
          "Missing required argument \"[bootstrap-server]\"\n" + usage);
    CHECK(run<ConsumerGroupsCommand>({"--bootstrap-server", "b:1", "--describe"}).err ==
          "Option [describe] takes one of these options: [group], [all-groups]\n" + usage);
    CHECK(
        run<ConsumerGroupsCommand>({"--bootstrap-server", "b:1", "--describe", "--group", "g", "--members", "--state"})
            .err == "Option [describe] takes at most one of these options: [members], [offsets], [state]\n" + usage);
    CHECK(run<ConsumerGroupsCommand>({"--bootstrap-server", "b:1", "--describe", "--group", "g", "--state", "x"}).err ==
          "Option [describe] does not take a value for [state]\n" + usage);
    CHECK(run<ConsumerGroupsCommand>({"--bootstrap-server", "b:1", "--group", "g"}).err ==
          "Command must include exactly one action: --list, --describe, --delete, --reset-offsets, --delete-offsets\n" +
              usage);
    const Result bad_timeout =
        run<ConsumerGroupsCommand>({"--bootstrap-server", "localhost:1", "--list", "--timeout", "abc"});
    CHECK(bad_timeout.out ==
          "\nError: Executing consumer group command failed due to Cannot parse argument 'abc' of option timeout\n");
    CHECK(bad_timeout.exit_code == 0);
    const Result bad_state =
        run<ConsumerGroupsCommand>({"--bootstrap-server", "localhost:1", "--list", "--state", "stable"});
    CHECK(bad_state.err ==
          "Invalid state list 'stable'. Valid states are: PreparingRebalance, CompletingRebalance, Stable, Dead, "
          "Empty\n" +
              usage);
    CHECK(bad_state.exit_code == 1);
}

TEST_CASE("a reset without --execute warns first, and contradictions end in the usage text") {
    const std::string usage = usage_table(consumer_groups_options());
    const auto reset = [](Words more) {
        Words words{"--bootstrap-server", "b:1", "--reset-offsets"};
        words.insert(words.end(), more.begin(), more.end());
        return run<ConsumerGroupsCommand>(words).err;
    };
    CHECK(reset({"--dry-run"}) == "Option [reset-offsets] takes one of these options: [group], [all-groups]\n" + usage);
    CHECK(reset({"--dry-run", "--execute"}) ==
          "Option [reset-offsets] only accepts one of [execute] and [dry-run]\n" + usage);
    CHECK(reset({"--execute", "--group", "g", "--to-latest", "--to-earliest", "--to-offset", "1"}) ==
          "Option \"[to-offset]\" can't be used with option \"[to-earliest]\"\n" + usage);
    CHECK(reset({"--execute", "--group", "g", "--all-groups"}) ==
          "Option \"[group]\" can't be used with option \"[all-groups]\"\n" + usage);
    const std::string warned = reset({});
    CHECK(warned.starts_with("WARN: No action will be performed as the --execute option is missing.In a future"));
    CHECK(warned.ends_with("\nOption [reset-offsets] takes one of these options: [group], [all-groups]\n" + usage));
}

TEST_CASE("the console tools end with the recorded words when their options are wrong") {
    const std::string producer_usage = usage_table(console_producer_options());
    CHECK(run<ConsoleProducerCommand>({}).err == "Missing required option(s) [bootstrap-server]\n" + producer_usage);
    CHECK(run<ConsoleProducerCommand>({"--broker-list", "localhost:9093"}).err ==
          "Missing required argument \"[topic]\"\n" + producer_usage);
    CHECK(run<ConsoleProducerCommand>({"--broker-list", "localhost", "--topic", "t"}).err ==
          "Please provide valid host:port like host1:9091,host2:9092\n \n" + producer_usage);
    CHECK(run<ConsoleProducerCommand>({"--broker-list", "localhost:1", "--topic", "t", "--timeout", "abc"}).err ==
          "Cannot parse argument 'abc' of option timeout\n");
    const std::string consumer_usage = usage_table(console_consumer_options());
    CHECK(run<ConsoleConsumerCommand>({"--topic", "t", "--nosuch"}).err ==
          "nosuch is not a recognized option\n" + consumer_usage);
    CHECK(run<ConsoleConsumerCommand>({"--bootstrap-server", "b:1", "--topic", "t", "--max-messages", "abc"}).err ==
          "Exception in thread \"main\" joptsimple.OptionArgumentConversionException: Cannot parse argument 'abc' of "
          "option max-messages\n");
    CHECK(run<ConsoleConsumerCommand>(
              {"--bootstrap-server", "b:1", "--topic", "t", "--group", "g1", "--consumer-property", "group.id=g2"})
              .err ==
          "The group ids provided in different places (directly using '--group', via '--consumer-property', or via "
          "'--consumer.config') do not match. Detected group ids: "
          "'g1', 'g2'\n" +
              consumer_usage);
    CHECK(run<ConsoleConsumerCommand>({"--bootstrap-server", "localhost:1", "--topic", "t", "--from-beginning",
                                       "--consumer-property", "auto.offset.reset=latest"})
              .err ==
          "Can't simultaneously specify --from-beginning and 'auto.offset.reset=latest', please remove one option\n");
}

TEST_CASE("the console consumer that is interrupted before it has a group counts nothing and ends with 130") {
    test::FakeEnv env;
    size_t open = 0;
    ConsoleConsumerCommand command(
        {"bin/kafka-console-consumer.sh", "--bootstrap-server", "localhost:9093", "--topic", "t"});
    command.start(env);
    settle(env, command, open);
    CHECK(!env.exit_code);
    command.on_signal(env, node::Signal::Interrupt);
    env.advance(31s, [&](node::TimerId timer, node::Tag tag) { command.on_timer(env, timer, tag); });
    CHECK(env.standard_error == "Processed a total of 0 messages\n");
    CHECK(env.exit_code == 130);
}

TEST_CASE("the console producer sends the lines before a bad one and ends with 1") {
    test::FakeEnv env;
    size_t open = 0;
    ConsoleProducerCommand command({"bin/kafka-console-producer.sh", "--broker-list", "localhost:9093", "--topic", "t",
                                    "--property", "parse.key=true", "--property", "key.separator=:"});
    command.start(env);
    CHECK(env.reads_input);
    command.on_input(env, "k1:ok");
    command.on_input(env, "no separator here");
    settle(env, command, open);
    CHECK(env.standard_error.empty());  // the first send() still waits for metadata
    protocol::MetadataResponse metadata = cluster_of_one({"t"});
    metadata.topics[0].partitions.emplace_back();
    metadata.topics[0].partitions[0].leader_id = BrokerId{1};
    metadata.topics[0].partitions[0].leader_epoch = 0;
    answer<protocol::MetadataRequest>(env, command, metadata);
    CHECK(env.standard_error.starts_with(
        "org.apache.kafka.common.KafkaException: No key found on line 2: no separator here\n\tat kafka.tools."));
    CHECK(!env.exit_code);  // close() flushes
    settle(env, command, open);
    protocol::ProduceResponse produced;
    produced.responses.emplace_back();
    produced.responses[0].name = TopicName("t");
    produced.responses[0].partition_responses.emplace_back();
    answer<protocol::ProduceRequest>(env, command, produced);
    CHECK(env.exit_code == 1);
}

}  // namespace kafkasim::tools
