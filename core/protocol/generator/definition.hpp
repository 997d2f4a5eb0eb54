// SPDX-License-Identifier: Apache-2.0
//
// What a .msg file says, as values, and the reader that makes them. The form is described in
// core/protocol/messages/README.md. All mistakes of a file are reported at once, each as "file:line: sentence".
// Called by the generator program at build time and by its tests; not part of kafkasim_core.
//
// Facts kept: the attributes of the schema files of Apache Kafka 3.0.0 (clients/src/main/resources/common/message).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::protocol::generator {

// "4+" = {4, unbounded}, "0-7", "3" = {3, 3}, "none" = {0, -1}.
struct Versions {
    static constexpr int kUnbounded = 32767;
    int lowest = 0;
    int highest = -1;

    bool contains(int version) const { return lowest <= version && version <= highest; }
    friend bool operator==(const Versions&, const Versions&) = default;
};

std::optional<Versions> parse_versions(std::string_view text);

struct Field {
    int line = 0;
    std::string name;  // Kafka's spelling: "ThrottleTimeMs"
    std::string type;  // element type, without the "[]"
    bool is_array = false;
    Versions versions;
    Versions nullable;
    std::optional<std::string> default_value;
    int tag = -1;
    Versions tagged_versions;
    std::string entity_type;
    bool ignorable = false;
    bool map_key = false;
    bool zero_copy = false;
    std::vector<Field> fields;  // of the struct type that this field introduces
};

struct Struct {
    int line = 0;
    std::string name;
    Versions versions;
    std::vector<Field> fields;
    std::vector<Struct> commons;  // structs that several fields of this message use
};

enum class Role { Request, Response, Event, Data };

// One C++ struct at namespace level: FetchRequest, ZkWatchEvent, ConsumerProtocolAssignment.
struct MessageDefinition {
    Role role = Role::Data;
    int api_key = -1;  // -1 for Data
    std::string api_name;
    Versions valid_versions;
    Versions flexible_versions;
    std::vector<std::string> listeners;
    Struct body;
};

struct Definitions {
    std::string stem;  // "fetch" of "fetch.msg"
    std::vector<MessageDefinition> messages;
};

struct ParseResult {
    Definitions definitions;
    std::vector<std::string> errors;
};

ParseResult parse(std::string_view file_name, std::string_view text);

bool is_primitive(std::string_view type);

}  // namespace kafkasim::protocol::generator
