// SPDX-License-Identifier: Apache-2.0
// The commands of zookeeper-shell that ask the server. Apache ZooKeeper 3.6.3: org.apache.zookeeper.cli.*Command,
// ZKUtil.
#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "core/tools/zookeeper_shell_command.hpp"
#include "core/zookeeper/requests.hpp"

namespace kafkasim::tools {
namespace {

constexpr int64_t kBatchSize = 1000;

std::string deprecated(std::string_view old_form, std::string_view command) {
    return fmt::format("'{}' has been deprecated. Please use '{}' instead.\n", old_form,
                       usage_of(*find_shell_command(command)));
}

/// The number after -v; -1 without. nullopt: no number.
std::optional<int32_t> version_of(const ShellArguments& arguments) {
    const auto given = arguments.values.find('v');
    if (given == arguments.values.end()) return zookeeper::kAnyVersion;
    const auto number = whole_number(given->second, ArgumentType::Integer);
    if (!number) return std::nullopt;
    return static_cast<int32_t>(*number);
}

std::string bad_number(std::string_view text) {
    return fmt::format("java.lang.NumberFormatException: For input string: \"{}\"", text);
}

}  // namespace

Task<int> ZooKeeperShellCommand::list(ShellArguments arguments) {
    const std::string path = arguments.words[1];
    const bool watch = arguments.has('w');
    if (auto complaint = complaint_about_path(path)) co_return fail(*complaint);
    if (arguments.has('R')) co_return co_await list_tree(path, watch);
    protocol::Body request = zookeeper::zk_get_children(path, watch);
    const protocol::Body reply = co_await ask(std::move(request));
    const auto* children = std::get_if<protocol::ZkGetChildrenResponse>(&reply);
    if (children == nullptr || children->err != zookeeper::kOk)
        co_return fail(shell_failure(zookeeper::error_of(reply), path));
    out(children_line(children->children));
    if (arguments.has('s')) out(stat_lines(children->stat));
    co_return kDone;
}

Task<int> ZooKeeperShellCommand::list_tree(std::string path, bool watch) {
    protocol::Body request = zookeeper::zk_get_data(path, watch);
    const protocol::Body reply = co_await ask(std::move(request));
    if (const int32_t error = zookeeper::error_of(reply); error != zookeeper::kOk)
        co_return fail(shell_failure(error, path));
    out(path + "\n");
    co_return co_await list_below(std::move(path), watch);
}

/// All children first, then what is below each.
Task<int> ZooKeeperShellCommand::list_below(std::string path, bool watch) {
    protocol::Body request = zookeeper::zk_get_children(path, watch);
    const protocol::Body reply = co_await ask(std::move(request));
    const int32_t error = zookeeper::error_of(reply);
    if (error == zookeeper::kNoNode) co_return kDone;  // it went while we listed
    if (error != zookeeper::kOk) co_return fail(shell_failure(error, path));
    std::vector<std::string> children = std::get<protocol::ZkGetChildrenResponse>(reply).children;
    std::sort(children.begin(), children.end());
    for (std::string& child : children) {
        child = child_path(path, child);
        out(child + "\n");
    }
    for (const std::string& child : children) {
        const int code = co_await list_below(child, watch);
        if (code != kDone) co_return code;
    }
    co_return kDone;
}

Task<int> ZooKeeperShellCommand::get(ShellArguments arguments) {
    const std::string path = arguments.words[1];
    if (auto complaint = complaint_about_path(path)) co_return fail(*complaint);
    protocol::Body request = zookeeper::zk_get_data(path, arguments.has('w'));
    const protocol::Body reply = co_await ask(std::move(request));
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&reply);
    if (data == nullptr || data->err != zookeeper::kOk) co_return fail(shell_failure(zookeeper::error_of(reply), path));
    out(data->data.value_or("null") + "\n");
    if (arguments.has('s')) out(stat_lines(data->stat));
    co_return kDone;
}

