// SPDX-License-Identifier: Apache-2.0
// The znode by which a broker tells that one of its log dirs failed. What the controller does then is in the recording
// log-dir-failed. Kafka 3.0.0: kafka.zk.LogDirEventNotificationSequenceZNode.
#include "core/zookeeper/znodes.hpp"
#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::zookeeper;

TEST_CASE("an event of a log dir names its broker") {
    CHECK(log_dir_event_prefix() == "/log_dir_event_notification/log_dir_event_");
    CHECK(encode_log_dir_event(BrokerId{2}) == R"({"version":1,"broker":2,"event":1})");
    CHECK(decode_log_dir_event(encode_log_dir_event(BrokerId{2})) == BrokerId{2});
}

TEST_CASE("what is no event of a log dir is passed over") {
    for (const char* text : {"", "x", "{}", "[]", R"({"broker":"2"})"}) {
        INFO(text);
        CHECK_FALSE(decode_log_dir_event(text));
    }
}
