// SPDX-License-Identifier: Apache-2.0
//
// protocol_generator OUTPUT_DIR FILE.msg...  writes one header and one source per definition file, and
// message_fwd.hpp,
// message.hpp, message.cpp, into OUTPUT_DIR. Run by the build (cmake/protocol.cmake). Mistakes in a definition:
// printed
// as file:line: sentence, exit code 1.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/protocol/generator/cpp_writer.hpp"
#include "core/protocol/generator/definition.hpp"

namespace {

namespace generator = kafkasim::protocol::generator;

bool read_file(const std::string& path, std::string& text) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return false;
    text.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    return true;
}

bool write_file(const std::string& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    if (!out) std::fprintf(stderr, "cannot write %s\n", path.c_str());
    return static_cast<bool>(out);
}

bool read_definitions(int argc, char** argv, std::vector<generator::Definitions>& all) {
    bool good = true;
    for (int i = 2; i < argc; ++i) {
        std::string text;
        if (!read_file(argv[i], text)) {
            std::fprintf(stderr, "cannot read %s\n", argv[i]);
            good = false;
            continue;
        }
        generator::ParseResult parsed = generator::parse(argv[i], text);
        for (const std::string& error : parsed.errors) std::fprintf(stderr, "%s\n", error.c_str());
        good = good && parsed.errors.empty();
        all.push_back(std::move(parsed.definitions));
    }
    return good;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: protocol_generator OUTPUT_DIR FILE.msg...\n");
        return 2;
    }
    std::vector<generator::Definitions> all;
    if (!read_definitions(argc, argv, all)) return 1;
    const std::string directory = std::string(argv[1]) + "/";
    bool good = true;
    for (const auto& definitions : all) {
        good = write_file(directory + definitions.stem + ".hpp", generator::header_text(definitions)) && good;
        good = write_file(directory + definitions.stem + ".cpp", generator::source_text(definitions)) && good;
    }
    good = write_file(directory + "message_fwd.hpp", generator::message_fwd_text(all)) && good;
    good = write_file(directory + "message.hpp", generator::message_header_text(all)) && good;
    good = write_file(directory + "message.cpp", generator::message_source_text(all)) && good;
    return good ? 0 : 1;
}
