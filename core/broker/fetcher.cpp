// SPDX-License-Identifier: Apache-2.0
#include "core/broker/fetcher.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/broker/components.hpp"
#include "core/broker/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

using Beginning = ReplicationRules::Beginning;

Duration back_off(const FetcherContext& context) { return from_millis(context.host.config().replica_fetch_backoff_ms); }

}  // namespace

ReplicaFetcher::ReplicaFetcher(BrokerId self, BrokerId leader, node::Endpoint endpoint)
    : leader_(leader),
      channel_(std::move(endpoint), SharedText(fmt::format("broker-{}-fetcher-0", self.value)),
               node::Tag{kReplicaFetcher, 0, leader.value, 0}) {}

std::string ReplicaFetcher::prefix(BrokerHost& host) const {
    return fmt::format("[ReplicaFetcher replicaId={}, leaderId={}, fetcherId=0] ", host.broker_id().value,
                       leader_.value);
}

void ReplicaFetcher::start(FetcherContext& context) {
    timer_ = context.host.env().new_timer(node::Tag{kReplicaFetcher, 0, leader_.value, 0});
    node::info(context.host.env(), kReplicaFetcherThreadLogger, "{}Starting", prefix(context.host));
}

void ReplicaFetcher::shutdown(FetcherContext& context) {
    node::Env& env = context.host.env();
    const std::string ident = prefix(context.host);
    node::info(env, kReplicaFetcherThreadLogger, "{}Shutting down", ident);
    channel_.close(env);
    env.free_timer(timer_);
    node::info(env, kReplicaFetcherThreadLogger, "{}Stopped", ident);
    node::info(env, kReplicaFetcherThreadLogger, "{}Shutdown completed", ident);
}

void ReplicaFetcher::set(const TopicPartition& tp, const PartitionFetchState& state) {
    partitions_[tp] = state;
    unsent_.insert(tp);
    if (!state.delayed_until) delayed_.erase(tp);
    if (state.state == PartitionFetchState::State::Truncating) {
        truncating_.insert(tp);
    } else {
        truncating_.erase(tp);
    }
}

void ReplicaFetcher::add_partitions(FetcherContext& context,
                                    const std::map<TopicPartition, InitialFetchState>& partitions) {
    for (const auto& [tp, initial] : partitions) {
        const auto known = partitions_.find(tp);
        if (known != partitions_.end() && known->second.leader_epoch == initial.leader_epoch) continue;
        const log::Log* log = context.logs.find(tp);
        PartitionFetchState state;
        state.fetch_offset = initial.offset;
        state.leader_epoch = initial.leader_epoch;
        state.last_fetched_epoch = log ? log->latest_epoch() : std::nullopt;
        const bool fetches = context.host.rules().beginning(state.last_fetched_epoch) == Beginning::Fetch;
        state.state = fetches ? PartitionFetchState::State::Fetching : PartitionFetchState::State::Truncating;
        set(tp, state);
    }
    end_back_off(context);
}

void ReplicaFetcher::remove_partition(const TopicPartition& tp) {
    if (partitions_.erase(tp) == 0) return;
    delayed_.erase(tp);
    truncating_.erase(tp);
    unsent_.insert(tp);
}

void ReplicaFetcher::mark_failed(FetcherContext& context, const TopicPartition& tp) {
    context.failed.push_back(tp);
    remove_partition(tp);
    node::warn(context.host.env(), kReplicaFetcherThreadLogger, "{}Partition {} marked as failed", prefix(context.host),
               to_string(tp));
}

void ReplicaFetcher::delay(FetcherContext& context, const TopicPartition& tp) {
    const auto found = partitions_.find(tp);
    if (found == partitions_.end() || found->second.delayed_until) return;
    found->second.delayed_until = context.host.env().now() + back_off(context);
    delayed_.insert(tp);
    unsent_.insert(tp);
}

void ReplicaFetcher::wake_delayed(Instant now) {
    for (auto at = delayed_.begin(); at != delayed_.end();) {
        PartitionFetchState& state = partitions_[*at];
        if (*state.delayed_until > now) {
            ++at;
            continue;
        }
        state.delayed_until = std::nullopt;
        unsent_.insert(*at);
        at = delayed_.erase(at);
    }
}

void ReplicaFetcher::arm_for_delayed(FetcherContext& context) {
    std::optional<Instant> first;
    for (const TopicPartition& tp : delayed_) {
        const std::optional<Instant> until = partitions_[tp].delayed_until;
        if (!first || *until < *first) first = until;
    }
    if (first) context.host.env().arm(timer_, *first - context.host.env().now());
}

void ReplicaFetcher::end_back_off(FetcherContext& context) {
    if (step_ != Step::BackOff) return;
    step_ = Step::Idle;
    context.host.env().disarm(timer_);
    for (const TopicPartition& tp : backing_off_) delay(context, tp);
    backing_off_.clear();
}

