// SPDX-License-Identifier: Apache-2.0
#include "core/zookeeper/znodes.hpp"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "core/base/java.hpp"

namespace kafkasim::zookeeper {

namespace {

using Json = nlohmann::json;

Json parse(std::string_view text) { return Json::parse(text, nullptr, false); }

template <typename Number>
std::optional<Number> to_number(std::string_view text) {
    Number value{};
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

/// A whole number, or one written as text ("timestamp":"1795351829498"); nullopt if there is none.
std::optional<int64_t> number_at(const Json& object, const char* key) {
    if (!object.is_object()) return std::nullopt;
    const auto found = object.find(key);
    if (found == object.end()) return std::nullopt;
    if (found->is_number_integer()) return found->get<int64_t>();
    if (found->is_string()) return to_number<int64_t>(found->get_ref<const std::string&>());
    return std::nullopt;
}

std::optional<std::string> text_at(const Json& object, const char* key) {
    if (!object.is_object()) return std::nullopt;
    const auto found = object.find(key);
    if (found == object.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

std::optional<std::vector<BrokerId>> ids_of(const Json& array) {
    if (!array.is_array()) return std::nullopt;
    std::vector<BrokerId> ids;
    for (const Json& each : array) {
        if (!each.is_number_integer()) return std::nullopt;
        ids.push_back(BrokerId{each.get<int32_t>()});
    }
    return ids;
}

const Json* member(const Json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

std::vector<int32_t> hashes_of(const std::vector<std::string>& keys) {
    std::vector<int32_t> hashes;
    for (const std::string& key : keys) hashes.push_back(java::string_hash(key));
    return hashes;
}

using ReplicasOf = const std::vector<BrokerId>& (*)(const ReplicaAssignment&);

/// {"0":[3,1,2],...} of those partitions that have such replicas, in the order of a Scala mutable map of texts.
std::string replicas_json(const std::map<int32_t, ReplicaAssignment>& partitions, bool also_empty,
                          ReplicasOf replicas_of) {
    std::vector<std::string> keys;
    std::vector<std::string> entries;
    for (const auto& [partition, assignment] : partitions) {
        const std::vector<BrokerId>& replicas = replicas_of(assignment);
        if (replicas.empty() && !also_empty) continue;
        keys.push_back(fmt::format("{}", partition));
        entries.push_back(fmt::format("\"{}\":[{}]", partition, join(replicas)));
    }
    std::string text;
    for (size_t index : java::scala_mutable_order(hashes_of(keys))) text += (text.empty() ? "" : ",") + entries[index];
    return "{" + text + "}";
}

bool read_replicas(const Json* object, std::map<int32_t, ReplicaAssignment>& partitions,
                   std::vector<BrokerId> ReplicaAssignment::*field) {
    if (object == nullptr) return true;
    if (!object->is_object()) return false;
    for (const auto& [key, value] : object->items()) {
        const auto partition = to_number<int32_t>(key);
        auto ids = ids_of(value);
        if (!partition || !ids) return false;
        partitions[*partition].*field = std::move(*ids);
    }
    return true;
}

std::optional<TopicPartition> partition_at(const Json& entry) {
    const auto topic = text_at(entry, "topic");
    const auto partition = number_at(entry, "partition");
    if (!topic || !partition) return std::nullopt;
    return TopicPartition{TopicName(*topic), static_cast<int32_t>(*partition)};
}

}  // namespace

std::string json_string(std::string_view text) {
    return Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// --- paths

const std::vector<std::string>& top_level_paths() {
    static const std::vector<std::string> paths{"/consumers",
                                                "/brokers/ids",
                                                "/brokers/topics",
                                                "/config/changes",
                                                "/admin/delete_topics",
                                                "/brokers/seqid",
                                                "/isr_change_notification",
                                                "/latest_producer_id_block",
                                                "/log_dir_event_notification",
                                                "/config/topics",
                                                "/config/clients",
                                                "/config/users",
                                                "/config/brokers",
                                                "/config/ips"};
    return paths;
}

std::string broker_path(BrokerId broker) { return fmt::format("{}/{}", kBrokerIdsPath, broker.value); }
std::string topic_path(std::string_view topic) { return fmt::format("{}/{}", kTopicsPath, topic); }
std::string topic_partitions_path(std::string_view topic) {
    return fmt::format("{}/{}/partitions", kTopicsPath, topic);
}
std::string partition_path(const TopicPartition& tp) {
    return fmt::format("{}/{}/partitions/{}", kTopicsPath, tp.topic.view(), tp.partition);
}
std::string partition_state_path(const TopicPartition& tp) { return partition_path(tp) + "/state"; }
std::string delete_topic_path(std::string_view topic) { return fmt::format("{}/{}", kDeleteTopicsPath, topic); }
std::string config_entity_path(std::string_view type, std::string_view entity) {
    return fmt::format("{}/{}/{}", kConfigPath, type, entity);
}
std::string log_dir_event_prefix() { return fmt::format("{}/log_dir_event_", kLogDirEventNotificationPath); }

std::string encode_log_dir_event(BrokerId broker) {
    constexpr int kLogDirFailure = 1;
    return fmt::format(R"({{"version":1,"broker":{},"event":{}}})", broker.value, kLogDirFailure);
}

std::optional<BrokerId> decode_log_dir_event(std::string_view data) {
    const Json json = Json::parse(data, nullptr, false);
    if (!json.is_object() || !json.contains("broker") || !json["broker"].is_number_integer()) return std::nullopt;
    return BrokerId{json["broker"].get<int32_t>()};
}

std::string isr_change_prefix() { return fmt::format("{}/isr_change_", kIsrChangeNotificationPath); }

std::string config_change_prefix() { return fmt::format("{}/config_change_", kConfigChangesPath); }

std::optional<int64_t> sequence_of(std::string_view name) {
    const size_t underscore = name.rfind('_');
    if (underscore == std::string_view::npos) return std::nullopt;
    return to_number<int64_t>(name.substr(underscore + 1));
}

std::string parent_path(std::string_view path) {
    const size_t slash = path.rfind('/');
    if (slash == std::string_view::npos || path.size() == 1) return "";
    return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string last_element(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

// --- /brokers/ids/N

std::string encode_broker(const BrokerInfo& broker) {
    const std::string rack = broker.rack ? fmt::format("\"rack\":{},", json_string(*broker.rack)) : "";
    return fmt::format(
        R"({{"features":{{}},"listener_security_protocol_map":{{"PLAINTEXT":"PLAINTEXT"}},"endpoints":["PLAINTEXT://{}:{}"],{}"jmx_port":-1,"port":{},"host":{},"version":5,"timestamp":"{}"}})",
        broker.host, broker.port, rack, broker.port, json_string(broker.host), broker.timestamp_ms);
}

std::optional<BrokerInfo> decode_broker(BrokerId id, std::string_view text) {
    const Json json = parse(text);
    const auto host = text_at(json, "host");
    const auto port = number_at(json, "port");
    if (!host || !port) return std::nullopt;
    return BrokerInfo{id, *host, static_cast<int32_t>(*port), number_at(json, "timestamp").value_or(-1),
                      text_at(json, "rack")};
}

// --- /controller, /controller_epoch, /cluster/id

std::string encode_controller(const ControllerInfo& controller) {
    return fmt::format(R"({{"version":1,"brokerid":{},"timestamp":"{}"}})", controller.broker.value,
                       controller.timestamp_ms);
}

std::optional<ControllerInfo> decode_controller(std::string_view text) {
    const Json json = parse(text);
    const auto broker = number_at(json, "brokerid");
    if (!broker) return std::nullopt;
    return ControllerInfo{BrokerId{static_cast<int32_t>(*broker)}, number_at(json, "timestamp").value_or(-1)};
}

std::string encode_controller_epoch(int32_t epoch) { return fmt::format("{}", epoch); }
std::optional<int32_t> decode_controller_epoch(std::string_view text) { return to_number<int32_t>(text); }

std::string encode_cluster_id(std::string_view cluster_id) {
    return fmt::format(R"({{"version":"1","id":{}}})", json_string(cluster_id));
}
std::optional<std::string> decode_cluster_id(std::string_view text) { return text_at(parse(text), "id"); }

// --- topics and partitions

std::string encode_topic(const TopicAssignment& topic) {
    const auto all = [](const ReplicaAssignment& each) -> const std::vector<BrokerId>& { return each.replicas; };
    const auto adding = [](const ReplicaAssignment& each) -> const std::vector<BrokerId>& { return each.adding; };
    const auto removing = [](const ReplicaAssignment& each) -> const std::vector<BrokerId>& { return each.removing; };
    const std::string id = topic.topic_id.is_zero() ? "" : fmt::format(R"("topic_id":"{}",)", topic.topic_id.text());
    return fmt::format(R"({{"partitions":{},{}"adding_replicas":{},"removing_replicas":{},"version":3}})",
                       replicas_json(topic.partitions, true, all), id, replicas_json(topic.partitions, false, adding),
                       replicas_json(topic.partitions, false, removing));
}

std::optional<TopicAssignment> decode_topic(std::string_view text) {
    const Json json = parse(text);
    const Json* partitions = member(json, "partitions");
    TopicAssignment topic;
    if (partitions == nullptr || !read_replicas(partitions, topic.partitions, &ReplicaAssignment::replicas))
        return std::nullopt;
    if (!read_replicas(member(json, "adding_replicas"), topic.partitions, &ReplicaAssignment::adding))
        return std::nullopt;
    if (!read_replicas(member(json, "removing_replicas"), topic.partitions, &ReplicaAssignment::removing))
        return std::nullopt;
    if (const auto id = text_at(json, "topic_id")) topic.topic_id = Uuid::from_text(*id).value_or(Uuid{});
    return topic;
}

std::string encode_partition_state(const LeaderAndIsr& state, int32_t controller_epoch) {
    return fmt::format(R"({{"controller_epoch":{},"leader":{},"version":1,"leader_epoch":{},"isr":[{}]}})",
                       controller_epoch, state.leader.value, state.leader_epoch, join(state.isr));
}

std::optional<PartitionState> decode_partition_state(std::string_view text, int32_t zk_version) {
    const Json json = parse(text);
    const auto leader = number_at(json, "leader");
    const auto epoch = number_at(json, "leader_epoch");
    const auto controller_epoch = number_at(json, "controller_epoch");
    const Json* isr = member(json, "isr");
    if (!leader || !epoch || !controller_epoch || isr == nullptr) return std::nullopt;
    auto ids = ids_of(*isr);
    if (!ids) return std::nullopt;
    PartitionState state;
    state.leader_and_isr = {BrokerId{static_cast<int32_t>(*leader)}, static_cast<int32_t>(*epoch), std::move(*ids),
                            zk_version};
    state.controller_epoch = static_cast<int32_t>(*controller_epoch);
    return state;
}

// --- configs

/// The entries of "config" in the order of a java.util.Properties.
std::string encode_config(const ConfigOverrides& config) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : config) keys.push_back(key);
    std::string entries;
    for (size_t index : java::hash_map_order(hashes_of(keys))) {
        entries += fmt::format("{}{}:{}", entries.empty() ? "" : ",", json_string(keys[index]),
                               json_string(config.at(keys[index])));
    }
    return fmt::format(R"({{"version":1,"config":{{{}}}}})", entries);
}

std::optional<ConfigOverrides> decode_config(std::string_view text) {
    const Json json = parse(text);
    const Json* config = member(json, "config");
    if (config == nullptr || !config->is_object()) return std::nullopt;
    ConfigOverrides overrides;
    for (const auto& [key, value] : config->items()) {
        if (!value.is_string()) return std::nullopt;
        overrides[key] = value.get<std::string>();
    }
    return overrides;
}

std::string encode_config_change(std::string_view entity_path) {
    return fmt::format(R"({{"version":2,"entity_path":{}}})", json_string(entity_path));
}
std::optional<std::string> decode_config_change(std::string_view text) { return text_at(parse(text), "entity_path"); }

// --- the rest

std::string encode_feature() { return R"({"features":{},"version":1,"status":1})"; }
bool features_enabled(std::string_view feature) { return number_at(parse(feature), "status") == 1; }

std::string encode_producer_id_block(const ProducerIdBlock& block) {
    return fmt::format(R"({{"version":1,"broker":{},"block_start":"{}","block_end":"{}"}})", block.broker.value,
                       block.first, block.last);
}

std::optional<ProducerIdBlock> decode_producer_id_block(std::string_view text) {
    const Json json = parse(text);
    const auto broker = number_at(json, "broker");
    const auto first = number_at(json, "block_start");
    const auto last = number_at(json, "block_end");
    if (!broker || !first || !last) return std::nullopt;
    return ProducerIdBlock{BrokerId{static_cast<int32_t>(*broker)}, *first, *last};
}

std::string encode_partitions(const std::vector<TopicPartition>& partitions) {
    std::string entries;
    for (const TopicPartition& tp : partitions) {
        entries += fmt::format(R"({}{{"topic":{},"partition":{}}})", entries.empty() ? "" : ",",
                               json_string(tp.topic.view()), tp.partition);
    }
    return fmt::format(R"({{"version":1,"partitions":[{}]}})", entries);
}

std::optional<std::vector<TopicPartition>> decode_partitions(std::string_view text) {
    const Json json = parse(text);
    const Json* entries = member(json, "partitions");
    if (entries == nullptr || !entries->is_array()) return std::nullopt;
    std::vector<TopicPartition> partitions;
    for (const Json& entry : *entries) {
        const auto tp = partition_at(entry);
        if (!tp) return std::nullopt;
        partitions.push_back(*tp);
    }
    return partitions;
}

std::optional<std::map<TopicPartition, std::vector<BrokerId>>> decode_reassignment(std::string_view text) {
    const Json json = parse(text);
    const Json* entries = member(json, "partitions");
    if (entries == nullptr || !entries->is_array()) return std::nullopt;
    std::map<TopicPartition, std::vector<BrokerId>> reassignment;
    for (const Json& entry : *entries) {
        const auto tp = partition_at(entry);
        const Json* replicas = member(entry, "replicas");
        auto ids = replicas == nullptr ? std::nullopt : ids_of(*replicas);
        if (!tp || !ids) return std::nullopt;
        reassignment[*tp] = std::move(*ids);
    }
    return reassignment;
}

}  // namespace kafkasim::zookeeper
