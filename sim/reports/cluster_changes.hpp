// SPDX-License-Identifier: Apache-2.0
#pragma once
// What changed in the cluster during a step, in a few lines for people: brokers, controller, leaders and Isr as
// ZooKeeper came to hold them, groups as their
// coordinators saw them. It reads the trace's notes only. Called by the transcript, step by step, in order.

#include <map>
#include <string>
#include <vector>

#include "core/base/leader_and_isr.hpp"
#include "sim/trace/trace.hpp"

namespace kafkasim::sim {

class ClusterChanges {
public:
    /// The lines for all events of the trace that were not read yet.
    std::vector<std::string> read(const Trace& trace);

private:
    struct Partition {
        LeaderAndIsr before;
        LeaderAndIsr now;
        bool existed_before = false;
        bool exists = true;
    };

    void read_note(const node::Note& note);
    void reassigned(const node::Note& note);
    void topic_deleted(const node::Note& note);
    void znode_changed(const std::string& path, const std::string& change, const std::string& data);
    std::vector<std::string> partition_lines();
    /// Partitions that changed alike are one line: "__consumer_offsets: 25 partitions ...".
    std::string line_of(const std::string& topic, const std::vector<int32_t>& partitions,
                        const Partition& example) const;

    size_t read_ = 0;
    std::map<TopicPartition, Partition> changed_;
    std::map<TopicPartition, LeaderAndIsr> states_;
    std::vector<std::string> lines_;
};

}  // namespace kafkasim::sim
