// SPDX-License-Identifier: Apache-2.0
#pragma once
// A broker around one group coordinator, for tests: keeps a log per partition of __consumer_offsets, answers
// appends at once, when the test says so, or
// with an error, and collects the responses by correlation id.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/group/coordinator.hpp"
#include "core/protocol/consumer_protocol.hpp"
#include "tests/support/fake_env.hpp"

namespace kafkasim::test {

class FakeGroupHost : public group::GroupHost {
public:
    enum class Appends { AtOnce, Later };

    explicit FakeGroupHost(int32_t delay_ms = 0, int32_t partitions = 50) {
        settings.group_initial_rebalance_delay_ms = delay_ms;
        coordinator.startup(*this, partitions);
    }

    // --- group::GroupHost
    node::Env& env() override { return world; }
    const config::BrokerConfig& config() const override { return settings; }
    BrokerId broker_id() const override { return {1}; }
    void respond(const node::RequestToken& to, protocol::Body&& body) override {
        responses[to.correlation_id] = std::move(body);
    }
    void append_to_offsets(int32_t partition, protocol::RecordBatch batch, int16_t acks, Duration,
                           uint64_t token) override {
        last_acks = acks;
        if (append_error == ErrorCode::None) {
            auto& log = logs[partition];
            batch.base_offset = log.empty() ? 0 : log.back().next_offset();
            log.push_back(batch);
        }
        waiting.push_back({token, append_error, append_error == ErrorCode::None ? batch.base_offset : -1});
        if (appends == Appends::AtOnce) answer_appends();
    }
    protocol::RecordBatches read_offsets_log(int32_t partition) override {
        return protocol::RecordBatches(logs[partition]);
    }

    // --- for the test
    void answer_appends() {
        auto now = std::exchange(waiting, {});
        for (const auto& each : now) coordinator.on_appended(*this, each.token, each.error, each.base_offset);
    }
    void advance(Duration by) {
        world.advance(by, [&](node::TimerId timer, node::Tag tag) { coordinator.on_timer(*this, timer, tag); });
    }
    /// Elected for all partitions, everything loaded.
    void own_everything() {
        for (int32_t partition = 0; partition < 50; ++partition) coordinator.on_elected(*this, partition, 0);
        advance(100ms);
        world.log_lines.clear();
    }
    node::RequestContext context(const std::string& client = "consumer-g-1") {
        return {{node::ConnectionId{1}, ++correlation}, SharedText(client), "/127.0.0.1"};
    }
    /// The response to a request, if it has come.
    template <typename T>
    const T* response(int32_t correlation_id) const {
        auto found = responses.find(correlation_id);
        return found == responses.end() ? nullptr : std::get_if<T>(&found->second);
    }

