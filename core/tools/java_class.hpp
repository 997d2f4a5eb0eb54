// SPDX-License-Identifier: Apache-2.0
#pragma once
// What Java throws when a class named on a command line is not the one that is wanted. Pure.
// Java 17: Class.forName, ClassNotFoundException, ClassCastException.

#include <optional>
#include <string>
#include <string_view>

namespace kafkasim::tools {

/// "java.lang.ClassNotFoundException: no.Such", or a ClassCastException to `wanted`, a class of Kafka; nullopt: whether
/// there is such a class is not known here.
std::optional<std::string> thrown_for_class(std::string_view class_name, std::string_view wanted);

}  // namespace kafkasim::tools
