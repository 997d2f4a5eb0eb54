// SPDX-License-Identifier: Apache-2.0

#include "core/tools/delete_records_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/java.hpp"
#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kOperation = "kafka.admin.AdminOperationException: ";
constexpr std::string_view kMapping = "com.fasterxml.jackson.databind.JsonMappingException: ";

/// kafka.utils.json: reads a value as a type, or notes the first exception.
struct JsonReader {
    std::string exception;

    void fail(std::string text) {
        if (exception.empty()) exception = std::string(kMapping) + std::move(text);
    }
    const Json* field(const Json& object, const char* name) {
        if (!exception.empty()) return nullptr;
        const auto found = object.find(name);
        if (found != object.end()) return &*found;
        fail(fmt::format("No such field exists: `{}`", name));
        return nullptr;
    }
    bool is(const Json& value, bool fits, std::string_view type) {
        if (!fits) fail(fmt::format("Expected `{}` value, received {}", type, value.dump()));
        return fits;
    }
    bool is_object(const Json& value) {
        if (!value.is_object()) fail(fmt::format("Expected JSON object, received {}", value.dump()));
        return value.is_object();
    }
    static bool fits_int(const Json& value) {
        if (!value.is_number_integer()) return false;
        const auto number = value.get<int64_t>();
        return number >= std::numeric_limits<int32_t>::min() && number <= std::numeric_limits<int32_t>::max();
    }
};

std::optional<OffsetOfPartition> read_entry(JsonReader& reader, const Json& entry) {
    if (!reader.is_object(entry)) return std::nullopt;
    OffsetOfPartition read;
    const Json* topic = reader.field(entry, "topic");
    if (!topic || !reader.is(*topic, topic->is_string(), "String")) return std::nullopt;
    read.tp.topic = TopicName(topic->get<std::string>());
    const Json* partition = reader.field(entry, "partition");
    if (!partition || !reader.is(*partition, JsonReader::fits_int(*partition), "Int")) return std::nullopt;
    read.tp.partition = partition->get<int32_t>();
    const Json* offset = reader.field(entry, "offset");
    if (!offset || !reader.is(*offset, offset->is_number_integer(), "Long")) return std::nullopt;
    read.offset = offset->get<int64_t>();
    return read;
}

/// The metadata of the topics, as Admin.deleteRecords asks for it.
client::AdminCall topics_metadata(const std::vector<OffsetOfPartition>& offsets) {
    std::vector<TopicName> topics;
    for (const OffsetOfPartition& each : offsets) {
        if (std::find(topics.begin(), topics.end(), each.tp.topic) == topics.end()) topics.push_back(each.tp.topic);
    }
    client::AdminCall call = client::describe_topics(topics);
    call.name = "topicsMetadata";
    return call;
}

}  // namespace

OffsetFile parse_offset_file(const std::string& json) {
    const auto data = Json::parse(json, nullptr, false);
    if (data.is_discarded()) return {{}, std::string(kOperation) + "The input string is not a valid JSON"};
    JsonReader reader;
    OffsetFile file;
    if (!reader.is_object(data)) return {{}, reader.exception};
    if (const auto version = data.find("version"); version != data.end()) {
        if (!reader.is(*version, JsonReader::fits_int(*version), "Int")) return {{}, reader.exception};
        if (*version != 1)
            return {{}, fmt::format("{}Not supported version field value {}", kOperation, version->get<int32_t>())};
    }
    const auto partitions = data.find("partitions");
    if (partitions == data.end()) return {{}, std::string(kOperation) + "Missing partitions field"};
    if (!partitions->is_array())
        return {{}, fmt::format("{}Expected JSON array, received {}", kMapping, partitions->dump())};
    for (const Json& entry : *partitions) {
        const std::optional<OffsetOfPartition> read = read_entry(reader, entry);
        if (!read) return {{}, reader.exception};
        file.offsets.push_back(*read);
    }
    std::vector<std::string> duplicates;
    for (size_t i = 0; i < file.offsets.size(); ++i) {
        const std::string name = to_string(file.offsets[i].tp);
        const bool again = std::any_of(file.offsets.begin(), file.offsets.begin() + static_cast<std::ptrdiff_t>(i),
                                       [&](const OffsetOfPartition& each) { return each.tp == file.offsets[i].tp; });
        const bool listed = std::find(duplicates.begin(), duplicates.end(), name) != duplicates.end();
        if (again && !listed) duplicates.push_back(name);
    }
    if (!duplicates.empty())
        file.exception = fmt::format(
            "kafka.common.AdminCommandFailedException: Offset json file contains duplicate topic partitions: {}",
            fmt::join(duplicates, ","));
    return file;
}

