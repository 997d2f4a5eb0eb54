// SPDX-License-Identifier: Apache-2.0
#include "core/broker/feature_listener.hpp"

#include <fmt/format.h>

#include "core/broker/broker_call.hpp"
#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::broker {

namespace {

constexpr std::string_view kListener = "kafka.server.FinalizedFeatureChangeListener";
constexpr std::string_view kCache = "kafka.server.FinalizedFeatureCache";

std::string features_text(const FeatureListener& features) {
    if (!features.cached) return "<empty>";
    return fmt::format("FinalizedFeaturesAndEpoch(features=Features{{}}, epoch={})", features.epoch);
}

std::string_view done_to(int32_t type) {
    if (type == zookeeper::kNodeCreated) return "created";
    if (type == zookeeper::kNodeDeleted) return "deleted";
    return "updated";
}

}  // namespace

std::vector<protocol::Body> feature_requests() {
    std::vector<protocol::Body> requests;
    requests.push_back(zookeeper::zk_exists(std::string(zookeeper::kFeaturePath), true));
    requests.push_back(zookeeper::zk_get_data(std::string(zookeeper::kFeaturePath), false));
    return requests;
}

void on_feature_replies(BrokerCall& call, const std::vector<protocol::Body>& replies) {
    FeatureListener& features = call.state().features;
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&replies.back());
    if (data == nullptr || data->err == zookeeper::kSessionExpired) return;
    if (data->err != zookeeper::kOk) {
        node::info(call.env(), kListener, "Feature ZK node at path: {} does not exist", zookeeper::kFeaturePath);
        features = {};
        node::info(call.env(), kCache, "Cleared cache");
        return;
    }
    const std::string before = features_text(features);
    features = {true, data->stat.version};
    node::info(call.env(), kCache, "Updated cache from existing {} to latest {}.", before, features_text(features));
}

void on_feature_watch(BrokerCall& call, int32_t type) {
    node::info(call.env(), kListener, "Feature ZK node {} at path: {}", done_to(type), zookeeper::kFeaturePath);
    call.zk_call(ZkCaller::Features, 0, feature_requests());
}

}  // namespace kafkasim::broker
