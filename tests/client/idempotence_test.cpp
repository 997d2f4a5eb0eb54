// SPDX-License-Identifier: Apache-2.0
// The idempotent producer against brokers that the test answers for: producer id, sequences, retries in order, epochs.
#include <fmt/format.h>

#include "core/client/producer.hpp"
#include "tests/catch.hpp"
#include "tests/client/fake_cluster.hpp"

using namespace kafkasim;
using namespace kafkasim::client;

namespace {

using Cluster = test::FakeCluster<Producer, ProducerEvents>;
using Asked = test::FakeEnv::Sent;

ProducerConfig idempotent(ClientProperties more = {}) {
    more.insert({{"bootstrap.servers", "localhost:9093"}, {"enable.idempotence", "true"}, {"linger.ms", "0"}});
    return ProducerConfig::from_properties(more).value();
}

struct OneLeader : Cluster {
    explicit OneLeader(const ProducerConfig& config = idempotent()) : Cluster(Producer(config, 1)) {
        broker(1, 9093);
        topic("t", {1});
        client.start(env);
        settle();
    }
    void give_producer_id(int64_t id, ErrorCode error = ErrorCode::None) {
        const auto asked = env.take_message<protocol::InitProducerIdRequest>();
        REQUIRE(asked);
        const auto& request = std::get<protocol::InitProducerIdRequest>(asked->message.body);
        CHECK_FALSE(request.transactional_id);
        CHECK(request.transaction_timeout_ms == 2147483647);
        protocol::InitProducerIdResponse response;
        response.error_code = error;
        response.producer_id = error == ErrorCode::None ? id : -1;
        reply(*asked, response);
    }
    void send(const std::string& value) {
        ProducerRecord record;
        record.topic = TopicName("t");
        record.key = "a";
        record.value = value;
        client.send(env, record, events);
        settle();
    }
    std::optional<Asked> take() { return env.take_message<protocol::ProduceRequest>(); }
    static const protocol::RecordBatch& batch(const Asked& asked) {
        return std::get<protocol::ProduceRequest>(asked.message.body).topic_data[0].partition_data[0].records.front();
    }
    /// "producer id/epoch:sequence+count"
    static std::string text(const Asked& asked) {
        const protocol::RecordBatch& b = batch(asked);
        return fmt::format("{}/{}:{}+{}", b.producer_id, b.producer_epoch, b.base_sequence, b.record_count());
    }
    void answer(const Asked& asked, ErrorCode error, int64_t base_offset = 0, int64_t log_start_offset = 0) {
        protocol::ProduceResponse response;
        protocol::ProduceResponse::PartitionProduceResponse result;
        result.error_code = error;
        result.base_offset = error == ErrorCode::None ? base_offset : -1;
        result.log_start_offset = log_start_offset;
        response.responses.push_back({TopicName("t"), {result}});
        reply(asked, response);
    }
};

}  // namespace

TEST_CASE("nothing is sent before the producer id is there, then sequences count records") {
    OneLeader c;
    c.send("a");
    CHECK_FALSE(c.take());
    c.give_producer_id(7);
    const auto first = c.take();
    REQUIRE(first);
    CHECK(OneLeader::text(*first) == "7/0:0+1");
    c.send("b");
    c.send("c");
    const auto second = c.take();
    const auto third = c.take();
    REQUIRE(second);
    REQUIRE(third);
    CHECK(OneLeader::text(*second) == "7/0:1+1");
    CHECK(OneLeader::text(*third) == "7/0:2+1");
}

TEST_CASE("a batch that is tried again has the same sequence, a duplicate counts as delivered") {
    OneLeader c;
    c.give_producer_id(7);
    c.send("a");
    c.answer(*c.take(), ErrorCode::NotEnoughReplicasAfterAppend);
    c.pass(100ms);
    const auto again = c.take();
    REQUIRE(again);
    CHECK(OneLeader::text(*again) == "7/0:0+1");
    c.answer(*again, ErrorCode::DuplicateSequenceNumber);
    CHECK(c.Cluster::take<RecordDelivered>().size() == 1);
    c.send("b");
    CHECK(OneLeader::text(*c.take()) == "7/0:1+1");
}

TEST_CASE("when the first of several fails the others follow it one by one, in their order") {
    OneLeader c;
    c.give_producer_id(7);
    for (const char* value : {"a", "b", "c"}) c.send(value);
    const auto a = c.take(), b = c.take(), d = c.take();
    REQUIRE(d);
    c.answer(*a, ErrorCode::NotEnoughReplicas);
    c.answer(*b, ErrorCode::OutOfOrderSequenceNumber);
    c.answer(*d, ErrorCode::OutOfOrderSequenceNumber);
    for (const char* expected : {"7/0:0+1", "7/0:1+1", "7/0:2+1"}) {
        c.pass(100ms);
        const auto again = c.take();
        REQUIRE(again);
        CHECK(OneLeader::text(*again) == expected);
        CHECK_FALSE(c.take());  // one in flight while batches are tried again
        c.answer(*again, ErrorCode::None, 5);
    }
    CHECK(c.Cluster::take<RecordDelivered>().size() == 3);
    CHECK(c.env.count_logs("ProducerId set to 7 with epoch 1") == 0);
}

