// SPDX-License-Identifier: Apache-2.0
// LeaderAndIsr: the controller tells which partitions this broker leads and which it follows. Stale ones are
// refused by controller epoch, broker epoch and
// leader epoch; the rest change roles, start or stop fetchers, and the group coordinator hears of it.
// Kafka 3.0.0: kafka.server.ReplicaManager.becomeLeaderOrFollower, makeLeaders, makeFollowers.
// Simplified: the type of the request (full or incremental) has no effect; no future replicas.
#include <fmt/format.h>

#include "core/broker/loggers.hpp"
#include "core/broker/replica_manager.hpp"
#include "core/log/log_dir_failure.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

namespace {

size_t partition_count(const protocol::LeaderAndIsrRequest& request) {
    size_t count = 0;
    for (const auto& topic : request.topic_states) count += topic.partition_states.size();
    return count;
}

protocol::LeaderAndIsrResponse refusal(const protocol::LeaderAndIsrRequest& request, ErrorCode error) {
    protocol::LeaderAndIsrResponse response;
    response.error_code = error;
    for (const auto& topic : request.topic_states) {
        response.topics.push_back({topic.topic_id, {}});
        for (const auto& state : topic.partition_states)
            response.topics.back().partition_errors.push_back({state.partition_index, error});
    }
    return response;
}

}  // namespace

void ReplicaManager::handle_leader_and_isr(BrokerHost& host, const node::RequestContext& context,
                                           protocol::LeaderAndIsrRequest&& request) {
    node::Env& env = host.env();
    if (stale_broker_epoch(host, request.broker_epoch, "LeaderAndIsr")) {
        return host.respond(context.token, protocol::Body(refusal(request, ErrorCode::StaleBrokerEpoch)));
    }
    LeaderAndIsrWork work;
    work.controller = request.controller_id;
    work.correlation_id = context.token.correlation_id;
    work.controller_epoch = request.controller_epoch;
    const size_t count = partition_count(request);
    const int32_t broker = host.broker_id().value;
    node::info(env, kStateChangeLogger,
               "[Broker id={}] Handling LeaderAndIsr request correlationId {} from controller {} for {} partitions",
               broker, work.correlation_id, work.controller.value, count);
    if (!accept_controller_epoch(request.controller_epoch)) {
        node::warn(env, kStateChangeLogger,
                   "[Broker id={}] Ignoring LeaderAndIsr request from controller {} with correlation id {} since its "
                   "controller epoch {} is old. Latest known "
                   "controller epoch is {}",
                   broker, work.controller.value, work.correlation_id, request.controller_epoch, controller_epoch_);
        note_stale(host, "LeaderAndIsr", ErrorCode::StaleControllerEpoch);
        return host.respond(context.token, protocol::Body(refusal(request, ErrorCode::StaleControllerEpoch)));
    }
    protocol::LeaderAndIsrResponse response;
    for (const auto& topic : request.topic_states) {
        response.topics.push_back({topic.topic_id, {}});
        for (const PartitionState& state : topic.partition_states) {
            const ErrorCode error =
                classify(host, work, TopicPartition{topic.topic_name, state.partition_index}, state, topic.topic_id);
            response.topics.back().partition_errors.push_back({state.partition_index, error});
        }
    }
    make_leaders(host, work);
    make_followers(host, work);
    for (size_t i = 0; i < response.topics.size(); ++i) {
        for (auto& partition : response.topics[i].partition_errors) {
            if (work.failed.contains({request.topic_states[i].topic_name, partition.partition_index}))
                partition.error_code = ErrorCode::KafkaStorageError;
        }
    }
    mark_offline_without_log(request);
    start_high_watermark_checkpoints(host);
    high_watermarks_changed(host);
    fetchers_.stop_idle(host, logs_);
    host.leadership_changed(work.leaders, work.followers);
    node::info(
        env, kStateChangeLogger,
        "[Broker id={}] Finished LeaderAndIsr request in 0ms correlationId {} from controller {} for {} partitions",
        broker, work.correlation_id, work.controller.value, count);
    host.respond(context.token, protocol::Body(std::move(response)));
}

