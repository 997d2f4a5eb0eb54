// SPDX-License-Identifier: Apache-2.0
#pragma once
// A file of the project, whole. Tests run in its folder. A file that is not there is a failed test.

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "tests/catch.hpp"

namespace kafkasim::test {

inline std::string project_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) FAIL("cannot read " << path);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

/// Of tests/data.
inline std::string data_file(std::string_view name) { return project_file("tests/data/" + std::string(name)); }

}  // namespace kafkasim::test
