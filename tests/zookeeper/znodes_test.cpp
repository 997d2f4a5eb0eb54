// SPDX-License-Identifier: Apache-2.0
// The text of each znode as a real cluster stored it (spec 01 section 5, ground-truth 02 and 06).
#include "core/zookeeper/znodes.hpp"

#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::zookeeper;

TEST_CASE("a broker's registration") {
    const std::string text =
        R"({"features":{},"listener_security_protocol_map":{"PLAINTEXT":"PLAINTEXT"},"endpoints":["PLAINTEXT://127.0.0.1:29091"],"jmx_port":-1,"port":29091,"host":"127.0.0.1","version":5,"timestamp":"1795351829131"})";
    BrokerInfo broker{BrokerId{1}, "127.0.0.1", 29091, 1795351829131, std::nullopt};
    CHECK(encode_broker(broker) == text);
    CHECK(decode_broker(BrokerId{1}, text) == broker);
    broker.rack = "r1";
    CHECK(decode_broker(BrokerId{1}, encode_broker(broker)) == broker);
    CHECK(decode_broker(BrokerId{1}, "not json") == std::nullopt);
    CHECK(decode_broker(BrokerId{1}, "[]") == std::nullopt);
}

TEST_CASE("controller, epoch and cluster id") {
    CHECK(encode_controller({BrokerId{1}, 1795351829498}) ==
          R"({"version":1,"brokerid":1,"timestamp":"1795351829498"})");
    CHECK(decode_controller(encode_controller({BrokerId{3}, 5})) == ControllerInfo{BrokerId{3}, 5});
    CHECK(decode_controller("{}") == std::nullopt);
    CHECK(encode_controller_epoch(1) == "1");
    CHECK(decode_controller_epoch("12") == 12);
    CHECK(decode_controller_epoch("x") == std::nullopt);
    CHECK(encode_cluster_id("W_w3auHjRlCQkp7Cm-BcMg") == R"({"version":"1","id":"W_w3auHjRlCQkp7Cm-BcMg"})");
    CHECK(decode_cluster_id(encode_cluster_id("abc")) == "abc");
}

TEST_CASE("a topic's assignment") {
    TopicAssignment topic;
    topic.topic_id = *Uuid::from_text("37GO0jIdR2ypKECBETzG0Q");
    topic.partitions[0].replicas = broker_ids({3, 1, 2});
    topic.partitions[1].replicas = broker_ids({1, 2, 3});
    topic.partitions[2].replicas = broker_ids({2, 3, 1});
    const std::string text =
        R"({"partitions":{"0":[3,1,2],"1":[1,2,3],"2":[2,3,1]},"topic_id":"37GO0jIdR2ypKECBETzG0Q","adding_replicas":{},"removing_replicas":{},"version":3})";
    CHECK(encode_topic(topic) == text);
    CHECK(decode_topic(text) == topic);
    topic.partitions[1].adding = broker_ids({4});
    CHECK(decode_topic(encode_topic(topic)) == topic);
    CHECK(decode_topic(R"({"partitions":{"x":[1]}})") == std::nullopt);
    CHECK(decode_topic(R"({"version":3})") == std::nullopt);
}

TEST_CASE("fifty partitions stand in the order of a Scala map") {
    TopicAssignment topic;
    for (int32_t partition = 0; partition < 50; ++partition) topic.partitions[partition].replicas = broker_ids({1});
    const std::string text = encode_topic(topic);
    CHECK(text.substr(0, 60) == R"({"partitions":{"44":[1],"45":[1],"46":[1],"47":[1],"48":[1],)");
    CHECK(text.find(R"("19":[1],"0":[1],"1":[1])") != std::string::npos);
    CHECK(text.find(R"("43":[1]})") != std::string::npos);
}

TEST_CASE("a partition's state") {
    const LeaderAndIsr state{BrokerId{3}, 0, broker_ids({3, 1, 2}), 7};
    const std::string text = R"({"controller_epoch":1,"leader":3,"version":1,"leader_epoch":0,"isr":[3,1,2]})";
    CHECK(encode_partition_state(state, 1) == text);
    CHECK(decode_partition_state(text, 7) == PartitionState{state, 1});
    CHECK(encode_partition_state({kNoBroker, 2, broker_ids({1}), 0}, 1) ==
          R"({"controller_epoch":1,"leader":-1,"version":1,"leader_epoch":2,"isr":[1]})");
    CHECK(decode_partition_state(R"({"leader":3})") == std::nullopt);
}

TEST_CASE("configs, changes and the rest") {
    CHECK(encode_config({}) == R"({"version":1,"config":{}})");
    CHECK(encode_config({{"min.insync.replicas", "2"}}) == R"({"version":1,"config":{"min.insync.replicas":"2"}})");
    CHECK(
        encode_config(
            {{"cleanup.policy", "compact"}, {"compression.type", "producer"}, {"segment.bytes", "104857600"}}) ==
        R"({"version":1,"config":{"compression.type":"producer","cleanup.policy":"compact","segment.bytes":"104857600"}})");  // as __consumer_offsets has it
    CHECK(decode_config(R"({"version":1,"config":{"a":"b"}})") == ConfigOverrides{{"a", "b"}});
    CHECK(encode_config_change("topics/orders") == R"({"version":2,"entity_path":"topics/orders"})");
    CHECK(decode_config_change(encode_config_change("topics/\"x")) == "topics/\"x");
    CHECK(encode_producer_id_block({BrokerId{1}, 0, 999}) ==
          R"({"version":1,"broker":1,"block_start":"0","block_end":"999"})");
    CHECK(decode_producer_id_block(encode_producer_id_block({BrokerId{1}, 0, 999})) ==
          ProducerIdBlock{BrokerId{1}, 0, 999});
    const std::vector<TopicPartition> partitions{{TopicName("t"), 0}, {TopicName("u"), 3}};
    CHECK(decode_partitions(encode_partitions(partitions)) == partitions);
    CHECK(decode_reassignment(R"({"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[1,2]}]})")
              ->at({TopicName("t"), 0}) == broker_ids({1, 2}));
}

TEST_CASE("paths") {
    CHECK(partition_state_path({TopicName("t"), 4}) == "/brokers/topics/t/partitions/4/state");
    CHECK(config_entity_path("topics", "t") == "/config/topics/t");
    CHECK(parent_path("/a/b") == "/a");
    CHECK(parent_path("/a") == "/");
    CHECK(parent_path("/") == "");
    CHECK(last_element("/a/b") == "b");
    CHECK(sequence_of("config_change_0000000007") == 7);
    CHECK(sequence_of("nothing") == std::nullopt);
}
