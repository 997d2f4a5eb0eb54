// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether what was acknowledged to the producers of workloads was handed to a group: every record of the topics that
// its members have subscribed to. Pure. Records that were acknowledged with acks=0 do not count: nobody has said that
// they are written.

#include <string>
#include <vector>

#include "sim/history/history.hpp"

namespace kafkasim::sim::history {

struct Delivered {
    size_t acknowledged = 0;
    size_t read = 0;                // of these
    std::vector<const Send*> lost;  // acknowledged, and not read
    std::vector<Value> read_again;  // read more than once, acknowledged or not
};

Delivered delivered(const Book& book, const std::string& group);
/// Whether a group's members have subscribed to that topic of the book; by number.
std::vector<bool> topics_of(const Book& book, const std::string& group);

}  // namespace kafkasim::sim::history
