// SPDX-License-Identifier: Apache-2.0
#include "core/log/checkpoint_file.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <iterator>

#include "core/base/text.hpp"
#include "core/log/log_dir_failure.hpp"

namespace kafkasim::log {

namespace {

template <typename Number>
std::optional<Number> to_number(std::string_view text) {
    Number value{};
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string file_in(std::string_view log_dir, std::string_view file) { return fmt::format("{}/{}", log_dir, file); }

/// Days since 1970-01-01 as year, month, day of the Gregorian calendar.
std::array<int64_t, 3> civil_of(int64_t days) {
    const int64_t shifted = days + 719468;
    const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const int64_t day_of_era = shifted - era * 146097;
    const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    const int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

}  // namespace

std::string encode_offset_checkpoint(const OffsetCheckpoint& offsets) {
    std::string text = fmt::format("0\n{}\n", offsets.size());
    for (const auto& [tp, offset] : offsets) {
        fmt::format_to(std::back_inserter(text), "{} {} {}\n", tp.topic.view(), tp.partition, offset);
    }
    return text;
}

OffsetCheckpoint decode_offset_checkpoint(std::string_view text) {
    OffsetCheckpoint offsets;
    if (next_line(text) != "0") return offsets;
    next_line(text);  // the number of entries
    while (!text.empty()) {
        const std::string_view line = next_line(text);
        const size_t first = line.find(' ');
        const size_t second = line.find(' ', first == std::string_view::npos ? first : first + 1);
        if (second == std::string_view::npos) break;
        const auto partition = to_number<int32_t>(line.substr(first + 1, second - first - 1));
        const auto offset = to_number<int64_t>(line.substr(second + 1));
        if (!partition || !offset) break;
        offsets[{TopicName(line.substr(0, first)), *partition}] = *offset;
    }
    return offsets;
}

OffsetCheckpoint read_offset_checkpoint(node::Env& env, std::string_view log_dir, std::string_view file) {
    return decode_offset_checkpoint(env.disk().read_text(file_in(log_dir, file)).value_or(""));
}

bool write_offset_checkpoint(node::Env& env, std::string_view log_dir, std::string_view file,
                             const OffsetCheckpoint& offsets) {
    if (has_failed(env, log_dir)) return false;
    const std::string path = file_in(log_dir, file);
    env.disk().write_text(path, encode_offset_checkpoint(offsets));
    env.disk().flush(path);
    return !has_failed(env, log_dir) || !write_failed(env, log_dir, checkpoint_error(path), path + ".tmp");
}

std::string encode_partition_metadata(const Uuid& topic_id) {
    return fmt::format("version: 0\ntopic_id: {}", topic_id.text());
}

std::optional<Uuid> decode_partition_metadata(std::string_view text) {
    while (!text.empty()) {
        const std::string_view line = next_line(text);
        constexpr std::string_view kKey = "topic_id: ";
        if (line.substr(0, kKey.size()) == kKey) return Uuid::from_text(line.substr(kKey.size()));
    }
    return std::nullopt;
}

std::string encode_meta_properties(const MetaProperties& properties, WallMillis now) {
    return fmt::format("#\n#{}\nbroker.id={}\nversion=0\ncluster.id={}\n", java_date(now), properties.broker_id,
                       properties.cluster_id);
}

std::optional<MetaProperties> decode_meta_properties(std::string_view text) {
    MetaProperties properties;
    bool versioned = false;
    while (!text.empty()) {
        const std::string_view line = next_line(text);
        const size_t equals = line.find('=');
        if (equals == std::string_view::npos || line.front() == '#') continue;
        const std::string_view value = line.substr(equals + 1);
        if (line.substr(0, equals) == "broker.id") properties.broker_id = to_number<int32_t>(value).value_or(-1);
        if (line.substr(0, equals) == "cluster.id") properties.cluster_id = std::string(value);
        if (line.substr(0, equals) == "version") versioned = value == "0";
    }
    if (!versioned) return std::nullopt;
    return properties;
}

std::optional<MetaProperties> read_meta_properties(node::Env& env, std::string_view log_dir) {
    const auto text = env.disk().read_text(file_in(log_dir, "meta.properties"));
    return text ? decode_meta_properties(*text) : std::nullopt;
}

void write_meta_properties(node::Env& env, std::string_view log_dir, const MetaProperties& properties) {
    env.disk().make_directories(log_dir);
    const std::string path = file_in(log_dir, "meta.properties");
    env.disk().write_text(path, encode_meta_properties(properties, env.wall_clock()));
    env.disk().flush(path);
}

std::string java_date(WallMillis time) {
    static constexpr std::array<std::string_view, 7> kDays{"Thu", "Fri", "Sat", "Sun",
                                                           "Mon", "Tue", "Wed"};  // 1970-01-01 was a Thursday
    static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const int64_t seconds = time.value / 1000;
    const int64_t days = seconds / 86400;
    const auto [year, month, day] = civil_of(days);
    const int64_t of_day = seconds % 86400;
    return fmt::format("{} {} {:02} {:02}:{:02}:{:02} UTC {}", kDays[static_cast<size_t>(days % 7)],
                       kMonths[static_cast<size_t>(month - 1)], day, of_day / 3600, of_day / 60 % 60, of_day % 60,
                       year);
}

}  // namespace kafkasim::log
