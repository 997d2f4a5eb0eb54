// SPDX-License-Identifier: Apache-2.0
#include "core/config/dynamic_broker_config.hpp"

#include "core/config/setting_choices.hpp"
#include "tests/catch.hpp"

namespace kafkasim::config {
namespace {

BrokerConfig broker() {
    return BrokerConfig::from_properties(
               {{"zookeeper.connect", "localhost:2181"}, {"log.retention.hours", "168"}, {"min.insync.replicas", "1"}})
        .value();
}

const BrokerConfigEntry& entry(const std::vector<BrokerConfigEntry>& entries, std::string_view name) {
    for (const BrokerConfigEntry& each : entries) {
        if (each.entry.name == name) return each;
    }
    FAIL("no such entry");
    return entries.front();
}

std::string synonyms(const ConfigEntry& entry) {
    std::string text;
    for (const ConfigSynonym& each : entry.synonyms)
        text += std::to_string(static_cast<int>(each.source)) + ":" + each.name + "=" + each.value + " ";
    return text;
}

}  // namespace

TEST_CASE("a running broker refuses what it cannot change, and takes names that it does not know") {
    struct Case {
        Properties configs;
        bool per_broker;
        std::optional<std::string> complaint;
    };
    const Case cases[] = {
        {{{"delete.topic.enable", "true"}}, false, "Cannot update these configs dynamically: Set(delete.topic.enable)"},
        {{{"replica.lag.time.max.ms", "1"}},
         true,
         "Cannot update these configs dynamically: Set(replica.lag.time.max.ms)"},
        {{{"listeners", "PLAINTEXT://:1"}},
         false,
         "Cannot update these configs at default cluster level, broker id must be specified: Set(listeners)"},
        {{{"listeners", "PLAINTEXT://:1"}}, true, std::nullopt},
        {{{"ssl.keystore.type", "JKS"}},
         true,
         "These security configs can be dynamically updated only per-listener using the listener prefix: "
         "Set(ssl.keystore.type)"},
        {{{"listener.name.x.ssl.keystore.type", "JKS"}}, true, std::nullopt},
        {{{"num.io.threads", "100"}},
         true,
         "Invalid value org.apache.kafka.common.config.ConfigException: Dynamic thread count update validation failed "
         "for num.io.threads=100, value should not be greater than double the current value 8 for configuration "
         "Invalid dynamic configuration"},
        {{{"num.io.threads", "3"}},
         true,
         "Invalid value org.apache.kafka.common.config.ConfigException: Dynamic thread count update validation failed "
         "for num.io.threads=3, value should be at least half the current value 8 for configuration Invalid dynamic "
         "configuration"},
        {{{"num.io.threads", "16"}}, true, std::nullopt},
        {{{"log.cleaner.threads", "2"}}, false, std::nullopt},
        {{{"log.retention.ms", "abc"}},
         true,
         "Invalid value abc for configuration log.retention.ms: Not a number of type LONG"},
        {{{"min.insync.replicas", "0"}},
         false,
         "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1"},
        {{{"nosuch", "1"}}, false, std::nullopt},
    };
    for (const Case& each : cases)
        CHECK(complaint_about_dynamic_configs(broker(), each.configs, each.per_broker) == each.complaint);
}

TEST_CASE("the broker's own dynamic setting wins over the default of all, and that over the file") {
    const Properties of_default{{"min.insync.replicas", "2"}, {"message.max.bytes", "10"}, {"broker.id", "7"}};
    const BrokerConfig config = with_dynamic_configs(broker(), of_default, {{"min.insync.replicas", "3"}});
    CHECK(config.min_insync_replicas == 3);
    CHECK(config.message_max_bytes == 10);
    CHECK(config.broker_id == -1);  // not dynamic: what stands in ZooKeeper does not count
    CHECK(synonyms(entry(describe_broker_config(config), "min.insync.replicas").entry) ==
          "2:min.insync.replicas=3 3:min.insync.replicas=2 4:min.insync.replicas=1 5:min.insync.replicas=1 ");
    const BrokerConfig again = with_dynamic_configs(config, {}, {});
    CHECK(again.min_insync_replicas == 1);
    CHECK(again.message_max_bytes == 1048588);
}

TEST_CASE("a setting with several names shows all that are set") {
    const BrokerConfig config = with_dynamic_configs(broker(), {}, {{"log.retention.ms", "100000"}});
    CHECK(config.retention_ms() == 100000);
    CHECK(synonyms(entry(describe_broker_config(config), "log.retention.ms").entry) ==
          "2:log.retention.ms=100000 4:log.retention.hours=168 5:log.retention.hours=168 ");
    CHECK(TopicConfig::of(config, {}).retention_ms == 100000);
}

TEST_CASE("the default of all shows only its own level, and hides what it does not know") {
    const BrokerConfig config = with_dynamic_configs(broker(), {{"log.cleaner.threads", "2"}, {"nosuch", "1"}}, {});
    const auto entries = describe_default_broker_config(config);
    REQUIRE(entries.size() == 2);
    CHECK(synonyms(entry(entries, "log.cleaner.threads").entry) == "3:log.cleaner.threads=2 ");
    CHECK_FALSE(entry(entries, "log.cleaner.threads").sensitive);
    CHECK(entry(entries, "nosuch").sensitive);
}

TEST_CASE("settings of a few words take only those") {
    CHECK_FALSE(complaint_about_choice("cleanup.policy", "delete,compact"));
    CHECK(complaint_about_choice("cleanup.policy", "fast") ==
          "Invalid value fast for configuration cleanup.policy: String must be one of: compact, delete");
    CHECK(complaint_about_choice("compression.type", "zip") ==
          "Invalid value zip for configuration compression.type: String must be one of: uncompressed, zstd, lz4, "
          "snappy, gzip, producer");
    CHECK_FALSE(complaint_about_choice("retention.ms", "abc"));
}

}  // namespace kafkasim::config
