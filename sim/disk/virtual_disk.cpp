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

bool VirtualDisk::allowed(const std::string& full, DiskAccess::Kind kind) {
    bool good = true;
    for (DiskRule* rule : rules_) {
        const DiskVerdict verdict = rule->judge({full, kind, now_});
        done_ = std::max(done_, verdict.done);
        if (verdict.failure.empty()) continue;
        failures_.emplace(full, verdict.failure);
        good = false;
    }
    return good;
}

void VirtualDisk::make_directories(std::string_view directory) {
    std::string full = absolute(directory);
    const bool there = directories_.contains(full);
    if (!allowed(full, there ? DiskAccess::Kind::Changes : DiskAccess::Kind::Adds)) return;
    while (directories_.insert(full).second) full = parent_of(full);
}

void VirtualDisk::remove(std::string_view path) {
    const std::string full = absolute(path);
    if (!allowed(full, DiskAccess::Kind::Changes)) return;
    files_.erase(full);
    directories_.erase(full);
    std::erase_if(files_, [&](const auto& entry) { return is_below(entry.first, full); });
    std::erase_if(directories_, [&](const std::string& entry) { return is_below(entry, full); });
}

void VirtualDisk::rename(std::string_view from, std::string_view to) {
    const std::string source = absolute(from);
    const std::string target = absolute(to);
    if (source == target || !allowed(source, DiskAccess::Kind::Changes)) return;
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

VirtualDisk::File& VirtualDisk::open(const std::string& full) {
    const auto found = files_.find(full);
    if (found != files_.end()) return found->second;
    for (std::string above = parent_of(full); directories_.insert(above).second;) above = parent_of(above);
    return files_[full];
}

void VirtualDisk::text_changes(File& file) const {
    if (now_ - file.changed >= kWrittenBackAfter) file.durable_text = file.text;
    file.changed = now_;
}

void VirtualDisk::write_text(std::string_view path, std::string_view text) {
    const std::string full = absolute(path);
    if (!allowed(full, text.empty() ? DiskAccess::Kind::Changes : DiskAccess::Kind::Adds)) return;
    File& file = open(full);
    text_changes(file);
    file.text = text;
}

void VirtualDisk::append_text(std::string_view path, std::string_view text) {
    const std::string full = absolute(path);
    if (!allowed(full, DiskAccess::Kind::Adds)) return;
    File& file = open(full);
    text_changes(file);
    file.text += text;
}

std::vector<protocol::RecordBatch> VirtualDisk::read_batches(std::string_view path) const {
    const auto found = files_.find(absolute(path));
    if (found == files_.end()) return {};
    return found->second.batches;
}

void VirtualDisk::append_batch(std::string_view path, const protocol::RecordBatch& batch) {
    const std::string full = absolute(path);
    if (!allowed(full, DiskAccess::Kind::Adds)) return;
    File& file = open(full);
    file.is_segment = true;
    file.segment_bytes += batch.size_in_bytes();
    file.batches.push_back(batch);
    file.written.push_back(now_);
}

void VirtualDisk::keep_batches(std::string_view path, size_t count) {
    const std::string full = absolute(path);
    if (!allowed(full, DiskAccess::Kind::Changes)) return;
    File& file = open(full);
    file.is_segment = true;
    if (count >= file.batches.size()) return;
    file.batches.resize(count);
    file.durable_batches = std::min(file.durable_batches, count);
    file.written.resize(count - file.durable_batches);
    file.segment_bytes = 0;
    for (const auto& batch : file.batches) file.segment_bytes += batch.size_in_bytes();
}

int64_t VirtualDisk::size(std::string_view path) const {
    const auto found = files_.find(absolute(path));
    if (found == files_.end()) return 0;
    return found->second.is_segment ? found->second.segment_bytes : static_cast<int64_t>(found->second.text.size());
}

void VirtualDisk::flush(std::string_view path) {
    const std::string full = absolute(path);
    const auto found = files_.find(full);
    if (found == files_.end() || !allowed(full, DiskAccess::Kind::Changes)) return;
    File& file = found->second;
    file.durable_batches = file.batches.size();
    file.written.clear();
    file.durable_text = file.text;
}

std::optional<std::string> VirtualDisk::failure(std::string_view path) const {
    if (failures_.empty()) return std::nullopt;
    const std::string full = absolute(path);
    for (auto it = failures_.lower_bound(full); it != failures_.end() && it->first.starts_with(full); ++it) {
        if (it->first == full || is_below(it->first, full)) return it->second;
    }
    return std::nullopt;
}

void VirtualDisk::forget_failure(std::string_view path) {
    const std::string full = absolute(path);
    std::erase_if(failures_, [&](const auto& entry) { return entry.first == full || is_below(entry.first, full); });
}

bool VirtualDisk::disturbed(std::string_view path) const {
    if (rules_.empty()) return false;
    const std::string full = absolute(path);
    return std::any_of(rules_.begin(), rules_.end(), [&](const DiskRule* rule) { return rule->covers(full); });
}

std::vector<VirtualDisk::Loss> VirtualDisk::lose_unflushed(std::string_view below) {
    const std::string directory = absolute(below);
    std::vector<Loss> losses;
    for (auto& [path, file] : files_) {
        if (!is_below(path, directory)) continue;
        file.durable_batches +=
            static_cast<size_t>(std::count_if(file.written.begin(), file.written.end(),
                                              [&](Instant written) { return now_ - written >= kWrittenBackAfter; }));
        if (now_ - file.changed >= kWrittenBackAfter) file.durable_text = file.text;
        const Loss loss{path, file.batches.size() - file.durable_batches,
                        file.text == file.durable_text ? 0 : std::max<size_t>(file.text.size(), 1)};
        if (loss.batches > 0 || loss.characters > 0) losses.push_back(loss);
        file.text = file.durable_text;
        file.written.clear();
        file.batches.resize(file.durable_batches);
        file.segment_bytes = 0;
        for (const auto& batch : file.batches) file.segment_bytes += batch.size_in_bytes();
    }
    return losses;
}

}  // namespace kafkasim::sim
