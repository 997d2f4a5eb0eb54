// SPDX-License-Identifier: Apache-2.0
#pragma once
// The names of the loggers that the log writes to (they decide the file, see core/node/log.hpp).

#include <string_view>

namespace kafkasim::log {

inline constexpr std::string_view kLogCleanerLogger = "kafka.log.LogCleaner";
inline constexpr std::string_view kLogLogger = "kafka.log.Log";
inline constexpr std::string_view kLogManagerLogger = "kafka.log.LogManager";
inline constexpr std::string_view kLogObjectLogger = "kafka.log.Log$";
inline constexpr std::string_view kProducerStateManagerLogger = "kafka.log.ProducerStateManager";

}  // namespace kafkasim::log
