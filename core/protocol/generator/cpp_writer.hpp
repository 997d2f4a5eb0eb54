// SPDX-License-Identifier: Apache-2.0
//
// From definitions to C++ text. Decides the C++ type of a field by its meaning (a topic name is a TopicName), which
// fields exist (those of the newest version of the message), their defaults, the order of the nested structs, and the
// spelling of names. Pure: the generator program (main.cpp) writes the text to files; the tests read it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/protocol/generator/definition.hpp"

namespace kafkasim::protocol::generator {

std::string snake_case(std::string_view kafka_name);  // "ThrottleTimeMs" -> "throttle_time_ms"
std::string camel_case(std::string_view kafka_name);  // "ThrottleTimeMs" -> "throttleTimeMs", as Kafka's JSON has it

// A field of the C++ struct: only those of the newest version.
bool is_present(const Field& field, const MessageDefinition& message);
bool is_nullable(const Field& field, const MessageDefinition& message);
std::string cpp_type(const Field& field, const MessageDefinition& message);
std::string cpp_default(const Field& field, const MessageDefinition& message);

// A struct nested in the message struct, in an order in which each comes after those it uses.
struct NestedStruct {
    std::string name;
    const std::vector<Field>* fields = nullptr;
};
std::vector<NestedStruct> nested_structs(const MessageDefinition& message);

std::string header_text(const Definitions& definitions);  // fetch.hpp
std::string source_text(const Definitions& definitions);  // fetch.cpp: JSON view and hash

// Over the definitions of all files.
std::string message_fwd_text(const std::vector<Definitions>& all);
std::string message_header_text(const std::vector<Definitions>& all);
std::string message_source_text(const std::vector<Definitions>& all);

}  // namespace kafkasim::protocol::generator
