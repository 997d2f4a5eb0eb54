// SPDX-License-Identifier: Apache-2.0
#pragma once
// How kafka-console-consumer.sh prints a record: the formatters that come with Kafka. Pure.
// Kafka 3.0.0: kafka.tools.DefaultMessageFormatter, LoggingMessageFormatter, NoOpMessageFormatter,
// kafka.coordinator.group.GroupMetadataManager.OffsetsMessageFormatter and GroupMetadataMessageFormatter.

#include <array>
#include <optional>
#include <string>
#include <variant>

#include "core/config/properties.hpp"
#include "core/protocol/record_batch.hpp"
#include "core/tools/deserializer.hpp"

namespace kafkasim::tools {

struct PrintedRecord {
    int32_t partition = 0;
    int64_t offset = 0;
    int64_t timestamp_ms = -1;  // -1: NO_TIMESTAMP
    bool log_append_time = false;
    const protocol::Record* record = nullptr;
};

/// What writeTo() put out, and what it threw after that: "java.lang.IllegalArgumentException: ..", its cause on a
/// second line.
struct Written {
    std::string text;
    std::optional<std::string> thrown;
};

/// Why there is no formatter, or no deserializer for it.
struct FormatterFailure {
    std::string thrown;        // what Java throws; empty if
    std::string not_modelled;  // it is a class that Java has and this does not
};

class MessageFormatter {
public:
    MessageFormatter() = default;
    /// The class of `--formatter` with the `--property` arguments.
    static std::variant<MessageFormatter, FormatterFailure> make(std::string_view class_name,
                                                                 const config::Properties& properties);

    Written write(const PrintedRecord& record) const;

private:
    enum class Kind : uint8_t { Default, NoOp, Offsets, GroupMetadata };

    std::optional<FormatterFailure> configure(const config::Properties& properties);
    /// False when something was thrown.
    bool append(Written& out, const std::optional<Deserializer>& deserializer,
                const std::optional<std::string>& bytes) const;
    bool append_headers(Written& out, const protocol::Record& record) const;
    Written write_fields(const PrintedRecord& record) const;

    Kind kind_ = Kind::Default;
    bool print_timestamp_ = false;
    bool print_partition_ = false;
    bool print_offset_ = false;
    bool print_headers_ = false;
    bool print_key_ = false;
    bool print_value_ = true;
    std::string key_separator_ = "\t";
    std::string line_separator_ = "\n";
    std::string headers_separator_ = ",";
    std::string null_literal_ = "null";
    std::optional<Deserializer> key_deserializer_;
    std::optional<Deserializer> value_deserializer_;
    std::optional<Deserializer> headers_deserializer_;
};

}  // namespace kafkasim::tools
