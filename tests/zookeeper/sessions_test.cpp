// SPDX-License-Identifier: Apache-2.0
// Spec 01 section 2.
#include "core/zookeeper/sessions.hpp"

#include "tests/catch.hpp"

using namespace kafkasim::zookeeper;

TEST_CASE("the timeout is negotiated between 2 and 20 ticks") {
    CHECK(negotiate_timeout_ms(18000, 3000) == 18000);
    CHECK(negotiate_timeout_ms(100, 3000) == 6000);
    CHECK(negotiate_timeout_ms(90000, 3000) == 60000);
}

TEST_CASE("session ids carry the server's id and the time of its start") {
    SessionTracker tracker(1, 3000, 0x774e7);
    CHECK(session_text(tracker.open(18000, 0)) == "0x100000774e70000");
    CHECK(session_text(tracker.open(18000, 0)) == "0x100000774e70001");
    CHECK(session_password(5).size() == 16);
    CHECK(session_password(5) != session_password(6));
}

TEST_CASE("a session ends with its bucket, between timeout and timeout plus tick after its last packet") {
    struct Row {
        int64_t last_packet_ms;
        int64_t ends_ms;
    };
    for (const Row& row : {Row{0, 21000}, Row{1, 21000}, Row{2999, 21000}, Row{3000, 24000}, Row{3001, 24000}}) {
        SessionTracker tracker(1, 3000, 0);
        const int64_t id = tracker.open(18000, 0);
        tracker.touch(id, row.last_packet_ms);
        CHECK(tracker.next_expiry() == row.ends_ms);
        CHECK(tracker.expire(row.ends_ms - 1).empty());
        REQUIRE(tracker.expire(row.ends_ms).size() == 1);
        CHECK(tracker.find(id) == nullptr);
        CHECK_FALSE(tracker.touch(id, row.ends_ms));
    }
}

TEST_CASE("sessions of one bucket end together, a closed one does not") {
    SessionTracker tracker(1, 3000, 0);
    const int64_t a = tracker.open(18000, 0);
    const int64_t b = tracker.open(18000, 1000);
    const int64_t c = tracker.open(18000, 2000);
    tracker.remove(b);
    const auto ended = tracker.expire(30000);
    REQUIRE(ended.size() == 2);
    CHECK(ended[0].id == a);
    CHECK(ended[1].id == c);
    CHECK(tracker.next_expiry() == std::nullopt);
}
