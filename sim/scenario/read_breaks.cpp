// SPDX-License-Identifier: Apache-2.0
// `breaks` and `invariants`: whether the invariants are checked, and which must break under which rule set.
#include <algorithm>

#include "core/broker/replication_rules.hpp"
#include "sim/invariants/invariants.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/suggestion.hpp"

namespace kafkasim::sim::scenario {

namespace {

std::vector<std::string> read_invariants(Reading& reading, const Located& value) {
    const std::vector<std::string_view> names = invariants::invariant_names();
    std::vector<std::string> broken;
    if (!value.is(Located::Kind::Array)) {
        reading.problem(value, "found " + Reading::kind_of(value), "a list of invariants: " + quoted_list(names));
        return broken;
    }
    for (const Located& item : value.items) {
        if (auto name = read_word(reading, &item, names, "an invariant")) broken.push_back(std::move(*name));
    }
    return broken;
}

}  // namespace

void read_breaks(Reading& reading, const Located* breaks, const Located* checked, Scenario& scenario) {
    const bool on = read_boolean(reading, checked).value_or(breaks != nullptr);
    if (!on && breaks != nullptr) reading.problem(*checked, "nothing is found to break if nothing is checked", "true");
    if (on) scenario.breaks.emplace();
    const std::vector<std::string_view> names = broker::rule_set_names();
    each_member(reading, breaks, "rule set", [&](const LocatedMember& member) {
        if (std::find(names.begin(), names.end(), member.key) == names.end())
            reading.problem(member.key_begin, "\"" + member.key + "\" is not a rule set", quoted_list(names),
                            nearest(member.key, names));
        auto broken = read_invariants(reading, member.value);
        if (on) scenario.breaks->emplace(member.key, std::move(broken));
    });
}

}  // namespace kafkasim::sim::scenario
