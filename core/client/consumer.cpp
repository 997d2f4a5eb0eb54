// SPDX-License-Identifier: Apache-2.0
#include "core/client/consumer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kafkasim::client {

namespace {

constexpr uint16_t kTimer = 1;

std::string client_id_of(const ConsumerConfig& config) {
    if (!config.client_id.empty()) return config.client_id;
    return fmt::format("consumer-{}-{}", config.group_id.value_or("null"), config.group_instance_id.value_or("1"));
}

std::string log_prefix_of(const ConsumerConfig& config) {
    const std::string instance =
        config.group_instance_id ? fmt::format("instanceId={}, ", *config.group_instance_id) : "";
    return fmt::format("[Consumer {}clientId={}, groupId={}] ", instance, config.client_id,
                       config.group_id.value_or("null"));
}

GroupMemberConfig member_config(const ConsumerConfig& config, const std::string& log_prefix) {
    GroupMemberConfig member;
    member.log_prefix = log_prefix;
    member.has_group = config.group_id.has_value();
    member.group_id = config.group_id.value_or("");
    member.group_instance_id = config.group_instance_id;
    member.assignors = config.assignors;
    member.auto_commit = config.enable_auto_commit;
    member.auto_commit_interval = config.auto_commit_interval;
    member.session_timeout = config.session_timeout;
    member.heartbeat_interval = config.heartbeat_interval;
    member.rebalance_timeout = config.max_poll_interval;
    member.request_timeout = config.request_timeout;
    member.retry_back_off = config.retry_back_off;
    member.reset = config.auto_offset_reset;
    return member;
}

FetcherConfig fetcher_config(const ConsumerConfig& config, const std::string& log_prefix) {
    return {
        log_prefix,           config.fetch, config.max_poll_records, config.auto_offset_reset, config.request_timeout,
        config.retry_back_off};
}

}  // namespace

NetworkClientConfig network_config(const ConsumerConfig& config, std::string_view log_prefix, uint16_t component) {
    NetworkClientConfig network;
    network.log_prefix = log_prefix;
    network.client_id = SharedText(config.client_id);
    network.bootstrap = config.bootstrap;
    network.component = component;
    network.allow_auto_creation = config.allow_auto_create_topics;
    network.request_timeout = config.request_timeout;
    network.retry_back_off = config.retry_back_off;
    network.metadata_max_age = config.metadata_max_age;
    return network;
}

Consumer::Consumer(ConsumerConfig config, uint16_t component) : config_(std::move(config)), component_(component) {
    config_.client_id = client_id_of(config_);
    log_prefix_ = log_prefix_of(config_);
    network_ = ConsumerNetwork(network_config(config_, log_prefix_, component));
    member_ = GroupMember(member_config(config_, log_prefix_));
    fetcher_ = Fetcher(fetcher_config(config_, log_prefix_));
}

void Consumer::start(node::Env& env) {
    timer_ = env.new_timer({component_, kTimer, 0, 0});
    if (config_.group_id != "" || !env.logs(node::Level::Warn)) return;
    env.log(node::Level::Warn, "org.apache.kafka.clients.consumer.KafkaConsumer",
            log_prefix_ +
                "Support for using the empty group id by consumers is deprecated and will be removed in the "
                "next major release.");
}

void Consumer::subscribe(node::Env& env, const std::set<TopicName>& topics) {
    if (env.logs(node::Level::Info)) {
        std::string text;
        for (const TopicName& topic : topics) text += (text.empty() ? "" : ", ") + topic.str();
        env.log(node::Level::Info, "org.apache.kafka.clients.consumer.KafkaConsumer",
                log_prefix_ + "Subscribed to topic(s): " + text);
    }
    subscriptions_.subscribe(topics);
    network_.metadata().want_only(topics);
}

void Consumer::subscribe(node::Env& env, const java::Pattern& pattern) {
    if (env.logs(node::Level::Info)) {
        env.log(node::Level::Info, "org.apache.kafka.clients.consumer.KafkaConsumer",
                fmt::format("{}Subscribed to pattern: '{}'", log_prefix_, pattern.text()));
    }
    subscriptions_.subscribe(pattern);
    network_.metadata().want_matching(pattern, config_.exclude_internal_topics);
}