    // Requests: each returns its correlation id.
    int32_t join(const std::string& group_id, const std::string& member_id = "",
                 std::vector<std::string> protocols = {"range"}, std::optional<std::string> instance = std::nullopt,
                 std::string client = "consumer-g-1") {
        protocol::JoinGroupRequest request;
        request.group_id = group_id;
        request.session_timeout_ms = 45000;
        request.rebalance_timeout_ms = rebalance_timeout_ms;
        request.member_id = member_id;
        request.group_instance_id = std::move(instance);
        request.protocol_type = "consumer";
        for (auto& name : protocols) request.protocols.push_back({name, subscription});
        coordinator.handle_join_group(*this, context(client), std::move(request));
        return correlation;
    }
    /// A member id for a new member, as the first JoinGroup gives it.
    std::string new_member_id(const std::string& group_id, std::vector<std::string> protocols = {"range"}) {
        const auto* reply = response<protocol::JoinGroupResponse>(join(group_id, "", std::move(protocols)));
        return reply == nullptr ? "" : reply->member_id;
    }
    int32_t sync(const std::string& group_id, int32_t generation, const std::string& member_id,
                 std::map<std::string, std::string> assignments = {}) {
        protocol::SyncGroupRequest request;
        request.group_id = group_id;
        request.generation_id = generation;
        request.member_id = member_id;
        for (auto& [id, bytes] : assignments) request.assignments.push_back({id, bytes});
        coordinator.handle_sync_group(*this, context(), std::move(request));
        return correlation;
    }
    ErrorCode heartbeat(const std::string& group_id, int32_t generation, const std::string& member_id,
                        std::optional<std::string> instance = std::nullopt) {
        coordinator.handle_heartbeat(*this, context(), {group_id, generation, member_id, std::move(instance)});
        return response<protocol::HeartbeatResponse>(correlation)->error_code;
    }
    protocol::LeaveGroupResponse leave(const std::string& group_id, const std::string& member_id,
                                       std::optional<std::string> instance = std::nullopt) {
        coordinator.handle_leave_group(*this, context(), {group_id, {{member_id, std::move(instance)}}});
        return *response<protocol::LeaveGroupResponse>(correlation);
    }
    int32_t commit(const std::string& group_id, int64_t offset, int32_t generation = -1,
                   const std::string& member_id = "", const std::string& metadata = "", const std::string& topic = "t",
                   int32_t partition = 0) {
        protocol::OffsetCommitRequest request;
        request.group_id = group_id;
        request.generation_id = generation;
        request.member_id = member_id;
        auto& row = request.topics.emplace_back();
        row.name = TopicName(topic);
        row.partitions.push_back({partition, offset, -1, metadata});
        coordinator.handle_offset_commit(*this, context(), std::move(request));
        return correlation;
    }
    std::optional<ErrorCode> commit_error(int32_t correlation_id) const {
        const auto* reply = response<protocol::OffsetCommitResponse>(correlation_id);
        if (reply == nullptr) return std::nullopt;
        return reply->topics.at(0).partitions.at(0).error_code;
    }
    protocol::OffsetFetchResponse::OffsetFetchResponseGroup fetch(const std::string& group_id,
                                                                  const std::string& topic = "t",
                                                                  int32_t partition = 0) {
        protocol::OffsetFetchRequest request;
        auto& row = request.groups.emplace_back();
        row.group_id = group_id;
        row.topics.emplace();
        row.topics->push_back({TopicName(topic), {partition}});
        coordinator.handle_offset_fetch(*this, context(), std::move(request));
        return response<protocol::OffsetFetchResponse>(correlation)->groups.at(0);
    }
    int64_t committed(const std::string& group_id, const std::string& topic = "t", int32_t partition = 0) {
        return fetch(group_id, topic, partition).topics.at(0).partitions.at(0).committed_offset;
    }
    protocol::DescribeGroupsResponse::DescribedGroup describe(const std::string& group_id) {
        coordinator.handle_describe_groups(*this, context(), {{group_id}, false});
        return response<protocol::DescribeGroupsResponse>(correlation)->groups.at(0);
    }

    /// A group of static members with these instance ids, Stable; each is assigned "for <instance id>". Returns the
    /// generation.
    int32_t stable_group(const std::string& group_id, const std::vector<std::string>& instances) {
        for (const auto& instance : instances) join(group_id, "", {"range"}, instance);
        advance(1s);
        const auto* found = coordinator.find(group_id);
        const int32_t generation = found->generation_id;
        std::map<std::string, std::string> assignment;
        for (const auto& [instance, id] : found->static_members) assignment[id] = "for " + instance;
        for (const auto& [id, bytes] : assignment) {
            if (!found->is_leader(id)) sync(group_id, generation, id);
        }
        sync(group_id, generation, *found->leader_id, assignment);
        return generation;
    }
    /// Texts of the log since the last call, without the loggers.
    std::vector<std::string> take_log() {
        std::vector<std::string> texts;
        for (auto& line : std::exchange(world.log_lines, {})) texts.push_back(line.text);
        return texts;
    }

    struct Append {
        uint64_t token;
        ErrorCode error;
        int64_t base_offset;
    };
    FakeEnv world;
    config::BrokerConfig settings;
    group::GroupCoordinator coordinator{9};
    std::map<int32_t, protocol::Body> responses;
    std::map<int32_t, std::vector<protocol::RecordBatch>> logs;
    std::vector<Append> waiting;
    Appends appends = Appends::AtOnce;
    ErrorCode append_error = ErrorCode::None;
    std::string subscription = protocol::encode(protocol::ConsumerProtocolSubscription{{"t"}, std::nullopt, {}});
    int32_t rebalance_timeout_ms = 300000;
    int16_t last_acks = -1;  // of the last append
    int32_t correlation = 0;
};

}  // namespace kafkasim::test
