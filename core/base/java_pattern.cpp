// SPDX-License-Identifier: Apache-2.0

#include "core/base/java_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/base/java_pattern_sets.hpp"

namespace kafkasim::java {

/// Reads an expression from left to right, as Pattern does: `at_` is Pattern's cursor.
class PatternParser {
public:
    explicit PatternParser(std::string_view text) : text_(text) {}

    std::variant<Pattern, PatternFailure> read() {
        Pattern pattern;
        pattern.text_ = std::string(text_);
        pattern.alternatives_ = alternatives();
        if (!failure_ && at_ < text_.size()) fail("Unmatched closing ')'", at_ - 1);
        if (failure_) return *failure_;
        return pattern;
    }

private:
    using Item = Pattern::Item;
    using Sequence = Pattern::Sequence;
    using Kind = Pattern::Kind;

    bool more() const { return !failure_ && at_ < text_.size(); }
    char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    bool take(char c) {
        if (!more() || peek() != c) return false;
        ++at_;
        return true;
    }
    void fail(std::string_view description, size_t index) {
        if (!failure_)
            failure_ = {std::string(description), static_cast<int32_t>(index), std::string(text_), std::string()};
    }
    void not_modelled(std::string_view construct) {
        if (!failure_) failure_ = {std::string(), -1, std::string(text_), std::string(construct)};
    }

    std::vector<Sequence> alternatives() {
        std::vector<Sequence> found(1);
        while (more() && peek() != ')') {
            if (take('|')) {
                found.emplace_back();
            } else {
                found.back().push_back(item());
            }
        }
        return found;
    }

    static Item of_kind(Kind kind) {
        Item item;
        item.kind = kind;
        return item;
    }
    static Item nothing() {
        Item item = of_kind(Kind::Group);
        item.alternatives.resize(1);
        return item;
    }
    Item of_set(ByteSet set) const {
        Item item;
        item.set = ignore_case_ ? in_both_cases(std::move(set)) : std::move(set);
        return item;
    }

    Item item() {
        Item read = atom();
        repetition(read);
        return read;
    }

    Item atom() {
        const char c = peek();
        if (c == '*' || c == '+' || c == '?') {
            fail(fmt::format("Dangling meta character '{}'", c), at_);
            return nothing();
        }
        if (c == '{') return nothing();  // the repetition of nothing
        ++at_;
        if (c == '(') return group();
        if (c == '[') return of_set(set());
        if (c == '\\') return escape();
        if (c == '.') return of_set(ByteSet(kBytes, true));
        if (c == '^') return of_kind(Kind::Begin);
        if (c == '$') return of_kind(Kind::End);
        return of_set(only(c));
    }

    Item group() {
        Item read = of_kind(Kind::Group);
        const bool before = ignore_case_;
        if (take('?')) {
            if (take('=')) {
                read.kind = Kind::Ahead;
            } else if (take('!')) {
                read.kind = Kind::NotAhead;
            } else if (take('<')) {
                group_name();
            } else if (take('>')) {
                not_modelled("(?>");
            } else if (!take(':')) {
                flags();
                if (take(')')) return nothing();  // from here to the end of the group around
                if (!take(':')) fail("Unknown inline modifier", at_);
            }
        }
        read.alternatives = alternatives();
        if (!take(')')) fail("Unclosed group", at_);
        ignore_case_ = before;
        return read;
    }

    void group_name() {
        if (peek() == '=' || peek() == '!') return not_modelled("(?<=");
        if (!is_letter(peek())) return fail("capturing group name does not start with a Latin letter", at_);
        while (is_letter(peek()) || is_digit(peek())) ++at_;
        if (!take('>')) fail("named capturing group is missing trailing '>'", at_);
    }

    void flags() {
        for (; more(); ++at_) {
            const char flag = peek();
            if (flag == 'i') {
                ignore_case_ = true;
            } else if (flag == '-' || flag == 'x') {
                return not_modelled(fmt::format("(?{}", flag));
            } else if (std::string_view("dmsuU").find(flag) == std::string_view::npos) {
                return;
            }
        }
    }

    void repetition(Item& read) {
        if (!more()) return;
        const size_t begin = at_;
        if (take('*')) {
            read.least = 0, read.most = Pattern::kUnlimited;
        } else if (take('+')) {
            read.most = Pattern::kUnlimited;
        } else if (take('?')) {
            read.least = 0;
        } else if (peek() == '{') {
            counted(read);
        }
        if (at_ == begin || take('?')) return;  // reluctant: the same, for a match of the whole
        if (peek() == '+') not_modelled("possessive quantifiers");
    }

