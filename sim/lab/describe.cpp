// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/describe.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "core/broker/broker.hpp"
#include "core/zookeeper/server.hpp"
#include "core/zookeeper/znodes.hpp"
#include "sim/lab/columns.hpp"
#include "sim/observe/camera.hpp"
#include "sim/observe/groups.hpp"

namespace kafkasim::sim::lab {

namespace {

using Brokers = std::map<BrokerId, const broker::Broker*>;

/// Topics with more partitions are told in a few lines.
constexpr size_t kManyPartitions = 12;

struct Words {
    bool korean = false;
    std::string operator()(std::string_view english, std::string_view other) const {
        return std::string(korean ? other : english);
    }
};

std::string joined(const std::vector<BrokerId>& ids) {
    std::string text;
    for (const BrokerId id : ids) text += (text.empty() ? "" : ",") + to_string(id);
    return text.empty() ? "-" : text;
}

/// The one that ZooKeeper's znode names; while ZooKeeper is away, the one that believes to be it.
std::optional<BrokerId> controller_of(const World& world, const Brokers& brokers) {
    if (const auto* zookeeper = zookeeper_of(world)) {
        const zookeeper::Znode* node = zookeeper->tree().find("/controller");
        if (node == nullptr || !node->data) return std::nullopt;
        const auto id = zookeeper::decode_controller(*node->data);
        return id ? std::optional(id->broker) : std::nullopt;
    }
    for (const auto& [id, broker] : brokers) {
        if (broker->state().controller.is_active()) return id;
    }
    return std::nullopt;
}

std::string server_rows(const World& world, const scenario::Scenario& scenario, const Words& say) {
    Table table;
    const bool zookeeper_is_up = zookeeper_of(world) != nullptr;
    const auto state = [&](bool up, bool paused, bool started) {
        if (!up) return say("down", "꺼짐");
        if (paused) return say("paused", "멈춤");
        return started ? say("up", "켜짐") : say("starting", "시작 중");
    };
    const auto process = world.find("zookeeper");
    const bool paused = process && world.process(*process).state == ProcessState::Paused;
    table.row({"ZooKeeper", state(zookeeper_is_up, paused, true),
               "localhost:" + std::to_string(scenario.cluster.zookeeper_port)});
    for (const BrokerView& broker : look_at_brokers(world, scenario)) {
        table.row({say("broker", "브로커") + " " + std::to_string(broker.id),
                   state(broker.up, broker.paused, broker.started),
                   broker.port == 0 ? "" : "localhost:" + std::to_string(broker.port),
                   broker.controller ? say("controller", "컨트롤러") : ""});
    }
    return table.text("");
}

int32_t number_of(const std::string& text) {
    int32_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// Topics and their partitions, as ZooKeeper has them or, while it is away, as the brokers do.
std::map<TopicName, std::set<int32_t>> topics_of(const World& world, const Brokers& brokers) {
    std::map<TopicName, std::set<int32_t>> topics;
    const auto* zookeeper = zookeeper_of(world);
    const zookeeper::Znode* root = zookeeper == nullptr ? nullptr : zookeeper->tree().find("/brokers/topics");
    for (const std::string& topic : root == nullptr ? std::set<std::string>() : root->children) {
        auto& partitions = topics[TopicName(topic)];
        const zookeeper::Znode* node = zookeeper->tree().find("/brokers/topics/" + topic + "/partitions");
        for (const std::string& partition : node == nullptr ? std::set<std::string>() : node->children)
            partitions.insert(number_of(partition));
    }
    if (zookeeper != nullptr) return topics;
    for (const auto& [id, broker] : brokers) {
        for (const auto& [topic, partitions] : broker->state().metadata.topics()) {
            for (const auto& [partition, info] : partitions) topics[topic].insert(partition);
        }
    }
    return topics;
}

PartitionView view_of(const World& world, const TopicPartition& tp) {
    const auto in_zookeeper = partition_in_zookeeper(world, tp);
    const auto in_metadata = partition_in_metadata(world, tp);
    PartitionView view = in_zookeeper ? *in_zookeeper : in_metadata.value_or(PartitionView{});
    if (in_metadata) view.replicas = in_metadata->replicas;
    return view;
}

std::string leader_text(BrokerId leader, const Words& say) {
    return leader == kNoBroker ? say("none", "없음") : to_string(leader);
}

/// A replica's "log end offset/high watermark".
std::string replica_text(const Brokers& brokers, const PartitionView& view, BrokerId id, const TopicPartition& tp,
                         const Words& say) {
    const bool is_replica = std::find(view.replicas.begin(), view.replicas.end(), id) != view.replicas.end();
    const auto found = brokers.find(id);
    if (found == brokers.end()) return is_replica ? say("down", "꺼짐") : "-";
    const log::Log* log = found->second->state().replicas.logs().find(tp);
    if (log == nullptr) return is_replica ? "?" : "-";
    return std::to_string(log->log_end_offset()) + "/" + std::to_string(log->high_watermark());
}

std::string few_partitions(const World& world, const Brokers& brokers, const std::vector<BrokerView>& all,
                           const TopicName& topic, const std::set<int32_t>& partitions, const Words& say) {
    Table table;
    std::vector<std::string> head{topic.str(), say("leader", "리더"), "Isr"};
    for (const BrokerView& broker : all) head.push_back(say("broker", "브로커") + " " + std::to_string(broker.id));
    table.row(std::move(head));
    for (const int32_t partition : partitions) {
        const TopicPartition tp{topic, partition};
        const PartitionView view = view_of(world, tp);
        std::vector<std::string> row{"  " + say("partition", "파티션") + " " + std::to_string(partition),
                                     leader_text(view.leader, say), joined(view.isr)};
        for (const BrokerView& broker : all) row.push_back(replica_text(brokers, view, BrokerId{broker.id}, tp, say));
        table.row(std::move(row));
    }
    return table.text("");
}

/// Those with the same leader and Isr in one line: "partitions 0, 2, 4 ...".
std::string many_partitions(const World& world, const TopicName& topic, const std::set<int32_t>& partitions,
                            const Words& say) {
    std::map<std::pair<std::string, std::string>, std::vector<int32_t>> alike;
    for (const int32_t partition : partitions) {
        const PartitionView view = view_of(world, {topic, partition});
        alike[{leader_text(view.leader, say), joined(view.isr)}].push_back(partition);
    }
    Table table;
    table.row({topic.str(), say("leader", "리더"), "Isr"});
    for (const auto& [state, numbers] : alike)
        table.row({"  " + say("", "파티션 ") + std::to_string(numbers.size()) + say(" partitions", "개"), state.first,
                   state.second});
    return table.text("");
}

std::string group_rows(const World& world, const group::GroupMetadata& group, const Words& say) {
    Table table;
    table.row({"  " + say("partition", "파티션"), say("committed", "커밋"), say("end", "끝"), say("lag", "밀림")});
    for (const auto& [tp, committed] : group.offsets) {
        const auto view = committed_offset(world, group.group_id, tp);
        const std::string end = view ? std::to_string(view->end) : "?";
        const std::string lag = view ? std::to_string(view->end - view->committed) : "?";
        table.row({"  " + to_string(tp), std::to_string(committed.value.offset), end, lag});
    }
    return group.offsets.empty() ? "" : table.text("");
}

std::string groups_text(const World& world, const Brokers& brokers, const Words& say) {
    std::string text;
    for (const auto& [id, broker] : brokers) {
        const group::GroupCoordinator& coordinator = broker->state().groups;
        for (const auto& [name, group] : coordinator.groups()) {
            const int32_t partition = coordinator.partition_for(name);
            if (!coordinator.owns(partition) || group.is(group::State::Dead)) continue;
            const std::string members = std::to_string(group.members.size());
            text += "\n" + say("group ", "그룹 ") + name + ": " + std::string(group::name_of(group.state)) + ", " +
                    say(members + (members == "1" ? " member" : " members"), "멤버 " + members + "명") + "\n" +
                    say("  coordinator: broker ", "  코디네이터: 브로커 ") + to_string(id) + " (__consumer_offsets-" +
                    std::to_string(partition) + ")\n" + group_rows(world, group, say);
        }
    }
    return text;
}

}  // namespace

std::vector<BrokerView> look_at_brokers(const World& world, const scenario::Scenario& scenario) {
    std::map<int32_t, BrokerView> views;
    for (const BrokerInstallation& broker : scenario.cluster.brokers) {
        views[broker.id].id = broker.id;
        views[broker.id].port = broker.port;
    }
    const Brokers running = brokers_of(world);
    const auto controller = controller_of(world, running);
    for (const auto& [id, broker] : running) {
        BrokerView& view = views[id.value];
        view.id = id.value;
        view.port = broker->state().config.port();
        view.up = true;
        view.started = broker->started();
        const auto process = world.find("broker-" + to_string(id));
        view.paused = process && world.process(*process).state == ProcessState::Paused;
        view.controller = controller == id;
    }
    std::vector<BrokerView> sorted;
    for (const auto& [id, view] : views) sorted.push_back(view);
    return sorted;
}

std::string describe(const World& world, const scenario::Scenario& scenario, const std::string& language) {
    const Words say{language == "ko"};
    const Brokers brokers = brokers_of(world);
    const std::vector<BrokerView> all = look_at_brokers(world, scenario);
    std::string text = server_rows(world, scenario, say);
    bool with_replicas = false;
    for (const auto& [topic, partitions] : topics_of(world, brokers)) {
        const bool many = partitions.size() > kManyPartitions;
        text += "\n" + (many ? many_partitions(world, topic, partitions, say)
                             : few_partitions(world, brokers, all, topic, partitions, say));
        with_replicas = with_replicas || !many;
    }
    if (with_replicas)
        text += say("(below a broker: its log end offset/high watermark)\n",
                    "(브로커 아래: 그 로그의 log end offset/high watermark)\n");
    return text + groups_text(world, brokers, say);
}

}  // namespace kafkasim::sim::lab
