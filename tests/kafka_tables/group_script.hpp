// SPDX-License-Identifier: Apache-2.0
#pragma once
// The little language of tests/kafka_tables/group_coordinator/*.txt: one block for each of Kafka's tests, opened by
// its name in double quotes; below it, indented, one step a line.
//
//     "testValidHeartbeat"
//       dynamic_join a -> NONE leader=a
//       sync a assign=a:x -> NONE
//       heartbeat a generation=1 -> NONE
//
// A step is a verb, words, key=value pairs and, behind ->, what is checked. A line `fixture NAME key=value ...` opens a
// block that others play by `use NAME key=value ...`; {key} in it stands for the value. `repeat N step ; step` plays
// steps N times. Words in single quotes may have blanks. group_player.hpp says what the verbs do.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kafkasim::test {

/// What ends a block: the step that was not as Kafka has it.
struct ScriptFailure {
    std::string text;
};

struct Step {
    std::string text;  // as written
    std::string verb;
    std::vector<std::string> words;  // without =
    std::map<std::string, std::string> options;
    bool checks = false;  // there is a ->
    std::vector<std::string> expected_words;
    std::vector<std::pair<std::string, std::string>> expected;

    std::string option(const std::string& key, const std::string& otherwise) const {
        auto found = options.find(key);
        return found == options.end() ? otherwise : found->second;
    }
    int32_t number(const std::string& key, int32_t otherwise) const {
        auto found = options.find(key);
        return found == options.end() ? otherwise : std::stoi(found->second);
    }
    bool says(const std::string& word) const { return std::find(words.begin(), words.end(), word) != words.end(); }
};

struct Block {
    std::string name;
    int line = 0;
    std::map<std::string, std::string> defaults;  // of a fixture
    std::vector<std::string> steps;
};

struct Script {
    std::vector<Block> tests;
    std::map<std::string, Block> fixtures;
};

/// Words parted by blanks; 'two words' is one, with its quotes.
inline std::vector<std::string> split_words(const std::string& line) {
    std::vector<std::string> words;
    std::string word;
    bool quoted = false;
    for (char c : line) {
        if (c == '\'') quoted = !quoted;
        if (c == ' ' && !quoted) {
            if (!word.empty()) words.push_back(std::exchange(word, {}));
        } else {
            word += c;
        }
    }
    if (!word.empty()) words.push_back(word);
    return words;
}

inline std::vector<std::string> split_at(const std::string& text, char separator) {
    std::vector<std::string> parts;
    size_t begin = 0;
    while (begin <= text.size()) {
        const size_t end = std::min(text.find(separator, begin), text.size());
        if (end > begin) parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

inline std::pair<std::string, std::optional<std::string>> key_and_value(const std::string& word) {
    const size_t sign = word.find('=');
    if (sign == std::string::npos || word.front() == '\'') return {word, std::nullopt};
    return {word.substr(0, sign), word.substr(sign + 1)};
}

inline Step parse_step(const std::string& text) {
    Step step;
    step.text = text;
    for (const std::string& word : split_words(text)) {
        const auto [key, value] = key_and_value(word);
        if (word == "->") {
            step.checks = true;
        } else if (step.verb.empty()) {
            step.verb = word;
        } else if (step.checks) {
            if (value)
                step.expected.emplace_back(key, *value);
            else
                step.expected_words.push_back(word);
        } else if (value) {
            step.options[key] = *value;
        } else {
            step.words.push_back(word);
        }
    }
    return step;
}

inline std::string with_values(std::string text, const std::map<std::string, std::string>& values) {
    for (const auto& [key, value] : values) {
        const std::string mark = "{" + key + "}";
        for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
            text.replace(at, mark.size(), value);
    }
    return text;
}

/// Adds the blocks of a file.
inline void read_script(const std::string& content, Script& script) {
    Block* block = nullptr;
    int number = 0;
    for (size_t begin = 0; begin < content.size();) {
        const size_t end = std::min(content.find('\n', begin), content.size());
        const std::string line = content.substr(begin, end - begin);
        begin = end + 1;
        ++number;
        const size_t first = line.find_first_not_of(' ');
        if (first == std::string::npos || line[first] == '#') continue;
        if (first > 0) {
            if (block == nullptr) throw ScriptFailure{"a step outside of a block: " + line};
            block->steps.push_back(line.substr(first));
        } else if (line.front() == '"') {
            script.tests.push_back({line.substr(1, line.rfind('"') - 1), number, {}, {}});
            block = &script.tests.back();
        } else {
            const Step header = parse_step(line);
            if (header.verb != "fixture" || header.words.size() != 1) throw ScriptFailure{"not a block: " + line};
            Block& made = script.fixtures[header.words.front()];
            made = {header.words.front(), number, header.options, {}};
            block = &made;
        }
    }
}

}  // namespace kafkasim::test
