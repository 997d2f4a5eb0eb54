// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/normal_form.hpp"

#include <algorithm>

#include "sim/scenario/text_pattern.hpp"

namespace kafkasim::sim::scenario {

namespace {

constexpr std::string_view kSpaces = " \t\n\r\f\v";

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string without_spaces_around(const std::string& text) {
    const size_t begin = text.find_first_not_of(kSpaces);
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(kSpaces) + 1 - begin);
}

Lines words_of(const std::string& text) {
    Lines words;
    for (size_t at = text.find_first_not_of(kSpaces); at != std::string::npos;
         at = text.find_first_not_of(kSpaces, at)) {
        const size_t end = std::min(text.find_first_of(kSpaces, at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

bool starts_with_digits_then(std::string_view text, std::string_view then) {
    const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    return digits > 0 && text.substr(digits).starts_with(then);
}

/// A line of a Java stack trace below its first.
bool is_frame(std::string_view line) {
    if (line.starts_with("Caused by: ")) return true;
    const size_t begin = line.find_first_not_of(kSpaces);
    if (begin == 0 || begin == std::string_view::npos) return false;
    const std::string_view rest = line.substr(begin);
    return rest.starts_with("at ") || (rest.starts_with("... ") && starts_with_digits_then(rest.substr(4), " more"));
}

/// "--topic orders" or "--topic=orders": the word after the option; "" if it is not there.
std::string option_value(const std::string& command, const std::string& option) {
    for (size_t found = command.find(option); found != std::string::npos; found = command.find(option, found + 1)) {
        const size_t begin = found + option.size() + 1;
        if (begin >= command.size() || (command[begin - 1] != ' ' && command[begin - 1] != '=')) continue;
        const size_t end = std::min(command.find_first_of(kSpaces, begin), command.size());
        if (end > begin) return command.substr(begin, end - begin);
    }
    return "";
}

Lines plain_lines(Side& side, const std::string& text) {
    Lines lines;
    for (const std::string& line : lines_in(text)) lines.push_back(side.chance.plain(line));
    return lines;
}

Lines sorted(Lines lines) {
    std::sort(lines.begin(), lines.end());
    return lines;
}

/// What a client or server logs: distinct lines without stack frames, because it repeats them while it retries.
Lines distinct(Side& side, const Lines& lines) {
    Lines kept;
    for (const std::string& line : lines) {
        if (!is_frame(line)) kept.push_back(side.chance.plain(line));
    }
    kept = sorted(std::move(kept));
    kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
    return kept;
}

std::string key_separator(const std::string& command) {
    constexpr std::string_view kOption = "key.separator=";
    const size_t found = command.find(kOption);
    if (found == std::string::npos) return "\t";
    const std::string rest = command.substr(found + kOption.size());
    const char quote = rest.empty() ? ' ' : rest[0];
    const size_t closing = quote == '\'' || quote == '"' ? rest.find(quote, 1) : std::string::npos;
    std::string separator =
        closing != std::string::npos ? rest.substr(0, closing + 1) : rest.substr(0, rest.find_first_of(kSpaces));
    const size_t begin = std::min(separator.find_first_not_of("'\""), separator.size());
    return separator.substr(begin, separator.find_last_not_of("'\"") + 1 - begin);
}

/// "1" of "Partition:1\tkey\tvalue"; "" if the line does not tell.
std::string partition_told(const std::string& line) {
    constexpr std::string_view kTold = "Partition:";
    for (size_t found = line.find(kTold); found != std::string::npos; found = line.find(kTold, found + 1)) {
        const size_t begin = found + kTold.size();
        const size_t end = std::min(line.find_first_not_of("0123456789", begin), line.size());
        if (end > begin) return line.substr(begin, end - begin);
    }
    return "";
}

/// Records in order per partition, as far as the output or the topic tells the partition; else per key; else as a
/// multiset.
Lines consumed(Side& side, const std::string& command, const std::string& text) {
    const auto topic = side.partitions.find(option_value(command, "--topic"));
    Lines lines = plain_lines(side, text);
    if ((topic != side.partitions.end() && topic->second == 1) || has(command, "--partition ")) return lines;
    const auto by = [&](const auto& key) {
        std::stable_sort(lines.begin(), lines.end(),
                         [&](const std::string& a, const std::string& b) { return key(a) < key(b); });
    };
    if (has(command, "print.partition=true")) {
        by(partition_told);
    } else if (has(command, "print.key=true")) {
        const std::string separator = key_separator(command);
        // Records without a key have no order among them.
        by([&](const std::string& line) {
            return std::pair(line.substr(0, line.find(separator)), has(line, "null") ? line : std::string());
        });
    } else {
        lines = sorted(std::move(lines));
    }
    return lines;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (size_t found = text.find(from); found != std::string::npos; found = text.find(from, found + to.size()))
        text.replace(found, from.size(), to);
    return text;
}

/// A group's members are named by the partitions they have, because their ids are chance.
std::string with_named_members(std::string text) {
    constexpr size_t kMemberColumn = 6;
    std::map<std::string, Lines> members;
    Lines order;
    for (const std::string& line : lines_in(text)) {
        const Lines cells = words_of(line);
        if (cells.size() <= kMemberColumn || !has_uuid(cells[kMemberColumn])) continue;
        if (!members.contains(cells[kMemberColumn])) order.push_back(cells[kMemberColumn]);
        members[cells[kMemberColumn]].push_back(cells[1] + "-" + cells[2]);
    }
    for (const std::string& member : order) {
        std::string has_partitions;
        for (const std::string& partition : sorted(members[member]))
            has_partitions += (has_partitions.empty() ? "" : ",") + partition;
        text = replaced(std::move(text), member, without_uuids(member, "<member of " + has_partitions + ">"));
    }
    return without_uuids(text, "<uuid>");
}

/// What stands between empty lines.
Lines blocks_of(const std::string& text) {
    Lines blocks(1);
    for (size_t at = 0; at < text.size();) {
        const size_t end_of_gap = std::min(text.find_first_not_of(kSpaces, at), text.size());
        const size_t last = text[at] == '\n' && end_of_gap > at ? text.rfind('\n', end_of_gap - 1) : at;
        if (last > at) {
            blocks.emplace_back();
            at = last + 1;
        } else {
            blocks.back() += text[at++];
        }
    }
    return blocks;
}

bool is_heading(const std::string& line) {
    for (std::string_view word : {"GROUP", "TOPIC"}) {
        if (line.starts_with(word) && (line.size() == word.size() || !is_word_char(line[word.size()]))) return true;
    }
    return false;
}

/// Blocks in any order; in a block, the rows under a heading in any order.
Lines tables(Side& side, const std::string& stdout_text) {
    std::string text = with_named_members(stdout_text);
    const bool generated = drop_generated_groups(text);  // their length changes the padding
    size_t empty_lines = 0;
    for (size_t found = text.find("\n\n"); found != std::string::npos; found = text.find("\n\n", found + 2))
        ++empty_lines;
    Lines blocks{std::to_string(empty_lines) + " empty lines"};
    for (const std::string& block : blocks_of(text)) {
        Lines lines;
        for (const std::string& line : lines_in(block)) {
            if (without_spaces_around(line).empty()) continue;
            std::string plain = side.chance.plain(line);
            if (generated) {
                const Lines words = words_of(plain);
                plain.clear();
                for (const std::string& word : words) plain += (plain.empty() ? "" : " ") + word;
            }
            lines.push_back(std::move(plain));
        }
        if (lines.empty()) continue;
        std::sort(lines.begin() + (is_heading(lines[0]) ? 1 : 0), lines.end());
        std::string joined;
        for (const std::string& line : lines) joined += (joined.empty() ? "" : "\n") + line;
        blocks.push_back(std::move(joined));
    }
    return sorted(std::move(blocks));
}

Lines standard_output(Side& side, const std::string& command, const std::string& text) {
    Lines lines;
    for (const std::string& line : lines_in(text)) {
        const bool frame = !line.empty() && kSpaces.find(line[0]) != std::string_view::npos &&
                           without_spaces_around(line).starts_with("at ");
        if (!frame) lines.push_back(side.chance.plain(line));
    }
    return has(command, "kafka-configs") || has(command, "leader-election") ? sorted(std::move(lines)) : lines;
}

/// "... Connection to node -1 (...) could not be ...", from `begin` on.
bool no_connection(std::string_view line, std::string_view begin, std::string_view node) {
    constexpr std::string_view kConnection = "Connection to node ";
    const size_t first = line.find(begin);
    if (first == std::string_view::npos) return false;
    for (size_t found = line.find(kConnection, first); found != std::string_view::npos;
         found = line.find(kConnection, found + 1)) {
        const std::string_view rest = line.substr(found + kConnection.size());
        if (rest.starts_with(node) && starts_with_digits_then(rest.substr(node.size()), " ") &&
            has(rest, "could not be"))
            return true;
    }
    return false;
}

Lines standard_error(Side& side, const std::string& command, const std::string& text) {
    bool several = false;
    for (const char* option : {"--broker-list", "--bootstrap-server"})
        several = several || option_value(command, option).find(',', 1) != std::string::npos;
    const auto skipped = [&](const std::string& line) {
        // AdminClient asks a random one of the brokers it knows; who closes a connection first is chance.
        if (no_connection(line, "AdminClient", "") || has(line, "while closing send thread") ||
            line.starts_with("EndOfStreamException: "))
            return true;
        const size_t bootstrap = line.find("Bootstrap broker ");
        return several &&
               (no_connection(line, "", "-") ||
                (bootstrap != std::string::npos && has(std::string_view(line).substr(bootstrap), " disconnected")));
    };
    // Before anything in them gets a number.
    Lines lines = lines_in(text);
    lines.erase(std::remove_if(lines.begin(), lines.end(), skipped), lines.end());
    return distinct(side, lines);
}

}  // namespace

Lines normal_output(Side& side, const std::string& command, const std::string& text) {
    if (has(command, "console-consumer")) return consumed(side, command, text);
    if (has(command, "consumer-groups")) return tables(side, text);
    return standard_output(side, command, text);
}

Lines normal_errors(Side& side, const std::string& command, const std::string& text) {
    return standard_error(side, command, text);
}

void cut_alike(std::string& recorded, std::string& other) {
    constexpr std::string_view kCut = "... (", kMore = " more lines)";
    Lines lines = lines_in(recorded);
    const bool cut = !lines.empty() && lines.back().starts_with(kCut) && lines.back().ends_with(kMore) &&
                     starts_with_digits_then(std::string_view(lines.back()).substr(kCut.size()), kMore);
    if (!cut) return;
    lines.pop_back();
    Lines others = lines_in(other);
    for (Lines* side : {&lines, &others})
        side->erase(std::remove_if(side->begin(), side->end(), is_frame), side->end());
    others.resize(std::min(others.size(), lines.size()));
    const auto joined = [](const Lines& parts) {
        std::string text;
        for (const std::string& part : parts) text += part + "\n";
        return text;
    };
    recorded = joined(lines);
    other = joined(others);
}

Lines normal_log(Side& side, const Lines& lines) { return distinct(side, lines); }

Lines normal_screen(Side& side, const Lines& lines) {
    Lines plain;
    for (const std::string& line : lines) plain.push_back(side.chance.plain(line));
    return sorted(std::move(plain));
}

}  // namespace kafkasim::sim::scenario
