// SPDX-License-Identifier: Apache-2.0
// The producer against brokers that the test answers for: partitions, linger, retries, back-off, what it says.
#include "core/client/producer.hpp"
#include "tests/catch.hpp"
#include "tests/client/fake_cluster.hpp"

using namespace kafkasim;
using namespace kafkasim::client;

namespace {

using Cluster = test::FakeCluster<Producer, ProducerEvents>;

ProducerConfig console(const std::string& bootstrap = "localhost:9093") {
    return ProducerConfig::from_properties({{"bootstrap.servers", bootstrap},
                                            {"client.id", "console-producer"},
                                            {"acks", "1"},
                                            {"retries", "3"},
                                            {"linger.ms", "1000"},
                                            {"request.timeout.ms", "1500"}})
        .value();
}

struct ThreeBrokers : Cluster {
    explicit ThreeBrokers(const ProducerConfig& config = console()) : Cluster(Producer(config, 1)) {
        broker(1, 9093);
        broker(2, 9094);
        broker(3, 9095);
        topic("t", {1, 2, 3});
        client.start(env);
        settle();
    }
    void send(const std::string& value, std::optional<std::string> key = std::nullopt) {
        ProducerRecord record;
        record.topic = TopicName("t");
        record.key = std::move(key);
        record.value = value;
        client.send(env, record, events);
        settle();
    }
    /// The next ProduceRequest; answered with `error`. Returns "partition:count".
    std::string answer(ErrorCode error = ErrorCode::None) {
        const auto asked = env.take_message<protocol::ProduceRequest>();
        if (!asked) return "";
        const auto& request = std::get<protocol::ProduceRequest>(asked->message.body);
        protocol::ProduceResponse response;
        std::string text;
        for (const auto& t : request.topic_data) {
            response.responses.push_back({t.name, {}});
            for (const auto& p : t.partition_data) {
                protocol::ProduceResponse::PartitionProduceResponse result;
                result.index = p.index;
                result.error_code = error;
                result.base_offset = error == ErrorCode::None ? 7 : -1;
                response.responses.back().partition_responses.push_back(result);
                text += std::to_string(p.index) + ":" + std::to_string(p.records.record_count());
            }
        }
        reply(*asked, response);
        return text;
    }
};

}  // namespace

TEST_CASE("lines within the linger time go to one partition, each new batch goes to another one") {
    ThreeBrokers cluster;
    std::string last;
    for (int round = 0; round < 6; ++round) {
        cluster.send("a");
        cluster.pass(300ms);
        cluster.send("b");
        CHECK(cluster.env.count_sent<protocol::ProduceRequest>() == 0);
        cluster.pass(700ms);
        const std::string batch = cluster.answer();
        CHECK(batch.substr(1) == ":2");
        CHECK(batch != last);
        last = batch;
        CHECK(cluster.take<RecordDelivered>().size() == 2);
        cluster.pass(500ms);
    }
}

TEST_CASE("pinned sticky partitions are what keyless batches go to, keys do not use them up") {
    ThreeBrokers cluster;
    cluster.env.dice.sticky[TopicName("t")] = {2, 0, 0};
    cluster.send("with key", "a");  // a: 1 of 3 partitions
    cluster.pass(1s);
    CHECK(cluster.answer() == "1:1");
    for (const char* expected : {"2:1", "0:1", "0:1"}) {
        cluster.send("keyless");
        cluster.pass(1s);
        CHECK(cluster.answer() == expected);
    }
}

TEST_CASE("a batch that is refused is sent four times by the console producer, 100 ms apart") {
    ThreeBrokers cluster;
    cluster.send("m", "a");
    cluster.pass(1s);
    for (int left : {2, 1, 0}) {
        REQUIRE(cluster.answer(ErrorCode::NotEnoughReplicas) == "1:1");
        CHECK(cluster.env.count_logs("on topic-partition t-1, retrying (" + std::to_string(left) +
                                     " attempts left). Error: NOT_ENOUGH_REPLICAS") == 1);
        cluster.pass(99ms);
        CHECK(cluster.env.count_sent<protocol::ProduceRequest>() == 0);
        cluster.pass(1ms);
    }
    REQUIRE(cluster.answer(ErrorCode::NotEnoughReplicas) == "1:1");
    const auto failed = cluster.take<RecordFailed>();
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].exception == "org.apache.kafka.common.errors.NotEnoughReplicasException");
    CHECK(failed[0].message == "Messages are rejected since there are fewer in-sync replicas than required.");
    CHECK(failed[0].key_bytes == 1U);
    CHECK(failed[0].value_bytes == 1U);
    cluster.pass(10s);
    CHECK(cluster.answer().empty());
}

