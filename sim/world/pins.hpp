// SPDX-License-Identifier: Apache-2.0
#pragma once
// Outcomes of chance that a scenario fixes, so that a run repeats a recorded one. A pin only says how a draw falls;
// what follows from it is the
// cluster's own doing. The next controller is a race of messages: the pin lets the news that /controller is gone
// reach the others a little later.

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/uuid.hpp"
#include "sim/network/rule.hpp"

namespace kafkasim::sim {

/// What chance decides when a topic is created.
struct PinnedTopic {
    std::optional<Uuid> id;
    std::vector<std::vector<BrokerId>> assignment;
};

struct Pins {
    std::map<TopicName, Uuid> topic_ids;
    std::map<TopicName, std::vector<std::vector<BrokerId>>> assignments;
    std::map<TopicName, std::deque<PinnedTopic>> again;  // of a topic that is made again, for each later time
    std::map<TopicName, std::deque<int32_t>> sticky;
    std::vector<BrokerId> controllers;

    /// The id of a topic that is made now; what is pinned for its next time takes the place of this.
    std::optional<Uuid> take_topic_id(const TopicName& topic);
};

class PinnedControllers final : public NetworkRule {
public:
    explicit PinnedControllers(std::vector<BrokerId> controllers) : controllers_(std::move(controllers)) {}

    Verdict judge(const Passage& passage) override;
    std::string receipt() const override;
    uint64_t touched() const override { return touched_; }

private:
    std::vector<BrokerId> controllers_;
    size_t elected_ = 0;
    uint64_t touched_ = 0;
};

}  // namespace kafkasim::sim
