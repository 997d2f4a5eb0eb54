// SPDX-License-Identifier: Apache-2.0
//
// The reader of message definitions and the writer of C++ structs, on tiny definitions.
#include "core/protocol/generator/cpp_writer.hpp"
#include "core/protocol/generator/definition.hpp"
#include "tests/catch.hpp"

namespace kafkasim::protocol::generator {
namespace {

constexpr std::string_view kTiny = R"(// a comment
api 7 Tiny  versions 0-3  flexible 2+  listeners zkBroker,broker

request
  ClusterId  string     2+   nullable 2+  default null  tag 0 2+  ignorable
  Leader     int32      0+   default -1  entity brokerId
  MaxBytes   int32      1+   default 0x7fffffff
  OldName    string     0-2
  Topics     []Topic    0+   nullable 1+
    Name        string   0+  mapKey  entity topicName
    Partitions  []Part   0+
  common Part  0+
    Isr         []int32  0+  entity brokerId
    ErrorCode   int16    0+
    OldIndex    int32    0

response
  Validate  bool  0+  default true
)";

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

Definitions tiny() {
    ParseResult result = parse("messages/tiny.msg", kTiny);
    REQUIRE(result.errors.empty());
    return std::move(result.definitions);
}

std::vector<std::string> errors_of(std::string_view text) { return parse("bad.msg", text).errors; }

}  // namespace

TEST_CASE("a definition keeps every fact of its fields") {
    const Definitions definitions = tiny();
    CHECK(definitions.stem == "tiny");
    REQUIRE(definitions.messages.size() == 2);
    const MessageDefinition& request = definitions.messages[0];
    CHECK(request.role == Role::Request);
    CHECK(request.api_key == 7);
    CHECK(request.body.name == "TinyRequest");
    CHECK(request.valid_versions == Versions{0, 3});
    CHECK(request.flexible_versions == Versions{2, Versions::kUnbounded});
    CHECK(request.listeners == std::vector<std::string>{"zkBroker", "broker"});
    REQUIRE(request.body.fields.size() == 5);

    const Field& cluster_id = request.body.fields[0];
    CHECK(cluster_id.name == "ClusterId");
    CHECK(cluster_id.nullable == Versions{2, Versions::kUnbounded});
    CHECK(cluster_id.default_value == "null");
    CHECK(cluster_id.tag == 0);
    CHECK(cluster_id.tagged_versions == Versions{2, Versions::kUnbounded});
    CHECK(cluster_id.ignorable);
    CHECK(request.body.fields[1].entity_type == "brokerId");

    const Field& topics = request.body.fields[4];
    CHECK(topics.is_array);
    CHECK(topics.type == "Topic");
    REQUIRE(topics.fields.size() == 2);
    CHECK(topics.fields[0].map_key);
    REQUIRE(request.body.commons.size() == 1);
    CHECK(request.body.commons[0].fields.size() == 3);
}

TEST_CASE("ranges of versions are read") {
    CHECK(parse_versions("4+") == Versions{4, Versions::kUnbounded});
    CHECK(parse_versions("0-7") == Versions{0, 7});
    CHECK(parse_versions("3") == Versions{3, 3});
    CHECK(parse_versions("none") == Versions{0, -1});
    for (const char* wrong : {"", "x", "7-0", "+", "-1", "1-", "2++"}) {
        INFO(wrong);
        CHECK(!parse_versions(wrong));
    }
}

TEST_CASE("names are spelt as C++ and as Kafka's JSON") {
    CHECK(snake_case("ThrottleTimeMs") == "throttle_time_ms");
    CHECK(snake_case("validateOnly") == "validate_only");
    CHECK(snake_case("V0Host") == "v0_host");
    CHECK(camel_case("ThrottleTimeMs") == "throttleTimeMs");
}

