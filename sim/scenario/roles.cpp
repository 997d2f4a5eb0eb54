// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/roles.hpp"

#include "core/zookeeper/znodes.hpp"
#include "sim/observe/camera.hpp"

namespace kafkasim::sim::scenario {

namespace {

using Visit = std::function<void(std::string&)>;

struct Processes {
    const Visit& visit;

    void all(std::vector<std::string>& names) const {
        for (std::string& name : names) one(name);
    }
    void one(std::string& name) const {
        if (!name.empty()) visit(name);
    }
    void operator()(Start& verb) const { one(verb.process); }
    void operator()(Stop& verb) const { one(verb.process); }
    void operator()(Kill& verb) const { one(verb.process); }
    void operator()(Pause& verb) const { one(verb.process); }
    void operator()(Resume& verb) const { one(verb.process); }
    void operator()(PowerOff& verb) const { one(verb.host); }
    void operator()(Disk& verb) const { one(verb.of); }
    void operator()(Clock& verb) const { one(verb.of); }
    void operator()(Hold& verb) const { one(verb.to); }
    void operator()(Release& verb) const { one(verb.to); }
    void operator()(Slow& verb) const {
        all(verb.between);
        one(verb.disk);
    }
    void operator()(Cut& verb) const {
        all(verb.between);
        one(verb.from);
        one(verb.to);
    }
    void operator()(Heal& verb) const {
        all(verb.between);
        one(verb.from);
        one(verb.to);
        one(verb.disk);
    }
    void operator()(Wait& verb) const {
        if (!verb.until) return;
        std::map<std::string, bool> registered;
        for (const auto& [name, wanted] : verb.until->registered) {
            std::string process = name;
            one(process);
            registered[process] = wanted;
        }
        verb.until->registered = std::move(registered);
    }
    void operator()(Run&) const {}
    void operator()(Type&) const {}
    void operator()(Press&) const {}
    void operator()(Write&) const {}
    void operator()(Look&) const {}
    void operator()(NoteStep&) const {}
    void operator()(Workload&) const {}
};

std::string broker_name(BrokerId id) { return "broker-" + std::to_string(id.value); }

}  // namespace

void each_process(Verb& verb, const std::function<void(std::string&)>& visit) { std::visit(Processes{visit}, verb); }

std::optional<std::string> process_in_role(const World& world, const Role& role) {
    if (!role.topic.empty()) {
        const auto view = partition_in_zookeeper(world, {TopicName(role.topic), role.partition});
        if (!view || view->leader == kNoBroker) return std::nullopt;
        return broker_name(view->leader);
    }
    const auto* zookeeper = zookeeper_of(world);
    const auto node = zookeeper == nullptr ? std::nullopt : look_at_znode(*zookeeper, "/controller");
    const auto controller = node && node->data ? zookeeper::decode_controller(*node->data) : std::nullopt;
    return controller ? std::optional(broker_name(controller->broker)) : std::nullopt;
}

Chosen choose_processes(const World& world, const Step& step, const std::map<std::string, std::string>& names) {
    Chosen chosen{step, {}};
    each_process(chosen.step.verb, [&](std::string& name) {
        std::optional<std::string> process;
        if (const auto role = step.roles.find(name); role != step.roles.end()) {
            process = process_in_role(world, role->second);
            if (!process) chosen.problem = "there is no " + name.substr(name.starts_with("the ") ? 4 : 0);
        } else if (const auto named = names.find(name); named != names.end()) {
            process = named->second;
        }
        if (!process) return;
        chosen.who[name] = *process;
        name = *process;
    });
    return chosen;
}

std::string process_of(const Verb& verb) {
    Verb copy = verb;
    std::string process;
    each_process(copy, [&](std::string& name) { process = name; });
    return process;
}

}  // namespace kafkasim::sim::scenario
