// SPDX-License-Identifier: Apache-2.0
#pragma once
// The regular expressions with which the tools choose topics and groups: the whole name must match. Pure.
// Kafka 3.0.0: kafka.utils.IncludeList (topics), java.util.regex.Pattern.
// Simplified: of Java's syntax literals, `.`, classes `[a-c^]`, `\d \w \s` and escapes, groups, `|`, `* + ?` and
// `{m,n}`; no look-around, no back references.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace kafkasim::tools {

class TopicPattern {
public:
    /// kafka.utils.TopicFilter: spaces and quotes around are dropped, `,` means `|`. The error is "( is an invalid
    /// regex."
    static Result<TopicPattern> include_list(std::string_view text);
    /// java.util.regex.Pattern as it stands.
    static Result<TopicPattern> regex(std::string_view text);

    bool matches(std::string_view name) const;

private:
    friend class PatternReader;
    enum class Kind : uint8_t { Set, Group };
    struct Item;
    using Sequence = std::vector<Item>;
    struct Item {
        Kind kind = Kind::Set;
        std::vector<bool> set;               // Set: by byte
        std::vector<Sequence> alternatives;  // Group
        uint32_t least = 1;
        uint32_t most = 1;
    };
    struct Rest;

    static bool match(const Sequence& sequence, size_t at, std::string_view text, const Rest* rest);
    static bool match_repeated(const Sequence& sequence, size_t at, uint32_t done, std::string_view text,
                               const Rest* rest);

    std::vector<Sequence> alternatives_;
};

}  // namespace kafkasim::tools