TEST_CASE("a leader that dies with a request in flight is told of in two lines, then the new leader gets the batch") {
    ThreeBrokers cluster;
    cluster.send("m", "a");  // partition 1, broker 2
    cluster.pass(1s);
    REQUIRE(cluster.env.count_sent<protocol::ProduceRequest>() == 1);
    cluster.metadata.topics[0].partitions[1].leader_id = BrokerId{3};
    cluster.metadata.topics[0].partitions[1].leader_epoch = 1;
    cluster.env.take_message<protocol::ProduceRequest>();
    cluster.stop(9094);
    CHECK(cluster.env.has_log("[Producer clientId=console-producer] Got error produce response with correlation id"));
    CHECK(
        cluster.env.has_log("on topic-partition t-1, retrying (2 attempts left). Error: NETWORK_EXCEPTION. Error "
                            "Message: Disconnected from node 2"));
    CHECK(
        cluster.env.has_log("Received invalid metadata error in produce request on partition t-1 due to "
                            "org.apache.kafka.common.errors.NetworkException: "
                            "Disconnected from node 2. Going to request metadata update now"));
    cluster.pass(200ms);
    const auto again = cluster.env.take_message<protocol::ProduceRequest>();
    REQUIRE(again);
    CHECK(cluster.port_of(*again) == 9095);
}

TEST_CASE("a broker that does not answer in time loses the connection") {
    ThreeBrokers cluster;
    cluster.send("m", "a");
    cluster.pass(1s);
    REQUIRE(cluster.env.take_message<protocol::ProduceRequest>());
    cluster.pass(1499ms);
    CHECK_FALSE(cluster.env.has_log("NETWORK_EXCEPTION"));
    cluster.pass(1ms);
    CHECK(cluster.env.has_log("Error: NETWORK_EXCEPTION. Error Message: Disconnected from node 2"));
    cluster.pass(150ms);
    CHECK(cluster.answer() == "1:1");
    CHECK(cluster.take<RecordDelivered>().size() == 1);
}

TEST_CASE("close sends at once what lingers, and is over when all is answered") {
    ThreeBrokers cluster;
    cluster.send("m");
    cluster.client.close(cluster.env, cluster.events);
    cluster.settle();
    REQUIRE(cluster.env.count_sent<protocol::ProduceRequest>() == 1);
    CHECK(cluster.take<ProducerClosed>().empty());
    cluster.answer();
    const auto delivered = cluster.take<RecordDelivered>();
    REQUIRE(delivered.size() == 1);
    CHECK(delivered[0].offset == 7);
    CHECK(cluster.take<ProducerClosed>().size() == 1);
    CHECK(cluster.env.timers.empty());
}

TEST_CASE("with acks=0 a record is done when it is sent") {
    ProducerConfig config = console();
    config.acks = 0;
    ThreeBrokers cluster(config);
    cluster.send("m");
    cluster.pass(1s);
    const auto delivered = cluster.take<RecordDelivered>();
    REQUIRE(delivered.size() == 1);
    CHECK(delivered[0].offset == -1);
    CHECK(cluster.client.unfinished() == 0);
}

TEST_CASE("a full batch does not linger") {
    ThreeBrokers cluster;
    for (int i = 0; i < 300; ++i) cluster.send(std::to_string(1000 + i).substr(1) + std::string(97, 'x'));
    // As recorded: 148 records of 100 characters make 16277 bytes.
    std::vector<int64_t> sizes;
    while (auto sent = cluster.env.take<protocol::ProduceRequest>()) {
        for (const auto& p : sent->topic_data[0].partition_data) sizes.push_back(p.records.record_count());
    }
    CHECK(sizes == std::vector<int64_t>{148, 148});
}

TEST_CASE("a topic that does not appear makes send fail after max.block.ms") {
    ThreeBrokers cluster;
    ProducerRecord record;
    record.topic = TopicName("nope");
    record.value = "m";
    cluster.client.send(cluster.env, record, cluster.events);
    cluster.settle();
    cluster.pass(59s);
    CHECK(cluster.events.empty());
    cluster.pass(1s);
    const auto failed = cluster.take<RecordFailed>();
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].message == "Topic nope not present in metadata after 60000 ms.");
    CHECK(cluster.metadata_requests > 500);  // every 100 ms
    CHECK(cluster.metadata_requests < 620);
}

TEST_CASE(
    "a bootstrap server that is not there is tried after about 100, 100, 200, 400, 800 ms and told of in two lines") {
    Cluster cluster(Producer(console("localhost:9092"), 1));
    cluster.client.start(cluster.env);
    cluster.settle();
    CHECK(
        cluster.env.has_log("[Producer clientId=console-producer] Connection to node -1 (localhost/127.0.0.1:9092) "
                            "could not be established. Broker may not be available."));
    CHECK(cluster.env.has_log(
        "[Producer clientId=console-producer] Bootstrap broker localhost:9092 (id: -1 rack: null) disconnected"));
    const struct {
        Duration from, to;
    } gaps[] = {{90ms, 110ms},   {90ms, 130ms},   {160ms, 260ms}, {320ms, 500ms},
                {640ms, 1000ms}, {800ms, 1200ms}, {800ms, 1200ms}};
    size_t tries = 1;
    for (const auto& gap : gaps) {
        const Instant before = cluster.env.now();
        while (cluster.env.connections.size() == tries && cluster.env.now() - before < 3s) cluster.pass(1ms);
        ++tries;
        CHECK(cluster.env.now() - before >= gap.from);
        CHECK(cluster.env.now() - before <= gap.to);
    }
}

TEST_CASE("what the producer does not model is refused by name") {
    const auto secured =
        ProducerConfig::from_properties({{"bootstrap.servers", "localhost:9092"}, {"security.protocol", "SSL"}});
    REQUIRE_FALSE(secured);
    CHECK(secured.error().ends_with("not modelled: security.protocol=SSL"));
}
