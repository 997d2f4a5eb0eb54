// SPDX-License-Identifier: Apache-2.0
#pragma once
// A broker's replication part in a test: a ReplicaManager with a metadata cache that says what the test wants and a
// record of the answers.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/broker/replica_manager.hpp"
#include "tests/support/fake_env.hpp"

namespace kafkasim::test {

inline TopicPartition partition_of(std::string_view topic, int32_t partition = 0) {
    return {TopicName(topic), partition};
}

inline protocol::RecordBatch batch_of(std::initializer_list<std::string_view> values) {
    protocol::RecordBatchBuilder builder;
    for (std::string_view value : values) builder.append(1000, std::nullopt, std::string(value));
    return builder.build();
}

class FakeBrokerHost : public broker::BrokerHost {
public:
    explicit FakeBrokerHost(int32_t id, std::string_view log_dir = "/tmp/kafka-logs") : id_(id), manager(log_dir) {
        settings.broker_id = id;
        manager.logs().start(world);
        world.log_lines.clear();
    }

    // --- BrokerHost
    node::Env& env() override { return world; }
    BrokerId broker_id() const override { return {id_}; }
    int64_t broker_epoch() const override { return epoch; }
    const config::BrokerConfig& config() const override { return settings; }
    config::TopicConfig topic_config(const TopicName&) const override { return topic; }
    const broker::MetadataCache& metadata() const override { return cache; }
    bool shutting_down() const override { return stopping; }
    broker::IsrChanges isr_changes() const override { return isr_changes_by; }
    void zk_isr_call(uint64_t token, std::vector<protocol::Body> requests) override {
        zk_calls.push_back({token, std::move(requests)});
    }
    void respond(const node::RequestToken& to, protocol::Body&& body) override {
        answers[to.correlation_id] = std::move(body);
    }
    void leadership_changed(const std::vector<broker::LeadershipChange>& leaders,
                            const std::vector<broker::LeadershipChange>& followers) override {
        led.insert(led.end(), leaders.begin(), leaders.end());
        followed.insert(followed.end(), followers.begin(), followers.end());
    }
    void partition_appended(uint64_t token, ErrorCode error, int64_t base_offset) override {
        appended.push_back({token, error, base_offset});
    }

    // --- for the test
    struct ZkCall {
        uint64_t token;
        std::vector<protocol::Body> requests;
    };
    struct InternalAppend {
        uint64_t token;
        ErrorCode error;
        int64_t base_offset;
    };

