// SPDX-License-Identifier: Apache-2.0
#pragma once
// Measures one workload on both sides, taking turns, so that what else the machine does disturbs both alike;
// medians of the rounds.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "bench/workload.hpp"

namespace kafkasim::bench {

struct Comparison {
    double ours_ns = 0;  // per event
    double naive_ns = 0;
    double ratio = 0;  // of the rounds' ratios
    bool same_events = false;
};

template <typename Number>
Number median(std::vector<Number> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

inline double ns_per_event(Workload& workload, uint64_t events) {
    const auto begin = std::chrono::steady_clock::now();
    workload.run(events);
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - begin;
    return taken.count() / static_cast<double>(events);
}

inline Comparison compare(Kind kind, uint32_t pending, int rounds, uint64_t events) {
    const auto ours = make_ours(kind, pending);
    const auto naive = make_naive(kind, pending);
    const uint64_t warm_up = std::max<uint64_t>(events, uint64_t{10} * pending);
    ours->run(warm_up);
    naive->run(warm_up);
    std::vector<double> ours_ns;
    std::vector<double> naive_ns;
    std::vector<double> ratios;
    for (int round = 0; round < rounds; ++round) {
        ours_ns.push_back(ns_per_event(*ours, events));
        naive_ns.push_back(ns_per_event(*naive, events));
        ratios.push_back(ours_ns.back() / naive_ns.back());
    }
    return Comparison{median(ours_ns), median(naive_ns), median(ratios), ours->digest() == naive->digest()};
}

}  // namespace kafkasim::bench
