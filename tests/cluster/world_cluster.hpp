// SPDX-License-Identifier: Apache-2.0
#pragma once
// ZooKeeper and some brokers in one world, which find each other by nothing but messages. A test starts, stops and
// kills them, asks them as a client would, and looks at their state, at znodes and at files. Time passes only in
// `run`, `ask` and what is built on them.
//
//     WorldCluster cluster;                                    // brokers 1 to 3
//     cluster.create_topic("t", {broker_ids({1, 2})});
//     cluster.produce(1, "t", 0, "a record")                   -> ErrorCode::None
//     cluster.stop_broker(1); cluster.start_broker(1); cluster.run(3s);
//     cluster.state(2).replicas.find(...), cluster.log(2, tp), cluster.state_znode("t", 0)

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/broker/broker.hpp"
#include "core/zookeeper/server.hpp"
#include "core/zookeeper/znodes.hpp"
#include "sim/world/world.hpp"
#include "tests/catch.hpp"

namespace kafkasim::test {

/// A process that sends one request after the other, each on a new connection, and keeps the answers.
class Asker : public node::Node {
public:
    void start(node::Env& env) override { env.read_input(); }
    void on_accepted(node::Env&, node::ConnectionId, int32_t) override {}
    void on_connected(node::Env& env, node::ConnectionId connection, node::Tag) override {
        protocol::Message message;
        message.client_id = SharedText("asker");
        message.body = std::move(question);
        env.send(connection, std::move(message));
    }
    void on_disconnected(node::Env&, node::ConnectionId, node::Tag, node::CloseReason) override { refused = true; }
    void on_message(node::Env&, node::ConnectionId, node::Tag, protocol::Message&& message) override {
        answer = std::move(message.body);
    }
    void on_timer(node::Env&, node::TimerId, node::Tag) override {}
    void on_input(node::Env& env, std::string port) override { env.connect({"localhost", std::stoi(port)}, {}); }
    void on_input_end(node::Env&) override {}
    void on_signal(node::Env&, node::Signal) override {}

    protocol::Body question;
    std::optional<protocol::Body> answer;
    bool refused = false;
};

struct WorldClusterOptions {
    uint64_t seed = 1;
    int32_t brokers = 3;
    config::Properties properties;  // of every broker, beside those it needs
};

struct WorldCluster {
    explicit WorldCluster(WorldClusterOptions options = {})
        : world(world_options(options.seed)), properties(std::move(options.properties)) {
        auto server = std::make_unique<zookeeper::ZooKeeperServer>(zookeeper::ZooKeeperConfig{});
        zookeeper = server.get();
        zookeeper_pid = world.spawn(std::move(server), process("zookeeper"));
        auto client = std::make_unique<Asker>();
        asker = client.get();
        asker_pid = world.spawn(std::move(client), process("asker"));
        run(1s);
        for (int32_t id = 1; id <= options.brokers; ++id) {
            start_broker(id);
            run(3s);
        }
    }

    // --- processes
    void start_broker(int32_t id) {
        config::Properties set{{"broker.id", std::to_string(id)},
                               {"listeners", "PLAINTEXT://:" + std::to_string(9092 + id)},
                               {"log.dirs", log_dir(id)},
                               {"zookeeper.connect", "localhost:2181"},
                               {"offsets.topic.replication.factor", "1"},
                               {"group.initial.rebalance.delay.ms", "0"}};
        for (const auto& [name, value] : properties) set.insert_or_assign(name, value);
        auto config = config::BrokerConfig::from_properties(set);
        REQUIRE(config.ok());
        auto node = std::make_unique<broker::Broker>(std::move(config).value());
        brokers[id] = node.get();
        pids[id] = world.spawn(std::move(node), process("broker-" + std::to_string(id)));
    }
    /// SIGTERM, and what follows to the end of the process.
    void stop_broker(int32_t id) {
        world.signal(pids.at(id), node::Signal::Terminate);
        REQUIRE(world.run_until(world.now() + 60s, [&] { return !alive(id); }));
    }
    /// Started and registered, with the requests of the controller behind it.
    void start_and_wait(int32_t id) {
        start_broker(id);
        REQUIRE(world.run_until(world.now() + 30s, [&] { return brokers.at(id)->started(); }));
        run(1s);
    }
    bool alive(int32_t id) const { return world.process(pids.at(id)).alive(); }
    void run(Duration time) { world.run_until(world.now() + time); }

