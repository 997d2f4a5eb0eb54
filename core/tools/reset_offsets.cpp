// SPDX-License-Identifier: Apache-2.0

#include "core/tools/reset_offsets.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/java.hpp"
#include "core/tools/option_parser.hpp"

namespace kafkasim::tools {
namespace {

/// String.split: empty parts at the end are forgotten, but an empty text is one part.
std::vector<std::string_view> java_split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (size_t at = 0; at <= text.size();) {
        const size_t end = std::min(text.find(separator, at), text.size());
        parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    if (text.empty()) return parts;
    while (!parts.empty() && parts.back().empty()) parts.pop_back();
    return parts;
}

void add_partitions(const std::string& argument, TopicArguments& parsed) {
    const std::vector<std::string_view> parts = java_split(argument, ':');
    if (parts.size() != 2) {
        parsed.illegal = fmt::format("Invalid topic arg '{}', expected topic name and partitions", argument);
        return;
    }
    for (std::string_view partition : java_split(parts[1], ',')) {
        const auto number = whole_number(partition, ArgumentType::Integer);
        if (!number) {
            parsed.illegal = fmt::format("Invalid partition '{}' specified in topic arg '{}''", partition, argument);
            return;
        }
        parsed.partitions.push_back({TopicName(parts[0]), static_cast<int32_t>(*number)});
    }
}

void put(NewOffsets& offsets, const NewOffset& offset) {
    const auto found =
        std::find_if(offsets.begin(), offsets.end(), [&](const NewOffset& each) { return each.tp == offset.tp; });
    if (found == offsets.end()) return offsets.push_back(offset);
    found->offset = offset.offset;
}

/// How Jackson writes a text: in quotation marks if it is long or has a character up to the comma.
std::string csv_text(std::string_view text) {
    constexpr size_t kLongestUnchecked = 24;
    const bool plain = text.size() <= kLongestUnchecked && std::all_of(text.begin(), text.end(), [](char c) {
                           return static_cast<unsigned char>(c) > ',';
                       });
    if (plain) return std::string(text);
    std::string quoted = "\"";
    for (char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

/// The cells of a line; nullopt if a quotation mark is not closed.
std::optional<std::vector<std::string>> csv_cells(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
            cells.back() += line[++i];
        } else if (c == '"' && (quoted || cells.back().empty())) {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    return quoted ? std::nullopt : std::optional(std::move(cells));
}

/// A number as Jackson takes it from a text: blanks around it do not matter, what is missing or empty is 0.
std::optional<int64_t> csv_number(const std::vector<std::string>& cells, size_t at, ArgumentType type) {
    if (at >= cells.size()) return 0;
    std::string_view text = cells[at];
    while (!text.empty() && text.front() <= ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() <= ' ') text.remove_suffix(1);
    return text.empty() ? 0 : whole_number(text, type);
}

struct CsvRecord {
    std::string group;
    NewOffset offset;
};

/// "topic,partition,offset", with `group,` before it if it stands there. Cells that are missing at the end are
/// empty, too many are an error.
std::optional<CsvRecord> csv_record(std::string_view line, bool with_group) {
    const auto cells = csv_cells(line);
    const size_t first = with_group ? 1 : 0;
    if (!cells || line.empty() || cells->size() > first + 3) return std::nullopt;
    const auto partition = csv_number(*cells, first + 1, ArgumentType::Integer);
    const auto offset = csv_number(*cells, first + 2, ArgumentType::Long);
    if (!partition || !offset || cells->size() <= first) return std::nullopt;
    return CsvRecord{with_group ? cells->front() : "",
                     {{TopicName((*cells)[first]), static_cast<int32_t>(*partition)}, *offset}};
}

std::string quoted_names(const std::vector<std::string>& names) {
    return fmt::format("'{}'", fmt::join(names, "', '"));
}

}  // namespace

TopicArguments parse_topic_arguments(const std::vector<std::string>& arguments) {
    TopicArguments parsed;
    for (const std::string& argument : arguments) {
        if (argument.find(':') == std::string::npos) {
            parsed.topics.push_back(argument);
        } else if (!parsed.illegal) {
            add_partitions(argument, parsed);
        }
    }
    return parsed;
}

NewOffsets in_map_order(const NewOffsets& offsets) {
    NewOffsets distinct;
    for (const NewOffset& offset : offsets) put(distinct, offset);
    std::vector<int32_t> hashes;
    for (const NewOffset& offset : distinct) hashes.push_back(java::hash(offset.tp));
    NewOffsets ordered;
    for (size_t i : java::scala_immutable_order(hashes)) ordered.push_back(distinct[i]);
    return ordered;
}

GroupOffsets in_map_order(const GroupOffsets& groups) {
    std::vector<int32_t> hashes;
    for (const auto& [group, offsets] : groups) hashes.push_back(java::string_hash(group));
    GroupOffsets ordered;
    for (size_t i : java::scala_immutable_order(hashes)) ordered.push_back(groups[i]);
    return ordered;
}

std::vector<TopicPartition> in_mutable_map_order(const std::vector<TopicPartition>& partitions) {
    std::vector<int32_t> hashes;
    for (const TopicPartition& tp : partitions) hashes.push_back(java::hash(tp));
    std::vector<TopicPartition> ordered;
    for (size_t i : java::scala_mutable_order(hashes)) ordered.push_back(partitions[i]);
    return ordered;
}

std::vector<std::string> in_presized_order(const std::vector<std::string>& names) {
    std::vector<int32_t> hashes;
    for (const std::string& name : names) hashes.push_back(java::string_hash(name));
    std::vector<std::string> ordered;
    for (size_t i : java::hash_map_order(hashes, java::presized_capacity(names.size()))) ordered.push_back(names[i]);
    return ordered;
}

OffsetInRange in_range(const TopicPartition& tp, int64_t wanted, int64_t earliest, int64_t latest) {
    const auto changed = [&](std::string_view how, int64_t offset) {
        return OffsetInRange{
            offset, fmt::format("New offset ({}) is {} offset for topic partition {}. Value will be set to {}", wanted,
                                how, to_string(tp), offset)};
    };
    if (wanted > latest) return changed("higher than latest", latest);
    if (wanted < earliest) return changed("lower than earliest", earliest);
    return {wanted, ""};
}

std::string reset_csv(const GroupOffsets& groups, bool single_group) {
    std::string csv;
    for (const auto& [group, offsets] : groups) {
        for (const NewOffset& each : offsets) {
            if (!single_group) csv += csv_text(group) + ",";
            csv += fmt::format("{},{},{}\n", csv_text(each.tp.topic.view()), each.tp.partition, each.offset);
        }
    }
    return csv;
}

std::optional<std::map<std::string, NewOffsets>> parse_reset_plan(std::string_view csv,
                                                                  const std::vector<std::string>& groups) {
    const std::vector<std::string_view> lines = java_split(csv, '\n');
    const bool without_group = groups.size() == 1 && !lines.empty() && csv_record(lines.front(), false).has_value();
    std::map<std::string, NewOffsets> plan;
    for (std::string_view line : lines) {
        const auto record = csv_record(line, !without_group);
        if (!record) return std::nullopt;
        put(plan[without_group ? groups.front() : record->group], record->offset);
    }
    return plan;
}

std::string reset_table(const GroupOffsets& groups) {
    if (groups.empty()) return "";
    std::string table = fmt::format("\n{:<30} {:<30} {:<10} {:<15}\n", "GROUP", "TOPIC", "PARTITION", "NEW-OFFSET");
    for (const auto& [group, offsets] : groups) {
        for (const NewOffset& each : offsets) {
            table += fmt::format("{:<30} {:<30} {:<10} {:<15}\n", group, each.tp.topic.view(), each.tp.partition,
                                 fmt::format("{}", each.offset));
        }
    }
    return table;
}

std::string deletion_text(std::vector<DeletedGroup> groups) {
    std::vector<int32_t> hashes;
    for (const DeletedGroup& each : groups) hashes.push_back(java::string_hash(each.group));
    std::vector<std::string> deleted;
    std::string failures;
    for (size_t i : java::scala_mutable_order(hashes)) {
        const DeletedGroup& each = groups[i];
        if (each.error.empty()) {
            deleted.push_back(each.group);
        } else {
            failures += fmt::format("* Group '{}' could not be deleted due to: {}\n", each.group, each.error);
        }
    }
    if (failures.empty())
        return fmt::format("Deletion of requested consumer groups ({}) was successful.\n", quoted_names(deleted));
    std::string text = "\nError: Deletion of some consumer groups failed:\n" + failures;
    if (!deleted.empty())
        text += fmt::format("\nThese consumer groups were deleted successfully: {}\n", quoted_names(deleted));
    return text;
}

std::string deleted_offsets_table(std::vector<DeletedOffset> offsets) {
    const auto name = [](const DeletedOffset& each) {
        return fmt::format("{}{}", each.tp.topic.view(), each.tp.partition);
    };
    std::stable_sort(offsets.begin(), offsets.end(),
                     [&](const DeletedOffset& a, const DeletedOffset& b) { return name(a) < name(b); });
    std::string table = fmt::format("\n{:<30} {:<15} {:<15}\n", "TOPIC", "PARTITION", "STATUS");
    for (const DeletedOffset& each : offsets) {
        table += fmt::format("{:<30} {:<15} {:<15}\n", each.tp.topic.view(),
                             each.tp.partition >= 0 ? fmt::format("{}", each.tp.partition) : "Not Provided",
                             each.error.empty() ? "Successful" : "Error: " + each.error);
    }
    return table;
}

}  // namespace kafkasim::tools