void Consumer::assign(node::Env&, const std::vector<TopicPartition>& partitions) {
    subscriptions_.assign(partitions, true);
    network_.metadata().want_only(subscriptions_.topics());
}

void Consumer::seek(const TopicPartition& tp, int64_t offset) {
    subscriptions_.seek_unvalidated(tp, {offset, -1, network_.metadata().current_leader(tp)});
}

void Consumer::seek_to_beginning(const TopicPartition& tp) {
    subscriptions_.request_reset(tp, ResetStrategy::Earliest);
}
void Consumer::seek_to_end(const TopicPartition& tp) { subscriptions_.request_reset(tp, ResetStrategy::Latest); }

void Consumer::poll(node::Env& env, std::optional<Duration> timeout, ConsumerEvents& out) {
    if (phase_ != Phase::Idle) return;
    phase_ = Phase::Polling;
    poll_deadline_ = timeout ? std::optional<Instant>(env.now() + *timeout) : std::nullopt;
    run(env, {}, out);
}

void Consumer::wakeup(node::Env& env, ConsumerEvents& out) {
    woken_ = true;
    if (phase_ == Phase::Polling) run(env, {}, out);
}

void Consumer::close(node::Env& env, ConsumerEvents& out, Duration timeout) {
    if (phase_ == Phase::Closing || phase_ == Phase::Closed) return;
    if (phase_ == Phase::Polling) finish_poll(env, PolledRecords{{}, true}, out);
    phase_ = Phase::Closing;
    close_deadline_ = env.now() + std::min(timeout, config_.request_timeout);
    member_.begin_close();
    run(env, {}, out);
}

void Consumer::on_connected(node::Env& env, node::ConnectionId, node::Tag tag, ConsumerEvents& out) {
    network_.network().on_connected(env, tag);
    run(env, {}, out);
}

void Consumer::on_disconnected(node::Env& env, node::ConnectionId, node::Tag tag, node::CloseReason,
                               ConsumerEvents& out) {
    ClientResponses responses;
    network_.network().on_disconnected(env, tag, responses);
    run(env, std::move(responses), out);
}

void Consumer::on_message(node::Env& env, node::ConnectionId, node::Tag tag, protocol::Message&& message,
                          ConsumerEvents& out) {
    ClientResponses responses;
    network_.network().on_message(env, tag, std::move(message), responses);
    run(env, std::move(responses), out);
}

void Consumer::on_timer(node::Env& env, node::TimerId, node::Tag, ConsumerEvents& out) { run(env, {}, out); }

/// What the network has brought is handled; then whoever waits (a poll, the close) goes on as far as it can.
void Consumer::run(node::Env& env, ClientResponses&& responses, ConsumerEvents& out) {
    if (phase_ == Phase::Closed) return;
    if (phase_ == Phase::Idle && timer_ == node::TimerId::None) return;
    network_.poll(env, responses);
    do {
        dispatch(env, responses);
        member_.background(env, network_, responses);
        if (phase_ == Phase::Polling) poll_step(env, responses, out);
        if (phase_ == Phase::Closing) close_step(env, responses, out);
        if (phase_ == Phase::Closed) return;
        network_.poll(env, responses);
    } while (!responses.empty());
    rearm(env);
}

void Consumer::dispatch(node::Env& env, ClientResponses& responses) {
    for (ClientResponse& response : std::exchange(responses, {})) {
        if (!fetcher_.handle(env, network_, subscriptions_, response))
            member_.handle(env, network_, subscriptions_, response, responses);
    }
    fetcher_.clear_unassigned(subscriptions_);
}

