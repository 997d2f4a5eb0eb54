// SPDX-License-Identifier: Apache-2.0
#include "core/broker/delayed_delete_records.hpp"

#include <algorithm>

namespace kafkasim::broker {

int64_t low_watermark(int64_t leader_log_start_offset, const std::vector<Replica>& followers,
                      const MetadataCache& metadata) {
    int64_t lowest = leader_log_start_offset;
    for (const Replica& follower : followers) {
        if (metadata.alive(follower.id)) lowest = std::min(lowest, follower.log_start_offset);
    }
    return lowest;
}

}  // namespace kafkasim::broker
