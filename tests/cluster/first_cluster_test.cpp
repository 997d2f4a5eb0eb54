// SPDX-License-Identifier: Apache-2.0
// ZooKeeper and three brokers in one world: they find each other by nothing but messages.
#include <memory>

#include "core/broker/broker.hpp"
#include "core/zookeeper/server.hpp"
#include "core/zookeeper/znodes.hpp"
#include "sim/world/world.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;

namespace {

struct Cluster {
    explicit Cluster(uint64_t seed = 1) : world(options(seed)) {
        auto server = std::make_unique<zookeeper::ZooKeeperServer>(zookeeper::ZooKeeperConfig{});
        zookeeper = server.get();
        world.spawn(std::move(server), process("zookeeper"));
        run(1s);
        for (const int32_t id : {1, 2, 3}) {
            start_broker(id);
            run(3s);
        }
    }

    static sim::WorldOptions options(uint64_t seed) {
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

    void start_broker(int32_t id) {
        config::Properties properties{{"broker.id", std::to_string(id)},
                                      {"listeners", "PLAINTEXT://:" + std::to_string(9092 + id)},
                                      {"log.dirs", "/tmp/kafka-logs" + std::to_string(id)},
                                      {"zookeeper.connect", "localhost:2181"},
                                      {"offsets.topic.replication.factor", "1"},
                                      {"group.initial.rebalance.delay.ms", "0"}};
        auto config = config::BrokerConfig::from_properties(properties);
        REQUIRE(config.ok());
        auto node = std::make_unique<broker::Broker>(std::move(config).value());
        brokers[id] = node.get();
        pids[id] = world.spawn(std::move(node), process("broker-" + std::to_string(id)));
    }
    void run(Duration time) { world.run_until(world.now() + time); }
    std::string logs(int32_t id) const {
        std::string all;
        for (const auto& [file, text] : world.process(pids.at(id)).logs) all += text;
        return all;
    }
    std::vector<std::string> children(std::string_view path) const {
        const zookeeper::Znode* node = zookeeper->tree().find(path);
        return node == nullptr ? std::vector<std::string>{} : std::vector<std::string>(node->children.begin(), node->children.end());
    }
    int active_controllers() const {
        int count = 0;
        for (const auto& [id, broker] : brokers) count += world.process(pids.at(id)).alive() && broker->state().controller.is_active();
        return count;
    }
    const broker::BrokerState& state(int32_t id) const { return brokers.at(id)->state(); }

    sim::World world;
    const zookeeper::ZooKeeperServer* zookeeper = nullptr;
    std::map<int32_t, const broker::Broker*> brokers;
    std::map<int32_t, sim::ProcessId> pids;
};

}  // namespace

TEST_CASE("cluster: three brokers register, one is the controller, all know all") {
    Cluster cluster;
    CHECK(cluster.children("/brokers/ids") == std::vector<std::string>{"1", "2", "3"});
    CHECK(cluster.active_controllers() == 1);
    for (const int32_t id : {1, 2, 3}) {
        INFO(cluster.logs(id));
        CHECK(cluster.brokers.at(id)->started());
        CHECK(cluster.state(id).metadata.controller() == BrokerId{1});
        CHECK(cluster.state(id).metadata.alive_brokers().size() == 3);
        CHECK(cluster.state(id).broker_epoch > 0);
        CHECK(cluster.logs(id).find("[KafkaServer id=" + std::to_string(id) + "] started (kafka.server.KafkaServer)") != std::string::npos);
    }
    CHECK(cluster.state(1).cluster_id == cluster.state(3).cluster_id);
}