void ReplicaFetcher::truncate(FetcherContext& context, const TopicPartition& tp, int64_t offset) {
    log::Log* log = context.logs.find(tp);
    if (!log) return mark_failed(context, tp);
    const int64_t end = log->log_end_offset();
    const bool cut = log->truncate_to(context.host.env(), offset);
    if (cut) context.logs_changed = true;
    context.logs.collect_deleted(*log);
    if (cut && context.host.env().observed()) {
        context.host.env().note({node::NoteKind::Truncated,
                                 {{"topic", tp.topic.str()},
                                  {"partition", int64_t{tp.partition}},
                                  {"broker", int64_t{context.host.broker_id().value}},
                                  {"from", end},
                                  {"to", log->log_end_offset()}}});
    }
}

/// Those that need not ask the leader first.
void ReplicaFetcher::truncate_to_high_watermark(FetcherContext& context) {
    const std::vector<TopicPartition> waiting(truncating_.begin(), truncating_.end());
    for (const TopicPartition& tp : waiting) {
        PartitionFetchState state = partitions_[tp];
        const log::Log* log = context.logs.find(tp);
        const bool asks = log && context.host.rules().beginning(log->latest_epoch()) == Beginning::AskLeader;
        if (state.delayed_until || asks) continue;
        node::info(context.host.env(), kReplicaFetcherThreadLogger,
                   "{}Truncating partition {} to local high watermark {}", prefix(context.host), to_string(tp),
                   state.fetch_offset);
        truncate(context, tp, state.fetch_offset);
        if (!log) continue;
        state.state = PartitionFetchState::State::Fetching;
        state.last_fetched_epoch = log->latest_epoch();
        set(tp, state);
    }
}

void ReplicaFetcher::run(FetcherContext& context) {
    if (step_ != Step::Idle) return;
    wake_delayed(context.host.env().now());
    truncate_to_high_watermark(context);
    std::optional<protocol::OffsetForLeaderEpochRequest> epochs = epochs_to_ask(context);
    const bool lists = !epochs && !out_of_range_.empty();
    std::optional<protocol::FetchRequest> fetch;
    if (!epochs && !lists) fetch = build_fetch(context);
    if (!epochs && !lists && !fetch) return arm_for_delayed(context);
    if (!channel_.connected()) {
        step_ = Step::Connecting;
        return channel_.connect(context.host.env());
    }
    if (lists) return send_list_offsets(context, -1, kListLatest);
    if (fetch) return send_fetch(context, std::move(*fetch));
    step_ = Step::AskingEpochs;
    channel_.send(context.host.env(), protocol::Body(std::move(*epochs)), kEpochEnds);
}

void ReplicaFetcher::on_connected(FetcherContext& context) {
    channel_.on_connected();
    if (step_ == Step::Connecting) step_ = Step::Idle;
    run(context);
}

void ReplicaFetcher::on_disconnected(FetcherContext& context) {
    channel_.on_disconnected();
    switch (step_) {
        case Step::Idle:
        case Step::BackOff:
            return;
        case Step::AskingEpochs:
            return epochs_not_told(context);
        case Step::Connecting:
        case Step::Fetching:
            if (step_ == Step::Connecting && epochs_to_ask(context)) return epochs_not_told(context);
            if (out_of_range_.empty()) return fetch_failed(context, step_ == Step::Fetching);
            break;
        case Step::ListingOffsets:
            break;
    }
    const std::vector<OutOfRange> lost = std::exchange(out_of_range_, {});
    for (const OutOfRange& asked : lost) {
        node::error(context.host.env(), kReplicaFetcherThreadLogger, "{}Error getting offset for partition {}",
                    prefix(context.host), to_string(asked.partition));
        delay(context, asked.partition);
    }
    step_ = Step::Idle;
    run(context);
}

void ReplicaFetcher::on_message(FetcherContext& context, protocol::Message&& message) {
    const std::optional<node::RequestChannel::Response> response = channel_.on_message(std::move(message));
    if (!response) return;
    step_ = Step::Idle;
    if (const auto* fetched = std::get_if<protocol::FetchResponse>(&response->body)) {
        if (accept_session(context, *fetched)) process(context, *fetched);
    } else if (const auto* listed = std::get_if<protocol::ListOffsetsResponse>(&response->body)) {
        on_offset(context, static_cast<What>(response->what), *listed);
    } else if (const auto* ends = std::get_if<protocol::OffsetForLeaderEpochResponse>(&response->body)) {
        on_epoch_ends(context, *ends);
    }
    run(context);
}

void ReplicaFetcher::on_timer(FetcherContext& context) {
    end_back_off(context);
    run(context);
}

}  // namespace kafkasim::broker
