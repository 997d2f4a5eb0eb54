// SPDX-License-Identifier: Apache-2.0
#pragma once
// One member of a group: who it is, which assignors it offers, what it was assigned, and the requests of it that
// wait for an answer.
// Kafka 3.0.0: kafka.coordinator.group.MemberMetadata.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/node/request_token.hpp"
#include "core/protocol/join_group.hpp"

namespace kafkasim::group {

using Protocols =
    std::vector<protocol::JoinGroupRequest::JoinGroupRequestProtocol>;  // in the member's order of preference

struct MemberMetadata {
    std::string member_id;
    std::optional<std::string> group_instance_id;
    std::string client_id;
    std::string client_host;
    int32_t rebalance_timeout_ms = 0;
    int32_t session_timeout_ms = 0;
    std::string protocol_type;
    Protocols supported_protocols;
    std::string assignment;

    std::optional<node::RequestToken> awaiting_join;
    std::optional<node::RequestToken> awaiting_sync;
    bool is_new = false;  // has not yet seen a join phase end
    node::TimerId session_timer = node::TimerId::None;

    bool is_static() const { return group_instance_id.has_value(); }
    /// Same names and metadata in the same order.
    bool matches(const Protocols& protocols) const { return supported_protocols == protocols; }
    /// The metadata sent for a protocol; empty if the member does not support it.
    const std::string& metadata(std::string_view protocol) const;
    /// Members that wait for a rebalance to end need not send heartbeats, except new ones: they cannot, so their
    /// request must not wait for ever.
    bool waits_for_rebalance() const { return !is_new && (awaiting_join.has_value() || awaiting_sync.has_value()); }
};

/// "MemberMetadata(memberId=.., groupInstanceId=None, .., supportedProtocols=List(range, cooperative-sticky))"
std::string to_string(const MemberMetadata& member);
/// "None" or "Some(text)", as Scala prints an Option.
std::string option_text(const std::optional<std::string>& value);

}  // namespace kafkasim::group
