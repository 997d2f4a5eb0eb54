// SPDX-License-Identifier: Apache-2.0
//
// DescribeGroups: state and members of groups. A group that nobody knows is Dead, without error; assignments and
// metadata show only while it is Stable.
// Kafka 3.0.0: GroupCoordinator.handleDescribeGroup, GroupMetadata.summary.

#include "core/group/coordinator.hpp"

namespace kafkasim::group {

namespace {

using Described = protocol::DescribeGroupsResponse::DescribedGroup;

void describe(Described& out, const GroupMetadata& group) {
    const bool stable = group.is(State::Stable);
    out.group_state = name_of(group.state);
    out.protocol_type = group.protocol_type.value_or("");
    if (stable) out.protocol_data = group.protocol_name.value_or("");
    for (const MemberMetadata* member : group.members_in_order()) {
        auto& row = out.members.emplace_back();
        row.member_id = member->member_id;
        row.group_instance_id = member->group_instance_id;
        row.client_id = member->client_id;
        row.client_host = member->client_host;
        if (!stable) continue;
        row.member_metadata = member->metadata(out.protocol_data);
        row.member_assignment = member->assignment;
    }
}

}  // namespace

void GroupCoordinator::handle_describe_groups(GroupHost& host, const node::RequestContext& context,
                                              protocol::DescribeGroupsRequest&& request) {
    protocol::DescribeGroupsResponse response;
    for (const std::string& group_id : request.groups) {
        Described& out = response.groups.emplace_back();
        out.group_id = group_id;
        if (auto error = validate_group_status(group_id, AllowEmptyGroupId::Yes)) {
            out.error_code = *error;
        } else if (const GroupMetadata* group = find(group_id)) {
            describe(out, *group);
        } else {
            out.group_state = name_of(State::Dead);
        }
    }
    host.respond(context.token, std::move(response));
}

}  // namespace kafkasim::group
