// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads typed values out of a client's properties and collects the first mistake, in the words of Kafka's
// ConfigDef. Used by the from_properties of
// producer, consumer and admin client.
// Kafka 3.0.0: org.apache.kafka.common.config.ConfigDef,
// org.apache.kafka.clients.ClientUtils.parseAndValidateAddresses.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/node/env.hpp"

namespace kafkasim::client {

using ClientProperties = std::map<std::string, std::string>;  // names as in Kafka's documentation

/// "localhost:9093,localhost:9094"; the error is ClientUtils' ("Invalid url in bootstrap.servers: ..").
/// Servers whose name nobody knows are left out.
Result<std::vector<node::Endpoint>> parse_bootstrap_servers(std::string_view text);

/// The WARN line of each of those; said before the client is made, also when it cannot be made.
void warn_of_unresolved_servers(node::Env& env, const ClientProperties& properties);

class PropertyReader {
public:
    explicit PropertyReader(const ClientProperties& properties) : properties_(properties) {}

    std::optional<std::string> text(const std::string& name) const;
    void read(const std::string& name, std::string& out) const;
    void read(const std::string& name, bool& out);
    void read(const std::string& name, int32_t& out, int64_t lowest = 0);
    void read_long(const std::string& name, int64_t& out, int64_t lowest = 0);
    void read_ms(const std::string& name, Duration& out, int64_t lowest = 0);
    /// Of type int.
    void read_int_ms(const std::string& name, Duration& out, int64_t lowest = 0);
    void read_bootstrap(std::vector<node::Endpoint>& out);
    /// Fails if the property is given and not one of `modelled`.
    void only(const std::string& name, const std::vector<std::string>& modelled);
    void fail(std::string message);
    const std::optional<std::string>& error() const { return error_; }

private:
    std::optional<int64_t> number(const std::string& name, const char* type, int64_t lowest, int64_t highest);

    const ClientProperties& properties_;
    std::optional<std::string> error_;
};

}  // namespace kafkasim::client
