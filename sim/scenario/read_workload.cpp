// SPDX-License-Identifier: Apache-2.0
// The verb `workload`: sets of clients, churn, and the end of a workload. Whether a client can be made with its
// properties is asked of the client itself.
#include <algorithm>

#include "core/base/java_pattern.hpp"
#include "core/client/consumer.hpp"
#include "core/client/producer.hpp"
#include "core/client/unknown_configs.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/suggestion.hpp"
#include "sim/workload/client.hpp"

namespace kafkasim::sim::scenario {

namespace {

using workload::Churn;
using workload::ClientSet;
using workload::ConsumerSet;
using workload::Keys;
using workload::ProducerSet;

constexpr int64_t kMostAlike = 1000;

std::vector<std::string_view> views_of(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

/// Each item of a list of objects.
template <typename Visit>
void each_set(Reading& reading, const Located* value, std::string_view what, const Visit& visit) {
    if (value == nullptr) return;
    if (!value->is(Located::Kind::Array) || value->items.empty())
        return reading.problem(*value, "found " + Reading::kind_of(*value), "a list of " + std::string(what));
    for (const Located& item : value->items) visit(item);
}

/// A word that processes, groups and sets can be called by.
std::string read_new_name(Reading& reading, const Located* value) {
    const auto name = read_text(reading, value);
    if (!name) return "";
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    if (name->empty() || name->find_first_not_of(kLetters) != std::string::npos)
        reading.problem(*value, in_quotes(*name) + " cannot be a name", "letters, digits, \".\", \"_\" and \"-\"");
    return *name;
}

std::vector<std::string> read_topics(Reading& reading, const Located* value) {
    std::vector<std::string> topics = read_texts(reading, value);
    if (value != nullptr && value->is(Located::Kind::Array) && value->items.empty())
        reading.problem(*value, "a client without topics", "names of topics");
    return topics;
}

/// What the client says of its properties; "" if nothing is wrong. The last line names the cause.
template <typename Config>
std::string complaint_of(const client::ClientProperties& properties) {
    const auto config = Config::from_properties(properties);
    if (config) return "";
    std::string text = config.error().substr(config.error().rfind('\n') + 1);
    for (const std::string_view begin : {"Caused by: ", "org.apache.kafka.common.config.ConfigException: ",
                                         "org.apache.kafka.common.KafkaException: "}) {
        if (text.starts_with(begin)) text.erase(0, begin.size());
    }
    return text;
}

template <typename Config>
void check_config(Reading& reading, const Located* config, const client::ClientProperties& properties,
                  client::ClientKind kind) {
    if (config == nullptr || !config->is(Located::Kind::Object)) return;
    bool known = true;
    for (const LocatedMember& member : config->members) {
        if (client::is_known_config(kind, member.key)) continue;
        known = false;
        reading.problem(member.key_begin, in_quotes(member.key) + " is no property of Kafka's " +
                                              (kind == client::ClientKind::Producer ? "producer" : "consumer"));
    }
    const std::string complaint = known ? complaint_of<Config>(properties) : "";
    if (!complaint.empty()) reading.problem(*config, complaint);
}

void read_set(Reading& reading, const Fields& fields, ClientSet& set) {
    set.name = read_new_name(reading, fields["name"]);
    set.count = static_cast<int32_t>(read_integer(reading, fields["count"], 1, kMostAlike).value_or(1));
    set.topics = read_topics(reading, fields["topics"]);
    set.joins_every = read_time(reading, fields["joins_every"]).value_or(Duration{});
    for (const auto& [key, value] : read_properties(reading, fields["config"])) set.config[key] = value;
}

/// {"uniform": 100}, {"zipf": 100}, {"hot": 90, "of": 100}
Keys read_keys(Reading& reading, const Located* value) {
    constexpr int64_t kMostKeys = 1'000'000;
    constexpr int64_t kAllPercent = 100;
    if (value == nullptr || (value->is(Located::Kind::String) && value->text == "none")) return {};
    const auto number = [&](const Fields& fields, std::string_view key, int64_t most) {
        return static_cast<uint32_t>(read_integer(reading, fields[key], 1, most).value_or(1));
    };
    const std::string kind =
        value->members.empty() ? "" : nearest(value->members.front().key, {"uniform", "zipf", "hot", "of"});
    if (kind == "uniform") return {Keys::Kind::Uniform, number({reading, *value, kUniformKeys}, kind, kMostKeys), 0};
    if (kind == "zipf") return {Keys::Kind::Zipf, number({reading, *value, kZipfKeys}, kind, kMostKeys), 0};
    if (!kind.empty()) {
        const Fields fields(reading, *value, kHotKeys);
        return {Keys::Kind::Hot, number(fields, "of", kMostKeys), number(fields, "hot", kAllPercent)};
    }
    reading.problem(*value, "found " + Reading::kind_of(*value),
                    R"("none", {"uniform": 100}, {"zipf": 100}, {"hot": 90, "of": 100})");
    return {};
}

ProducerSet read_producers(Reading& reading, const Located& value) {
    constexpr int64_t kMostRate = 100'000;
    constexpr int64_t kMostBytes = 1'000'000;
    const Fields fields(reading, value, kProducers);
    ProducerSet set;
    read_set(reading, fields, set);
    set.rate = read_integer(reading, fields["rate"], 1, kMostRate).value_or(set.rate);
    set.keys = read_keys(reading, fields["keys"]);
    set.value_bytes = static_cast<int32_t>(read_integer(reading, fields["value_bytes"], 0, kMostBytes).value_or(0));
    check_config<client::ProducerConfig>(reading, fields["config"], properties_of(set, set.name, "localhost:9092"),
                                         client::ClientKind::Producer);
    return set;
}

void check_pattern(Reading& reading, const Located* pattern, const Located& set, const Fields& fields) {
    if (set.is(Located::Kind::Object) && fields.has("topics") == fields.has("pattern"))
        reading.problem(set, "one of \"topics\" and \"pattern\" is wanted");
    if (pattern == nullptr || !pattern->is(Located::Kind::String)) return;
    const auto compiled = java::Pattern::compile(pattern->text);
    const auto* failure = std::get_if<java::PatternFailure>(&compiled);
    if (failure == nullptr) return;
    reading.problem(*pattern, failure->not_modelled.empty() ? failure->description
                                                            : failure->not_modelled + " is not modelled in patterns");
}

/// One set for each of its groups.
std::vector<ConsumerSet> read_consumers(Reading& reading, const Located& value) {
    const Fields fields(reading, value, kConsumers);
    ConsumerSet set;
    read_set(reading, fields, set);
    set.group = fields.has("group") ? read_new_name(reading, fields["group"]) : set.name;
    set.pattern = read_text(reading, fields["pattern"]).value_or("");
    check_pattern(reading, fields["pattern"], value, fields);
    set.poll = read_time(reading, fields["poll"]).value_or(set.poll);
    set.processing = read_time(reading, fields["processing"]).value_or(set.processing);
    const std::string commit =
        read_word(reading, fields["commit"], {"auto", "sync", "async", "none"}, "a way to commit").value_or("auto");
    set.commit = commit == "auto"    ? workload::CommitMode::Auto
                 : commit == "sync"  ? workload::CommitMode::Sync
                 : commit == "async" ? workload::CommitMode::Async
                                     : workload::CommitMode::None;
    set.is_static = read_boolean(reading, fields["static"]).value_or(false);
    check_config<client::ConsumerConfig>(reading, fields["config"], properties_of(set, set.name, "localhost:9092"),
                                         client::ClientKind::Consumer);
    const auto groups = read_integer(reading, fields["groups"], 1, kMostAlike);
    if (!groups) return {set};
    std::vector<ConsumerSet> sets;
    for (int64_t number = 1; number <= *groups; ++number) {
        ConsumerSet& one = sets.emplace_back(set);
        one.name += "-" + std::to_string(number);
        one.group += "-" + std::to_string(number);
    }
    return sets;
}

std::vector<std::string> read_some(Reading& reading, const Located* value, const std::vector<std::string>& sets) {
    std::vector<std::string> names;
    if (value == nullptr) return names;
    if (!value->is(Located::Kind::Array) || value->items.empty()) {
        reading.problem(*value, "found " + Reading::kind_of(*value), "a list of " + quoted_list(views_of(sets)));
        return names;
    }
    for (const Located& item : value->items) {
        if (auto name = read_word(reading, &item, views_of(sets), "a set of this workload"))
            names.push_back(std::move(*name));
    }
    return names;
}

/// Its clients are known to the steps that follow.
void add_clients(Reading& reading, const Located& at, const ClientSet& set, std::vector<std::string>& sets) {
    if (set.name.empty()) return;
    if (std::find(sets.begin(), sets.end(), set.name) != sets.end())
        reading.problem(at, "another set of this workload has the name " + in_quotes(set.name));
    sets.push_back(set.name);
    for (int32_t number = 1; number <= set.count; ++number) {
        const std::string name = set.name + "-" + std::to_string(number);
        const bool is_process =
            std::find(reading.processes.begin(), reading.processes.end(), name) != reading.processes.end() ||
            reading.names.contains(name);
        if (is_process || !reading.clients.insert(name).second)
            return reading.problem(at, "another process is called " + in_quotes(name));
    }
}

std::optional<Churn> read_churn(Reading& reading, const Located* value, const std::vector<std::string>& sets) {
    if (value == nullptr) return std::nullopt;
    const Fields fields(reading, *value, kChurn);
    Churn churn;
    churn.every = read_time(reading, fields["every"]).value_or(churn.every);
    if (churn.every <= Duration{}) reading.problem(*fields["every"], "churn without a pause", "a time above 0");
    churn.hang = read_time(reading, fields["hang"]).value_or(churn.hang);
    churn.of = read_some(reading, fields["of"], sets);
    const std::vector<std::string> kDeeds = {"leave", "crash", "hang", "pause", "join"};
    const Located* does = fields["does"];
    if (does == nullptr) return churn;
    if (!does->is(Located::Kind::Array) || does->items.empty()) {
        reading.problem(*does, "found " + Reading::kind_of(*does), "a list of " + quoted_list(views_of(kDeeds)));
        return churn;
    }
    for (const Located& item : does->items) {
        const auto deed = read_word(reading, &item, views_of(kDeeds), "something that befalls a client");
        if (!deed) continue;
        const auto place = std::find(kDeeds.begin(), kDeeds.end(), *deed) - kDeeds.begin();
        churn.does.push_back(static_cast<workload::Deed>(place));
    }
    return churn;
}

Workload read_end(Reading& reading, const Fields& fields, const Fields& step) {
    Workload verb;
    verb.ends = true;
    verb.plan.name = read_workload_name(reading, fields["end"]);
    const auto known = reading.workloads.find(verb.plan.name);
    if (known != reading.workloads.end()) verb.of = read_some(reading, fields["of"], known->second);
    if (step.has("background"))
        reading.problem(*step["background"], "the end of a workload is waited for: \"background\" has no place here");
    return verb;
}

}  // namespace

std::string read_workload_name(Reading& reading, const Located* value) {
    if (value == nullptr) return "";
    std::vector<std::string_view> names;
    for (const auto& [name, sets] : reading.workloads) names.push_back(name);
    if (!names.empty()) return read_word(reading, value, names, "a workload of a step before").value_or("");
    read_text(reading, value);
    reading.problem(*value, "no step before begins a workload");
    return "";
}

Workload read_workload(Reading& reading, const Located& value, const Fields& step) {
    const Fields fields(reading, value, kWorkload);
    const bool background = read_boolean(reading, step["background"]).value_or(false);
    const auto catch_up = read_time(reading, fields["catch_up"]);
    if (value.is(Located::Kind::Object) && fields.has("name") == fields.has("end"))
        reading.problem(value, "one of \"name\" and \"end\" is wanted", quoted_list(names_of(kWorkload)));
    Workload verb;
    if (fields.has("end")) {
        verb = read_end(reading, fields, step);
    } else {
        verb.background = background;
        verb.plan.name = read_new_name(reading, fields["name"]);
        std::vector<std::string> sets;
        each_set(reading, fields["producers"], "sets of producers", [&](const Located& item) {
            add_clients(reading, item, verb.plan.producers.emplace_back(read_producers(reading, item)), sets);
        });
        each_set(reading, fields["consumers"], "sets of consumers", [&](const Located& item) {
            for (ConsumerSet& set : read_consumers(reading, item)) {
                add_clients(reading, item, set, sets);
                reading.groups.insert(set.group);
                verb.plan.consumers.push_back(std::move(set));
            }
        });
        verb.plan.churn = read_churn(reading, fields["churn"], sets);
        verb.plan.time = read_time(reading, fields["for"]);
        const bool for_ever = value.is(Located::Kind::Object) && !fields.has("for") && !background;
        if (for_ever && fields.has("name"))
            reading.problem(value, "the step never ends", "\"for\" in the workload, or \"background\": true beside it");
        reading.workloads[verb.plan.name] = std::move(sets);
    }
    verb.catch_up = catch_up.value_or(verb.catch_up);
    return verb;
}

}  // namespace kafkasim::sim::scenario