/// One round of KafkaConsumer.poll: coordinator, positions, records.
void Consumer::poll_step(node::Env& env, ClientResponses& more, ConsumerEvents& out) {
    if (std::exchange(woken_, false)) return finish_poll(env, PolledRecords{{}, true}, out);
    if (auto invalid = network_.metadata().take_invalid_topics(); !invalid.empty())
        return finish_poll(env, ConsumerFailed{exception_class(ErrorCode::InvalidTopicException), invalid}, out);
    const bool joined = !member_.has_group() || member_.step(env, network_, subscriptions_, more);
    const bool positioned = joined && positions_step(env, more);
    if (auto failure = member_.take_failure())
        return finish_poll(env, ConsumerFailed{failure->exception, failure->message}, out);
    const bool late = poll_deadline_ && env.now() >= *poll_deadline_;
    // The search for the coordinator and for committed offsets hold the poll up; a join that is under way does not.
    const bool held_up = joined ? !positioned : !member_.joining();
    if (held_up && !late) return;
    std::vector<ConsumerRecord> records = fetcher_.fetched_records(env, network_, subscriptions_);
    if (records.empty()) {
        if (auto failure = fetcher_.take_failure())
            return finish_poll(env, ConsumerFailed{failure->exception, failure->message}, out);
    }
    fetcher_.send_fetches(env, network_, subscriptions_);
    if (records.empty() && !late) return;
    note_returned(env, records);
    finish_poll(env, PolledRecords{std::move(records), false}, out);
}

/// updateFetchPositions: false while committed offsets are waited for.
bool Consumer::positions_step(node::Env& env, ClientResponses& more) {
    fetcher_.validate_offsets_if_needed(env, network_, subscriptions_);
    if (member_.has_group() && !member_.refresh_committed(env, network_, subscriptions_, more)) return false;
    for (const TopicPartition& tp : subscriptions_.partitions()) {
        if (subscriptions_.find(tp)->state == FetchState::Initializing &&
            config_.auto_offset_reset != ResetStrategy::None) {
            subscriptions_.request_reset(tp, config_.auto_offset_reset);
        }
    }
    fetcher_.reset_offsets_if_needed(env, network_, subscriptions_);
    return true;
}

void Consumer::close_step(node::Env& env, ClientResponses& more, ConsumerEvents& out) {
    const bool expired = env.now() >= *close_deadline_;
    if (!member_.close_step(env, network_, subscriptions_, expired, more)) return;
    network_.network().close(env);
    if (timer_ != node::TimerId::None) env.free_timer(timer_);
    timer_ = node::TimerId::None;
    phase_ = Phase::Closed;
    out.push_back(ConsumerClosed{});
}

void Consumer::finish_poll(node::Env&, ConsumerEvent&& event, ConsumerEvents& out) {
    phase_ = Phase::Idle;
    poll_deadline_.reset();
    out.push_back(std::move(event));
}

void Consumer::note_returned(node::Env& env, const std::vector<ConsumerRecord>& records) const {
    if (!env.observed()) return;
    for (size_t begin = 0; begin < records.size();) {
        size_t end = begin;
        while (end < records.size() && records[end].tp == records[begin].tp) ++end;
        env.note({node::NoteKind::RecordsReturned,
                  {{"topic", records[begin].tp.topic.str()},
                   {"partition", int64_t{records[begin].tp.partition}},
                   {"first_offset", records[begin].offset},
                   {"count", static_cast<int64_t>(end - begin)},
                   {"leader", int64_t{records[begin].leader}}}});
        begin = end;
    }
}

void Consumer::rearm(node::Env& env) {
    const Instant now = env.now();
    std::optional<Instant> next = network_.next_deadline(now);
    const auto at = [&](std::optional<Instant> instant) {
        if (instant && (!next || *instant < *next)) next = instant;
    };
    const bool moves = phase_ == Phase::Polling || phase_ == Phase::Closing;
    at(member_.next_deadline(now, moves));
    if (moves) {
        at(fetcher_.next_deadline(subscriptions_, now));
        at(phase_ == Phase::Polling ? poll_deadline_ : close_deadline_);
        for (const AssignedPartition& assigned : subscriptions_.assigned()) {
            const ClientNode* leader = network_.metadata().leader_node(assigned.tp);
            const Duration delay =
                leader == nullptr ? Duration::zero() : network_.network().connection_delay(leader->id, now);
            if (delay > Duration::zero()) at(now + delay);
        }
    }
    if (next) {
        env.arm(timer_, std::max(*next - now, Duration{1}));
    } else {
        env.disarm(timer_);
    }
}

}  // namespace kafkasim::client
