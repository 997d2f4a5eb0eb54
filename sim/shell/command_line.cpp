// SPDX-License-Identifier: Apache-2.0
#include "sim/shell/command_line.hpp"

#include <algorithm>
#include <utility>

namespace kafkasim::sim {

namespace {

/// A word, or one of bash's operators.
struct Token {
    std::string text;
    bool is_operator = false;
    std::string glob;
    int line = 1;  // in which it begins
};

std::string as_written(std::string glob) {
    for (char& c : glob) c = c == kAnyText ? '*' : c == kAnyCharacter ? '?' : c;
    return glob;
}

class Tokenizer {
public:
    explicit Tokenizer(std::string_view text) : text_(text) {}

    Result<std::vector<Token>> run() {
        while (at_ < text_.size() && problem_.empty()) next();
        end_word();
        if (!problem_.empty()) return Error{problem_};
        return std::move(tokens_);
    }

private:
    void next() {
        const char c = text_[at_];
        switch (c) {
            case ' ':
            case '\t':
            case '\n':
                end_word();
                ++at_;
                return;
            case '\'':
                single_quoted();
                return;
            case '"':
                double_quoted();
                return;
            case '\\':
                escaped();
                return;
            case '<':
            case '>':
            case '|':
            case '&':
                operator_(c);
                return;
            case ';':
            case '(':
            case ')':
            case '`':
                refuse(std::string("`") + c + "`");
                return;
            case '$':
                refuse("`$` (variables and substitution)");
                return;
            case '*':
            case '?':
                glob(c);
                return;
            case '#':
                if (!in_word_) {
                    at_ = text_.size();
                    return;
                }
                [[fallthrough]];
            default:
                add(c);
                ++at_;
                return;
        }
    }

    void single_quoted() {
        const size_t end = text_.find('\'', at_ + 1);
        if (end == std::string_view::npos) {
            problem_ = "unexpected EOF while looking for matching `''";
            return;
        }
        in_word_ = true;
        word_ += text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
    }

    void double_quoted() {
        in_word_ = true;
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            const bool escape = text_[at_] == '\\' && at_ + 1 < text_.size() &&
                                std::string_view("\"\\$`").find(text_[at_ + 1]) != std::string_view::npos;
            if (escape) ++at_;
            if (!escape && (text_[at_] == '$' || text_[at_] == '`')) return refuse("`$` (variables and substitution)");
            word_ += text_[at_];
        }
        if (at_ == text_.size()) {
            problem_ = "unexpected EOF while looking for matching `\"'";
            return;
        }
        ++at_;
    }

    void escaped() {
        if (at_ + 1 < text_.size()) {
            if (text_[at_ + 1] != '\n') {
                add(text_[at_ + 1]);
            } else if (!in_word_) {
                ++line_;
            } else {
                ++lines_in_word_;
            }
            at_ += 2;
        } else {
            ++at_;
        }
    }

    void operator_(char c) {
        const bool to_stderr = c == '>' && word_ == "2" && in_word_;
        if (to_stderr) {
            word_.clear();
            in_word_ = false;
            return refuse("`2>`");
        }
        end_word();
        std::string text(1, c);
        if (at_ + 1 < text_.size() && text_[at_ + 1] == c) text += c;
        at_ += text.size();
        if (text == "||" || text == "&&" || text == "<<") return refuse("`" + text + "`");
        tokens_.push_back({text, true, "", line_});
    }

    void refuse(const std::string& what) {
        problem_ = what + " is not modelled: one command, its quotes, <, >, >> and | are";
    }

    void add(char c) {
        in_word_ = true;
        word_ += c;
    }

    void glob(char c) {
        add(c == '*' ? kAnyText : kAnyCharacter);
        is_glob_ = true;
        ++at_;
    }

    void end_word() {
        if (in_word_) tokens_.push_back({is_glob_ ? as_written(word_) : word_, false, is_glob_ ? word_ : "", line_});
        line_ += std::exchange(lines_in_word_, 0);
        is_glob_ = false;
        word_.clear();
        in_word_ = false;
    }

    std::string_view text_;
    size_t at_ = 0;
    std::string word_;
    bool in_word_ = false;
    bool is_glob_ = false;
    int line_ = 1;
    int lines_in_word_ = 0;
    std::string problem_;
    std::vector<Token> tokens_;
};

std::string unexpected(const std::vector<Token>& tokens, size_t at) {
    return "syntax error near unexpected token `" + (at < tokens.size() ? tokens[at].text : std::string("newline")) +
           "'";
}

}  // namespace

Result<CommandLine> parse_command_line(std::string_view text) {
    auto tokenized = Tokenizer(text).run();
    if (!tokenized) return Error{tokenized.error()};
    const std::vector<Token> tokens = std::move(tokenized).value();
    CommandLine line;
    if (!tokens.empty()) line.line = tokens[std::min<size_t>(1, tokens.size() - 1)].line;
    line.pipeline.emplace_back();
    for (size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (!token.is_operator) {
            Command& command = line.pipeline.back();
            if (!token.glob.empty()) command.globs[command.words.size()] = token.glob;
            command.words.push_back(token.text);
        } else if (token.text == "|") {
            if (line.pipeline.back().words.empty()) return Error{unexpected(tokens, i)};
            line.pipeline.emplace_back();
        } else if (token.text == "&") {
            if (i + 1 != tokens.size()) return Error{unexpected(tokens, i + 1)};
            line.in_background = true;
        } else {
            if (i + 1 >= tokens.size() || tokens[i + 1].is_operator) return Error{unexpected(tokens, i + 1)};
            Command& command = line.pipeline.back();
            (token.text == "<" ? command.input_file : command.output_file) = tokens[i + 1].text;
            command.append = token.text == ">>";
            ++i;
        }
    }
    if (line.pipeline.back().words.empty())
        return Error{tokens.empty() ? "an empty command line" : unexpected(tokens, tokens.size())};
    return line;
}

}  // namespace kafkasim::sim
