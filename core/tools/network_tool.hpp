// SPDX-License-Identifier: Apache-2.0
#pragma once
// A tool that sends its requests to brokers itself, without an admin client: kafka-get-offsets (through its consumer's
// network), kafka-broker-api-versions. Answers are kept by the number of their request until the tool takes them.
// Kafka 3.0.0: org.apache.kafka.clients.consumer.internals.ConsumerNetworkClient, as these tools use it.

#include <map>
#include <optional>

#include "core/client/consumer_network.hpp"
#include "core/tools/tool_process.hpp"

namespace kafkasim::tools {

class NetworkTool : public ToolProcess {
public:
    using ToolProcess::ToolProcess;

protected:
    /// The component that the tool's connections and timers carry.
    static constexpr uint16_t kComponent = 1;

    void open_network(client::NetworkClientConfig config);
    void close_network();
    client::NetworkClient& network() { return network_.network(); }
    client::ClusterMetadata& metadata() { return network_.metadata(); }

    /// The number of the request.
    uint64_t send(const client::ClientNode& node, protocol::Body request);
    /// Until the request is answered or has failed, or the time is over.
    Task<int> wait_for(uint64_t request, Instant deadline);
    Task<int> sleep(Duration duration);
    /// Lets the network move on; the tool is woken when something comes, and at that time.
    void wake_at(Instant time);
    bool is_answered(uint64_t request) const { return answers_.contains(request); }
    /// The answer; nullptr when it has not come, or is none.
    template <typename Response>
    Response* answer_to(uint64_t request) {
        const auto answer = answers_.find(request);
        return answer == answers_.end() ? nullptr : std::get_if<Response>(&answer->second.body);
    }
    void forget(uint64_t request) { answers_.erase(request); }

private:
    void poll(client::ClientResponses responses);

    void client_connected(node::ConnectionId, node::Tag tag) final;
    void client_disconnected(node::ConnectionId, node::Tag tag, node::CloseReason) final;
    void client_message(node::ConnectionId, node::Tag tag, protocol::Message&& message) final;
    void client_timer(node::TimerId, node::Tag) final { poll({}); }

    client::ConsumerNetwork network_;
    node::TimerId timer_ = node::TimerId::None;
    std::optional<Instant> wake_;
    std::map<uint64_t, client::ClientResponse> answers_;
};

}  // namespace kafkasim::tools
