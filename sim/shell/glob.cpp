// SPDX-License-Identifier: Apache-2.0
#include "sim/shell/glob.hpp"

#include <algorithm>

namespace kafkasim::sim {

namespace {

bool fits_from(std::string_view pattern, std::string_view name) {
    if (pattern.empty()) return name.empty();
    if (pattern[0] == kAnyText) {
        for (size_t skipped = 0; skipped <= name.size(); ++skipped) {
            if (fits_from(pattern.substr(1), name.substr(skipped))) return true;
        }
        return false;
    }
    if (name.empty() || (pattern[0] != kAnyCharacter && pattern[0] != name[0])) return false;
    return fits_from(pattern.substr(1), name.substr(1));
}

/// The paths below `folder` that fit what is left of a pattern.
void find(const VirtualDisk& disk, const std::string& folder, std::string_view pattern,
          std::vector<std::string>& found) {
    const size_t slash = std::min(pattern.find('/'), pattern.size());
    const std::string_view part = pattern.substr(0, slash);
    const bool last = slash == pattern.size();
    auto names = disk.list(folder.empty() ? "." : folder).value_or(std::vector<std::string>());
    std::sort(names.begin(), names.end());
    if (part.find(kAnyText) == part.npos && part.find(kAnyCharacter) == part.npos) names = {std::string(part)};
    for (const std::string& name : names) {
        if (!fits_glob(part, name)) continue;
        const std::string path = folder + name;
        if (!last)
            find(disk, path + "/", pattern.substr(slash + 1), found);
        else if (name.empty() || disk.exists(path))
            found.push_back(path);
    }
}

}  // namespace

bool fits_glob(std::string_view pattern, std::string_view name) {
    if (name.starts_with(".") && !pattern.starts_with(".")) return false;
    return fits_from(pattern, name);
}

std::vector<std::string> expanded_words(const Command& command, const VirtualDisk& disk) {
    std::vector<std::string> words;
    for (size_t i = 0; i < command.words.size(); ++i) {
        std::vector<std::string> found;
        if (const auto glob = command.globs.find(i); glob != command.globs.end()) find(disk, "", glob->second, found);
        if (found.empty()) found.push_back(command.words[i]);
        words.insert(words.end(), found.begin(), found.end());
    }
    return words;
}

}  // namespace kafkasim::sim
