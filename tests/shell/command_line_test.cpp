// SPDX-License-Identifier: Apache-2.0
#include "sim/shell/command_line.hpp"

#include "sim/shell/glob.hpp"
#include "sim/world/world.hpp"

#include "tests/catch.hpp"

using kafkasim::sim::parse_command_line;
using Words = std::vector<std::string>;

TEST_CASE("words are split as bash splits them") {
    struct Row {
        const char* line;
        Words words;
    };
    for (const Row& row : {Row{"a  b\tc", {"a", "b", "c"}}, Row{"a 'b c' d", {"a", "b c", "d"}},
                           Row{"a \"b \\\"c\" d", {"a", "b \"c", "d"}}, Row{"a b\\ c", {"a", "b c"}},
                           Row{"--property \"key.separator=:\"", {"--property", "key.separator=:"}},
                           Row{"a '' b", {"a", "", "b"}}, Row{"a x'y'\"z\"", {"a", "xyz"}}, Row{"a \\\nb", {"a", "b"}},
                           Row{"a # b", {"a"}}, Row{"a b#c", {"a", "b#c"}}}) {
        CAPTURE(row.line);
        const auto parsed = parse_command_line(row.line);
        REQUIRE(parsed);
        REQUIRE(parsed.value().pipeline.size() == 1);
        CHECK(parsed.value().pipeline[0].words == row.words);
    }
}

TEST_CASE("redirections and pipes") {
    const auto parsed = parse_command_line("a < in | b >> out");
    REQUIRE(parsed);
    const auto& line = parsed.value();
    REQUIRE(line.pipeline.size() == 2);
    CHECK(line.pipeline[0].words == Words{"a"});
    CHECK(line.pipeline[0].input_file == "in");
    CHECK(line.pipeline[1].words == Words{"b"});
    CHECK(line.pipeline[1].output_file == "out");
    CHECK(line.pipeline[1].append);
    CHECK(parse_command_line("a &").value().in_background);
}

TEST_CASE("what bash would refuse, and what is not modelled, is said") {
    struct Row {
        const char* line;
        const char* says;
    };
    for (const Row& row :
         {Row{"", "empty"}, Row{"a |", "near unexpected token `newline'"}, Row{"| a", "near unexpected token `|'"},
          Row{"a 'b", "matching `''"}, Row{"a \"b", "matching `\"'"}, Row{"a <", "near unexpected token `newline'"},
          Row{"a ; b", "not modelled"}, Row{"a && b", "not modelled"}, Row{"echo $HOME", "not modelled"},
          Row{"a 2> b", "not modelled"}}) {
        CAPTURE(row.line);
        const auto parsed = parse_command_line(row.line);
        REQUIRE_FALSE(parsed);
        CHECK_THAT(parsed.error(), Catch::Matchers::Contains(row.says));
    }
}

TEST_CASE("file name patterns stand for the files that fit, sorted") {
    kafkasim::sim::World world({});
    for (const char* path : {"/tmp/logs1/t-0/a.log", "/tmp/logs2/t-0/a.log", "/tmp/logs2/t-1/a.log",
                             "/tmp/logs2/.t-2/x", "/tmp/other/t-0/a.log"})
        world.disk().write_text(path, "x");
    struct Row {
        const char* line;
        Words words;
    };
    for (const Row& row :
         {Row{"rm /tmp/logs*/t-*", {"rm", "/tmp/logs1/t-0", "/tmp/logs2/t-0", "/tmp/logs2/t-1"}},
          Row{"rm /tmp/logs?/t-1", {"rm", "/tmp/logs2/t-1"}}, Row{"rm /tmp/logs2/.t*", {"rm", "/tmp/logs2/.t-2"}},
          Row{"rm /tmp/logs*/u-*", {"rm", "/tmp/logs*/u-*"}}, Row{"rm '/tmp/logs*'/t-\\*", {"rm", "/tmp/logs*/t-*"}}}) {
        CAPTURE(row.line);
        const auto parsed = parse_command_line(row.line);
        REQUIRE(parsed);
        CHECK(kafkasim::sim::expanded_words(parsed.value().pipeline[0], world.disk()) == row.words);
    }
}

TEST_CASE("bash counts the lines up to the word after the command's name") {
    CHECK(parse_command_line("a b").value().line == 1);
    CHECK(parse_command_line("a \\\nb \\\nc").value().line == 2);
    CHECK(parse_command_line("a b \\\nc").value().line == 1);
    CHECK(parse_command_line("\\\na b").value().line == 2);
    CHECK(parse_command_line("a \\\n< b").value().line == 2);
}
