// SPDX-License-Identifier: Apache-2.0

#include "core/tools/server_process.hpp"

#include "core/protocol/message.hpp"

namespace kafkasim::tools {

void ServerProcess::start(node::Env& env) {
    server_ = create(env);
    if (server_) server_->start(env);
}

void ServerProcess::on_accepted(node::Env& env, node::ConnectionId connection, int32_t port) {
    if (server_) server_->on_accepted(env, connection, port);
}
void ServerProcess::on_connected(node::Env& env, node::ConnectionId connection, node::Tag tag) {
    if (server_) server_->on_connected(env, connection, tag);
}
void ServerProcess::on_disconnected(node::Env& env, node::ConnectionId connection, node::Tag tag,
                                    node::CloseReason reason) {
    if (server_) server_->on_disconnected(env, connection, tag, reason);
}
void ServerProcess::on_message(node::Env& env, node::ConnectionId connection, node::Tag tag,
                               protocol::Message&& message) {
    if (server_) server_->on_message(env, connection, tag, std::move(message));
}
void ServerProcess::on_timer(node::Env& env, node::TimerId timer, node::Tag tag) {
    if (server_) server_->on_timer(env, timer, tag);
}
void ServerProcess::on_input(node::Env& env, std::string line) {
    if (server_) server_->on_input(env, std::move(line));
}
void ServerProcess::on_input_end(node::Env& env) {
    if (server_) server_->on_input_end(env);
}
void ServerProcess::on_signal(node::Env& env, node::Signal signal) {
    if (server_) server_->on_signal(env, signal);
}

}  // namespace kafkasim::tools
