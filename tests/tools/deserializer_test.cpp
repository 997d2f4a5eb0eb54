// SPDX-License-Identifier: Apache-2.0
#include "core/tools/deserializer.hpp"

#include <limits>

#include "core/base/java_number.hpp"
#include "core/tools/java_charset.hpp"
#include "core/tools/java_class.hpp"
#include "tests/catch.hpp"

namespace kafkasim::tools {
namespace {

std::string read(std::string_view type, std::string_view bytes, const config::Properties& properties = {}) {
    auto deserializer = Deserializer::named("org.apache.kafka.common.serialization." + std::string(type));
    if (!deserializer) return "no such class";
    if (auto thrown = deserializer->configure(properties, false)) return *thrown;
    auto text = deserializer->text_of(bytes);
    return text ? text.value() : text.error();
}

}  // namespace

TEST_CASE("each deserializer prints what a real one printed") {
    CHECK(read("IntegerDeserializer", "abcd") == "1633837924");
    CHECK(read("IntegerDeserializer",
               "\xea\xb0\x80"
               "a") == "-357531551");
    CHECK(read("LongDeserializer", "abcdefgh") == "7017280452245743464");
    CHECK(read("ShortDeserializer", "ab") == "24930");
    CHECK(read("FloatDeserializer", "abcd") == "2.6100788E20");
    CHECK(read("FloatDeserializer", ":,-+") == "6.56801E-4");
    CHECK(read("DoubleDeserializer", "abcdefgh") == "1.2926117907728089E161");
    CHECK(read("DoubleDeserializer", "@       ") == "8.062745098039215");
    CHECK(read("BytesDeserializer", "\xed\x95\x9c \\ tab") == "\\xED\\x95\\x9C \\x5C tab");
    CHECK(read("ByteBufferDeserializer", "ab") == "java.nio.HeapByteBuffer[pos=0 lim=2 cap=2]");
    CHECK(read("UUIDDeserializer", "123e4567-e89b-12d3-a456-426614174000") == "123e4567-e89b-12d3-a456-426614174000");
    CHECK(read("StringDeserializer", "abcd", {{"deserializer.encoding", "utf-16"}}) == "\xe6\x85\xa2\xe6\x8d\xa4");
}

TEST_CASE("bytes that are none are refused in the words of Kafka") {
    const std::string serialization = "org.apache.kafka.common.errors.SerializationException: ";
    CHECK(read("IntegerDeserializer", "abc") ==
          serialization + "Size of data received by IntegerDeserializer is not 4");
    CHECK(read("FloatDeserializer", "abc") == serialization + "Size of data received by Deserializer is not 4");
    CHECK(read("UUIDDeserializer", "ab") ==
          serialization +
              "Error parsing data into UUID\nCaused by: java.lang.IllegalArgumentException: Invalid UUID string: ab");
    CHECK(read("StringDeserializer", "ab", {{"deserializer.encoding", "UTF-99"}}) ==
          serialization + "Error when deserializing byte[] to string due to unsupported encoding UTF-99");
    CHECK(read("VoidDeserializer", "ab") ==
          "java.lang.IllegalArgumentException: Data should be null for a VoidDeserializer.");
    CHECK(read("IntegerSerializer", "ab") == "no such class");
}

TEST_CASE("UUIDs are read as Java 17 reads them") {
    struct Case {
        std::string_view text;
        std::string_view result;
    };
    const Case cases[] = {
        {"1-1-1-1-1", "00000001-0001-0001-0001-000000000001"},
        {"123e4567-e89b-12d3-a456-42661417400", "123e4567-e89b-12d3-a456-042661417400"},
        {"", "java.lang.IllegalArgumentException: Invalid UUID string: "},
        {"1-2-3-4-5-6", "java.lang.IllegalArgumentException: Invalid UUID string: 1-2-3-4-5-6"},
        {"123e4567-e89b-12d3-a456-4266141740000", "java.lang.IllegalArgumentException: UUID string too large"},
        {"x-1-1-1-1", "java.lang.NumberFormatException: Error at index 0 in: \"x\""},
        {"123e4567-e89b-12d3-a456-42661417400g",
         "java.lang.NumberFormatException: Error at index 11 in: \"42661417400g\""},
        {"1--1-1-1", "java.lang.NumberFormatException: "},
    };
    for (const Case& each : cases) {
        INFO(each.text);
        const auto uuid = java_uuid(each.text);
        CHECK((uuid ? uuid.value() : uuid.error()) == each.result);
    }
}

TEST_CASE("malformed UTF-8 becomes as many replacements as in Java") {
    const std::string mark = "\xef\xbf\xbd";
    struct Case {
        std::string_view bytes;
        size_t marks;
    };
    const Case cases[] = {{"\x80", 1},
                          {"\xc3", 1},
                          {"\xe2\x82", 1},
                          {"\xf0\x9f\x98", 1},
                          {"\xed\xa0\x80", 1},
                          {"\xc0\xaf", 2},
                          {"\xf5\x80\x80\x80", 4},
                          {"\xe0\x80\xaf", 3},
                          {"\xf4\x90\x80\x80", 4}};
    for (const Case& each : cases) {
        std::string expected;
        for (size_t i = 0; i < each.marks; ++i) expected += mark;
        CHECK(java_decoded(each.bytes, "UTF-8") == expected);
    }
    CHECK(java_decoded("\xe2(\xa1", "UTF-8") == mark + "(" + mark);
    CHECK(java_decoded("abc", "UTF-16LE") == "\xe6\x89\xa1" + mark);
}

TEST_CASE("floating-point numbers are written as Java writes them") {
    struct Case {
        double value;
        std::string_view text;
    };
    const Case cases[] = {{0, "0.0"},
                          {-0.0, "-0.0"},
                          {1, "1.0"},
                          {1e7, "1.0E7"},
                          {9999999, "9999999.0"},
                          {1e-3, "0.001"},
                          {9.99e-4, "9.99E-4"},
                          {1.5, "1.5"},
                          {123456789.125, "1.23456789125E8"},
                          {100, "100.0"},
                          {4.9e-324, "4.9E-324"},
                          {-1234567, "-1234567.0"},
                          {std::numeric_limits<double>::infinity(), "Infinity"}};
    for (const Case& each : cases) CHECK(java::to_string(each.value) == each.text);
    CHECK(java::to_string(3.4028235e38F) == "3.4028235E38");
    CHECK(java::to_string(1.6777216e7F) == "1.6777216E7");
    CHECK(java::to_string(-2.5F) == "-2.5");
}

TEST_CASE("a class that is none, or another one, is refused as Java refuses it") {
    const std::string_view wanted = "org.apache.kafka.common.MessageFormatter";
    CHECK(thrown_for_class("no.such.Formatter", wanted) == "java.lang.ClassNotFoundException: no.such.Formatter");
    CHECK(thrown_for_class("kafka.tools.ChecksumMessageFormatter", wanted) ==
          "java.lang.ClassNotFoundException: kafka.tools.ChecksumMessageFormatter");
    CHECK(thrown_for_class("java.lang.String", wanted) ==
          "java.lang.ClassCastException: class java.lang.String cannot be cast to class "
          "org.apache.kafka.common.MessageFormatter (java.lang.String is in module java.base of loader 'bootstrap'; "
          "org.apache.kafka.common.MessageFormatter is in unnamed module of loader 'app')");
    CHECK(!thrown_for_class("java.util.Nothing", wanted));
}

}  // namespace kafkasim::tools
