// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a JoinGroup request says of its sender, on its way through the coordinator.

#include <optional>
#include <string>

#include "core/group/coordinator.hpp"
#include "core/group/member_metadata.hpp"

namespace kafkasim::group {

struct GroupCoordinator::JoiningMember {
    node::RequestToken token;
    std::string member_id;  // empty: not known yet
    std::optional<std::string> group_instance_id;
    std::string client_id;
    std::string client_host;
    int32_t rebalance_timeout_ms = 0;
    int32_t session_timeout_ms = 0;
    std::string protocol_type;
    Protocols protocols;
};

/// A JoinGroup that failed: no generation, no leader.
protocol::JoinGroupResponse join_error(std::string member_id, ErrorCode error);
/// The current generation as this member sees it; the leader gets everybody's metadata.
protocol::JoinGroupResponse join_response(const GroupMetadata& group, const std::string& member_id);

}  // namespace kafkasim::group
