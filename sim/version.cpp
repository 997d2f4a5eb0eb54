// SPDX-License-Identifier: Apache-2.0
#include "sim/version.hpp"

namespace kafkasim::sim {

std::string_view version() { return "0.1.0"; }

}  // namespace kafkasim::sim
