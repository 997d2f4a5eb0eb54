// SPDX-License-Identifier: Apache-2.0
// What a step claims of consumers, or a wait waits for: `consumed`.
#include "sim/scenario/fields.hpp"

namespace kafkasim::sim::scenario {

namespace {

Consumed read_one_consumed(Reading& reading, const Located& value) {
    const Fields fields(reading, value, kConsumed);
    Consumed claim;
    claim.by = read_texts(reading, fields["by"]);
    claim.since = read_text(reading, fields["since"]).value_or("");
    claim.joined = read_integer(reading, fields["joined"], 0, INT64_MAX);
    claim.gone = read_integer(reading, fields["gone"], 0, INT64_MAX);
    claim.at_least = read_integer(reading, fields["at_least"], 1, INT64_MAX);
    claim.gaps = read_boolean(reading, fields["gaps"]).value_or(true);
    claim.duplicates = read_boolean(reading, fields["duplicates"]).value_or(true);
    claim.committed = read_boolean(reading, fields["committed"]).value_or(false);
    claim.rebalanced = read_boolean(reading, fields["rebalanced"]);
    claim.revoked = read_boolean(reading, fields["revoked"]);
    each_member(reading, fields["assigned"], "topic", [&](const LocatedMember& topic) {
        if (const auto count = read_integer(reading, &topic.value, 1, INT32_MAX)) claim.assigned[topic.key] = *count;
    });
    return claim;
}

}  // namespace

std::vector<Consumed> read_consumed(Reading& reading, const Located* value) {
    std::vector<Consumed> claims;
    if (value == nullptr) return claims;
    if (!value->is(Located::Kind::Array)) return {read_one_consumed(reading, *value)};
    for (const Located& item : value->items) claims.push_back(read_one_consumed(reading, item));
    return claims;
}

}  // namespace kafkasim::sim::scenario
