// SPDX-License-Identifier: Apache-2.0
#include "core/broker/zk_isr_manager.hpp"

#include "core/broker/components.hpp"
#include "core/node/log.hpp"
#include "core/protocol/message.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::broker {

namespace {

constexpr Duration kCheckInterval = 2500ms;
constexpr Duration kLinger = 5s;
constexpr Duration kMaxDelay = 60s;

LeaderAndIsr state_of(BrokerHost& host, const AlterIsrItem& item) {
    return {host.broker_id(), item.leader_epoch, item.proposed.proposed_isr(), item.zk_version};
}

bool holds(const protocol::Body& reply, const LeaderAndIsr& wanted, int32_t controller_epoch, int32_t& version) {
    const auto* read = std::get_if<protocol::ZkGetDataResponse>(&reply);
    if (!read || !read->data) return false;
    version = read->stat.version;
    const auto found = zookeeper::decode_partition_state(*read->data, version);
    LeaderAndIsr expected = wanted;
    expected.zk_version = version;
    return found && found->leader_and_isr == expected && found->controller_epoch == controller_epoch;
}

}  // namespace

void ZkIsrManager::start(BrokerHost& host) {
    started_ = last_change_ = last_propagation_ = host.env().now();
    timer_ = host.env().new_timer(node::Tag{kZkIsr, 0, 0, 0});
}

void ZkIsrManager::shutdown(BrokerHost& host) {
    if (timer_ != node::TimerId::None) host.env().free_timer(timer_);
    timer_ = node::TimerId::None;
}

uint64_t ZkIsrManager::call(BrokerHost& host, std::vector<protocol::Body> requests) {
    const uint64_t token = next_token_++;
    host.zk_isr_call(token, std::move(requests));
    return token;
}

void ZkIsrManager::submit(BrokerHost& host, const AlterIsrItem& item, int32_t controller_epoch) {
    protocol::Body request = zookeeper::zk_set_data(
        zookeeper::partition_state_path(item.partition),
        zookeeper::encode_partition_state(state_of(host, item), controller_epoch), item.zk_version);
    writes_[next_token_] = {item, controller_epoch, false};
    call(host, {std::move(request)});
}

AlterIsrResult ZkIsrManager::written(BrokerHost& host, const AlterIsrItem& item, int32_t version) {
    changed_.insert(item.partition);
    last_change_ = host.env().now();
    arm(host);
    LeaderAndIsr state = state_of(host, item);
    state.zk_version = version;
    return {item, {ErrorCode::None, state}};
}

std::optional<AlterIsrResult> ZkIsrManager::on_zk_replies(BrokerHost& host, uint64_t token,
                                                          const std::vector<protocol::Body>& replies) {
    const auto found = writes_.find(token);
    if (found == writes_.end() || replies.empty()) return std::nullopt;
    const Write write = found->second;
    writes_.erase(found);
    const protocol::Body& reply = replies.front();
    if (write.reading) {
        int32_t version = 0;
        if (holds(reply, state_of(host, write.item), write.controller_epoch, version))
            return written(host, write.item, version);
        return AlterIsrResult{write.item, {ErrorCode::InvalidUpdateVersion, {}}};
    }
    if (const auto* set = std::get_if<protocol::ZkSetDataResponse>(&reply); set && set->err == zookeeper::kOk)
        return written(host, write.item, set->stat.version);
    if (zookeeper::error_of(reply) != zookeeper::kBadVersion)
        return AlterIsrResult{write.item, {ErrorCode::InvalidUpdateVersion, {}}};
    writes_[next_token_] = {write.item, write.controller_epoch, true};
    call(host, {zookeeper::zk_get_data(zookeeper::partition_state_path(write.item.partition), false)});
    return std::nullopt;
}

/// Kafka looks every 2.5 s; here only while there is something to tell, at the times Kafka would.
void ZkIsrManager::arm(BrokerHost& host) {
    if (armed_ || timer_ == node::TimerId::None) return;
    armed_ = true;
    const Duration since = host.env().now() - started_;
    host.env().arm(timer_, kCheckInterval - since % kCheckInterval);
}

void ZkIsrManager::on_timer(BrokerHost& host) {
    armed_ = false;
    const Instant now = host.env().now();
    if (changed_.empty()) return;
    if (last_change_ + kLinger >= now && last_propagation_ + kMaxDelay >= now) return arm(host);
    const std::vector<TopicPartition> partitions(changed_.begin(), changed_.end());
    call(host, {zookeeper::zk_create(zookeeper::isr_change_prefix(), zookeeper::encode_partitions(partitions),
                                     zookeeper::kPersistentSequential)});
    changed_.clear();
    last_propagation_ = now;
}

}  // namespace kafkasim::broker
