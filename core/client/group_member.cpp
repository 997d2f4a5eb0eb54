// SPDX-License-Identifier: Apache-2.0
#include "core/client/group_member.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/java.hpp"
#include "core/client/loggers.hpp"
#include "core/node/log.hpp"

namespace kafkasim::client {

std::string_view name_of(MemberState state) {
    switch (state) {
        case MemberState::Unjoined:
            return "UNJOINED";
        case MemberState::PreparingRebalance:
            return "PREPARING_REBALANCE";
        case MemberState::CompletingRebalance:
            return "COMPLETING_REBALANCE";
        case MemberState::Stable:
            return "STABLE";
    }
    return {};
}

/// "[a, b]", as a Java HashSet prints them.
std::string names_text(const std::set<TopicName>& names) {
    std::vector<TopicName> listed(names.begin(), names.end());
    std::vector<int32_t> hashes;
    for (const TopicName& name : listed) hashes.push_back(java::string_hash(name.view()));
    std::string text;
    for (size_t i : java::hash_map_order(hashes)) text += (text.empty() ? "" : ", ") + listed[i].str();
    return "[" + text + "]";
}

std::string to_string(const MetadataSnapshot& snapshot) {
    std::vector<int32_t> hashes;
    std::vector<std::string> entries;
    for (const auto& [topic, count] : snapshot.partitions) {
        hashes.push_back(java::string_hash(topic.view()));
        entries.push_back(fmt::format("{}={}", topic.view(), count));
    }
    std::string text;
    for (size_t i : java::hash_map_order(hashes)) text += (text.empty() ? "" : ", ") + entries[i];
    return fmt::format("(version{}: {{{}}})", snapshot.version + 1, text);
}

std::string to_string(const Generation& generation) {
    const std::string protocol = generation.protocol.empty() ? "null" : "'" + generation.protocol + "'";
    return fmt::format("Generation{{generationId={}, memberId='{}', protocol={}}}", generation.id, generation.member_id,
                       protocol);
}

void GroupMember::fail(ErrorCode error, std::string message) { failure_ = failure_of(error, std::move(message)); }

std::optional<ClientFailure> GroupMember::take_failure() { return std::exchange(failure_, std::nullopt); }

GroupMember::Pending& GroupMember::send(node::Env& env, ConsumerNetwork& network, Kind kind, protocol::Body&& body,
                                        std::optional<Duration> timeout) {
    const uint64_t what = network.send(env, *coordinator_, std::move(body), timeout);
    return pending_[what] = {kind, what, generation_, CommitPurpose::Auto, {}};
}

bool GroupMember::handle(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                         ClientResponse& response, ClientResponses& more) {
    const auto found = pending_.find(response.what);
    if (found == pending_.end()) return false;
    Pending pending = std::move(found->second);
    pending_.erase(found);
    if (response.disconnected && pending.kind != Kind::FindCoordinator)
        coordinator_unknown(env, network, "null", true, more);
    switch (pending.kind) {
        case Kind::FindCoordinator:
            handle_find_coordinator(env, network, subscriptions, response);
            break;
        case Kind::Join:
            handle_join(env, network, subscriptions, pending, response, more);
            break;
        case Kind::Sync:
            handle_sync(env, network, pending, response, more);
            break;
        case Kind::Heartbeat:
            handle_heartbeat(env, network, pending, response, more);
            break;
        case Kind::Commit:
            handle_commit(env, network, std::move(pending), response, more);
            break;
        case Kind::OffsetFetch:
            handle_offset_fetch(env, network, subscriptions, pending, response, more);
            break;
        case Kind::Leave:
            break;
    }
    return true;
}

bool GroupMember::step(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                       ClientResponses& more) {
    if (metadata_snapshot_.version != network.metadata().version()) {
        subscriptions.take_matching(network.metadata());
        take_snapshot(network.metadata(), subscriptions);
    }
    if (!told_of_commits()) return false;
    if (subscriptions.automatic()) {
        if (!poll_heartbeat(env.now()) || !ensure_coordinator(env, network, more)) return false;
        notice_changes(env, subscriptions);
        if (!join_if_needed(env, network, subscriptions, more)) return false;
    }
    maybe_auto_commit(env, network, subscriptions);
    return true;
}

/// rejoinNeededOrPending: the leader sees that there are other partitions than those it assigned; a member sees that
/// its subscription has changed.
void GroupMember::notice_changes(node::Env& env, const SubscriptionState& subscriptions) {
    if (rejoin_needed_ || join_in_flight_ || synced_) return;
    if (assignment_snapshot_ && !assignment_snapshot_->matches(metadata_snapshot_)) {
        request_rejoin(env, fmt::format("cached metadata has changed from {} at "
                                        "the beginning of the rebalance to {}",
                                        to_string(*assignment_snapshot_), to_string(metadata_snapshot_)));
    } else if (joined_subscription_ != subscriptions.subscription()) {
        request_rejoin(env, fmt::format("subscription has changed from {} at the "
                                        "beginning of the rebalance to {}",
                                        names_text(joined_subscription_), names_text(subscriptions.subscription())));
    }
}

/// maybeUpdateSubscriptionMetadata
void GroupMember::take_snapshot(const ClusterMetadata& metadata, const SubscriptionState& subscriptions) {
    metadata_snapshot_ = {metadata.version(), {}};
    std::set<TopicName> topics = subscriptions.subscription();
    topics.insert(group_topics_.begin(), group_topics_.end());
    for (const TopicName& topic : topics) {
        if (const TopicMetadata* known = metadata.topic(topic))
            metadata_snapshot_.partitions[topic] = static_cast<int32_t>(known->partitions.size());
    }
}

bool GroupMember::join_if_needed(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                                 ClientResponses& more) {
    if (synced_) {
        if (!join_complete(env, network, subscriptions, more)) return false;
        notice_changes(env, subscriptions);
    }
    if (!join_in_flight_ && !rejoin_needed_) return true;
    if (join_in_flight_ || !has_fresh_metadata(network, subscriptions, env.now())) return false;
    if ((needs_join_prepare_ || preparing_) && !prepare_join(env, network, subscriptions, more)) return false;
    if (coordinator_) send_join(env, network, subscriptions);
    return false;
}

/// A member by pattern looks once at the metadata before it joins, if the last look is not of this moment: topics that
/// are made together then cost one rebalance.
bool GroupMember::has_fresh_metadata(ConsumerNetwork& network, const SubscriptionState& subscriptions, Instant now) {
    if (!subscriptions.has_pattern()) return true;
    ClusterMetadata& metadata = network.metadata();
    if (!stale_version_) {
        stale_version_ = metadata.version();
        if (metadata.update_allowed(now)) metadata.request_update();
        if (!metadata.update_requested()) stale_version_ = -1;
    }
    return metadata.version() > *stale_version_;
}

/// onJoinPrepare: what was consumed is committed, then partitions are given up as the protocol wants it.
bool GroupMember::prepare_join(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions,
                               ClientResponses& more) {
    if (!preparing_) {
        needs_join_prepare_ = false;
        preparing_ = {generation_, !config_.auto_commit};
        if (config_.auto_commit) {
            begin_sync_commit(CommitPurpose::Rebalance, {0, all_consumed(subscriptions), std::nullopt},
                              env.now() + config_.rebalance_timeout);
        }
    }
    if (!preparing_->committed) {
        if (!sync_commit(env, network, subscriptions, CommitPurpose::Rebalance, more)) return false;
        preparing_->committed = true;
    }
    if (!give_up(env, network, subscriptions, more)) return false;
    preparing_.reset();
    group_topics_.clear();
    network.metadata().want_only(subscriptions.has_pattern() ? std::set<TopicName>() : subscriptions.subscription());
    return true;
}

void GroupMember::request_rejoin(node::Env& env, const std::string& reason) {
    node::info(env, kConsumerCoordinatorLogger, "{}Request joining group due to: {}", config_.log_prefix, reason);
    rejoin_needed_ = true;
}

void GroupMember::reset_generation(node::Env& env, ErrorCode error, const std::string& api) {
    reset_generation(env, fmt::format("encountered {} from {} response", name(error), api));
}

/// resetStateAndRejoin
void GroupMember::reset_generation(node::Env& env, const std::string& reason) {
    node::info(env, kConsumerCoordinatorLogger, "{}Resetting generation due to: {}", config_.log_prefix, reason);
    if (!generation_.member_id.empty()) former_member_id_ = generation_.member_id;
    lost_why_ = reason;
    generation_ = {};
    state_ = MemberState::Unjoined;
    request_rejoin(env, reason);
    needs_join_prepare_ = true;
}

std::string GroupMember::instance_text() const {
    return config_.group_instance_id ? "Optional[" + *config_.group_instance_id + "]" : "Optional.empty";
}

void GroupMember::begin_close() {
    closing_ = Closing::Committing;
    preparing_.reset();
    sync_commits_.clear();
}

/// Commit, wait for commits that are under way, leave, wait for the answer. True when there is nothing more to wait
/// for.
bool GroupMember::close_step(node::Env& env, ConsumerNetwork& network, SubscriptionState& subscriptions, bool expired,
                             ClientResponses& more) {
    if (!has_group()) return true;
    if (closing_ == Closing::Committing) {
        if (!expired && !commit_for_close(env, network, subscriptions, more)) return false;
        if (!expired && !awaiting_coordinator_.empty()) {
            ensure_coordinator(env, network, more);
            return false;
        }
        closing_ = Closing::Revoking;
    }
    if (closing_ == Closing::Revoking) {
        if (!prepare_leave(env, network, subscriptions, more)) return false;
        leave(env, network, "the consumer is being closed");
        closing_ = Closing::Leaving;
    }
    if (!coordinator_ || !network.has_pending(coordinator_->id)) return true;
    if (!expired) return false;
    node::warn(env, kConsumerCoordinatorLogger,
               "{}Close timed out with {} pending requests to coordinator, "
               "terminating client connections",
               config_.log_prefix, network.pending(coordinator_->id));
    return true;
}

std::optional<Instant> GroupMember::next_deadline(Instant now, bool polling, bool waits) const {
    std::optional<Instant> next;
    const auto at = [&](Instant instant) {
        if (instant > now && (!next || instant < *next)) next = instant;
    };
    if (heartbeats()) {
        if (coordinator_) at(heartbeat_.next_deadline(polling));
        if (!coordinator_ && !polling) at(sleep_until_);
    }
    if (!waits) return next;
    if (lookup_ == Lookup::Sleeping) at(sleep_until_);
    for (const auto& [purpose, commit] : sync_commits_) {
        at(commit.retry);
        if (commit.deadline) at(*commit.deadline);
    }
    at(offset_fetch_retry_);
    if (config_.auto_commit && next_auto_commit_) at(*next_auto_commit_);
    return next;
}

}  // namespace kafkasim::client
