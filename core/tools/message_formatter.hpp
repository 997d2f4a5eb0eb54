// SPDX-License-Identifier: Apache-2.0
#pragma once
// How kafka-console-consumer.sh prints a record. Pure. Kafka 3.0.0: kafka.tools.DefaultMessageFormatter.
// Simplified: keys, values and headers are printed as the bytes that they are; deserializers are not modelled.

#include <string>

#include "core/config/properties.hpp"
#include "core/protocol/record_batch.hpp"

namespace kafkasim::tools {

struct PrintedRecord {
    int32_t partition = 0;
    int64_t offset = 0;
    int64_t timestamp_ms = -1;  // -1: NO_TIMESTAMP
    bool log_append_time = false;
    const protocol::Record* record = nullptr;
};

class MessageFormatter {
public:
    MessageFormatter() = default;
    /// The `--property` arguments.
    explicit MessageFormatter(const config::Properties& properties);

    std::string format(const PrintedRecord& record) const;

private:
    std::string headers_of(const protocol::Record& record) const;

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
};

}  // namespace kafkasim::tools
