// SPDX-License-Identifier: Apache-2.0

#include "core/tools/usage.hpp"

#include "core/tools/broker_api_versions_command.hpp"
#include "core/tools/options.hpp"
#include "tests/catch.hpp"
#include "tests/support/data_file.hpp"

namespace kafkasim::tools {

TEST_CASE("the help of each tool is the recorded one to the letter") {
    CHECK(usage_table(topics_options()) == test::data_file("usage/kafka-topics.txt"));
    CHECK(usage_table(console_producer_options()) == test::data_file("usage/kafka-console-producer.txt"));
    CHECK(usage_table(console_consumer_options()) == test::data_file("usage/kafka-console-consumer.txt"));
    CHECK(usage_table(consumer_groups_options()) == test::data_file("usage/kafka-consumer-groups.txt"));
    CHECK(usage_table(leader_election_options()) == test::data_file("usage/kafka-leader-election.txt"));
    CHECK(usage_table(get_offsets_options()) == test::data_file("usage/kafka-get-offsets.txt"));
    CHECK(usage_table(broker_api_versions_options()) == test::data_file("usage/kafka-broker-api-versions.txt"));
    CHECK(usage_table(delete_records_options()) == test::data_file("usage/kafka-delete-records.txt"));
    CHECK(usage_table(dump_log_options()) == test::data_file("usage/kafka-dump-log.txt"));
}

TEST_CASE("lines break where java.text.BreakIterator breaks them") {
    auto words = [](std::string_view text) {
        std::string shown;
        for (size_t i = 0; i < text.size(); ++i) {
            if (i > 0 && may_break_before(text, i)) shown += '~';
            shown += text[i];
        }
        return shown;
    };
    CHECK(words("--create x") == "--~create ~x");
    CHECK(words("a -1 1-2") == "a ~-1 ~1-~2");
    CHECK(words("1.2 a.1 0,1,2") == "1.2 ~a.~1 ~0,1,2");
    CHECK(words("'--x'/'--y'") == "'--~x'/'--~y'");
    CHECK(words("server(s) to") == "server~(s) ~to");
    CHECK(words("e.g. \"test\\.topic\"") == "e.~g. ~\"test\\.~topic\"");
    CHECK(words("HOST1:PORT1,HOST2") == "HOST1:~PORT1,~HOST2");
    CHECK(words("topic5:-3>") == "topic5:~-3~>");
    CHECK(words("PORT3>") == "PORT3>");
    CHECK(words("a)-(b") == "a)~-(b");
    CHECK(words("\tkey.separator=x") == "\t~key.~separator=x");
}

}  // namespace kafkasim::tools