    void counted(Item& read) {
        ++at_;
        if (!is_digit(peek())) return fail("Illegal repetition", at_);
        read.least = number();
        read.most = read.least;
        if (take(',')) read.most = is_digit(peek()) ? number() : Pattern::kUnlimited;
        if (peek() != '}') return fail("Unclosed counted closure", at_);
        if (read.most < read.least) return fail("Illegal repetition range", at_);
        ++at_;
    }

    uint32_t number() {
        uint64_t value = 0;
        for (; is_digit(peek()) && !failure_; ++at_) {
            value = value * 10 + static_cast<uint64_t>(peek() - '0');
            if (value > std::numeric_limits<int32_t>::max()) fail("Illegal repetition range", at_);
        }
        return static_cast<uint32_t>(value);
    }

    /// After the `\` of something that is not in brackets.
    Item escape() {
        const char c = peek();
        switch (c) {
            case 'b':
                return ++at_, of_kind(Kind::Boundary);
            case 'B':
                return ++at_, of_kind(Kind::NotBoundary);
            case 'A':
            case 'G':
                return ++at_, of_kind(Kind::Begin);
            case 'z':
            case 'Z':
                return ++at_, of_kind(Kind::End);
            case 'Q':
                return ++at_, quoted();
            default:
                return of_set(escaped_set());
        }
    }

    Item quoted() {
        Item read = of_kind(Kind::Group);
        read.alternatives.resize(1);
        while (more() && !text_.substr(at_).starts_with("\\E"))
            read.alternatives[0].push_back(of_set(only(peek()))), ++at_;
        at_ = std::min(text_.size(), at_ + 2);
        return read;
    }

    /// After a `\`: what stands for one character.
    ByteSet escaped_set() {
        if (!more()) {
            fail(in_set_ ? "Unclosed character class" : "Unexpected internal error", at_);
            return {};
        }
        const char c = text_[at_++];
        if (const auto named = named_set(c)) return *named;
        if (const auto control = control_character(c)) return only(*control);
        if (c == 'x' || c == 'u') return hexadecimal(c == 'x' ? 2 : 4, c == 'x');
        if (c == 'p' || c == 'P') return family(c == 'P');
        if (is_digit(c) || c == 'k' || c == 'c' || c == 'R' || c == 'X' || c == 'N') {
            not_modelled(fmt::format("\\{}", c));
        } else if (is_letter(c)) {
            fail("Illegal/unsupported escape sequence", at_ - 1);
        }
        return only(c);
    }

    ByteSet hexadecimal(size_t digits, bool is_byte) {
        uint32_t value = 0;
        for (size_t i = 0; i < digits && !failure_; ++i) {
            const int digit = hexadecimal_digit(peek());
            if (digit < 0) {
                fail(is_byte ? "Illegal hexadecimal escape sequence" : "Illegal Unicode escape sequence", at_);
            } else {
                value = value * 16 + static_cast<uint32_t>(digit);
                ++at_;
            }
        }
        return value < kBytes ? only(static_cast<char>(value)) : ByteSet(kBytes, false);
    }

    ByteSet family(bool negated) {
        std::string name(1, peek());
        if (take('{')) {
            const size_t end = text_.find('}', at_);
            if (end == std::string_view::npos) {
                fail("Unclosed character family", text_.size());
                return {};
            }
            name = std::string(text_.substr(at_, end - at_));
            at_ = end + 1;
        } else {
            ++at_;
        }
        const auto set = family_set(name);
        if (!set) {
            not_modelled(fmt::format("\\p{{{}}}", name));
            return {};
        }
        return negated ? complement(*set) : *set;
    }

    /// After `[`, to the `]`.
    ByteSet set() {
        const bool negated = take('^');
        ByteSet all(kBytes, false);
        bool any = false;
        while (!failure_) {
            if (at_ >= text_.size()) {
                fail("Unclosed character class", text_.size() - 1);
            } else if (peek() == ']' && any) {
                ++at_;
                return negated ? complement(all) : all;
            } else if (peek() == '&' && peek(1) == '&') {
                at_ += 2;
                intersect(all);
                any = true;
            } else {
                merge(all, take('[') ? set() : range());
                any = true;
            }
        }
        return all;
    }

    /// After `&&`: everything up to the `]` or the next `&&`.
    void intersect(ByteSet& all) {
        ByteSet other(kBytes, false);
        const size_t begin = at_;
        while (more() && peek() != ']' && !(peek() == '&' && peek(1) == '&')) merge(other, take('[') ? set() : range());
        if (at_ == begin) return fail("Bad class syntax", at_ - 1);
        for (size_t i = 0; i < kBytes; ++i) all[i] = all[i] && other[i];
    }

