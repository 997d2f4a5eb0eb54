// SPDX-License-Identifier: Apache-2.0
#include "sim/world/run_label.hpp"

namespace kafkasim::sim {

namespace {

std::string& label() {
    static std::string text;
    return text;
}

}  // namespace

void set_run_label(std::string command) { label() = std::move(command); }

const std::string& run_label() { return label(); }

}  // namespace kafkasim::sim
