// SPDX-License-Identifier: Apache-2.0
#pragma once
// File name patterns of a command line: which files `*` and `?` stand for, as bash expands them. A pattern that fits
// no file stays as it is written. Called by the launcher.

#include <string>
#include <string_view>
#include <vector>

#include "sim/disk/virtual_disk.hpp"
#include "sim/shell/command_line.hpp"

namespace kafkasim::sim {

/// Whether one name fits a pattern without `/`; a leading `.` has to be written.
bool fits_glob(std::string_view pattern, std::string_view name);

/// The words of a command with its patterns replaced by the files that fit, sorted by name.
std::vector<std::string> expanded_words(const Command& command, const VirtualDisk& disk);

}  // namespace kafkasim::sim
