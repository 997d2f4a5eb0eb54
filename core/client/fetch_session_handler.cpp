// SPDX-License-Identifier: Apache-2.0
#include "core/client/fetch_session_handler.hpp"

#include <algorithm>

namespace kafkasim::client {

namespace {

const FetchTarget* find(const std::vector<FetchTarget>& targets, const TopicPartition& tp) {
    const auto found =
        std::find_if(targets.begin(), targets.end(), [&](const FetchTarget& target) { return target.tp == tp; });
    return found == targets.end() ? nullptr : &*found;
}

/// Neighbours of the same topic share an entry, as in FetchRequest.Builder.
void add(protocol::FetchRequest& request, const FetchTarget& target) {
    if (request.topics.empty() || !(request.topics.back().topic == target.tp.topic))
        request.topics.push_back({target.tp.topic, {}});
    protocol::FetchRequest::FetchPartition partition;
    partition.partition = target.tp.partition;
    partition.current_leader_epoch = target.leader_epoch;
    partition.fetch_offset = target.offset;
    partition.partition_max_bytes = target.max_bytes;
    request.topics.back().partitions.push_back(partition);
}

void forget(protocol::FetchRequest& request, const TopicPartition& tp) {
    auto& forgotten = request.forgotten_topics_data;
    const auto same = [&](const auto& each) { return each.topic == tp.topic; };
    auto topic = std::find_if(forgotten.begin(), forgotten.end(), same);
    if (topic == forgotten.end()) {
        forgotten.push_back({tp.topic, {}});
        topic = forgotten.end() - 1;
    }
    topic->partitions.push_back(tp.partition);
}

}  // namespace

void FetchSessionHandler::build(std::vector<FetchTarget> targets, protocol::FetchRequest& request) {
    request.session_id = session_id_;
    request.session_epoch = epoch_;
    if (epoch_ == 0) {
        for (const FetchTarget& target : targets) add(request, target);
        in_session_ = std::move(targets);
        return;
    }
    std::vector<FetchTarget> session;
    for (const FetchTarget& old : in_session_) {
        if (const FetchTarget* wanted = find(targets, old.tp)) {
            session.push_back(*wanted);
        } else {
            forget(request, old.tp);
        }
    }
    for (const FetchTarget& wanted : targets) {
        const FetchTarget* old = find(in_session_, wanted.tp);
        if (old == nullptr) session.push_back(wanted);
        if (old == nullptr || !(*old == wanted)) add(request, wanted);
    }
    in_session_ = std::move(session);
}

bool FetchSessionHandler::handle(const protocol::FetchResponse& response) {
    if (response.error_code != ErrorCode::None) {
        if (response.error_code == ErrorCode::FetchSessionIdNotFound) session_id_ = 0;
        epoch_ = 0;
        return false;
    }
    if (response.session_id == 0) {
        session_id_ = 0;
        epoch_ = 0;
    } else {
        session_id_ = response.session_id;
        epoch_ = epoch_ == 2147483647 ? 1 : epoch_ + 1;
    }
    return true;
}

void FetchSessionHandler::handle_failure() { epoch_ = 0; }

const FetchTarget* FetchSessionHandler::target(const TopicPartition& tp) const { return find(in_session_, tp); }

}  // namespace kafkasim::client
