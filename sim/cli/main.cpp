// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include "sim/version.hpp"
int main() { fmt::print("kafkasim {}\n", kafkasim::sim::version()); }
