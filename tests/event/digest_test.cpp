// SPDX-License-Identifier: Apache-2.0

#include "sim/event/digest.hpp"

#include <cstdint>
#include <string_view>

#include "tests/catch.hpp"

using kafkasim::sim::Digest;

namespace {

uint64_t digest_of(std::string_view a, std::string_view b = {}) {
    Digest digest;
    digest.add(a);
    if (!b.empty()) digest.add(b);
    return digest.value();
}

}  // namespace

TEST_CASE("digests are these numbers on every machine", "[event]") {
    // Computed independently (Python).
    Digest digest;
    digest.add(uint64_t{1});
    digest.add(uint64_t{2});
    CHECK(digest.value() == 0xD3EE01580535BAE7ULL);
    CHECK(digest_of("") == 0xD0A49926C6F3E3A7ULL);
    CHECK(digest_of("kafka") == 0xC87716FD9D44BD12ULL);
    CHECK(digest_of("카프카 12345678") == 0x926F8F6258BF8208ULL);
}

TEST_CASE("order, boundaries and trailing zeros change a digest", "[event]") {
    CHECK(digest_of("ab", "c") != digest_of("a", "bc"));
    CHECK(digest_of("ab", "c") != digest_of("c", "ab"));
    CHECK(digest_of(std::string_view("a\0", 2)) != digest_of("a"));
    Digest forwards;
    forwards.add(uint64_t{1});
    forwards.add(uint64_t{0});
    Digest backwards;
    backwards.add(uint64_t{0});
    backwards.add(uint64_t{1});
    CHECK(forwards != backwards);
}
