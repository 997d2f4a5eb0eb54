// SPDX-License-Identifier: Apache-2.0
#include "tests/tidy/functions.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace kafkasim::tidy {
namespace {

enum class Scope { Namespace, Type, Function, Other };

bool is_one_of(const std::string& text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

// What the tokens of a statement, up to an opening brace, say that the brace opens.
struct Statement {
    std::vector<Token> tokens;

    void add(const Token& token) { tokens.push_back(token); }
    void clear() { tokens.clear(); }

    // The statement without a leading template<...>, whose "class" names no type.
    std::size_t begin() const {
        std::size_t at = 0;
        while (at < tokens.size() && tokens[at].text == "template") {
            int depth = 0;
            for (++at; at < tokens.size(); ++at) {
                if (tokens[at].text == "<") ++depth;
                if (tokens[at].text == ">" && --depth == 0) break;
            }
            if (at < tokens.size()) ++at;
        }
        return at;
    }

    Scope opens() const {
        int depth = 0;
        bool call = false;         // a parameter list at depth 0
        bool members = false;      // a ':' after it: a constructor's initialisers
        bool initialiser = false;  // a '=' that is not part of an operator's name
        bool type = false;
        bool named_operator = false;
        for (std::size_t i = begin(); i < tokens.size(); ++i) {
            const std::string& text = tokens[i].text;
            if (text == "namespace" || text == "extern") return Scope::Namespace;
            if (is_one_of(text, {"class", "struct", "union", "enum"}) && depth == 0 && !call) type = true;
            if (text == "operator") named_operator = true;
            if (text == ")" || text == "]") --depth;
            if (text == "(" && depth == 0 && !is_alignas(i)) call = true;
            if (text == "(" || text == "[") ++depth;
            if (depth == 0 && text == ":" && call) members = true;
            if (depth == 0 && text == "=" && !named_operator) initialiser = true;
        }
        if (depth > 0 || initialiser) return Scope::Other;
        if (call && members) return is_one_of(tokens.back().text, {")", "}"}) ? Scope::Function : Scope::Other;
        if (call) return Scope::Function;
        return type ? Scope::Type : Scope::Other;
    }

    std::string name() const {
        for (std::size_t i = begin(); i < tokens.size(); ++i) {
            if (tokens[i].text == "operator") return "operator";
            if (tokens[i].text == "(" && i > 0 && !is_alignas(i)) return tokens[i - 1].text;
        }
        return "?";
    }

private:
    bool is_alignas(std::size_t i) const {
        return i > 0 && is_one_of(tokens[i - 1].text, {"alignas", "explicit", "noexcept", "requires"});
    }
};

struct Open {
    Scope scope;
    Function function;
};

}  // namespace

std::vector<Function> find_functions(const std::vector<Token>& tokens) {
    std::vector<Function> found;
    std::vector<Open> stack;
    Statement statement;
    const auto holds_declarations = [&] {
        return stack.empty() || stack.back().scope == Scope::Namespace || stack.back().scope == Scope::Type;
    };
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (token.text == "{") {
            const Scope scope = holds_declarations() ? statement.opens() : Scope::Other;
            Open open{scope, {}};
            if (scope == Scope::Function) {
                open.function = {statement.name(), statement.tokens.front().line, 0, i + 1, 0};
            }
            stack.push_back(open);
            if (scope != Scope::Other) statement.clear();
        } else if (token.text == "}") {
            if (stack.empty()) continue;
            const Open closed = stack.back();
            stack.pop_back();
            if (closed.scope == Scope::Function) {
                found.push_back(closed.function);
                found.back().last_line = token.line;
                found.back().body_end = i;
            }
            if (closed.scope == Scope::Other && holds_declarations()) statement.add(token);
            if (closed.scope != Scope::Other) statement.clear();
        } else if (holds_declarations()) {
            const bool label = token.text == ":" && statement.tokens.size() == 1 &&
                               is_one_of(statement.tokens[0].text, {"public", "private", "protected"});
            if (token.text == ";" || label) {
                statement.clear();
            } else {
                statement.add(token);
            }
        }
    }
    return found;
}

}  // namespace kafkasim::tidy
