// SPDX-License-Identifier: Apache-2.0
#pragma once
// Brokers that are nothing but a controller each, around a real ZooKeeper tree with real watches. ZooKeeper answers
// when the test says so (`step`) or until all
// is quiet (`settle`); what the active controller sends to a broker is recorded and answered with success.
//
//     FakeCluster cluster;
//     cluster.start(1); cluster.start(2); cluster.settle();
//     cluster.create_topic("t", {{1, 2}});
//     cluster.settle();
//     cluster.state("t", 0)      -> R"({"controller_epoch":1,"leader":1,"version":1,"leader_epoch":0,"isr":[1,2]} v0)"
//     cluster.take_received(2)   -> {"LeaderAndIsr t-0 leader=1 epoch=0 isr=1,2 new", "UpdateMetadata t-0 ..."}

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config/broker_config.hpp"
#include "core/controller/controller.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/tree.hpp"
#include "core/zookeeper/watches.hpp"
#include "core/zookeeper/znodes.hpp"
#include "tests/support/fake_env.hpp"

namespace kafkasim::test {

inline constexpr uint16_t kControllerComponent = 2;

class FakeCluster;

struct FakeBroker : controller::ControllerHost {
    FakeBroker(FakeCluster& owner, int32_t number) : cluster(owner), id{number}, controller(kControllerComponent) {}

    node::Env& env() override { return world; }
    BrokerId broker_id() const override { return id; }
    const config::BrokerConfig& config() const override { return settings; }
    int64_t broker_epoch() const override { return epoch; }
    void zk_submit(uint64_t token, std::vector<protocol::Body> requests) override;
    void respond(const node::RequestToken& to, protocol::Body&& body) override {
        responses[to.correlation_id] = std::move(body);
    }
    void re_register() override { wants_registration = true; }

    FakeCluster& cluster;
    BrokerId id;
    FakeEnv world;
    config::BrokerConfig settings;
    controller::Controller controller;
    int64_t epoch = 0;
    int64_t session = 0;
    bool up = true;
    bool wants_registration = false;
    std::vector<std::string> received;  // from the controllers, in order
    std::map<int32_t, protocol::Body> responses;
};

class FakeCluster {
public:
    // --- brokers
    FakeBroker& broker(int32_t id) { return *brokers.at(id); }
    /// A broker with a new process: its znode, then its controller.
    FakeBroker& start(int32_t id, const config::BrokerConfig& settings = {}) {
        brokers[id] = std::make_unique<FakeBroker>(*this, id);
        std::erase_if(connected, [id](const auto& each) { return each.first == id; });
        std::erase_if(refused, [id](const auto& each) { return each.first == id; });
        FakeBroker& started = broker(id);
        started.settings = settings;
        open_session(started);
        started.controller.startup(started);
        return started;
    }
    void open_session(FakeBroker& opened) {
        opened.session = next_session++;
        register_broker(opened);
    }
    void register_broker(FakeBroker& registered) {
        const std::string path = zookeeper::broker_path(registered.id);
        const std::string text =
            zookeeper::encode_broker({registered.id, "localhost", 9092 + registered.id.value, 0, std::nullopt});
        write(zookeeper::zk_create(path, text, zookeeper::kEphemeral), registered.session);
        registered.epoch = tree.find(path)->czxid;
    }
    /// kill -9, or the end of a process: it is gone for other brokers at once, for ZooKeeper only when end_session
    /// is called.
    void kill(int32_t id) {
        FakeBroker& killed = broker(id);
        killed.up = false;
        for (auto& [other_id, other] : brokers) {
            if (!other->up) continue;
            for (const FakeEnv::Connection& connection : std::vector<FakeEnv::Connection>(other->world.connections)) {
                if (connection.to.port == 9092 + id && !connection.closed &&
                    connected.erase({other_id, connection.id}) > 0) {
                    other->controller.on_disconnected(*other, connection.id, connection.tag, node::CloseReason::Closed);
                }
            }
        }
    }
    /// The session expires or is closed: the ephemerals go.
    void end_session(int32_t id) {
        watches.remove(node::ConnectionId{static_cast<uint64_t>(id)});
        for (const zookeeper::TreeChange& change : tree.end_session(broker(id).session, next_zxid++)) fire(change);
    }
    void kill_and_expire(int32_t id) {
        kill(id);
        end_session(id);
    }
    /// Ctrl+C: controlled shutdown with the active controller, then the session is closed. Returns the partitions
    /// that could not be moved.
    std::vector<std::string> stop(int32_t id) {
        std::vector<std::string> remaining = ask_to_shut_down(id);
        broker(id).controller.shutdown(broker(id));
        kill_and_expire(id);
        settle();
        return remaining;
    }
    std::vector<std::string> ask_to_shut_down(int32_t id) {
        FakeBroker& active = active_broker();
        active.controller.handle_controlled_shutdown(active, context(), {broker(id).id, broker(id).epoch});
        settle();
        std::vector<std::string> remaining;
        const auto& response = std::get<protocol::ControlledShutdownResponse>(active.responses.at(correlation));
        if (response.error_code != ErrorCode::None) remaining.push_back(std::string(name(response.error_code)));
        for (const auto& each : response.remaining_partitions)
            remaining.push_back(to_string(TopicPartition{each.topic_name, each.partition_index}));
        return remaining;
    }
    FakeBroker& active_broker() {
        for (auto& [id, each] : brokers) {
            if (each->up && each->controller.is_active()) return *each;
        }
        return *brokers.begin()->second;
    }
    node::RequestContext context() {
        return {{node::ConnectionId{1}, ++correlation}, SharedText("test"), "/127.0.0.1"};
    }
    protocol::AlterIsrResponse::PartitionData alter_isr(int32_t leader, const std::string& topic, int32_t partition,
                                                        int32_t leader_epoch, std::vector<BrokerId> isr,
                                                        int32_t version) {
        FakeBroker& active = active_broker();
        protocol::AlterIsrRequest request;
        request.broker_id = BrokerId{leader};
        request.broker_epoch = broker(leader).epoch;
        request.topics.push_back({TopicName(topic), {{partition, leader_epoch, std::move(isr), version}}});
        active.controller.handle_alter_isr(active, context(), std::move(request));
        settle();
        const auto& response = std::get<protocol::AlterIsrResponse>(active.responses.at(correlation));
        if (response.error_code == ErrorCode::None) return response.topics.at(0).partitions.at(0);
        protocol::AlterIsrResponse::PartitionData refusal;
        refusal.error_code = response.error_code;
        return refusal;
    }

