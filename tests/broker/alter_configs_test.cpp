// SPDX-License-Identifier: Apache-2.0
#include "core/broker/alter_configs.hpp"

#include "tests/catch.hpp"

namespace kafkasim::broker {

using Operation = ConfigOperation;

TEST_CASE("changes make the whole new set of an entity") {
    config::Properties configs{{"retention.ms", "1"}, {"cleanup.policy", "delete"}};
    CHECK_FALSE(apply_changes({{"retention.ms", Operation::Set, "2"},
                               {"segment.bytes", Operation::Set, "100"},
                               {"nosuch", Operation::Delete, std::nullopt},
                               {"cleanup.policy", Operation::Append, "compact"}},
                              configs));
    CHECK(configs ==
          config::Properties{{"retention.ms", "2"}, {"segment.bytes", "100"}, {"cleanup.policy", "delete,compact"}});
    CHECK_FALSE(apply_changes(
        {{"cleanup.policy", Operation::Subtract, "delete"}, {"retention.ms", Operation::Delete, std::nullopt}},
        configs));
    CHECK(configs == config::Properties{{"segment.bytes", "100"}, {"cleanup.policy", "compact"}});
}

TEST_CASE("only lists can be appended to; without a value the default is appended to") {
    config::Properties configs;
    CHECK_FALSE(apply_changes({{"cleanup.policy", Operation::Append, "compact"}}, configs));
    CHECK(configs.at("cleanup.policy") == "delete,compact");
    const auto failure = apply_changes({{"retention.ms", Operation::Append, "1"}}, configs);
    REQUIRE(failure);
    CHECK(failure->error == ErrorCode::InvalidConfig);
    CHECK(failure->message == "Config value append is not allowed for config key: retention.ms");
}

}  // namespace kafkasim::broker
