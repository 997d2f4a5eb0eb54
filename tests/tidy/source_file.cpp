// SPDX-License-Identifier: Apache-2.0
#include "tests/tidy/source_file.hpp"

#include <cctype>
#include <utility>

namespace kafkasim::tidy {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Scanner {
public:
    explicit Scanner(const std::string& text) : text_(text) {}

    void scan_into(SourceFile& file) {
        while (at_ < text_.size()) step(file);
    }

private:
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

    void advance() {
        if (text_[at_] == '\n') {
            ++line_;
            only_blanks_so_far_ = true;
        }
        ++at_;
    }

    void step(SourceFile& file) {
        const char c = peek();
        if (std::isspace(static_cast<unsigned char>(c)) != 0) {
            advance();
        } else if (c == '/' && peek(1) == '/') {
            while (at_ < text_.size() && peek() != '\n') advance();
        } else if (c == '/' && peek(1) == '*') {
            skip_past("*/");
        } else if (c == '#' && only_blanks_so_far_) {
            preprocessor_line(file);
        } else {
            only_blanks_so_far_ = false;
            code(file, c);
        }
    }

    void code(SourceFile& file, char c) {
        const int line = line_;
        if (c == 'R' && peek(1) == '"') {
            const std::size_t open = text_.find('(', at_);
            const std::string delimiter = open == std::string::npos ? "" : text_.substr(at_ + 2, open - at_ - 2);
            skip_past(")" + delimiter + "\"");
            file.tokens.push_back({"\"\"", line});
        } else if (c == '"' || c == '\'') {
            skip_literal(c);
            file.tokens.push_back({"\"\"", line});
        } else if (is_word(c)) {
            file.tokens.push_back({word(), line});
        } else {
            const bool pair = (c == ':' && peek(1) == ':') || (c == '-' && peek(1) == '>');
            file.tokens.push_back({text_.substr(at_, pair ? 2 : 1), line});
            at_ += pair ? 2 : 1;
        }
    }

    // A digit separator (1'000) belongs to its number, not to a character literal.
    std::string word() {
        const std::size_t begin = at_;
        const bool number = std::isdigit(static_cast<unsigned char>(peek())) != 0;
        while (is_word(peek()) || (number && peek() == '\'' && is_word(peek(1)))) ++at_;
        return text_.substr(begin, at_ - begin);
    }

    void skip_literal(char quote) {
        advance();
        while (at_ < text_.size() && peek() != quote && peek() != '\n') {
            if (peek() == '\\') advance();
            if (at_ < text_.size()) advance();
        }
        if (peek() == quote) advance();
    }

    void skip_past(const std::string& end) {
        const std::size_t found = text_.find(end, at_ + 2);
        const std::size_t stop = found == std::string::npos ? text_.size() : found + end.size();
        while (at_ < stop) advance();
    }

    void preprocessor_line(SourceFile& file) {
        const int line = line_;
        std::string directive;
        while (at_ < text_.size() && peek() != '\n') {
            if (peek() == '\\' && peek(1) == '\n') advance();
            directive += peek();
            advance();
        }
        const std::size_t include = directive.find("include");
        const std::size_t open = directive.find_first_of("<\"");
        if (include == std::string::npos || open == std::string::npos || directive.find("if") < include) return;
        const std::size_t close = directive.find_first_of(">\"", open + 1);
        file.includes.push_back({directive.substr(open + 1, close - open - 1), directive[open] == '"', line});
    }

    const std::string& text_;
    std::size_t at_ = 0;
    int line_ = 1;
    bool only_blanks_so_far_ = true;
};

}  // namespace

std::string SourceFile::folder() const {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash);
}

SourceFile read_source(std::string path, const std::string& text) {
    SourceFile file;
    file.path = std::move(path);
    std::string line;
    for (const char c : text) {
        if (c == '\n') {
            file.lines.push_back(std::exchange(line, {}));
        } else {
            line += c;
        }
    }
    if (!line.empty()) file.lines.push_back(line);
    Scanner(text).scan_into(file);
    return file;
}

}  // namespace kafkasim::tidy
