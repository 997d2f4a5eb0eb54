// SPDX-License-Identifier: Apache-2.0
#include "core/client/client_properties.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "core/node/log.hpp"

namespace kafkasim::client {

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::optional<int64_t> parse_number(std::string_view text) {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

struct Url {
    std::string host;
    int64_t port;
};

/// Utils.getHost and getPort: what stands before the host, as "PLAINTEXT://", is passed over.
std::optional<Url> parse_url(std::string_view url) {
    const size_t colon = url.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = parse_number(url.substr(colon + 1));
    std::string_view host = url.substr(0, colon);
    if (host.ends_with(']')) host.remove_suffix(1);
    const auto is_of_host = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("-%._:").find(c) != std::string_view::npos;
    };
    size_t begin = host.size();
    while (begin > 0 && is_of_host(host[begin - 1])) --begin;
    host.remove_prefix(begin);
    if (!port || host.empty() || *port < 0 || *port > 65535) return std::nullopt;
    return Url{std::string(host), *port};
}

/// Simplified: a host knows itself and addresses in numbers; there is no name server.
bool resolves(const std::string& host) {
    return host == "localhost" || host.find_first_not_of("0123456789.") == std::string::npos ||
           host.find(':') != std::string::npos;
}

/// Each URL of a list separated by commas.
std::vector<std::string_view> urls_of(std::string_view text) {
    std::vector<std::string_view> urls;
    while (!text.empty()) {
        const size_t comma = text.find(',');
        const std::string_view url = trimmed(text.substr(0, comma));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
        if (!url.empty()) urls.push_back(url);
    }
    return urls;
}

}  // namespace

Result<std::vector<node::Endpoint>> parse_bootstrap_servers(std::string_view text) {
    std::vector<node::Endpoint> endpoints;
    for (const std::string_view each : urls_of(text)) {
        const auto url = parse_url(each);
        if (!url) return Error{fmt::format("Invalid url in bootstrap.servers: {}", each)};
        if (resolves(url->host)) endpoints.push_back({url->host, static_cast<int32_t>(url->port)});
    }
    if (endpoints.empty()) return Error{"No resolvable bootstrap urls given in bootstrap.servers"};
    return endpoints;
}

void warn_of_unresolved_servers(node::Env& env, const ClientProperties& properties) {
    const auto servers = properties.find("bootstrap.servers");
    if (servers == properties.end()) return;
    for (const std::string_view each : urls_of(servers->second)) {
        const auto url = parse_url(each);
        if (!url) return;
        if (resolves(url->host)) continue;
        node::warn(env, "org.apache.kafka.clients.ClientUtils",
                   "Couldn't resolve server {} from bootstrap.servers as DNS resolution failed for {}", each,
                   url->host);
    }
}

std::optional<std::string> PropertyReader::text(const std::string& name) const {
    const auto found = properties_.find(name);
    return found == properties_.end() ? std::nullopt : std::optional<std::string>(found->second);
}

void PropertyReader::read(const std::string& name, std::string& out) const {
    if (auto value = text(name)) out = *value;
}

void PropertyReader::read(const std::string& name, bool& out) {
    const auto value = text(name);
    if (!value) return;
    if (*value == "true" || *value == "false") {
        out = *value == "true";
    } else {
        fail(fmt::format("Invalid value {} for configuration {}: Expected value to be either true or false", *value,
                         name));
    }
}

std::optional<int64_t> PropertyReader::number(const std::string& name, const char* type, int64_t lowest,
                                              int64_t highest) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    const auto parsed = parse_number(trimmed(*value));
    if (!parsed || *parsed > highest || *parsed < -highest) {
        fail(fmt::format("Invalid value {} for configuration {}: Not a number of type {}", *value, name, type));
        return std::nullopt;
    }
    if (*parsed < lowest) {
        fail(fmt::format("Invalid value {} for configuration {}: Value must be at least {}", *parsed, name, lowest));
        return std::nullopt;
    }
    return parsed;
}

void PropertyReader::read(const std::string& name, int32_t& out, int64_t lowest) {
    if (const auto value = number(name, "INT", lowest, std::numeric_limits<int32_t>::max()))
        out = static_cast<int32_t>(*value);
}

void PropertyReader::read_long(const std::string& name, int64_t& out, int64_t lowest) {
    if (const auto value = number(name, "LONG", lowest, std::numeric_limits<int64_t>::max())) out = *value;
}

void PropertyReader::read_ms(const std::string& name, Duration& out, int64_t lowest) {
    constexpr int64_t kHighest = std::numeric_limits<int64_t>::max() / 2000;  // in microseconds it must fit twice
    if (const auto value = number(name, "LONG", lowest, kHighest)) out = from_millis(*value);
}

void PropertyReader::read_int_ms(const std::string& name, Duration& out, int64_t lowest) {
    if (!text(name)) return;
    int32_t value = 0;
    read(name, value, lowest);
    out = from_millis(value);
}

void PropertyReader::read_bootstrap(std::vector<node::Endpoint>& out) {
    const auto value = text("bootstrap.servers");
    if (!value) return fail("Missing required configuration \"bootstrap.servers\" which has no default value.");
    auto parsed = parse_bootstrap_servers(*value);
    if (!parsed) return fail(parsed.error());
    out = std::move(parsed).value();
}

void PropertyReader::only(const std::string& name, const std::vector<std::string>& modelled) {
    const auto value = text(name);
    if (!value) return;
    for (const std::string& each : modelled) {
        if (each == *value) return;
    }
    fail(fmt::format("not modelled: {}={}", name, *value));
}

void PropertyReader::fail(std::string message) {
    if (!error_) error_ = std::move(message);
}

}  // namespace kafkasim::client
