// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one line that says which structure the simulator's event queue is.

#include "sim/event/radix_ladder.hpp"

namespace kafkasim::sim {

using EventQueue = RadixLadder;

}  // namespace kafkasim::sim
