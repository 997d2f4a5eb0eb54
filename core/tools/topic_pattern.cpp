// SPDX-License-Identifier: Apache-2.0

#include "core/tools/topic_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace kafkasim::tools {

/// What must still match after a sequence: the other repetitions of the group it stands in, and what follows that
/// group.
struct TopicPattern::Rest {
    const Sequence& sequence;
    size_t at;
    uint32_t done;
    size_t length;  // of the text when this repetition began
    const Rest* outer;
};

class PatternReader {
public:
    explicit PatternReader(std::string_view text) : text_(text) {}

    std::optional<TopicPattern> read() {
        TopicPattern pattern;
        pattern.alternatives_ = read_alternatives();
        if (failed_ || next_ != text_.size()) return std::nullopt;
        return pattern;
    }

private:
    using Item = TopicPattern::Item;
    using Sequence = TopicPattern::Sequence;
    static constexpr size_t kBytes = 256;
    static constexpr uint32_t kUnlimited = std::numeric_limits<uint32_t>::max();

    bool more() const { return !failed_ && next_ < text_.size(); }
    char peek() const { return text_[next_]; }
    bool take(char c) {
        if (!more() || peek() != c) return false;
        ++next_;
        return true;
    }

    std::vector<Sequence> read_alternatives() {
        std::vector<Sequence> alternatives(1);
        while (more() && peek() != ')') {
            if (take('|')) {
                alternatives.emplace_back();
            } else {
                alternatives.back().push_back(read_item());
            }
        }
        return alternatives;
    }

    Item read_item() {
        Item item;
        const char c = text_[next_++];
        if (c == '(') {
            item.kind = TopicPattern::Kind::Group;
            if (take('?') && !take(':')) failed_ = true;
            item.alternatives = read_alternatives();
            if (!take(')')) failed_ = true;
        } else if (c == '[') {
            item.set = read_class();
        } else if (c == '\\') {
            item.set = read_escape();
        } else if (c == '.') {
            item.set.assign(kBytes, true);
        } else if (c != '^' && c != '$') {
            if (c == '*' || c == '+' || c == '?') failed_ = true;
            item.set = only(c);
        } else {
            item.kind = TopicPattern::Kind::Group;  // the whole name must match anyway
            item.alternatives.resize(1);
        }
        read_repetition(item);
        return item;
    }

    void read_repetition(Item& item) {
        if (take('*')) {
            item.least = 0, item.most = kUnlimited;
        } else if (take('+')) {
            item.most = kUnlimited;
        } else if (take('?')) {
            item.least = 0;
        } else if (take('{')) {
            item.least = read_number();
            item.most = item.least;
            if (take(',')) item.most = more() && peek() == '}' ? kUnlimited : read_number();
            if (!take('}')) failed_ = true;
        } else {
            return;
        }
        if (!take('?')) take('+');  // reluctant and possessive: the same, for a match of the whole
    }

    uint32_t read_number() {
        uint32_t number = 0;
        const size_t first = next_;
        while (more() && peek() >= '0' && peek() <= '9' && number < 100000)
            number = number * 10 + static_cast<uint32_t>(text_[next_++] - '0');
        if (next_ == first) failed_ = true;
        return number;
    }

    std::vector<bool> read_class() {
        const bool negated = take('^');
        std::vector<bool> set(kBytes, false);
        bool first = true;
        while (more() && (first || peek() != ']')) {
            first = false;
            const char low = text_[next_++];
            if (low == '\\') {
                merge(set, read_escape());
                continue;
            }
            char high = low;
            if (next_ + 1 < text_.size() && peek() == '-' && text_[next_ + 1] != ']') {
                ++next_;
                high = text_[next_++];
            }
            for (size_t c = byte(low); c <= byte(high); ++c) set[c] = true;
        }
        if (!take(']')) failed_ = true;
        if (negated) set.flip();
        return set;
    }

    std::vector<bool> read_escape() {
        if (!more()) {
            failed_ = true;
            return only('\\');
        }
        const char c = text_[next_++];
        std::vector<bool> set(kBytes, false);
        const char lower = static_cast<char>(c | 0x20);
        if (lower != 'd' && lower != 'w' && lower != 's') return only(c);
        for (size_t i = 0; i < kBytes; ++i) {
            const char each = static_cast<char>(i);
            const bool digit = each >= '0' && each <= '9';
            const bool letter = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || each == '_';
            const bool space = each == ' ' || (each >= '\t' && each <= '\r');
            set[i] = lower == 'd' ? digit : lower == 'w' ? digit || letter : space;
        }
        if (c != lower) set.flip();
        return set;
    }

    static size_t byte(char c) { return static_cast<unsigned char>(c); }
    static std::vector<bool> only(char c) {
        std::vector<bool> set(kBytes, false);
        set[byte(c)] = true;
        return set;
    }
    static void merge(std::vector<bool>& set, const std::vector<bool>& other) {
        for (size_t i = 0; i < kBytes; ++i) set[i] = set[i] || other[i];
    }

    std::string_view text_;
    size_t next_ = 0;
    bool failed_ = false;
};

bool TopicPattern::match(const Sequence& sequence, size_t at, std::string_view text, const Rest* rest) {
    if (at < sequence.size()) return match_repeated(sequence, at, 0, text, rest);
    if (rest == nullptr) return text.empty();
    if (rest->length == text.size())
        return match(rest->sequence, rest->at + 1, text, rest->outer);  // an empty repetition: as many as are wanted
    return match_repeated(rest->sequence, rest->at, rest->done, text, rest->outer);
}

// `done` repetitions of sequence[at] have matched. Tries one more, then what follows.
bool TopicPattern::match_repeated(const Sequence& sequence, size_t at, uint32_t done, std::string_view text,
                                  const Rest* rest) {
    const Item& item = sequence[at];
    if (done < item.most && (done < item.least || !text.empty())) {
        if (item.kind == Kind::Set) {
            const bool fits = !text.empty() && item.set[static_cast<unsigned char>(text.front())];
            if (fits && match_repeated(sequence, at, done + 1, text.substr(1), rest)) return true;
        } else {
            const Rest again{sequence, at, done + 1, text.size(), rest};
            const bool fits = std::any_of(item.alternatives.begin(), item.alternatives.end(),
                                          [&](const Sequence& each) { return match(each, 0, text, &again); });
            if (fits) return true;
        }
    }
    return done >= item.least && match(sequence, at + 1, text, rest);
}

bool TopicPattern::matches(std::string_view name) const {
    return std::any_of(alternatives_.begin(), alternatives_.end(),
                       [&](const Sequence& each) { return match(each, 0, name, nullptr); });
}

Result<TopicPattern> TopicPattern::regex(std::string_view text) {
    std::optional<TopicPattern> pattern = PatternReader(text).read();
    if (!pattern) return Error{fmt::format("{} is an invalid regex.", text)};
    return std::move(*pattern);
}

Result<TopicPattern> TopicPattern::include_list(std::string_view text) {
    std::string plain;
    for (char c : text) {
        if (c != ' ') plain += c == ',' ? '|' : c;
    }
    plain.erase(0, plain.find_first_not_of("\"'"));
    plain.erase(plain.find_last_not_of("\"'") + 1);
    return regex(plain);
}

}  // namespace kafkasim::tools
