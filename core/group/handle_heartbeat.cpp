// SPDX-License-Identifier: Apache-2.0
//
// Heartbeat: keeps the member's session alive and tells it of a rebalance. Kafka 3.0.0:
// GroupCoordinator.handleHeartbeat.

#include "core/group/coordinator.hpp"
#include "core/group/rules.hpp"

namespace kafkasim::group {

void GroupCoordinator::handle_heartbeat(GroupHost& host, const node::RequestContext& context,
                                        protocol::HeartbeatRequest&& request) {
    const auto answer = [&](ErrorCode error) {
        protocol::HeartbeatResponse response;
        response.error_code = error;
        host.respond(context.token, std::move(response));
    };
    if (auto error = validate_group_status(request.group_id, AllowEmptyGroupId::No)) {
        // Nothing is known of the group yet while it loads; the member is left in peace.
        return answer(*error == ErrorCode::CoordinatorLoadInProgress ? ErrorCode::None : *error);
    }
    GroupMetadata* group = find_group(request.group_id);
    if (group == nullptr) return answer(ErrorCode::UnknownMemberId);
    if (group->is(State::Dead)) return answer(ErrorCode::CoordinatorNotAvailable);
    if (auto error = validate_current_member(host, *group, request.member_id, request.group_instance_id, "heartbeat"))
        return answer(*error);
    if (request.generation_id != group->generation_id) return answer(ErrorCode::IllegalGeneration);
    if (!group->is(State::Empty)) schedule_session_expiration(host, *group, *group->find(request.member_id));
    answer(heartbeat_answer(group->state));
}

}  // namespace kafkasim::group
