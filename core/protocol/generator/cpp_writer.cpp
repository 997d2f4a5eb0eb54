// SPDX-License-Identifier: Apache-2.0
#include "core/protocol/generator/cpp_writer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace kafkasim::protocol::generator {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr std::string_view kGenerated =
    "// SPDX-License-Identifier: Apache-2.0\n"
    "// Made by core/protocol/generator from core/protocol/messages/{}; do not edit.\n"
    "// Layouts follow Apache Kafka 3.0.0 (NOTICE): fields of version {}.\n";

std::string element_type(const Field& field) {
    if (field.type == "string") return field.entity_type == "topicName" ? "TopicName" : "std::string";
    if (field.type == "int32" && field.entity_type == "brokerId") return "BrokerId";
    if (field.type == "int16" && field.name.ends_with("ErrorCode")) return "ErrorCode";
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTypes = {{
        {"bool", "bool"},
        {"int8", "std::int8_t"},
        {"int16", "std::int16_t"},
        {"int32", "std::int32_t"},
        {"int64", "std::int64_t"},
        {"uuid", "Uuid"},
        {"bytes", "std::string"},
        {"records", "RecordBatches"},
    }};
    for (const auto& [kafka, cpp] : kTypes) {
        if (kafka == field.type) return std::string(cpp);
    }
    return field.type;
}

bool holds_records(const MessageDefinition& message) {
    const auto is_records = [&](const Field& field) { return field.type == "records" && is_present(field, message); };
    const auto any = [&](const std::vector<Field>& fields) {
        return std::any_of(fields.begin(), fields.end(), is_records);
    };
    const auto nested = nested_structs(message);
    return any(message.body.fields) ||
           std::any_of(nested.begin(), nested.end(), [&](const NestedStruct& s) { return any(*s.fields); });
}

// Depth first: children, then the struct itself.
void collect(const std::vector<Field>& fields, const MessageDefinition& message, std::vector<NestedStruct>& out) {
    for (const Field& field : fields) {
        if (!is_present(field, message) || is_primitive(field.type)) continue;
        const std::vector<Field>* members = field.fields.empty() ? nullptr : &field.fields;
        for (const Struct& common : message.body.commons) {
            if (common.name == field.type) members = &common.fields;
        }
        if (members == nullptr) continue;
        const bool known = std::any_of(out.begin(), out.end(), [&](const auto& s) { return s.name == field.type; });
        if (known) continue;
        collect(*members, message, out);
        out.push_back({field.type, members});
    }
}

void write_struct_body(std::string& out, const std::vector<Field>& fields, const MessageDefinition& message,
                       std::string_view name, std::string_view indent) {
    for (const Field& field : fields) {
        if (!is_present(field, message)) continue;
        out += fmt::format("{}{} {}{};\n", indent, cpp_type(field, message), snake_case(field.name),
                           cpp_default(field, message));
    }
    out += fmt::format("\n{0}friend bool operator==(const {1}&, const {1}&) = default;\n", indent, name);
}

void write_struct(std::string& out, const MessageDefinition& message) {
    const std::string& name = message.body.name;
    out += fmt::format("\nstruct {} {{\n", name);
    for (const NestedStruct& nested : nested_structs(message)) {
        out += fmt::format("  struct {} {{\n", nested.name);
        write_struct_body(out, *nested.fields, message, nested.name, "    ");
        out += "  };\n\n";
    }
    write_struct_body(out, message.body.fields, message, name, "  ");
    out += "};\n\n";
    out += fmt::format("void to_json_text(std::string& out, const {}& value);\n", name);
    out += fmt::format("void hash_into(std::uint64_t& h, const {}& value);\n", name);
}

// One statement list over the fields, shared by the JSON view and the hash.
void write_json_function(std::string& out, const std::vector<Field>& fields, const MessageDefinition& message,
                         std::string_view qualified) {
    out += fmt::format("void to_json_text(std::string& out, const {}& value) {{\n", qualified);
    std::string separator = "{";
    for (const Field& field : fields) {
        if (!is_present(field, message)) continue;
        out += fmt::format("  out += \"{}\\\"{}\\\":\";\n", separator, camel_case(field.name));
        out += fmt::format("  append_json(out, value.{});\n", snake_case(field.name));
        separator = ",";
    }
    out += separator == "{" ? "  static_cast<void>(value);\n  out += \"{}\";\n}\n\n" : "  out += '}';\n}\n\n";
}

