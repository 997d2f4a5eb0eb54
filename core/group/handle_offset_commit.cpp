// SPDX-License-Identifier: Apache-2.0
//
// OffsetCommit: by members of the running generation, or by anybody for a group without members (simple consumers,
// tools that reset offsets).
// Kafka 3.0.0: GroupCoordinator.handleCommitOffsets, validateOffsetCommit, doCommitOffsets;
// KafkaApis.handleOffsetCommitRequest.

#include <algorithm>
#include <numeric>

#include "core/group/coordinator.hpp"
#include "core/group/rules.hpp"

namespace kafkasim::group {

namespace {

protocol::OffsetCommitResponse answer(const protocol::OffsetCommitRequest& request, ErrorCode error) {
    protocol::OffsetCommitResponse response;
    for (const auto& topic : request.topics) {
        auto& out = response.topics.emplace_back();
        out.name = topic.name;
        for (const auto& partition : topic.partitions) out.partitions.push_back({partition.partition_index, error});
    }
    return response;
}

protocol::OffsetCommitResponse merged(protocol::OffsetCommitResponse response,
                                      protocol::OffsetCommitResponse&& refused) {
    for (auto& topic : refused.topics) {
        const auto known = std::find_if(response.topics.begin(), response.topics.end(),
                                        [&](const auto& each) { return each.name == topic.name; });
        if (known == response.topics.end()) {
            response.topics.push_back(std::move(topic));
        } else {
            known->partitions.insert(known->partitions.end(), topic.partitions.begin(), topic.partitions.end());
        }
    }
    return response;
}

/// In UTF-16 units, as String.length() counts: those of UTF-8 that begin a character, twice those that begin a pair.
int64_t length_in_java(std::string_view utf8) {
    return std::accumulate(utf8.begin(), utf8.end(), int64_t{0}, [](int64_t units, char c) {
        const auto byte = static_cast<uint8_t>(c);
        return units + (byte >= 0xf0 ? 2 : (byte & 0xc0U) == 0x80 ? 0 : 1);
    });
}

/// What can be stored of the request; metadata that is too long is refused partition by partition.
OffsetCommitWrite write_of(const protocol::OffsetCommitRequest& request, const node::RequestToken& token,
                           int64_t now_ms, int32_t metadata_max_bytes) {
    OffsetCommitWrite write{token, answer(request, ErrorCode::None), {}, {}};
    for (size_t t = 0; t < request.topics.size(); ++t) {
        for (size_t p = 0; p < request.topics[t].partitions.size(); ++p) {
            const auto& partition = request.topics[t].partitions[p];
            const std::string metadata = partition.committed_metadata.value_or("");
            const bool too_long = length_in_java(metadata) > metadata_max_bytes;
            if (too_long) write.response.topics[t].partitions[p].error_code = ErrorCode::OffsetMetadataTooLarge;
            (too_long ? write.too_long : write.offsets)
                .emplace_back(TopicPartition{request.topics[t].name, partition.partition_index},
                              OffsetAndMetadata{partition.committed_offset, partition.committed_leader_epoch, metadata,
                                                now_ms, std::nullopt});
        }
    }
    return write;
}

}  // namespace

void GroupCoordinator::handle_offset_commit(GroupHost& host, const node::RequestContext& context,
                                            protocol::OffsetCommitRequest&& request,
                                            protocol::OffsetCommitResponse&& refused) {
    auto error = validate_group_status(request.group_id, AllowEmptyGroupId::Yes);
    GroupMetadata* group = error ? nullptr : find_group(request.group_id);
    if (!error && group == nullptr) {
        // Without a generation the group only keeps its offsets here.
        if (request.generation_id < 0)
            group = &add_group(host, request.group_id);
        else
            error = ErrorCode::IllegalGeneration;
    }
    if (group != nullptr) {
        CommitCheck check{group->state,
                          request.generation_id >= 0 || !request.member_id.empty() || request.group_instance_id,
                          std::nullopt, request.generation_id == group->generation_id};
        if (check.names_member && check.state != State::Dead)
            check.member_error =
                validate_current_member(host, *group, request.member_id, request.group_instance_id, "offset-commit");
        error = commit_refusal(check);
    }
    if (error) return host.respond(context.token, merged(answer(request, *error), std::move(refused)));
    if (!group->is(State::Empty)) schedule_session_expiration(host, *group, *group->find(request.member_id));
    OffsetCommitWrite write =
        write_of(request, context.token, host.env().wall_clock().value, host.config().offset_metadata_max_bytes);
    write.response = merged(std::move(write.response), std::move(refused));
    store_offsets(host, *group, std::move(write));
}

}  // namespace kafkasim::group
