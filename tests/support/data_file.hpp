// SPDX-License-Identifier: Apache-2.0
#pragma once
// A file of tests/data, whole. Tests run in the project's folder. A file that is not there is a failed test.

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "tests/catch.hpp"

namespace kafkasim::test {

inline std::string data_file(std::string_view name) {
    const std::string path = "tests/data/" + std::string(name);
    std::ifstream file(path, std::ios::binary);
    if (!file) FAIL("cannot read " << path);
    std::ostringstream content;
    content << file.rdbuf();
    return content.str();
}

}  // namespace kafkasim::test
