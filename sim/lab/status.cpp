// SPDX-License-Identifier: Apache-2.0
#include "sim/lab/status.hpp"

#include "sim/lab/columns.hpp"
#include "sim/lab/describe.hpp"
#include "sim/lab/session.hpp"
#include "sim/observe/camera.hpp"

namespace kafkasim::sim::lab {

namespace {

std::string speed_text(const Session& session) {
    if (session.speed == 0) return "max";
    const auto factor = static_cast<int64_t>(session.speed);
    return factor == 1 ? "real" : "x" + std::to_string(factor);
}

std::string servers_text(const Session& session) {
    std::string text = zookeeper_of(session.world()) != nullptr ? "zk" : "(zk)";
    for (const BrokerView& broker : look_at_brokers(session.world(), session.scenario())) {
        const std::string id = std::to_string(broker.id);
        text += " " + (broker.up ? id + (broker.controller ? "*" : "") + (broker.paused ? "z" : "") : "(" + id + ")");
    }
    return text;
}

std::string terminals_text(const Session& session) {
    std::string text;
    size_t number = 0;
    for (const Terminal& each : session.terminals()) {
        const std::string name = std::to_string(++number) + ":" + each.name;
        const bool has_unseen = each.seen < each.text.size();
        text += (text.empty() ? "" : " ") +
                (each.name == session.focus() ? "[" + name + "]" : name + (has_unseen ? "+" : ""));
    }
    return text;
}

}  // namespace

std::string status_line(const Session& session, size_t columns) {
    const std::string time = session.world().clock().time_of_day(session.world().now()).substr(0, 8);
    const std::string text =
        " " + time + " " + speed_text(session) + " | " + servers_text(session) + " | " + terminals_text(session) + " ";
    return padded(cut_to(text, columns), columns);
}

}  // namespace kafkasim::sim::lab
