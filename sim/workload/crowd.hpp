// SPDX-License-Identifier: Apache-2.0
#pragma once
// The clients of a workload: who they are, who of them runs, and what can be done to them. Its director
// (director.hpp) starts them, does what churn asks for and stops the producers when their time is over; the
// scenario's runner ends it.

#include <optional>
#include <string>
#include <vector>

#include "sim/history/history.hpp"
#include "sim/workload/client.hpp"
#include "sim/workload/plan.hpp"
#include "sim/world/world.hpp"

namespace kafkasim::sim::workload {

struct Member {
    std::string name;
    const ClientSet* set = nullptr;
    bool produces = false;
    int32_t number = 1;                   // in its set
    std::optional<ProcessId> process;     // of its last life
    history::History* history = nullptr;  // of its last life
    Idler* idler = nullptr;               // its process, while it runs
    int32_t lives = 0;
    uint32_t values = 0;          // that its lives before the last have sent
    std::optional<Instant> back;  // it hangs or is paused until then
    bool retired = false;         // its work is over: nobody starts it again by chance
};

/// Some of the members: those of these sets, or of all if none is named.
struct Some {
    bool producers = true;
    bool consumers = true;
    std::vector<std::string> sets;

    bool holds(const Member& member) const;
};

class Crowd {
public:
    /// World and book must outlive it, and its processes must not outlive it.
    Crowd(World& world, history::Book& book, Plan plan, std::string bootstrap_servers);
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    bool runs(const Member& member) const;
    /// Starts another life of it, if none runs.
    void start(Member& member);
    /// Their work is over: Ctrl+C, so that they close their clients and end.
    void retire(const Some& some);
    /// Of the sets that churn troubles: who is away starts again, who is paused goes on.
    void bring_back();
    bool ended(const Some& some) const;
    void kill(const Some& some);
    /// Every partition of the consumers' topics is owned by one of them, and read to its end.
    bool caught_up(const Some& some) const;
    /// Writes into the histories of those whose process has ended how it ended. Before anybody reads them.
    void settle();

    Member* find(std::string_view name);
    std::vector<Member>& members() { return members_; }
    const std::vector<Member>& members() const { return members_; }
    const Plan& plan() const { return plan_; }
    World& world() { return world_; }
    const World& world() const { return world_; }
    const history::Book& book() const { return book_; }

private:
    void add(const ClientSet& set, bool produces);
    /// If the book knows it from a workload before.
    void remember(Member& member) const;

    World& world_;
    history::Book& book_;
    const Plan plan_;
    std::string bootstrap_servers_;
    std::vector<Member> members_;  // producers first, by set and number
};

/// The topics that a set of consumers reads, of those that there are.
std::vector<TopicName> topics_of(const ConsumerSet& set, const World& world);

}  // namespace kafkasim::sim::workload
