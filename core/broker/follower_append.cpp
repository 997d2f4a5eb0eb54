// SPDX-License-Identifier: Apache-2.0
#include "core/broker/follower_append.hpp"

#include "core/broker/partition.hpp"
#include "core/node/log.hpp"

namespace kafkasim::broker {

log::AppendResult append_to_follower(node::Env& env, log::Log& log, BrokerId broker,
                                     const protocol::RecordBatches& records) {
    const int64_t end = log.log_end_offset();
    const bool begins_earlier = !records.empty() && log.log_start_offset() == end &&
                                records.front().base_offset < end && records.back().last_offset() >= end;
    if (begins_earlier) {
        node::info(env, "kafka.cluster.Partition",
                   "{}Unexpected offset in append to {}. First offset {} is less than log start offset {}. Since this "
                   "is the first record to be appended to the follower's log, will start the log from offset {}.",
                   partition_prefix(log.partition(), broker), to_string(log.partition()), records.front().base_offset,
                   end, records.front().base_offset);
        log.truncate_fully_and_start_at(env, records.front().base_offset);
    }
    return log.append_as_follower(env, records);
}

}  // namespace kafkasim::broker
