// SPDX-License-Identifier: Apache-2.0
#include "core/broker/registration.hpp"

#include "core/broker/broker_call.hpp"
#include "core/broker/loggers.hpp"
#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::broker {

namespace {

enum RegistrationToken : uint64_t { kCreate, kLookAtOwner, kDelete };

constexpr std::string_view kEphemeralLogger = "kafka.zk.KafkaZkClient$CheckedEphemeral";

/// A broker that starts ends; one that runs stays as it is, but nobody knows of it any more.
void failed(BrokerCall& call, std::string_view exception) {
    if (call.state().startup.done()) return call.state().controller.on_registration_failed(call, exception);
    call.fail(exception);
}

void create(BrokerCall& call) {
    const std::string path = zookeeper::broker_path(call.broker_id());
    zookeeper::BrokerInfo info;
    info.id = call.broker_id();
    info.host = call.config().host();
    info.port = call.config().port();
    info.timestamp_ms = call.env().wall_clock().value;
    info.rack = call.config().broker_rack;
    std::vector<protocol::ZkMultiOp> ops;
    ops.push_back(zookeeper::op_create(path, std::nullopt, zookeeper::kEphemeral));
    ops.push_back(zookeeper::op_set_data(path, zookeeper::encode_broker(info), 0));
    call.zk_call(ZkCaller::Registration, kCreate, {zookeeper::zk_multi(std::move(ops))});
}

void registered(BrokerCall& call, const protocol::ZkStat& stat) {
    BrokerState& state = call.state();
    const std::string path = zookeeper::broker_path(state.id);
    state.broker_epoch = stat.czxid;
    state.registration.session = state.zookeeper.session_id();
    node::info(call.env(), kKafkaZkClientLogger,
               "Stat of the created znode at {} is: {},{},{},{},{},{},{},{},{},{},{}\v", path, stat.czxid, stat.mzxid,
               stat.ctime, stat.mtime, stat.version, stat.cversion, stat.aversion, stat.ephemeral_owner,
               stat.data_length, stat.num_children, stat.pzxid);
    node::info(call.env(), kKafkaZkClientLogger,
               "Registered broker {} at path {} with addresses: PLAINTEXT://{}:{}, czxid (broker epoch): {}",
               state.id.value, path, state.config.host(), state.config.port(), stat.czxid);
    if (call.env().observed()) {
        call.env().note(
            {node::NoteKind::BrokerRegistered, {{"broker", int64_t{state.id.value}}, {"epoch", stat.czxid}}});
    }
    if (state.startup.done()) {
        state.controller.on_registered(call);
    } else {
        startup_registered(call);
    }
}

void on_created(BrokerCall& call, const protocol::Body& reply) {
    const int32_t error = zookeeper::error_of(reply);
    if (error == zookeeper::kOk) {
        registered(call, std::get<protocol::ZkMultiResponse>(reply).results.back().stat);
    } else if (error == zookeeper::kNodeExists) {
        call.zk_call(ZkCaller::Registration, kLookAtOwner,
                     {zookeeper::zk_get_data(zookeeper::broker_path(call.broker_id()), false)});
    } else if (error != zookeeper::kSessionExpired) {
        failed(call, "org.apache.zookeeper.KeeperException: KeeperErrorCode = " +
                         std::string(zookeeper::name_of_error(error)));
    }
}

void on_owner(BrokerCall& call, const protocol::Body& reply) {
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&reply);
    if (data == nullptr || data->err == zookeeper::kSessionExpired) return;
    const std::string path = zookeeper::broker_path(call.broker_id());
    if (data->err == zookeeper::kNoNode) {
        node::info(call.env(), kKafkaZkClientLogger,
                   "The ephemeral node at {} went away while reading it, attempting create() again", path);
        create(call);
        return;
    }
    const int64_t owner = data->stat.ephemeral_owner;
    const int64_t session = call.state().zookeeper.session_id();
    if (owner == session) {  // our own create, whose reply was lost
        registered(call, data->stat);
        return;
    }
    if (owner != 0 && owner == call.state().registration.session) {
        node::info(call.env(), kEphemeralLogger,
                   "Was not possible to create the ephemeral at {}, node already exists and owner '{}' does not match "
                   "current session '{}', trying to delete and re-create it with the newest Zookeeper session",
                   path, owner, session);
        call.zk_call(ZkCaller::Registration, kDelete, {zookeeper::zk_delete(path)});
        return;
    }
    node::error(
        call.env(), kEphemeralLogger,
        "Error while creating ephemeral at {}, node already exists and owner '{}' does not match current session '{}'",
        path, owner, session);
    failed(call, "org.apache.zookeeper.KeeperException$NodeExistsException: KeeperErrorCode = NodeExists");
}

}  // namespace

void register_broker(BrokerCall& call) {
    node::info(call.env(), kKafkaZkClientLogger, "Creating {} (is it secure? false)",
               zookeeper::broker_path(call.broker_id()));
    create(call);
}

void on_registration_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies) {
    switch (static_cast<RegistrationToken>(token)) {
        case kCreate:
            on_created(call, replies.front());
            return;
        case kLookAtOwner:
            on_owner(call, replies.front());
            return;
        case kDelete:
            create(call);
            return;
    }
}

}  // namespace kafkasim::broker
