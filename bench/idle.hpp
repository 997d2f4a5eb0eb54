// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a cluster costs that nobody uses: ZooKeeper and three brokers, started as a person starts them, with one
// topic of three replicas.

#include <cstdint>
#include <optional>

namespace kafkasim::bench {

struct IdleCost {
    double events_per_second = 0;  // of virtual time
    double us_per_second = 0;      // real microseconds for a virtual second
    double ns_per_event = 0;
    double allocations_per_event = 0;
};

/// Over so many virtual seconds, once everything has settled. Nothing if the topic could not be created.
std::optional<IdleCost> measure_idle_cluster(int partitions, int seconds);

}  // namespace kafkasim::bench
