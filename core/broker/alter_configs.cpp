// SPDX-License-Identifier: Apache-2.0
#include "core/broker/alter_configs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/broker/broker_call.hpp"
#include "core/broker/loggers.hpp"
#include "core/config/dynamic_broker_config.hpp"
#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::broker {
namespace {

using Step = ConfigAlteration::Step;

constexpr int8_t kTopicResource = 2;
constexpr int8_t kBrokerResource = 4;

void refuse(AlteredEntity& entity, ErrorCode error, std::string message) {
    entity.error = error;
    entity.message = std::move(message);
}

bool of_topic(const AlteredEntity& entity) { return entity.type == kTopicResource; }

std::string entity_type(const AlteredEntity& entity) { return of_topic(entity) ? "topics" : "brokers"; }
std::string entity_name(const AlteredEntity& entity) {
    return !of_topic(entity) && entity.name.empty() ? "<default>" : entity.name;
}
std::string config_path(const AlteredEntity& entity) {
    return zookeeper::config_entity_path(entity_type(entity), entity_name(entity));
}
std::string config_text(const AlteredEntity& entity) {
    return zookeeper::encode_config({entity.configs.begin(), entity.configs.end()});
}

bool is_list(std::string_view name) {
    return name == "cleanup.policy" || name == "log.cleanup.policy" || name == "metric.reporters" ||
           name.ends_with("replication.throttled.replicas");
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const size_t comma = text.find(',');
        words.emplace_back(text.substr(0, comma));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return words;
}

std::string default_list(std::string_view name) { return name.ends_with("cleanup.policy") ? "delete" : ""; }

/// Append and subtract.
void change_list(const ConfigChange& change, config::Properties& configs) {
    const auto set = configs.find(change.name);
    std::vector<std::string> words = split_list(set == configs.end() ? default_list(change.name) : set->second);
    for (std::string& word : split_list(change.value.value_or(""))) {
        if (change.operation == ConfigOperation::Append) {
            words.push_back(std::move(word));
        } else if (const auto found = std::find(words.begin(), words.end(), word); found != words.end()) {
            words.erase(found);
        }
    }
    configs.insert_or_assign(change.name, fmt::format("{}", fmt::join(words, ",")));
}

/// What can be said before ZooKeeper is asked.
void check_before(BrokerCall& call, AlteredEntity& entity, bool incremental) {
    std::set<std::string> names;
    std::string doubled;
    std::string nulls;
    constexpr std::string_view kOperations[] = {"SET", "DELETE", "APPEND", "SUBTRACT"};
    for (const ConfigChange& change : entity.changes) {
        if (!names.insert(change.name).second) doubled += (doubled.empty() ? "" : ",") + change.name;
        if (change.value || change.operation == ConfigOperation::Delete) continue;
        nulls += nulls.empty() ? "" : ",";
        if (incremental) nulls += fmt::format("{}:", kOperations[static_cast<size_t>(change.operation)]);
        nulls += change.name;
    }
    if (incremental && !doubled.empty())
        return refuse(entity, ErrorCode::InvalidRequest, "Error due to duplicate config keys : " + doubled);
    if (!nulls.empty()) return refuse(entity, ErrorCode::InvalidRequest, "Null value not supported for : " + nulls);
    if (entity.type != kTopicResource && entity.type != kBrokerResource) {
        return refuse(entity, ErrorCode::InvalidRequest,
                      fmt::format("AlterConfigs is only supported for topics and brokers, but resource type is {}",
                                  int{entity.type}));
    }
    if (of_topic(entity) || entity.name.empty()) return;
    const auto id = config::parse_whole(entity.name);
    if (!id)
        return refuse(entity, ErrorCode::InvalidRequest, "Broker id must be an integer, but it is: " + entity.name);
    if (*id != call.broker_id().value) {
        refuse(entity, ErrorCode::InvalidRequest,
               fmt::format("Unexpected broker id, expected {}, but received {}", call.broker_id().value, entity.name));
    }
}

std::optional<std::string> complaint_about_topic(const AlteredEntity& entity) {
    std::optional<std::string> bad_value;
    for (const auto& [name, value] : entity.configs) {
        auto complaint = config::complaint_about_topic_setting(name, value);
        if (complaint && complaint->starts_with("Unknown topic config name")) return complaint;
        if (complaint && !bad_value) bad_value = std::move(complaint);
    }
    return bad_value;
}

/// The whole new set.
void check_after(BrokerCall& call, AlteredEntity& entity) {
    if (of_topic(entity) && !call.metadata().contains(TopicName(entity.name))) {
        return refuse(entity, ErrorCode::UnknownTopicOrPartition,
                      fmt::format("The topic '{}' does not exist.", entity.name));
    }
    const auto complaint =
        of_topic(entity) ? complaint_about_topic(entity)
                         : config::complaint_about_dynamic_configs(call.config(), entity.configs, !entity.name.empty());
    if (!complaint) return;
    if (complaint->starts_with("Unknown topic config name"))
        return refuse(entity, ErrorCode::InvalidConfig, *complaint);
    refuse(entity, ErrorCode::InvalidRequest,
           fmt::format("Invalid config value for resource ConfigResource(type={}, name='{}'): {}",
                       of_topic(entity) ? "TOPIC" : "BROKER", entity.name, *complaint));
}

void log_update(BrokerCall& call, const AlteredEntity& entity) {
    if (!call.env().logs(node::Level::Info)) return;
    std::string shown;
    for (const auto& [name, value] : entity.configs) shown += (shown.empty() ? "" : ",") + name + " -> " + value;
    const std::string whose = of_topic(entity)      ? "topic " + entity.name
                              : entity.name.empty() ? std::string("brokers")
                                                    : "broker " + entity.name;
    node::info(call.env(), kZkAdminManagerLogger,
               "[Admin Manager on Broker {}]: Updating {} with new configuration : {}", call.broker_id().value, whose,
               shown);
}

void send(BrokerCall& call, uint64_t id, ConfigAlteration& alteration, Step step, protocol::Body&& request) {
    alteration.step = step;
    std::vector<protocol::Body> requests;
    requests.push_back(std::move(request));
    call.zk_call(ZkCaller::AlterConfigs, id, std::move(requests));
}

template <typename Response>
Response response_of(const ConfigAlteration& alteration) {
    Response response;
    for (const AlteredEntity& entity : alteration.entities)
        response.responses.push_back({entity.error, entity.message, entity.type, entity.name});
    return response;
}

void finish(BrokerCall& call, const ConfigAlteration& alteration) {
    if (alteration.incremental) {
        call.respond(alteration.token, response_of<protocol::IncrementalAlterConfigsResponse>(alteration));
    } else {
        call.respond(alteration.token, response_of<protocol::AlterConfigsResponse>(alteration));
    }
}

/// True if the entity's new set is on its way to ZooKeeper.
bool write(BrokerCall& call, uint64_t id, ConfigAlteration& alteration) {
    AlteredEntity& entity = alteration.entities[alteration.current];
    check_after(call, entity);
    if (entity.error != ErrorCode::None || alteration.validate_only) return false;
    log_update(call, entity);
    send(call, id, alteration, Step::Setting, zookeeper::zk_set_data(config_path(entity), config_text(entity)));
    return true;
}

/// Goes on with the entities from the current one; at the end of the list the request is answered.
void go_on(BrokerCall& call, uint64_t id) {
    const auto found = call.state().alterations.going_on.find(id);
    ConfigAlteration& alteration = found->second;
    for (; alteration.current < alteration.entities.size(); ++alteration.current) {
        AlteredEntity& entity = alteration.entities[alteration.current];
        check_before(call, entity, alteration.incremental);
        if (entity.error != ErrorCode::None) continue;
        if (alteration.incremental)
            return send(call, id, alteration, Step::Reading, zookeeper::zk_get_data(config_path(entity), false));
        apply_changes(entity.changes, entity.configs);
        if (write(call, id, alteration)) return;
    }
    const ConfigAlteration done = std::move(alteration);
    call.state().alterations.going_on.erase(found);
    finish(call, done);
}

void next_entity(BrokerCall& call, uint64_t id, ConfigAlteration& alteration) {
    ++alteration.current;
    go_on(call, id);
}

void announce(BrokerCall& call, uint64_t id, ConfigAlteration& alteration) {
    const AlteredEntity& entity = alteration.entities[alteration.current];
    const std::string path = entity_type(entity) + "/" + entity_name(entity);
    send(call, id, alteration, Step::Announcing,
         zookeeper::zk_create(zookeeper::config_change_prefix(), zookeeper::encode_config_change(path),
                              zookeeper::kPersistentSequential));
}

void on_current(BrokerCall& call, uint64_t id, ConfigAlteration& alteration, const protocol::Body& reply) {
    AlteredEntity& entity = alteration.entities[alteration.current];
    entity.configs = overrides_of(reply);
    if (auto failure = apply_changes(entity.changes, entity.configs))
        refuse(entity, failure->error, std::move(failure->message));
    if (entity.error != ErrorCode::None || !write(call, id, alteration)) next_entity(call, id, alteration);
}

}  // namespace

