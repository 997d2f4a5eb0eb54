// SPDX-License-Identifier: Apache-2.0
#include "core/client/node_id.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kafkasim::client {

std::string to_string(const ClientNode& node) {
    return fmt::format("{}:{} (id: {} rack: null)", node.endpoint.host, node.endpoint.port, node.id);
}

std::string remote_address(const node::Endpoint& endpoint) {
    const bool address = std::all_of(endpoint.host.begin(), endpoint.host.end(),
                                     [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    return address ? fmt::format("/{}:{}", endpoint.host, endpoint.port)
                   : fmt::format("{}/127.0.0.1:{}", endpoint.host, endpoint.port);
}

}  // namespace kafkasim::client
