// SPDX-License-Identifier: Apache-2.0
#include "sim/world/pins.hpp"

#include "core/protocol/message.hpp"

namespace kafkasim::sim {

namespace {

constexpr int32_t kCreate = 1;       // type of an operation in a multi
constexpr int32_t kNodeDeleted = 2;  // type of a watch event
constexpr Duration kHeadStart = 40ms;

bool elects_a_controller(const protocol::Body& body) {
    const auto* multi = std::get_if<protocol::ZkMultiResponse>(&body);
    return multi != nullptr && multi->err == 0 && !multi->results.empty() && multi->results.front().type == kCreate &&
           multi->results.front().path == "/controller";
}

bool says_the_controller_is_gone(const protocol::Body& body) {
    const auto* event = std::get_if<protocol::ZkWatchEvent>(&body);
    return event != nullptr && event->type == kNodeDeleted && event->path == "/controller";
}

}  // namespace

std::optional<Uuid> Pins::take_topic_id(const TopicName& topic) {
    std::optional<Uuid> id;
    if (const auto found = topic_ids.find(topic); found != topic_ids.end()) {
        id = found->second;
        topic_ids.erase(found);
    }
    const auto later = again.find(topic);
    if (later == again.end() || later->second.empty()) return id;
    const PinnedTopic next = std::move(later->second.front());
    later->second.pop_front();
    if (next.id) topic_ids[topic] = *next.id;
    if (!next.assignment.empty()) assignments[topic] = next.assignment;
    return id;
}

Verdict PinnedControllers::judge(const Passage& passage) {
    if (passage.body == nullptr) return Verdict::pass();
    if (elects_a_controller(*passage.body)) ++elected_;
    if (elected_ >= controllers_.size() || !says_the_controller_is_gone(*passage.body)) return Verdict::pass();
    if (passage.to == "broker-" + to_string(controllers_[elected_])) return Verdict::pass();
    ++touched_;
    return Verdict::delay(kHeadStart);
}

std::string PinnedControllers::receipt() const {
    return "delayed " + std::to_string(touched_) + " notices that /controller is gone";
}

}  // namespace kafkasim::sim
