// SPDX-License-Identifier: Apache-2.0
#pragma once
// A host's file system in memory: it outlives the processes that write to it. Text files and segment files; see
// core/node/disk.hpp for what a process may do. Relative paths start in the folder of the unpacked tarball, where
// people type their commands.
// What was written but not flushed is only in the page cache: `lose_unflushed` is a power cut. The system writes back
// by itself what has been there for 30 s (Linux: vm.dirty_expire_centisecs).
// Simplified: that a file was made, renamed or removed is on disk at once; of a file that was written twice within
// 30 s, the first content is never written back.
// Rules (sim/disk/rule.hpp) make it slow, full or broken. A value: a copy is a snapshot.

#include <map>
#include <set>

#include "core/node/disk.hpp"
#include "sim/disk/rule.hpp"

namespace kafkasim::sim {

class VirtualDisk final : public node::Disk {
public:
    static constexpr std::string_view kHome = "/tmp/kafka_2.13-3.0.0";
    static constexpr Duration kWrittenBackAfter = 30s;

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
    std::optional<std::string> failure(std::string_view path) const override;
    void forget_failure(std::string_view path) override;
    bool disturbed(std::string_view path) const override;

    /// An event begins: what is written from now on is written at this time.
    void begin_event(Instant now) { now_ = done_ = now; }
    /// When all that was written in this event is over.
    Instant done() const { return done_; }

    void add_rule(DiskRule* rule) { rules_.push_back(rule); }
    void remove_rule(DiskRule* rule) { std::erase(rules_, rule); }

    /// A power cut: below this folder everything goes back to what is on disk. How many batches (of a segment) or
    /// characters (of a text) each file lost.
    struct Loss {
        std::string path;
        size_t batches = 0;
        size_t characters = 0;
    };
    std::vector<Loss> lose_unflushed(std::string_view below);
    /// The absolute form of a path: no "." or "..", no double or trailing slash.
    static std::string absolute(std::string_view path);

private:
    struct File {
        std::string text;
        std::vector<protocol::RecordBatch> batches;
        bool is_segment = false;
        int64_t segment_bytes = 0;
        // What a power cut leaves.
        std::string durable_text;
        size_t durable_batches = 0;
        Instant changed;               // when the text was written
        std::vector<Instant> written;  // when each batch that is not flushed was
    };

    File& open(const std::string& full);
    /// Before a text changes: the old one may have been written back.
    void text_changes(File& file) const;
    /// False if a rule forbids it; then the failure is noted.
    bool allowed(const std::string& full, DiskAccess::Kind kind);

    std::map<std::string, File, std::less<>> files_;
    std::set<std::string, std::less<>> directories_;
    std::vector<DiskRule*> rules_;
    std::map<std::string, std::string, std::less<>> failures_;  // by path: why the first write failed
    Instant now_;
    Instant done_;
};

}  // namespace kafkasim::sim
