// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/json_positions.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace kafkasim::sim::scenario {

namespace {

constexpr size_t kDeepest = 64;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Takes the parser's events, which come in the order of the text but without places, and finds each token's place
/// by walking along.
class LocatingSax final : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit LocatingSax(std::string_view text)
        : text_(text), at_(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0) {}

    bool null() override { return scalar(Located::Kind::Null); }
    bool boolean(bool value) override {
        Located located = token(Located::Kind::Boolean);
        located.boolean = value;
        return put(std::move(located));
    }
    bool number_integer(number_integer_t value) override { return whole(value); }
    bool number_unsigned(number_unsigned_t value) override {
        if (value > static_cast<number_unsigned_t>(std::numeric_limits<int64_t>::max()))
            return scalar(Located::Kind::Number);
        return whole(static_cast<int64_t>(value));
    }
    bool number_float(number_float_t, const string_t&) override { return scalar(Located::Kind::Number); }
    bool string(string_t& value) override {
        Located located = token(Located::Kind::String);
        located.text = std::move(value);
        return put(std::move(located));
    }
    bool binary(binary_t&) override { return false; }
    bool start_object(size_t) override { return open(Located::Kind::Object); }
    bool start_array(size_t) override { return open(Located::Kind::Array); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& value) override {
        const Located located = token(Located::Kind::String);
        open_.back().members.push_back({std::move(value), located.begin, {}});
        return true;
    }
    bool parse_error(size_t position, const std::string& last_token,
                     const nlohmann::detail::exception& error) override {
        // The parser's last token has what stood before it too if it is a single sign.
        const bool sign = position > 0 && position <= text_.size() &&
                          std::string_view("{}[],:").find(text_[position - 1]) != std::string_view::npos;
        const size_t length = sign ? 1 : last_token.size();
        error_.at = position >= length ? position - length : 0;
        // "... parse error at line 3, column 5: syntax error while parsing object - unexpected string literal;
        // expected '}'"
        const std::string what = error.what();
        const size_t dash = what.find(" - ");
        const size_t colon = what.find(": ");
        if (what.find("unexpected end of input") != std::string::npos) error_.at = text_.size();
        error_.found = dash != std::string::npos    ? what.substr(dash + 3)
                       : colon != std::string::npos ? what.substr(colon + 2)
                                                    : what;
        return false;
    }

    LocatedText result(bool complete) {
        if (complete) return {std::move(root_), {}};
        return {std::nullopt, std::move(error_)};
    }

private:
    Located token(Located::Kind kind) {
        Located located;
        located.kind = kind;
        at_ = std::min(text_.find_first_not_of(" \t\r\n,:", at_), text_.size());
        located.begin = at_;
        at_ = end_of_token(at_);
        located.end = at_;
        return located;
    }

    size_t end_of_token(size_t at) const {
        if (at >= text_.size()) return at;
        if (text_[at] == '"') {
            for (++at; at < text_.size() && text_[at] != '"'; ++at) at += text_[at] == '\\' ? 1 : 0;
            return std::min(at + 1, text_.size());
        }
        if (std::string_view("{}[]").find(text_[at]) != std::string_view::npos) return at + 1;
        return std::min(text_.find_first_of(" \t\r\n,:{}[]", at), text_.size());
    }

    bool scalar(Located::Kind kind) { return put(token(kind)); }

    bool whole(int64_t value) {
        Located located = token(Located::Kind::Integer);
        located.integer = value;
        return put(std::move(located));
    }

    bool put(Located value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (open_.back().is(Located::Kind::Object)) {
            open_.back().members.back().value = std::move(value);
        } else {
            open_.back().items.push_back(std::move(value));
        }
        return true;
    }

    bool open(Located::Kind kind) {
        open_.push_back(token(kind));
        if (open_.size() <= kDeepest) return true;
        error_ = {open_.back().begin, "nested deeper than " + std::to_string(kDeepest) + " levels"};
        return false;
    }

    bool close() {
        const size_t end = token(Located::Kind::Null).end;
        Located done = std::move(open_.back());
        open_.pop_back();
        done.end = end;
        return put(std::move(done));
    }

    std::string_view text_;
    size_t at_;
    std::vector<Located> open_;
    std::optional<Located> root_;
    SyntaxError error_;
};

/// As RFC 6901 writes a key in a pointer.
std::string escaped(const std::string& key) {
    std::string text;
    for (char c : key) text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return text;
}

}  // namespace

const Located* Located::member(std::string_view key) const {
    for (const LocatedMember& member : members) {
        if (member.key == key) return &member.value;
    }
    return nullptr;
}

LocatedText read_located(std::string_view text) {
    LocatingSax sax(text);
    const bool complete = nlohmann::json::sax_parse(text.begin(), text.end(), &sax);
    return sax.result(complete);
}

Place place_of(std::string_view text, size_t at) {
    Place place;
    for (size_t i = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0; i < std::min(at, text.size()); ++i) {
        if (text[i] == '\n') {
            ++place.line;
            place.column = 1;
        } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
            ++place.column;  // a character's first byte
        }
    }
    return place;
}

std::string pointer_of(const Located& root, size_t at) {
    std::string pointer;
    const Located* here = &root;
    for (bool deeper = true; deeper;) {
        deeper = false;
        for (const LocatedMember& member : here->members) {
            if (at < member.key_begin || at >= member.value.end) continue;
            pointer += "/" + escaped(member.key);
            deeper = at >= member.value.begin;
            here = &member.value;
            break;
        }
        if (deeper) continue;
        for (size_t i = 0; i < here->items.size(); ++i) {
            if (at < here->items[i].begin || at >= here->items[i].end) continue;
            pointer += "/" + std::to_string(i);
            here = &here->items[i];
            deeper = true;
            break;
        }
    }
    return pointer;
}

}  // namespace kafkasim::sim::scenario