TEST_CASE("structs have typed fields with Kafka's defaults") {
    const std::string header = header_text(tiny());
    CHECK(has(header, "struct TinyRequest {"));
    CHECK(has(header, "  std::optional<std::string> cluster_id;\n"));
    CHECK(has(header, "  BrokerId leader{-1};\n"));
    CHECK(has(header, "  std::int32_t max_bytes = 0x7fffffff;\n"));
    CHECK(has(header, "  std::optional<std::vector<Topic>> topics;\n"));
    CHECK(has(header, "    TopicName name;\n"));
    CHECK(has(header, "    std::vector<BrokerId> isr;\n"));
    CHECK(has(header, "    ErrorCode error_code = ErrorCode::None;\n"));
    CHECK(has(header, "  bool validate = true;\n"));
}

TEST_CASE("fields that the newest version lacks are left out") {
    const std::string header = header_text(tiny());
    CHECK(!has(header, "old_name"));
    CHECK(!has(header, "old_index"));
}

TEST_CASE("a struct comes after the structs it uses") {
    const auto nested = nested_structs(tiny().messages[0]);
    REQUIRE(nested.size() == 2);
    CHECK(nested[0].name == "Part");
    CHECK(nested[1].name == "Topic");
}

TEST_CASE("the JSON view has Kafka's names") {
    const std::string source = source_text(tiny());
    CHECK(has(source, R"(out += "{\"clusterId\":";)"));
    CHECK(has(source, R"(out += ",\"maxBytes\":";)"));
}

TEST_CASE("a mistake in a definition is named with file and line") {
    struct Row {
        std::string_view line;  // becomes line 3
        std::string_view complaint;
    };
    const Row rows[] = {
        {"  Name  strin  0+", "unknown type 'strin'"},
        {"  Name  string", "expected: NAME TYPE VERSIONS [attributes]"},
        {"  Name  string  later", "'later' is not a range of versions (4+, 0-7, 3 or none)"},
        {"  Name  string  0+  nulable 0+", "unknown attribute 'nulable'"},
        {"  Name  string  0+  default", "'default' lacks its value"},
        {"  Name  string  0+  tag 0", "'tag' lacks its value"},
        {"  Name  string  0+  default null", "default null of a field that is never nullable"},
        {"  Name  int32  0+  default ten", "default 'ten' does not fit int32"},
        {"  Name  bool  0+  default 1", "default '1' does not fit bool"},
        {"  Na-me  string  0+", "'Na-me' is not a field name"},
        {"   Name  string  0+", "indentation is not a multiple of two spaces"},
        {"    Name  string  0+", "indented deeper than the line above allows"},
        {"\tName  string  0+", "tab found; indent with spaces"},
        {"reply", "unknown heading 'reply'; expected api, data, request, response or event"},
        {"request", "'TRequest' is declared twice"},
    };
    for (const Row& row : rows) {
        INFO(row.line);
        const auto errors = errors_of("api 1 T  versions 0-1  flexible none\nrequest\n" + std::string(row.line) + "\n");
        REQUIRE(!errors.empty());
        CHECK(errors.front() == "bad.msg:3: " + std::string(row.complaint));
    }
}

TEST_CASE("all mistakes of a file are named at once") {
    const auto errors = errors_of(
        "request\n"
        "api 1 T  versions 0-1  flexible none\n"
        "request\n"
        "  A  string  0+\n"
        "  A  string  0+\n"
        "  B  Missing  0+\n"
        "    C  int7  0+\n");
    CHECK(errors == std::vector<std::string>{"bad.msg:1: 'request' without an api line before it",
                                             "bad.msg:5: field 'A' is declared twice",
                                             "bad.msg:7: unknown type 'int7'"});
    CHECK(errors_of("// nothing\n") == std::vector<std::string>{"bad.msg:1: the file declares no api and no data"});
}

TEST_CASE("a heading must be whole") {
    CHECK(errors_of("api T versions 0\n").front() ==
          "bad.msg:1: expected: api KEY NAME versions V flexible V [listeners A,B]");
    CHECK(errors_of("api 1 T  versions 0\n").front() == "bad.msg:1: heading lacks valid 'versions' or 'flexible'");
    CHECK(errors_of("api 1 T  versions 0  flexible\n").front() == "bad.msg:1: 'flexible' lacks its value");
    CHECK(errors_of("data T  version 0  flexible none\n").front() == "bad.msg:1: unknown word 'version' in a heading");
}

}  // namespace kafkasim::protocol::generator
