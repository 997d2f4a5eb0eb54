// SPDX-License-Identifier: Apache-2.0
#include "core/broker/topic_deletions.hpp"

#include <algorithm>

#include "core/broker/broker_call.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::broker {

namespace {

using Step = TopicDeletionRequest::Step;
using Result = protocol::DeleteTopicsResponse::DeletableTopicResult;

void send(BrokerCall& call, uint64_t id, TopicDeletionRequest& request, Step step, protocol::Body&& body) {
    request.step = step;
    std::vector<protocol::Body> bodies;
    bodies.push_back(std::move(body));
    call.zk_call(ZkCaller::TopicDeletions, id, std::move(bodies));
}

bool any_accepted(const protocol::DeleteTopicsResponse& response) {
    return std::any_of(response.responses.begin(), response.responses.end(),
                       [](const Result& each) { return each.error_code == ErrorCode::None; });
}

/// Accepted, but the metadata cache still has the topic.
bool still_there(const BrokerCall& call, const Result& result) {
    return result.error_code == ErrorCode::None && call.metadata().contains(*result.name);
}

void finish(BrokerCall& call, TopicDeletionRequest&& request) {
    const bool waits = request.timeout_ms > 0 && any_accepted(request.response);
    if (!waits) {
        for (Result& result : request.response.responses) {
            if (result.error_code == ErrorCode::None) result.error_code = ErrorCode::RequestTimedOut;
        }
        return call.respond(request.token, std::move(request.response));
    }
    TopicDeletions& deletions = call.state().topic_deletions;
    const uint64_t id = deletions.next++;
    const node::TimerId timer = call.env().new_timer({kBroker, kTopicDeletionTimer, 0, id});
    call.env().arm(timer, from_millis(request.timeout_ms));
    deletions.delayed.emplace(id, DelayedTopicDeletion{request.token, std::move(request.response), timer});
    recheck_topic_deletions(call);
}

/// Goes on to the next topic that is not refused; at the end of the list the request is answered, now or later.
void next_topic(BrokerCall& call, uint64_t id) {
    TopicDeletions& deletions = call.state().topic_deletions;
    const auto found = deletions.requests.find(id);
    TopicDeletionRequest& request = found->second;
    for (; request.current < request.response.responses.size(); ++request.current) {
        const Result& topic = request.response.responses[request.current];
        if (topic.error_code != ErrorCode::None) continue;
        return send(call, id, request, Step::Checking,
                    zookeeper::zk_exists(zookeeper::topic_path(topic.name->view()), false));
    }
    TopicDeletionRequest done = std::move(request);
    deletions.requests.erase(found);
    finish(call, std::move(done));
}

}  // namespace

void delete_topics(BrokerCall& call, TopicDeletionRequest&& request) {
    TopicDeletions& deletions = call.state().topic_deletions;
    const uint64_t id = deletions.next++;
    deletions.requests.emplace(id, std::move(request));
    next_topic(call, id);
}

void on_topic_deletion_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies) {
    const auto found = call.state().topic_deletions.requests.find(token);
    if (found == call.state().topic_deletions.requests.end()) return;
    TopicDeletionRequest& request = found->second;
    Result& topic = request.response.responses[request.current];
    const int32_t error = zookeeper::error_of(replies.front());
    if (request.step == Step::Checking && error == zookeeper::kOk) {
        return send(call, token, request, Step::Requesting,
                    zookeeper::zk_create(zookeeper::delete_topic_path(topic.name->view()), std::nullopt));
    }
    const bool marked_already = request.step == Step::Requesting && error == zookeeper::kNodeExists;
    if (request.step == Step::Checking && error == zookeeper::kNoNode) {
        topic.error_code = ErrorCode::UnknownTopicOrPartition;
    } else if (error != zookeeper::kOk && !marked_already) {
        topic.error_code = ErrorCode::UnknownServerError;
    }
    ++request.current;
    next_topic(call, token);
}

void on_topic_deletion_timer(BrokerCall& call, uint64_t id) {
    TopicDeletions& deletions = call.state().topic_deletions;
    const auto found = deletions.delayed.find(id);
    if (found == deletions.delayed.end()) return;
    DelayedTopicDeletion delayed = std::move(found->second);
    deletions.delayed.erase(found);
    call.env().free_timer(delayed.timer);
    for (Result& result : delayed.response.responses) {
        if (still_there(call, result)) result.error_code = ErrorCode::RequestTimedOut;
    }
    call.respond(delayed.token, std::move(delayed.response));
}

void recheck_topic_deletions(BrokerCall& call) {
    TopicDeletions& deletions = call.state().topic_deletions;
    for (auto each = deletions.delayed.begin(); each != deletions.delayed.end();) {
        const auto& results = each->second.response.responses;
        if (std::any_of(results.begin(), results.end(), [&](const Result& one) { return still_there(call, one); })) {
            ++each;
            continue;
        }
        call.env().free_timer(each->second.timer);
        call.respond(each->second.token, std::move(each->second.response));
        each = deletions.delayed.erase(each);
    }
}

}  // namespace kafkasim::broker
