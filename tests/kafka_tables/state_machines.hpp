// SPDX-License-Identifier: Apache-2.0
#pragma once
// The controller's partition and replica state machines by themselves, for Kafka's tests of them: a controller of
// epoch 50 on broker 5, whose context the test fills, beside a ZooKeeper tree that the test may make fail. What would
// be sent to the brokers is recorded as FakeCluster describes it.

#include <string>
#include <utility>
#include <vector>

#include "core/config/broker_config.hpp"
#include "core/controller/run.hpp"
#include "core/zookeeper/tree.hpp"
#include "tests/controller/fake_cluster.hpp"
#include "tests/support/fake_env.hpp"

namespace kafkasim::test {

class StateMachines : public controller::ControllerHost {
public:
    static constexpr int32_t kBroker = 5;
    static constexpr int32_t kControllerEpoch = 50;
    const TopicPartition partition{TopicName("t"), 0};

    StateMachines() : run_(state, *this) {
        state.broker_id = state.active_controller_id = BrokerId{kBroker};
        state.component = kControllerComponent;
        state.channels = controller::ChannelManager(kControllerComponent, state.broker_id);
        context().epoch = kControllerEpoch;
        for (const char* path :
             {"/controller_epoch", "/brokers", "/brokers/topics", "/brokers/topics/t", "/config", "/config/topics"})
            create(path, "");
    }

    // --- ControllerHost
    node::Env& env() override { return world; }
    BrokerId broker_id() const override { return {kBroker}; }
    const config::BrokerConfig& config() const override { return settings; }
    int64_t broker_epoch() const override { return 0; }
    void zk_submit(uint64_t, std::vector<protocol::Body> requests) override {
        for (const protocol::Body& request : requests) state.replies.push_back(answer(request));
        state.awaited_token = 0;
    }
    void respond(const node::RequestToken&, protocol::Body&&) override {}
    void re_register() override {}

    // --- what is given
    controller::ControllerContext& context() { return state.context; }
    void set_live_brokers(const std::vector<int32_t>& ids) {
        for (const int32_t id : ids) {
            const controller::LiveBroker live{{BrokerId{id}, "localhost", 9092 + id, 0, std::nullopt}, 1};
            context().brokers[BrokerId{id}] = live;
            state.channels.add_broker(world, live);
        }
    }
    void assign(const std::vector<int32_t>& replicas) {
        ReplicaAssignment& assignment = context().assignments[partition];
        for (const int32_t id : replicas) assignment.replicas.push_back(BrokerId{id});
    }
    /// In the controller's memory and in ZooKeeper.
    void put_leadership(int32_t leader, const std::vector<int32_t>& isr) {
        LeaderAndIsr stored{BrokerId{leader}, 0, {}, 0};
        for (const int32_t id : isr) stored.isr.push_back(BrokerId{id});
        context().leadership[partition] = {stored, kControllerEpoch};
        create("/brokers/topics/t/partitions", "");
        create("/brokers/topics/t/partitions/0", "");
        create(zookeeper::partition_state_path(partition), zookeeper::encode_partition_state(stored, kControllerEpoch));
    }
    void create(const std::string& path, const std::string& data) {
        tree.apply(zookeeper::zk_create(path, data), 0, next_zxid_++, 0);
    }
    void remove_state() {
        tree.apply(zookeeper::zk_delete(zookeeper::partition_state_path(partition)), 0, next_zxid_++, 0);
    }

    // --- what is done
    void partitions_to(controller::PartitionState target) {
        controller::change_partitions(run_, partitions, target);
        deliver();
    }
    void partitions_online(controller::Strategy strategy) {
        controller::frame::OnlinePartitions online;
        online.partitions = partitions;
        online.strategy = strategy;
        play(std::move(online));
    }
    void replicas_to(const controller::PartitionAndReplica& replica, controller::ReplicaState target) {
        if (target != controller::ReplicaState::OfflineReplica) {
            controller::change_replicas(run_, {replica}, target);
            return deliver();
        }
        controller::frame::OfflineReplicas offline;
        offline.replicas = {replica};
        play(std::move(offline));
    }
    /// Who would stand for election now: partitions that are offline or new, of topics that are not being deleted.
    size_t waiting_for_a_leader() {
        return std::get<controller::frame::OnlinePartitions>(controller::trigger_online(run_)).partitions.size();
    }

    // --- what came of it
    controller::PartitionState partition_state() { return context().partition_state(partition); }
    std::string stored() const {
        const zookeeper::Znode* found = tree.find(zookeeper::partition_state_path(partition));
        if (found == nullptr) return "none";
        const auto decoded = zookeeper::decode_partition_state(found->data.value_or(""), found->version);
        return "leader=" + to_string(decoded->leader_and_isr.leader) +
               " epoch=" + std::to_string(decoded->leader_and_isr.leader_epoch) +
               " isr=" + join(decoded->leader_and_isr.isr) + " v" + std::to_string(found->version);
    }
    /// Those of the recorded requests that begin with `kind`: "to 5: LeaderAndIsr ...".
    std::vector<std::string> sent(const std::string& kind) const {
        std::vector<std::string> found;
        for (const auto& [to, text] : received) {
            if (text.starts_with(kind)) found.push_back("to " + std::to_string(to) + ": " + text);
        }
        return found;
    }

    FakeEnv world;
    config::BrokerConfig settings;
    controller::ControllerState state;
    zookeeper::DataTree tree;
    bool zookeeper_fails = false;  // every request loses its connection
    std::vector<TopicPartition> partitions{partition};
    std::vector<std::pair<int32_t, std::string>> received;  // broker, what was sent to it

private:
    void play(controller::Frame frame) {
        using controller::Flow;
        std::vector<controller::Frame>& stack = state.stack;
        stack.push_back(std::move(frame));
        while (!stack.empty()) {
            const Flow flow = std::visit([&](auto& self) { return step(run_, self); }, stack.back());
            if (flow == Flow::Call) {
                stack.push_back(std::move(*state.to_call));
                state.to_call.reset();
            } else if (flow != Flow::Wait && flow != Flow::Again) {
                stack.pop_back();
            }
        }
        deliver();
    }
    protocol::Body answer(const protocol::Body& request) {
        if (zookeeper_fails) return zookeeper::error_reply(request, 0, zookeeper::kConnectionLoss);
        if (std::holds_alternative<protocol::ZkGetDataRequest>(request)) return tree.read(request, next_zxid_);
        return tree.apply(request, 0, next_zxid_++, 0).body;
    }
    /// Connects all channels and answers all that they send.
    void deliver() {
        for (; connected_ < world.connections.size(); ++connected_) {
            const FakeEnv::Connection made = world.connections[connected_];
            state.channels.on_connected(world, made.tag);
        }
        while (!world.sent.empty()) {
            FakeEnv::Sent each = std::move(world.sent.front());
            world.sent.erase(world.sent.begin());
            for (const FakeEnv::Connection& to : world.connections) {
                if (to.id != each.connection) continue;
                received.emplace_back(to.to.port - 9092, FakeCluster::describe(each.message.body));
                protocol::Message reply;
                reply.correlation_id = each.message.correlation_id;
                reply.body = protocol::UpdateMetadataResponse{};
                const node::Tag tag = to.tag;
                state.channels.on_message(world, tag, std::move(reply));
                break;
            }
        }
    }

    controller::Run run_;
    int64_t next_zxid_ = 1;
    size_t connected_ = 0;
};

}  // namespace kafkasim::test
