// SPDX-License-Identifier: Apache-2.0
#pragma once
// A tool that asks through an admin client: kafka-topics, kafka-consumer-groups. `co_await call(...)` is
// `admin.x().get()`.

#include "core/client/admin_calls.hpp"
#include "core/tools/tool_process.hpp"

namespace kafkasim::tools {

class AdminTool : public ToolProcess {
public:
    using ToolProcess::ToolProcess;

protected:
    /// Admin.create with the properties of `--command-config` (if any) and the bootstrap servers, and what is
    /// `fixed`; a `log_prefix` if it is not
    /// the admin client's own. The exception that is uncaught otherwise.
    std::optional<std::string> create_admin(const std::string& bootstrap,
                                            const std::optional<std::string>& command_config,
                                            const config::Properties& fixed = {}, std::string_view log_prefix = {});
    /// A timer whose ringing only wakes the tool.
    node::TimerId own_timer();
    uint64_t submit(client::AdminCall call);
    Task<client::AdminResult> answer(uint64_t call);
    Task<client::AdminResult> call(client::AdminCall call);
    void close_admin();

private:
    void client_connected(node::ConnectionId connection, node::Tag tag) final {
        admin_.on_connected(env(), connection, tag, results_);
    }
    void client_disconnected(node::ConnectionId connection, node::Tag tag, node::CloseReason reason) final {
        admin_.on_disconnected(env(), connection, tag, reason, results_);
    }
    void client_message(node::ConnectionId connection, node::Tag tag, protocol::Message&& message) final {
        admin_.on_message(env(), connection, tag, std::move(message), results_);
    }
    void client_timer(node::TimerId timer, node::Tag tag) final { admin_.on_timer(env(), timer, tag, results_); }

    client::AdminClient admin_;
    client::AdminResults results_;
};

/// The error of a key in a response as the exception its future would throw.
client::AdminError admin_error(ErrorCode code, const std::optional<std::string>& message = std::nullopt);
/// The body of the only response.
template <typename T>
const T& body_of(const client::AdminResult& result) {
    CHECK_INVARIANT(!result.responses.empty() && std::holds_alternative<T>(result.responses.front().body),
                    "an admin result has the response of its request");
    return *std::get_if<T>(&result.responses.front().body);
}

}  // namespace kafkasim::tools
