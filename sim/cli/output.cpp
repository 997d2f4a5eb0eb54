// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <fstream>

#include "sim/cli/commands.hpp"

namespace kafkasim::sim::cli {

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::string write_file(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    return file.good() ? "" : path + ": cannot be written";
}

}  // namespace kafkasim::sim::cli
