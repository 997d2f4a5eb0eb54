// SPDX-License-Identifier: Apache-2.0
//
// OffsetFetch: what groups have committed; -1 where nothing is. Several groups in one request, each with its own
// error.
// Kafka 3.0.0: GroupCoordinator.handleFetchOffsets, GroupMetadataManager.getOffsets;
// KafkaApis.handleOffsetFetchRequest.
// Who asks for stable offsets (every consumer does) is told UNSTABLE_OFFSET_COMMIT while a commit waits for
// its replicas.

#include "core/group/coordinator.hpp"

namespace kafkasim::group {

namespace {

using ResponsePartition = protocol::OffsetFetchResponse::OffsetFetchResponsePartitions;
using ResponseGroup = protocol::OffsetFetchResponse::OffsetFetchResponseGroup;

ResponsePartition partition_of(const GroupMetadata* group, const TopicPartition& tp, bool require_stable) {
    ResponsePartition out;
    out.partition_index = tp.partition;
    out.committed_offset = -1;
    out.metadata = "";
    if (group == nullptr || group->is(State::Dead)) return out;
    if (require_stable && group->has_pending_commit(tp)) {
        out.error_code = ErrorCode::UnstableOffsetCommit;
        return out;
    }
    auto found = group->offsets.find(tp);
    if (found == group->offsets.end()) return out;
    out.committed_offset = found->second.value.offset;
    out.committed_leader_epoch = found->second.value.leader_epoch;
    out.metadata = found->second.value.metadata;
    return out;
}

void add_all(ResponseGroup& out, const GroupMetadata* group, bool require_stable) {
    if (group == nullptr || group->is(State::Dead)) return;
    for (const auto& [tp, committed] : group->offsets) {
        if (out.topics.empty() || out.topics.back().name != tp.topic) out.topics.emplace_back().name = tp.topic;
        out.topics.back().partitions.push_back(partition_of(group, tp, require_stable));
    }
}

}  // namespace

void GroupCoordinator::handle_offset_fetch(GroupHost& host, const node::RequestContext& context,
                                           protocol::OffsetFetchRequest&& request) {
    protocol::OffsetFetchResponse response;
    for (const auto& asked : request.groups) {
        ResponseGroup& out = response.groups.emplace_back();
        out.group_id = asked.group_id;
        if (auto error = validate_group_status(asked.group_id, AllowEmptyGroupId::Yes)) {
            out.error_code = *error;
            continue;
        }
        const GroupMetadata* group = find(asked.group_id);
        if (!asked.topics) {
            add_all(out, group, request.require_stable);
            continue;
        }
        for (const auto& topic : *asked.topics) {
            auto& topic_out = out.topics.emplace_back();
            topic_out.name = topic.name;
            for (int32_t partition : topic.partition_indexes)
                topic_out.partitions.push_back(partition_of(group, {topic.name, partition}, request.require_stable));
        }
    }
    host.respond(context.token, std::move(response));
}

}  // namespace kafkasim::group
