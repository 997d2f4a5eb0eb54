// SPDX-License-Identifier: Apache-2.0
#pragma once
// A disk in memory for tests: node::Disk over two ordered maps. Copy it to see what a crash leaves behind;
// `flushed` lists the files flushed.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/node/disk.hpp"

namespace kafkasim::test {

class MemoryDisk : public node::Disk {
public:
    bool exists(std::string_view path) const override {
        return is_directory(path) || texts.count(key(path)) != 0 || batches.count(key(path)) != 0;
    }
    bool is_directory(std::string_view path) const override { return directories.count(key(path)) != 0; }
    std::optional<std::vector<std::string>> list(std::string_view directory) const override {
        if (!is_directory(directory)) return std::nullopt;
        const std::string prefix = key(directory) + "/";
        std::set<std::string> names;
        auto collect = [&](const std::string& path) {
            if (path.size() > prefix.size() && path.compare(0, prefix.size(), prefix) == 0) {
                names.insert(path.substr(prefix.size(), path.find('/', prefix.size()) - prefix.size()));
            }
        };
        for (const auto& [path, text] : texts) collect(path);
        for (const auto& [path, content] : batches) collect(path);
        for (const std::string& path : directories) collect(path);
        return std::vector<std::string>(names.begin(), names.end());
    }
    void make_directories(std::string_view directory) override {
        const std::string path = key(directory);
        if (!works(path)) return;
        for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
            directories.insert(path.substr(0, slash));
        }
        directories.insert(path);
    }
    void remove(std::string_view path) override {
        auto below = [&](const std::string& other) { return is_at_or_below(other, key(path)); };
        std::erase_if(texts, [&](const auto& file) { return below(file.first); });
        std::erase_if(batches, [&](const auto& file) { return below(file.first); });
        std::erase_if(directories, below);
    }
    void rename(std::string_view from, std::string_view to) override {
        move_all(texts, key(from), key(to));
        move_all(batches, key(from), key(to));
        std::set<std::string> moved;
        for (const std::string& path : directories) moved.insert(moved_path(path, key(from), key(to)));
        directories = std::move(moved);
    }

    std::optional<std::string> read_text(std::string_view path) const override {
        auto found = texts.find(key(path));
        if (found == texts.end()) return std::nullopt;
        return found->second;
    }
    void write_text(std::string_view path, std::string_view text) override {
        if (works(path)) texts[key(path)] = std::string(text);
    }
    void append_text(std::string_view path, std::string_view text) override {
        if (works(path)) texts[key(path)] += text;
    }

    std::vector<protocol::RecordBatch> read_batches(std::string_view path) const override {
        auto found = batches.find(key(path));
        return found == batches.end() ? std::vector<protocol::RecordBatch>{} : found->second;
    }
    void append_batch(std::string_view path, const protocol::RecordBatch& batch) override {
        if (works(path)) batches[key(path)].push_back(batch);
    }
    void keep_batches(std::string_view path, size_t count) override {
        auto& content = batches[key(path)];
        if (count < content.size()) content.resize(count);
    }
    int64_t size(std::string_view path) const override {
        int64_t bytes = 0;
        for (const auto& batch : read_batches(path)) bytes += batch.size_in_bytes();
        return bytes + static_cast<int64_t>(read_text(path).value_or("").size());
    }
    void flush(std::string_view path) override {
        if (works(path)) flushed.push_back(std::string(path));
    }
    std::optional<std::string> failure(std::string_view path) const override {
        for (const auto& [failed, reason] : failures) {
            if (is_at_or_below(failed, key(path))) return reason;
        }
        return std::nullopt;
    }
    void forget_failure(std::string_view path) override {
        std::erase_if(failures, [&](const auto& each) { return is_at_or_below(each.first, key(path)); });
    }

    std::map<std::string, std::string> texts;
    std::map<std::string, std::vector<protocol::RecordBatch>> batches;
    std::set<std::string> directories{"/tmp"};
    std::vector<std::string> flushed;
    /// Nothing can be written below this folder.
    std::optional<std::string> broken;
    std::map<std::string, std::string> failures;

private:
    bool works(std::string_view path) {
        if (!broken || !is_at_or_below(key(path), *broken)) return true;
        failures.emplace(key(path), "Input/output error");
        return false;
    }
    static std::string key(std::string_view path) {
        while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
        return std::string(path);
    }
    static bool is_at_or_below(const std::string& path, const std::string& top) {
        return path == top ||
               (path.size() > top.size() && path.compare(0, top.size(), top) == 0 && path[top.size()] == '/');
    }
    static std::string moved_path(const std::string& path, const std::string& from, const std::string& to) {
        return is_at_or_below(path, from) ? to + path.substr(from.size()) : path;
    }
    template <typename Map>
    static void move_all(Map& files, const std::string& from, const std::string& to) {
        Map moved;
        for (auto& [path, content] : files) moved[moved_path(path, from, to)] = std::move(content);
        files = std::move(moved);
    }
};

}  // namespace kafkasim::test