TEST_CASE("a gap that no retry can fill raises the epoch, and sequences begin anew") {
    OneLeader c;
    c.give_producer_id(7);
    c.send("a");
    c.answer(*c.take(), ErrorCode::None, 0);
    c.send("b");
    c.answer(*c.take(), ErrorCode::OutOfOrderSequenceNumber);  // it was the next one
    CHECK(c.env.has_log("ProducerId set to 7 with epoch 1"));
    c.pass(100ms);
    const auto again = c.take();
    REQUIRE(again);
    CHECK(OneLeader::text(*again) == "7/1:0+1");
    c.answer(*again, ErrorCode::None, 1);
    c.send("c");
    CHECK(OneLeader::text(*c.take()) == "7/1:1+1");
}

TEST_CASE("a broker that has forgotten the producer is written to under the next epoch") {
    OneLeader c;
    c.give_producer_id(7);
    c.send("a");
    c.answer(*c.take(), ErrorCode::None, 0);
    c.send("b");
    c.send("c");
    const auto b = c.take(), d = c.take();
    REQUIRE(d);
    c.answer(*b, ErrorCode::UnknownProducerId, -1, 5);
    c.answer(*d, ErrorCode::UnknownProducerId, -1, 5);
    c.pass(100ms);
    const auto again = c.take();
    REQUIRE(again);
    CHECK(OneLeader::text(*again) == "7/1:0+1");
    c.answer(*again, ErrorCode::None, 5);
    c.pass(100ms);
    CHECK(OneLeader::text(*c.take()) == "7/1:1+1");
}

TEST_CASE("a batch that expired after it was sent leaves its fate open: the epoch goes up before the next one") {
    OneLeader c(idempotent({{"delivery.timeout.ms", "1550"}, {"request.timeout.ms", "1500"}}));
    c.give_producer_id(7);
    c.send("a");
    c.answer(*c.take(), ErrorCode::NotEnoughReplicasAfterAppend);
    c.pass(100ms);
    REQUIRE(c.take());
    c.pass(1450ms);
    CHECK(c.Cluster::take<RecordFailed>().size() == 1);
    c.send("b");
    CHECK(
        c.env.has_log("No inflight batches remaining for t-0, last ack'd sequence for partition is -1, next sequence "
                      "is 1. Going to bump epoch and reset sequence numbers."));
    const auto next = c.take();
    REQUIRE(next);
    CHECK(OneLeader::text(*next) == "7/1:0+1");
}

TEST_CASE("a refused batch must not leave a gap behind it: the epoch goes up") {
    OneLeader c;
    c.give_producer_id(7);
    c.send("a");
    c.answer(*c.take(), ErrorCode::MessageTooLarge);
    CHECK(c.Cluster::take<RecordFailed>().size() == 1);
    c.send("b");
    CHECK(OneLeader::text(*c.take()) == "7/1:0+1");
}

TEST_CASE("without a producer id every record fails, with the reason") {
    OneLeader c;
    c.send("a");
    c.give_producer_id(0, ErrorCode::RequestTimedOut);
    const auto failed = c.Cluster::take<RecordFailed>();
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].exception == "org.apache.kafka.common.KafkaException");
    CHECK(failed[0].message == "Unexpected error in InitProducerIdResponse; The request timed out.");
}

TEST_CASE("a lost InitProducerId is asked for again") {
    OneLeader c;
    REQUIRE(c.env.take_message<protocol::InitProducerIdRequest>());
    c.stop(9093);
    c.ports.insert(9093);
    c.pass(1s);
    c.give_producer_id(9);
    c.send("a");
    CHECK(OneLeader::text(*c.take()) == "9/0:0+1");
}

TEST_CASE("a batch that is too large is split, and its parts go on with its sequences") {
    OneLeader c(idempotent({{"linger.ms", "10"}, {"batch.size", "90"}, {"acks", "all"}}));
    c.give_producer_id(7);
    // 61 bytes of header; each record has 9 with its value: three fit.
    for (const char* value : {"x", "y", "z"}) c.send(value);
    c.pass(10ms);
    const auto whole = c.take();
    REQUIRE(whole);
    REQUIRE(OneLeader::text(*whole) == "7/0:0+3");
    c.answer(*whole, ErrorCode::MessageTooLarge);
    CHECK(
        c.env.has_log("on topic-partition t-0, splitting and retrying (2147483647 attempts left). Error: "
                      "MESSAGE_TOO_LARGE"));
    const auto part = c.take();  // one part: batch.size has not changed (3.0.0 goes on so until the batch expires)
    REQUIRE(part);
    CHECK(OneLeader::text(*part) == "7/0:0+3");
}