Task<int> ZooKeeperShellCommand::stat(ShellArguments arguments) {
    const std::string path = arguments.words[1];
    if (auto complaint = complaint_about_path(path)) co_return fail(*complaint);
    protocol::Body request = zookeeper::zk_exists(path, arguments.has('w'));
    const protocol::Body reply = co_await ask(std::move(request));
    const auto* exists = std::get_if<protocol::ZkExistsResponse>(&reply);
    if (exists == nullptr || exists->err != zookeeper::kOk)
        co_return fail(shell_failure(zookeeper::error_of(reply), path));
    out(stat_lines(exists->stat));
    co_return kDone;
}

Task<int> ZooKeeperShellCommand::set(ShellArguments arguments) {
    if (arguments.words.size() > 3) {
        err(deprecated("set path data [version]", "set"));
        arguments.values.insert_or_assign('v', arguments.words[3]);
    }
    const std::string path = arguments.words[1];
    const std::optional<int32_t> version = version_of(arguments);
    if (!version) co_return thrown(bad_number(arguments.values.at('v')));
    if (auto complaint = complaint_about_path(path)) co_return fail(*complaint);
    protocol::Body request = zookeeper::zk_set_data(path, arguments.words[2], *version);
    const protocol::Body reply = co_await ask(std::move(request));
    const auto* changed = std::get_if<protocol::ZkSetDataResponse>(&reply);
    if (changed == nullptr || changed->err != zookeeper::kOk)
        co_return fail(shell_failure(zookeeper::error_of(reply), path));
    if (arguments.has('s')) out(stat_lines(changed->stat));
    co_return kDone;
}

Task<int> ZooKeeperShellCommand::create(ShellArguments arguments) {
    const bool ephemeral = arguments.has('e');
    const bool sequential = arguments.has('s');
    if (arguments.has('c') && (ephemeral || sequential))
        co_return fail("-c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential.");
    if (arguments.has('t') && !whole_number(arguments.values.at('t'), ArgumentType::Long))
        co_return fail("-t argument must be a long value");
    if (arguments.has('t') && ephemeral) co_return fail("TTLs cannot be used with Ephemeral znodes");
    if (arguments.has('t') && arguments.has('c')) co_return fail("TTLs cannot be used with Container znodes");
    if (arguments.has('t') || arguments.has('c')) co_return not_modelled("create -c and -t in zookeeper-shell");
    if (arguments.words.size() > 3) co_return not_modelled("create with an ACL in zookeeper-shell");
    const std::string path = arguments.words[1];
    if (auto complaint = complaint_about_path(sequential ? path + "1" : path)) co_return fail(*complaint);
    const int32_t flags = (ephemeral ? zookeeper::kEphemeral : 0) | (sequential ? zookeeper::kPersistentSequential : 0);
    const zookeeper::ZkData data =
        arguments.words.size() > 2 ? zookeeper::ZkData(arguments.words[2]) : zookeeper::ZkData();
    protocol::Body request = zookeeper::zk_create(path, data, flags);
    const protocol::Body reply = co_await ask(std::move(request));
    const auto* created = std::get_if<protocol::ZkCreateResponse>(&reply);
    if (created == nullptr || created->err != zookeeper::kOk)
        co_return fail(shell_failure(zookeeper::error_of(reply), path));
    err(fmt::format("Created {}\n", created->path));
    co_return kDone;
}

Task<int> ZooKeeperShellCommand::remove(ShellArguments arguments) {
    if (arguments.words.size() > 2) {
        err(deprecated("delete path [version]", "delete"));
        arguments.values.insert_or_assign('v', arguments.words[2]);
    }
    const std::string path = arguments.words[1];
    const std::optional<int32_t> version = version_of(arguments);
    if (!version) co_return thrown(bad_number(arguments.values.at('v')));
    if (auto complaint = complaint_about_path(path)) co_return fail(*complaint);
    protocol::Body request = zookeeper::zk_delete(path, *version);
    const protocol::Body reply = co_await ask(std::move(request));
    if (const int32_t error = zookeeper::error_of(reply); error != zookeeper::kOk)
        co_return fail(shell_failure(error, path));
    co_return kDone;
}