    // --- topics and states
    void create_topic(const std::string& topic, const std::vector<std::vector<int32_t>>& replicas) {
        zookeeper::TopicAssignment assignment;
        assignment.topic_id = {1, ++topics_made};
        assign(assignment, replicas);
        write(zookeeper::zk_create(zookeeper::topic_path(topic), zookeeper::encode_topic(assignment)), 0);
    }
    static void assign(zookeeper::TopicAssignment& assignment, const std::vector<std::vector<int32_t>>& replicas) {
        for (size_t p = 0; p < replicas.size(); ++p) {
            ReplicaAssignment& partition = assignment.partitions[static_cast<int32_t>(p)];
            for (const int32_t id : replicas[p]) partition.replicas.push_back(BrokerId{id});
        }
    }
    /// The data of a znode and its version: "5 v3"; "none" if it is not there.
    std::string znode(const std::string& path) const {
        const zookeeper::Znode* found = tree.find(path);
        if (found == nullptr) return "none";
        return found->data.value_or("null") + " v" + std::to_string(found->version);
    }
    std::string state(const std::string& topic, int32_t partition) const {
        return znode(zookeeper::partition_state_path({TopicName(topic), partition}));
    }
    /// "leader=1 epoch=0 isr=1,2 v0": as short as can be.
    std::string short_state(const std::string& topic, int32_t partition) const {
        const zookeeper::Znode* found = tree.find(zookeeper::partition_state_path({TopicName(topic), partition}));
        if (found == nullptr) return "none";
        const auto decoded = zookeeper::decode_partition_state(found->data.value_or(""), found->version);
        if (!decoded) return "unreadable";
        return "leader=" + to_string(decoded->leader_and_isr.leader) +
               " epoch=" + std::to_string(decoded->leader_and_isr.leader_epoch) +
               " isr=" + join(decoded->leader_and_isr.isr) + " v" + std::to_string(found->version);
    }
    std::vector<std::string> take_received(int32_t id) { return std::exchange(broker(id).received, {}); }
    void forget_received() {
        for (auto& [id, each] : brokers) each->received.clear();
    }

