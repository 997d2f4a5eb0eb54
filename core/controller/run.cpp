// SPDX-License-Identifier: Apache-2.0
#include "core/controller/run.hpp"

#include <algorithm>

#include "core/config/broker_config.hpp"

namespace kafkasim::controller {

Flow Run::ask(std::vector<protocol::Body> requests) {
    state_.replies.clear();
    if (requests.empty()) return Flow::Again;
    state_.awaited_token = state_.next_token++;
    host_.zk_submit(state_.awaited_token, std::move(requests));
    return Flow::Wait;
}

Flow Run::ask(protocol::Body request) {
    std::vector<protocol::Body> requests;
    requests.push_back(std::move(request));
    return ask(std::move(requests));
}

Flow Run::call(Frame frame) {
    state_.to_call = std::move(frame);
    return Flow::Call;
}

protocol::Body Run::guarded(protocol::ZkMultiOp operation) const {
    return zookeeper::zk_multi(
        {zookeeper::op_check(std::string(zookeeper::kControllerEpochPath), state_.context.epoch_zk_version),
         std::move(operation)});
}

void Run::send_batch() {
    const Duration timeout = from_millis(host_.config().request_timeout_ms);
    for (OutgoingRequest& request : state_.batch.take_requests(env(), context(), id())) {
        state_.channels.send(env(), request.to, std::move(request.body), timeout, context().epoch);
    }
}

void Run::send_update_metadata(const std::vector<BrokerId>& brokers, const std::vector<TopicPartition>& partitions) {
    new_batch();
    state_.batch.add_update_metadata(env(), context(), brokers, partitions);
    send_batch();
}

void Run::note(node::NoteKind kind, std::vector<std::pair<std::string_view, node::FieldValue>> fields) {
    if (env().observed()) env().note({kind, std::move(fields)});
}

GuardedReply read_guarded(const protocol::Body& reply) {
    GuardedReply result;
    const auto* multi = std::get_if<protocol::ZkMultiResponse>(&reply);
    if (multi == nullptr || multi->results.size() < 2) {
        result.err = zookeeper::error_of(reply);
        if (result.err == zookeeper::kOk) result.err = zookeeper::kMarshallingError;
        return result;
    }
    if (multi->results[0].err != zookeeper::kOk) {
        result.moved = multi->results[0].err == zookeeper::kBadVersion;
        result.err = multi->results[0].err;
        return result;
    }
    result.err = multi->results[1].err;
    result.version = multi->results[1].stat.version;
    return result;
}

bool any_moved(const std::vector<protocol::Body>& replies) {
    return std::any_of(replies.begin(), replies.end(),
                       [](const protocol::Body& reply) { return read_guarded(reply).moved; });
}

std::string join_names(const std::set<TopicName>& names, std::string_view separator) {
    std::string text;
    for (const TopicName& name : names) {
        if (!text.empty()) text += separator;
        text += name.view();
    }
    return text;
}

std::string broker_epochs_text(const ControllerContext& context) {
    std::string text;
    for (const auto& [id, broker] : context.brokers) {
        if (!text.empty()) text += ", ";
        text += to_string(id) + " -> " + std::to_string(broker.epoch);
    }
    return "HashMap(" + text + ")";
}

}  // namespace kafkasim::controller
