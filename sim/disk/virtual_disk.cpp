// SPDX-License-Identifier: Apache-2.0
#include "sim/disk/virtual_disk.hpp"

#include <algorithm>

namespace kafkasim::sim {

namespace {

std::string parent_of(const std::string& path) {
    const size_t slash = path.rfind('/');
    return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

bool is_below(std::string_view path, std::string_view directory) {
    return path.size() > directory.size() + 1 && path.starts_with(directory) && path[directory.size()] == '/';
}

}  // namespace

VirtualDisk::VirtualDisk() {
    directories_.insert("/");
    make_directories(kHome);
}

std::string VirtualDisk::absolute(std::string_view path) {
    std::string full;
    full.reserve(kHome.size() + 1 + path.size());
    if (!path.starts_with('/')) full = kHome;
    while (!path.empty()) {
        const size_t end = std::min(path.find('/'), path.size());
        const std::string_view part = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (part == "..") {
            full.resize(full.empty() ? 0 : full.rfind('/'));
        } else if (!part.empty() && part != ".") {
            full += '/';
            full += part;
        }
    }
    return full.empty() ? "/" : full;
}

bool VirtualDisk::exists(std::string_view path) const {
    const std::string full = absolute(path);
    return files_.contains(full) || directories_.contains(full);
}

bool VirtualDisk::is_directory(std::string_view path) const { return directories_.contains(absolute(path)); }

std::optional<std::vector<std::string>> VirtualDisk::list(std::string_view directory) const {
    const std::string full = absolute(directory);
    if (!directories_.contains(full)) return std::nullopt;
    const std::string prefix = full == "/" ? "/" : full + "/";
    std::set<std::string> names;
    const auto note = [&](const std::string& path) {
        if (path.size() > prefix.size() && path.starts_with(prefix) &&
            path.find('/', prefix.size()) == std::string::npos) {
            names.insert(path.substr(prefix.size()));
        }
    };
    for (auto it = files_.lower_bound(prefix); it != files_.end() && it->first.starts_with(prefix); ++it)
        note(it->first);
    for (auto it = directories_.lower_bound(prefix); it != directories_.end() && it->starts_with(prefix); ++it)
        note(*it);
    return std::vector<std::string>(names.begin(), names.end());
}

void VirtualDisk::make_directories(std::string_view directory) {
    std::string full = absolute(directory);
    while (directories_.insert(full).second) full = parent_of(full);
}

void VirtualDisk::remove(std::string_view path) {
    const std::string full = absolute(path);
    files_.erase(full);
    directories_.erase(full);
    std::erase_if(files_, [&](const auto& entry) { return is_below(entry.first, full); });
    std::erase_if(directories_, [&](const std::string& entry) { return is_below(entry, full); });
}

void VirtualDisk::rename(std::string_view from, std::string_view to) {
    const std::string source = absolute(from);
    const std::string target = absolute(to);
    if (source == target) return;
    std::map<std::string, File, std::less<>> moved;
    std::set<std::string> moved_directories;
    for (auto it = files_.lower_bound(source); it != files_.end() && it->first.starts_with(source);) {
        const bool mine = it->first == source || is_below(it->first, source);
        if (mine) moved.emplace(target + it->first.substr(source.size()), std::move(it->second));
        it = mine ? files_.erase(it) : std::next(it);
    }
    for (auto it = directories_.lower_bound(source); it != directories_.end() && it->starts_with(source);) {
        const bool mine = *it == source || is_below(*it, source);
        if (mine) moved_directories.insert(target + it->substr(source.size()));
        it = mine ? directories_.erase(it) : std::next(it);
    }
    for (auto& [path, file] : moved) files_.insert_or_assign(path, std::move(file));
    directories_.insert(moved_directories.begin(), moved_directories.end());
}

std::optional<std::string> VirtualDisk::read_text(std::string_view path) const {
    const auto found = files_.find(absolute(path));
    if (found == files_.end()) return std::nullopt;
    return found->second.text;
}

VirtualDisk::File& VirtualDisk::open(std::string_view path) {
    const std::string full = absolute(path);
    const auto found = files_.find(full);
    if (found != files_.end()) return found->second;
    make_directories(parent_of(full));
    return files_[full];
}

void VirtualDisk::write_text(std::string_view path, std::string_view text) { open(path).text = text; }

void VirtualDisk::append_text(std::string_view path, std::string_view text) { open(path).text += text; }

std::vector<protocol::RecordBatch> VirtualDisk::read_batches(std::string_view path) const {
    const auto found = files_.find(absolute(path));
    if (found == files_.end()) return {};
    return found->second.batches;
}

void VirtualDisk::append_batch(std::string_view path, const protocol::RecordBatch& batch) {
    File& file = open(path);
    file.is_segment = true;
    file.segment_bytes += batch.size_in_bytes();
    file.batches.push_back(batch);
}

void VirtualDisk::keep_batches(std::string_view path, size_t count) {
    File& file = open(path);
    file.is_segment = true;
    if (count >= file.batches.size()) return;
    file.batches.resize(count);
    file.flushed_batches = std::min(file.flushed_batches, count);
    file.segment_bytes = 0;
    for (const auto& batch : file.batches) file.segment_bytes += batch.size_in_bytes();
}

int64_t VirtualDisk::size(std::string_view path) const {
    const auto found = files_.find(absolute(path));
    if (found == files_.end()) return 0;
    return found->second.is_segment ? found->second.segment_bytes : static_cast<int64_t>(found->second.text.size());
}

void VirtualDisk::flush(std::string_view path) {
    const auto found = files_.find(absolute(path));
    if (found != files_.end()) found->second.flushed_batches = found->second.batches.size();
}

void VirtualDisk::lose_unflushed(std::string_view below) {
    const std::string directory = absolute(below);
    for (auto& [path, file] : files_) {
        if (is_below(path, directory) && file.is_segment) keep_batches(path, file.flushed_batches);
    }
}

}  // namespace kafkasim::sim
