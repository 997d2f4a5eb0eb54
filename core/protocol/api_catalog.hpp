// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every API that a broker in ZooKeeper mode tells of, also those whose messages are not modelled: it logs such a
// request by name and closes the connection. Pure. Kafka 3.0.0: org.apache.kafka.common.protocol.ApiKeys.zkBrokerApis.

#include <cstdint>
#include <string_view>
#include <vector>

namespace kafkasim::protocol {

struct ApiRange {
    int16_t key = 0;
    std::string_view name;  // "Fetch"
    int16_t lowest_version = 0;
    int16_t newest_version = 0;
};

/// By key.
std::vector<ApiRange> zk_broker_apis();

}  // namespace kafkasim::protocol
