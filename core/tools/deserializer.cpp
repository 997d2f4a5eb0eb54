// SPDX-License-Identifier: Apache-2.0

#include "core/tools/deserializer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "core/base/java_number.hpp"
#include "core/tools/java_charset.hpp"

namespace kafkasim::tools {
namespace {

constexpr std::string_view kPackage = "org.apache.kafka.common.serialization.";
constexpr std::string_view kSerializationException = "org.apache.kafka.common.errors.SerializationException";

uint64_t big_endian(std::string_view bytes) {
    uint64_t value = 0;
    for (char c : bytes) value = (value << 8U) | static_cast<uint8_t>(c);
    return value;
}

/// Utils.Bytes.toString: printable ASCII as it is, the rest and `\` as \xHH.
std::string bytes_text(std::string_view bytes) {
    std::string text;
    for (char c : bytes) {
        const bool plain = c >= ' ' && c <= '~' && c != '\\';
        text += plain ? std::string(1, c) : fmt::format("\\x{:02X}", static_cast<uint8_t>(c));
    }
    return text;
}

Result<uint64_t> hexadecimal(std::string_view text) {
    constexpr size_t kMost = 16;
    if (text.empty()) return Error{"java.lang.NumberFormatException: "};
    uint64_t value = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool digit = c >= '0' && c <= '9';
        const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
        if (i >= kMost || (!digit && (lower < 'a' || lower > 'f')))
            return Error{fmt::format("java.lang.NumberFormatException: Error at index {} in: \"{}\"", i, text)};
        value = value * 16 + static_cast<uint64_t>(digit ? c - '0' : lower - 'a' + 10);
    }
    return value;
}

}  // namespace

std::optional<Deserializer> Deserializer::named(std::string_view class_name) {
    struct Known {
        std::string_view name;
        Kind kind;
    };
    constexpr auto kKnown = std::to_array<Known>({
        {"StringDeserializer", Kind::String},
        {"IntegerDeserializer", Kind::Integer},
        {"LongDeserializer", Kind::Long},
        {"ShortDeserializer", Kind::Short},
        {"FloatDeserializer", Kind::Float},
        {"DoubleDeserializer", Kind::Double},
        {"ByteArrayDeserializer", Kind::ByteArray},
        {"BytesDeserializer", Kind::Bytes},
        {"ByteBufferDeserializer", Kind::ByteBuffer},
        {"UUIDDeserializer", Kind::Uuid},
        {"VoidDeserializer", Kind::Void},
        {"ListDeserializer", Kind::List},
    });
    if (!class_name.starts_with(kPackage)) return std::nullopt;
    class_name.remove_prefix(kPackage.size());
    const auto found =
        std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& each) { return each.name == class_name; });
    return found == kKnown.end() ? std::nullopt : std::optional(Deserializer(found->kind));
}

std::optional<std::string> Deserializer::configure(const config::Properties& properties, bool is_key) {
    if (kind_ == Kind::List) {
        return "org.apache.kafka.common.config.ConfigException: Not able to determine the list class because it was "
               "neither passed via the constructor nor set in the config.";
    }
    auto found = properties.find(is_key ? "key.deserializer.encoding" : "value.deserializer.encoding");
    if (found == properties.end()) found = properties.find("deserializer.encoding");
    if (found != properties.end()) encoding_ = found->second;
    return std::nullopt;
}

Result<std::string> Deserializer::text_of(std::string_view bytes) const {
    switch (kind_) {
        case Kind::String:
            return decoded(bytes, "string");
        case Kind::Integer:
        case Kind::Long:
        case Kind::Short:
        case Kind::Float:
        case Kind::Double:
            return number(bytes);
        case Kind::ByteArray:
            return std::string("[B@0");  // an identity hash in Java
        case Kind::Bytes:
            return bytes_text(bytes);
        case Kind::ByteBuffer:
            return fmt::format("java.nio.HeapByteBuffer[pos=0 lim={} cap={}]", bytes.size(), bytes.size());
        case Kind::Uuid:
            return uuid(bytes);
        case Kind::Void:
        case Kind::List:
            break;
    }
    return Error{"java.lang.IllegalArgumentException: Data should be null for a VoidDeserializer."};
}

Result<std::string> Deserializer::decoded(std::string_view bytes, std::string_view what) const {
    if (auto text = java_decoded(bytes, encoding_)) return std::move(*text);
    return Error{fmt::format("{}: Error when deserializing byte[] to {} due to unsupported encoding {}",
                             kSerializationException, what, encoding_)};
}

Result<std::string> Deserializer::number(std::string_view bytes) const {
    struct Shape {
        size_t size;
        std::string_view name;
    };
    const Shape shape = kind_ == Kind::Integer ? Shape{4, "IntegerDeserializer"}
                        : kind_ == Kind::Long  ? Shape{8, "LongDeserializer"}
                        : kind_ == Kind::Short ? Shape{2, "ShortDeserializer"}
                        : kind_ == Kind::Float ? Shape{4, "Deserializer"}
                                               : Shape{8, "Deserializer"};
    if (bytes.size() != shape.size)
        return Error{
            fmt::format("{}: Size of data received by {} is not {}", kSerializationException, shape.name, shape.size)};
    const uint64_t bits = big_endian(bytes);
    if (kind_ == Kind::Integer) return fmt::format("{}", static_cast<int32_t>(bits));
    if (kind_ == Kind::Long) return fmt::format("{}", static_cast<int64_t>(bits));
    if (kind_ == Kind::Short) return fmt::format("{}", static_cast<int16_t>(bits));
    if (kind_ == Kind::Float) return java::to_string(std::bit_cast<float>(static_cast<uint32_t>(bits)));
    return java::to_string(std::bit_cast<double>(bits));
}

Result<std::string> Deserializer::uuid(std::string_view bytes) const {
    auto text = decoded(bytes, "UUID");
    if (!text) return text;
    auto uuid = java_uuid(text.value());
    if (uuid) return uuid;
    return Error{fmt::format("{}: Error parsing data into UUID\nCaused by: {}", kSerializationException, uuid.error())};
}

Result<std::string> java_uuid(std::string_view text) {
    constexpr size_t kLongest = 36;
    constexpr size_t kDashes = 4;
    if (text.size() > kLongest) return Error{"java.lang.IllegalArgumentException: UUID string too large"};
    const bool dashed = static_cast<size_t>(std::count(text.begin(), text.end(), '-')) == kDashes;
    if (!dashed) return Error{fmt::format("java.lang.IllegalArgumentException: Invalid UUID string: {}", text)};
    constexpr auto kWidths = std::to_array<size_t>({8, 4, 4, 4, 12});
    std::string out;
    for (size_t width : kWidths) {
        const size_t dash = std::min(text.find('-'), text.size());
        const auto part = hexadecimal(text.substr(0, dash));
        if (!part) return Error{part.error()};
        const uint64_t kept = part.value() & ((uint64_t{1} << (width * 4)) - 1);
        out += fmt::format("{}{:0{}x}", out.empty() ? "" : "-", kept, width);
        text.remove_prefix(std::min(dash + 1, text.size()));
    }
    return out;
}

}  // namespace kafkasim::tools
