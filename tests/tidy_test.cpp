// SPDX-License-Identifier: Apache-2.0
//
// Style as a test: the rules of tests/tidy/rules.hpp hold for every source file of the project. That the rules
// themselves can fail is shown in tests/tidy/rules_test.cpp.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/tidy/rules.hpp"
#include "tests/tidy/source_file.hpp"

namespace kafkasim::tidy {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// Every .cpp and .hpp of the project, as paths from its root; build folders and hidden ones aside.
std::vector<std::string> source_paths() {
    std::vector<std::string> paths;
    const fs::path root = KAFKASIM_SOURCE_DIR;
    for (const fs::directory_entry& top : fs::directory_iterator(root)) {
        const std::string name = top.path().filename().string();
        if (!top.is_directory() || name.starts_with(".") || name.starts_with("build")) continue;
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(top.path())) {
            const std::string extension = entry.path().extension().string();
            if (extension == ".cpp" || extension == ".hpp")
                paths.push_back(entry.path().lexically_relative(root).string());
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

const std::vector<SourceFile>& sources() {
    static const std::vector<SourceFile> files = [] {
        std::vector<SourceFile> all;
        for (const std::string& path : source_paths()) {
            all.push_back(read_source(path, read_text(fs::path(KAFKASIM_SOURCE_DIR) / path)));
        }
        return all;
    }();
    return files;
}

std::string complaints_of_all(Complaints (*rule)(const SourceFile&)) {
    std::string all;
    for (const SourceFile& file : sources()) {
        for (const std::string& complaint : rule(file)) all += complaint + "\n";
    }
    return all;
}

std::set<std::string> compiled_sources() {
    std::set<std::string> compiled;
    std::istringstream in(read_text(fs::path(KAFKASIM_BINARY_DIR) / "sources.txt"));
    std::string target;
    std::string source;
    while (in >> target >> source) compiled.insert(source);
    return compiled;
}

}  // namespace

TEST_CASE("there are sources to look at") { CHECK(sources().size() > 10); }

TEST_CASE("folders include only what the table of arrows allows") { CHECK(complaints_of_all(check_includes) == ""); }

TEST_CASE("core and sim use no clock, chance, thread, exception or hidden state") {
    CHECK(complaints_of_all(check_bans) == "");
}

TEST_CASE("files and functions are short, or say why not") { CHECK(complaints_of_all(check_lengths) == ""); }

TEST_CASE("every file opens with its licence, and headers are guarded") {
    CHECK(complaints_of_all(check_opening) == "");
}

TEST_CASE("slow headers stay in the few files that need them") { CHECK(complaints_of_all(check_slow_headers) == ""); }

TEST_CASE("every source file is compiled by a target") {
    CHECK(check_targets(source_paths(), compiled_sources()) == Complaints{});
}

TEST_CASE("core and sim outside sim/cli are compiled without exceptions") {
    const auto commands =
        nlohmann::json::parse(read_text(fs::path(KAFKASIM_BINARY_DIR) / "compile_commands.json"), nullptr, false);
    REQUIRE(commands.is_array());
    int seen = 0;
    for (const auto& entry : commands) {
        const fs::path file = entry.at("file").get<std::string>();
        const std::string path = file.lexically_relative(KAFKASIM_SOURCE_DIR).string();
        // Several files at a time, see cmake/unity.cmake.
        const bool together = path.find("/kafkasim_core.dir/Unity/") != std::string::npos ||
                              path.find("/kafkasim_sim.dir/Unity/") != std::string::npos;
        if (!together && !path.starts_with("core/") && !path.starts_with("sim/")) continue;
        if (path.starts_with("sim/cli/") || path.starts_with("core/protocol/generator/")) continue;
        INFO(path);
        CHECK(entry.at("command").get<std::string>().find(" -fno-exceptions ") != std::string::npos);
        ++seen;
    }
    CHECK(seen > 0);
}

}  // namespace kafkasim::tidy
