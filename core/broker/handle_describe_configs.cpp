// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "core/broker/handlers.hpp"

namespace kafkasim::broker {

namespace {

using Result = protocol::DescribeConfigsResponse::DescribeConfigsResult;
using Entry = protocol::DescribeConfigsResponse::DescribeConfigsResourceResult;

constexpr int8_t kTopicResource = 2;
constexpr int8_t kBrokerResource = 4;

Entry entry_of(const config::ConfigEntry& setting, bool synonyms) {
    Entry entry;
    entry.name = setting.name;
    entry.value = setting.value;
    entry.config_source = static_cast<int8_t>(setting.source);
    if (!synonyms) return entry;
    for (const auto& synonym : setting.synonyms)
        entry.synonyms.push_back({synonym.name, synonym.value, static_cast<int8_t>(synonym.source)});
    return entry;
}

/// A broker's settings as they stand in its file or by default. Simplified: in the order of their declaration here, without dynamic values.
std::vector<config::ConfigEntry> broker_entries(const config::BrokerConfig& broker) {
    std::vector<config::ConfigEntry> entries;
    for (const config::Setting& setting : config::broker_settings()) {
        config::ConfigEntry entry;
        entry.name = std::string(setting.name);
        const auto set = broker.static_properties.find(setting.name);
        const bool is_set = set != broker.static_properties.end();
        entry.source = is_set ? config::ConfigSource::StaticBrokerConfig : config::ConfigSource::DefaultConfig;
        entry.value = is_set ? set->second : setting.default_value;
        entry.synonyms.push_back({entry.name, entry.value, entry.source});
        entries.push_back(std::move(entry));
    }
    return entries;
}

void fill(Result& result, const std::vector<config::ConfigEntry>& entries,
          const std::optional<std::vector<std::string>>& keys, bool synonyms, bool read_only) {
    for (const config::ConfigEntry& entry : entries) {
        if (keys && std::find(keys->begin(), keys->end(), entry.name) == keys->end()) continue;
        result.configs.push_back(entry_of(entry, synonyms));
        result.configs.back().read_only = read_only;
    }
}

}  // namespace

// A topic's overrides are read in ZooKeeper each time. Kafka 3.0.0: kafka.server.ConfigHelper.describeConfigs.
void handle_describe_configs(BrokerCall& call, const node::RequestContext& context,
                             protocol::DescribeConfigsRequest&& request) {
    std::vector<TopicName> topics;
    for (const auto& resource : request.resources) {
        const TopicName topic(resource.resource_name);
        if (resource.resource_type == kTopicResource && call.metadata().contains(topic)) topics.push_back(topic);
    }
    if (topics.empty()) return finish_describe_configs(call, context, request, {});
    park_for_topic_configs(call, context, std::move(request), std::move(topics));
}

void finish_describe_configs(BrokerCall& call, const node::RequestContext& context,
                             const protocol::DescribeConfigsRequest& request, const TopicOverrides& overrides) {
    protocol::DescribeConfigsResponse response;
    for (const auto& resource : request.resources) {
        Result& result = response.results.emplace_back();
        result.resource_type = resource.resource_type;
        result.resource_name = resource.resource_name;
        const auto found = overrides.find(TopicName(resource.resource_name));
        if (resource.resource_type == kTopicResource && found != overrides.end()) {
            fill(result, config::describe_topic_config(call.config(), found->second), resource.configuration_keys,
                 request.include_synonyms, false);
        } else if (resource.resource_type == kTopicResource) {
            result.error_code = ErrorCode::UnknownTopicOrPartition;
        } else if (resource.resource_type == kBrokerResource &&
                   (resource.resource_name.empty() ||
                    resource.resource_name == std::to_string(call.broker_id().value))) {
            // No name: the cluster-wide dynamic default, of which there is none.
            if (!resource.resource_name.empty())
                fill(result, broker_entries(call.config()), resource.configuration_keys, request.include_synonyms,
                     true);
        } else {
            result.error_code = ErrorCode::InvalidRequest;
            result.error_message =
                resource.resource_type == kBrokerResource
                    ? fmt::format("Unexpected broker id, expected {} or empty string, but received {}",
                                  call.broker_id().value, resource.resource_name)
                    : fmt::format("Unsupported resource type: {}", int{resource.resource_type});
        }
    }
    call.respond(context.token, std::move(response));
}

}  // namespace kafkasim::broker
