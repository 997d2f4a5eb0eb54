// SPDX-License-Identifier: Apache-2.0
#pragma once
// Changes the configuration of topics and brokers in ZooKeeper: checks what is asked, writes the whole new set of
// the entity to /config/<type>/<name>, then
// announces it by a sequential znode below /config/changes, from which every broker hears of it. That is all:
// nothing changes here before the announcement comes
// back. The entities of one request are worked off one after the other.
// Kafka 3.0.0: kafka.server.ZkAdminManager.alterConfigs, incrementalAlterConfigs,
// kafka.zk.AdminZkClient.changeEntityConfig.
// Simplified: the loggers of a broker are not modelled; no policies.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/config/properties.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::broker {

class BrokerCall;

enum class ConfigOperation : int8_t { Set = 0, Delete = 1, Append = 2, Subtract = 3 };

struct ConfigChange {
    std::string name;
    ConfigOperation operation = ConfigOperation::Set;
    std::optional<std::string> value;
};

struct AlteredEntity {
    int8_t type = 0;  // as in the request
    std::string name;
    std::vector<ConfigChange> changes;
    config::Properties configs;  // the whole new set
    ErrorCode error = ErrorCode::None;
    std::optional<std::string> message;
};

/// A request in work.
struct ConfigAlteration {
    enum class Step : uint8_t { Reading, Setting, Creating, Announcing };

    node::RequestToken token;
    bool incremental = false;  // changes to what is there; otherwise the changes are the whole set
    bool validate_only = false;
    std::vector<AlteredEntity> entities;
    size_t current = 0;
    Step step = Step::Reading;
};

struct ConfigAlterations {
    std::map<uint64_t, ConfigAlteration> going_on;
    uint64_t next = 1;
};

void alter_configs(BrokerCall& call, ConfigAlteration&& alteration);
void on_alter_configs_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies);

struct ConfigFailure {
    ErrorCode error = ErrorCode::None;
    std::string message;
};
/// The set that the changes make of `configs`; a failure if one of them cannot be done. Pure.
std::optional<ConfigFailure> apply_changes(const std::vector<ConfigChange>& changes, config::Properties& configs);

}  // namespace kafkasim::broker
