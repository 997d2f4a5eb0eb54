// SPDX-License-Identifier: Apache-2.0
#pragma once
// Checks the group invariants while a world runs: after each event it looks at the consumer that handled it, or at the
// groups of the broker that did, and checks the groups of which something changed. It sees consumers by their own
// state, coordinators by theirs, and of messages only the OffsetCommit requests that arrive. Owned by
// InvariantChecker.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/group/group_metadata.hpp"
#include "core/protocol/message.hpp"
#include "sim/invariants/group_snapshot.hpp"
#include "sim/invariants/violation.hpp"

namespace kafkasim::broker {
struct BrokerState;
}
namespace kafkasim::client {
class Consumer;
}
namespace kafkasim::group {
class GroupCoordinator;
}
namespace kafkasim::tools {
class ToolProcess;
}

namespace kafkasim::sim {
struct Process;
class World;
}  // namespace kafkasim::sim

namespace kafkasim::sim::invariants {

class GroupChecker {
public:
    void message_arrives(const protocol::Body& message);
    /// `broker`: what runs in the process, if it is a broker. Adds what broke to `violations`.
    void handled(const World& world, const Process& process, const broker::BrokerState* broker, uint64_t event,
                 std::vector<Violation>& violations);
    /// How many times a group was looked at.
    uint64_t checks() const { return checks_; }

private:
    /// A consumer process as it was last looked at.
    struct KnownConsumer {
        ConsumerView view;
        std::map<TopicPartition, int64_t> highest;  // position since it was assigned
        bool stable = false;
    };
    /// What of a group can change without a request that names it.
    struct Summary {
        uint64_t incarnation = 0;
        group::State state = group::State::Empty;
        int32_t generation = 0;
        size_t members = 0;
        size_t offsets = 0;
        size_t pending = 0;
        bool operator==(const Summary&) const = default;
    };
    /// A group on one broker process as it was last looked at.
    struct Hosted {
        Summary summary;
        MembershipView membership;
        std::map<TopicPartition, CommittedView> committed;
        std::map<TopicPartition, group::OffsetAndMetadata> pending;
    };
    /// An OffsetCommit request that has arrived and was not seen to be stored.
    struct Arrived {
        Instant at;
        StoredCommit::Sender sender;
        std::map<TopicPartition, int64_t> offsets;
    };
    struct BrokerLife {
        BrokerId id;
        std::map<std::string, Hosted, std::less<>> groups;
        std::map<std::string, std::vector<Arrived>, std::less<>> arrived;  // by group
    };
    struct Group {
        std::map<uint32_t, KnownConsumer> consumers;                            // by process
        std::map<BrokerId, std::map<TopicPartition, LastCommit>> last_commits;  // by coordinator
        std::set<std::pair<std::string, TopicPartition>> went_back;
        std::map<TopicPartition, CommittedView> acknowledged;
        int32_t stable_generation = -1;
        uint32_t begun = 0;
    };

    const client::Consumer* consumer_of(const Process& process);
    void consumer_handled(const World& world, const Process& process, const client::Consumer& consumer);
    bool look_at(const client::Consumer& consumer, Group& group, KnownConsumer& known) const;
    bool may_be_behind(const std::string& name, const ConsumerView& consumer) const;
    void broker_handled(const World& world, const Process& process, const broker::BrokerState& state);
    bool is_to_be_looked_at(const BrokerLife& life, const std::string& name,
                            const group::GroupMetadata& metadata) const;
    void group_gone(const std::string& name, bool deleted);
    CoordinatorView look_at(BrokerLife& life, const std::string& name, const group::GroupMetadata& metadata);
    std::vector<StoredCommit> stored_commits(BrokerLife& life, const std::string& name, const Hosted& before,
                                             const group::GroupMetadata& metadata, const MembershipView& now) const;
    void check(const World& world, const std::string& name, std::optional<CoordinatorView> coordinator);
    static void remember(Group& group, const CoordinatorView& coordinator);

    std::vector<const tools::ToolProcess*> tools_;  // by process; nullptr for what is no tool
    std::map<uint32_t, BrokerLife> lives_;
    std::map<std::string, Group, std::less<>> groups_;
    std::set<std::pair<std::string_view, std::string>> broken_;
    std::optional<std::pair<std::string, Arrived>> commit_;  // that is being handled, with its group
    std::string named_;                                      // the group that the message names
    uint64_t event_ = 0;
    std::vector<Violation>* violations_ = nullptr;
    uint64_t checks_ = 0;
};

}  // namespace kafkasim::sim::invariants