    // --- what there is to see
    std::string logs(int32_t id) const {
        std::string all;
        for (const auto& [file, text] : world.process(pids.at(id)).logs) all += text;
        return all;
    }
    std::vector<std::string> children(std::string_view path) const {
        const zookeeper::Znode* node = zookeeper->tree().find(path);
        return node == nullptr ? std::vector<std::string>{}
                               : std::vector<std::string>(node->children.begin(), node->children.end());
    }
    int active_controllers() const {
        int count = 0;
        for (const auto& [id, broker] : brokers) count += alive(id) && broker->state().controller.is_active();
        return count;
    }
    const broker::BrokerState& state(int32_t id) const { return brokers.at(id)->state(); }
    const log::Log& log(int32_t id, const TopicPartition& tp) const {
        const log::Log* found = state(id).replicas.logs().find(tp);
        REQUIRE(found != nullptr);
        return *found;
    }
    std::string state_znode(std::string_view topic, int32_t partition) const {
        const auto* node = zookeeper->tree().find(zookeeper::partition_state_path({TopicName(topic), partition}));
        return node == nullptr || !node->data ? "" : *node->data;
    }
    LeaderAndIsr leadership(const TopicPartition& tp) const {
        const auto decoded = zookeeper::decode_partition_state(state_znode(tp.topic.str(), tp.partition), 0);
        REQUIRE(decoded);
        return decoded->leader_and_isr;
    }
    static std::string log_dir(int32_t id) { return "/tmp/kafka-logs" + std::to_string(id); }
    std::string file(int32_t id, const std::string& name) const {
        return world.disk().read_text(log_dir(id) + "/" + name).value_or("");
    }

    // --- what a client does
    /// The answer of the broker at the port, as soon as it is there.
    template <typename Response>
    std::optional<Response> ask(int32_t broker, protocol::Body body, Duration patience = 10s) {
        asker->question = std::move(body);
        asker->answer.reset();
        asker->refused = false;
        world.type(asker_pid, std::to_string(9092 + broker));
        world.run_until(world.now() + patience, [&] { return asker->answer.has_value() || asker->refused; });
        if (!asker->answer) return std::nullopt;
        auto* response = std::get_if<Response>(&*asker->answer);
        REQUIRE(response != nullptr);
        return std::move(*response);
    }
    void create_topic(std::string_view name, std::vector<std::vector<BrokerId>> assignment,
                      const std::map<std::string, std::string>& configs = {}) {
        protocol::CreateTopicsRequest request;
        auto& topic = request.topics.emplace_back();
        topic.name = TopicName(name);
        topic.num_partitions = -1;
        topic.replication_factor = -1;
        for (size_t i = 0; i < assignment.size(); ++i)
            topic.assignments.push_back({static_cast<int32_t>(i), assignment[i]});
        for (const auto& [key, value] : configs) topic.configs.push_back({key, value});
        const auto response = ask<protocol::CreateTopicsResponse>(1, std::move(request));
        REQUIRE(response);
        REQUIRE(response->topics.front().error_code == ErrorCode::None);
    }
    /// One batch with these records.
    ErrorCode produce(int32_t broker, std::string_view topic, int32_t partition, std::vector<std::string> values,
                      int16_t acks = -1) {
        protocol::ProduceRequest request;
        request.acks = acks;
        request.timeout_ms = 30000;
        auto& data = request.topic_data.emplace_back();
        data.name = TopicName(topic);
        auto& one = data.partition_data.emplace_back();
        one.index = partition;
        protocol::RecordBatchBuilder builder;
        for (std::string& value : values)
            builder.append(world.clock().at(world.now()).value, std::nullopt, std::move(value));
        one.records = protocol::RecordBatches(builder.build());
        const auto response = ask<protocol::ProduceResponse>(broker, std::move(request), 40s);
        return response ? response->responses.front().partition_responses.front().error_code
                        : ErrorCode::NetworkException;
    }
    ErrorCode produce(int32_t broker, std::string_view topic, int32_t partition, std::string value) {
        return produce(broker, topic, partition, std::vector<std::string>{std::move(value)});
    }

    static sim::WorldOptions world_options(uint64_t seed) {
        sim::WorldOptions result;
        result.seed = seed;
        result.keep_logs = true;
        return result;
    }
    static sim::ProcessOptions process(std::string name) {
        sim::ProcessOptions result;
        result.name = std::move(name);
        result.log_style = sim::LogStyle::Server;
        return result;
    }

    sim::World world;
    config::Properties properties;
    Asker* asker = nullptr;
    sim::ProcessId asker_pid = 0;
    const zookeeper::ZooKeeperServer* zookeeper = nullptr;
    sim::ProcessId zookeeper_pid = 0;
    std::map<int32_t, const broker::Broker*> brokers;
    std::map<int32_t, sim::ProcessId> pids;
};

}  // namespace kafkasim::test
