// SPDX-License-Identifier: Apache-2.0

#include "core/protocol/api_catalog.hpp"

#include <algorithm>
#include <array>

#include "core/protocol/message.hpp"

namespace kafkasim::protocol {
namespace {

/// Those without a definition in core/protocol/messages; one that gets a definition stands here twice, and that counts.
constexpr auto kOthers = std::to_array<ApiRange>({
    {17, "SaslHandshake", 0, 1},
    {22, "InitProducerId", 0, 4},
    {24, "AddPartitionsToTxn", 0, 3},
    {25, "AddOffsetsToTxn", 0, 3},
    {26, "EndTxn", 0, 3},
    {27, "WriteTxnMarkers", 0, 1},
    {28, "TxnOffsetCommit", 0, 3},
    {29, "DescribeAcls", 0, 2},
    {30, "CreateAcls", 0, 2},
    {31, "DeleteAcls", 0, 2},
    {34, "AlterReplicaLogDirs", 0, 2},
    {35, "DescribeLogDirs", 0, 2},
    {36, "SaslAuthenticate", 0, 2},
    {38, "CreateDelegationToken", 0, 2},
    {39, "RenewDelegationToken", 0, 2},
    {40, "ExpireDelegationToken", 0, 2},
    {41, "DescribeDelegationToken", 0, 2},
    {48, "DescribeClientQuotas", 0, 1},
    {49, "AlterClientQuotas", 0, 1},
    {50, "DescribeUserScramCredentials", 0, 0},
    {51, "AlterUserScramCredentials", 0, 0},
    {57, "UpdateFeatures", 0, 0},
    {61, "DescribeProducers", 0, 0},
    {65, "DescribeTransactions", 0, 0},
    {66, "ListTransactions", 0, 0},
    {67, "AllocateProducerIds", 0, 0},
});

}  // namespace

std::vector<ApiRange> zk_broker_apis() {
    std::vector<ApiRange> all;
    for (const ApiInfo& api : apis()) {
        if (api.on_zk_broker)
            all.push_back({static_cast<int16_t>(api.key), api.name, api.lowest_version, api.newest_version});
    }
    const auto has = [&](int16_t key) {
        return std::any_of(all.begin(), all.end(), [key](const ApiRange& each) { return each.key == key; });
    };
    for (const ApiRange& other : kOthers) {
        if (!has(other.key)) all.push_back(other);
    }
    std::sort(all.begin(), all.end(), [](const ApiRange& a, const ApiRange& b) { return a.key < b.key; });
    return all;
}

}  // namespace kafkasim::protocol
