// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/schema.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/scenario/keys.hpp"
#include "sim/scenario/reader.hpp"
#include "tests/catch.hpp"

using namespace kafkasim::sim::scenario;

namespace {

void collect_references(const nlohmann::json& schema, std::set<std::string>& references) {
    if (schema.is_object() && schema.contains("$ref")) references.insert(schema["$ref"].get<std::string>());
    if (schema.is_structured()) {
        for (const auto& item : schema) collect_references(item, references);
    }
}

}  // namespace

TEST_CASE("every key that the reader knows is in the schema, and no other") {
    const auto schema = nlohmann::json::parse(schema_text(), nullptr, false);
    REQUIRE(schema.is_object());
    for (const ObjectType* type : object_types()) {
        INFO(type->name);
        const auto& object = type->name.empty() ? schema : schema["$defs"][std::string(type->name)];
        std::set<std::string> in_schema, in_reader;
        for (const auto& [key, value] : object["properties"].items()) in_schema.insert(key);
        for (std::string_view key : names_of(*type)) in_reader.emplace(key);
        CHECK(in_schema == in_reader);
        CHECK(object["additionalProperties"] == false);
    }
}

TEST_CASE("every reference of the schema leads somewhere, and every definition is used") {
    const auto schema = nlohmann::json::parse(schema_text(), nullptr, false);
    std::set<std::string> references, definitions;
    collect_references(schema, references);
    for (const auto& [name, value] : schema["$defs"].items()) definitions.insert("#/$defs/" + name);
    CHECK(references == definitions);
}

TEST_CASE("every key says what it means and has a type") {
    const auto schema = nlohmann::json::parse(schema_text(), nullptr, false);
    for (const ObjectType* type : object_types()) {
        const auto& object = type->name.empty() ? schema : schema["$defs"][std::string(type->name)];
        for (const auto& [key, value] : object["properties"].items()) {
            INFO(type->name << " " << key);
            CHECK_FALSE(value["description"].get<std::string>().empty());
            CHECK((value.contains("type") || value.contains("$ref") || value.contains("anyOf") ||
                   value.contains("enum")));
        }
    }
}

TEST_CASE("every key of a step is read: a value of no kind at all is a problem under each") {
    for (std::string_view key : names_of(kStep)) {
        if (key == "seen" || key == "volatile") continue;  // not read
        INFO(key);
        const bool verb = std::find(verbs().begin(), verbs().end(), key) != verbs().end();
        const std::string step =
            "{\"" + std::string(key) + "\": -1.5" + (verb ? "" : ", \"run\": \"x\", \"ask\": \"y\"") + "}";
        const bool same_key = key == "ask";
        const auto result =
            read_scenario("{\"steps\": [" + (same_key ? "{\"ask\": -1.5, \"run\": \"x\"}" : step) + "]}", "x.json");
        bool complained = false;
        for (const Problem& problem : result.problems)
            complained = complained || problem.found == "found a number that is not whole";
        CHECK(complained);
    }
}
