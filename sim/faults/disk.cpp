// SPDX-License-Identifier: Apache-2.0
#include "sim/faults/disk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/faults/receipt.hpp"

namespace kafkasim::sim {

bool DiskOf::holds(std::string_view path) const {
    return std::any_of(folders.begin(), folders.end(), [&](const std::string& folder) {
        return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
    });
}

DiskVerdict SlowDisk::judge(const DiskAccess& access) {
    if (!covers(access.path)) return {};
    ++touched_;
    busy_until_ = std::max(busy_until_, access.at) + by_;
    return {busy_until_, {}};
}

std::string SlowDisk::receipt() const {
    return fmt::format("{}'s disk took {} longer {}", disk_.process, span_text(by_), times_text(touched_));
}

DiskVerdict FullDisk::judge(const DiskAccess& access) {
    if (access.kind != DiskAccess::Kind::Adds || !covers(access.path)) return {};
    ++touched_;
    return {{}, "No space left on device"};
}

std::string FullDisk::receipt() const {
    return fmt::format("{}'s disk had no room {}", disk_.process, times_text(touched_));
}

DiskVerdict FailedDisk::judge(const DiskAccess& access) {
    if (!covers(access.path)) return {};
    ++touched_;
    return {{}, "Input/output error"};
}

std::string FailedDisk::receipt() const {
    return fmt::format("{}'s disk failed {}", disk_.process, times_text(touched_));
}

}  // namespace kafkasim::sim
