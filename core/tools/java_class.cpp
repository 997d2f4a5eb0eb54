// SPDX-License-Identifier: Apache-2.0

#include "core/tools/java_class.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kafkasim::tools {
namespace {

/// Packages of which all is known that a person could take for a formatter or a deserializer.
constexpr auto kKnownPackages = std::to_array<std::string_view>({
    "org.apache.kafka.common.serialization.",
    "kafka.tools.",
    "kafka.coordinator.group.GroupMetadataManager$",
});
constexpr auto kSerialized =
    std::to_array<std::string_view>({"String", "Integer", "Long", "Short", "Float", "Double", "ByteArray", "Bytes",
                                     "ByteBuffer", "UUID", "Void", "List"});
constexpr auto kJavaClasses = std::to_array<std::string_view>(
    {"java.lang.String", "java.lang.Object", "java.lang.Integer", "java.lang.Long", "java.lang.Double"});

bool is_of_serialization(std::string_view class_name) {
    if (!class_name.starts_with(kKnownPackages[0])) return false;
    const std::string_view name = class_name.substr(kKnownPackages[0].size());
    return name == "Serdes" || std::any_of(kSerialized.begin(), kSerialized.end(), [&](std::string_view type) {
               return name == fmt::format("{}Serializer", type) || name == fmt::format("{}Deserializer", type);
           });
}

bool is_formatter(std::string_view class_name) {
    return class_name == "kafka.tools.DefaultMessageFormatter" || class_name == "kafka.tools.LoggingMessageFormatter" ||
           class_name == "kafka.tools.NoOpMessageFormatter";
}

std::string cast_exception(std::string_view class_name, std::string_view wanted, std::string_view where) {
    return fmt::format("java.lang.ClassCastException: class {} cannot be cast to class {} ({})", class_name, wanted,
                       where);
}

}  // namespace

std::optional<std::string> thrown_for_class(std::string_view class_name, std::string_view wanted) {
    if (std::find(kJavaClasses.begin(), kJavaClasses.end(), class_name) != kJavaClasses.end()) {
        return cast_exception(class_name, wanted,
                              fmt::format("{} is in module java.base of loader 'bootstrap'; {} is in unnamed module of "
                                          "loader 'app'",
                                          class_name, wanted));
    }
    if (is_of_serialization(class_name) || is_formatter(class_name)) {
        return cast_exception(class_name, wanted,
                              fmt::format("{} and {} are in unnamed module of loader 'app'", class_name, wanted));
    }
    const bool known = std::any_of(kKnownPackages.begin(), kKnownPackages.end(),
                                   [&](std::string_view package) { return class_name.starts_with(package); });
    constexpr auto kLibraries = std::to_array<std::string_view>(
        {"java.", "javax.", "jdk.", "sun.", "scala.", "org.apache.", "kafka.", "org.slf4j.", "com.fasterxml."});
    const bool of_a_library = std::any_of(kLibraries.begin(), kLibraries.end(),
                                          [&](std::string_view package) { return class_name.starts_with(package); });
    if (of_a_library && !known) return std::nullopt;
    return fmt::format("java.lang.ClassNotFoundException: {}", class_name);
}

}  // namespace kafkasim::tools
