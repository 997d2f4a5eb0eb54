// SPDX-License-Identifier: Apache-2.0
#include "core/controller/channel_manager.hpp"

#include "tests/catch.hpp"
#include "tests/support/fake_env.hpp"

using namespace kafkasim;
using namespace kafkasim::controller;
using test::FakeEnv;

namespace {

LiveBroker live(int32_t id) { return {{BrokerId{id}, "localhost", 9092 + id, 0, std::nullopt}, 40}; }

protocol::Body update(int32_t epoch) {
    protocol::UpdateMetadataRequest request;
    request.controller_epoch = epoch;
    return request;
}

struct Fixture {
    FakeEnv env;
    ChannelManager channels{2, BrokerId{1}};

    Fixture() { channels.add_broker(env, live(2)); }
    void send(int32_t number) { channels.send(env, BrokerId{2}, update(number), 30s, 1); }
    node::Tag tag() { return env.connections.back().tag; }
    void answer() {
        protocol::Message response;
        response.correlation_id = env.sent.back().message.correlation_id;
        response.body = protocol::UpdateMetadataResponse{};
        channels.on_message(env, tag(), std::move(response));
    }
    int32_t last_sent() {
        return std::get<protocol::UpdateMetadataRequest>(env.sent.back().message.body).controller_epoch;
    }
    void pass(Duration by) {
        env.advance(by, [&](node::TimerId, node::Tag timer_tag) { channels.on_timer(env, timer_tag); });
    }
};

}  // namespace

TEST_CASE("a send thread connects for its first request and has one in flight", "[controller]") {
    Fixture f;
    CHECK(f.env.connections.empty());
    f.send(1);
    f.send(2);
    REQUIRE(f.env.connections.size() == 1);
    CHECK(f.env.connections[0].to.port == 9094);
    CHECK(f.env.sent.empty());
    f.channels.on_connected(f.env, f.tag());
    CHECK(
        f.env.has_log("[RequestSendThread controllerId=1] Controller 1 connected to localhost:9094 (id: 2 rack: null) "
                      "for sending state change requests"));
    CHECK(f.env.sent.size() == 1);
    f.answer();
    CHECK(f.env.sent.size() == 2);
    CHECK(f.last_sent() == 2);
    f.answer();
    CHECK(f.channels.queued(BrokerId{2}) == 0);
}

TEST_CASE("the same request is tried again 100 ms later until it is delivered", "[controller]") {
    Fixture f;
    f.send(1);
    f.channels.on_disconnected(f.env, f.tag());
    CHECK(f.env.has_log("Controller 1's connection to broker localhost:9094 (id: 2 rack: null) was unsuccessful"));
    f.pass(99ms);
    CHECK(f.env.connections.size() == 1);
    f.pass(1ms);
    REQUIRE(f.env.connections.size() == 2);
    f.channels.on_connected(f.env, f.tag());
    CHECK(f.last_sent() == 1);
    f.channels.on_disconnected(f.env, f.tag());  // lost in flight
    CHECK(f.env.has_log("Controller 1 epoch 1 fails to send request"));
    f.pass(100ms);
    f.channels.on_connected(f.env, f.tag());
    CHECK(f.env.sent.size() == 2);
    CHECK(f.last_sent() == 1);
    f.answer();
    CHECK(f.channels.queued(BrokerId{2}) == 0);
}

TEST_CASE("a broker that does not answer for request.timeout.ms is connected to anew", "[controller]") {
    Fixture f;
    f.send(1);
    f.channels.on_connected(f.env, f.tag());
    f.pass(29999ms);
    CHECK(f.env.closed.empty());
    f.pass(1ms);
    CHECK(f.env.closed.size() == 1);
    f.pass(100ms);
    CHECK(f.env.connections.size() == 2);
}

TEST_CASE("what was queued for a broker that is removed is dropped, and what is sent to it is refused",
          "[controller]") {
    Fixture f;
    f.send(1);
    const node::Tag old = f.tag();
    f.channels.remove_broker(f.env, BrokerId{2});
    f.channels.on_connected(f.env, old);
    f.send(2);
    CHECK(f.env.sent.empty());
    CHECK(
        f.env.has_log("[Channel manager on controller 1]: Not sending request UpdateMetadataRequest to broker 2, since "
                      "it is offline."));
    f.channels.add_broker(f.env, live(2));
    f.send(3);
    f.channels.on_connected(f.env, old);  // of the channel that is gone
    CHECK(f.env.sent.empty());
    f.channels.on_connected(f.env, f.tag());
    CHECK(f.last_sent() == 3);
}
