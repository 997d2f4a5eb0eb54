// SPDX-License-Identifier: Apache-2.0
//
// The three files that know all messages: message_fwd.hpp, message.hpp, message.cpp.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/protocol/generator/cpp_writer.hpp"

namespace kafkasim::protocol::generator {
namespace {

constexpr std::string_view kGenerated =
    "// SPDX-License-Identifier: Apache-2.0\n"
    "// Made by core/protocol/generator from all of core/protocol/messages; do not edit.\n";

// The messages that travel, by api key, request first.
std::vector<const MessageDefinition*> travelling(const std::vector<Definitions>& all) {
    std::vector<const MessageDefinition*> out;
    for (const auto& definitions : all) {
        for (const auto& message : definitions.messages) {
            if (message.role != Role::Data) out.push_back(&message);
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const auto* a, const auto* b) {
        return a->api_key != b->api_key ? a->api_key < b->api_key : a->role < b->role;
    });
    return out;
}

std::map<int, const MessageDefinition*> apis(const std::vector<Definitions>& all) {
    std::map<int, const MessageDefinition*> out;
    for (const auto* message : travelling(all)) out.emplace(message->api_key, message);
    return out;
}

std::string listeners_text(const MessageDefinition& message) {
    const auto& names = message.listeners;
    return std::find(names.begin(), names.end(), "zkBroker") != names.end() ? "true" : "false";
}

constexpr std::string_view kBodyBegin = R"(
template <class T, class Variant>
constexpr bool kIsAlternative = false;
template <class T, class... Types>
constexpr bool kIsAlternative<T, std::variant<Types...>> = (std::is_same_v<T, Types> || ...);

// The body of a message: a std::variant of every request and response, for std::get_if, std::get, std::visit. What
// copies, moves, compares and destroys it is compiled once, in message.cpp: with so many alternatives it would take
// seconds in every file that sends a message.
class Body : public BodyVariant {
 public:
  Body() noexcept;
  Body(const Body& other);
  Body(Body&& other) noexcept;
  Body& operator=(const Body& other);
  Body& operator=(Body&& other) noexcept;
  ~Body();

  template <class T>
    requires kIsAlternative<T, BodyVariant>
  Body(T value) : Body() {  // a message is a body
    put(std::move(value));
  }

  template <class T>
    requires kIsAlternative<T, BodyVariant>
  Body& operator=(T value) {
    put(std::move(value));
    return *this;
  }

  template <class T>
    requires kIsAlternative<T, BodyVariant>
  T& emplace() {
    put(T{});
    return *std::get_if<T>(this);
  }

  friend bool operator==(const Body& a, const Body& b);

 private:
  void put(std::monostate value);
)";

constexpr std::string_view kBodyMembers = R"(
Body::Body() noexcept = default;
Body::Body(const Body& other) = default;
Body::Body(Body&& other) noexcept = default;
Body& Body::operator=(const Body& other) = default;
Body& Body::operator=(Body&& other) noexcept = default;
Body::~Body() = default;

bool operator==(const Body& a, const Body& b) {
  return static_cast<const BodyVariant&>(a) == static_cast<const BodyVariant&>(b);
}

void Body::put(std::monostate value) { BodyVariant::operator=(value); }
)";

constexpr std::string_view kMessageBody = R"(
// What travels on a connection: the header fields that matter and the body. ZooKeeper's xid is the correlation id.
struct Message {
  std::int32_t correlation_id = 0;
  SharedText client_id;
  Body body;

  friend bool operator==(const Message&, const Message&) = default;
};

struct ApiInfo {
  ApiKey key;
  std::string_view name;          // "Fetch"
  std::int16_t lowest_version;
  std::int16_t newest_version;    // the version whose fields the structs have
  std::int16_t flexible_version;  // first flexible version; -1: none
  bool on_zk_broker;              // listed in the ApiVersions reply of a broker in ZooKeeper mode
};

// Kafka's and ZooKeeper's apis that are modelled, by key.
std::span<const ApiInfo> apis();

std::string_view name_of(ApiKey key);       // "Fetch"
std::string_view name_of(const Body& body);  // "FetchRequest"; "" for monostate
ApiKey api_of(const Body& body);             // ApiKey::None for monostate
bool is_request(const Body& body);

// Kafka's own field names, {"replicaId":1,...}; record data as a summary, unprintable bytes as "0x...".
std::string to_json_text(const Body& body);

// In the manner of FNV-1a over the content: equal in every build for equal content.
void hash_into(std::uint64_t& h, const Body& body);
void hash_into(std::uint64_t& h, const Message& message);

}  // namespace kafkasim::protocol
)";

constexpr std::string_view kSourceRest = R"(
std::span<const ApiInfo> apis() { return kApis; }

std::string_view name_of(ApiKey key) {
  for (const ApiInfo& api : kApis) {
    if (api.key == key) return api.name;
  }
  return "";
}