    ByteSet range() {
        const ByteSet low = range_end();
        if (peek() != '-' || peek(1) == '[' || peek(1) == ']' || size_of(low) != 1) return low;
        ++at_;
        const ByteSet high = range_end();
        const bool ascends = size_of(high) == 1 && first_of(low) <= first_of(high);
        if (!ascends) fail("Illegal character range", at_ - 1);
        ByteSet between(kBytes, false);
        for (size_t c = first_of(low); ascends && c <= first_of(high); ++c) between[c] = true;
        return between;
    }

    ByteSet range_end() {
        if (at_ >= text_.size()) {
            ++at_;
            return {};
        }
        if (!take('\\')) return only(text_[at_++]);
        in_set_ = true;
        ByteSet set = escaped_set();
        in_set_ = false;
        return set;
    }

    std::string_view text_;
    size_t at_ = 0;
    bool ignore_case_ = false;
    bool in_set_ = false;
    std::optional<PatternFailure> failure_;
};

/// Tries the ways in which the text can fit, greedy ones first.
class PatternMatcher {
public:
    PatternMatcher(std::string_view text, bool whole) : text_(text), whole_(whole) {}

    bool any(const std::vector<Pattern::Sequence>& alternatives, size_t begin) const {
        return std::any_of(alternatives.begin(), alternatives.end(),
                           [&](const Pattern::Sequence& each) { return rest(each, 0, begin, nullptr); });
    }

private:
    using Kind = Pattern::Kind;
    using Item = Pattern::Item;
    using Sequence = Pattern::Sequence;

    /// What must still match after a sequence: the other repetitions of the group that it stands in, and what follows.
    struct Outer {
        const Sequence& sequence;
        size_t at;
        uint32_t done;
        size_t begin;  // of this repetition
        const Outer* outer;
    };

    bool rest(const Sequence& sequence, size_t at, size_t from, const Outer* outer) const {
        if (at < sequence.size()) return repeated(sequence, at, 0, from, outer);
        if (outer == nullptr) return !whole_ || from == text_.size();
        if (outer->begin == from)  // an empty repetition: as many as are wanted
            return rest(outer->sequence, outer->at + 1, from, outer->outer);
        return repeated(outer->sequence, outer->at, outer->done, from, outer->outer);
    }

    /// `done` repetitions of sequence[at] have matched: one more, then what follows.
    bool repeated(const Sequence& sequence, size_t at, uint32_t done, size_t from, const Outer* outer) const {
        const Item& item = sequence[at];
        if (done < item.most) {
            if (item.kind == Kind::Set) {
                const bool fits = from < text_.size() && item.set[static_cast<unsigned char>(text_[from])];
                if (fits && repeated(sequence, at, done + 1, from + 1, outer)) return true;
            } else if (item.kind == Kind::Group) {
                const Outer again{sequence, at, done + 1, from, outer};
                if (done < item.least || from < text_.size()) {
                    for (const Sequence& each : item.alternatives) {
                        if (rest(each, 0, from, &again)) return true;
                    }
                }
            } else if (done < item.least) {
                return stands(item, from) && rest(sequence, at + 1, from, outer);
            }
        }
        return done >= item.least && rest(sequence, at + 1, from, outer);
    }

    bool stands(const Item& item, size_t from) const {
        switch (item.kind) {
            case Kind::Begin:
                return from == 0;
            case Kind::End:
                return from == text_.size();
            case Kind::Boundary:
                return word(from) != (from > 0 && word(from - 1));
            case Kind::NotBoundary:
                return word(from) == (from > 0 && word(from - 1));
            case Kind::Ahead:
                return PatternMatcher(text_, false).any(item.alternatives, from);
            case Kind::NotAhead:
                return !PatternMatcher(text_, false).any(item.alternatives, from);
            case Kind::Set:
            case Kind::Group:
                break;
        }
        return false;
    }
    bool word(size_t at) const {
        return at < text_.size() && (is_letter(text_[at]) || is_digit(text_[at]) || text_[at] == '_');
    }

    std::string_view text_;
    bool whole_;
};

bool Pattern::matches(std::string_view name) const { return PatternMatcher(name, true).any(alternatives_, 0); }

std::variant<Pattern, PatternFailure> Pattern::compile(std::string_view text) { return PatternParser(text).read(); }

std::string PatternFailure::message() const {
    std::string text = description;
    if (index >= 0) text += fmt::format(" near index {}", index);
    text += "\n" + pattern;
    if (index >= 0 && static_cast<size_t>(index) < pattern.size())
        text += fmt::format("\n{}^", std::string(static_cast<size_t>(index), ' '));
    return text;
}

}  // namespace kafkasim::java
