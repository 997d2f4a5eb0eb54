// SPDX-License-Identifier: Apache-2.0
#include "core/tools/broker_api_versions_command.hpp"

#include <algorithm>

#include "core/protocol/api_catalog.hpp"
#include "core/protocol/message.hpp"
#include "tests/catch.hpp"

namespace kafkasim::tools {

TEST_CASE("versions are shown with the newest that both sides know") {
    protocol::ApiVersionsResponse response;
    response.api_keys = {{18, 0, 3}, {0, 2, 7}, {1, 13, 14}, {46, 0, 0}, {99, 0, 2}};
    CHECK(
        api_versions_text(response) ==
        "(\n\tProduce(0): 2 to 7 [usable: 7],\n\tFetch(1): 13 to 14 [unusable: node too new],\n\tApiVersions(18): 0 to "
        "3 [usable: 3],\n\tListPartitionReassignments(46): 0 [usable: 0],\n\tUNKNOWN(99): 0 to 2\n)");
}

TEST_CASE("a broker in ZooKeeper mode tells of 59 requests, each once and by key") {
    const auto apis = protocol::zk_broker_apis();
    CHECK(apis.size() == 59);
    CHECK(std::adjacent_find(apis.begin(), apis.end(), [](const auto& a, const auto& b) { return a.key >= b.key; }) ==
          apis.end());
}

}  // namespace kafkasim::tools
