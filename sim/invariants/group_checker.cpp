// SPDX-License-Identifier: Apache-2.0
#include "sim/invariants/group_checker.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/broker/broker_state.hpp"
#include "core/client/consumer.hpp"
#include "core/protocol/consumer_protocol.hpp"
#include "core/tools/tool_process.hpp"
#include "sim/invariants/group_invariants.hpp"
#include "sim/world/world.hpp"

namespace kafkasim::sim::invariants {

namespace {

/// So long a request may wait behind another one of its connection.
constexpr Duration kKeepArrived = 10s;

std::vector<std::string> member_ids(const group::GroupMetadata& metadata) {
    std::vector<std::string> ids;
    for (const auto& [id, member] : metadata.members) ids.push_back(id);
    return ids;  // sorted, as the map is
}

std::vector<TopicPartition> claimed_partitions(const protocol::ConsumerProtocolSubscription& subscription) {
    std::vector<TopicPartition> claimed;
    for (const auto& topic : subscription.owned_partitions) {
        for (int32_t partition : topic.partitions) claimed.push_back({topic.topic, partition});
    }
    return claimed;
}

/// Of a Stable group of consumers; empty if a member's bytes cannot be read.
std::vector<MemberView> assignments_of(const group::GroupMetadata& metadata) {
    std::vector<MemberView> members;
    for (const auto& [id, member] : metadata.members) {
        const auto subscription = protocol::decode_subscription(member.metadata(metadata.protocol_name.value_or("")));
        if (!subscription) return {};
        MemberView& view = members.emplace_back();
        view.member_id = id;
        view.topics = subscription->topics;
        view.claimed = claimed_partitions(*subscription);
        if (member.assignment.empty()) continue;
        const auto assignment = protocol::decode_assignment(member.assignment);
        if (!assignment) return {};
        view.assigned = protocol::partitions_of(*assignment);
    }
    return members;
}

}  // namespace

void GroupChecker::message_arrives(const protocol::Body& message) {
    const auto name = [&](const auto* request) {
        if (request != nullptr) named_ = request->group_id;
        return request != nullptr;
    };
    if (const auto* commit = std::get_if<protocol::OffsetCommitRequest>(&message)) {
        commit_.emplace(commit->group_id, Arrived{{}, {commit->member_id, commit->generation_id}, {}});
        for (const auto& topic : commit->topics) {
            for (const auto& partition : topic.partitions)
                commit_->second.offsets[{topic.name, partition.partition_index}] = partition.committed_offset;
        }
    } else if (!name(std::get_if<protocol::JoinGroupRequest>(&message)) &&
               !name(std::get_if<protocol::SyncGroupRequest>(&message)) &&
               !name(std::get_if<protocol::LeaveGroupRequest>(&message))) {
        name(std::get_if<protocol::OffsetDeleteRequest>(&message));
    }
}

void GroupChecker::handled(const World& world, const Process& process, const broker::BrokerState* broker,
                           uint64_t event, std::vector<Violation>& violations) {
    event_ = event;
    violations_ = &violations;
    if (broker != nullptr)
        broker_handled(world, process, *broker);
    else if (const client::Consumer* consumer = consumer_of(process))
        consumer_handled(world, process, *consumer);
    commit_.reset();
    named_.clear();
}

// Consumers.

const client::Consumer* GroupChecker::consumer_of(const Process& process) {
    if (!process.alive() || process.node == nullptr) return nullptr;
    while (tools_.size() <= process.id) tools_.push_back(nullptr);
    if (tools_[process.id] == nullptr) tools_[process.id] = dynamic_cast<const tools::ToolProcess*>(process.node.get());
    return tools_[process.id] == nullptr ? nullptr : tools_[process.id]->consumer();
}

void GroupChecker::consumer_handled(const World& world, const Process& process, const client::Consumer& consumer) {
    if (!consumer.config().group_id || !consumer.subscriptions().automatic()) return;
    const std::string& name = *consumer.config().group_id;
    Group& group = groups_[name];
    KnownConsumer& known = group.consumers[process.id];
    if (known.view.name.empty()) known.view.name = fmt::format("{} ({})", process.options.name, process.id);
    if (look_at(consumer, group, known) || (known.stable && may_be_behind(name, known.view)))
        check(world, name, std::nullopt);
}

/// Whether its membership or its partitions are others than before.
bool GroupChecker::look_at(const client::Consumer& consumer, Group& group, KnownConsumer& known) const {
    const client::Generation& generation = consumer.member().generation();
    const bool stable = consumer.member().state() == client::MemberState::Stable && generation.id >= 0;
    ConsumerView& view = known.view;
    bool changed = stable != known.stable || generation.id != view.generation || generation.member_id != view.member_id;
    if (changed && stable) view.begin = group.begun;
    known.stable = stable;
    view.generation = generation.id;
    view.member_id = generation.member_id;
    view.instance_id = consumer.config().group_instance_id.value_or("");
    const auto& assigned = consumer.subscriptions().assigned();
    changed = changed || assigned.size() != view.owned.size();
    view.owned.resize(assigned.size());
    for (size_t i = 0; i < assigned.size(); ++i) {
        const client::AssignedPartition& each = assigned[i];
        OwnedPartition& owned = view.owned[i];
        if (owned.partition != each.tp) {
            changed = true;
            owned.partition = each.tp;
        }
        owned.position.reset();
        if (each.position && each.state == client::FetchState::Fetching) owned.position = each.position->offset;
        int64_t& highest = known.highest.try_emplace(each.tp, -1).first->second;
        if (each.position && each.position->offset < highest) group.went_back.emplace(view.member_id, each.tp);
        if (each.position) highest = std::max(highest, each.position->offset);
        owned.went_back = group.went_back.contains({view.member_id, each.tp});
    }
    if (known.highest.size() != assigned.size()) {
        std::erase_if(known.highest, [&](const auto& each) {
            if (consumer.subscriptions().find(each.first) != nullptr) return false;
            group.went_back.erase({view.member_id, each.first});
            return true;
        });
    }
    return changed;
}

bool GroupChecker::may_be_behind(const std::string& name, const ConsumerView& consumer) const {
    for (const auto& [process, life] : lives_) {
        const auto hosted = life.groups.find(name);
        if (hosted == life.groups.end() || hosted->second.membership.generation != consumer.generation) continue;
        for (const OwnedPartition& owned : consumer.owned) {
            const auto committed = hosted->second.committed.find(owned.partition);
            if (owned.position && committed != hosted->second.committed.end() &&
                *owned.position < committed->second.offset)
                return true;
        }
    }
    return false;
}

// Coordinators.

void GroupChecker::broker_handled(const World& world, const Process& process, const broker::BrokerState& state) {
    const auto& groups = state.groups.groups();
    if (groups.empty() && !lives_.contains(process.id)) return;
    BrokerLife& life = lives_[process.id];
    life.id = state.id;
    if (commit_) {
        commit_->second.at = world.now();
        life.arrived[commit_->first].push_back(commit_->second);
    }
    for (auto known = life.groups.begin(); known != life.groups.end();) {
        const bool gone = !groups.contains(known->first);
        if (gone) group_gone(known->first, state.groups.owns(state.groups.partition_for(known->first)));
        known = gone ? life.groups.erase(known) : std::next(known);
    }
    for (const auto& [name, metadata] : groups) {
        if (is_to_be_looked_at(life, name, metadata)) check(world, name, look_at(life, name, metadata));
    }
    for (auto& [name, arrived] : life.arrived)
        std::erase_if(arrived, [&](const Arrived& each) { return world.now() - each.at > kKeepArrived; });
    std::erase_if(life.arrived, [](const auto& each) { return each.second.empty(); });
}

bool GroupChecker::is_to_be_looked_at(const BrokerLife& life, const std::string& name,
                                      const group::GroupMetadata& metadata) const {
    if (name == named_ || life.arrived.contains(name)) return true;
    const auto known = life.groups.find(name);
    const Summary summary{metadata.incarnation,    metadata.state,          metadata.generation_id,
                          metadata.members.size(), metadata.offsets.size(), metadata.pending_offset_commits.size()};
    return known == life.groups.end() || known->second.summary != summary;
}

/// Unloaded, it is expected elsewhere as it was; deleted, it begins anew.
void GroupChecker::group_gone(const std::string& name, bool deleted) {
    const auto found = groups_.find(name);
    if (!deleted || found == groups_.end()) return;
    Group& group = found->second;
    group.last_commits.clear();
    group.acknowledged.clear();
    group.stable_generation = -1;
    ++group.begun;
}

CoordinatorView GroupChecker::look_at(BrokerLife& life, const std::string& name, const group::GroupMetadata& metadata) {
    CoordinatorView view;
    view.broker = life.id;
    view.now = {metadata.state, metadata.generation_id, member_ids(metadata)};
    Hosted& hosted = life.groups[name];
    const bool is_new = hosted.summary.incarnation != metadata.incarnation;
    if (is_new) {
        hosted = {};
    } else {
        view.before = hosted.membership;
        view.stored = stored_commits(life, name, hosted, metadata, view.now);
    }
    const Group& group = groups_[name];
    std::map<TopicPartition, CommittedView> committed;
    for (const auto& [tp, each] : metadata.offsets) {
        CommittedView& now = committed[tp];
        now = {each.value.offset, each.appended_at, true};
        const auto acknowledged = group.acknowledged.find(tp);
        const auto before = hosted.committed.find(tp);
        if (is_new)
            now.known =
                acknowledged != group.acknowledged.end() && acknowledged->second.appended_at == each.appended_at;
        else if (before != hosted.committed.end() && before->second.appended_at == each.appended_at)
            now.known = before->second.known;
    }
    const bool again = view.before && view.before->state == group::State::Stable &&
                       view.before->generation == view.now.generation && view.before->members == view.now.members;
    if (metadata.state == group::State::Stable && metadata.is_consumer_group() && !again) {
        view.protocol = metadata.protocol_name.value_or("");
        view.assignments = assignments_of(metadata);
    }
    hosted.summary = {metadata.incarnation,    metadata.state,          metadata.generation_id,
                      metadata.members.size(), metadata.offsets.size(), metadata.pending_offset_commits.size()};
    hosted.membership = view.now;
    hosted.committed = committed;
    hosted.pending = metadata.pending_offset_commits;
    view.committed = std::move(committed);
    return view;
}

std::vector<StoredCommit> GroupChecker::stored_commits(BrokerLife& life, const std::string& name, const Hosted& before,
                                                       const group::GroupMetadata& metadata,
                                                       const MembershipView& now) const {
    std::vector<StoredCommit> stored;
    for (const auto& [tp, value] : metadata.pending_offset_commits) {
        const auto known = before.pending.find(tp);
        if (known == before.pending.end() || known->second != value) stored.push_back({tp, value.offset, {}});
    }
    for (const auto& [tp, committed] : metadata.offsets) {
        const auto known = before.committed.find(tp);
        if (known != before.committed.end() && known->second.appended_at == committed.appended_at) continue;
        // What was pending was looked at when it came; a later one may have taken its place there.
        if (!before.pending.contains(tp)) stored.push_back({tp, committed.value.offset, {}});
    }
    const auto found = life.arrived.find(name);
    if (stored.empty() || found == life.arrived.end()) return stored;
    std::vector<Arrived>& arrived = found->second;
    const auto is_current = [&](const StoredCommit::Sender& sender) {
        return may_commit(sender, now) || may_commit(sender, before.membership);
    };
    // The oldest that may commit; if there is none, all others.
    std::set<const Arrived*> used;
    for (StoredCommit& commit : stored) {
        std::vector<const Arrived*> candidates;
        for (const Arrived& each : arrived) {
            const auto offset = each.offsets.find(commit.partition);
            if (offset != each.offsets.end() && offset->second == commit.offset) candidates.push_back(&each);
        }
        const auto current = std::find_if(candidates.begin(), candidates.end(),
                                          [&](const Arrived* each) { return is_current(each->sender); });
        if (current != candidates.end()) candidates = {*current};
        for (const Arrived* each : candidates) {
            used.insert(each);
            commit.senders.push_back(each->sender);
        }
    }
    std::vector<Arrived> left;
    for (Arrived& each : arrived) {
        if (!used.contains(&each)) left.push_back(std::move(each));
    }
    arrived = std::move(left);
    return stored;
}

// Both.

void GroupChecker::check(const World& world, const std::string& name, std::optional<CoordinatorView> coordinator) {
    ++checks_;
    Group& group = groups_[name];
    GroupSnapshot snapshot;
    snapshot.group = name;
    for (auto each = group.consumers.begin(); each != group.consumers.end();) {
        const bool ended = !world.process(each->first).alive();
        if (!ended && each->second.stable) snapshot.consumers.push_back(each->second.view);
        each = ended ? group.consumers.erase(each) : std::next(each);
    }
    const auto judge = [&] {
        for (const GroupInvariant& invariant : group_invariants()) {
            Broken broken = invariant.check(snapshot);
            if (!broken || !broken_.emplace(invariant.name, name).second) continue;
            violations_->push_back(
                {std::string(invariant.name), {TopicName(kOffsetsTopic), 0}, world.now(), event_, std::move(*broken)});
        }
    };
    if (coordinator) {
        snapshot.coordinator = std::move(coordinator);
        snapshot.last_commits = group.last_commits[snapshot.coordinator->broker];
        snapshot.went_back = group.went_back;
        snapshot.acknowledged = group.acknowledged;
        snapshot.stable_generation = group.stable_generation;
        judge();
        return remember(group, *snapshot.coordinator);
    }
    judge();
    for (auto life = lives_.begin(); life != lives_.end();) {
        if (!world.process(life->first).alive()) {
            life = lives_.erase(life);
            continue;
        }
        const auto hosted = life->second.groups.find(name);
        if (hosted != life->second.groups.end()) {
            snapshot.coordinator.emplace();
            snapshot.coordinator->broker = life->second.id;
            snapshot.coordinator->now = hosted->second.membership;
            snapshot.coordinator->before = hosted->second.membership;
            snapshot.coordinator->committed = hosted->second.committed;
            judge();
        }
        ++life;
    }
}

void GroupChecker::remember(Group& group, const CoordinatorView& coordinator) {
    if (coordinator.now.state == group::State::Stable)
        group.stable_generation = std::max(group.stable_generation, coordinator.now.generation);
    auto& last_commits = group.last_commits[coordinator.broker];
    for (const StoredCommit& stored : coordinator.stored) {
        if (stored.senders.size() == 1)
            last_commits[stored.partition] = {stored.senders[0].member_id, stored.senders[0].generation, stored.offset};
        else
            last_commits.erase(stored.partition);
    }
    for (const auto& [tp, committed] : coordinator.committed) {
        CommittedView& known = group.acknowledged[tp];
        if (committed.appended_at > known.appended_at) known = committed;
    }
    if (coordinator.before)
        std::erase_if(group.acknowledged,
                      [&](const auto& each) { return !coordinator.committed.contains(each.first); });
}

}  // namespace kafkasim::sim::invariants