/// The error to answer for one partition; None: it is put into `work`.
ErrorCode ReplicaManager::classify(BrokerHost& host, LeaderAndIsrWork& work, const TopicPartition& tp,
                                   const PartitionState& state, const Uuid& topic_id) {
    node::Env& env = host.env();
    const int32_t broker = host.broker_id().value;
    const auto ignoring = [&] {
        return fmt::format(
            "[Broker id={}] Ignoring LeaderAndIsr request from controller {} with correlation id {} epoch {} for "
            "partition {}",
            broker, work.controller.value, work.correlation_id, work.controller_epoch, to_string(tp));
    };
    Partition& partition = partitions_.try_emplace(tp, tp, host.broker_id()).first->second;
    if (partition.offline()) {
        node::warn(env, kStateChangeLogger, "{} as the local replica for the partition is in an offline log directory",
                   ignoring());
        return ErrorCode::KafkaStorageError;
    }
    const log::Log* log = logs_.find(tp);
    if (log && !log->topic_id().is_zero() && !topic_id.is_zero() && log->topic_id() != topic_id) {
        node::error(env, kStateChangeLogger,
                    "[Broker id={}] Topic ID in memory: {} does not match the topic ID for partition {} received: {}.",
                    broker, log->topic_id().text(), to_string(tp), topic_id.text());
        return ErrorCode::InconsistentTopicId;
    }
    if (state.leader_epoch > partition.leader_epoch()) {
        if (!contains(state.replicas, host.broker_id())) {
            node::warn(env, kStateChangeLogger, "{} as itself is not in assigned replica list {}", ignoring(),
                       join(state.replicas));
            return ErrorCode::UnknownTopicOrPartition;
        }
        work.topic_ids[tp] = topic_id;
        (state.leader == host.broker_id() ? work.to_lead : work.to_follow).emplace_back(tp, state);
        return ErrorCode::None;
    }
    if (state.leader_epoch < partition.leader_epoch()) {
        node::warn(env, kStateChangeLogger,
                   "{} since its associated leader epoch {} is smaller than the current leader epoch {}", ignoring(),
                   state.leader_epoch, partition.leader_epoch());
    } else {
        node::info(env, kStateChangeLogger, "{} since its associated leader epoch {} matches the current leader epoch",
                   ignoring(), state.leader_epoch);
    }
    note_stale(host, "LeaderAndIsr", ErrorCode::StaleControllerEpoch);
    return ErrorCode::StaleControllerEpoch;
}

/// The partition's log, with the high watermark of the checkpoint file when it is first used in this life of the
/// broker.
log::Log* ReplicaManager::create_log(BrokerHost& host, Partition& partition, const Uuid& topic_id, bool is_new,
                                     std::string& why_not) {
    node::Env& env = host.env();
    const TopicPartition& tp = partition.topic_partition();
    log::Log* known = partition.has_log() ? logs_.find(tp) : nullptr;
    if (known) return known;
    log::Log* created = logs_.create_if_possible(env, tp, topic_id, host.topic_config(tp.topic), is_new, why_not);
    if (!created) return nullptr;
    log::Log& log = *created;
    const std::optional<int64_t> checkpointed = logs_.checkpointed_high_watermark(env, tp);
    const std::string prefix = env.logs(node::Level::Info) ? partition_prefix(tp, host.broker_id()) : std::string();
    if (!checkpointed)
        node::info(env, "kafka.cluster.Partition", "{}No checkpointed highwatermark is found for partition {}", prefix,
                   to_string(tp));
    const int64_t high_watermark = log.update_high_watermark(env, checkpointed.value_or(0));
    node::info(env, "kafka.cluster.Partition", "{}Log loaded for partition {} with initial high watermark {}", prefix,
               to_string(tp), high_watermark);
    partition.attach_log();
    return created;
}

void ReplicaManager::make_leaders(BrokerHost& host, LeaderAndIsrWork& work) {
    if (work.to_lead.empty()) return;
    const int32_t broker = host.broker_id().value;
    std::vector<TopicPartition> partitions;
    for (const auto& [tp, state] : work.to_lead) partitions.push_back(tp);
    fetchers_.remove(host, partitions);
    node::info(host.env(), kStateChangeLogger,
               "[Broker id={}] Stopped fetchers as part of LeaderAndIsr request correlationId {} from controller {} "
               "epoch {} as part of the become-leader "
               "transition for {} partitions",
               broker, work.correlation_id, work.controller.value, work.controller_epoch, work.to_lead.size());
    for (const auto& [tp, state] : work.to_lead) {
        Partition& partition = partitions_.at(tp);
        std::string why_not;
        log::Log* log = create_log(host, partition, work.topic_ids[tp], state.is_new, why_not);
        if (!log) {
            role_change_failed(host, work, tp, state, why_not);
            continue;
        }
        touch(tp);
        const Partition::BecameLeader became = partition.make_leader(host, *log, state);
        if (log::has_failed(host.env(), log->log_dir())) {  // the leader epoch was not written
            role_change_failed(host, work, tp, state, log::checkpoint_error(log->dir() + "/leader-epoch-checkpoint"));
            continue;
        }
        if (became.high_watermark_moved) high_watermark_moved(host, tp);
        if (became.is_new) {
            work.leaders.push_back({tp, state.leader_epoch});
            continue;
        }
        node::info(
            host.env(), kStateChangeLogger,
            "[Broker id={}] Skipped the become-leader state change after marking its partition as leader with "
            "correlation id {} from controller {} epoch "
            "{} for partition {} (last update controller epoch {}) since it is already the leader for the partition.",
            broker, work.correlation_id, work.controller.value, work.controller_epoch, to_string(tp),
            state.controller_epoch);
    }
}

