// SPDX-License-Identifier: Apache-2.0

#include "core/tools/message_formatter.hpp"

#include <fmt/format.h>

#include "core/tools/group_formatters.hpp"
#include "core/tools/java_class.hpp"
#include "core/tools/line_reader.hpp"

namespace kafkasim::tools {
namespace {

constexpr std::string_view kFormatter = "org.apache.kafka.common.MessageFormatter";
constexpr std::string_view kDeserializer = "org.apache.kafka.common.serialization.Deserializer";

config::Properties with_prefix_stripped(const config::Properties& properties, std::string_view prefix) {
    config::Properties stripped;
    for (const auto& [name, value] : properties) {
        if (name.starts_with(prefix)) stripped[name.substr(prefix.size())] = value;
    }
    return stripped;
}

FormatterFailure failure_of(std::string_view class_name, std::string_view wanted) {
    if (auto thrown = thrown_for_class(class_name, wanted)) return {std::move(*thrown), {}};
    return {{}, fmt::format("the class {}", class_name)};
}

}  // namespace

std::variant<MessageFormatter, FormatterFailure> MessageFormatter::make(std::string_view class_name,
                                                                        const config::Properties& properties) {
    MessageFormatter formatter;
    if (class_name == "kafka.tools.DefaultMessageFormatter" || class_name == "kafka.tools.LoggingMessageFormatter") {
        // The logging one prints the same, and logs at INFO, which nobody sees.
        if (auto failure = formatter.configure(properties)) return std::move(*failure);
    } else if (class_name == "kafka.tools.NoOpMessageFormatter") {
        formatter.kind_ = Kind::NoOp;
    } else if (class_name == "kafka.coordinator.group.GroupMetadataManager$OffsetsMessageFormatter") {
        formatter.kind_ = Kind::Offsets;
    } else if (class_name == "kafka.coordinator.group.GroupMetadataManager$GroupMetadataMessageFormatter") {
        formatter.kind_ = Kind::GroupMetadata;
    } else {
        return failure_of(class_name, kFormatter);
    }
    return formatter;
}

std::optional<FormatterFailure> MessageFormatter::configure(const config::Properties& properties) {
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
    std::optional<FormatterFailure> failure;
    auto read_class = [&](const std::string& name, bool is_key, std::optional<Deserializer>& deserializer) {
        const auto found = properties.find(name);
        if (failure || found == properties.end()) return;
        deserializer = Deserializer::named(found->second);
        if (!deserializer) {
            failure = failure_of(found->second, kDeserializer);
        } else if (auto thrown = deserializer->configure(with_prefix_stripped(properties, name + "."), is_key)) {
            failure = FormatterFailure{std::move(*thrown), {}};
        }
    };
    read_class("key.deserializer", true, key_deserializer_);
    read_class("value.deserializer", false, value_deserializer_);
    read_class("headers.deserializer", false, headers_deserializer_);
    return failure;
}

bool MessageFormatter::append(Written& out, const std::optional<Deserializer>& deserializer,
                              const std::optional<std::string>& bytes) const {
    const std::string& not_null = bytes ? *bytes : null_literal_;
    if (!deserializer) {
        out.text += not_null;
        return true;
    }
    auto text = deserializer->text_of(not_null);
    if (!text) {
        out.thrown = text.error();
        return false;
    }
    out.text += text.value();
    return true;
}

bool MessageFormatter::append_headers(Written& out, const protocol::Record& record) const {
    if (record.headers.empty()) out.text += "NO_HEADERS";
    bool first = true;
    for (const auto& header : record.headers) {
        out.text += fmt::format("{}{}:", first ? "" : headers_separator_, header.key);
        if (!append(out, headers_deserializer_, header.value)) return false;
        first = false;
    }
    return true;
}

/// Each field is followed by the separator, the last one by the end of the line.
Written MessageFormatter::write_fields(const PrintedRecord& record) const {
    Written out;
    auto end_field = [&](bool more) { out.text += more ? key_separator_ : line_separator_; };
    if (print_timestamp_) {
        out.text +=
            record.timestamp_ms < 0
                ? "NO_TIMESTAMP"
                : fmt::format("{}:{}", record.log_append_time ? "LogAppendTime" : "CreateTime", record.timestamp_ms);
        end_field(print_offset_ || print_partition_ || print_headers_ || print_key_ || print_value_);
    }
    if (print_partition_) {
        out.text += fmt::format("Partition:{}", record.partition);
        end_field(print_offset_ || print_headers_ || print_key_ || print_value_);
    }
    if (print_offset_) {
        out.text += fmt::format("Offset:{}", record.offset);
        end_field(print_headers_ || print_key_ || print_value_);
    }
    if (print_headers_) {
        if (!append_headers(out, *record.record)) return out;
        end_field(print_key_ || print_value_);
    }
    if (print_key_) {
        if (!append(out, key_deserializer_, record.record->key)) return out;
        end_field(print_value_);
    }
    if (print_value_ && append(out, value_deserializer_, record.record->value)) end_field(false);
    return out;
}

Written MessageFormatter::write(const PrintedRecord& record) const {
    switch (kind_) {
        case Kind::Default:
            return write_fields(record);
        case Kind::NoOp:
            return {};
        case Kind::Offsets:
            return write_offset_record(*record.record);
        case Kind::GroupMetadata:
            return write_group_record(*record.record);
    }
    return {};
}

}  // namespace kafkasim::tools
