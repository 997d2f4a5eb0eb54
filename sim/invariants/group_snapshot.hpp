// SPDX-License-Identifier: Apache-2.0
#pragma once
// One consumer group as it stands between two events: what each running consumer of it believes, and what a
// coordinator has of it. The group invariants are pure functions over it. It is made of values, so a test makes its
// own; GroupChecker makes those of a run (group_checker.hpp).

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"
#include "core/group/group_state.hpp"

namespace kafkasim::sim::invariants {

/// A partition that a consumer takes for its own.
struct OwnedPartition {
    TopicPartition partition;
    std::optional<int64_t> position;  // the next offset that it reads; nullopt: not known yet
    bool went_back = false;           // since it was assigned the position was set back: a seek, a reset, a truncation
};

/// A running consumer that believes to be a member in state Stable. Who only joins, was thrown out and knows it, or
/// reads without a group is not in a snapshot.
struct ConsumerView {
    std::string name;    // of its process, with the number of the process: "kafka-console-consumer.sh (7)"
    uint32_t begin = 0;  // how often the group began anew before it became Stable (GroupMemory::begun)
    std::string member_id;
    int32_t generation = -1;
    std::vector<OwnedPartition> owned;
    std::string instance_id{};  // group.instance.id of a static member
};

/// A member as the coordinator has it.
struct MemberView {
    std::string member_id;
    std::vector<std::string> topics;       // it subscribes to
    std::vector<TopicPartition> claimed;   // that it owned when it joined (cooperative)
    std::vector<TopicPartition> assigned;  // in this generation
};

/// An offset that the coordinator holds for a partition.
struct CommittedView {
    int64_t offset = -1;
    int64_t appended_at = -1;  // in the log of __consumer_offsets; grows from commit to commit
    /// It was seen to be stored. False of what came out of the log only when it was loaded: the commit had failed (it
    /// timed out), and its record was there all the same. Nobody was told of it when partitions were given out.
    bool known = true;
};

/// A commit that the coordinator stored by this event, with who may have sent it: the requests that brought that
/// offset of that partition to this broker and have not been seen to be stored.
struct StoredCommit {
    struct Sender {
        std::string member_id;
        int32_t generation = -1;
    };
    TopicPartition partition;
    int64_t offset = -1;
    std::vector<Sender> senders;
};

/// What the coordinator has of the group, at one moment.
struct MembershipView {
    group::State state = group::State::Empty;
    int32_t generation = 0;
    std::vector<std::string> members;  // sorted
};

/// Whether a commit that names this sender is the group's: of a member of the running generation, or of nobody while
/// there are no members.
bool may_commit(const StoredCommit::Sender& sender, const MembershipView& group);

struct CoordinatorView {
    BrokerId broker;
    MembershipView now;
    std::optional<MembershipView> before;  // the event; nullopt: it did not have the group
    std::string protocol;                  // "range"; of a Stable group of consumers, else empty
    std::vector<MemberView> assignments;   // by member, if they are new; else empty
    std::map<TopicPartition, CommittedView> committed;
    std::vector<StoredCommit> stored;
};

/// The last commit of a partition that this coordinator stored, and by whom.
struct LastCommit {
    std::string member_id;
    int32_t generation = -1;
    int64_t offset = -1;
};

struct GroupSnapshot {
    std::string group;
    std::vector<ConsumerView> consumers;
    std::optional<CoordinatorView> coordinator;  // the one that this event changed, or that of the running generation
    std::map<TopicPartition, LastCommit> last_commits;           // of this coordinator, before the event
    std::set<std::pair<std::string, TopicPartition>> went_back;  // members, and partitions of which they were set back
    std::map<TopicPartition, CommittedView> acknowledged;  // the newest that any coordinator has held before the event
    /// The newest generation that any coordinator has made Stable before, so that its log must have it.
    int32_t stable_generation = -1;
};

}  // namespace kafkasim::sim::invariants
