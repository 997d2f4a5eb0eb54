// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one line at the bottom of the lab: the time in the cluster, its speed, which brokers are up, the terminals with
// a mark where something was shown that nobody has seen. By cameras.

#include <string>

namespace kafkasim::sim::lab {

class Session;

/// Exactly so many columns. "(2)": broker 2 is down; "3*": broker 3 is the controller; "2:zk+": unseen output.
std::string status_line(const Session& session, size_t columns);

}  // namespace kafkasim::sim::lab
