// SPDX-License-Identifier: Apache-2.0
#pragma once
// The client's side of one fetch session: what of the wanted partitions must be sent, given what the broker
// remembers. Pure.
// Kafka 3.0.0: org.apache.kafka.clients.FetchSessionHandler.

#include <vector>

#include "core/base/error_code.hpp"
#include "core/protocol/fetch.hpp"

namespace kafkasim::client {

struct FetchTarget {
    TopicPartition tp;
    int64_t offset = 0;
    int32_t leader_epoch = -1;
    int32_t max_bytes = 0;
    bool operator==(const FetchTarget&) const = default;
};

class FetchSessionHandler {
public:
    /// Puts session id, epoch, topics and forgotten topics into the request for these partitions.
    void build(std::vector<FetchTarget> targets, protocol::FetchRequest& request);
    /// False if the response cannot be used (a session error).
    bool handle(const protocol::FetchResponse& response);
    void handle_failure();
    /// What the session's last request asked of a partition; nullptr if it is not in the session.
    const FetchTarget* target(const TopicPartition& tp) const;
    int32_t session_id() const { return session_id_; }
    int32_t epoch() const { return epoch_; }

private:
    int32_t session_id_ = 0;
    int32_t epoch_ = 0;  // 0: the next request is full
    std::vector<FetchTarget> in_session_;
};

}  // namespace kafkasim::client
