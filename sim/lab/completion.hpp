// SPDX-License-Identifier: Apache-2.0
#pragma once
// What may stand where the cursor is: programs, their options, topics, groups, brokers, files, znodes, the lab's own
// commands. Asked of the simulator by cameras, never of the cluster by a message.

#include <string>
#include <string_view>
#include <vector>

namespace kafkasim::sim::lab {

class Session;

struct Completion {
    size_t begin = 0;                     // of the word that is completed, in the line
    std::vector<std::string> candidates;  // sorted, all with the word's beginning; a folder ends with '/'

    /// What all of them begin with.
    std::string common() const;
};

/// `line` up to the cursor, as it would be entered in the focused terminal.
Completion complete(const Session& session, std::string_view line);

}  // namespace kafkasim::sim::lab
