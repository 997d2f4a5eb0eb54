// SPDX-License-Identifier: Apache-2.0
#include "core/node/env.hpp"

namespace kafkasim::node {

std::string_view name_of(Level level) {
    switch (level) {
        case Level::Trace:
            return "TRACE";
        case Level::Debug:
            return "DEBUG";
        case Level::Info:
            return "INFO";
        case Level::Warn:
            return "WARN";
        case Level::Error:
            return "ERROR";
        case Level::Fatal:
            return "FATAL";
    }
    return "?";
}

Uuid Chance::uuid(Stream stream) {
    const uint64_t high = bits(stream);
    const uint64_t low = bits(stream);
    return Uuid::random_from(high, low);
}

}  // namespace kafkasim::node
