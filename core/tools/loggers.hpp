// SPDX-License-Identifier: Apache-2.0
#pragma once
// The names of the loggers that the tools write to (they decide the file, see core/node/log.hpp).

#include <string_view>

namespace kafkasim::tools {

inline constexpr std::string_view kConsoleConsumerLogger = "kafka.tools.ConsoleConsumer$";
inline constexpr std::string_view kConsumerGroupCommandLogger = "kafka.admin.ConsumerGroupCommand$";
inline constexpr std::string_view kTopicCommandLogger = "kafka.admin.TopicCommand$";

}  // namespace kafkasim::tools
