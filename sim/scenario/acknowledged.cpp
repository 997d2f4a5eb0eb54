// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/acknowledged.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/text.hpp"
#include "sim/scenario/printed_json.hpp"

namespace kafkasim::sim::scenario {

namespace {

constexpr size_t kMostNamed = 10;

std::string where(const AcknowledgedValue& value) {
    return fmt::format("{} (offset {} of {}-{})", value.value, value.offset, value.topic, value.partition);
}

}  // namespace

ProducerOutput producer_output(std::string_view printed) {
    ProducerOutput output;
    for (const std::string& line : lines_of(std::string(printed))) {
        const auto json = nlohmann::json::parse(line, nullptr, false);
        if (!json.is_object()) continue;
        const std::string name = text_at(json, "name");
        if (name == "producer_send_success") {
            output.acknowledged.push_back({text_at(json, "value"), text_at(json, "topic"), number_at(json, "partition"),
                                           number_at(json, "offset")});
        } else if (name == "producer_send_error") {
            output.given_up.push_back(text_at(json, "value"));
        }
    }
    return output;
}

std::vector<std::string> values_read(std::string_view printed) {
    std::vector<std::string> values;
    for (const std::string& line : lines_of(std::string(printed))) {
        const auto json = line.starts_with('{') ? nlohmann::json::parse(line, nullptr, false) : nlohmann::json();
        if (!json.is_object()) {
            const size_t tab = line.rfind('\t');
            values.push_back(tab == std::string::npos ? line : line.substr(tab + 1));
        } else if (text_at(json, "name") == "record_data") {
            values.push_back(text_at(json, "value"));
        }
    }
    return values;
}

Judged judge_acknowledged(const Acknowledged& claim, std::string_view producer, std::string_view consumer) {
    const ProducerOutput output = producer_output(producer);
    std::map<std::string, size_t> times_read;
    for (const std::string& value : values_read(consumer)) ++times_read[value];

    std::set<std::string> sent(output.given_up.begin(), output.given_up.end());
    std::vector<std::string> lost, twice;
    for (const AcknowledgedValue& value : output.acknowledged) {
        sent.insert(value.value);
        if (!times_read.contains(value.value)) lost.push_back(where(value));
    }
    Judged judged;
    judged.deliveries = {claim.by, output.acknowledged.size(), output.given_up.size(), 0, lost.size(), 0};
    for (const std::string& value : sent) {  // others may have written to the topic, too
        const auto read = times_read.find(value);
        if (read == times_read.end()) continue;
        ++judged.deliveries.read;
        if (read->second > 1) twice.push_back(fmt::format("{} ({} times)", value, read->second));
    }
    judged.deliveries.duplicated = twice.size();

    const int64_t acknowledged = static_cast<int64_t>(output.acknowledged.size());
    if (acknowledged < claim.at_least)
        judged.broken.push_back(
            {fmt::format("{} or more values that were acknowledged, as {} prints it", claim.at_least, claim.by),
             std::to_string(acknowledged)});
    if (!lost.empty())
        judged.broken.push_back({fmt::format("all {} values that {} printed as acknowledged are read in {}",
                                             acknowledged, claim.by, claim.read),
                                 fmt::format("{} lost: {}", lost.size(), first_of(lost, kMostNamed, ", "))});
    if (!claim.duplicates && !twice.empty())
        judged.broken.push_back({fmt::format("no value of {} is read twice in {}", claim.by, claim.read),
                                 fmt::format("{} duplicated: {}", twice.size(), first_of(twice, kMostNamed, ", "))});
    return judged;
}

}  // namespace kafkasim::sim::scenario