std::optional<ConfigFailure> apply_changes(const std::vector<ConfigChange>& changes, config::Properties& configs) {
    for (const ConfigChange& change : changes) {
        switch (change.operation) {
            case ConfigOperation::Set:
                configs.insert_or_assign(change.name, change.value.value_or(""));
                break;
            case ConfigOperation::Delete:
                configs.erase(change.name);
                break;
            case ConfigOperation::Append:
            case ConfigOperation::Subtract:
                if (!is_list(change.name)) {
                    return ConfigFailure{
                        ErrorCode::InvalidConfig,
                        fmt::format("Config value {} is not allowed for config key: {}",
                                    change.operation == ConfigOperation::Append ? "append" : "subtract", change.name)};
                }
                change_list(change, configs);
                break;
        }
    }
    return std::nullopt;
}

void alter_configs(BrokerCall& call, ConfigAlteration&& alteration) {
    ConfigAlterations& alterations = call.state().alterations;
    const uint64_t id = alterations.next++;
    alterations.going_on.emplace(id, std::move(alteration));
    go_on(call, id);
}

void on_alter_configs_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies) {
    const auto found = call.state().alterations.going_on.find(token);
    if (found == call.state().alterations.going_on.end()) return;
    ConfigAlteration& alteration = found->second;
    AlteredEntity& entity = alteration.entities[alteration.current];
    const int32_t error = zookeeper::error_of(replies.front());
    const bool not_there =
        error == zookeeper::kNoNode && (alteration.step == Step::Reading || alteration.step == Step::Setting);
    if (error != zookeeper::kOk && !not_there) {
        refuse(entity, ErrorCode::UnknownServerError,
               fmt::format("KeeperErrorCode = {} for {}", zookeeper::name_of_error(error), config_path(entity)));
        return next_entity(call, token, alteration);
    }
    switch (alteration.step) {
        case Step::Reading:
            return on_current(call, token, alteration, replies.front());
        case Step::Setting:
            if (not_there) {
                return send(call, token, alteration, Step::Creating,
                            zookeeper::zk_create(config_path(entity), config_text(entity)));
            }
            [[fallthrough]];
        case Step::Creating:
            return announce(call, token, alteration);
        case Step::Announcing:
            return next_entity(call, token, alteration);
    }
}

}  // namespace kafkasim::broker
