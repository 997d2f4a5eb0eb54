// SPDX-License-Identifier: Apache-2.0
#include "sim/shell/stop_scripts.hpp"

#include <fmt/format.h>

namespace kafkasim::sim {

namespace {

class StopScript final : public node::Node {
public:
    StopScript(World& world, std::string server, std::string start_script)
        : world_(world), server_(std::move(server)), start_script_(std::move(start_script)) {}

    void start(node::Env& env) override {
        bool found = false;
        for (ProcessId id = 0; id < world_.process_count(); ++id) {
            if (!is_server(world_.process(id))) continue;
            found = true;
            world_.signal(id, node::Signal::Terminate);
        }
        if (!found) env.print(node::Output::Stdout, fmt::format("No {} server to stop\n", server_));
        env.exit(found ? 0 : 1);
    }

    void on_accepted(node::Env&, node::ConnectionId, int32_t) override {}
    void on_connected(node::Env&, node::ConnectionId, node::Tag) override {}
    void on_disconnected(node::Env&, node::ConnectionId, node::Tag, node::CloseReason) override {}
    void on_message(node::Env&, node::ConnectionId, node::Tag, protocol::Message&&) override {}
    void on_timer(node::Env&, node::TimerId, node::Tag) override {}
    void on_input(node::Env&, std::string) override {}
    void on_input_end(node::Env&) override {}
    void on_signal(node::Env& env, node::Signal signal) override {
        env.exit(signal == node::Signal::Interrupt ? kInterrupted : kTerminated);
    }

private:
    static constexpr int kInterrupted = 130;
    static constexpr int kTerminated = 143;

    bool is_server(const Process& process) const {
        return process.alive() && process.options.log_style == LogStyle::Server &&
               process.options.command.find(start_script_) != std::string::npos;
    }

    World& world_;
    std::string server_;
    std::string start_script_;
};

}  // namespace

std::unique_ptr<node::Node> make_stop_script(World& world, const std::string& script) {
    if (script == "kafka-server-stop.sh") return std::make_unique<StopScript>(world, "kafka", "kafka-server-start.sh");
    if (script == "zookeeper-server-stop.sh")
        return std::make_unique<StopScript>(world, "zookeeper", "zookeeper-server-start.sh");
    return nullptr;
}

}  // namespace kafkasim::sim
