// SPDX-License-Identifier: Apache-2.0
//
// The version of the program, as kafkasim --version and reports print it.
#pragma once

#include <string_view>

namespace kafkasim::sim {

std::string_view version();

}  // namespace kafkasim::sim
