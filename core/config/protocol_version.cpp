// SPDX-License-Identifier: Apache-2.0
#include "core/config/protocol_version.hpp"

namespace kafkasim::config {

namespace {

constexpr std::string_view kHighWatermark = "truncate-to-high-watermark";
constexpr std::string_view kKip101 = "kip-101";
constexpr std::string_view kKip279 = "kip-279";
constexpr std::string_view kKip320 = "kip-320";
constexpr std::string_view kCurrent = "3.0.0";

constexpr ProtocolVersion kVersions[] = {
    {"0.8.0", kHighWatermark},
    {"0.8.1", kHighWatermark},
    {"0.8.2", kHighWatermark},
    {"0.9.0", kHighWatermark},
    {"0.10.0-IV0", kHighWatermark},
    {"0.10.0-IV1", kHighWatermark},
    {"0.10.1-IV0", kHighWatermark},
    {"0.10.1-IV1", kHighWatermark},
    {"0.10.1-IV2", kHighWatermark},
    {"0.10.2-IV0", kHighWatermark},
    {"0.11.0-IV0", kHighWatermark},
    {"0.11.0-IV1", kHighWatermark},
    {"0.11.0-IV2", kKip101},  // OffsetsForLeaderEpoch
    {"1.0-IV0", kKip101},
    {"1.1-IV0", kKip101},
    {"2.0-IV0", kKip279},  // its answer names the epoch
    {"2.0-IV1", kKip279},
    {"2.1-IV0", kKip279},
    {"2.1-IV1", kKip279},
    {"2.1-IV2", kKip320},  // fetches carry the current leader epoch
    {"2.2-IV0", kKip320},
    {"2.2-IV1", kKip320},
    {"2.3-IV0", kKip320},
    {"2.3-IV1", kKip320},
    {"2.4-IV0", kKip320},
    {"2.4-IV1", kKip320},
    {"2.5-IV0", kKip320},
    {"2.6-IV0", kKip320},
    {"2.7-IV0", kKip320},
    {"2.7-IV1", kCurrent},        // fetches carry the last fetched epoch
    {"2.7-IV2", kCurrent, true},  // AlterIsr
    {"2.8-IV0", kCurrent, true, true},
    {"2.8-IV1", kCurrent, true, true},
    {"3.0-IV0", kCurrent, true, true},
    {"3.0-IV1", kCurrent, true, true},
};

/// The first two parts of a version, of an old one ("0.10.2.1") three.
std::string_view significant(std::string_view text) {
    size_t parts = text.starts_with("0.") ? 3 : 2;
    for (size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '.' && --parts == 0) return text.substr(0, at);
    }
    return text;
}

}  // namespace

std::optional<ProtocolVersion> find_protocol_version(std::string_view text) {
    const std::string_view wanted = significant(text);
    std::optional<ProtocolVersion> found;
    for (const ProtocolVersion& version : kVersions) {
        const bool is_short_form = version.name.substr(0, version.name.find('-')) == wanted;
        if (version.name == wanted || is_short_form) found = version;
    }
    return found;
}

}  // namespace kafkasim::config
