// SPDX-License-Identifier: Apache-2.0
#include "core/log/log_dir_failure.hpp"

#include "core/node/log.hpp"

namespace kafkasim::log {

bool has_failed(node::Env& env, std::string_view log_dir) { return env.disk().failure(log_dir).has_value(); }

std::string io_exception(node::Env& env, std::string_view log_dir, std::string_view opened) {
    constexpr std::string_view kFull = "No space left on device";  // which a file can be opened on, but not written
    const std::string reason = env.disk().failure(log_dir).value_or("");
    if (opened.empty() || reason == kFull) return "java.io.IOException: " + reason;
    return fmt::format("java.io.FileNotFoundException: {} ({})", opened, reason);
}

bool write_failed(node::Env& env, std::string_view log_dir, std::string_view what, std::string_view opened) {
    if (!has_failed(env, log_dir)) return false;
    node::error(env, "kafka.server.LogDirFailureChannel", "{}\n{}", what, io_exception(env, log_dir, opened));
    return true;
}

std::string checkpoint_error(std::string_view path) {
    return fmt::format("Error while writing to checkpoint file {}", path);
}

}  // namespace kafkasim::log
