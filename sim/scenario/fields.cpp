// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/fields.hpp"

#include <algorithm>
#include <charconv>

#include "sim/scenario/suggestion.hpp"

namespace kafkasim::sim::scenario {

namespace {

constexpr std::string_view kTimes = "a time as a string with a unit: \"500ms\", \"20s\", \"5m\", \"1h\"";

void wrong_kind(Reading& reading, const Located& value, std::string wanted) {
    reading.problem(value, "found " + Reading::kind_of(value), std::move(wanted));
}

struct Unit {
    std::string_view name;
    int64_t micros;
    std::vector<std::string_view> meant;
};

const std::vector<Unit>& units() {
    static const std::vector<Unit> kUnits{{"ms", 1000, {"milli", "millis", "msec", "millisecond", "milliseconds"}},
                                          {"s", 1000000, {"sec", "secs", "second", "seconds"}},
                                          {"m", 60000000, {"min", "mins", "minute", "minutes"}},
                                          {"h", 3600000000, {"hour", "hours", "hr"}}};
    return kUnits;
}

/// Whether an unknown key is this one, mistyped: then it is not missing as well.
bool meant_key(const Located& object, const ObjectType& type, std::string_view key) {
    const auto names = names_of(type);
    return std::any_of(object.members.begin(), object.members.end(),
                       [&](const LocatedMember& member) { return nearest(member.key, names) == key; });
}

/// Whether one of the keys that must stand beside this one does, perhaps mistyped.
bool stands_beside(const Located& object, const ObjectType& type, const Key& key) {
    const auto wanted = beside_of(key);
    return std::any_of(wanted.begin(), wanted.end(), [&](std::string_view beside) {
        return object.member(beside) != nullptr || meant_key(object, type, beside);
    });
}

/// "20 sec" was meant as "20s"; "" if nobody can tell.
std::string meant_time(const std::string& digits, std::string rest) {
    rest.erase(std::remove(rest.begin(), rest.end(), ' '), rest.end());
    for (char& c : rest) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    for (const Unit& unit : units()) {
        if (rest == unit.name || std::find(unit.meant.begin(), unit.meant.end(), rest) != unit.meant.end())
            return digits + std::string(unit.name);
    }
    return "";
}

}  // namespace

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

void Reading::problem(size_t at, std::string found, std::string allowed, std::string suggestion) {
    const Place place = place_of(text_, at);
    found_.push_back({at, Problem{place.line, place.column, pointer_of(root_, at), std::move(found), std::move(allowed),
                                  std::move(suggestion)}});
}

std::string Reading::kind_of(const Located& value) {
    switch (value.kind) {
        case Located::Kind::Null:
            return "null";
        case Located::Kind::Boolean:
            return value.boolean ? "true" : "false";
        case Located::Kind::Integer:
            return "the number " + std::to_string(value.integer);
        case Located::Kind::Number:
            return "a number that is not whole";
        case Located::Kind::String:
            return "the text " + in_quotes(value.text);
        case Located::Kind::Array:
            return "a list";
        case Located::Kind::Object:
            return "an object";
    }
    return "";
}

std::vector<Problem> Reading::take_problems() {
    std::stable_sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) { return a.at < b.at; });
    std::vector<Problem> problems;
    for (Found& found : found_) problems.push_back(std::move(found.problem));
    return problems;
}

Fields::Fields(Reading& reading, const Located& value, const ObjectType& type) : value_(value) {
    if (!value.is(Located::Kind::Object)) {
        wrong_kind(reading, value, "an object with " + quoted_list(names_of(type)));
        return;
    }
    std::set<std::string> seen;
    for (const LocatedMember& member : value.members) {
        const auto known =
            std::find_if(type.keys.begin(), type.keys.end(), [&](const Key& key) { return key.name == member.key; });
        if (!seen.insert(member.key).second)
            reading.problem(member.key_begin, "the key " + in_quotes(member.key) + " stands here twice");
        if (known == type.keys.end()) {
            reading.problem(member.key_begin, "unknown key " + in_quotes(member.key), quoted_list(names_of(type)),
                            nearest(member.key, names_of(type)));
        } else if (!known->beside.empty() && !stands_beside(value, type, *known)) {
            std::string wanted;
            for (std::string_view key : beside_of(*known)) wanted += (wanted.empty() ? "" : " or ") + in_quotes(key);
            reading.problem(member.key_begin, in_quotes(member.key) + " stands only beside " + wanted);
        }
    }
    for (const Key& key : type.keys) {
        if (key.required && !has(key.name) && !meant_key(value, type, key.name))
            reading.problem(value, "the key " + in_quotes(key.name) + " is missing",
                            in_quotes(key.name) + ": " + std::string(key.about));
    }
}

std::string quoted_list(const std::vector<std::string_view>& words) {
    std::string text;
    for (std::string_view word : words) text += (text.empty() ? "" : ", ") + in_quotes(word);
    return text;
}

