// SPDX-License-Identifier: Apache-2.0
// What a person is told in a lesson, he is told in English and in Korean.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/catch.hpp"
#include "tests/support/data_file.hpp"

namespace {

using Json = nlohmann::ordered_json;

/// The keys of the file or of a step whose words stand in one language only.
void check_words(const Json& told, const std::string& where) {
    for (const char* key : {"title", "about", "say", "ask", "answer"}) {
        if (!told.contains(key)) continue;
        INFO(where << " " << key);
        const Json& words = told[key];
        CHECK((words.is_object() && words.value("en", "") != "" && words.value("ko", "") != ""));
    }
}

}  // namespace

TEST_CASE("every lesson is told in English and in Korean, and no question is without an answer") {
    size_t lessons = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator("scenarios")) {
        if (entry.path().extension() != ".json") continue;
        const std::string name = entry.path().string();
        const Json lesson = Json::parse(kafkasim::test::project_file(name), nullptr, false);
        REQUIRE(lesson.is_object());
        ++lessons;
        check_words(lesson, name);
        CHECK(lesson.contains("title"));
        CHECK(lesson.contains("about"));
        for (const Json& step : lesson["steps"]) {
            check_words(step, name + " " + step.dump().substr(0, 60));
            CHECK(step.contains("ask") == step.contains("answer"));
        }
    }
    CHECK(lessons >= 30);
}