std::string_view name_of(const Body& body) { return kBodies[body.index()].name; }
ApiKey api_of(const Body& body) { return kBodies[body.index()].api; }
bool is_request(const Body& body) { return kBodies[body.index()].is_request; }

std::string to_json_text(const Body& body) {
  std::string out;
  std::visit(
    [&out](const auto& value) {
      if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) {
        out += "null";
      } else {
        to_json_text(out, value);
      }
    },
    static_cast<const BodyVariant&>(body));
  return out;
}

void hash_into(std::uint64_t& h, const Body& body) {
  append_hash(h, static_cast<std::int16_t>(api_of(body)));
  append_hash(h, is_request(body));
  std::visit(
    [&h](const auto& value) {
      if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) hash_into(h, value);
    },
    static_cast<const BodyVariant&>(body));
}

void hash_into(std::uint64_t& h, const Message& message) {
  append_hash(h, message.correlation_id);
  append_hash(h, message.client_id.view());
  hash_into(h, message.body);
}

}  // namespace kafkasim::protocol
)";

}  // namespace

std::string message_fwd_text(const std::vector<Definitions>& all) {
    std::string out(kGenerated);
    out +=
        "//\n// Light header: names of all messages, without their fields.\n#pragma once\n\n#include <cstdint>\n"
        "#include <variant>\n\nnamespace kafkasim::protocol {\n\n"
        "// Kafka's own keys; ZooKeeper's op codes plus 1000.\nenum class ApiKey : std::int16_t {\n  None = -1,\n";
    for (const auto& [key, message] : apis(all)) out += fmt::format("  {} = {},\n", message->api_name, key);
    out += "};\n\n";
    const auto messages = travelling(all);
    for (const auto* message : messages) out += fmt::format("struct {};\n", message->body.name);
    for (const auto& definitions : all) {
        for (const auto& message : definitions.messages) {
            if (message.role == Role::Data) out += fmt::format("struct {};\n", message.body.name);
        }
    }
    out += "\nusing BodyVariant = std::variant<std::monostate";
    for (const auto* message : messages)
        out += fmt::format(",\n                                 {}", message->body.name);
    out += ">;\n\nclass Body;\nstruct Message;\nstruct ApiInfo;\n\n}  // namespace kafkasim::protocol\n";
    return out;
}

std::string message_header_text(const std::vector<Definitions>& all) {
    std::string out(kGenerated);
    out +=
        "#pragma once\n\n#include <span>\n#include <string>\n#include <string_view>\n#include <type_traits>\n#include "
        "<utility>\n#include <variant>\n\n"
        "#include \"core/base/shared_text.hpp\"\n";
    std::set<std::string> stems;
    for (const auto& definitions : all) {
        for (const auto& message : definitions.messages) {
            if (message.role != Role::Data) stems.insert(definitions.stem);
        }
    }
    for (const auto& stem : stems) out += fmt::format("#include \"core/protocol/{}.hpp\"\n", stem);
    out += "#include \"core/protocol/message_fwd.hpp\"\n\nnamespace kafkasim::protocol {\n";
    out += kBodyBegin;
    for (const auto* message : travelling(all)) out += fmt::format("  void put({}&& value);\n", message->body.name);
    out += "};\n";
    out += kMessageBody;
    return out;
}

std::string message_source_text(const std::vector<Definitions>& all) {
    std::string out(kGenerated);
    out +=
        "#include \"core/protocol/message.hpp\"\n\n#include <type_traits>\n\n"
        "#include \"core/protocol/field_hash.hpp\"\n\nnamespace kafkasim::protocol {\nnamespace {\n\n"
        "constexpr ApiInfo kApis[] = {\n";
    for (const auto& [key, message] : apis(all)) {
        const Versions flexible = message->flexible_versions;
        out += fmt::format("  {{ApiKey::{0}, \"{0}\", {1}, {2}, {3}, {4}}},\n", message->api_name,
                           message->valid_versions.lowest, message->valid_versions.highest,
                           flexible == Versions{} ? -1 : flexible.lowest, listeners_text(*message));
    }
    out +=
        "};\n\nstruct BodyInfo {\n  std::string_view name;\n  ApiKey api;\n  bool is_request;\n};\n\n"
        "constexpr BodyInfo kBodies[] = {\n  {\"\", ApiKey::None, false},\n";
    for (const auto* message : travelling(all)) {
        out += fmt::format("  {{\"{}\", ApiKey::{}, {}}},\n", message->body.name, message->api_name,
                           message->role == Role::Request);
    }
    out +=
        "};\nstatic_assert(std::variant_size_v<BodyVariant> == sizeof(kBodies) / sizeof(kBodies[0]));\n\n}  // "
        "namespace\n";
    out += kBodyMembers;
    for (const auto* message : travelling(all)) {
        out += fmt::format("void Body::put({}&& value) {{ BodyVariant::operator=(std::move(value)); }}\n",
                           message->body.name);
    }
    out += kSourceRest;
    return out;
}

}  // namespace kafkasim::protocol::generator
