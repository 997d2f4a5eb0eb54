// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/crowd.hpp"

#include <algorithm>
#include <map>

#include "core/base/java_pattern.hpp"
#include "core/client/consumer.hpp"
#include "sim/observe/groups.hpp"

namespace kafkasim::sim::workload {

namespace {

constexpr Duration kJvmStarts = 1s;
constexpr int kKilled = 137;

const client::Consumer* consumer_of(const Process& process) {
    const auto* tool = dynamic_cast<const tools::ToolProcess*>(process.node.get());
    return tool == nullptr ? nullptr : tool->consumer();
}

history::End end_of(int exit_code) {
    if (exit_code == kKilled) return history::End::Crashed;
    const bool as_asked = exit_code == 0 || exit_code == tools::kInterrupted || exit_code == tools::kTerminated;
    return as_asked ? history::End::Closed : history::End::Failed;
}

}  // namespace

bool Some::holds(const Member& member) const {
    return (member.produces ? producers : consumers) &&
           (sets.empty() || std::find(sets.begin(), sets.end(), member.set->name) != sets.end());
}

Crowd::Crowd(World& world, history::Book& book, Plan plan, std::string bootstrap_servers)
    : world_(world), book_(book), plan_(std::move(plan)), bootstrap_servers_(std::move(bootstrap_servers)) {
    for (const ProducerSet& set : plan_.producers) add(set, true);
    for (const ConsumerSet& set : plan_.consumers) add(set, false);
}

void Crowd::add(const ClientSet& set, bool produces) {
    for (int32_t number = 1; number <= set.count; ++number) {
        Member member;
        member.name = set.name + "-" + std::to_string(number);
        member.set = &set;
        member.produces = produces;
        member.number = number;
        remember(member);
        members_.push_back(std::move(member));
    }
}

void Crowd::remember(Member& member) const {
    for (const history::History& history : book_.histories) {
        if (history.client != member.name) continue;
        member.lives = history.life;
        member.values += static_cast<uint32_t>(history.sent);
    }
}

bool Crowd::runs(const Member& member) const { return member.process && world_.process(*member.process).alive(); }

void Crowd::start(Member& member) {
    if (runs(member)) return;
    settle();
    if (member.history != nullptr) member.values += static_cast<uint32_t>(member.history->sent);
    history::History& history = book_.histories.emplace_back();
    history.client = member.name;
    history.workload = plan_.name;
    history.role = member.produces ? history::Role::Producer : history::Role::Consumer;
    history.life = ++member.lives;
    history.topics = member.set->topics;
    history.keeps = book_.keeps;
    history.began = world_.now();
    Life life{member.name, bootstrap_servers_, member.values, &book_, &history};
    Client client;
    if (member.produces) {
        book_.producers.number(member.name);
        client = make_producer(static_cast<const ProducerSet&>(*member.set), std::move(life));
    } else {
        const auto& set = static_cast<const ConsumerSet&>(*member.set);
        history.group = set.group;
        history.pattern = set.pattern;
        client = make_consumer(set, std::move(life));
    }
    ProcessOptions options;
    options.name = member.name;
    options.command = member.name;
    options.start_up = kJvmStarts;
    member.history = &history;
    member.idler = client.idler;
    member.back = std::nullopt;
    member.process = world_.spawn(std::move(client.process), std::move(options));
}

void Crowd::retire(const Some& some) {
    for (Member& member : members_) {
        if (!some.holds(member)) continue;
        member.retired = true;
        if (!runs(member)) continue;
        if (std::exchange(member.back, std::nullopt)) world_.resume(*member.process);
        world_.signal(*member.process, node::Signal::Interrupt);
    }
}

void Crowd::bring_back() {
    if (!plan_.churn) return;
    for (Member& member : members_) {
        const auto& sets = plan_.churn->of;
        if (member.retired || std::find(sets.begin(), sets.end(), member.set->name) == sets.end()) continue;
        if (runs(member)) {
            if (std::exchange(member.back, std::nullopt)) world_.resume(*member.process);
        } else {
            start(member);
        }
    }
}

bool Crowd::ended(const Some& some) const {
    return std::none_of(members_.begin(), members_.end(),
                        [&](const Member& member) { return some.holds(member) && runs(member); });
}

void Crowd::kill(const Some& some) {
    for (const Member& member : members_) {
        if (some.holds(member) && runs(member)) world_.kill(*member.process);
    }
}

bool Crowd::caught_up(const Some& some) const {
    const OffsetsCamera camera(world_);
    std::map<std::pair<std::string, TopicPartition>, int64_t> positions;  // by group
    for (const Member& member : members_) {
        if (member.produces || !some.holds(member) || !runs(member)) continue;
        const client::Consumer* consumer = consumer_of(world_.process(*member.process));
        if (consumer == nullptr) continue;
        for (const TopicPartition& tp : consumer->subscriptions().partitions()) {
            if (const auto position = consumer->position(tp)) positions[{member.history->group, tp}] = *position;
        }
    }
    for (const ConsumerSet& set : plan_.consumers) {
        if (!some.sets.empty() && std::find(some.sets.begin(), some.sets.end(), set.name) == some.sets.end()) continue;
        for (const TopicName& topic : topics_of(set, world_)) {
            for (const TopicPartition& tp : camera.partitions_of(topic)) {
                const auto position = positions.find({set.group, tp});
                const auto end = camera.high_watermark(tp);
                if (position == positions.end() || !end || position->second < *end) return false;
            }
        }
    }
    return true;
}

void Crowd::settle() {
    for (const Member& member : members_) {
        if (member.history == nullptr || member.history->end != history::End::Working) continue;
        const Process& process = world_.process(*member.process);
        if (process.alive()) continue;
        member.history->end = end_of(process.exit_code);
        member.history->ended = process.ended;
    }
}

Member* Crowd::find(std::string_view name) {
    const auto found =
        std::find_if(members_.begin(), members_.end(), [&](const Member& member) { return member.name == name; });
    return found == members_.end() ? nullptr : &*found;
}

std::vector<TopicName> topics_of(const ConsumerSet& set, const World& world) {
    std::vector<TopicName> topics;
    for (const std::string& topic : set.topics) topics.emplace_back(topic);
    if (set.pattern.empty()) return topics;
    const auto compiled = java::Pattern::compile(set.pattern);
    const auto* pattern = std::get_if<java::Pattern>(&compiled);
    for (const TopicName& topic : OffsetsCamera(world).topics()) {
        if (pattern != nullptr && pattern->matches(topic.view()) && !is_internal_topic(topic.view()))
            topics.push_back(topic);
    }
    return topics;
}

}  // namespace kafkasim::sim::workload
