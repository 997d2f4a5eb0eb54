// SPDX-License-Identifier: Apache-2.0
#pragma once
// One broker in a FakeEnv, with a ZooKeeper that is only a tree: it answers what the broker's session asks, fires
// no watches, and remembers what was written.

#include <memory>
#include <string>
#include <vector>

#include "core/broker/broker.hpp"
#include "core/broker/components.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/tree.hpp"
#include "tests/catch.hpp"
#include "tests/support/fake_env.hpp"

namespace kafkasim::test {

inline config::BrokerConfig broker_config(config::Properties extra = {}) {
    config::Properties properties{{"broker.id", "1"},
                                  {"listeners", "PLAINTEXT://:9093"},
                                  {"log.dirs", "/tmp/kafka-logs1"},
                                  {"zookeeper.connect", "localhost:2181"},
                                  {"offsets.topic.replication.factor", "1"}};
    for (const auto& [name, value] : extra) properties[name] = value;
    auto config = config::BrokerConfig::from_properties(properties);
    REQUIRE(config.ok());
    return std::move(config).value();
}

class BrokerInFakeEnv {
public:
    static constexpr int64_t kSession = 77;

    explicit BrokerInFakeEnv(config::Properties extra = {}) : broker(broker_config(std::move(extra))) {}

    /// Starts it and lets it come up.
    void start() {
        broker.start(env);
        connect_to_zookeeper();
        settle();
        advance(2s);
    }
    void connect_to_zookeeper() {
        for (const auto& connection : env.connections) {
            if (connection.to.port != 2181 || connection.closed) continue;
            zk = connection.id;
            zk_tag = connection.tag;
        }
        broker.on_connected(env, zk, zk_tag);
    }
    /// Answers the broker's ZooKeeper requests until it has no more.
    void settle() {
        for (bool again = true; again;) {
            again = false;
            std::vector<FakeEnv::Sent> sent;
            std::swap(sent, env.sent);
            for (FakeEnv::Sent& each : sent) {
                if (each.connection != zk || zk == node::ConnectionId::None) {
                    env.sent.push_back(std::move(each));
                    continue;
                }
                answer(std::move(each.message));
                again = true;
            }
        }
    }
    void advance(Duration time) {
        env.advance(time, [&](node::TimerId timer, node::Tag tag) {
            broker.on_timer(env, timer, tag);
            settle();
        });
    }
    /// ZooKeeper ends the session; the broker finds out when it reconnects and opens the session `next`.
    void expire_session(int64_t next) {
        session = next;
        for (int i = 0; i < 2; ++i) {  // once to hear of it, once more for the new one
            broker.on_disconnected(env, zk, zk_tag, node::CloseReason::Closed);
            const size_t before = env.connections.size();
            for (int waited = 0; waited < 50 && env.connections.size() == before; ++waited) advance(100ms);
            REQUIRE(env.connections.size() > before);
            connect_to_zookeeper();
            settle();
            if (broker.state().zookeeper.session_id() == next) return;
        }
    }
    node::ConnectionId connect() {
        const node::ConnectionId connection = env.incoming();
        broker.on_accepted(env, connection, 9093);
        return connection;
    }
    void request(node::ConnectionId connection, protocol::Body body, int32_t correlation_id) {
        protocol::Message message;
        message.correlation_id = correlation_id;
        message.body = std::move(body);
        broker.on_message(env, connection, {}, std::move(message));
        settle();
    }
    /// What the controller would say: these brokers are alive, `topics` are led by broker 1.
    void update_metadata(std::vector<int32_t> alive, const std::vector<std::pair<std::string, int32_t>>& topics = {}) {
        protocol::UpdateMetadataRequest update;
        update.controller_id = BrokerId{1};
        update.controller_epoch = 5;
        for (const int32_t id : alive) {
            update.live_brokers.push_back({BrokerId{id}, {{9092 + id, "localhost", "PLAINTEXT", 0}}, std::nullopt});
        }
        for (const auto& [name, partitions] : topics) {
            auto& topic = update.topic_states.emplace_back();
            topic.topic_name = TopicName(name);
            for (int32_t i = 0; i < partitions; ++i) {
                auto& state = topic.partition_states.emplace_back();
                state.partition_index = i;
                state.leader = BrokerId{1};
                state.isr = state.replicas = broker_ids({1});
            }
        }
        request(connect(), std::move(update), 1);
        REQUIRE(env.take<protocol::UpdateMetadataResponse>()->error_code == ErrorCode::None);
    }

    FakeEnv env;
    broker::Broker broker;
    zookeeper::DataTree tree;
    std::vector<std::string> written;  // "create /x", in order, also those that failed
    int64_t session = kSession;
    node::ConnectionId zk = node::ConnectionId::None;
    node::Tag zk_tag;

private:
    void answer(protocol::Message&& request) {
        protocol::Message reply;
        reply.correlation_id = request.correlation_id;
        if (const auto* asked = std::get_if<protocol::ZkConnectRequest>(&request.body)) {
            const bool over = asked->session_id != 0 && asked->session_id != session;
            protocol::ZkConnectResponse response;
            response.session_id = over ? 0 : session;
            response.time_out = over ? 0 : 18000;
            response.passwd = "x";
            reply.body = response;
        } else if (std::holds_alternative<protocol::ZkPingRequest>(request.body)) {
            reply.body = protocol::ZkPingResponse{};
        } else {
            note_write(request.body);
            const bool write = written_by(request.body);
            reply.body = write ? tree.apply(request.body, session, ++zxid_, 1000).body : tree.read(request.body, zxid_);
        }
        broker.on_message(env, zk, zk_tag, std::move(reply));
    }
    static bool written_by(const protocol::Body& body) {
        return std::holds_alternative<protocol::ZkCreateRequest>(body) ||
               std::holds_alternative<protocol::ZkDeleteRequest>(body) ||
               std::holds_alternative<protocol::ZkSetDataRequest>(body) ||
               std::holds_alternative<protocol::ZkMultiRequest>(body);
    }
    void note_write(const protocol::Body& body) {
        if (const auto* create = std::get_if<protocol::ZkCreateRequest>(&body))
            written.push_back("create " + create->path);
        if (const auto* set = std::get_if<protocol::ZkSetDataRequest>(&body)) written.push_back("set " + set->path);
        if (const auto* multi = std::get_if<protocol::ZkMultiRequest>(&body))
            written.push_back("multi " + multi->ops.back().path);
    }

    int64_t zxid_ = 0;
};

}  // namespace kafkasim::test
