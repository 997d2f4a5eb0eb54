// SPDX-License-Identifier: Apache-2.0
#pragma once
// A host's file system in memory: it outlives the processes that write to it. Text files and segment files; see
// core/node/disk.hpp for what a process
// may do. Relative paths start in the folder of the unpacked tarball, where people type their commands.
// What was written but not flushed is only in the page cache: `lose_unflushed` is a power cut.
// A value: a copy is a snapshot.

#include <map>
#include <set>

#include "core/node/disk.hpp"

namespace kafkasim::sim {

class VirtualDisk final : public node::Disk {
public:
    static constexpr std::string_view kHome = "/tmp/kafka_2.13-3.0.0";

    VirtualDisk();

    bool exists(std::string_view path) const override;
    bool is_directory(std::string_view path) const override;
    std::optional<std::vector<std::string>> list(std::string_view directory) const override;
    void make_directories(std::string_view directory) override;
    void remove(std::string_view path) override;
    void rename(std::string_view from, std::string_view to) override;
    std::optional<std::string> read_text(std::string_view path) const override;
    void write_text(std::string_view path, std::string_view text) override;
    void append_text(std::string_view path, std::string_view text) override;
    std::vector<protocol::RecordBatch> read_batches(std::string_view path) const override;
    void append_batch(std::string_view path, const protocol::RecordBatch& batch) override;
    void keep_batches(std::string_view path, size_t count) override;
    int64_t size(std::string_view path) const override;
    void flush(std::string_view path) override;

    /// A power cut: below this folder everything goes back to what was flushed.
    void lose_unflushed(std::string_view below);
    /// The absolute form of a path: no "." or "..", no double or trailing slash.
    static std::string absolute(std::string_view path);

private:
    struct File {
        std::string text;
        std::vector<protocol::RecordBatch> batches;
        size_t flushed_batches = 0;
        bool is_segment = false;
        int64_t segment_bytes = 0;
    };

    File& open(std::string_view path);

    std::map<std::string, File, std::less<>> files_;
    std::set<std::string, std::less<>> directories_;
};

}  // namespace kafkasim::sim
