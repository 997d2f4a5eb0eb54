// SPDX-License-Identifier: Apache-2.0
#include "core/zookeeper/tree.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/java.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::zookeeper {

using namespace protocol;

ZkStat stat_of(const Znode& node) {
    ZkStat stat;
    stat.czxid = node.czxid;
    stat.mzxid = node.mzxid;
    stat.ctime = node.ctime_ms;
    stat.mtime = node.mtime_ms;
    stat.version = node.version;
    stat.num_children = static_cast<int32_t>(node.children.size());
    stat.cversion = 2 * node.creations - stat.num_children;
    stat.ephemeral_owner = node.ephemeral_owner;
    stat.data_length = node.data ? static_cast<int32_t>(node.data->size()) : 0;
    stat.pzxid = node.pzxid;
    return stat;
}

DataTree::DataTree() {
    nodes_["/"].children = {"zookeeper"};
    nodes_["/zookeeper"].children = {"config", "quota"};
    nodes_["/zookeeper/config"].data = "";
    nodes_["/zookeeper/quota"].data = "";
}

const Znode* DataTree::find(std::string_view path) const {
    const auto found = nodes_.find(path);
    return found == nodes_.end() ? nullptr : &found->second;
}

// --- single writes

void DataTree::save(const std::string& path, Write& write) const {
    if (write.undo == nullptr) return;
    const Znode* node = find(path);
    write.undo->emplace_back(path, node == nullptr ? std::nullopt : std::optional<Znode>(*node));
}

/// Takes the node out of the tree and its owner's list.
void DataTree::erase(const std::string& path, Write& write) {
    const std::string parent = parent_path(path);
    save(path, write);
    save(parent, write);
    const auto node = nodes_.find(path);
    if (node->second.ephemeral_owner != 0) {
        std::vector<std::string>& owned = ephemerals_[node->second.ephemeral_owner];
        std::erase(owned, path);
        if (owned.empty()) ephemerals_.erase(node->second.ephemeral_owner);
    }
    nodes_.erase(node);
    Znode& above = nodes_.find(parent)->second;
    above.children.erase(std::string(last_element(path)));
    above.pzxid = write.zxid;
    write.changes->push_back({kNodeDeleted, path});
}

DataTree::Outcome DataTree::create(const std::string& path, const ZkData& data, int32_t flags, Write& write) {
    if (path.empty() || path.front() != '/') return {kNoNode, {}, {}};
    const std::string parent = parent_path(path);
    const auto above = nodes_.find(parent);
    if (path == "/") return {kNodeExists, {}, {}};
    if (above == nodes_.end()) return {kNoNode, {}, {}};
    const bool sequential = (flags & kPersistentSequential) != 0;
    const bool ephemeral = (flags & kEphemeral) != 0;
    const std::string full = sequential ? fmt::format("{}{:010}", path, above->second.creations) : path;
    if (nodes_.count(full) != 0) return {kNodeExists, {}, {}};
    if (above->second.ephemeral_owner != 0) return {kNoChildrenForEphemerals, {}, {}};
    save(full, write);
    save(parent, write);
    above->second.children.insert(std::string(last_element(full)));
    above->second.creations += 1;
    above->second.pzxid = write.zxid;
    Znode& node = nodes_[full];
    node.data = data;
    node.czxid = node.mzxid = node.pzxid = write.zxid;
    node.ctime_ms = node.mtime_ms = write.time_ms;
    node.ephemeral_owner = ephemeral ? write.session : 0;
    if (ephemeral) ephemerals_[write.session].push_back(full);
    write.changes->push_back({kNodeCreated, full});
    return {kOk, full, stat_of(node)};
}

DataTree::Outcome DataTree::remove(const std::string& path, int32_t version, Write& write) {
    const Znode* node = find(path);
    if (path == "/" || path.empty()) return {kBadArguments, {}, {}};
    if (node == nullptr) return {kNoNode, {}, {}};
    if (version != kAnyVersion && version != node->version) return {kBadVersion, {}, {}};
    if (!node->children.empty()) return {kNotEmpty, {}, {}};
    erase(path, write);
    return {};
}

DataTree::Outcome DataTree::set_data(const std::string& path, const ZkData& data, int32_t version, Write& write) {
    const auto found = nodes_.find(path);
    if (found == nodes_.end()) return {kNoNode, {}, {}};
    if (version != kAnyVersion && version != found->second.version) return {kBadVersion, {}, {}};
    save(path, write);
    Znode& node = found->second;
    node.data = data;
    node.version += 1;
    node.mzxid = write.zxid;
    node.mtime_ms = write.time_ms;
    write.changes->push_back({kNodeDataChanged, path});
    return {kOk, {}, stat_of(node)};
}

DataTree::Outcome DataTree::check(const std::string& path, int32_t version) const {
    const Znode* node = find(path);
    if (node == nullptr) return {kNoNode, {}, {}};
    if (version != kAnyVersion && version != node->version) return {kBadVersion, {}, {}};
    return {};
}

// --- multi

