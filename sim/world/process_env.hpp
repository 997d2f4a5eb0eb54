// SPDX-License-Identifier: Apache-2.0
#pragma once
// The world as one process sees it: node::Env for the length of one call.

#include "sim/world/world.hpp"

namespace kafkasim::sim {

class ProcessEnv final : public node::Env, private node::Chance {
public:
    ProcessEnv(World& world, Process& process) : world_(world), process_(process) {}

    Instant now() const override { return world_.now(); }
    WallMillis wall_clock() const override { return world_.clock().at(world_.look_at_clock(process_)); }

    void listen(int32_t port) override;
    void stop_listening(int32_t port) override;
    node::ConnectionId connect(const node::Endpoint& to, node::Tag tag) override;
    void send(node::ConnectionId connection, protocol::Message&& message) override;
    void close(node::ConnectionId connection) override;

    node::TimerId new_timer(node::Tag tag) override;
    void arm(node::TimerId timer, Duration after) override;
    void disarm(node::TimerId timer) override;
    void free_timer(node::TimerId timer) override;

    node::Disk& disk() override { return world_.disk_; }
    node::Chance& chance() override { return *this; }

    bool logs(node::Level level) const override;
    void log(node::Level level, std::string_view logger, std::string_view text) override;
    bool observed() const override { return world_.options_.trace != TraceLevel::None; }
    void note(node::Note note) override;

    void print(node::Output output, std::string_view text) override;
    bool is_terminal() const override { return process_.options.terminal; }
    void read_input() override;
    void named(std::string_view name) override;
    void exit(int code) override;

private:
    uint64_t below(node::Stream stream, uint64_t bound) override { return prng(stream).below(bound); }
    uint64_t bits(node::Stream stream) override { return prng(stream).next(); }
    std::optional<Uuid> pinned_topic_id(const TopicName& topic) override;
    std::optional<std::vector<std::vector<BrokerId>>> pinned_assignment(const TopicName& topic) override;
    std::optional<int32_t> pinned_sticky(const TopicName& topic) override;

    Prng& prng(node::Stream stream);
    /// The timer's place in the process; the node's TimerId is that place plus one.
    static size_t place_of(node::TimerId timer) { return static_cast<size_t>(timer) - 1; }

    World& world_;
    Process& process_;
};

}  // namespace kafkasim::sim
