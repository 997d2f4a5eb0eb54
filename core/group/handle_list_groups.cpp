// SPDX-License-Identifier: Apache-2.0
//
// ListGroups: the groups that this broker coordinates, also those of a partition that is still loading (then with
// that error beside the list).
// Kafka 3.0.0: GroupCoordinator.handleListGroups.

#include <algorithm>

#include "core/group/coordinator.hpp"

namespace kafkasim::group {

void GroupCoordinator::handle_list_groups(GroupHost& host, const node::RequestContext& context,
                                          protocol::ListGroupsRequest&& request) {
    protocol::ListGroupsResponse response;
    if (!active_) {
        response.error_code = ErrorCode::CoordinatorNotAvailable;
        return host.respond(context.token, std::move(response));
    }
    if (!loading_.empty()) response.error_code = ErrorCode::CoordinatorLoadInProgress;
    const auto& wanted = request.states_filter;
    for (const std::string& group_id : group_ids_in_order()) {
        const GroupMetadata& group = *find(group_id);
        const std::string state(name_of(group.state));
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), state) == wanted.end()) continue;
        response.groups.push_back({group_id, group.protocol_type.value_or(""), state});
    }
    host.respond(context.token, std::move(response));
}

}  // namespace kafkasim::group
