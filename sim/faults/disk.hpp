// SPDX-License-Identifier: Apache-2.0
#pragma once
// What befalls the disk of a process: its folders (log.dirs, dataDir) are slow, full or broken. Other folders of the
// host, and the folders of other processes, are not concerned.

#include <string>
#include <vector>

#include "sim/disk/rule.hpp"

namespace kafkasim::sim {

/// The folders of a process, and how they are called together: "broker-2's disk".
struct DiskOf {
    std::string process;
    std::vector<std::string> folders;  // absolute

    bool holds(std::string_view path) const;
    bool operator==(const DiskOf&) const = default;
};

class DiskFault : public DiskRule {
public:
    explicit DiskFault(DiskOf disk) : disk_(std::move(disk)) {}

    bool covers(std::string_view path) const override { return disk_.holds(path); }
    uint64_t touched() const override { return touched_; }
    const DiskOf& disk() const { return disk_; }

protected:
    DiskOf disk_;
    uint64_t touched_ = 0;
};

/// Every access takes so much longer, one after another. What a process sends in an event that has accessed the disk
/// leaves when the disk is done, and its timers count from then; what other events do is not held up.
/// Simplified: only what is sent and timed is late. What was written is in memory at once, and an event that touches
/// no disk can show it.
class SlowDisk final : public DiskFault {
public:
    SlowDisk(DiskOf disk, Duration by) : DiskFault(std::move(disk)), by_(by) {}

    DiskVerdict judge(const DiskAccess& access) override;
    std::string receipt() const override;

private:
    Duration by_;
    Instant busy_until_;
};

/// Nothing fits any more: what needs room fails with ENOSPC. Flushing, truncating, renaming and removing go on.
class FullDisk final : public DiskFault {
public:
    using DiskFault::DiskFault;

    DiskVerdict judge(const DiskAccess& access) override;
    std::string receipt() const override;
};

/// Every access that changes something fails with EIO.
/// Simplified: what is read is read from the page cache.
class FailedDisk final : public DiskFault {
public:
    using DiskFault::DiskFault;

    DiskVerdict judge(const DiskAccess& access) override;
    std::string receipt() const override;
};

}  // namespace kafkasim::sim
