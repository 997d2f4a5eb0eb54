// SPDX-License-Identifier: Apache-2.0
#include "core/config/broker_config.hpp"
#include "core/config/topic_config.hpp"
#include "tests/catch.hpp"

using namespace kafkasim::config;

TEST_CASE("properties: comments, spaces, the last of several wins") {
    const Properties properties =
        parse_properties("# a comment\n broker.id = 1 \nbroker.id=2\n\n!x=1\nlog.dirs=/a=b\n");
    CHECK(properties == Properties{{"broker.id", "2"}, {"log.dirs", "/a=b"}});
}

TEST_CASE("editing changes lines in place and adds what is missing") {
    CHECK(with_properties("# c\na=1\nb=2\na=3\n", {{"a", "9"}, {"z", "0"}}) == "# c\na=9\nb=2\nz=0\n");
}

TEST_CASE("defaults are those of Kafka 3.0.0, not of the stock file") {
    const BrokerConfig config;
    CHECK(config.offsets_topic_replication_factor == 3);
    CHECK(config.group_initial_rebalance_delay_ms == 3000);
    CHECK(config.replica_lag_time_max_ms == 30000);
    CHECK(config.zookeeper_session_timeout_ms == 18000);
    CHECK(config.retention_ms() == 604800000);
}

TEST_CASE("values are read with their types, and a bad one is refused in Kafka's words") {
    const auto good = BrokerConfig::from_properties({{"broker.id", "3"},
                                                     {"listeners", "PLAINTEXT://:9095"},
                                                     {"zookeeper.connect", "localhost:2181"},
                                                     {"log.retention.ms", "60000"},
                                                     {"unknown.setting", "x"}});
    REQUIRE(good);
    CHECK(good.value().broker_id == 3);
    CHECK(good.value().port() == 9095);
    CHECK(good.value().retention_ms() == 60000);
    const auto bad = BrokerConfig::from_properties({{"broker.id", "three"}, {"zookeeper.connect", "localhost:2181"}});
    REQUIRE_FALSE(bad);
    CHECK(bad.error() == "Invalid value three for configuration broker.id: Not a number of type INT");
    const auto low =
        BrokerConfig::from_properties({{"min.insync.replicas", "0"}, {"zookeeper.connect", "localhost:2181"}});
    REQUIRE_FALSE(low);
    CHECK(low.error() == "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1");
    CHECK_FALSE(BrokerConfig::from_properties({{"broker.id", "1"}}));
}

TEST_CASE("what the stock file sets shows as the topic's configuration") {
    BrokerConfig broker;
    broker.static_properties = {{"log.segment.bytes", "1073741824"}};
    std::string shown;
    for (const ConfigEntry& entry :
         describe_topic_config(broker, {{"retention.ms", "60000"}, {"min.insync.replicas", "2"}})) {
        if (entry.source != ConfigSource::DefaultConfig)
            shown += (shown.empty() ? "" : ",") + entry.name + "=" + entry.value;
    }
    CHECK(shown == "min.insync.replicas=2,segment.bytes=1073741824,retention.ms=60000");
}

TEST_CASE("a topic's override wins over the broker, the broker over the default") {
    BrokerConfig broker;
    broker.min_insync_replicas = 2;
    CHECK(TopicConfig::of(broker, {}).min_insync_replicas == 2);
    CHECK(TopicConfig::of(broker, {{"min.insync.replicas", "3"}}).min_insync_replicas == 3);
    CHECK(complaint_about_topic_setting("foo", "1") == "Unknown topic config name: foo");
    CHECK(complaint_about_topic_setting("retention.ms", "abc") ==
          "Invalid value abc for configuration retention.ms: Not a number of type LONG");
    CHECK_FALSE(complaint_about_topic_setting("retention.ms", "-1"));
}