// ZKUtil.listSubTreeBFS
Task<int32_t> ZooKeeperShellCommand::subtree(std::string path, std::vector<std::string>* tree) {
    tree->push_back(std::move(path));
    for (size_t i = 0; i < tree->size(); ++i) {
        const std::string node = (*tree)[i];
        protocol::Body request = zookeeper::zk_get_children(node, false);
        const protocol::Body reply = co_await ask(std::move(request));
        const auto* children = std::get_if<protocol::ZkGetChildrenResponse>(&reply);
        if (children == nullptr || children->err != zookeeper::kOk) co_return zookeeper::error_of(reply);
        for (const std::string& child : children->children) tree->push_back(child_path(node, child));
    }
    co_return zookeeper::kOk;
}

/// ZKUtil.deleteInBatch: the leaves first; one multi per batch.
Task<int> ZooKeeperShellCommand::remove_all(ShellArguments arguments) {
    int64_t batch_size = kBatchSize;
    if (const auto given = arguments.values.find('b'); given != arguments.values.end()) {
        const auto number = whole_number(given->second, ArgumentType::Integer);
        if (!number) co_return fail("-b argument must be an int value");
        batch_size = *number;
    }
    const std::string path = arguments.words[1];
    if (auto complaint = complaint_about_path(path)) co_return fail(*complaint);
    std::vector<std::string> tree;
    const int32_t error = co_await subtree(path, &tree);
    if (error != zookeeper::kOk) co_return fail(shell_failure(error, tree.back() == path ? path : tree.back()));
    bool success = true;
    std::vector<protocol::ZkMultiOp> ops;
    for (auto node = tree.rbegin(); node != tree.rend() && success; ++node) {
        ops.push_back(zookeeper::op_delete(*node));
        if (static_cast<int64_t>(ops.size()) != batch_size && std::next(node) != tree.rend()) continue;
        protocol::Body request = zookeeper::zk_multi(std::exchange(ops, {}));
        const protocol::Body reply = co_await ask(std::move(request));
        success = zookeeper::error_of(reply) == zookeeper::kOk;
    }
    if (!success) err("Failed to delete some node(s) in the subtree!\n");
    co_return kDone;
}

Task<int> ZooKeeperShellCommand::count_below(ShellArguments arguments) {
    const std::string path = arguments.words[1];
    if (auto complaint = complaint_about_path(path)) co_return fail(*complaint);
    std::vector<std::string> tree;
    const int32_t error = co_await subtree(path, &tree);
    if (error != zookeeper::kOk) co_return fail(shell_failure(error, path));
    out(fmt::format("{}\n", tree.size() - 1));
    co_return kDone;
}

Task<int> ZooKeeperShellCommand::config() {
    protocol::Body request = zookeeper::zk_get_data("/zookeeper/config", false);
    const protocol::Body reply = co_await ask(std::move(request));
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&reply);
    if (data == nullptr || data->err != zookeeper::kOk)
        co_return fail(shell_failure(zookeeper::error_of(reply), "/zookeeper/config"));
    out(data->data.value_or("null") + "\n");
    co_return kDone;
}

Task<int> ZooKeeperShellCommand::get_acl(ShellArguments arguments) {
    const std::string path = arguments.words[1];
    if (auto complaint = complaint_about_path(path)) co_return fail(*complaint);
    protocol::Body request = zookeeper::zk_exists(path, false);
    const protocol::Body reply = co_await ask(std::move(request));
    const auto* exists = std::get_if<protocol::ZkExistsResponse>(&reply);
    if (exists == nullptr || exists->err != zookeeper::kOk)
        co_return fail(shell_failure(zookeeper::error_of(reply), path));
    out("'world,'anyone\n: cdrwa\n");
    if (arguments.has('s')) out(stat_lines(exists->stat));
    co_return kDone;
}

Task<int> ZooKeeperShellCommand::sync(ShellArguments arguments) {
    const std::string path = arguments.words[1];
    if (auto complaint = complaint_about_path(path)) co_return fail(*complaint);
    protocol::Body request = zookeeper::zk_sync(path);
    const protocol::Body reply = co_await ask(std::move(request));
    const int32_t error = zookeeper::error_of(reply);
    out(error == zookeeper::kOk ? std::string("Sync is OK\n") : fmt::format("Sync has failed. rc={}\n", error));
    co_return kDone;
}

}  // namespace kafkasim::tools
