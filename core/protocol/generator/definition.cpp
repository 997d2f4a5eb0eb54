// SPDX-License-Identifier: Apache-2.0
#include "core/protocol/generator/definition.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

namespace kafkasim::protocol::generator {
namespace {

constexpr std::array<std::string_view, 9> kPrimitives = {"bool", "int8",   "int16", "int32",  "int64",
                                                         "uuid", "string", "bytes", "records"};

std::optional<int> parse_int(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_identifier(std::string_view text) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return !text.empty() && letter(text[0]) &&
           std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || digit(c); });
}

// The words of a line, after removing its comment; a word never contains a space.
std::vector<std::string_view> split_words(std::string_view line) {
    std::vector<std::string_view> words;
    for (std::size_t at = 0; at < line.size();) {
        const std::size_t begin = line.find_first_not_of(' ', at);
        if (begin == std::string_view::npos) break;
        const std::size_t end = std::min(line.find(' ', begin), line.size());
        words.push_back(line.substr(begin, end - begin));
        at = end;
    }
    return words;
}

class Parser {
public:
    explicit Parser(std::string_view file_name) : file_name_(file_name) {}

    ParseResult parse_all(std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            ++line_;
            parse_line(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        if (result_.definitions.messages.empty()) error("the file declares no api and no data");
        check_all();
        return std::move(result_);
    }

private:
    void error(const std::string& sentence) { error_at(line_, sentence); }
    void error_at(int line, const std::string& sentence) {
        result_.errors.push_back(file_name_ + ":" + std::to_string(line) + ": " + sentence);
    }

    std::vector<MessageDefinition>& messages() { return result_.definitions.messages; }

    void parse_line(std::string_view line) {
        if (const auto comment = line.find("//"); comment != std::string_view::npos) line = line.substr(0, comment);
        if (line.find('\t') != std::string_view::npos) return error("tab found; indent with spaces");
        const auto words = split_words(line);
        if (words.empty()) return;
        const std::size_t indent = line.find_first_not_of(' ');
        if (indent == 0) return parse_heading(words);
        if (indent % 2 != 0) return error("indentation is not a multiple of two spaces");
        if (!in_section_) return error("field outside a request, response, event or data section");
        if (words[0] == "common") return open_common(words, indent);
        parse_field(words, indent);
    }

    void parse_heading(const std::vector<std::string_view>& words) {
        in_section_ = false;
        if (words[0] == "api") return open_api(words);
        if (words[0] == "data") return open_data(words);
        static constexpr std::array<std::pair<std::string_view, Role>, 3> kSections = {
            {{"request", Role::Request}, {"response", Role::Response}, {"event", Role::Event}}};
        for (const auto& [word, role] : kSections) {
            if (word == words[0]) return open_section(role, words);
        }
        error("unknown heading '" + std::string(words[0]) + "'; expected api, data, request, response or event");
    }

    void open_api(const std::vector<std::string_view>& words) {
        api_ = MessageDefinition{};
        has_api_ = false;
        const auto key = words.size() > 2 ? parse_int(words[1]) : std::nullopt;
        if (!key) return error("expected: api KEY NAME versions V flexible V [listeners A,B]");
        api_.api_key = *key;
        has_api_ = parse_heading_rest(words, 2, api_);
    }

    void open_data(const std::vector<std::string_view>& words) {
        has_api_ = false;
        MessageDefinition data;
        if (words.size() < 2) return error("expected: data NAME versions V flexible V");
        if (!parse_heading_rest(words, 1, data)) return;
        open_message(std::move(data), "");
    }

    // NAME versions V flexible V [listeners A,B]
    bool parse_heading_rest(const std::vector<std::string_view>& words, std::size_t at, MessageDefinition& message) {
        message.api_name = std::string(words[at]);
        if (!is_identifier(words[at])) return error("'" + message.api_name + "' is not a name"), false;
        bool has_versions = false;
        bool has_flexible = false;
        for (++at; at + 1 < words.size(); at += 2) {
            const std::string_view key = words[at];
            const std::string_view value = words[at + 1];
            if (key == "versions") {
                has_versions = read_versions(value, message.valid_versions);
            } else if (key == "flexible") {
                has_flexible = read_versions(value, message.flexible_versions);
            } else if (key == "listeners") {
                read_list(value, message.listeners);
            } else {
                return error("unknown word '" + std::string(key) + "' in a heading"), false;
            }
        }
        if (at != words.size()) return error("'" + std::string(words[at]) + "' lacks its value"), false;
        if (!has_versions || !has_flexible) return error("heading lacks valid 'versions' or 'flexible'"), false;
        return true;
    }

    void read_list(std::string_view text, std::vector<std::string>& out) {
        while (!text.empty()) {
            const std::size_t comma = std::min(text.find(','), text.size());
            out.emplace_back(text.substr(0, comma));
            text.remove_prefix(std::min(comma + 1, text.size()));
        }
    }

    void open_section(Role role, const std::vector<std::string_view>& words) {
        if (words.size() != 1) return error("nothing may follow '" + std::string(words[0]) + "'");
        if (!has_api_) return error("'" + std::string(words[0]) + "' without an api line before it");
        MessageDefinition message = api_;
        message.role = role;
        open_message(std::move(message), role == Role::Request ? "Request" : role == Role::Response ? "Response" : "");
    }

    void open_message(MessageDefinition message, std::string_view suffix) {
        message.body.name = message.api_name + std::string(suffix);
        message.body.line = line_;
        message.body.versions = message.valid_versions;
        for (const auto& other : messages()) {
            if (other.body.name == message.body.name) error("'" + other.body.name + "' is declared twice");
        }
        messages().push_back(std::move(message));
        in_section_ = true;
        in_common_ = false;
    }

    void open_common(const std::vector<std::string_view>& words, std::size_t indent) {
        if (indent != 2) return error("'common' must be indented by two spaces");
        Struct common;
        common.line = line_;
        in_common_ = true;
        if (words.size() != 3 || !is_identifier(words[1])) return error("expected: common NAME VERSIONS");
        common.name = std::string(words[1]);
        read_versions(words[2], common.versions);
        messages().back().body.commons.push_back(std::move(common));
    }

    void parse_field(const std::vector<std::string_view>& words, std::size_t indent) {
        if (indent == 2) in_common_ = false;
        std::vector<Field>* into = siblings_at(indent);
        if (into == nullptr) return error("indented deeper than the line above allows");
        Field field;
        field.line = line_;
        if (words.size() < 3) return error("expected: NAME TYPE VERSIONS [attributes]");
        if (!is_identifier(words[0])) return error("'" + std::string(words[0]) + "' is not a field name");
        field.name = std::string(words[0]);
        field.is_array = words[1].starts_with("[]");
        field.type = std::string(words[1].substr(field.is_array ? 2 : 0));
        read_versions(words[2], field.versions);
        for (std::size_t at = 3; at < words.size();) at = read_attribute(words, at, field);
        for (const Field& other : *into) {
            if (other.name == field.name) error("field '" + field.name + "' is declared twice");
        }
        into->push_back(std::move(field));
    }

    // The list that a field at this indentation belongs to: the message, its last common struct, or the last field
    // above.
    std::vector<Field>* siblings_at(std::size_t indent) {
        Struct& body = messages().back().body;
        std::size_t depth = indent / 2 - 1;
        std::vector<Field>* into = &body.fields;
        if (in_common_) {
            if (body.commons.empty()) return nullptr;
            into = &body.commons.back().fields;
            --depth;
        }
        for (; depth > 0; --depth) {
            if (into->empty()) return nullptr;
            into = &into->back().fields;
        }
        return into;
    }

    // Returns the index of the next attribute.
    std::size_t read_attribute(const std::vector<std::string_view>& words, std::size_t at, Field& field) {
        const std::string_view key = words[at];
        if (key == "ignorable") return field.ignorable = true, at + 1;
        if (key == "mapKey") return field.map_key = true, at + 1;
        if (key == "zeroCopy") return field.zero_copy = true, at + 1;
        const std::size_t values = key == "tag" ? 2 : 1;
        if (key != "nullable" && key != "default" && key != "entity" && key != "tag") {
            error("unknown attribute '" + std::string(key) + "'");
            return at + 1;
        }
        if (at + values >= words.size()) {
            error("'" + std::string(key) + "' lacks its value");
            return words.size();
        }
        const std::string_view value = words[at + 1];
        if (key == "nullable") read_versions(value, field.nullable);
        if (key == "default") field.default_value = value == "\"\"" ? std::string() : std::string(value);
        if (key == "entity") field.entity_type = std::string(value);
        if (key == "tag") {
            field.tag = parse_int(value).value_or(-1);
            if (field.tag < 0) error("tag '" + std::string(value) + "' is not a number");
            read_versions(words[at + 2], field.tagged_versions);
        }
        return at + values + 1;
    }

    bool read_versions(std::string_view text, Versions& out) {
        const auto parsed = parse_versions(text);
        if (!parsed) error("'" + std::string(text) + "' is not a range of versions (4+, 0-7, 3 or none)");
        out = parsed.value_or(Versions{});
        return parsed.has_value();
    }

    // Checks that need a whole file: every type is known, introduced once, and given a sensible default.
    void check_all() {
        std::set<std::string> data_names;
        for (const auto& message : messages()) {
            std::set<std::string> names = data_names;
            for (const auto& common : message.body.commons) {
                if (!names.insert(common.name).second) error_at(common.line, "'" + common.name + "' is declared twice");
            }
            collect_types(message.body.fields, names);
            for (const auto& common : message.body.commons) collect_types(common.fields, names);
            check_fields(message.body.fields, names);
            for (const auto& common : message.body.commons) check_fields(common.fields, names);
            if (message.role == Role::Data) data_names.insert(message.body.name);
        }
    }

    void collect_types(const std::vector<Field>& fields, std::set<std::string>& names) {
        for (const Field& field : fields) {
            if (field.fields.empty()) continue;
            if (is_primitive(field.type)) {
                error_at(field.line, "'" + field.name + "' is of type " + field.type + ", which has no fields");
            } else if (!names.insert(field.type).second) {
                error_at(field.line, "struct '" + field.type + "' is declared twice");
            }
            collect_types(field.fields, names);
        }
    }

    void check_fields(const std::vector<Field>& fields, const std::set<std::string>& names) {
        for (const Field& field : fields) {
            if (!is_primitive(field.type) && !names.contains(field.type)) {
                error_at(field.line, "unknown type '" + field.type + "'");
            }
            check_default(field);
            check_fields(field.fields, names);
        }
    }

    void check_default(const Field& field) {
        if (!field.default_value) return;
        const std::string& value = *field.default_value;
        const std::string wrong = "default '" + value + "' does not fit " + (field.is_array ? "[]" : "") + field.type;
        if (value == "null") {
            if (field.nullable == Versions{}) error_at(field.line, "default null of a field that is never nullable");
            return;
        }
        if (field.is_array || !is_primitive(field.type)) return error_at(field.line, wrong);
        if (field.type == "string") return value.empty() ? void() : error_at(field.line, wrong);
        if (field.type == "bool") return value == "true" || value == "false" ? void() : error_at(field.line, wrong);
        const bool number = parse_int(value) || (value.starts_with("0x") && value.size() > 2);
        if (!field.type.starts_with("int") || !number) error_at(field.line, wrong);
    }

    std::string file_name_;
    ParseResult result_;
    int line_ = 0;
    MessageDefinition api_;  // heading of the current api; sections copy it
    bool has_api_ = false;
    bool in_section_ = false;
    bool in_common_ = false;
};

std::string stem_of(std::string_view file_name) {
    const std::size_t slash = file_name.rfind('/');
    if (slash != std::string_view::npos) file_name.remove_prefix(slash + 1);
    return std::string(file_name.substr(0, file_name.rfind('.')));
}

}  // namespace

std::optional<Versions> parse_versions(std::string_view text) {
    if (text == "none") return Versions{};
    if (text.ends_with('+')) {
        const auto lowest = parse_int(text.substr(0, text.size() - 1));
        if (!lowest || *lowest < 0) return std::nullopt;
        return Versions{*lowest, Versions::kUnbounded};
    }
    const std::size_t dash = text.find('-');
    const auto lowest = parse_int(text.substr(0, dash));
    const auto highest = dash == std::string_view::npos ? lowest : parse_int(text.substr(dash + 1));
    if (!lowest || !highest || *lowest < 0 || *highest < *lowest) return std::nullopt;
    return Versions{*lowest, *highest};
}

bool is_primitive(std::string_view type) {
    return std::find(kPrimitives.begin(), kPrimitives.end(), type) != kPrimitives.end();
}

ParseResult parse(std::string_view file_name, std::string_view text) {
    ParseResult result = Parser(file_name).parse_all(text);
    result.definitions.stem = stem_of(file_name);
    return result;
}

}  // namespace kafkasim::protocol::generator
