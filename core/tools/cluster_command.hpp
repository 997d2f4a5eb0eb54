// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-cluster.sh: the id of the cluster. Kafka 3.0.0: kafka.tools.ClusterTool (argparse4j).
// Simplified: `unregister`, and mistakes other than the ones a person makes first, are refused by name.

#include "core/tools/admin_tool.hpp"

namespace kafkasim::tools {

class ClusterCommand final : public AdminTool {
public:
    using AdminTool::AdminTool;

private:
    Task<int> run() override;
    Task<int> print_cluster_id(std::optional<std::string> bootstrap, std::optional<std::string> config);
};

}  // namespace kafkasim::tools
