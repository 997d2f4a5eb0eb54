// SPDX-License-Identifier: Apache-2.0
#include "core/tools/consumer_tool.hpp"

#include <algorithm>

#include "core/client/unknown_configs.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::tools {

std::optional<std::string> ConsumerTool::start_consumer(const client::ClientProperties& properties, Habits habits) {
    client::warn_of_unresolved_servers(env(), properties);
    auto read = client::ConsumerConfig::from_properties(properties);
    if (!read) return read.error();
    client::ConsumerConfig config = std::move(read).value();
    config.listens = habits.listens;
    config.commits_on_revoke = habits.commits_on_revoke;
    consumer_ = client::Consumer(std::move(config), kConsumerComponent);
    consumer_.start(env());
    consuming_ = true;
    client::warn_of_unknown_configs(env(), client::ClientKind::Consumer, properties);
    return std::nullopt;
}

Task<int> ConsumerTool::await_poll(std::optional<Duration> timeout) {
    consumer_.poll(env(), timeout, events_);
    take_events();
    bool woken = false;
    while (!poll_answered()) {
        if (signal() && !woken) {
            woken = true;
            consumer_.wakeup(env(), events_);
            take_events();
        } else {
            co_await next_event();
        }
    }
    co_return 0;
}

client::ConsumerEvent ConsumerTool::next_consumer_event() {
    client::ConsumerEvent event = std::move(events_.front());
    events_.erase(events_.begin());
    return event;
}

Task<int> ConsumerTool::close_consumer() {
    consumer_.close(env(), events_);
    take_events();
    while (!close_answered()) co_await next_event();
    co_return 0;
}

bool ConsumerTool::close_answered() const {
    return std::any_of(events_.begin(), events_.end(), [](const client::ConsumerEvent& event) {
        return std::holds_alternative<client::ConsumerClosed>(event);
    });
}

void ConsumerTool::client_connected(node::ConnectionId connection, node::Tag tag) {
    consumer_.on_connected(env(), connection, tag, events_);
    take_events();
}
void ConsumerTool::client_disconnected(node::ConnectionId connection, node::Tag tag, node::CloseReason reason) {
    consumer_.on_disconnected(env(), connection, tag, reason, events_);
    take_events();
}
void ConsumerTool::client_message(node::ConnectionId connection, node::Tag tag, protocol::Message&& message) {
    consumer_.on_message(env(), connection, tag, std::move(message), events_);
    take_events();
}
void ConsumerTool::client_timer(node::TimerId timer, node::Tag tag) {
    if (tag.component != kConsumerComponent) return own_timer();
    consumer_.on_timer(env(), timer, tag, events_);
    take_events();
}

}  // namespace kafkasim::tools
