// SPDX-License-Identifier: Apache-2.0
#pragma once
// Names a request that a server is working on, until it is answered: the connection it came on and its correlation
// id. A plain value, so that a
// request can wait in a purgatory or in a group. Answering a request whose connection has gone is harmless.

#include "core/base/shared_text.hpp"
#include "core/node/env.hpp"

namespace kafkasim::node {

struct RequestToken {
    ConnectionId connection = ConnectionId::None;
    int32_t correlation_id = 0;
    auto operator<=>(const RequestToken&) const = default;
};

/// What a server knows of who asks.
struct RequestContext {
    RequestToken token;
    SharedText client_id;
    std::string client_host = "/127.0.0.1";
};

}  // namespace kafkasim::node
