// SPDX-License-Identifier: Apache-2.0
#pragma once
// Short ways to build ZooKeeper requests and to look at replies, and ZooKeeper's numbers by name. Called by whoever
// has a ZkClient.
// Apache ZooKeeper 3.6.3: org.apache.zookeeper.KeeperException.Code, ZooDefs.OpCode, CreateMode.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/protocol/message.hpp"

namespace kafkasim::zookeeper {

/// What `err` of a reply holds.
enum ZkError : int32_t {
    kOk = 0,
    kRuntimeInconsistency = -2,
    kConnectionLoss = -4,
    kMarshallingError = -5,
    kUnimplemented = -6,
    kBadArguments = -8,
    kNoNode = -101,
    kNoAuth = -102,
    kBadVersion = -103,
    kNoChildrenForEphemerals = -108,
    kNodeExists = -110,
    kNotEmpty = -111,
    kSessionExpired = -112,
    kInvalidAcl = -114,
    kSessionMoved = -118,
};
/// "NoNode" as in "KeeperErrorCode = NoNode for /x".
std::string_view name_of_error(int32_t err);

/// `flags` of a create.
enum CreateFlags : int32_t { kPersistent = 0, kEphemeral = 1, kPersistentSequential = 2, kEphemeralSequential = 3 };

/// `type` of an operation in a multi.
enum OpType : int32_t { kOpCreate = 1, kOpDelete = 2, kOpSetData = 5, kOpCheck = 13, kOpError = -1 };

/// `type` of a watch event.
enum EventType : int32_t { kNodeCreated = 1, kNodeDeleted = 2, kNodeDataChanged = 3, kNodeChildrenChanged = 4 };

inline constexpr int32_t kAnyVersion = -1;
inline constexpr int32_t kStateSyncConnected = 3;

using ZkData = std::optional<std::string>;  // nullopt: null

protocol::Body zk_create(std::string path, ZkData data, int32_t flags = kPersistent);
protocol::Body zk_delete(std::string path, int32_t version = kAnyVersion);
protocol::Body zk_exists(std::string path, bool watch);
protocol::Body zk_get_data(std::string path, bool watch);
protocol::Body zk_set_data(std::string path, ZkData data, int32_t version = kAnyVersion);
protocol::Body zk_get_children(std::string path, bool watch);
protocol::Body zk_sync(std::string path);
protocol::Body zk_multi(std::vector<protocol::ZkMultiOp> ops);

protocol::ZkMultiOp op_create(std::string path, ZkData data, int32_t flags = kPersistent);
protocol::ZkMultiOp op_delete(std::string path, int32_t version = kAnyVersion);
protocol::ZkMultiOp op_set_data(std::string path, ZkData data, int32_t version = kAnyVersion);
protocol::ZkMultiOp op_check(std::string path, int32_t version);

/// `err` of any ZooKeeper reply; for a multi the error of the operation that failed. kMarshallingError for what is
/// no ZooKeeper reply.
int32_t error_of(const protocol::Body& reply);
/// `zxid` of any ZooKeeper reply; 0 for others.
int64_t zxid_of(const protocol::Body& reply);
/// A reply to `request` with this error and nothing else.
protocol::Body error_reply(const protocol::Body& request, int64_t zxid, int32_t err);

}  // namespace kafkasim::zookeeper
