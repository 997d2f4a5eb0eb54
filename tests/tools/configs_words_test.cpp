// SPDX-License-Identifier: Apache-2.0
#include "core/tools/configs_words.hpp"

#include "core/tools/configs_command.hpp"
#include "core/tools/usage.hpp"
#include "tests/catch.hpp"
#include "tests/support/data_file.hpp"

namespace kafkasim::tools {
namespace {

std::optional<std::string> complaint(std::vector<std::string> words) {
    const ParseOutcome parsed = parse_options(configs_options(), words);
    return complaint_about_configs_options(parsed.options);
}

const std::string kServer = "--bootstrap-server=localhost:9093";

}  // namespace

TEST_CASE("the help of kafka-configs is the recorded one to the letter") {
    CHECK(usage_table(configs_options()) == test::data_file("usage/kafka-configs.txt"));
}

TEST_CASE("configs to add split at commas outside brackets") {
    const auto added = configs_to_add("retention.ms=60000,cleanup.policy=[delete,compact], a = b ,empty=");
    REQUIRE(added);
    CHECK(
        added.value() ==
        config::Properties{{"retention.ms", "60000"}, {"cleanup.policy", "delete,compact"}, {"a", "b"}, {"empty", ""}});
    for (const char* text : {"retention.ms", "a=1,b", "a=b=c", ""}) {
        const auto refused = configs_to_add(text);
        REQUIRE_FALSE(refused);
        CHECK(refused.error() ==
              "requirement failed: Invalid entity config: all configs to be added must be in the format \"key=val\".");
    }
    CHECK(configs_to_delete({"a, b", "c"}) == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("kafka-configs finds what is wrong in its options in the real tool's order") {
    CHECK(complaint({kServer, "--describe"}) == "At least one entity type must be specified");
    CHECK(complaint({kServer, "--describe", "--entity-type", "bad"}) ==
          "Invalid entity type bad, the entity type must be one of topics, clients, users, brokers, ips, "
          "broker-loggers with the --bootstrap-server argument");
    CHECK(complaint({"--describe", "--entity-type", "topics"}) ==
          "Invalid entity type topics, the entity type must be one of users, brokers with the --zookeeper argument");
    CHECK(complaint({"--describe", "--entity-type", "brokers"}) ==
          "One of the required --bootstrap-server or --zookeeper arguments must be specified");
    CHECK(complaint({kServer, "--describe", "--entity-type", "brokers", "--entity-name", "x"}) ==
          "The entity name for brokers must be a valid integer broker id, but it is: x");
    CHECK(complaint({kServer, "--alter", "--entity-type", "topics"}) ==
          "an entity name must be specified with --alter of topics");
    CHECK(complaint({kServer, "--alter", "--entity-type", "brokers"}) ==
          "an entity-name or default entity must be specified with --alter of users, clients, brokers or ips");
    CHECK(complaint({kServer, "--alter", "--topic", "t"}) ==
          "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter");
    CHECK(complaint({kServer, "--alter", "--topic", "t", "--entity-name", "t", "--add-config", "a=1"}) ==
          "--entity-{type,name,default} should not be used in conjunction with specific entity flags");
    CHECK_FALSE(complaint({kServer, "--alter", "--broker-defaults", "--add-config", "a=1"}));
    CHECK_FALSE(complaint({kServer, "--describe", "--topic", "t"}));
}

TEST_CASE("an entry shows its value and where it comes from") {
    protocol::DescribeConfigsResponse::DescribeConfigsResourceResult config;
    config.name = "min.insync.replicas";
    config.value = "2";
    CHECK(config_line(config) == "  min.insync.replicas=2 sensitive=false synonyms={}\n");
    config.synonyms = {{"min.insync.replicas", "2", 1}, {"min.insync.replicas", "1", 5}};
    CHECK(config_line(config) ==
          "  min.insync.replicas=2 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:min.insync.replicas=2, "
          "DEFAULT_CONFIG:min.insync.replicas=1}\n");
    config.value.reset();
    config.is_sensitive = true;
    config.synonyms.clear();
    CHECK(config_line(config) == "  min.insync.replicas=null sensitive=true synonyms={}\n");
}

}  // namespace kafkasim::tools
