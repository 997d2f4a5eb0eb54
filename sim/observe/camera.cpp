// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/camera.hpp"

#include "core/broker/broker.hpp"
#include "core/zookeeper/server.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::sim {

namespace {

template <typename Worker>
const Worker* worker_of(const Process& process) {
    if (!process.alive() || process.node == nullptr) return nullptr;
    return dynamic_cast<const Worker*>(process.node->worker());
}

bool is_binary(const std::string& path) {
    for (const std::string_view ending : {".log", ".index", ".timeindex", ".snapshot"}) {
        if (path.ends_with(ending) && path.find("/tmp/kafka-logs") != std::string::npos) return true;
    }
    return false;
}

}  // namespace

const zookeeper::ZooKeeperServer* zookeeper_of(const World& world) {
    for (size_t i = world.process_count(); i-- > 0;) {
        if (const auto* found = worker_of<zookeeper::ZooKeeperServer>(world.process(static_cast<ProcessId>(i))))
            return found;
    }
    return nullptr;
}

std::map<BrokerId, const broker::Broker*> brokers_of(const World& world) {
    std::map<BrokerId, const broker::Broker*> brokers;
    for (size_t i = 0; i < world.process_count(); ++i) {
        const auto* found = worker_of<broker::Broker>(world.process(static_cast<ProcessId>(i)));
        if (found != nullptr) brokers[BrokerId{found->state().config.broker_id}] = found;
    }
    return brokers;
}

std::optional<scenario::SeenZnode> look_at_znode(const zookeeper::ZooKeeperServer& zookeeper, const std::string& path) {
    const zookeeper::Znode* node = zookeeper.tree().find(path);
    if (node == nullptr) return std::nullopt;
    return scenario::SeenZnode{
        node->data, node->version, node->ephemeral_owner != 0, {node->children.begin(), node->children.end()}};
}

std::optional<scenario::SeenFile> look_at_file(const World& world, const std::string& path) {
    if (auto names = world.disk().list(path)) return scenario::SeenFile{std::nullopt, std::move(names)};
    if (!world.disk().exists(path)) return std::nullopt;
    if (is_binary(VirtualDisk::absolute(path)))
        return scenario::SeenFile{std::to_string(world.disk().size(path)) + " bytes", std::nullopt};
    return scenario::SeenFile{world.disk().read_text(path), std::nullopt};
}

std::optional<PartitionView> partition_in_zookeeper(const World& world, const TopicPartition& partition) {
    const auto* server = zookeeper_of(world);
    if (server == nullptr) return std::nullopt;
    const zookeeper::Znode* node = server->tree().find(zookeeper::partition_state_path(partition));
    if (node == nullptr || !node->data) return std::nullopt;
    const auto state = zookeeper::decode_partition_state(*node->data);
    if (!state) return std::nullopt;
    return PartitionView{
        state->leader_and_isr.leader, state->leader_and_isr.leader_epoch, state->leader_and_isr.isr, {}, {}};
}

std::optional<PartitionView> partition_in_metadata(const World& world, const TopicPartition& partition) {
    for (const auto& [id, broker] : brokers_of(world)) {
        const broker::PartitionInfo* info = broker->state().metadata.find(partition);
        if (info == nullptr) continue;
        const bool leader_alive = broker->state().metadata.alive(info->leader);
        return PartitionView{leader_alive ? info->leader : kNoBroker, info->leader_epoch, info->isr, info->replicas,
                             info->offline_replicas};
    }
    return std::nullopt;
}

std::string log_text(const World& world, const std::string& log) {
    const size_t slash = log.find('/');
    const std::string name = log.substr(0, slash);
    const std::string file = slash == std::string::npos ? "" : log.substr(slash + 1);
    std::string text;
    for (size_t i = 0; i < world.process_count(); ++i) {
        const Process& process = world.process(static_cast<ProcessId>(i));
        if (process.options.name != name) continue;
        const auto found = process.logs.find(file);
        if (found != process.logs.end())
            text += found->second;
        else if (file.empty() && !process.options.terminal)  // what somebody watches has the log too
            text += process.stdout_text;
    }
    return text;
}

bool holds_like(const std::string& text, const std::string& like) {
    constexpr std::string_view kAnything = "…";
    size_t at = 0;
    for (std::string_view rest = like;;) {
        const size_t end = rest.find(kAnything);
        const std::string_view part = rest.substr(0, end);
        at = text.find(part, at);
        if (at == std::string::npos) return false;
        at += part.size();
        if (end == std::string_view::npos) return true;
        rest = rest.substr(end + kAnything.size());
    }
}

}  // namespace kafkasim::sim
