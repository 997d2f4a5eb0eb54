// SPDX-License-Identifier: Apache-2.0
#include "core/broker/isr.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/java.hpp"

namespace kafkasim::broker {

namespace {

std::optional<Instant> later(std::optional<Instant> a, std::optional<Instant> b) { return a < b ? b : a; }

std::string set_text(const std::vector<BrokerId>& ids) {
    return fmt::format("{}({})", ids.size() > kScalaSmallSet ? "HashSet" : "Set", join(ids, ", "));
}

}  // namespace

void Replica::update_fetch_state(int64_t fetch_offset, int64_t start_offset, Instant now, int64_t leader_end_offset) {
    if (fetch_offset >= leader_end_offset) {
        last_caught_up_time = later(last_caught_up_time, now);
    } else if (fetch_offset >= last_fetch_leader_log_end_offset) {
        last_caught_up_time = later(last_caught_up_time, last_fetch_time);
    }
    log_end_offset = fetch_offset;
    log_start_offset = start_offset;
    last_fetch_leader_log_end_offset = leader_end_offset;
    last_fetch_time = now;
}

void Replica::reset_last_caught_up(int64_t leader_end_offset, Instant now, std::optional<Instant> caught_up) {
    last_fetch_leader_log_end_offset = leader_end_offset;
    last_fetch_time = now;
    last_caught_up_time = caught_up;
}

void Replica::forget_position() {
    log_end_offset = kUnknownOffset;
    log_start_offset = kUnknownOffset;
    last_fetch_leader_log_end_offset = kUnknownOffset;
    last_fetch_time = std::nullopt;
}

std::vector<BrokerId> IsrState::maximal_isr() const { return kind == Kind::PendingExpand ? proposed_isr() : isr; }

bool IsrState::in_maximal_isr(BrokerId id) const {
    return contains(isr, id) || (kind == Kind::PendingExpand && contains(change, id));
}

std::vector<BrokerId> IsrState::proposed_isr() const {
    std::vector<BrokerId> ids = isr;
    switch (kind) {
        case Kind::Committed:
            break;
        case Kind::PendingExpand:
            ids.insert(ids.end(), change.begin(), change.end());
            return scala_set_order(ids);
        case Kind::PendingShrink:
            for (BrokerId gone : change) ids = without(ids, gone);
            break;
    }
    return ids;
}

IsrState committed_isr(const std::vector<BrokerId>& isr) {
    return IsrState{IsrState::Kind::Committed, scala_set_order(isr), {}};
}

std::string to_string(const IsrState& state) {
    const std::string isr = set_text(state.isr);
    switch (state.kind) {
        case IsrState::Kind::Committed:
            return fmt::format("CommittedIsr(isr={})", isr);
        case IsrState::Kind::PendingExpand:
            return fmt::format("PendingExpandIsr(isr={}, newInSyncReplicaId={})", isr, join(state.change));
        case IsrState::Kind::PendingShrink:
            return fmt::format("PendingShrinkIsr(isr={}, outOfSyncReplicaIds={})", isr, set_text(state.change));
    }
    return {};
}

std::vector<BrokerId> scala_set_order(const std::vector<BrokerId>& ids) {
    std::vector<BrokerId> distinct;
    for (BrokerId id : ids) {
        if (!contains(distinct, id)) distinct.push_back(id);
    }
    if (distinct.size() <= kScalaSmallSet) return distinct;
    std::vector<int32_t> hashes;
    hashes.reserve(distinct.size());
    for (BrokerId id : distinct) hashes.push_back(id.value);
    std::vector<BrokerId> ordered;
    for (size_t index : java::scala_immutable_order(hashes)) ordered.push_back(distinct[index]);
    return ordered;
}

bool out_of_sync(const Replica& follower, int64_t leader_end_offset, Instant now, Duration lag_time_max) {
    if (follower.log_end_offset == leader_end_offset) return false;
    return !follower.last_caught_up_time || now - *follower.last_caught_up_time > lag_time_max;
}

std::vector<BrokerId> out_of_sync_replicas(const std::vector<BrokerId>& isr, BrokerId leader,
                                           const std::vector<Replica>& followers, int64_t leader_end_offset,
                                           Instant now, Duration lag_time_max) {
    std::vector<BrokerId> ids;
    for (BrokerId id : isr) {
        if (id == leader) continue;
        const auto follower =
            std::find_if(followers.begin(), followers.end(), [id](const Replica& r) { return r.id == id; });
        if (follower == followers.end() || out_of_sync(*follower, leader_end_offset, now, lag_time_max))
            ids.push_back(id);
    }
    return ids;
}

std::optional<IsrState> maybe_shrink(const IsrState& state, const std::vector<BrokerId>& out_of_sync_ids) {
    if (state.in_flight() || out_of_sync_ids.empty()) return std::nullopt;
    return IsrState{IsrState::Kind::PendingShrink, state.isr, out_of_sync_ids};
}

std::optional<IsrState> maybe_expand(const IsrState& state, BrokerId follower, int64_t follower_end_offset,
                                     int64_t high_watermark, std::optional<int64_t> leader_epoch_start_offset) {
    if (state.in_flight() || contains(state.isr, follower)) return std::nullopt;
    if (follower_end_offset < high_watermark) return std::nullopt;
    if (!leader_epoch_start_offset || follower_end_offset < *leader_epoch_start_offset) return std::nullopt;
    return IsrState{IsrState::Kind::PendingExpand, state.isr, {follower}};
}

}  // namespace kafkasim::broker
