// SPDX-License-Identifier: Apache-2.0
#include "core/broker/broker_call.hpp"

#include <fmt/format.h>

#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::broker {

std::string server_prefix(BrokerId id) { return fmt::format("[KafkaServer id={}] ", id.value); }

void BrokerCall::respond(const node::RequestToken& to, protocol::Body&& body) {
    answer_request(*this, to, std::move(body));
}

config::TopicConfig BrokerCall::topic_config(const TopicName& topic) const {
    const auto found = state_.topic_configs.overrides.find(topic);
    return config::TopicConfig::of(
        state_.config, found == state_.topic_configs.overrides.end() ? config::Properties{} : found->second);
}

void BrokerCall::leadership_changed(const std::vector<LeadershipChange>& leaders,
                                    const std::vector<LeadershipChange>& followers) {
    state_.reports.push_back(LeadershipMoved{leaders, followers});
}

void BrokerCall::partition_appended(uint64_t token, ErrorCode error, int64_t base_offset) {
    state_.reports.push_back(InternalAppendDone{token, error, base_offset});
}

void BrokerCall::zk_submit(uint64_t token, std::vector<protocol::Body> requests) {
    zk_call(ZkCaller::Controller, token, std::move(requests));
}

void BrokerCall::re_register() { register_broker(*this); }

void BrokerCall::append_to_offsets(int32_t partition, protocol::RecordBatch batch, int16_t required_acks,
                                   Duration timeout, uint64_t token) {
    state_.replicas.append_internal(*this, {TopicName(kOffsetsTopic), partition}, std::move(batch), required_acks,
                                    timeout, token);
}

protocol::RecordBatches BrokerCall::read_offsets_log(int32_t partition) {
    return state_.replicas.read_log({TopicName(kOffsetsTopic), partition});
}

void BrokerCall::zk_call(ZkCaller caller, uint64_t token, std::vector<protocol::Body> requests) {
    const uint64_t number = state_.next_zk_call++;
    state_.zk_calls.emplace(number, ZkCall{caller, token});
    state_.zookeeper.submit(env_, number, std::move(requests));
    if (!state_.zookeeper.connected()) wait_for_zookeeper();
}

/// Kafka 3.0.0: kafka.zk.KafkaZkClient.retryRequestsUntilConnected.
void BrokerCall::wait_for_zookeeper() {
    if (!state_.startup.done() || state_.waits_for_zookeeper) return;
    state_.waits_for_zookeeper = true;
    node::info(env_, "kafka.zookeeper.ZooKeeperClient", "[ZooKeeperClient Kafka server] Waiting until connected.");
}

void BrokerCall::propagate_log_dir_event() {
    zk_call(ZkCaller::LogDirEvents, 0,
            {zookeeper::zk_create(zookeeper::log_dir_event_prefix(), zookeeper::encode_log_dir_event(state_.id),
                                  zookeeper::kPersistentSequential)});
}

void BrokerCall::halt() {
    state_.halted = true;
    env_.arm(env_.new_timer({kBroker, kHaltTimer, 0, 0}), kHaltTime);
}

void BrokerCall::fail(std::string_view exception) { fail_startup(*this, exception); }

}  // namespace kafkasim::broker
