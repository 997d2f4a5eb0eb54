// SPDX-License-Identifier: Apache-2.0

#include "core/tools/line_reader.hpp"

#include <fmt/format.h>

namespace kafkasim::tools {

bool is_true(std::string_view text) {
    std::string plain;
    for (char c : text) {
        if (c != ' ' && c != '\t') plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return plain == "true";
}

LineReader::LineReader(const config::Properties& properties) {
    if (auto found = properties.find("parse.key"); found != properties.end()) parse_key_ = is_true(found->second);
    if (auto found = properties.find("key.separator"); found != properties.end()) key_separator_ = found->second;
    if (auto found = properties.find("ignore.error"); found != properties.end()) ignore_error_ = is_true(found->second);
}

Result<LineReader::KeyAndValue> LineReader::read(const std::string& line) {
    ++line_number_;
    if (!parse_key_) return KeyAndValue{std::nullopt, line};
    const size_t at = line.find(key_separator_);
    if (at != std::string::npos) return KeyAndValue{line.substr(0, at), line.substr(at + key_separator_.size())};
    if (ignore_error_) return KeyAndValue{std::nullopt, line};
    return Error{fmt::format("No key found on line {}: {}", line_number_, line)};
}

}  // namespace kafkasim::tools
