// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reading one value of a scenario file: its kind, its range, its words. Each function reports what is wrong and
// goes on, with nothing or a default instead, so that the
// rest of the file is read too.

#include <functional>
#include <map>
#include <set>

#include "sim/scenario/json_positions.hpp"
#include "sim/scenario/keys.hpp"
#include "sim/scenario/reader.hpp"

namespace kafkasim::sim::scenario {

/// In double quotes, for messages.
std::string in_quotes(std::string_view text);

/// A file while it is read: its problems, and the names that its cluster gives to processes.
class Reading {
public:
    Reading(std::string_view text, const Located& root) : text_(text), root_(root) {}

    void problem(size_t at, std::string found, std::string allowed = "", std::string suggestion = "");
    void problem(const Located& at, std::string found, std::string allowed = "", std::string suggestion = "") {
        problem(at.begin, std::move(found), std::move(allowed), std::move(suggestion));
    }
    /// "a string", "a number", for messages.
    static std::string kind_of(const Located& value);
    std::string_view source_of(const Located& value) const {
        return text_.substr(value.begin, value.end - value.begin);
    }
    int line_of(const Located& value) const { return place_of(text_, value.begin).line; }
    std::vector<Problem> take_problems();

    std::vector<std::string> processes;  // "zookeeper", "broker-1", ...
    std::set<int32_t> brokers;
    std::set<std::string> names;                                // that steps before have given to processes (`as`)
    std::set<std::string> clients;                              // of workloads, of all steps before
    std::set<std::string> groups;                               // of these
    std::map<std::string, std::vector<std::string>> workloads;  // of all steps before: their sets
    std::map<std::string, Role> roles;                          // that stand in the step that is being read

private:
    struct Found {
        size_t at;
        Problem problem;
    };

    std::string_view text_;
    const Located& root_;
    std::vector<Found> found_;
};

/// An object whose keys are known: refuses unknown, double and missing ones, then hands out the values.
class Fields {
public:
    Fields(Reading& reading, const Located& value, const ObjectType& type);

    /// nullptr if it is not there (or the value is no object).
    const Located* operator[](std::string_view key) const { return value_.member(key); }
    bool has(std::string_view key) const { return value_.member(key) != nullptr; }

private:
    const Located& value_;
};

/// "a", "b", "c": how lists of words stand in messages.
std::string quoted_list(const std::vector<std::string_view>& words);

// One value each. A nullptr is read as "not there" and is no problem.
std::optional<std::string> read_text(Reading& reading, const Located* value);
std::optional<int64_t> read_integer(Reading& reading, const Located* value, int64_t lowest, int64_t highest);
std::optional<bool> read_boolean(Reading& reading, const Located* value);
std::optional<Duration> read_time(Reading& reading, const Located* value);
/// "5s" or "-5s"
std::optional<Duration> read_signed_time(Reading& reading, const Located* value);
/// One of these words; did-you-mean if it is another.
std::optional<std::string> read_word(Reading& reading, const Located* value, const std::vector<std::string_view>& words,
                                     std::string_view what);
std::vector<std::string> read_texts(Reading& reading, const Located* value);
/// A topic can be given replicas on brokers that do not exist; an Isr or a leader cannot be there.
enum class BrokerIds : uint8_t { OfCluster, Any };
std::vector<int32_t> read_brokers(Reading& reading, const Located* value, BrokerIds ids);
Text read_words(Reading& reading, const Located* value);
/// A process of the cluster, "controller", {"leader": {"orders": 0}}, or a name that a step before has given.
std::string read_process(Reading& reading, const Located* value);
/// A process as before, or a client of a workload of the steps before.
std::string read_program(Reading& reading, const Located* value);
/// Processes of the cluster, clients, or programs by name ("kafka-topics.sh").
std::string read_host(Reading& reading, const Located* value);
/// "broker-1/controller"
void check_log_name(Reading& reading, size_t at, const std::string& name);
config::Properties read_properties(Reading& reading, const Located* value);
std::vector<TypedLine> read_lines(Reading& reading, const Located* value);
std::map<std::string, std::string> read_text_by_name(Reading& reading, const Located* value);

/// Every member of an object whose keys are names.
void each_member(Reading& reading, const Located* value, std::string_view what,
                 const std::function<void(const LocatedMember&)>& visit);
/// Topic -> partition -> value.
void each_partition(Reading& reading, const Located* value,
                    const std::function<void(const std::string&, int32_t, const Located&)>& visit);
ByPartition<int32_t> read_leaders(Reading& reading, const Located* value);
ByPartition<std::vector<int32_t>> read_broker_lists(Reading& reading, const Located* value, BrokerIds ids);

// Parts of the file (read_cluster.cpp, read_breaks.cpp, read_step.cpp, read_verb.cpp, read_expect.cpp).
void read_cluster(Reading& reading, const Located* value, Scenario& scenario);
void read_pin(Reading& reading, const Located* value, Pins& pin);
void read_breaks(Reading& reading, const Located* breaks, const Located* checked, Scenario& scenario);
std::optional<Step> read_step(Reading& reading, const Located& value);
/// {"repeat": 5, "steps": [...]}: its steps, once for each round (read_repeat.cpp).
bool is_repeat(const Located& value);
struct RepeatedStep {
    std::optional<Step> step;  // nullopt: it has a mistake
    const Located* value;
};
std::vector<RepeatedStep> read_repeat(Reading& reading, const Located& value);
/// The verb that stands under `verb` in the step.
std::optional<Verb> read_verb(Reading& reading, const std::string& verb, const Fields& step);
/// A workload that a step before has begun.
std::string read_workload_name(Reading& reading, const Located* value);
Workload read_workload(Reading& reading, const Located& value, const Fields& step);
Condition read_condition(Reading& reading, const Located& value);
/// One claim or a list of them (read_consumed.cpp).
std::vector<Consumed> read_consumed(Reading& reading, const Located* value);
std::optional<Expectation> read_expect(Reading& reading, const Located* value);

}  // namespace kafkasim::sim::scenario
