// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes records of the lines that are typed into kafka-console-producer.sh. Pure, apart from counting lines.
// Kafka 3.0.0: kafka.tools.ConsoleProducer.LineMessageReader.

#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/config/properties.hpp"

namespace kafkasim::tools {

class LineReader {
public:
    struct KeyAndValue {
        std::optional<std::string> key;
        std::string value;
    };

    LineReader() = default;
    /// The `--property` arguments: parse.key, key.separator, ignore.error.
    explicit LineReader(const config::Properties& properties);

    /// The error is the text of the KafkaException: "No key found on line 1: abc".
    Result<KeyAndValue> read(const std::string& line);

private:
    bool parse_key_ = false;
    bool ignore_error_ = false;
    std::string key_separator_ = "\t";
    int32_t line_number_ = 0;
};

/// "true" in any case, spaces around ignored.
bool is_true(std::string_view text);

}  // namespace kafkasim::tools
