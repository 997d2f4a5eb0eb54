// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "core/broker/handlers.hpp"
#include "core/broker/topic_name.hpp"
#include "core/config/dynamic_broker_config.hpp"

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

/// What has no value, or a value that is not told.
void hide_value(Entry& entry, bool sensitive) {
    entry.is_sensitive = sensitive;
    if (sensitive || entry.value == "null") entry.value.reset();
    if (!sensitive) return;
    for (auto& synonym : entry.synonyms) synonym.value.reset();
}

using Keys = std::optional<std::vector<std::string>>;

bool asked_for(const Keys& keys, const std::string& name) {
    return !keys || std::find(keys->begin(), keys->end(), name) != keys->end();
}

void fill(Result& result, const std::vector<config::ConfigEntry>& entries, const Keys& keys, bool synonyms) {
    for (const config::ConfigEntry& entry : entries) {
        if (asked_for(keys, entry.name)) result.configs.push_back(entry_of(entry, synonyms));
    }
}

void fill(Result& result, const std::vector<config::BrokerConfigEntry>& entries, const Keys& keys, bool synonyms) {
    for (const config::BrokerConfigEntry& each : entries) {
        if (!asked_for(keys, each.entry.name)) continue;
        result.configs.push_back(entry_of(each.entry, synonyms));
        result.configs.back().read_only = each.read_only;
        hide_value(result.configs.back(), each.sensitive);
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
                 request.include_synonyms);
        } else if (resource.resource_type == kTopicResource) {
            const auto illegal = complaint_about_topic_name(resource.resource_name);
            result.error_code = illegal ? ErrorCode::InvalidTopicException : ErrorCode::UnknownTopicOrPartition;
            result.error_message = illegal.value_or("");
        } else if (resource.resource_type == kBrokerResource &&
                   (resource.resource_name.empty() ||
                    resource.resource_name == std::to_string(call.broker_id().value))) {
            // No name: what all brokers have by default, as this one knows it.
            const auto entries = resource.resource_name.empty() ? config::describe_default_broker_config(call.config())
                                                                : config::describe_broker_config(call.config());
            fill(result, entries, resource.configuration_keys, request.include_synonyms);
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
