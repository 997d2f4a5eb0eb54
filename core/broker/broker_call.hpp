// SPDX-License-Identifier: Apache-2.0
#pragma once
// A broker while it handles one event: its state and the Env that came with the event. It is what the parts of a
// broker see as their host, and what
// the handlers (handle_<api>.cpp) work on. Made per event, never kept.

#include "core/broker/broker_state.hpp"
#include "core/controller/controller_host.hpp"
#include "core/group/group_host.hpp"

namespace kafkasim::broker {

class BrokerCall : public BrokerHost, public controller::ControllerHost, public group::GroupHost {
public:
    BrokerCall(BrokerState& state, node::Env& env) : state_(state), env_(env) {}

    BrokerState& state() { return state_; }
    const BrokerState& state() const { return state_; }

    // What all three hosts ask for.
    node::Env& env() override { return env_; }
    BrokerId broker_id() const override { return state_.id; }
    const config::BrokerConfig& config() const override { return state_.config; }
    int64_t broker_epoch() const override { return state_.broker_epoch; }
    void respond(const node::RequestToken& to, protocol::Body&& body) override;

    // BrokerHost
    config::TopicConfig topic_config(const TopicName& topic) const override;
    const MetadataCache& metadata() const override { return state_.metadata; }
    bool shutting_down() const override { return state_.shutdown.begun(); }
    const ReplicationRules& rules() const override { return *state_.rules; }
    IsrChanges isr_changes() const override { return state_.isr_changes; }
    void zk_isr_call(uint64_t token, std::vector<protocol::Body> requests) override {
        zk_call(ZkCaller::IsrChanges, token, std::move(requests));
    }
    void propagate_log_dir_event() override;
    void halt() override;
    void leadership_changed(const std::vector<LeadershipChange>& leaders,
                            const std::vector<LeadershipChange>& followers) override;
    void partition_appended(uint64_t token, ErrorCode error, int64_t base_offset) override;

    // ControllerHost
    void zk_submit(uint64_t token, std::vector<protocol::Body> requests) override;
    void re_register() override;

    // GroupHost
    void append_to_offsets(int32_t partition, protocol::RecordBatch batch, int16_t required_acks, Duration timeout,
                           uint64_t token) override;
    protocol::RecordBatches read_offsets_log(int32_t partition) override;

    /// A ZooKeeper call of a part of the broker itself.
    void wait_for_zookeeper();
    void zk_call(ZkCaller caller, uint64_t token, std::vector<protocol::Body> requests);
    /// Ends the process: a failure at start.
    void fail(std::string_view exception);

private:
    BrokerState& state_;
    node::Env& env_;
};

/// Exit.halt: the virtual machine needs that long to go; measured.
inline constexpr Duration kHaltTime = from_millis(350);
inline constexpr uint16_t kHaltTimer = 13;

/// "[KafkaServer id=1] "
std::string server_prefix(BrokerId id);
inline constexpr std::string_view kServerLogger = "kafka.server.KafkaServer";

}  // namespace kafkasim::broker
