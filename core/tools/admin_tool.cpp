// SPDX-License-Identifier: Apache-2.0

#include "core/tools/admin_tool.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/client/client_failure.hpp"

namespace kafkasim::tools {
namespace {

constexpr uint16_t kAdminComponent = 1;
constexpr uint16_t kOwnTimer = 2;

}  // namespace

std::optional<std::string> AdminTool::create_admin(const std::string& bootstrap,
                                                   const std::optional<std::string>& command_config,
                                                   const config::Properties& fixed, std::string_view log_prefix) {
    auto loaded = client_properties(command_config, bootstrap);
    if (!loaded) return loaded.error();
    client::ClientProperties properties = std::move(loaded).value();
    for (const auto& [name, value] : fixed) properties[name] = value;
    client::warn_of_unresolved_servers(env(), properties);
    auto config = client::AdminConfig::from_properties(properties);
    if (!config) {
        return fmt::format(
            "org.apache.kafka.common.KafkaException: Failed to create new KafkaAdminClient\nCaused by: "
            "org.apache.kafka.common.config.ConfigException: {}",
            config.error());
    }
    client::AdminConfig wanted = std::move(config).value();
    wanted.log_prefix = log_prefix;
    admin_ = client::AdminClient(std::move(wanted), kAdminComponent);
    admin_.start(env());
    return std::nullopt;
}

node::TimerId AdminTool::own_timer() { return env().new_timer({kAdminComponent, kOwnTimer, 0, 0}); }

uint64_t AdminTool::submit(client::AdminCall call) { return admin_.submit(env(), std::move(call), results_); }

Task<client::AdminResult> AdminTool::answer(uint64_t call) {
    while (true) {
        const auto found = std::find_if(results_.begin(), results_.end(),
                                        [call](const client::AdminResult& each) { return each.call == call; });
        if (found != results_.end()) {
            client::AdminResult result = std::move(*found);
            results_.erase(found);
            co_return result;
        }
        co_await next_event();
    }
}

Task<client::AdminResult> AdminTool::call(client::AdminCall what) {
    const uint64_t id = submit(std::move(what));
    client::AdminResult result = co_await answer(id);
    co_return result;
}

void AdminTool::close_admin() { admin_.close(env()); }

client::AdminError admin_error(ErrorCode code, const std::optional<std::string>& message) {
    client::ClientFailure failure = client::failure_of(code, message.value_or(std::string()));
    return {code, std::move(failure.exception), std::move(failure.message)};
}

}  // namespace kafkasim::tools
