// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/scenario/embedded_scenarios.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/suggestion.hpp"

namespace kafkasim::sim::cli {

namespace {

struct Source {
    std::string path;
    std::string text;
};

std::optional<Source> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        complain(path + ": cannot be read");
        return std::nullopt;
    }
    return Source{path, std::string(std::istreambuf_iterator<char>(file), {})};
}

std::optional<Source> find(const std::string& file_or_name) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(file_or_name, ignored)) return read_file(file_or_name);
    std::vector<std::string_view> names;
    std::vector<const EmbeddedScenario*> shortened;  // whose last part it is
    for (const EmbeddedScenario& built_in : embedded_scenarios()) {
        if (built_in.name == file_or_name) return Source{file_or_name, std::string(built_in.json)};
        names.push_back(built_in.name);
        if (built_in.name.ends_with("/" + file_or_name)) shortened.push_back(&built_in);
    }
    if (shortened.size() == 1)
        return Source{std::string(shortened.front()->name), std::string(shortened.front()->json)};
    const std::string suggestion = scenario::nearest(file_or_name, names);
    complain(file_or_name + ": no such file, and no built-in scenario of that name" +
             (suggestion.empty() ? "." : "; did you mean \"" + suggestion + "\"?") +
             " `kafkasim scenarios` lists them");
    return std::nullopt;
}

std::vector<std::string> in_folder(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& file : std::filesystem::directory_iterator(folder, ignored)) {
        if (file.path().extension() == ".json") names.push_back(file.path().string());
    }
    std::sort(names.begin(), names.end());
    if (!names.empty() || std::filesystem::exists(folder, ignored)) return names;
    for (const EmbeddedScenario& built_in : embedded_scenarios()) {
        if (built_in.name.starts_with(folder + "/")) names.emplace_back(built_in.name);
    }
    return names;
}

}  // namespace

std::vector<std::string> with_folders(const std::vector<std::string>& files_or_names) {
    std::vector<std::string> all;
    for (std::string name : files_or_names) {
        while (name.size() > 1 && name.ends_with('/')) name.pop_back();
        const std::vector<std::string> inside = in_folder(name);
        if (inside.empty())
            all.push_back(std::move(name));
        else
            all.insert(all.end(), inside.begin(), inside.end());
    }
    return all;
}

void complain(const std::string& text) { fmt::print(stderr, "kafkasim: {}\n", text); }

std::optional<std::vector<scenario::Scenario>> load(const std::vector<std::string>& files_or_names) {
    std::vector<scenario::Scenario> scenarios;
    for (const std::string& file_or_name : files_or_names) {
        const auto source = find(file_or_name);
        if (!source) continue;
        auto read = scenario::read_scenario(source->text, source->path);
        for (const scenario::Problem& problem : read.problems)
            fmt::print(stderr, "{}:{}\n", source->path, problem.text());
        if (read.problems.size() > 1) fmt::print(stderr, "{}: {} problems\n", source->path, read.problems.size());
        if (read.scenario) scenarios.push_back(std::move(*read.scenario));
    }
    if (scenarios.size() != files_or_names.size()) return std::nullopt;
    return scenarios;
}

}  // namespace kafkasim::sim::cli
