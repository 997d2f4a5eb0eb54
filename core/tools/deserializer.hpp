// SPDX-License-Identifier: Apache-2.0
#pragma once
// The deserializers that come with Kafka, as far as a formatter needs them: bytes to the text of the object's
// toString(). Pure. Kafka 3.0.0: org.apache.kafka.common.serialization.
// Simplified: charsets are UTF-8, UTF-16, ISO-8859-1 and US-ASCII; lists have no inner type.

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/config/properties.hpp"

namespace kafkasim::tools {

class Deserializer {
public:
    /// nullopt: no class of that name deserializes.
    static std::optional<Deserializer> named(std::string_view class_name);

    /// The properties with the prefix taken off ("deserializer.encoding"). The error is what Java throws.
    std::optional<std::string> configure(const config::Properties& properties, bool is_key);
    /// toString() of what the bytes are; the error is what Java throws, with its cause on a second line.
    Result<std::string> text_of(std::string_view bytes) const;

private:
    enum class Kind : uint8_t {
        String,
        Integer,
        Long,
        Short,
        Float,
        Double,
        ByteArray,
        Bytes,
        ByteBuffer,
        Uuid,
        Void,
        List
    };
    explicit Deserializer(Kind kind) : kind_(kind) {}

    Result<std::string> decoded(std::string_view bytes, std::string_view what) const;
    Result<std::string> number(std::string_view bytes) const;
    Result<std::string> uuid(std::string_view bytes) const;

    Kind kind_;
    std::string encoding_ = "UTF-8";
};

/// UUID.fromString and toString; the error is what Java throws.
Result<std::string> java_uuid(std::string_view text);

}  // namespace kafkasim::tools
