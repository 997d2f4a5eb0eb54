// SPDX-License-Identifier: Apache-2.0
// InitProducerId at a broker: ids from its block, blocks from the controller, and what happens when none comes.
#include "core/broker/producer_ids.hpp"

#include "tests/broker/broker_in_fake_env.hpp"

using namespace kafkasim;
using test::BrokerInFakeEnv;

namespace {

struct Fixture : BrokerInFakeEnv {
    node::ConnectionId channel = node::ConnectionId::None;

    Fixture() {
        start();
        update_metadata({1, 2});
    }
    void init(int32_t correlation_id, std::optional<std::string> transactional_id = std::nullopt) {
        protocol::InitProducerIdRequest request;
        request.transactional_id = std::move(transactional_id);
        request.transaction_timeout_ms = 60000;
        request.producer_id = -1;
        request.producer_epoch = -1;
        this->request(connect(), std::move(request), correlation_id);
    }
    /// The forwarding channel stands.
    void connect_to_controller() {
        for (size_t i = 0; i < env.connections.size(); ++i) {
            const auto connection = env.connections[i];
            if (connection.tag.component != broker::kForwarding || connection.closed || connection.id == channel)
                continue;
            channel = connection.id;
            broker.on_connected(env, connection.id, connection.tag);
        }
    }
    bool answer_allocation(ErrorCode error, int64_t start = 0) {
        connect_to_controller();
        const auto asked = env.take_message<protocol::AllocateProducerIdsRequest>();
        if (!asked) return false;
        CHECK(std::get<protocol::AllocateProducerIdsRequest>(asked->message.body).broker_id == BrokerId{1});
        protocol::AllocateProducerIdsResponse response;
        response.error_code = error;
        response.producer_id_start = start;
        response.producer_id_len = error == ErrorCode::None ? 1000 : 0;
        protocol::Message message;
        message.correlation_id = asked->message.correlation_id;
        message.body = response;
        broker.on_message(env, channel, {broker::kForwarding, 0, 1, 0}, std::move(message));
        settle();
        return true;
    }
    std::optional<protocol::InitProducerIdResponse> answer() { return env.take<protocol::InitProducerIdResponse>(); }
};

}  // namespace

TEST_CASE("producers get the ids of the broker's block one after another, epoch 0") {
    Fixture f;
    f.init(1);
    CHECK_FALSE(f.answer());
    f.init(2);
    REQUIRE(f.answer_allocation(ErrorCode::None, 5000));
    for (const int64_t expected : {5000, 5001}) {
        const auto answer = f.answer();
        REQUIRE(answer);
        CHECK(answer->error_code == ErrorCode::None);
        CHECK(answer->producer_id == expected);
        CHECK(answer->producer_epoch == 0);
    }
    f.init(3);
    CHECK(f.answer()->producer_id == 5002);
    CHECK_FALSE(f.answer_allocation(ErrorCode::None));  // one block is enough for now
}

TEST_CASE("the next block is asked for when nine tenths are used, and taken when all are") {
    Fixture f;
    f.init(1);
    REQUIRE(f.answer_allocation(ErrorCode::None, 0));
    f.answer();
    for (int32_t i = 1; i < 900; ++i) {
        f.init(1 + i);
        REQUIRE(f.answer()->producer_id == i);
    }
    CHECK_FALSE(f.answer_allocation(ErrorCode::None));
    f.init(901);
    CHECK(f.answer()->producer_id == 900);
    REQUIRE(f.answer_allocation(ErrorCode::None, 3000));
    for (int32_t i = 901; i < 1000; ++i) {
        f.init(1 + i);
        REQUIRE(f.answer()->producer_id == i);
    }
    f.init(2000);
    CHECK(f.answer()->producer_id == 3000);
}

TEST_CASE("a stale broker epoch is asked again, another error goes to the producer") {
    Fixture f;
    f.init(1);
    REQUIRE(f.answer_allocation(ErrorCode::StaleBrokerEpoch));
    CHECK_FALSE(f.answer());
    REQUIRE(f.answer_allocation(ErrorCode::UnknownServerError));
    const auto answer = f.answer();
    REQUIRE(answer);
    CHECK(answer->error_code == ErrorCode::UnknownServerError);
    CHECK(answer->producer_id == -1);
}

TEST_CASE("without a controller the producer is told so after request.timeout.ms") {
    Fixture f;
    f.init(1);
    f.advance(29s);
    CHECK_FALSE(f.answer());
    f.advance(2s);
    const auto answer = f.answer();
    REQUIRE(answer);
    CHECK(answer->error_code == ErrorCode::RequestTimedOut);
}

TEST_CASE("a transactional producer is refused by name") {
    Fixture f;
    f.init(1, "t1");
    CHECK_FALSE(f.answer());
    CHECK(f.env.has_log("Not modelled by the simulator: InitProducerId of a transactional producer"));
}
