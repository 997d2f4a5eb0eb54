// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/chance_values.hpp"

#include <array>

#include "sim/scenario/text_pattern.hpp"

namespace kafkasim::sim::scenario {

namespace {

using enum PieceKind;

constexpr size_t kTopicIdLength = 22;
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

Piece text(std::string_view value) { return {Text, value, 1, kAnyNumber, false}; }
Piece kept(std::string_view value) { return {Text, value, 1, kAnyNumber, true}; }
Piece chars(std::string_view name, size_t least, size_t most) { return {Chars, name, least, most, false}; }
Piece digits(size_t count) { return chars("digit", count, count); }
Piece hex(size_t count) { return chars("hex", count, count); }
Piece some(std::string_view name) { return chars(name, 1, kAnyNumber); }
Piece at(PieceKind kind) { return {kind, "", 1, kAnyNumber, false}; }
Piece perhaps(std::string_view value, bool keep) { return {Optional, value, 1, kAnyNumber, keep}; }

const Pattern& uuid() {
    static const Pattern kUuid{hex(8), text("-"), hex(4), text("-"), hex(4), text("-"), hex(4), text("-"), hex(12)};
    return kUuid;
}

const Pattern& generated_group(bool at_word_edge) {
    static const Pattern kWithin{text("console-consumer-"), chars("digit", 1, 5), at(WordEdge)};
    static const Pattern kAtEdge{at(WordEdge), text("console-consumer-"), chars("digit", 1, 5), at(WordEdge)};
    return at_word_edge ? kAtEdge : kWithin;
}

struct Dropped {
    Pattern pattern;
    std::string_view name;  // $: what is kept
};

const std::vector<Dropped>& dropped() {
    static const std::vector<Dropped> kDropped{
        {{text("["), digits(4), text("-"), digits(2), text("-"), digits(2), text(" "), digits(2), text(":"), digits(2),
          text(":"), digits(2), text(","), digits(3), text("]")},
         "[stamp]"},
        {{at(NoDigit), text("1"), chars("56789", 1, 1), digits(11), at(NoDigit)}, "<epoch ms>"},
        {{text("#"), chars("word", 3, 3), text(" "), chars("word", 3, 3), some(" "), some("digit"), text(" "),
          chars("0123456789:", 8, 8), text(" "), some("word"), text(" "), digits(4)},
         "#<date>"},
        {{text("zxid"), perhaps(":", false), perhaps(" ", false), text("0x"), some("hex")}, "zxid <zxid>"},
        {{at(LineStart),
          {Either, "cZxid = |mZxid = |pZxid = ", 1, kAnyNumber, true},
          text("0x"),
          some("hex"),
          at(LineEnd)},
         "$<zxid>"},
        {{at(LineStart), {Either, "ctime = |mtime = ", 1, kAnyNumber, true}, at(RestOfLine)}, "$<date>"},
        {{kept("correlation"), perhaps(" ", true), kept("id"), perhaps(":", true), perhaps(" ", true),
          perhaps("=", true), some("digit")},
         "$<n>"},
        {{{Either, "localhost/127.0.0.1:|/127.0.0.1:", 1, kAnyNumber, true},
          chars("3456", 1, 1),
          digits(4),
          at(WordEdge)},
         "$<port>"},
        {{text("[I@"), some("hex")}, "[I@<hash>"},
        {{text("\"avg_throughput\":"), some("0123456789.E-")}, "\"avg_throughput\":<rate>"},
        {{some("digit"), text(" attempt(s)")}, "<n> attempt(s)"},
        {{at(WordEdge),
          some("digit"),
          perhaps(" ", false),
          {Either, "milliseconds|ms", 1, kAnyNumber, true},
          at(WordEdge)},
         "<n> $"},
        {{{Either, "epoch=INITIAL|sessionId=", 1, kAnyNumber, true}, some("digit")}, "$<n>"}};
    return kDropped;
}

std::string filled(std::string_view name, const std::string& kept_text) {
    std::string result;
    for (char c : name) result += c == '$' ? kept_text : std::string(1, c);
    return result;
}

/// What follows the name of a call that timed out, in one of the two ways in which AdminClient says so.
std::optional<size_t> end_of_timeout(std::string_view text_, size_t at_) {
    static const Pattern kInFull{
        text(", deadlineMs="), some("digit"), text(", tries="),        some("digit"),       text(", nextAllowedTryMs="),
        perhaps("-", false),   some("digit"), text(") timed out at "), perhaps("-", false), some("digit"),
        text(" after "),       some("digit"), text(" attempt(s)")};
    if (const auto match = match_at(kInFull, text_, at_)) return match->end;
    const bool ends =
        at_ == text_.size() || std::string_view(" \t\r\n\f\v\"").find(text_[at_]) != std::string_view::npos;
    return ends ? std::optional(at_) : std::nullopt;
}

/// "Call(callName=metadata, deadlineMs=... attempt(s)" and "Timed out waiting for a node assignment. Call:
/// metadata": which of the two it is hangs on the moment.
std::string without_timeouts(std::string_view from) {
    static constexpr std::array<std::string_view, 2> kBegins{"Timed out waiting for a node assignment. Call: ",
                                                             "Call(callName="};
    std::string result;
    for (size_t here = 0; here < from.size();) {
        size_t name = 0;
        for (std::string_view begin : kBegins) name = from.substr(here).starts_with(begin) ? here + begin.size() : name;
        std::optional<size_t> end;
        size_t name_end = name;
        while (
            name > 0 && !end && name_end < from.size() &&
            (is_word_char(from[name_end]) || std::string_view("()=").find(from[name_end]) != std::string_view::npos)) {
            end = end_of_timeout(from, ++name_end);
        }
        if (end) {
            result += "<timed out: " + std::string(from.substr(name, name_end - name)) + ">";
            here = *end;
        } else {
            result += from[here++];
        }
    }
    return result;
}

}  // namespace

void ChanceValues::collect_ids(std::string_view whole) {
    static constexpr std::array<std::string_view, 7> kBefore{
        "TopicId: ",  "topic_id\":\"", "Topic ID in memory: ", "topic ID in memory: ",
        "topic_id: ", "\"id\":\"",     "cluster.id="};
    // JSON within JSON has its quotes escaped.
    static const Pattern kEscapedQuote{text("\\\"")};
    const std::string searched =
        replace_all(kEscapedQuote, whole, [](std::string_view, const std::string&) { return std::string("\""); });
    for (std::string_view before : kBefore) {
        for (size_t found = searched.find(before); found != std::string::npos;
             found = searched.find(before, found + 1)) {
            const size_t begin = found + before.size();
            const size_t end = std::min(searched.find_first_not_of(kBase64Url, begin), searched.size());
            if (end - begin == kTopicIdLength) ids_.insert(searched.substr(begin, kTopicIdLength));
        }
    }
}

std::string ChanceValues::number(const std::string& kind, std::string_view value) {
    auto& known = numbers_[kind];
    const size_t number = known.emplace(std::string(value), known.size() + 1).first->second;
    return "<" + kind + " " + std::to_string(number) + ">";
}

std::string ChanceValues::plain(std::string_view from) {
    static const Pattern kSession{at(WordEdge), text("0x"), chars("hex", 14, 16), at(WordEdge)};
    std::string result = without_timeouts(from);
    for (const Dropped& rule : dropped()) {
        result = replace_all(rule.pattern, result, [&](std::string_view, const std::string& kept_text) {
            return filled(rule.name, kept_text);
        });
    }
    result =
        replace_all(uuid(), result, [&](std::string_view value, const std::string&) { return number("uuid", value); });
    result = replace_all(kSession, result,
                         [&](std::string_view value, const std::string&) { return number("session", value); });
    result = replace_all(generated_group(true), result,
                         [&](std::string_view value, const std::string&) { return number("group", value); });
    const Pattern id{chars(kBase64Url, kTopicIdLength, kAnyNumber)};
    return replace_all(id, result, [&](std::string_view value, const std::string&) {
        return ids_.contains(value) ? number("topic id", value) : std::string(value);
    });
}

std::string without_uuids(std::string_view from, const std::string& name) {
    return replace_all(uuid(), from, [&](std::string_view, const std::string&) { return name; });
}

bool has_uuid(std::string_view from) { return without_uuids(from, "") != from; }

bool drop_generated_groups(std::string& from) {
    bool any = false;
    from = replace_all(generated_group(false), from, [&](std::string_view, const std::string&) {
        any = true;
        return std::string("console-consumer-<n>");
    });
    return any;
}

}  // namespace kafkasim::sim::scenario