DataTree::Outcome DataTree::apply_op(const ZkMultiOp& op, Write& write) {
    switch (op.type) {
        case kOpCreate:
            return create(op.path, op.data, op.flags, write);
        case kOpDelete:
            return remove(op.path, op.version, write);
        case kOpSetData:
            return set_data(op.path, op.data, op.version, write);
        case kOpCheck:
            return check(op.path, op.version);
    }
    return {kUnimplemented, {}, {}};
}

/// All or nothing. After a failure: 0 for the operations before it, its error, RuntimeInconsistency for those after.
Body DataTree::multi(const ZkMultiRequest& request, Write& write) {
    ZkMultiResponse response;
    response.zxid = write.zxid;
    Undo undo;
    write.undo = &undo;
    const std::map<int64_t, std::vector<std::string>> ephemerals = ephemerals_;
    int32_t failure = kOk;
    for (const ZkMultiOp& op : request.ops) {
        ZkMultiResult& result = response.results.emplace_back();
        if (failure != kOk) {
            result.err = kRuntimeInconsistency;
            continue;
        }
        Outcome outcome = apply_op(op, write);
        failure = outcome.err;
        result = {op.type, outcome.err, std::move(outcome.path), outcome.stat};
    }
    if (failure == kOk) return response;
    for (ZkMultiResult& result : response.results) result = {kOpError, result.err, {}, {}};
    for (auto saved = undo.rbegin(); saved != undo.rend(); ++saved) {
        if (saved->second) {
            nodes_[saved->first] = std::move(*saved->second);
        } else {
            nodes_.erase(saved->first);
        }
    }
    ephemerals_ = ephemerals;
    write.changes->clear();
    return response;
}

// --- requests

namespace {

template <typename Response>
Response answer(int64_t zxid, int32_t err) {
    Response response;
    response.zxid = zxid;
    response.err = err;
    return response;
}

}  // namespace

TreeReply DataTree::apply(const Body& request, int64_t session, int64_t zxid, int64_t time_ms) {
    TreeReply reply;
    Write write{session, zxid, time_ms, nullptr, &reply.changes};
    if (const auto* creation = std::get_if<ZkCreateRequest>(&request)) {
        Outcome outcome = create(creation->path, creation->data, creation->flags, write);
        auto response = answer<ZkCreateResponse>(zxid, outcome.err);
        response.path = std::move(outcome.path);
        response.stat = outcome.stat;
        reply.body = std::move(response);
    } else if (const auto* deletion = std::get_if<ZkDeleteRequest>(&request)) {
        reply.body = answer<ZkDeleteResponse>(zxid, remove(deletion->path, deletion->version, write).err);
    } else if (const auto* change = std::get_if<ZkSetDataRequest>(&request)) {
        const Outcome outcome = set_data(change->path, change->data, change->version, write);
        auto response = answer<ZkSetDataResponse>(zxid, outcome.err);
        response.stat = outcome.stat;
        reply.body = response;
    } else if (const auto* several = std::get_if<ZkMultiRequest>(&request)) {
        reply.body = multi(*several, write);
    } else {
        reply.body = error_reply(request, zxid, kUnimplemented);
    }
    return reply;
}

std::vector<TreeChange> DataTree::end_session(int64_t session, int64_t zxid) {
    std::vector<TreeChange> changes;
    Write write{session, zxid, 0, nullptr, &changes};
    for (const std::string& path : ephemerals_of(session)) erase(path, write);
    return changes;
}

std::vector<std::string> DataTree::ephemerals_of(int64_t session) const {
    const auto owned = ephemerals_.find(session);
    if (owned == ephemerals_.end()) return {};
    std::vector<int32_t> hashes;
    for (const std::string& path : owned->second) hashes.push_back(java::string_hash(path));
    std::vector<std::string> paths;
    for (size_t index : java::hash_map_order(hashes)) paths.push_back(owned->second[index]);
    return paths;
}

Body DataTree::read(const Body& request, int64_t last_zxid) const {
    if (const auto* existence = std::get_if<ZkExistsRequest>(&request)) {
        const Znode* node = find(existence->path);
        auto response = answer<ZkExistsResponse>(last_zxid, node == nullptr ? kNoNode : kOk);
        if (node != nullptr) response.stat = stat_of(*node);
        return response;
    }
    if (const auto* get = std::get_if<ZkGetDataRequest>(&request)) {
        const Znode* node = find(get->path);
        auto response = answer<ZkGetDataResponse>(last_zxid, node == nullptr ? kNoNode : kOk);
        if (node != nullptr) {
            response.data = node->data;
            response.stat = stat_of(*node);
        }
        return response;
    }
    if (const auto* list = std::get_if<ZkGetChildrenRequest>(&request)) {
        const Znode* node = find(list->path);
        auto response = answer<ZkGetChildrenResponse>(last_zxid, node == nullptr ? kNoNode : kOk);
        if (node != nullptr) {
            response.children.assign(node->children.begin(), node->children.end());
            response.stat = stat_of(*node);
        }
        return response;
    }
    if (const auto* sync = std::get_if<ZkSyncRequest>(&request)) {
        auto response = answer<ZkSyncResponse>(last_zxid, kOk);
        response.path = sync->path;
        return response;
    }
    return error_reply(request, last_zxid, kUnimplemented);
}

}  // namespace kafkasim::zookeeper