void ReplicaManager::make_followers(BrokerHost& host, LeaderAndIsrWork& work) {
    if (work.to_follow.empty()) return;
    std::vector<TopicPartition> changed;
    for (const auto& [tp, state] : work.to_follow) {
        if (!make_follower(host, work, tp, state)) continue;
        changed.push_back(tp);
        work.followers.push_back({tp, state.leader_epoch});
    }
    fetchers_.remove(host, changed, "HashSet");
    node::info(host.env(), kStateChangeLogger,
               "[Broker id={}] Stopped fetchers as part of become-follower request from controller {} epoch {} with "
               "correlation id {} for {} partitions",
               host.broker_id().value, work.controller.value, work.controller_epoch, work.correlation_id,
               changed.size());
    for (const TopicPartition& tp : changed) role_lost(host, tp);
    if (!host.shutting_down()) add_fetchers(host, changed);
}

/// True if the partition has a new leader or epoch to follow.
bool ReplicaManager::make_follower(BrokerHost& host, LeaderAndIsrWork& work, const TopicPartition& tp,
                                   const PartitionState& state) {
    const int32_t broker = host.broker_id().value;
    Partition& partition = partitions_.at(tp);
    std::string why_not;
    log::Log* log = create_log(host, partition, work.topic_ids[tp], state.is_new, why_not);
    if (!log) {
        role_change_failed(host, work, tp, state, why_not);
        return false;
    }
    if (!host.metadata().alive(state.leader)) {
        // Role and epoch stay as they are; a running fetcher, too.
        node::error(host.env(), kStateChangeLogger,
                    "[Broker id={}] Received LeaderAndIsrRequest with correlation id {} from controller {} epoch {} "
                    "for partition {} (last update controller epoch "
                    "{}) but cannot become follower since the new leader {} is unavailable.",
                    broker, work.correlation_id, work.controller.value, work.controller_epoch, to_string(tp),
                    state.controller_epoch, state.leader.value);
        return false;
    }
    touch(tp);
    if (partition.make_follower(host, *log, state)) return true;
    node::info(
        host.env(), kStateChangeLogger,
        "[Broker id={}] Skipped the become-follower state change after marking its partition as follower with "
        "correlation id {} from controller {} epoch {} "
        "for partition {} (last update controller epoch {}) since the new leader {} is the same as the old leader",
        broker, work.correlation_id, work.controller.value, work.controller_epoch, to_string(tp),
        state.controller_epoch, state.leader.value);
    return false;
}

void ReplicaManager::add_fetchers(BrokerHost& host, const std::vector<TopicPartition>& partitions) {
    std::vector<FetcherManager::Assignment> assignments;
    for (const TopicPartition& tp : partitions) {
        const Partition& partition = partitions_.at(tp);
        const std::optional<node::Endpoint> endpoint = host.metadata().endpoint(partition.leader());
        const log::Log* log = log_of(tp);
        if (!endpoint || !log) continue;
        // Where the leader tells what to cut, from the end; else only the part below the high watermark is trusted.
        const bool fetches = host.rules().beginning(log->latest_epoch()) == ReplicationRules::Beginning::Fetch;
        const int64_t offset = fetches ? log->log_end_offset() : log->high_watermark();
        assignments.push_back({tp, partition.leader(), *endpoint, InitialFetchState{partition.leader_epoch(), offset}});
    }
    fetchers_.add(host, logs_, assignments);
    if (fetchers_.take_logs_changed()) follower_logs_changed(host);
}

void ReplicaManager::mark_offline_without_log(const protocol::LeaderAndIsrRequest& request) {
    for (const auto& topic : request.topic_states) {
        for (const PartitionState& state : topic.partition_states) {
            Partition* partition = find_partition(TopicPartition{topic.topic_name, state.partition_index});
            if (partition && !partition->has_log()) partition->mark_offline();
        }
    }
}

}  // namespace kafkasim::broker
