// SPDX-License-Identifier: Apache-2.0
// What a broken invariant of ours ends in: a report with the place, what should have held, and the command that
// shows it again.
#include <cstdio>
#include <cstdlib>

#include "core/base/check.hpp"
#include "sim/world/run_label.hpp"

namespace kafkasim {

[[noreturn]] void check_failed(std::string_view file, int line, std::string_view condition, std::string_view text) {
    std::fflush(stdout);
    std::fprintf(stderr, "kafkasim: a defect of kafkasim itself: %.*s\n  %.*s:%d: %.*s does not hold\n",
                 static_cast<int>(text.size()), text.data(), static_cast<int>(file.size()), file.data(), line,
                 static_cast<int>(condition.size()), condition.data());
    if (!sim::run_label().empty()) std::fprintf(stderr, "  repeat with: %s\n", sim::run_label().c_str());
    std::abort();
}

}  // namespace kafkasim
