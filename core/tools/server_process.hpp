// SPDX-License-Identifier: Apache-2.0
#pragma once
// A server program around the machine that it runs: reads its .properties file from the host's disk when it starts,
// then hands every event on. Ends with the
// real program's words if the file is not there or a setting is wrong.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/node/node.hpp"

namespace kafkasim::tools {

class ServerProcess : public node::Node {
public:
    /// `words`: the program as typed, then its arguments without -daemon.
    explicit ServerProcess(std::vector<std::string> words) : words_(std::move(words)) {}

    void start(node::Env& env) final;
    void on_accepted(node::Env& env, node::ConnectionId connection, int32_t port) final;
    void on_connected(node::Env& env, node::ConnectionId connection, node::Tag tag) final;
    void on_disconnected(node::Env& env, node::ConnectionId connection, node::Tag tag, node::CloseReason reason) final;
    void on_message(node::Env& env, node::ConnectionId connection, node::Tag tag, protocol::Message&& message) final;
    void on_timer(node::Env& env, node::TimerId timer, node::Tag tag) final;
    void on_input(node::Env& env, std::string line) final;
    void on_input_end(node::Env& env) final;
    void on_signal(node::Env& env, node::Signal signal) final;

    /// The broker or ZooKeeper inside, for tests and for those who look on; nullptr before it starts.
    const node::Node* worker() const override { return server_.get(); }

protected:
    /// The machine, ready to start; or nullptr after having said why not and having called env.exit().
    virtual std::unique_ptr<node::Node> create(node::Env& env) = 0;
    const std::string& program() const { return words_.front(); }
    std::span<const std::string> arguments() const { return std::span(words_).subspan(1); }

private:
    std::vector<std::string> words_;
    std::unique_ptr<node::Node> server_;
};

/// bin/kafka-server-start.sh. Kafka 3.0.0: kafka.Kafka.
class KafkaServerStart final : public ServerProcess {
public:
    using ServerProcess::ServerProcess;

private:
    std::unique_ptr<node::Node> create(node::Env& env) override;
};

/// bin/zookeeper-server-start.sh. ZooKeeper 3.6.3: org.apache.zookeeper.server.quorum.QuorumPeerMain.
class ZooKeeperServerStart final : public ServerProcess {
public:
    using ServerProcess::ServerProcess;

private:
    std::unique_ptr<node::Node> create(node::Env& env) override;
};

}  // namespace kafkasim::tools
