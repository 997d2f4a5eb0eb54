// SPDX-License-Identifier: Apache-2.0

#include "core/tools/message_formatter.hpp"

#include <fmt/format.h>

#include <vector>

#include "core/tools/line_reader.hpp"

namespace kafkasim::tools {

MessageFormatter::MessageFormatter(const config::Properties& properties) {
    auto read_flag = [&](std::string_view name, bool& flag) {
        if (auto found = properties.find(name); found != properties.end()) flag = is_true(found->second);
    };
    auto read_text = [&](std::string_view name, std::string& text) {
        if (auto found = properties.find(name); found != properties.end()) text = found->second;
    };
    read_flag("print.timestamp", print_timestamp_);
    read_flag("print.partition", print_partition_);
    read_flag("print.offset", print_offset_);
    read_flag("print.headers", print_headers_);
    read_flag("print.key", print_key_);
    read_flag("print.value", print_value_);
    read_text("key.separator", key_separator_);
    read_text("line.separator", line_separator_);
    read_text("headers.separator", headers_separator_);
    read_text("null.literal", null_literal_);
}

std::string MessageFormatter::headers_of(const protocol::Record& record) const {
    if (record.headers.empty()) return "NO_HEADERS";
    std::string text;
    for (const auto& header : record.headers) {
        text += fmt::format("{}{}:{}", text.empty() ? "" : headers_separator_, header.key,
                            header.value.value_or(null_literal_));
    }
    return text;
}

std::string MessageFormatter::format(const PrintedRecord& record) const {
    std::vector<std::string> fields;
    if (print_timestamp_) {
        fields.push_back(
            record.timestamp_ms < 0
                ? "NO_TIMESTAMP"
                : fmt::format("{}:{}", record.log_append_time ? "LogAppendTime" : "CreateTime", record.timestamp_ms));
    }
    if (print_partition_) fields.push_back(fmt::format("Partition:{}", record.partition));
    if (print_offset_) fields.push_back(fmt::format("Offset:{}", record.offset));
    if (print_headers_) fields.push_back(headers_of(*record.record));
    if (print_key_) fields.push_back(record.record->key.value_or(null_literal_));
    if (print_value_) fields.push_back(record.record->value.value_or(null_literal_));
    if (fields.empty()) return {};
    return fmt::format("{}{}", fmt::join(fields, key_separator_), line_separator_);
}

}  // namespace kafkasim::tools
