// SPDX-License-Identifier: Apache-2.0
// `cluster` and `pin`: what is installed, and which outcomes of chance are fixed.
#include "sim/scenario/fields.hpp"

namespace kafkasim::sim::scenario {

namespace {

constexpr int64_t kHighestBrokerId = 1000;  // reserved.broker.max.id
constexpr int64_t kHighestPort = 65535;
constexpr int64_t kTutorialPorts = 9092;  // broker N is at 9092 + N
constexpr int64_t kMostPartitions = 100000;

class Cluster {
public:
    Cluster(Reading& reading, Scenario& scenario) : reading_(reading), scenario_(scenario) {}

    void read(const Located& value) {
        const Fields fields(reading_, value, kCluster);
        if (const Located* zookeeper = fields["zookeeper"]) {
            const Located* port = Fields(reading_, *zookeeper, kZooKeeper)["port"];
            scenario_.cluster.zookeeper_port =
                static_cast<int32_t>(read_integer(reading_, port, 1, kHighestPort).value_or(2181));
            if (port != nullptr) take_port(*port, scenario_.cluster.zookeeper_port);
        }
        ports_.insert(scenario_.cluster.zookeeper_port);
        if (const Located* brokers = fields["brokers"]) read_brokers_of(*brokers);
        scenario_.running = read_boolean(reading_, fields["running"]).value_or(false);
    }

private:
    void read_brokers_of(const Located& list) {
        if (!list.is(Located::Kind::Array) || list.items.empty())
            return reading_.problem(list, "found " + Reading::kind_of(list), "a list of one or more brokers");
        scenario_.cluster.brokers.clear();
        for (const Located& item : list.items) {
            const Fields fields(reading_, item, kBroker);
            const auto id = read_integer(reading_, fields["id"], 0, kHighestBrokerId);
            const auto port = read_integer(reading_, fields["port"], 1, kHighestPort);
            BrokerInstallation broker;
            broker.config = read_properties(reading_, fields["config"]);
            if (!id) continue;
            broker.id = static_cast<int32_t>(*id);
            broker.port = static_cast<int32_t>(port.value_or(kTutorialPorts + *id));
            take_port(fields.has("port") ? *fields["port"] : item, broker.port);
            if (!ids_.insert(broker.id).second) {
                reading_.problem(*fields["id"], "broker id " + std::to_string(broker.id) + " is given twice");
                continue;
            }
            scenario_.cluster.brokers.push_back(std::move(broker));
        }
    }

    void take_port(const Located& at, int32_t port) {
        if (!ports_.insert(port).second) reading_.problem(at, "port " + std::to_string(port) + " is taken already");
    }

    Reading& reading_;
    Scenario& scenario_;
    std::set<int32_t> ids_;
    std::set<int32_t> ports_;
};

/// One creation of a topic.
PinnedTopic read_creation(Reading& reading, const Fields& fields) {
    PinnedTopic pinned;
    const Located* no_id = fields["id"];  // null: the cluster was one without topic ids
    const bool has_id = no_id != nullptr && !no_id->is(Located::Kind::Null);
    if (const auto id = has_id ? read_text(reading, no_id) : std::nullopt) {
        pinned.id = Uuid::from_text(*id);
        if (!pinned.id)
            reading.problem(*fields["id"], "\"" + *id + "\" is not a topic id",
                            "22 characters of base64url: \"2c7cvTC1QGKy2bu18revoA\"");
    }
    const Located* assignment = fields["assignment"];
    if (assignment == nullptr) return pinned;
    if (!assignment->is(Located::Kind::Array)) {
        reading.problem(*assignment, "found " + Reading::kind_of(*assignment),
                        "a list of replicas for each partition: [[3,1,2],[1,2,3]]");
        return pinned;
    }
    for (const Located& partition : assignment->items) {
        std::vector<BrokerId> replicas;
        for (int32_t id : read_brokers(reading, &partition, BrokerIds::Any)) replicas.push_back(BrokerId{id});
        if (partition.is(Located::Kind::Array) && partition.items.empty())
            reading.problem(partition, "found an empty list",
                            "the replicas of a partition, the preferred leader first");
        pinned.assignment.push_back(std::move(replicas));
    }
    return pinned;
}

void read_pinned_topic(Reading& reading, const LocatedMember& member, Pins& pin) {
    const Fields fields(reading, member.value, kPinnedTopic);
    const TopicName topic(member.key);
    PinnedTopic first = read_creation(reading, fields);
    if (first.id) pin.topic_ids[topic] = *first.id;
    if (!first.assignment.empty()) pin.assignments[topic] = std::move(first.assignment);
    const Located* again = fields["again"];
    if (again == nullptr) return;
    if (!again->is(Located::Kind::Array))
        return reading.problem(*again, "found " + Reading::kind_of(*again), "a list of {\"id\", \"assignment\"}");
    for (const Located& item : again->items)
        pin.again[topic].push_back(read_creation(reading, Fields(reading, item, kPinnedAgain)));
}

}  // namespace

void read_cluster(Reading& reading, const Located* value, Scenario& scenario) {
    if (value != nullptr) Cluster(reading, scenario).read(*value);
    reading.processes.emplace_back("zookeeper");
    for (const BrokerInstallation& broker : scenario.cluster.brokers) {
        reading.processes.push_back("broker-" + std::to_string(broker.id));
        reading.brokers.insert(broker.id);
    }
}

void read_pin(Reading& reading, const Located* value, Pins& pin) {
    if (value == nullptr) return;
    const Fields fields(reading, *value, kPin);
    each_member(reading, fields["topics"], "topic",
                [&](const LocatedMember& member) { read_pinned_topic(reading, member, pin); });
    each_member(reading, fields["sticky"], "topic", [&](const LocatedMember& member) {
        if (!member.value.is(Located::Kind::Array))
            return reading.problem(member.value, "found " + Reading::kind_of(member.value),
                                   "a list of partitions: [0,2,1]");
        for (const Located& item : member.value.items) {
            if (const auto partition = read_integer(reading, &item, 0, kMostPartitions))
                pin.sticky[TopicName(member.key)].push_back(static_cast<int32_t>(*partition));
        }
    });
    // The same broker may be controller again, so this list is not one of replicas.
    const Located* controllers = fields["controllers"];
    if (controllers == nullptr) return;
    if (!controllers->is(Located::Kind::Array))
        return reading.problem(*controllers, "found " + Reading::kind_of(*controllers), "a list of broker ids: [1, 3]");
    for (const Located& item : controllers->items) {
        const auto id = read_integer(reading, &item, 0, kHighestBrokerId);
        if (id && !reading.brokers.contains(static_cast<int32_t>(*id)))
            reading.problem(item, "the cluster has no broker " + std::to_string(*id));
        if (id) pin.controllers.push_back(BrokerId{static_cast<int32_t>(*id)});
    }
}

}  // namespace kafkasim::sim::scenario
