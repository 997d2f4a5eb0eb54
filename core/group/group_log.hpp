// SPDX-License-Identifier: Apache-2.0
#pragma once
// The log lines of the group coordinator, with the loggers of its classes and their prefixes, "[GroupCoordinator
// 1]: " and
// "[GroupMetadataManager brokerId=1] ". The text is formatted only if somebody listens.

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "core/group/group_host.hpp"
#include "core/node/env.hpp"
#include "core/node/log.hpp"

namespace kafkasim::group {

inline constexpr std::string_view kCoordinatorLogger = "kafka.coordinator.group.GroupCoordinator";
inline constexpr std::string_view kManagerLogger = "kafka.coordinator.group.GroupMetadataManager";
inline constexpr std::string_view kGroupLogger = "kafka.coordinator.group.GroupMetadata";         // no prefix
inline constexpr std::string_view kGroupObjectLogger = "kafka.coordinator.group.GroupMetadata$";  // no prefix

template <typename... Args>
void log_coordinator(GroupHost& host, node::Level level, fmt::format_string<Args...> format, Args&&... args) {
    if (!host.env().logs(level)) return;
    const std::string text = fmt::format(format, std::forward<Args>(args)...);
    host.env().log(level, kCoordinatorLogger, fmt::format("[GroupCoordinator {}]: {}", host.broker_id().value, text));
}

template <typename... Args>
void log_manager(GroupHost& host, node::Level level, fmt::format_string<Args...> format, Args&&... args) {
    if (!host.env().logs(level)) return;
    const std::string text = fmt::format(format, std::forward<Args>(args)...);
    host.env().log(level, kManagerLogger,
                   fmt::format("[GroupMetadataManager brokerId={}] {}", host.broker_id().value, text));
}

}  // namespace kafkasim::group