TEST_CASE("what the configuration of a producer is refused for") {
    const std::string config = "org.apache.kafka.common.config.ConfigException: ";
    const std::string failed =
        "org.apache.kafka.common.KafkaException: Failed to construct kafka producer\nCaused by: ";
    struct Row {
        ClientProperties properties;
        std::string error;
    };
    const Row rows[] = {
        {{{"enable.idempotence", "true"}, {"acks", "1"}},
         config + "Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee "
                  "idempotence."},
        {{{"enable.idempotence", "true"}, {"retries", "0"}},
         config + "Must set retries to non-zero when using the idempotent producer."},
        {{{"enable.idempotence", "true"}, {"max.in.flight.requests.per.connection", "6"}},
         failed + config +
             "Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer."},
        {{{"enable.idempotence", "false"}, {"transactional.id", "x"}},
         config + "Cannot set a transactional.id without also enabling idempotence."},
        {{{"compression.type", "GZIP"}}, failed + "java.lang.IllegalArgumentException: Unknown compression name: GZIP"},
        {{{"delivery.timeout.ms", "1000"}},
         failed + config + "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms"},
        {{{"bootstrap.servers", "nowhere"}}, failed + config + "Invalid url in bootstrap.servers: nowhere"},
        {{{"batch.size", "x"}}, config + "Invalid value x for configuration batch.size: Not a number of type INT"},
    };
    for (Row row : rows) {
        row.properties.insert({"bootstrap.servers", "localhost:9093"});
        const auto result = ProducerConfig::from_properties(row.properties);
        REQUIRE_FALSE(result);
        CHECK(result.error() == row.error);
    }
}

TEST_CASE("a plain producer of 3.0.0 is not idempotent, though its configuration says so") {
    const ProducerConfig plain = ProducerConfig::from_properties({{"bootstrap.servers", "localhost:9093"}}).value();
    CHECK_FALSE(plain.enable_idempotence);
    CHECK(plain.acks == -1);
    OneLeader c(plain);
    c.send("a");
    CHECK(c.env.count_sent<protocol::InitProducerIdRequest>() == 0);
    CHECK(OneLeader::text(*c.take()) == "-1/-1:-1+1");
    CHECK(idempotent().acks == -1);
    CHECK(idempotent().retries == 2147483647);
}

TEST_CASE("the codec stands in the batch's attributes") {
    OneLeader c(
        ProducerConfig::from_properties({{"bootstrap.servers", "localhost:9093"}, {"compression.type", "snappy"}})
            .value());
    c.send("a");
    CHECK(protocol::compression_of(OneLeader::batch(*c.take())) == protocol::CompressionType::Snappy);
}

TEST_CASE("a record for which there is no memory waits, and is given up after max.block.ms") {
    OneLeader c(ProducerConfig::from_properties({{"bootstrap.servers", "localhost:9093"},
                                                 {"linger.ms", "60000"},
                                                 {"batch.size", "100"},
                                                 {"buffer.memory", "150"},
                                                 {"max.block.ms", "5000"}})
                    .value());
    c.send("a");
    CHECK_FALSE(c.take());  // it lingers
    c.send(std::string(40, 'b'));
    const auto hurried = c.take();  // memory is short: nothing lingers
    REQUIRE(hurried);
    CHECK(c.Cluster::take<RecordAccepted>().size() == 1);
    c.pass(5s);
    const auto failed = c.Cluster::take<RecordFailed>();
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].message.starts_with("Failed to allocate 1"));
    CHECK(
        failed[0].message.ends_with("within the configured max blocking time 5000 ms. Total memory: 150 bytes. "
                                    "Available memory: 50 bytes. Poolable size: 100 bytes"));
    c.send(std::string(40, 'c'));
    c.answer(*hurried, ErrorCode::None, 0);
    CHECK(c.Cluster::take<RecordAccepted>().size() == 1);
}

TEST_CASE("a send that still waits for metadata when the producer closes throws") {
    Cluster c(Producer(idempotent({{"bootstrap.servers", "localhost:9092"}}), 1));
    c.client.start(c.env);
    c.settle();
    ProducerRecord record;
    record.topic = TopicName("t");
    record.value = "v";
    c.client.send(c.env, record, c.events);
    c.client.close(c.env, c.events);
    const auto threw = c.take<SendThrew>();
    REQUIRE(threw.size() == 1);
    CHECK(threw[0].failure.message == "Producer closed while send in progress");
    REQUIRE(threw[0].cause);
    CHECK(threw[0].cause->message == "Requested metadata update after close");
    CHECK(c.take<ProducerClosed>().size() == 1);
}

TEST_CASE("a transactional producer is refused its first send") {
    OneLeader c(
        ProducerConfig::from_properties({{"bootstrap.servers", "localhost:9093"}, {"transactional.id", "x"}}).value());
    c.send("a");
    const auto threw = c.Cluster::take<SendThrew>();
    REQUIRE(threw.size() == 1);
    CHECK(threw[0].failure.exception == "java.lang.IllegalStateException");
}