void write_hash_function(std::string& out, const std::vector<Field>& fields, const MessageDefinition& message,
                         std::string_view qualified) {
    out += fmt::format("void hash_into(std::uint64_t& h, const {}& value) {{\n", qualified);
    bool empty = true;
    for (const Field& field : fields) {
        if (!is_present(field, message)) continue;
        out += fmt::format("  append_hash(h, value.{});\n", snake_case(field.name));
        empty = false;
    }
    out += empty ? "  static_cast<void>(h);\n  static_cast<void>(value);\n}\n\n" : "}\n\n";
}

std::string versions_text(const Definitions& definitions) {
    int newest = 0;
    for (const auto& message : definitions.messages) newest = std::max(newest, message.valid_versions.highest);
    return std::to_string(newest);
}

}  // namespace

std::string snake_case(std::string_view kafka_name) {
    std::string out;
    for (std::size_t i = 0; i < kafka_name.size(); ++i) {
        if (i > 0 && is_upper(kafka_name[i]) && !is_upper(kafka_name[i - 1])) out += '_';
        out += to_lower(kafka_name[i]);
    }
    return out;
}

std::string camel_case(std::string_view kafka_name) {
    std::string out(kafka_name);
    out[0] = to_lower(out[0]);
    return out;
}

bool is_present(const Field& field, const MessageDefinition& message) {
    return field.versions.contains(message.valid_versions.highest);
}

bool is_nullable(const Field& field, const MessageDefinition& message) {
    return field.nullable.contains(message.valid_versions.highest) && field.type != "records";
}

std::string cpp_type(const Field& field, const MessageDefinition& message) {
    std::string type = element_type(field);
    if (field.is_array) type = "std::vector<" + type + ">";
    if (is_nullable(field, message)) type = "std::optional<" + type + ">";
    return type;
}

std::string cpp_default(const Field& field, const MessageDefinition& message) {
    if (field.is_array || is_nullable(field, message)) return "";
    const std::string value = field.default_value.value_or("");
    if (element_type(field) == "ErrorCode") return " = ErrorCode::None";
    if (element_type(field) == "BrokerId") return "{" + (value.empty() ? "0" : value) + "}";
    if (field.type == "bool") return " = " + (value.empty() ? "false" : value);
    if (!field.type.starts_with("int")) return "";
    if (value == "-2147483648") return " = std::numeric_limits<std::int32_t>::min()";
    return " = " + (value.empty() ? "0" : value);
}

std::vector<NestedStruct> nested_structs(const MessageDefinition& message) {
    std::vector<NestedStruct> out;
    collect(message.body.fields, message, out);
    return out;
}

std::string header_text(const Definitions& definitions) {
    std::string out = fmt::format(kGenerated, definitions.stem + ".msg", versions_text(definitions));
    out +=
        "#pragma once\n\n#include <cstdint>\n#include <limits>\n#include <optional>\n#include <string>\n"
        "#include <vector>\n\n#include \"core/base/error_code.hpp\"\n#include \"core/base/ids.hpp\"\n"
        "#include \"core/base/uuid.hpp\"\n";
    if (std::any_of(definitions.messages.begin(), definitions.messages.end(), holds_records)) {
        out += "#include \"core/protocol/record_batch.hpp\"\n";
    }
    out += "\nnamespace kafkasim::protocol {\n";
    for (const auto& message : definitions.messages) write_struct(out, message);
    out += "\n}  // namespace kafkasim::protocol\n";
    return out;
}

std::string source_text(const Definitions& definitions) {
    std::string out = fmt::format(kGenerated, definitions.stem + ".msg", versions_text(definitions));
    out += fmt::format(
        "#include \"core/protocol/{}.hpp\"\n\n#include \"core/protocol/field_hash.hpp\"\n"
        "#include \"core/protocol/field_json.hpp\"\n\nnamespace kafkasim::protocol {{\n\n",
        definitions.stem);
    for (const auto& message : definitions.messages) {
        const std::string& name = message.body.name;
        for (const auto& nested : nested_structs(message)) {
            write_json_function(out, *nested.fields, message, name + "::" + nested.name);
            write_hash_function(out, *nested.fields, message, name + "::" + nested.name);
        }
        write_json_function(out, message.body.fields, message, name);
        write_hash_function(out, message.body.fields, message, name);
    }
    out += "}  // namespace kafkasim::protocol\n";
    return out;
}

}  // namespace kafkasim::protocol::generator
