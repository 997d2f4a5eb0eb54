// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a text begins with a JSON value as Kafka's tools read it, and if not, what they say is wrong and where. What
// follows the first value is not looked at. Pure.
// Kafka 3.0.0: kafka.utils.Json.tryParseFull; com.fasterxml.jackson.core 2.12.3 (json.ReaderBasedJsonParser).
// Simplified: an exponent without digits and what follows a number at the top are not looked at.

#include <optional>
#include <string>
#include <string_view>

namespace kafkasim::tools {

struct JsonProblem {
    std::string exception;  // "com.fasterxml.jackson.core.JsonParseException"
    std::string message;    // with the line " at [Source: (String)"..."; line: 1, column: 3]"
};

struct JsonScan {
    std::string value;  // the first value as it stands there; empty if there is only white space
    std::optional<JsonProblem> problem;
};

JsonScan scan_json(std::string_view text);

}  // namespace kafkasim::tools
