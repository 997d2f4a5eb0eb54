// SPDX-License-Identifier: Apache-2.0
#include "core/client/consumer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/client/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {

constexpr uint16_t kConsumerTimer = 1;

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
    member.default_api_timeout = config.default_api_timeout;
    member.reset = config.auto_offset_reset;
    member.listens = config.listens;
    member.commits_on_revoke = config.commits_on_revoke;
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
    timer_ = env.new_timer({component_, kConsumerTimer, 0, 0});
    if (config_.group_id != "" || !env.logs(node::Level::Warn)) return;
    env.log(node::Level::Warn, kKafkaConsumerLogger,
            log_prefix_ +
                "Support for using the empty group id by consumers is "
                "deprecated and will be removed in the "
                "next major release.");
}

void Consumer::subscribe(node::Env& env, const std::set<TopicName>& topics) {
    if (env.logs(node::Level::Info)) {
        std::string text;
        for (const TopicName& topic : topics) text += (text.empty() ? "" : ", ") + topic.str();
        env.log(node::Level::Info, kKafkaConsumerLogger, log_prefix_ + "Subscribed to topic(s): " + text);
    }
    subscriptions_.subscribe(topics);
    network_.metadata().want_named();
    network_.metadata().want_only(topics);
}

void Consumer::subscribe(node::Env& env, const java::Pattern& pattern) {
    if (env.logs(node::Level::Info)) {
        env.log(node::Level::Info, kKafkaConsumerLogger,
                fmt::format("{}Subscribed to pattern: '{}'", log_prefix_, pattern.text()));
    }
    subscriptions_.subscribe(pattern);
    subscriptions_.take_matching(network_.metadata());
    network_.metadata().want_matching(pattern, config_.exclude_internal_topics);
}

void Consumer::assign(node::Env&, const std::vector<TopicPartition>& partitions) {
    subscriptions_.assign(partitions, true);
    network_.metadata().want_named();
    network_.metadata().want_only(subscriptions_.topics());
}

void Consumer::seek(const TopicPartition& tp, int64_t offset) {
    subscriptions_.seek_unvalidated(tp, {offset, -1, network_.metadata().current_leader(tp)});
}

void Consumer::seek_to_beginning(const TopicPartition& tp) {
    subscriptions_.request_reset(tp, ResetStrategy::Earliest);
}
void Consumer::seek_to_end(const TopicPartition& tp) { subscriptions_.request_reset(tp, ResetStrategy::Latest); }

void Consumer::unsubscribe(node::Env& env, ConsumerEvents& out) {
    if (member_.has_group()) member_.unsubscribe(env, network_, subscriptions_);
    subscriptions_.unsubscribe();
    fetcher_.clear_unassigned(subscriptions_);
    node::info(env, kKafkaConsumerLogger, "{}Unsubscribed all topics or patterns and assigned partitions", log_prefix_);
    tell(out);
    run(env, {}, out);
}

void Consumer::pause(const std::vector<TopicPartition>& partitions) {
    for (const TopicPartition& tp : partitions) subscriptions_.pause(tp, true);
}
void Consumer::resume(const std::vector<TopicPartition>& partitions) {
    for (const TopicPartition& tp : partitions) subscriptions_.pause(tp, false);
}

std::optional<int64_t> Consumer::position(const TopicPartition& tp) const {
    const AssignedPartition* assigned = subscriptions_.find(tp);
    return assigned == nullptr || !assigned->position ? std::nullopt : std::optional(assigned->position->offset);
}

OffsetsToCommit Consumer::consumed() const { return GroupMember::all_consumed(subscriptions_); }

/// False, and the commit has failed, if there is no group to commit to.
bool Consumer::begin_commit(CommitCompleted& commit, ConsumerEvents& out) {
    commit.commit = ++commits_;
    if (!member_.has_group()) {
        commit.failure = {exception_class(ErrorCode::InvalidGroupId),
                          "To use the group management or offset commit APIs, you "
                          "must provide a valid group.id in the "
                          "consumer configuration."};
        out.emplace_back(std::move(commit));
        return false;
    }
    for (const auto& [tp, offset] : commit.offsets) network_.metadata().update_last_seen_epoch(tp, offset.leader_epoch);
    return true;
}

uint64_t Consumer::commit_sync(node::Env& env, OffsetsToCommit offsets, ConsumerEvents& out) {
    CommitCompleted commit{0, std::move(offsets), std::nullopt};
    if (!begin_commit(commit, out)) return commits_;
    const uint64_t number = commits_;
    ClientResponses more;
    member_.commit_sync(env, network_, subscriptions_, std::move(commit), more);
    tell(out);
    run(env, std::move(more), out);
    return number;
}

uint64_t Consumer::commit_async(node::Env& env, OffsetsToCommit offsets, ConsumerEvents& out) {
    CommitCompleted commit{0, std::move(offsets), std::nullopt};
    if (!begin_commit(commit, out)) return commits_;
    const uint64_t number = commits_;
    member_.commit_async(env, network_, subscriptions_, std::move(commit));
    tell(out);
    run(env, {}, out);
    return number;
}