    node::RequestContext context(std::string_view client = "test") {
        node::RequestContext made;
        made.token = {node::ConnectionId{900}, ++last_correlation_id};
        made.client_id = SharedText(client);
        return made;
    }
    /// Brokers 1 to 3 are alive, `controller` is one of them, and these partitions exist.
    void set_metadata(const std::vector<TopicPartition>& partitions, int32_t controller = 1,
                      const std::vector<int32_t>& alive = {1, 2, 3}) {
        protocol::UpdateMetadataRequest request;
        request.controller_id = {controller};
        for (int32_t each : alive) {
            protocol::UpdateMetadataRequest::UpdateMetadataBroker live;
            live.id = {each};
            live.endpoints.push_back({9092 + each, "localhost", "PLAINTEXT", 0});
            request.live_brokers.push_back(live);
        }
        for (const TopicPartition& tp : partitions) {
            protocol::UpdateMetadataRequest::UpdateMetadataTopicState state;
            state.topic_name = tp.topic;
            protocol::UpdateMetadataRequest::UpdateMetadataPartitionState info;
            info.partition_index = tp.partition;
            info.leader = {1};
            info.replicas = info.isr = broker_ids({1, 2, 3});
            state.partition_states.push_back(info);
            request.topic_states.push_back(state);
        }
        cache.update(request);
    }
    /// LeaderAndIsr for one partition; the error of the partition, or of the whole request.
    ErrorCode leader_and_isr(const TopicPartition& tp, int32_t leader, int32_t leader_epoch,
                             std::initializer_list<int32_t> isr, std::initializer_list<int32_t> replicas = {1, 2, 3},
                             int32_t controller_epoch = 1, Uuid topic_id = {7, 7}) {
        protocol::LeaderAndIsrRequest request;
        request.controller_id = {1};
        request.controller_epoch = controller_epoch;
        request.broker_epoch = epoch;
        protocol::LeaderAndIsrRequest::LeaderAndIsrPartitionState state;
        state.partition_index = tp.partition;
        state.controller_epoch = controller_epoch;
        state.leader = {leader};
        state.leader_epoch = leader_epoch;
        state.isr = broker_ids(isr);
        state.zk_version = leader_epoch;
        state.replicas = broker_ids(replicas);
        request.topic_states.push_back({tp.topic, topic_id, {state}});
        const node::RequestContext asked = context();
        manager.handle_leader_and_isr(*this, asked, std::move(request));
        const auto response = take<protocol::LeaderAndIsrResponse>(asked);
        if (response->error_code != ErrorCode::None) return response->error_code;
        return response->topics.front().partition_errors.front().error_code;
    }
    node::RequestContext produce(const TopicPartition& tp, std::initializer_list<std::string_view> values,
                                 int16_t acks = 1, int32_t timeout_ms = 30000,
                                 std::string_view client = "console-producer") {
        protocol::ProduceRequest request;
        request.acks = acks;
        request.timeout_ms = timeout_ms;
        request.topic_data.push_back({tp.topic, {{tp.partition, protocol::RecordBatches(batch_of(values))}}});
        const node::RequestContext asked = context(client);
        manager.handle_produce(*this, asked, std::move(request));
        return asked;
    }
    std::optional<protocol::ProduceResponse::PartitionProduceResponse> produced(const node::RequestContext& asked) {
        const auto response = take<protocol::ProduceResponse>(asked);
        if (!response) return std::nullopt;
        return response->responses.front().partition_responses.front();
    }
    /// A fetch of one partition without a session.
    node::RequestContext fetch(const TopicPartition& tp, int32_t replica, int64_t offset, int32_t leader_epoch,
                               int32_t last_fetched_epoch = -1, int32_t max_wait_ms = 0, int32_t min_bytes = 1) {
        protocol::FetchRequest request;
        request.replica_id = {replica};
        request.max_wait_ms = max_wait_ms;
        request.min_bytes = min_bytes;
        request.session_epoch = broker::kFinalSessionEpoch;
        request.topics.push_back({tp.topic, {{tp.partition, leader_epoch, offset, last_fetched_epoch, 0, 1048576}}});
        return fetch(std::move(request));
    }
    node::RequestContext fetch(protocol::FetchRequest&& request) {
        const node::RequestContext asked = context();
        manager.handle_fetch(*this, asked, std::move(request));
        return asked;
    }
    std::optional<broker::FetchPartitionData> fetched(const node::RequestContext& asked) {
        const auto response = take<protocol::FetchResponse>(asked);
        if (!response) return std::nullopt;
        return response->responses.front().partitions.front();
    }
    /// Fetches at once and gives the answer.
    broker::FetchPartitionData fetch_now(const TopicPartition& tp, int32_t replica, int64_t offset,
                                         int32_t leader_epoch, int32_t last_fetched_epoch = -1) {
        return *fetched(fetch(tp, replica, offset, leader_epoch, last_fetched_epoch));
    }
    template <typename T>
    std::optional<T> take(const node::RequestContext& asked) {
        const auto found = answers.find(asked.token.correlation_id);
        if (found == answers.end()) return std::nullopt;
        T taken = std::get<T>(std::move(found->second));
        answers.erase(found);
        return taken;
    }
    bool answered(const node::RequestContext& asked) const { return answers.contains(asked.token.correlation_id); }

    void advance(Duration by) {
        world.advance(by, [&](node::TimerId timer, node::Tag tag) { manager.on_timer(*this, timer, tag); });
    }
    void connect_last() { manager.on_connected(*this, world.connections.back().id, world.connections.back().tag); }
    /// Hands the response to a request that this broker sent to its manager.
    void answer(const FakeEnv::Sent& request, protocol::Body&& body) {
        protocol::Message message;
        message.correlation_id = request.message.correlation_id;
        message.body = std::move(body);
        manager.on_message(*this, request.connection, tag_of(request.connection), std::move(message));
    }
    void disconnect(node::ConnectionId connection, node::CloseReason reason = node::CloseReason::Closed) {
        manager.on_disconnected(*this, connection, tag_of(connection), reason);
    }
    node::Tag tag_of(node::ConnectionId connection) const {
        for (const auto& each : world.connections) {
            if (each.id == connection) return each.tag;
        }
        return {};
    }
    const broker::Partition& partition(const TopicPartition& tp) const { return *manager.find(tp); }
    log::Log& log(const TopicPartition& tp) { return *manager.logs().find(tp); }

private:
    int32_t id_;

public:
    FakeEnv world;
    config::BrokerConfig settings;
    config::TopicConfig topic;
    broker::MetadataCache cache;
    int64_t epoch = 40;
    bool stopping = false;
    broker::IsrChanges isr_changes_by = broker::IsrChanges::ByController;
    std::vector<ZkCall> zk_calls;  // of a leader that changes the Isr itself
    int32_t last_correlation_id = 0;
    std::map<int32_t, protocol::Body> answers;
    std::vector<broker::LeadershipChange> led;
    std::vector<broker::LeadershipChange> followed;
    std::vector<InternalAppend> appended;
    broker::ReplicaManager manager;
};

}  // namespace kafkasim::test
