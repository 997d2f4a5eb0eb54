// SPDX-License-Identifier: Apache-2.0
// Clients that work by themselves: their beginning, their end, and what came of it.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/history/delivered.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/workload/director.hpp"
#include "sim/workload/report.hpp"

namespace kafkasim::sim::scenario {

namespace {

constexpr Duration kProducersCloseAtMost = 150s;  // a batch is given up after delivery.timeout.ms, 120 s
constexpr Duration kConsumersCloseAtMost = 120s;  // a commitSync under way takes up to 60 s, the close 30 s
constexpr Duration kBetweenTwoLooks = 100ms;
constexpr Duration kClientStartsAtMost = 5s;
constexpr size_t kMostTold = 10;

std::string servers_of(const Installation& cluster) {
    std::string servers;
    for (const BrokerInstallation& broker : cluster.brokers)
        servers += (servers.empty() ? "localhost:" : ",localhost:") + std::to_string(broker.port);
    return servers;
}

/// "orders-1:17 (offset 5 of orders-0), … and 3 more"
std::string named(const history::Book& book, const std::vector<const history::Send*>& sends) {
    std::string text;
    for (size_t i = 0; i < std::min(sends.size(), kMostTold); ++i) {
        text += fmt::format("{}{} (offset {} of {})", i == 0 ? "" : ", ", book.text_of(sends[i]->value),
                            sends[i]->offset, to_string(book.topic_partition(sends[i]->to)));
    }
    if (sends.size() > kMostTold) text += fmt::format(" and {} more", sends.size() - kMostTold);
    return text;
}

std::string named(const history::Book& book, const std::vector<history::Value>& values) {
    std::string text;
    for (size_t i = 0; i < std::min(values.size(), kMostTold); ++i)
        text += (i == 0 ? "" : ", ") + book.text_of(values[i]);
    if (values.size() > kMostTold) text += fmt::format(" and {} more", values.size() - kMostTold);
    return text;
}

}  // namespace

const history::Book& Runner::book() {
    for (const auto& crowd : crowds_) crowd->settle();
    return book_;
}

workload::Crowd* Runner::crowd_of(const std::string& workload) {
    for (size_t i = crowds_.size(); i-- > 0;) {
        if (crowds_[i]->plan().name == workload) return crowds_[i].get();
    }
    return nullptr;
}

void Runner::do_step(const Step& step, const Workload& workload, StepResult& result) {
    workload::Crowd* crowd = crowd_of(workload.plan.name);
    if (!workload.ends) {
        if (crowd != nullptr && (world_.find(workload.plan.name) || !crowd->ended({})))
            return problem(step, result.number, "the workload " + workload.plan.name + " has not ended");
        crowds_.push_back(
            std::make_unique<workload::Crowd>(world_, book_, workload.plan, servers_of(scenario_.cluster)));
        crowd = crowds_.back().get();
        ProcessOptions options;
        options.name = options.command = workload.plan.name;
        world_.spawn(workload::make_director(*crowd), std::move(options));
        if (workload.background) return;
        world_.run_until(world_.now() + workload.plan.time.value_or(Duration{}));
    } else if (crowd == nullptr) {
        return problem(step, result.number, "there is no workload " + workload.plan.name);
    }
    end_workload(*crowd, {true, true, workload.of}, workload.catch_up);
    result.seen.lines = workload::report(*crowd);
    result.seen.ms = millis_of(world_.now() - result.from);
}

void Runner::end_workload(workload::Crowd& crowd, const workload::Some& some, Duration catch_up) {
    if (some.sets.empty()) {
        if (const auto director = world_.find(crowd.plan().name)) {
            world_.kill(*director);
            crowd.bring_back();
        }
    }
    const workload::Some producers{true, false, some.sets}, consumers{false, true, some.sets};
    crowd.retire(producers);
    if (!world_.run_until(world_.now() + kProducersCloseAtMost, [&] { return crowd.ended(producers); }))
        crowd.kill(producers);
    const Instant limit = world_.now() + catch_up;
    while (world_.now() < limit && !crowd.ended(consumers) && !crowd.caught_up(consumers))
        world_.run_until(std::min(limit, world_.now() + kBetweenTwoLooks));
    crowd.retire(consumers);
    if (!world_.run_until(world_.now() + kConsumersCloseAtMost, [&] { return crowd.ended(consumers); }))
        crowd.kill(consumers);
    crowd.settle();
}

bool Runner::caught_up(const std::vector<std::string>& workloads) {
    return std::all_of(workloads.begin(), workloads.end(), [&](const std::string& name) {
        const workload::Crowd* crowd = crowd_of(name);
        return crowd != nullptr && crowd->caught_up({});
    });
}

bool Runner::start_client(const std::string& name) {
    for (const auto& crowd : crowds_) {
        workload::Member* member = crowd->find(name);
        if (member == nullptr) continue;
        member->retired = false;
        crowd->start(*member);
        world_.run_until(world_.now() + kClientStartsAtMost,
                         [&] { return world_.process(*member->process).state != ProcessState::Loading; });
        return true;
    }
    return false;
}

void Runner::judge_delivered(const Step& step, StepResult& result) {
    for (const DeliveredClaim& claim : step.expect->delivered) {
        std::set<std::string> groups;
        for (const history::History& history : book().histories) {
            if (!history.group.empty() && (claim.to.empty() || claim.to == history.group)) groups.insert(history.group);
        }
        if (groups.empty()) groups.insert(claim.to);
        for (const std::string& group : groups) judge_delivered(claim, group, result);
    }
}

void Runner::judge_delivered(const DeliveredClaim& claim, const std::string& group, StepResult& result) {
    const auto fail = [&](std::string expected, std::string seen) {
        result.failures.push_back({"delivered", std::move(expected), std::move(seen), world_.now(), result.last_event});
    };
    const history::Delivered delivered = history::delivered(book_, group);
    if (static_cast<int64_t>(delivered.acknowledged) < claim.at_least)
        fail(fmt::format("{} or more records of the topics of {} that were acknowledged", claim.at_least, group),
             std::to_string(delivered.acknowledged));
    if (!delivered.lost.empty())
        fail(fmt::format("all {} acknowledged records are handed to {}", delivered.acknowledged, group),
             fmt::format("{} lost: {}", delivered.lost.size(), named(book_, delivered.lost)));
    if (!claim.duplicates && !delivered.read_again.empty())
        fail(fmt::format("no record is handed to {} twice", group),
             fmt::format("{} that were: {}", delivered.read_again.size(), named(book_, delivered.read_again)));
}

}  // namespace kafkasim::sim::scenario