Task<int> DeleteRecordsCommand::run() {
    const auto table = delete_records_options();
    ParseOutcome parsed = parse_options(table, arguments());
    if (parsed.error)
        co_return parse_failed(
            *parsed.error,
            {"kafka.admin.DeleteRecordsCommand$DeleteRecordsCommandOptions.<init>(DeleteRecordsCommand.scala:131)",
             "kafka.admin.DeleteRecordsCommand$.execute(DeleteRecordsCommand.scala:75)",
             "kafka.admin.DeleteRecordsCommand$.main(DeleteRecordsCommand.scala:42)",
             "kafka.admin.DeleteRecordsCommand.main(DeleteRecordsCommand.scala)"});
    ParsedOptions options = std::move(parsed.options);
    const std::string about = "This tool helps to delete records of the given partitions down to the specified offset.";
    if (auto code = help_or_version(options, table, about)) co_return *code;
    if (auto complaint = missing_required(options, {"bootstrap-server", "offset-json-file"}))
        co_return print_usage_and_die(*complaint, table);
    const std::optional<std::string> bootstrap = options.text("bootstrap-server");
    const std::optional<std::string> command_config = options.text("command-config");
    const std::optional<std::string> path = options.text("offset-json-file");
    if (options.error()) co_return uncaught(options.error()->exception + ": " + options.error()->message);
    if (auto exception = create_admin(*bootstrap, command_config)) co_return uncaught(*exception);
    const std::optional<std::string> json = env().disk().read_text(*path);
    if (!json)
        co_return uncaught(fmt::format(
            "java.io.IOException: Unable to read file {0}\nCaused by: java.nio.file.NoSuchFileException: {0}", *path));
    OffsetFile file = parse_offset_file(*json);
    if (!file.exception.empty()) co_return uncaught(file.exception);
    const int code = co_await delete_records(std::move(file.offsets));
    close_admin();
    co_return code;
}

Task<int> DeleteRecordsCommand::delete_records(std::vector<OffsetOfPartition> offsets) {
    out("Executing records delete operation\n");
    Outcomes outcomes;
    client::AdminCall asked = topics_metadata(offsets);
    const client::AdminResult metadata = co_await call(std::move(asked));
    std::map<int32_t, protocol::DeleteRecordsRequest> requests;
    if (metadata.error) {
        for (const OffsetOfPartition& each : offsets) outcomes[each.tp].error = metadata.error->text();
    } else {
        requests = requests_by_leader(body_of<protocol::MetadataResponse>(metadata), offsets, outcomes);
    }
    std::vector<std::pair<int32_t, uint64_t>> calls;
    for (const auto& [leader, request] : requests)
        calls.emplace_back(leader, submit(client::delete_records(leader, request)));
    for (const auto& [leader, id] : calls) {
        const client::AdminResult result = co_await answer(id);
        for (const auto& topic : requests.at(leader).topics) {
            for (const auto& partition : topic.partitions) {
                if (result.error) outcomes[{topic.name, partition.partition_index}].error = result.error->text();
            }
        }
        if (result.error) continue;
        for (const auto& topic : body_of<protocol::DeleteRecordsResponse>(result).topics) {
            for (const auto& partition : topic.partitions) {
                Outcome& outcome = outcomes[{topic.name, partition.partition_index}];
                outcome.low_watermark = partition.low_watermark;
                if (partition.error_code != ErrorCode::None) outcome.error = admin_error(partition.error_code).text();
            }
        }
    }
    print(offsets, outcomes);
    co_return 0;
}

std::map<int32_t, protocol::DeleteRecordsRequest> DeleteRecordsCommand::requests_by_leader(
    const protocol::MetadataResponse& metadata, const std::vector<OffsetOfPartition>& offsets,
    Outcomes& outcomes) const {
    std::map<int32_t, protocol::DeleteRecordsRequest> requests;
    for (const OffsetOfPartition& each : offsets) {
        int32_t leader = -1;
        ErrorCode error = ErrorCode::LeaderNotAvailable;
        for (const auto& topic : metadata.topics) {
            if (topic.name != each.tp.topic) continue;
            if (topic.error_code != ErrorCode::None) error = topic.error_code;
            for (const auto& partition : topic.partitions) {
                const bool live =
                    std::any_of(metadata.brokers.begin(), metadata.brokers.end(),
                                [&](const auto& broker) { return broker.node_id == partition.leader_id; });
                if (partition.partition_index == each.tp.partition && live) leader = partition.leader_id.value;
            }
        }
        if (leader < 0) {
            outcomes[each.tp].error = admin_error(error).text();
            continue;
        }
        auto& topics = requests[leader].topics;
        auto topic =
            std::find_if(topics.begin(), topics.end(), [&](const auto& known) { return known.name == each.tp.topic; });
        if (topic == topics.end()) topic = topics.insert(topics.end(), {each.tp.topic, {}});
        topic->partitions.push_back({each.tp.partition, each.offset});
    }
    return requests;
}

/// In the order of a java.util.HashMap made of another one.
void DeleteRecordsCommand::print(const std::vector<OffsetOfPartition>& offsets, const Outcomes& outcomes) {
    out("Records delete operation completed:\n");
    std::vector<int32_t> hashes;
    for (const OffsetOfPartition& each : offsets) hashes.push_back(java::hash(each.tp));
    for (size_t i : java::hash_map_order(hashes, java::presized_capacity(hashes.size()))) {
        const Outcome& outcome = outcomes.at(offsets[i].tp);
        const std::string result =
            outcome.error.empty() ? fmt::format("low_watermark: {}", outcome.low_watermark) : "error: " + outcome.error;
        out(fmt::format("partition: {}\t{}\n", to_string(offsets[i].tp), result));
    }
}

}  // namespace kafkasim::tools
