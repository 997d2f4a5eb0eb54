// SPDX-License-Identifier: Apache-2.0
#pragma once
// The znode changes that a poller saw on a real cluster (tests/data/znode-changes.json, from ground-truth 02, 02b, 03
// and 03b), against those of a chain: for each znode the same contents, epochs and versions in the same order, at the
// same times by class. The poller looked every 10 ms, so it may have missed that /controller was gone for a moment.
// Controller epochs count from the cluster's first day, which was not the chain's: only their steps are compared.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/compare.hpp"
#include "tests/event_chains/chain_text.hpp"

namespace kafkasim::sim::event_chains {

struct Seen {        // one change that the poller saw
    int64_t ms = 0;  // -1: at any time
    std::string path;
    int64_t version = -1;
    std::string data;
};

struct Watched {
    std::string record;  // "02-replication-016"
    std::string after;   // the act, or how it begins
    size_t time = 1;     // the how-manieth of these acts
    std::vector<Seen> changes;
};

/// Controller epochs of the real cluster minus those of the chain.
using EpochShift = std::optional<int64_t>;

inline bool same_epoch(EpochShift& shift, int64_t real, int64_t ours) {
    if (!shift) shift = real - ours;
    return real - ours == *shift;
}

inline bool same_content(EpochShift& shift, const Seen& real, const Change& ours) {
    if ((real.version < 0) != (ours.version < 0)) return false;
    if (real.version < 0) return true;
    if (real.path == "/controller") {
        const auto controller = zookeeper::decode_controller(ours.data);
        return controller && to_string(controller->broker) == real.data;
    }
    if (real.path == "/controller_epoch") return same_epoch(shift, std::stoll(real.data), std::stoll(ours.data));
    if (real.version != ours.version) return false;
    const auto there = zookeeper::decode_partition_state(real.data);
    const auto here = zookeeper::decode_partition_state(ours.data);
    if (!there || !here) return !there && !here;
    const LeaderAndIsr& a = there->leader_and_isr;
    const LeaderAndIsr& b = here->leader_and_isr;
    return a.leader == b.leader && a.isr == b.isr && a.leader_epoch == b.leader_epoch &&
           same_epoch(shift, there->controller_epoch, here->controller_epoch);
}

inline std::string text_of(const Seen& seen) {
    return fmt::format("{} v{} {} after {} ms", seen.path, seen.version, seen.data, seen.ms);
}

/// The act and all that came later, to the end of the run: a change may come after commands that change nothing.
inline std::vector<Change> changes_since(const std::vector<Act>& acts, const Watched& watched, Instant& since) {
    size_t times = 0;
    std::vector<Change> changes;
    for (const Act& act : acts) {
        if (times < watched.time && act.did.starts_with(watched.after) && ++times == watched.time) since = act.at;
        if (times == watched.time) changes.insert(changes.end(), act.changes.begin(), act.changes.end());
    }
    return changes;
}

/// What differs, as texts.
inline std::vector<std::string> differences(const std::vector<Act>& acts, const Watched& watched, EpochShift& shift) {
    std::vector<std::string> found;
    Instant since{};
    const std::vector<Change> ours = changes_since(acts, watched, since);
    std::map<std::string, size_t> at;  // by path, how many of our changes were compared
    for (const Seen& real : watched.changes) {
        size_t to_skip = at[real.path];
        const auto next = [&] {
            return std::find_if(ours.begin(), ours.end(),
                                [&](const Change& change) { return change.path == real.path && to_skip-- == 0; });
        };
        auto change = next();
        ++at[real.path];
        if (change != ours.end() && real.path == "/controller" && real.version >= 0 && change->version < 0) {
            to_skip = at[real.path]++;  // the poller missed that it was gone
            change = next();
        }
        if (change == ours.end()) {
            found.push_back(watched.record + ": not here: " + text_of(real));
        } else if (!same_content(shift, real, *change)) {
            found.push_back(watched.record + ": " + text_of(real) + ", but here: " + text_of(*change));
        } else if (real.ms >= 0 && !scenario::same_time(real.ms, millis_of(change->at - since))) {
            found.push_back(fmt::format("{}: {}, but here after {} ms", watched.record, text_of(real),
                                        millis_of(change->at - since)));
        }
    }
    return found;
}

}  // namespace kafkasim::sim::event_chains
