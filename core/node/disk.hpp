// SPDX-License-Identifier: Apache-2.0
#pragma once
// The file system of the host that a process runs on, as the process sees it. It survives the process. Paths are
// absolute or relative to the
// folder that commands run in. A file holds text (checkpoints, *.properties, what a person redirects) or a sequence
// of record batches (a
// segment `.log`), so that segments share their batches with the leader's memory instead of copying bytes.
// What is written is in the page cache; flush() makes it durable; kill -9 keeps the cache, a power cut does not
// (sim/ decides).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/protocol/record_batch.hpp"

namespace kafkasim::node {

class Disk {
public:
    virtual ~Disk() = default;

    virtual bool exists(std::string_view path) const = 0;
    virtual bool is_directory(std::string_view path) const = 0;
    /// Names in a folder, sorted; nullopt if there is no such folder.
    virtual std::optional<std::vector<std::string>> list(std::string_view directory) const = 0;
    /// Makes the folder and those above it.
    virtual void make_directories(std::string_view directory) = 0;
    /// Removes a file, or a folder with all that is in it.
    virtual void remove(std::string_view path) = 0;
    virtual void rename(std::string_view from, std::string_view to) = 0;

    virtual std::optional<std::string> read_text(std::string_view path) const = 0;
    /// Replaces the file's content (as write to a temporary file and rename), making it if absent. The folder must
    /// exist.
    virtual void write_text(std::string_view path, std::string_view text) = 0;
    /// Adds to the file's end, making it if absent.
    virtual void append_text(std::string_view path, std::string_view text) = 0;

    /// The batches of a segment file, in order; empty if there is none.
    virtual std::vector<protocol::RecordBatch> read_batches(std::string_view path) const = 0;
    virtual void append_batch(std::string_view path, const protocol::RecordBatch& batch) = 0;
    /// Keeps the first `count` batches.
    virtual void keep_batches(std::string_view path, size_t count) = 0;
    /// Size in bytes of a file as the real one would be.
    virtual int64_t size(std::string_view path) const = 0;
    virtual void flush(std::string_view path) = 0;

    /// Why what was written last at or below `path` did not get there ("No space left on device", "Input/output
    /// error"); nullopt: all did. A call that failed changed nothing; the reason stays until `forget_failure`.
    virtual std::optional<std::string> failure(std::string_view) const { return std::nullopt; }
    virtual void forget_failure(std::string_view) {}
    /// Something is the matter with the disk at `path`: also a write that changes nothing would be noticed there, for
    /// it takes time or fails. Who leaves such writes out does them then.
    virtual bool disturbed(std::string_view) const { return false; }
};

}  // namespace kafkasim::node
