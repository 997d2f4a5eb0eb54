// SPDX-License-Identifier: Apache-2.0
#include "core/log/checkpoint_file.hpp"

#include "tests/catch.hpp"
#include "tests/support/fake_env.hpp"

using namespace kafkasim;
using namespace kafkasim::log;

TEST_CASE("an offset checkpoint has Kafka's form and is read back") {
    const OffsetCheckpoint offsets{{{TopicName("t"), 0}, 4}, {{TopicName("with-dash"), 12}, 7}};
    CHECK(encode_offset_checkpoint(offsets) == "0\n2\nt 0 4\nwith-dash 12 7\n");
    CHECK(decode_offset_checkpoint(encode_offset_checkpoint(offsets)) == offsets);
    CHECK(decode_offset_checkpoint("").empty());
    CHECK(decode_offset_checkpoint("7\n1\nt 0 4\n").empty());
    CHECK(decode_offset_checkpoint("0\n2\nt 0 4\nt nonsense\n").size() == 1);
}

TEST_CASE("meta.properties is what a real broker wrote") {
    // Recording 06, /tmp/kafka-logs2/meta.properties.
    const std::string text =
        "#\n#Sun Nov 22 13:58:19 UTC 2026\nbroker.id=2\nversion=0\ncluster.id=FtG43G4lSLyrpDDB98UzqA\n";
    const MetaProperties properties{2, "FtG43G4lSLyrpDDB98UzqA"};
    CHECK(encode_meta_properties(properties, WallMillis{1795355899000}) == text);
    CHECK(decode_meta_properties(text) == properties);
    CHECK(decode_meta_properties("broker.id=2\n") == std::nullopt);
    test::FakeEnv env;
    CHECK(read_meta_properties(env, "/tmp/k2") == std::nullopt);
    write_meta_properties(env, "/tmp/k2", properties);
    CHECK(read_meta_properties(env, "/tmp/k2") == properties);
}

TEST_CASE("dates are printed as java.util.Date prints them") {
    CHECK(java_date(WallMillis{0}) == "Thu Jan 01 00:00:00 UTC 1970");
    CHECK(java_date(WallMillis{951782400000}) == "Tue Feb 29 00:00:00 UTC 2000");
    CHECK(java_date(WallMillis{1641168000000}) == "Mon Jan 03 00:00:00 UTC 2022");
}

TEST_CASE("partition.metadata holds the topic id") {
    const Uuid id = Uuid::random_from(5, 6);
    CHECK(decode_partition_metadata(encode_partition_metadata(id)) == id);
    CHECK(decode_partition_metadata("version: 0\n") == std::nullopt);
}
