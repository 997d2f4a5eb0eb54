// SPDX-License-Identifier: Apache-2.0
#pragma once
// The process that lets a crowd work: it starts its members in their turn, does the deeds of churn at random times to
// random members, and when the time of the workload is over it brings back who is away and stops the producers. What
// chance decides is drawn from its own stream, so that nothing else moves it.

#include <memory>

#include "core/node/node.hpp"

namespace kafkasim::sim::workload {

class Crowd;

/// The crowd must outlive the process. Ctrl+C ends it: nobody is started or troubled any more.
std::unique_ptr<node::Node> make_director(Crowd& crowd);

}  // namespace kafkasim::sim::workload
