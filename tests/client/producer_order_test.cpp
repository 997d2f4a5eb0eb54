// SPDX-License-Identifier: Apache-2.0
// In which order a producer's batches reach the broker when one of them has to be sent again, and 3.0.0's real defaults.
#include "core/client/producer.hpp"
#include "tests/catch.hpp"
#include "tests/client/fake_cluster.hpp"

using namespace kafkasim;
using namespace kafkasim::client;

namespace {

using Cluster = test::FakeCluster<Producer, ProducerEvents>;

ProducerConfig in_flight(const std::string& most, const std::string& idempotent = "") {
    ClientProperties properties{{"bootstrap.servers", "localhost:9093"},
                                {"max.in.flight.requests.per.connection", most},
                                {"batch.size", "1"}};  // each record a batch
    if (!idempotent.empty()) properties["enable.idempotence"] = idempotent;
    return ProducerConfig::from_properties(properties).value();
}

/// One partition whose leader says what the test says, and remembers what it took.
struct OneLeader : Cluster {
    explicit OneLeader(const ProducerConfig& config) : Cluster(Producer(config, 1)) {
        broker(1, 9093);
        topic("t", {1});
        client.start(env);
        settle();
        if (const auto asked = env.take_message<protocol::InitProducerIdRequest>()) {
            protocol::InitProducerIdResponse response;
            response.producer_id = 1000;
            reply(*asked, response);
        }
    }
    void send(const std::string& value) {
        ProducerRecord record;
        record.topic = TopicName("t");
        record.value = value;
        client.send(env, record, events);
        settle();
    }
    size_t on_the_way() { return env.count_sent<protocol::ProduceRequest>(); }
    /// The oldest request; with an error the leader takes nothing.
    void answer(ErrorCode error = ErrorCode::None) {
        const auto asked = env.take_message<protocol::ProduceRequest>();
        REQUIRE(asked);
        const auto& data =
            std::get<protocol::ProduceRequest>(asked->message.body).topic_data.at(0).partition_data.at(0);
        for (const protocol::RecordBatch& batch : data.records) {
            for (const protocol::Record& each : batch.records())
                if (error == ErrorCode::None) taken += each.value.value_or("");
        }
        protocol::ProduceResponse response;
        protocol::ProduceResponse::PartitionProduceResponse result;
        result.error_code = error;
        result.base_offset = error == ErrorCode::None ? static_cast<int64_t>(taken.size()) - 1 : -1;
        response.responses.push_back({TopicName("t"), {result}});
        reply(*asked, response);
    }
    std::string taken;
};

void send_abc_and_refuse_a(OneLeader& cluster) {
    for (const char* value : {"a", "b", "c"}) cluster.send(value);
    cluster.answer(ErrorCode::NotEnoughReplicas);
}

}  // namespace

TEST_CASE("several requests in flight: one that is sent again comes after those behind it") {
    OneLeader cluster(in_flight("5"));
    send_abc_and_refuse_a(cluster);
    CHECK(cluster.on_the_way() == 2);
    cluster.answer();
    cluster.answer();
    cluster.pass(100ms);
    cluster.answer();
    CHECK(cluster.taken == "bca");
}

TEST_CASE("one request in flight: nothing overtakes, not even while the first one backs off (KAFKA-3197)") {
    OneLeader cluster(in_flight("1"));
    send_abc_and_refuse_a(cluster);
    CHECK(cluster.on_the_way() == 0);
    cluster.pass(99ms);
    CHECK(cluster.on_the_way() == 0);
    cluster.pass(1ms);
    for (int i = 0; i < 3; ++i) {
        CHECK(cluster.on_the_way() == 1);
        cluster.answer();
    }
    CHECK(cluster.taken == "abc");
}

TEST_CASE("an idempotent producer keeps the order with several in flight: the broker refuses what is too early") {
    OneLeader cluster(in_flight("5", "true"));
    send_abc_and_refuse_a(cluster);
    CHECK(cluster.on_the_way() == 2);
    cluster.answer(ErrorCode::OutOfOrderSequenceNumber);
    cluster.answer(ErrorCode::OutOfOrderSequenceNumber);
    for (int i = 0; i < 3; ++i) {
        cluster.pass(100ms);
        CHECK(cluster.on_the_way() == 1);
        cluster.answer();
    }
    CHECK(cluster.taken == "abc");
}

TEST_CASE("not more requests are in flight than allowed") {
    OneLeader cluster(in_flight("2"));
    for (const char* value : {"a", "b", "c", "d"}) cluster.send(value);
    CHECK(cluster.on_the_way() == 2);
    cluster.answer();
    CHECK(cluster.on_the_way() == 2);
    for (int i = 0; i < 3; ++i) cluster.answer();
    CHECK(cluster.taken == "abcd");
}

// Kafka 3.0.0: ProducerConfig. What its documentation says of acks and idempotence is what it does only from 3.0.1 on.
TEST_CASE("the defaults are those of 3.0.0") {
    const ProducerConfig config = ProducerConfig::from_properties({{"bootstrap.servers", "localhost:9093"}}).value();
    CHECK(config.acks == -1);
    CHECK_FALSE(config.enable_idempotence);
    CHECK(config.retries == 2147483647);
    CHECK(config.max_in_flight == 5);
    CHECK(config.linger == 0ms);
    CHECK(config.batch_size == 16384);
    CHECK(config.request_timeout == 30s);
    CHECK(config.delivery_timeout == 120s);
    CHECK(config.retry_back_off == 100ms);
    CHECK(config.max_block == 60s);
    CHECK(config.buffer_memory == 33554432);
    CHECK(config.max_request_size == 1048576);
    CHECK(config.metadata_max_age == 300s);
    CHECK(config.reconnect_back_off == 50ms);
    CHECK(config.reconnect_back_off_max == 1s);
    CHECK(config.compression_type == "none");
}
