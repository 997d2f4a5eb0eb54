// SPDX-License-Identifier: Apache-2.0
#pragma once
// Finds scenarios by FILE, FOLDER or the NAME of a built-in one, reads them, and prints what is wrong with them.

#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace kafkasim::sim::cli {

/// With the scenarios of a folder, sorted by name, in place of the folder: one on the disk, or one that is built in.
std::vector<std::string> with_folders(const std::vector<std::string>& files_or_names);

/// All of them, or nothing if any has a problem; all problems of all files are printed to stderr, as
/// FILE:LINE:COLUMN: ...
std::optional<std::vector<scenario::Scenario>> load(const std::vector<std::string>& files_or_names);

/// "kafkasim: ..." on stderr.
void complain(const std::string& text);

}  // namespace kafkasim::sim::cli