void Consumer::tell(ConsumerEvents& out) {
    for (OwnerCall& call : member_.take_calls())
        std::visit([&](auto& told) { out.emplace_back(std::move(told)); }, call);
}

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
    happened(env, {}, out);
}

void Consumer::on_disconnected(node::Env& env, node::ConnectionId, node::Tag tag, node::CloseReason,
                               ConsumerEvents& out) {
    ClientResponses responses;
    network_.network().on_disconnected(env, tag, responses);
    happened(env, std::move(responses), out);
}

void Consumer::on_message(node::Env& env, node::ConnectionId, node::Tag tag, protocol::Message&& message,
                          ConsumerEvents& out) {
    ClientResponses responses;
    network_.network().on_message(env, tag, std::move(message), responses);
    happened(env, std::move(responses), out);
}

void Consumer::on_timer(node::Env& env, node::TimerId, node::Tag, ConsumerEvents& out) { happened(env, {}, out); }

/// The world's events are seen by who reads the network: a call of the owner or, in a group, the heartbeat thread.
/// Otherwise they lie until the next call.
void Consumer::happened(node::Env& env, ClientResponses&& responses, ConsumerEvents& out) {
    if (phase_ != Phase::Idle || member_.heartbeats() || member_.commits()) return run(env, std::move(responses), out);
    std::move(responses.begin(), responses.end(), std::back_inserter(unread_));
    if (timer_ != node::TimerId::None) env.disarm(timer_);
}

/// What the network has brought is handled; then whoever waits (a poll, the close) goes on as far as it can.
void Consumer::run(node::Env& env, ClientResponses&& arrived, ConsumerEvents& out) {
    if (phase_ == Phase::Closed) return;
    if (phase_ == Phase::Idle && timer_ == node::TimerId::None) return;
    ClientResponses responses = std::exchange(unread_, {});
    std::move(arrived.begin(), arrived.end(), std::back_inserter(responses));
    network_.poll(env, responses);
    do {
        dispatch(env, responses);
        member_.background(env, network_, subscriptions_, phase_ == Phase::Polling, responses);
        if (member_.commits()) {
            member_.step_commits(env, network_, subscriptions_, responses);
            tell(out);
        }
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
    if (!subscriptions_.automatic() && subscriptions_.assigned().empty()) {
        return finish_poll(env,
                           ConsumerFailed{"java.lang.IllegalStateException",
                                          "Consumer is not subscribed to any "
                                          "topics or assigned any partitions"},
                           out);
    }
    if (std::exchange(woken_, false)) return finish_poll(env, PolledRecords{{}, true}, out);
    if (auto invalid = network_.metadata().take_invalid_topics(); !invalid.empty())
        return finish_poll(env, ConsumerFailed{exception_class(ErrorCode::InvalidTopicException), invalid}, out);
    // What an answer has failed with is thrown before anything else is asked for.
    if (auto failure = member_.take_failure())
        return finish_poll(env, ConsumerFailed{failure->exception, failure->message}, out);
    const bool joined = !member_.has_group() || member_.step(env, network_, subscriptions_, more);
    tell(out);
    if (member_.holds_poll()) return;
    const bool positioned = joined && positions_step(env, more);
    if (auto failure = positions_failure_ ? std::exchange(positions_failure_, std::nullopt) : member_.take_failure())
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
    positions_failure_ = fetcher_.take_validation_failure();
    if (positions_failure_) return true;
    fetcher_.validate_offsets_if_needed(env, network_, subscriptions_);
    if (member_.has_group() && !member_.refresh_committed(env, network_, subscriptions_, more)) return false;
    if (!reset_initializing()) return true;
    fetcher_.reset_offsets_if_needed(env, network_, subscriptions_);
    return true;
}

/// resetInitializingPositions: false, with a failure, if there is no policy for that.
bool Consumer::reset_initializing() {
    std::vector<TopicPartition> without;
    for (const AssignedPartition& assigned : subscriptions_.assigned()) {
        if (assigned.state != FetchState::Initializing) continue;
        if (config_.auto_offset_reset == ResetStrategy::None) {
            without.push_back(assigned.tp);
        } else {
            subscriptions_.request_reset(assigned.tp, config_.auto_offset_reset);
        }
    }
    if (without.empty()) return true;
    positions_failure_ = {
        "org.apache.kafka.clients.consumer.NoOffsetForPartitionException",
        fmt::format("Undefined offset with no reset policy for partitions: [{}]", join(hash_set_order(without), ", "))};
    return false;
}

void Consumer::close_step(node::Env& env, ClientResponses& more, ConsumerEvents& out) {
    const bool expired = env.now() >= *close_deadline_;
    const bool done = member_.close_step(env, network_, subscriptions_, expired, more);
    tell(out);
    if (!done) return;
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
    const bool moves = phase_ == Phase::Polling || phase_ == Phase::Closing || member_.commits();
    at(member_.next_deadline(now, phase_ == Phase::Polling, moves));
    if (moves) {
        at(fetcher_.next_deadline(subscriptions_, now));
        if (phase_ == Phase::Polling && !member_.holds_poll()) at(poll_deadline_);
        // Afterwards only a commit of the listener is waited for, which has a time of its own.
        if (phase_ == Phase::Closing && *close_deadline_ > now) at(close_deadline_);
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
