// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a sweep over seeds has come to, as text for people and as JSON for programs. Pure. The same seeds give the same
// report, whoever played them in which order.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "sim/fuzz/play_seed.hpp"

namespace kafkasim::sim::fuzz {

struct Sweep {
    std::string profile;
    uint64_t first = 0;
    uint64_t last = 0;
    std::map<uint64_t, SeedResult> failed;  // by seed
    std::map<uint64_t, uint64_t> digests;   // of all that were played
    uint64_t events = 0;
    int64_t virtual_ms = 0;

    void add(SeedResult&& result);
    uint64_t played() const { return digests.size(); }
    bool complete() const { return played() == last - first + 1; }
    /// Of all digests in the order of the seeds.
    uint64_t digest() const;
};

/// "groups-17.json"
std::string file_name(const std::string& profile, uint64_t seed);

/// A line for each seed that found something, and the sum; `folder`: where the scenarios of these were written.
std::string text_of(const Sweep& sweep, const std::string& folder);
std::string json_of(const Sweep& sweep);

/// One seed's result as a line, for a pipe between processes, and back.
std::string line_of(const SeedResult& result);
std::optional<SeedResult> result_of_line(const std::string& line);

}  // namespace kafkasim::sim::fuzz
