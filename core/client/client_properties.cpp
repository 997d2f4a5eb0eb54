// SPDX-License-Identifier: Apache-2.0
#include "core/client/client_properties.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>

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

}  // namespace

Result<std::vector<node::Endpoint>> parse_bootstrap_servers(std::string_view text) {
    std::vector<node::Endpoint> endpoints;
    while (!text.empty()) {
        const size_t comma = text.find(',');
        const std::string_view url = trimmed(text.substr(0, comma));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
        if (url.empty()) continue;
        const size_t colon = url.rfind(':');
        const auto port = colon == std::string_view::npos ? std::nullopt : parse_number(url.substr(colon + 1));
        if (!port || colon == 0 || *port < 0 || *port > 65535) {
            return Error{fmt::format("Invalid url in bootstrap.servers: {}", url)};
        }
        endpoints.push_back({std::string(url.substr(0, colon)), static_cast<int32_t>(*port)});
    }
    if (endpoints.empty()) return Error{"No resolvable bootstrap urls given in bootstrap.servers"};
    return endpoints;
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

void PropertyReader::read_ms(const std::string& name, Duration& out, int64_t lowest) {
    constexpr int64_t kHighest = std::numeric_limits<int64_t>::max() / 2000;  // in microseconds it must fit twice
    if (const auto value = number(name, "LONG", lowest, kHighest)) out = from_millis(*value);
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
