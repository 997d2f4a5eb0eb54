// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/director.hpp"

#include <algorithm>
#include <map>

#include "core/protocol/message.hpp"
#include "sim/workload/crowd.hpp"

namespace kafkasim::sim::workload {

namespace {

class Director final : public node::Node {
public:
    explicit Director(Crowd& crowd) : crowd_(crowd) {}

    void start(node::Env& env) override;
    void on_timer(node::Env& env, node::TimerId timer, node::Tag tag) override;
    void on_signal(node::Env& env, node::Signal signal) override;
    void on_accepted(node::Env&, node::ConnectionId, int32_t) override {}
    void on_connected(node::Env&, node::ConnectionId, node::Tag) override {}
    void on_disconnected(node::Env&, node::ConnectionId, node::Tag, node::CloseReason) override {}
    void on_message(node::Env&, node::ConnectionId, node::Tag, protocol::Message&&) override {}
    void on_input(node::Env&, std::string) override {}
    void on_input_end(node::Env&) override {}

private:
    enum class Task : uint8_t { Start, Churn, Return, TimeOver };
    struct Entry {
        Task task = Task::Start;
        size_t member = 0;
    };

    void churn(node::Env& env);
    bool may(Deed deed, const Member& member) const;
    void act(node::Env& env, Deed deed, size_t place);
    void returns(Member& member);
    void time_over();
    void plan_churn(node::Env& env);
    void rearm(node::Env& env);

    Crowd& crowd_;
    std::multimap<Instant, Entry> agenda_;
    node::TimerId timer_ = node::TimerId::None;
};

void Director::start(node::Env& env) {
    timer_ = env.new_timer({});
    std::vector<Member>& members = crowd_.members();
    for (size_t i = 0; i < members.size(); ++i)
        agenda_.emplace(env.now() + members[i].set->joins_every * (members[i].number - 1), Entry{Task::Start, i});
    if (crowd_.plan().churn) plan_churn(env);
    if (crowd_.plan().time) agenda_.emplace(env.now() + *crowd_.plan().time, Entry{Task::TimeOver, 0});
    rearm(env);
}

void Director::on_timer(node::Env& env, node::TimerId, node::Tag) {
    while (!agenda_.empty() && agenda_.begin()->first <= env.now()) {
        const Entry entry = agenda_.extract(agenda_.begin()).mapped();
        switch (entry.task) {
            case Task::Start:
                if (!crowd_.members()[entry.member].retired) crowd_.start(crowd_.members()[entry.member]);
                break;
            case Task::Churn:
                churn(env);
                plan_churn(env);
                break;
            case Task::Return:
                returns(crowd_.members()[entry.member]);
                break;
            case Task::TimeOver:
                time_over();
                return env.exit(0);
        }
    }
    rearm(env);
}

void Director::on_signal(node::Env& env, node::Signal) { env.exit(0); }

/// The next time is half to one and a half of `every` away.
void Director::plan_churn(node::Env& env) {
    const Duration every = crowd_.plan().churn->every;
    const auto drawn = env.chance().below(node::Stream::Workload, static_cast<uint64_t>(every.count()) + 1);
    agenda_.emplace(env.now() + every / 2 + Duration{static_cast<int64_t>(drawn)}, Entry{Task::Churn, 0});
}

void Director::churn(node::Env& env) {
    const Churn& churn = *crowd_.plan().churn;
    const std::vector<Member>& members = crowd_.members();
    struct Choice {
        Deed deed;
        std::vector<size_t> of;
    };
    std::vector<Choice> choices;
    for (const Deed deed : churn.does) {
        Choice choice{deed, {}};
        for (size_t i = 0; i < members.size(); ++i) {
            const bool concerned = std::find(churn.of.begin(), churn.of.end(), members[i].set->name) != churn.of.end();
            if (concerned && may(deed, members[i])) choice.of.push_back(i);
        }
        if (!choice.of.empty()) choices.push_back(std::move(choice));
    }
    if (choices.empty()) return;
    const Choice& choice = choices[env.chance().below(node::Stream::Workload, choices.size())];
    act(env, choice.deed, choice.of[env.chance().below(node::Stream::Workload, choice.of.size())]);
}

bool Director::may(Deed deed, const Member& member) const {
    const bool runs = crowd_.runs(member);
    if (member.retired) return false;
    if (deed == Deed::Join) return !runs && member.process;
    return runs && !member.back && crowd_.world().process(*member.process).state == ProcessState::Running;
}

void Director::act(node::Env& env, Deed deed, size_t place) {
    Member& member = crowd_.members()[place];
    const Duration hang = crowd_.plan().churn->hang;
    switch (deed) {
        case Deed::Leave:
            crowd_.world().signal(*member.process, node::Signal::Interrupt);
            break;
        case Deed::Crash:
            crowd_.world().kill(*member.process);
            break;
        case Deed::Hang:
            member.idler->hang(hang);
            break;
        case Deed::Pause:
            crowd_.world().pause(*member.process);
            break;
        case Deed::Join:
            crowd_.start(member);
            break;
    }
    if (deed != Deed::Hang && deed != Deed::Pause) return;
    member.back = env.now() + hang;
    agenda_.emplace(*member.back, Entry{Task::Return, place});
}

void Director::returns(Member& member) {
    if (!member.back || *member.back > crowd_.world().now()) return;
    member.back = std::nullopt;
    if (crowd_.runs(member)) crowd_.world().resume(*member.process);
}

void Director::time_over() {
    crowd_.bring_back();
    crowd_.retire({true, false, {}});
}

void Director::rearm(node::Env& env) {
    if (agenda_.empty()) return env.exit(0);
    env.arm(timer_, std::max(agenda_.begin()->first - env.now(), Duration{}));
}

}  // namespace

std::unique_ptr<node::Node> make_director(Crowd& crowd) { return std::make_unique<Director>(crowd); }

}  // namespace kafkasim::sim::workload
