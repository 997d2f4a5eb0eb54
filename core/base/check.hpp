// SPDX-License-Identifier: Apache-2.0
#pragma once
// CHECK_INVARIANT(condition, "text"): our own broken invariants stop the run, in every build. Never for what a peer
// or a user can cause: that is
// an ErrorCode or a Result. `check_failed` is declared here and defined by the world (sim/), which knows the seed
// and the command
// that shows it again; core itself prints nothing.

#include <string_view>

namespace kafkasim {

[[noreturn]] void check_failed(std::string_view file, int line, std::string_view condition, std::string_view text);

}  // namespace kafkasim

#define CHECK_INVARIANT(condition, text)                                                    \
    do {                                                                                    \
        if (!(condition)) ::kafkasim::check_failed(__FILE__, __LINE__, #condition, (text)); \
    } while (false)
