// SPDX-License-Identifier: Apache-2.0

#include "core/tools/jackson_reader.hpp"

#include <fmt/format.h>

#include <vector>

namespace kafkasim::tools {
namespace {

constexpr std::string_view kParseException = "com.fasterxml.jackson.core.JsonParseException";
constexpr std::string_view kEofException = "com.fasterxml.jackson.core.io.JsonEOFException";
constexpr std::string_view kValues = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
constexpr size_t kShownSource = 500;

bool is_space(char32_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
/// Character.isJavaIdentifierPart, as far as texts go.
bool is_identifier(char32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '$' || c >= 0xAA;
}
bool starts_identifier(char32_t c) { return is_identifier(c) && !is_digit(c); }

struct Decoded {
    std::vector<char32_t> chars;
    std::vector<size_t> bytes;  // where each begins, and the end
};

Decoded decode(std::string_view text) {
    Decoded decoded;
    for (size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        char32_t c = length == 1 ? first : first & (0xFFU >> (length + 1));
        for (size_t k = 1; k < length && i + k < text.size(); ++k)
            c = (c << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
        decoded.chars.push_back(c);
        decoded.bytes.push_back(i);
        i += length;
    }
    decoded.bytes.push_back(text.size());
    return decoded;
}

/// Takes one value at a time off the text; the first problem ends everything.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text), source_(decode(text)) {}

    JsonScan scan() {
        JsonScan result;
        skip_space();
        if (!problem_ && at_ < size()) {
            const size_t begin = at_;
            take_root();
            const size_t end = std::min(at_, size());
            result.value = text_.substr(source_.bytes[begin], source_.bytes[end] - source_.bytes[begin]);
        }
        result.problem = problem_;
        return result;
    }

private:
    struct Open {
        bool object = false;
        size_t at = 0;
        bool has_entries = false;
    };

    size_t size() const { return source_.chars.size(); }
    char32_t peek() const { return source_.chars[at_]; }
    bool ended() const { return at_ >= size(); }

    std::string location(size_t index, size_t column_offset) const {
        size_t line = 1;
        size_t begin = 0;
        for (size_t i = 0; i < index && i < size(); ++i) {
            if (source_.chars[i] != '\n') continue;
            ++line;
            begin = i + 1;
        }
        const size_t shown = std::min(size(), kShownSource);
        const std::string more = size() > shown ? fmt::format("[truncated {} chars]", size() - shown) : std::string();
        return fmt::format("[Source: (String)\"{}\"{}; line: {}, column: {}]", text_.substr(0, source_.bytes[shown]),
                           more, line, index - begin + column_offset);
    }

    /// `read`: how many characters have been read when it is noticed.
    void fail(std::string_view exception, const std::string& message, size_t read) {
        if (!problem_) problem_ = JsonProblem{std::string(exception), message + "\n at " + location(read, 1)};
    }

    std::string shown(char32_t c) const {
        if (c < 32) return fmt::format("(CTRL-CHAR, code {})", static_cast<uint32_t>(c));
        const std::string_view text = text_.substr(source_.bytes[at_], source_.bytes[at_ + 1] - source_.bytes[at_]);
        if (c > 255)
            return fmt::format("'{}' (code {} / 0x{:x})", text, static_cast<uint32_t>(c), static_cast<uint32_t>(c));
        return fmt::format("'{}' (code {})", text, static_cast<uint32_t>(c));
    }

    void unexpected(std::string_view wanted, size_t read) {
        fail(kParseException, fmt::format("Unexpected character ({}){}", shown(peek()), wanted), read);
    }

    void skip_space() {
        while (!ended() && is_space(peek())) ++at_;
        if (!ended() && peek() < 32) {
            fail(kParseException,
                 fmt::format(
                     "Illegal character ({}): only regular white space (\\r, \\n, \\t) is allowed between tokens",
                     shown(peek())),
                 at_ + 1);
        }
    }

    void take_root() {
        take_value();
        while (!problem_ && !open_.empty()) {
            skip_space();
            if (problem_) return;
            if (ended()) return fail_end_in_container();
            if (peek() == ']' || peek() == '}') {
                close();
            } else {
                take_entry();
            }
        }
    }

    void fail_end_in_container() {
        fail(kEofException,
             fmt::format("Unexpected end-of-input: expected close marker for {} (start marker at {})",
                         open_.back().object ? "Object" : "Array", location(open_.back().at, 1)),
             at_);
    }

    void close() {
        const bool object = peek() == '}';
        if (open_.back().object != object) {
            return fail(
                kParseException,
                fmt::format("Unexpected close marker '{}': expected '{}' (for {} starting at {})", object ? '}' : ']',
                            object ? ']' : '}', object ? "Array" : "Object", location(open_.back().at, 1)),
                at_ + 1);
        }
        open_.pop_back();
        ++at_;
    }

    void take_entry() {
        Open& container = open_.back();
        const std::string_view kind = container.object ? "Object" : "Array";
        if (container.has_entries) {
            if (peek() != ',')
                return unexpected(fmt::format(": was expecting comma to separate {} entries", kind), at_ + 1);
            ++at_;
            skip_space();
            if (problem_) return;
            if (ended())
                return fail(kParseException, fmt::format("Unexpected end-of-input within/between {} entries", kind),
                            at_);
        }
        container.has_entries = true;
        if (container.object && !take_name()) return;
        take_value();
    }

    bool take_name() {
        if (peek() != '"') {
            unexpected(": was expecting double-quote to start field name", at_ + 1);
            return false;
        }
        take_string("in field name");
        skip_space();
        if (problem_) return false;
        if (ended()) return fail_between_entries();
        if (peek() != ':') {
            unexpected(": was expecting a colon to separate field name and value", at_ + 1);
            return false;
        }
        ++at_;
        skip_space();
        if (problem_) return false;
        return ended() ? fail_between_entries() : true;
    }

    bool fail_between_entries() {
        fail(kEofException, "Unexpected end-of-input within/between Object entries", at_);
        return false;
    }

    void take_value() {
        const char32_t c = peek();
        if (c == '{' || c == '[') {
            open_.push_back({c == '{', at_, false});
            ++at_;
        } else if (c == '"') {
            take_string(": was expecting closing quote for a string value");
        } else if (c == '-' || c == '+' || is_digit(c)) {
            take_number();
        } else if (starts_identifier(c)) {
            take_word();
        } else if (open_.empty() && (c == ']' || c == '}')) {
            fail(kParseException,
                 fmt::format("Unexpected close marker '{}': expected '{}' (for root starting at {})",
                             c == '}' ? '}' : ']', c == '}' ? ']' : '}', location(0, 0)),
                 at_ + 1);
        } else {
            unexpected(fmt::format(": expected a valid value {}", kValues), at_ + 1);
        }
    }

    void take_string(std::string_view what) {
        ++at_;
        for (; !ended(); ++at_) {
            if (peek() == '"') {
                ++at_;
                return;
            }
            if (peek() < 32) {
                return fail(kParseException,
                            fmt::format("Illegal unquoted character ({}): has to be escaped using backslash to be "
                                        "included in {}",
                                        shown(peek()), what.front() == ':' ? "string value" : "name"),
                            at_ + 1);
            }
            if (peek() == '\\' && !take_escape()) return;
        }
        const std::string_view space = what.front() == ':' ? "" : " ";
        fail(kEofException, fmt::format("Unexpected end-of-input{}{}", space, what), at_);
    }

    /// Leaves at_ on the escape's last character.
    bool take_escape() {
        ++at_;
        if (ended()) {
            fail(kEofException, "Unexpected end-of-input in character escape sequence", at_);
            return false;
        }
        const char32_t c = peek();
        const size_t digits = c == 'u' ? 4 : 0;
        const bool known = std::u32string_view(U"\"\\/bfnrtu").find(c) != std::u32string_view::npos;
        if (!known) fail(kParseException, fmt::format("Unrecognized character escape {}", shown(c)), at_ + 1);
        for (size_t i = 0; i < digits && !problem_; ++i) {
            ++at_;
            if (ended())
                fail(kEofException, "Unexpected end-of-input in character escape sequence", at_);
            else if (!is_hex(peek()))
                unexpected(": expected a hex-digit for character escape sequence", at_ + 1);
        }
        return !problem_;
    }

    static bool is_hex(char32_t c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

    void take_number() {
        if (peek() == '-' || peek() == '+') {
            ++at_;
            if (ended()) return fail(kEofException, "Unexpected end-of-input in a Number value", at_);
            const bool plus = source_.chars[at_ - 1] == '+';
            if (plus || !is_digit(peek())) {
                return unexpected(
                    " in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value", at_ + 1);
            }
        }
        const bool zero = peek() == '0';
        ++at_;
        if (zero && !ended() && is_digit(peek()))
            return fail(kParseException, "Invalid numeric value: Leading zeroes not allowed", at_);
        while (!ended() && is_digit(peek())) ++at_;
        if (!ended() && peek() == '.') {
            ++at_;
            if (!ended() && !is_digit(peek()))
                return unexpected(" in numeric value: Decimal point not followed by a digit", at_);
        }
        while (!ended() && (is_digit(peek()) || peek() == 'e' || peek() == 'E' || peek() == '+' || peek() == '-'))
            ++at_;
    }

    void take_word() {
        const size_t begin = at_;
        while (!ended() && is_identifier(peek())) ++at_;
        const std::string_view word = text_.substr(source_.bytes[begin], source_.bytes[at_] - source_.bytes[begin]);
        if (word == "true" || word == "false" || word == "null") return;
        fail(kParseException, fmt::format("Unrecognized token '{}': was expecting {}", word, kValues), at_);
    }

    std::string_view text_;
    Decoded source_;
    size_t at_ = 0;
    std::vector<Open> open_;
    std::optional<JsonProblem> problem_;
};

}  // namespace

JsonScan scan_json(std::string_view text) { return Scanner(text).scan(); }

}  // namespace kafkasim::tools
