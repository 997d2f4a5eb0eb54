// SPDX-License-Identifier: Apache-2.0
#include "core/zookeeper/requests.hpp"

#include <type_traits>

namespace kafkasim::zookeeper {

using namespace protocol;

std::string_view name_of_error(int32_t err) {
    switch (err) {
        case kOk:
            return "OK";
        case kRuntimeInconsistency:
            return "RuntimeInconsistency";
        case kConnectionLoss:
            return "ConnectionLoss";
        case kMarshallingError:
            return "MarshallingError";
        case kUnimplemented:
            return "Unimplemented";
        case kBadArguments:
            return "BadArguments";
        case kNoNode:
            return "NoNode";
        case kNoAuth:
            return "NoAuth";
        case kBadVersion:
            return "BadVersion";
        case kNoChildrenForEphemerals:
            return "NoChildrenForEphemerals";
        case kNodeExists:
            return "NodeExists";
        case kNotEmpty:
            return "Directory not empty";
        case kSessionExpired:
            return "Session expired";
        case kInvalidAcl:
            return "InvalidACL";
        case kSessionMoved:
            return "Session moved";
    }
    return "Unknown error";
}

Body zk_create(std::string path, ZkData data, int32_t flags) {
    return ZkCreateRequest{std::move(path), std::move(data), flags};
}
Body zk_delete(std::string path, int32_t version) { return ZkDeleteRequest{std::move(path), version}; }
Body zk_exists(std::string path, bool watch) { return ZkExistsRequest{std::move(path), watch}; }
Body zk_get_data(std::string path, bool watch) { return ZkGetDataRequest{std::move(path), watch}; }
Body zk_set_data(std::string path, ZkData data, int32_t version) {
    return ZkSetDataRequest{std::move(path), std::move(data), version};
}
Body zk_get_children(std::string path, bool watch) { return ZkGetChildrenRequest{std::move(path), watch}; }
Body zk_sync(std::string path) { return ZkSyncRequest{std::move(path)}; }
Body zk_multi(std::vector<ZkMultiOp> ops) { return ZkMultiRequest{std::move(ops)}; }

ZkMultiOp op_create(std::string path, ZkData data, int32_t flags) {
    return {kOpCreate, std::move(path), std::move(data), kAnyVersion, flags};
}
ZkMultiOp op_delete(std::string path, int32_t version) {
    return {kOpDelete, std::move(path), std::nullopt, version, 0};
}
ZkMultiOp op_set_data(std::string path, ZkData data, int32_t version) {
    return {kOpSetData, std::move(path), std::move(data), version, 0};
}
ZkMultiOp op_check(std::string path, int32_t version) { return {kOpCheck, std::move(path), std::nullopt, version, 0}; }

namespace {

template <typename Reply, typename = void>
struct HasZxid : std::false_type {};
template <typename Reply>
struct HasZxid<Reply, std::void_t<decltype(std::declval<Reply>().zxid)>> : std::true_type {};

int32_t error_of_multi(const ZkMultiResponse& reply) {
    for (const ZkMultiResult& result : reply.results) {
        if (result.type == kOpError && result.err != kOk && result.err != kRuntimeInconsistency) return result.err;
    }
    return reply.err;
}

}  // namespace

int32_t error_of(const Body& reply) {
    return std::visit(
        [](const auto& each) -> int32_t {
            using Reply = std::decay_t<decltype(each)>;
            if constexpr (std::is_same_v<Reply, ZkMultiResponse>) {
                return error_of_multi(each);
            } else if constexpr (HasZxid<Reply>::value) {
                return each.err;
            } else {
                return kMarshallingError;
            }
        },
        reply);
}

int64_t zxid_of(const Body& reply) {
    return std::visit(
        [](const auto& each) -> int64_t {
            if constexpr (HasZxid<std::decay_t<decltype(each)>>::value) {
                return each.zxid;
            } else {
                return 0;
            }
        },
        reply);
}

namespace {

template <typename Reply>
Body failed(int64_t zxid, int32_t err) {
    Reply reply;
    reply.zxid = zxid;
    reply.err = err;
    return reply;
}

}  // namespace

Body error_reply(const Body& request, int64_t zxid, int32_t err) {
    if (std::holds_alternative<ZkCreateRequest>(request)) return failed<ZkCreateResponse>(zxid, err);
    if (std::holds_alternative<ZkDeleteRequest>(request)) return failed<ZkDeleteResponse>(zxid, err);
    if (std::holds_alternative<ZkExistsRequest>(request)) return failed<ZkExistsResponse>(zxid, err);
    if (std::holds_alternative<ZkGetDataRequest>(request)) return failed<ZkGetDataResponse>(zxid, err);
    if (std::holds_alternative<ZkSetDataRequest>(request)) return failed<ZkSetDataResponse>(zxid, err);
    if (std::holds_alternative<ZkGetChildrenRequest>(request)) return failed<ZkGetChildrenResponse>(zxid, err);
    if (std::holds_alternative<ZkSyncRequest>(request)) return failed<ZkSyncResponse>(zxid, err);
    if (std::holds_alternative<ZkMultiRequest>(request)) return failed<ZkMultiResponse>(zxid, err);
    if (std::holds_alternative<ZkSetWatchesRequest>(request)) return failed<ZkSetWatchesResponse>(zxid, err);
    return failed<ZkPingResponse>(zxid, err);
}

}  // namespace kafkasim::zookeeper
