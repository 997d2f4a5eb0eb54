// SPDX-License-Identifier: Apache-2.0
#pragma once
// Log lines as log4j would have them. The text is formatted only if somebody listens. The logger's name decides the
// file on a server (kafka.controller.* ->
// controller.log, state.change.logger -> state-change.log, everything else server.log and the terminal); a tool
// shows WARN and above on stderr. What stands behind the first "\n" of a text is the exception that is logged with it,
// which log4j prints behind the logger's name; a line end inside the message itself is a kLineEnd.

#include <fmt/format.h>

#include <utility>

#include "core/node/env.hpp"

namespace kafkasim::node {

inline constexpr char kLineEnd = '\v';

template <typename... Args>
void log(Env& env, Level level, std::string_view logger, fmt::format_string<Args...> format, Args&&... args) {
    if (env.logs(level)) env.log(level, logger, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void info(Env& env, std::string_view logger, fmt::format_string<Args...> format, Args&&... args) {
    log(env, Level::Info, logger, format, std::forward<Args>(args)...);
}
template <typename... Args>
void warn(Env& env, std::string_view logger, fmt::format_string<Args...> format, Args&&... args) {
    log(env, Level::Warn, logger, format, std::forward<Args>(args)...);
}
template <typename... Args>
void error(Env& env, std::string_view logger, fmt::format_string<Args...> format, Args&&... args) {
    log(env, Level::Error, logger, format, std::forward<Args>(args)...);
}

}  // namespace kafkasim::node
