// SPDX-License-Identifier: Apache-2.0
#include "core/controller/notifications.hpp"

namespace kafkasim::controller {

using namespace zookeeper;
using protocol::Body;

namespace {

std::string child(std::string_view path, std::string_view name) { return std::string(path) + "/" + std::string(name); }

}  // namespace

std::optional<std::vector<std::string>> children_in(const Body& reply) {
    const auto* children = std::get_if<protocol::ZkGetChildrenResponse>(&reply);
    if (children == nullptr || children->err != kOk) return std::nullopt;
    return children->children;
}

Flow read_notifications(Run& run, std::string_view path, const std::vector<std::string>& names) {
    std::vector<Body> reads;
    for (const std::string& name : names) reads.push_back(zk_get_data(child(path, name), false));
    return run.ask(std::move(reads));
}

Flow delete_notifications(Run& run, std::string_view path, const std::vector<std::string>& names) {
    std::vector<Body> deletions;
    for (const std::string& name : names) deletions.push_back(run.guarded(op_delete(child(path, name))));
    return run.ask(std::move(deletions));
}

}  // namespace kafkasim::controller