    // --- ZooKeeper
    void write(const protocol::Body& request, int64_t session) {
        zookeeper::TreeReply reply = tree.apply(request, session, next_zxid++, 0);
        for (const zookeeper::TreeChange& change : reply.changes) fire(change);
    }
    void make_parents() {
        for (const std::string& path : zookeeper::top_level_paths()) {
            std::string prefix;
            for (size_t at = 1; at != std::string::npos + 1 && at <= path.size();) {
                const size_t slash = std::min(path.find('/', at), path.size());
                prefix = path.substr(0, slash);
                if (tree.find(prefix) == nullptr) write(zookeeper::zk_create(prefix, std::nullopt), 0);
                at = slash + 1;
            }
        }
    }
    FakeCluster() { make_parents(); }

    /// Answers the oldest batch; false if there is none.
    bool step() {
        if (batches.empty()) return false;
        Batch batch = std::move(batches.front());
        batches.pop_front();
        FakeBroker& asker = broker(batch.broker);
        if (!asker.up || asker.session != batch.session) return true;
        std::vector<protocol::Body> replies;
        for (const protocol::Body& request : batch.requests) replies.push_back(answer(asker, request));
        deliver_watches();
        asker.controller.on_zk_replies(asker, batch.token, std::move(replies));
        return true;
    }
    /// Everything that can happen without time passing happens.
    void settle() {
        for (bool moved = true; moved;) {
            moved = deliver_watches();
            moved = step() || moved;
            moved = deliver_requests() || moved;
        }
    }
    /// Watch events that have fired, in order.
    bool deliver_watches() {
        bool any = false;
        while (!fired.empty()) {
            const zookeeper::FiredWatch event = fired.front();
            fired.pop_front();
            FakeBroker& watcher = broker(static_cast<int32_t>(event.connection));
            if (watcher.up) watcher.controller.on_watch(watcher, event.type, event.path);
            any = true;
        }
        return any;
    }
    void fire(const zookeeper::TreeChange& change) {
        for (zookeeper::FiredWatch& event : watches.fire(change)) fired.push_back(std::move(event));
    }

    struct Batch {
        int32_t broker;
        int64_t session;
        uint64_t token;
        std::vector<protocol::Body> requests;
    };
    zookeeper::DataTree tree;
    zookeeper::Watches watches;
    std::deque<zookeeper::FiredWatch> fired;
    std::deque<Batch> batches;
    std::map<int32_t, std::unique_ptr<FakeBroker>> brokers;
    std::set<std::pair<int32_t, node::ConnectionId>> connected;
    std::set<int32_t> cannot_delete;  // brokers whose answer to a StopReplica that deletes is an error
    std::set<int32_t> cannot_use;     // brokers whose answer to a LeaderAndIsr is KAFKA_STORAGE_ERROR
    int64_t next_zxid = 1;
    int64_t next_session = 100;
    uint64_t topics_made = 0;
    int32_t correlation = 0;

private:
    protocol::Body answer(FakeBroker& asker, const protocol::Body& request) {
        const node::ConnectionId connection{static_cast<uint64_t>(asker.id.value)};
        if (const auto* get = std::get_if<protocol::ZkGetDataRequest>(&request)) {
            if (get->watch && tree.find(get->path) != nullptr) watches.watch_node(get->path, connection);
            return tree.read(request, next_zxid - 1);
        }
        if (const auto* exists = std::get_if<protocol::ZkExistsRequest>(&request)) {
            if (exists->watch) watches.watch_node(exists->path, connection);
            return tree.read(request, next_zxid - 1);
        }
        if (const auto* children = std::get_if<protocol::ZkGetChildrenRequest>(&request)) {
            if (children->watch && tree.find(children->path) != nullptr)
                watches.watch_children(children->path, connection);
            return tree.read(request, next_zxid - 1);
        }
        zookeeper::TreeReply reply = tree.apply(request, asker.session, next_zxid++, 0);
        for (const zookeeper::TreeChange& change : reply.changes) fire(change);
        return std::move(reply.body);
    }

