// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/suggestion.hpp"

#include <algorithm>

namespace kafkasim::sim::scenario {

namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return result;
}

}  // namespace

size_t edit_distance(std::string_view a, std::string_view b) {
    // Rows of the table for the prefixes of `a` that are two, one and zero letters shorter.
    std::vector<size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        before_last.swap(last);
        last.swap(row);
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
    }
    return row[b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string_view>& words) {
    std::string_view best;
    size_t best_distance = 0;
    for (std::string_view candidate : words) {
        const size_t distance = edit_distance(lower(word), lower(candidate));
        if (distance > std::max<size_t>(1, std::max(candidate.size(), word.size()) / 3) ||
            distance >= std::max(candidate.size(), word.size()))
            continue;
        if (best.empty() || distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return std::string(best);
}

}  // namespace kafkasim::sim::scenario