std::optional<std::string> read_text(Reading& reading, const Located* value) {
    if (value == nullptr) return std::nullopt;
    if (value->is(Located::Kind::String)) return value->text;
    wrong_kind(reading, *value, "a text");
    return std::nullopt;
}

std::optional<int64_t> read_integer(Reading& reading, const Located* value, int64_t lowest, int64_t highest) {
    if (value == nullptr) return std::nullopt;
    if (value->is(Located::Kind::Integer) && value->integer >= lowest && value->integer <= highest)
        return value->integer;
    wrong_kind(reading, *value, "a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest));
    return std::nullopt;
}

std::optional<bool> read_boolean(Reading& reading, const Located* value) {
    if (value == nullptr) return std::nullopt;
    if (value->is(Located::Kind::Boolean)) return value->boolean;
    wrong_kind(reading, *value, "true, false");
    return std::nullopt;
}

std::optional<Duration> read_time(Reading& reading, const Located* value) {
    if (value == nullptr) return std::nullopt;
    if (value->is(Located::Kind::Integer) && value->integer >= 0) {
        reading.problem(*value, "the number " + std::to_string(value->integer) + " has no unit", std::string(kTimes),
                        std::to_string(value->integer) + "s");
        return std::nullopt;
    }
    if (!value->is(Located::Kind::String)) {
        wrong_kind(reading, *value, std::string(kTimes));
        return std::nullopt;
    }
    const std::string& text = value->text;
    const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    constexpr size_t kMostDigits = 9;
    for (const Unit& unit : units()) {
        if (digits == 0 || digits > kMostDigits || text.substr(digits) != unit.name) continue;
        int64_t number = 0;
        std::from_chars(text.data(), text.data() + digits, number);
        return Duration{number * unit.micros};
    }
    const std::string meant =
        digits == 0 || digits > kMostDigits ? "" : meant_time(text.substr(0, digits), text.substr(digits));
    reading.problem(*value, in_quotes(text) + " is not a time", std::string(kTimes), meant);
    return std::nullopt;
}

std::optional<Duration> read_signed_time(Reading& reading, const Located* value) {
    const bool negative = value != nullptr && value->is(Located::Kind::String) && value->text.starts_with('-');
    if (!negative) return read_time(reading, value);
    Located amount = *value;
    amount.text.erase(0, 1);
    const std::optional<Duration> time = read_time(reading, &amount);
    return time ? std::optional(-*time) : std::nullopt;
}

std::optional<std::string> read_word(Reading& reading, const Located* value, const std::vector<std::string_view>& words,
                                     std::string_view what) {
    if (value == nullptr) return std::nullopt;
    if (!value->is(Located::Kind::String)) {
        wrong_kind(reading, *value, quoted_list(words));
        return std::nullopt;
    }
    if (std::find(words.begin(), words.end(), value->text) != words.end()) return value->text;
    reading.problem(*value, in_quotes(value->text) + " is not " + std::string(what), quoted_list(words),
                    nearest(value->text, words));
    return std::nullopt;
}

std::vector<std::string> read_texts(Reading& reading, const Located* value) {
    std::vector<std::string> texts;
    if (value == nullptr) return texts;
    if (!value->is(Located::Kind::Array)) {
        wrong_kind(reading, *value, "a list of texts");
        return texts;
    }
    for (const Located& item : value->items) {
        if (auto text = read_text(reading, &item)) texts.push_back(std::move(*text));
    }
    return texts;
}

Text read_words(Reading& reading, const Located* value) {
    Text text;
    if (value == nullptr) return text;
    if (value->is(Located::Kind::String)) {
        text.by_language[""] = value->text;
        return text;
    }
    if (!value->is(Located::Kind::Object)) {
        wrong_kind(reading, *value, "a text, or an object by language: {\"en\": \"...\", \"ko\": \"...\"}");
        return text;
    }
    for (const LocatedMember& member : value->members) {
        const bool language =
            member.key.size() == 2 && member.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
        if (!language)
            reading.problem(member.key_begin, in_quotes(member.key) + " is not a language",
                            "two small letters: \"en\", \"ko\"");
        if (text.by_language.contains(member.key))
            reading.problem(member.key_begin, "the key " + in_quotes(member.key) + " stands here twice");
        if (auto words = read_text(reading, &member.value)) text.by_language[member.key] = std::move(*words);
    }
    return text;
}

void each_member(Reading& reading, const Located* value, std::string_view what,
                 const std::function<void(const LocatedMember&)>& visit) {
    if (value == nullptr) return;
    if (!value->is(Located::Kind::Object)) return wrong_kind(reading, *value, "an object by " + std::string(what));
    std::set<std::string> seen;
    for (const LocatedMember& member : value->members) {
        if (!seen.insert(member.key).second)
            reading.problem(member.key_begin, "the key " + in_quotes(member.key) + " stands here twice");
        visit(member);
    }
}

}  // namespace kafkasim::sim::scenario
