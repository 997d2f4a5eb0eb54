// SPDX-License-Identifier: Apache-2.0
#pragma once
// Watches /feature, which the first controller makes, and keeps what it says. Read when the broker starts, whenever
// the znode changes, and in each new session. Called by the start and by Broker.
// Simplified: only whether there is a value counts; no feature is finalized in 3.0.0, so nothing depends on it.
// Kafka 3.0.0: kafka.server.FinalizedFeatureChangeListener, FinalizedFeatureCache.

#include <cstdint>
#include <vector>

#include "core/protocol/message_fwd.hpp"

namespace kafkasim::broker {

class BrokerCall;

struct FeatureListener {
    bool cached = false;
    int32_t epoch = 0;  // version of the znode
};

/// Looks whether the znode is there, and what it holds; sets the watch.
std::vector<protocol::Body> feature_requests();
void on_feature_replies(BrokerCall& call, const std::vector<protocol::Body>& replies);
/// 1 created, 2 deleted, 3 data changed.
void on_feature_watch(BrokerCall& call, int32_t type);

}  // namespace kafkasim::broker
