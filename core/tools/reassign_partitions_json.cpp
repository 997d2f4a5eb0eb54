// SPDX-License-Identifier: Apache-2.0

#include "core/tools/reassign_partitions_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/tools/jackson_reader.hpp"
#include "core/tools/reassign_partitions_moves.hpp"

namespace kafkasim::tools {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kFailed = "kafka.common.AdminCommandFailedException";
constexpr std::string_view kOperation = "kafka.admin.AdminOperationException";
constexpr std::string_view kMapping = "com.fasterxml.jackson.databind.JsonMappingException";

/// Reads values as kafka.utils.json.JsonValue does; the first that is of another kind is kept as the problem.
class Reader {
public:
    const std::optional<ToolProblem>& problem() const { return problem_; }
    void fail(ToolProblem what) {
        if (!problem_) problem_ = std::move(what);
    }

    void object(const Json& value) {
        if (!value.is_object()) unexpected("Expected JSON object", value);
    }
    const Json& member(const Json& object, const std::string& name) {
        const auto found = object.find(name);
        if (found != object.end()) return *found;
        fail(tools::problem(kMapping, fmt::format("No such field exists: `{}`", name)));
        return missing_;
    }
    int32_t integer(const Json& value) {
        const bool fits =
            value.is_number_integer() &&
            (!value.is_number_unsigned() || value.get<uint64_t>() <= uint64_t{std::numeric_limits<int32_t>::max()}) &&
            value.get<int64_t>() >= std::numeric_limits<int32_t>::min();
        if (fits) return static_cast<int32_t>(value.get<int64_t>());
        unexpected("Expected `Int` value", value);
        return 0;
    }
    std::string text(const Json& value) {
        if (value.is_string()) return value.get<std::string>();
        unexpected("Expected `String` value", value);
        return {};
    }
    std::vector<Json> array(const Json& value) {
        if (value.is_array()) return {value.begin(), value.end()};
        unexpected("Expected JSON array", value);
        return {};
    }

private:
    void unexpected(std::string_view what, const Json& value) {
        fail(tools::problem(kMapping, fmt::format("{}, received {}", what, value.is_discarded() ? "" : value.dump())));
    }

    std::optional<ToolProblem> problem_;
    Json missing_;
};

std::vector<std::string> read_log_dirs(Reader& reader, const Json& fields, size_t replicas) {
    const auto given = fields.find("log_dirs");
    if (given == fields.end()) return std::vector<std::string>(replicas, "any");
    std::vector<std::string> directories;
    for (const Json& each : reader.array(*given)) directories.push_back(reader.text(each));
    return directories;
}

void read_partition(Reader& reader, const Json& fields, ReassignmentFile& file) {
    reader.object(fields);
    if (reader.problem()) return;
    const std::string topic = reader.text(reader.member(fields, "topic"));
    if (reader.problem()) return;
    const int32_t partition = reader.integer(reader.member(fields, "partition"));
    if (reader.problem()) return;
    std::vector<BrokerId> replicas;
    const Json& listed = reader.member(fields, "replicas");
    if (reader.problem()) return;
    for (const Json& id : reader.array(listed)) replicas.push_back(BrokerId{reader.integer(id)});
    const std::vector<std::string> directories = read_log_dirs(reader, fields, replicas.size());
    if (reader.problem()) return;
    const TopicPartition tp{TopicName(topic), partition};
    if (directories.size() != replicas.size()) {
        reader.fail(problem(kFailed, fmt::format("Size of replicas list List({}) is different from size of log dirs "
                                                 "list List({}) for partition {}",
                                                 join(replicas, ", "), fmt::join(directories, ", "), to_string(tp))));
    }
    for (const std::string& directory : directories) file.names_log_dirs |= directory != "any";
    file.partitions.emplace_back(tp, std::move(replicas));
}

/// The value of "version", 1 without one.
bool is_known_version(Reader& reader, const Json& json) {
    const auto given = json.find("version");
    const int32_t version = given == json.end() ? 1 : reader.integer(*given);
    if (reader.problem()) return false;
    if (version != 1) reader.fail(problem(kOperation, fmt::format("Not supported version field value {}", version)));
    return !reader.problem();
}

}  // namespace

ToolProblem problem(std::string_view exception, const std::string& message) {
    return {message, fmt::format("{}: {}", exception, message)};
}

ReassignmentFile parse_reassignment_file(const std::string& text, int more) {
    ReassignmentFile file;
    JsonScan scan = scan_json(text);
    if (text.empty()) {
        scan.problem = JsonProblem{"com.fasterxml.jackson.core.JsonParseException",
                                   "The input string shouldn't be empty\n at [Source: UNKNOWN; line: -1, column: -1]"};
    }
    if (scan.problem) {
        file.problem = problem(kOperation, scan.problem->message);
        file.problem->trace +=
            fmt::format("\nCaused by: {}: {}\n\t... {} more", scan.problem->exception, scan.problem->message, more);
        return file;
    }
    Reader reader;
    const Json json = Json::parse(scan.value, nullptr, false);
    reader.object(json);
    if (!reader.problem() && is_known_version(reader, json) && json.contains("partitions")) {
        for (const Json& entry : reader.array(json["partitions"])) {
            if (!reader.problem()) read_partition(reader, entry, file);
        }
    }
    file.problem = reader.problem();
    return file;
}

std::optional<ToolProblem> complaint_about(const ReassignmentFile& file) {
    if (file.partitions.empty()) return problem(kFailed, "Partition reassignment list cannot be empty");
    std::vector<TopicPartition> partitions;
    std::string doubled_replicas;
    for (const auto& [tp, replicas] : file.partitions) {
        if (replicas.empty()) return problem(kFailed, "Partition replica list cannot be empty");
        partitions.push_back(tp);
        const std::vector<BrokerId> doubled = duplicates(replicas);
        if (doubled.empty()) continue;
        doubled_replicas += fmt::format("{}{} contains multiple entries for {}", doubled_replicas.empty() ? "" : ". ",
                                        to_string(tp), join(doubled));
    }
    std::string doubled_partitions;
    for (const TopicPartition& tp : duplicates(partitions))
        doubled_partitions += (doubled_partitions.empty() ? "" : ",") + to_string(tp);
    if (!doubled_partitions.empty()) {
        return problem(kFailed, "Partition reassignment contains duplicate topic partitions: " + doubled_partitions);
    }
    if (doubled_replicas.empty()) return std::nullopt;
    return problem(kFailed, "Partition replica lists may not contain duplicate entries: " + doubled_replicas);
}

TopicsFile parse_topics_file(const std::string& text) {
    TopicsFile file;
    const JsonScan scan = scan_json(text);
    if (scan.problem || text.empty()) {
        file.problem = problem(kOperation, "The input string is not a valid JSON");
        return file;
    }
    Reader reader;
    const Json json = Json::parse(scan.value, nullptr, false);
    reader.object(json);
    if (!reader.problem() && is_known_version(reader, json) && json.contains("topics")) {
        for (const Json& entry : reader.array(json["topics"])) {
            reader.object(entry);
            if (reader.problem()) break;
            file.topics.emplace_back(reader.text(reader.member(entry, "topic")));
        }
    }
    file.problem = reader.problem();
    return file;
}

}  // namespace kafkasim::tools