    /// Connects what wants to be connected, records and answers what was sent.
    bool deliver_requests() {
        bool any = false;
        for (auto& [id, from] : brokers) {
            if (!from->up) continue;
            any = connect_all(id, *from) || any;
            std::vector<FakeEnv::Sent> sent = std::exchange(from->world.sent, {});
            for (FakeEnv::Sent& each : sent) {
                any = true;
                deliver(*from, each);
            }
        }
        return any;
    }
    bool connect_all(int32_t id, FakeBroker& from) {
        bool any = false;
        for (const FakeEnv::Connection& connection : std::vector<FakeEnv::Connection>(from.world.connections)) {
            if (connection.closed || refused.contains({id, connection.id}) || connected.contains({id, connection.id}))
                continue;
            any = true;
            if (is_up(connection.to.port)) {
                connected.insert({id, connection.id});
                from.controller.on_connected(from, connection.id, connection.tag);
            } else {
                refused.insert({id, connection.id});
                from.controller.on_disconnected(from, connection.id, connection.tag, node::CloseReason::Refused);
            }
        }
        return any;
    }
    bool is_up(int32_t port) const {
        const auto found = brokers.find(port - 9092);
        return found != brokers.end() && found->second->up;
    }
    void deliver(FakeBroker& from, FakeEnv::Sent& sent) {
        for (const FakeEnv::Connection& connection : from.world.connections) {
            if (connection.id != sent.connection || connection.closed || !is_up(connection.to.port)) continue;
            broker(connection.to.port - 9092).received.push_back(describe(sent.message.body));
            protocol::Message response;
            response.correlation_id = sent.message.correlation_id;
            response.body = answer_to(connection.to.port - 9092, sent.message.body);
            const FakeEnv::Connection copy = connection;
            from.controller.on_message(from, copy.id, copy.tag, std::move(response));
            return;
        }
    }
    protocol::LeaderAndIsrResponse told(int32_t id, const protocol::LeaderAndIsrRequest& request) const {
        const ErrorCode error = cannot_use.contains(id) ? ErrorCode::KafkaStorageError : ErrorCode::None;
        protocol::LeaderAndIsrResponse response;
        for (const auto& topic : request.topic_states) {
            response.topics.push_back({topic.topic_id, {}});
            for (const auto& p : topic.partition_states)
                response.topics.back().partition_errors.push_back({p.partition_index, error});
        }
        return response;
    }
    protocol::Body answer_to(int32_t id, const protocol::Body& request) {
        if (const auto* lead = std::get_if<protocol::LeaderAndIsrRequest>(&request)) return told(id, *lead);
        if (const auto* stop = std::get_if<protocol::StopReplicaRequest>(&request)) {
            protocol::StopReplicaResponse response;
            for (const auto& topic : stop->topic_states) {
                for (const auto& p : topic.partition_states) {
                    const bool fails = p.delete_partition && cannot_delete.contains(id);
                    response.partition_errors.push_back(
                        {topic.topic_name, p.partition_index, fails ? ErrorCode::KafkaStorageError : ErrorCode::None});
                }
            }
            return response;
        }
        return protocol::UpdateMetadataResponse{};
    }

public:
    /// One line: the kind and what it says of each partition.
    static std::string describe(const protocol::Body& request) {
        std::string text;
        if (const auto* lai = std::get_if<protocol::LeaderAndIsrRequest>(&request)) {
            text = "LeaderAndIsr";
            for (const auto& topic : lai->topic_states) {
                for (const auto& p : topic.partition_states) {
                    text += " " + to_string(TopicPartition{topic.topic_name, p.partition_index}) +
                            " leader=" + to_string(p.leader) + " epoch=" + std::to_string(p.leader_epoch) +
                            " isr=" + join(p.isr) + " v" + std::to_string(p.zk_version) + (p.is_new ? " new" : "");
                }
            }
        } else if (const auto* update = std::get_if<protocol::UpdateMetadataRequest>(&request)) {
            std::vector<BrokerId> live;
            for (const auto& each : update->live_brokers) live.push_back(each.id);
            text = "UpdateMetadata brokers=" + join(live);
            for (const auto& topic : update->topic_states) {
                for (const auto& p : topic.partition_states) {
                    text += " " + to_string(TopicPartition{topic.topic_name, p.partition_index}) +
                            " leader=" + to_string(p.leader) + " epoch=" + std::to_string(p.leader_epoch) +
                            " isr=" + join(p.isr) + " offline=" + join(p.offline_replicas);
                }
            }
        } else if (const auto* stop = std::get_if<protocol::StopReplicaRequest>(&request)) {
            text = "StopReplica";
            for (const auto& topic : stop->topic_states) {
                for (const auto& p : topic.partition_states) {
                    text += " " + to_string(TopicPartition{topic.topic_name, p.partition_index}) +
                            " epoch=" + std::to_string(p.leader_epoch) + (p.delete_partition ? " delete" : "");
                }
            }
        }
        return text;
    }

private:
    std::set<std::pair<int32_t, node::ConnectionId>> refused;
};

inline void FakeBroker::zk_submit(uint64_t token, std::vector<protocol::Body> requests) {
    cluster.batches.push_back({id.value, session, token, std::move(requests)});
}

}  // namespace kafkasim::test
