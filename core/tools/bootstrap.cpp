// SPDX-License-Identifier: Apache-2.0

#include "core/tools/bootstrap.hpp"

#include <algorithm>

namespace kafkasim::tools {
namespace {

/// Utils.getPort: `[scheme://]host:port`, the port all digits.
bool has_port(std::string_view host) {
    const size_t colon = host.rfind(':');
    if (colon == std::string_view::npos || colon + 1 == host.size()) return false;
    const std::string_view port = host.substr(colon + 1);
    return std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool has_valid_ports(std::string_view hosts) {
    bool any = false;
    while (true) {
        const size_t comma = hosts.find(',');
        const std::string_view host = hosts.substr(0, comma);
        if (!host.empty() && !has_port(host)) return false;
        any = any || !host.empty();
        if (comma == std::string_view::npos) return any;
        hosts.remove_prefix(comma + 1);
    }
}

}  // namespace kafkasim::tools
