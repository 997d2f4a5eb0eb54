// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/schema.hpp"

#include <nlohmann/json.hpp>

#include "core/broker/replication_rules.hpp"
#include "sim/invariants/invariants.hpp"
#include "sim/scenario/keys.hpp"

namespace kafkasim::sim::scenario {

namespace {

using Json = nlohmann::ordered_json;

/// Kinds of values that several keys share, and that are no objects with keys of their own.
struct SharedType {
    std::string_view name;
    std::string_view schema;  // JSON
};

constexpr SharedType kShared[] = {
    {"text", R"({"description":"A text, or one in several languages.","anyOf":[{"type":"string"},
        {"type":"object","propertyNames":{"pattern":"^[a-z]{2}$"},"additionalProperties":{"type":"string"}}]})"},
    {"time",
     R"({"description":"A time with its unit: ms, s, m or h.","type":"string","pattern":"^[0-9]{1,9}(ms|s|m|h)$","examples":["500ms","20s","5m"]})"},
    {"signed_time",
     R"({"description":"A time, or minus a time.","type":"string","pattern":"^-?[0-9]{1,9}(ms|s|m|h)$","examples":["5s","-5s"]})"},
    {"process",
     R"({"description":"zookeeper, or broker-1, broker-2, ... of the cluster; controller, or the leader of a partition; a name that a step before has given by `as`; for the network also a program such as kafka-topics.sh.",
        "anyOf":[{"type":"string","examples":["zookeeper","broker-1","controller"]},{"$ref":"#/$defs/leader_of"}]})"},
    {"hosts",
     R"({"description":"Two or more processes.","type":"array","minItems":2,"items":{"$ref":"#/$defs/process"}})"},
    {"line", R"({"description":"A line to type; with a time: wait, then type.","anyOf":[{"type":"string"},
        {"type":"array","prefixItems":[{"$ref":"#/$defs/time"},{"type":"string"}],"items":false,"minItems":2}]})"},
    {"lines",
     R"({"description":"Lines to type.","anyOf":[{"type":"string"},{"type":"array","items":{"$ref":"#/$defs/line"}}]})"},
    {"number_by_partition",
     R"({"description":"Topic, partition, number.","type":"object","additionalProperties":{"type":"object",
        "propertyNames":{"pattern":"^[0-9]+$"},"additionalProperties":{"type":"integer"}}})"},
    {"brokers_by_partition",
     R"({"description":"Topic, partition, list of broker ids.","type":"object","additionalProperties":{"type":"object",
        "propertyNames":{"pattern":"^[0-9]+$"},"additionalProperties":{"type":"array","items":{"type":"integer"}}}})"},
    {"offset_by_group",
     R"({"description":"Group, topic, partition, number.","type":"object","additionalProperties":{"$ref":"#/$defs/number_by_partition"}})"},
};

Json property_of(const Key& key) {
    Json type = Json::parse("{" + std::string(key.type) + "}", nullptr, false);
    Json property;
    property["description"] = std::string(key.about);
    property.update(type);
    return property;
}

Json object_of(const ObjectType& type) {
    Json object;
    object["description"] = std::string(type.about);
    object["type"] = "object";
    Json properties = Json::object(), required = Json::array(), beside = Json::object(), beside_one = Json::object();
    for (const Key& key : type.keys) {
        const std::string name(key.name);
        properties[name] = property_of(key);
        if (key.required) required.push_back(name);
        const auto keys = beside_of(key);
        if (keys.size() == 1) beside[name] = keys;
        for (size_t i = 0; keys.size() > 1 && i < keys.size(); ++i)
            beside_one[name]["anyOf"].push_back({{"required", Json::array({keys[i]})}});
    }
    object["properties"] = std::move(properties);
    if (!required.empty()) object["required"] = std::move(required);
    if (!beside.empty()) object["dependentRequired"] = std::move(beside);
    if (!beside_one.empty()) object["dependentSchemas"] = std::move(beside_one);
    object["additionalProperties"] = false;
    if (&type != &kStep) return object;
    Json one_of_them = Json::array();
    for (std::string_view verb : verbs()) one_of_them.push_back({{"required", Json::array({std::string(verb)})}});
    object["anyOf"] = std::move(one_of_them);
    return object;
}

/// By rule set: names of invariants.
Json breaks_type() {
    Json names = Json::array(), rules = Json::array();
    for (std::string_view name : invariants::invariant_names()) names.push_back(name);
    for (std::string_view rule_set : broker::rule_set_names()) rules.push_back(rule_set);
    Json type;
    type["description"] = "By rule set: the invariants that break under it.";
    type["type"] = "object";
    type["propertyNames"] = {{"enum", std::move(rules)}};
    type["additionalProperties"] = {{"type", "array"}, {"items", {{"enum", std::move(names)}}}};
    return type;
}

}  // namespace

std::string schema_text() {
    Json schema;
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    schema["title"] = "kafkasim scenario";
    schema.update(object_of(kFile));
    Json definitions = Json::object();
    for (const ObjectType* type : object_types()) {
        if (!type->name.empty()) definitions[std::string(type->name)] = object_of(*type);
    }
    for (const SharedType& shared : kShared)
        definitions[std::string(shared.name)] = Json::parse(shared.schema, nullptr, false);
    definitions["breaks"] = breaks_type();
    schema["$defs"] = std::move(definitions);
    return schema.dump(2) + "\n";
}

}  // namespace kafkasim::sim::scenario
