// SPDX-License-Identifier: Apache-2.0
#include "sim/history/delivered.hpp"

#include "core/base/java_pattern.hpp"

namespace kafkasim::sim::history {

std::vector<bool> topics_of(const Book& book, const std::string& group) {
    std::vector<bool> subscribed(book.topics.size());
    for (const History& history : book.histories) {
        if (history.role != Role::Consumer || history.group != group) continue;
        for (const std::string& topic : history.topics) {
            if (const auto number = book.topics.find(topic)) subscribed[*number] = true;
        }
        if (history.pattern.empty()) continue;
        const auto compiled = java::Pattern::compile(history.pattern);
        const auto* pattern = std::get_if<java::Pattern>(&compiled);
        for (uint32_t topic = 0; pattern != nullptr && topic < subscribed.size(); ++topic)
            subscribed[topic] = subscribed[topic] || pattern->matches(book.topics[topic]);
    }
    return subscribed;
}

Delivered delivered(const Book& book, const std::string& group) {
    constexpr uint8_t kOften = 2;
    std::vector<std::vector<uint8_t>> times(book.producers.size());  // by producer and number
    for (const History& history : book.histories) {
        if (history.role != Role::Consumer || history.group != group) continue;
        for (const ReadRecord& record : history.records) {
            if (record.value.producer == Value::kNobody) continue;
            auto& of_producer = times[record.value.producer];
            if (of_producer.size() <= record.value.number) of_producer.resize(record.value.number + 1);
            if (of_producer[record.value.number] < kOften) ++of_producer[record.value.number];
        }
    }
    const std::vector<bool> subscribed = topics_of(book, group);
    Delivered result;
    for (const History& history : book.histories) {
        for (const Send& send : history.sends) {
            if (!subscribed[send.to.topic]) continue;
            const auto& of_producer = times[send.value.producer];
            const uint8_t read = send.value.number < of_producer.size() ? of_producer[send.value.number] : 0;
            if (read == kOften) result.read_again.push_back(send.value);
            if (send.outcome != Outcome::Acknowledged || send.offset < 0) continue;
            ++result.acknowledged;
            if (read > 0)
                ++result.read;
            else
                result.lost.push_back(&send);
        }
    }
    return result;
}

}  // namespace kafkasim::sim::history
