// SPDX-License-Identifier: Apache-2.0

#include "core/tools/reassign_partitions_command.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kafkasim::tools {
namespace {

constexpr std::string_view kCommandFailed = "kafka.common.AdminCommandFailedException";
constexpr std::string_view kExisting =
    "Cannot execute because there is an existing partition assignment.  Use --additional to override this and create a "
    "new partition assignment in addition to the existing one. The --additional flag can also be used to change the "
    "throttle by resubmitting the current reassignment.";
constexpr std::string_view kMustVerify =
    "Warning: You must run --verify periodically, until the reassignment completes, to ensure the throttle is removed.";

/// An action with the options that it needs and those that it permits.
struct Action {
    std::string_view name;
    std::vector<std::string_view> required;
    std::vector<std::string_view> permitted;
};

std::vector<Action> actions() {
    return {
        {"generate",
         {"topics-to-move-json-file", "broker-list"},
         {"bootstrap-server", "broker-list", "command-config", "disable-rack-aware"}},
        {"execute",
         {"reassignment-json-file"},
         {"additional", "bootstrap-server", "command-config", "throttle", "replica-alter-log-dirs-throttle",
          "timeout"}},
        {"verify", {"reassignment-json-file"}, {"bootstrap-server", "command-config", "preserve-throttles"}},
        {"cancel", {"reassignment-json-file"}, {"bootstrap-server", "command-config", "preserve-throttles", "timeout"}},
        {"list", {}, {"bootstrap-server", "command-config"}},
    };
}

bool is_one_of(const std::vector<std::string_view>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The option that a word names, without dashes and value; empty if it names none.
std::string_view option_named(std::string_view word) {
    if (!word.starts_with('-')) return {};
    word.remove_prefix(std::min(word.find_first_not_of('-'), word.size()));
    return word.substr(0, word.find('='));
}

/// What an exception in main() is when the parser refuses a value.
ToolProblem problem_of(const OptionError& error) {
    ToolProblem refused = problem(error.exception, error.message);
    if (error.exception != "joptsimple.OptionArgumentConversionException") return refused;
    const size_t begin = error.message.find('\'') + 1;
    const std::string number = fmt::format("java.lang.NumberFormatException: For input string: \"{}\"",
                                           error.message.substr(begin, error.message.find('\'', begin) - begin));
    refused.trace += fmt::format(
        "\nCaused by: joptsimple.internal.ReflectionException: {0}\n\t... 6 more\nCaused by: {0}\n\t... 9 more",
        number);
    return refused;
}

ToolProblem terse(std::string message) { return {std::move(message), ""}; }

std::string lines_of(const std::map<TopicPartition, std::string>& errors) {
    std::string text;
    for (const auto& [tp, message] : errors) text += fmt::format("\n{}: {}", to_string(tp), message);
    return text;
}

template <typename Map>
std::string keys_text(const Map& map) {
    std::string text;
    for (const auto& [tp, value] : map) text += (text.empty() ? "" : ",") + to_string(tp);
    return text;
}

struct BrokerList {
    std::vector<BrokerId> brokers;
    std::optional<ToolProblem> problem;
};

/// "1,2,3".split(',').map(_.toInt), without doubled ones.
BrokerList parse_broker_list(std::string text) {
    BrokerList list;
    while (text.size() > 1 && text.ends_with(',')) text.pop_back();
    for (size_t begin = 0; begin <= text.size();) {
        const size_t comma = std::min(text.find(',', begin), text.size());
        const std::string word = text.substr(begin, comma - begin);
        const std::optional<int64_t> id = whole_number(word, ArgumentType::Integer);
        if (!id) {
            list.problem = problem("java.lang.NumberFormatException", fmt::format("For input string: \"{}\"", word));
            return list;
        }
        list.brokers.push_back(BrokerId{static_cast<int32_t>(*id)});
        begin = comma + 1;
    }
    if (const auto doubled = duplicates(list.brokers); !doubled.empty())
        list.problem = problem(kCommandFailed, "Broker list contains duplicate entries: " + join(doubled));
    return list;
}

std::vector<TopicName> topics_of(const std::vector<std::pair<TopicPartition, std::vector<BrokerId>>>& partitions) {
    std::vector<TopicName> topics;
    for (const auto& [tp, replicas] : partitions) topics.push_back(tp.topic);
    return in_set_order(topics);
}

}  // namespace

std::optional<std::string> complaint_about_reassign_options(const ParsedOptions& options,
                                                            std::span<const std::string> words) {
    const Action* action = nullptr;
    int given = 0;
    const std::vector<Action> all = actions();
    for (const Action& each : all) {
        if (!options.has(each.name)) continue;
        action = &each;
        ++given;
    }
    if (given != 1) return "Command must include exactly one action: --generate, --execute, --verify, --cancel, --list";
    if (!options.has("bootstrap-server")) return "Please specify --bootstrap-server";
    for (const std::string_view name : action->required) {
        if (!options.has(name)) return fmt::format("Missing required argument \"[{}]\"", name);
    }
    for (const std::string& word : words) {
        const std::string_view name = option_named(word);
        if (name.empty() || name == action->name || !options.has(name)) continue;
        if (!is_one_of(action->required, name) && !is_one_of(action->permitted, name))
            return fmt::format("Option \"[{}]\" can't be used with action \"[{}]\"", name, action->name);
    }
    return std::nullopt;
}

Task<int> ReassignPartitionsCommand::run() {
    const auto table = reassign_partitions_options();
    ParseOutcome parsed = parse_options(table, arguments());
    if (parsed.error) {
        co_return parse_failed(
            *parsed.error,
            {"kafka.admin.ReassignPartitionsCommand$ReassignPartitionsCommandOptions.<init>"
             "(ReassignPartitionsCommand.scala:1498)",
             "kafka.admin.ReassignPartitionsCommand$.validateAndParseArgs(ReassignPartitionsCommand.scala:1332)",
             "kafka.admin.ReassignPartitionsCommand$.main(ReassignPartitionsCommand.scala:194)",
             "kafka.admin.ReassignPartitionsCommand.main(ReassignPartitionsCommand.scala)"});
    }
    ParsedOptions options = std::move(parsed.options);
    const std::string about = "This tool helps to move topic partitions between replicas.";
    if (auto code = help_or_version(options, table, about)) co_return *code;
    if (auto complaint = complaint_about_reassign_options(options, arguments()))
        co_return print_usage_and_die(*complaint, table);
    if (Maybe problem = create(options)) co_return print(*problem);
    if (options.has("reassignment-json-file")) {
        const File file = read_file(options.text("reassignment-json-file").value_or(""));
        if (!file.problem && parse_reassignment_file(file.text, 0).names_log_dirs)
            co_return not_modelled("a move between log directories (log_dirs other than \"any\")");
    }
    Maybe problem = co_await act(std::move(options));
    close_admin();
    co_return problem ? print(*problem) : 0;
}

int ReassignPartitionsCommand::print(const ToolProblem& problem) {
    if (problem.trace.empty())
        out(problem.message + "\n");
    else
        out(fmt::format("Error: {}\n{}\n\n", problem.message, problem.trace));
    return 1;
}

ReassignPartitionsCommand::Maybe ReassignPartitionsCommand::create(ParsedOptions& options) {
    const std::optional<std::string> bootstrap = options.text("bootstrap-server");
    const std::optional<std::string> command_config = options.text("command-config");
    if (options.error()) return problem_of(*options.error());
    config::Properties fixed{{"client.id", "reassign-partitions-tool"}};
    if (command_config) {
        const auto loaded = load_properties(*command_config);
        if (!loaded) return problem("java.nio.file.NoSuchFileException", *command_config);
        if (loaded.value().contains("client.id")) fixed.clear();
    }
    const std::optional<std::string> exception = create_admin(*bootstrap, command_config, fixed);
    if (!exception) return std::nullopt;
    return ToolProblem{"Failed to create new KafkaAdminClient", *exception + "\n\t... 3 more"};
}

ReassignPartitionsCommand::File ReassignPartitionsCommand::read_file(const std::string& path) {
    if (auto text = env().disk().read_text(path)) return {std::move(*text), std::nullopt};
    ToolProblem missing = problem("java.io.IOException", "Unable to read file " + path);
    missing.trace += fmt::format("\nCaused by: java.nio.file.NoSuchFileException: {}\n\t... 3 more", path);
    return {"", std::move(missing)};
}

Task<ReassignPartitionsCommand::Maybe> ReassignPartitionsCommand::act(ParsedOptions options) {
    if (options.has("list")) {
        Maybe problem = co_await list();
        co_return problem;
    }
    const std::string_view which = options.has("generate") ? "topics-to-move-json-file" : "reassignment-json-file";
    const std::string path = options.text(which).value_or("");
    if (options.error()) co_return problem_of(*options.error());
    File file = read_file(path);
    if (file.problem) co_return std::move(file.problem);
    Maybe problem;
    if (options.has("generate")) {
        const std::string listed = options.text("broker-list").value_or("");
        if (options.error()) co_return problem_of(*options.error());
        BrokerList brokers = parse_broker_list(listed);
        if (brokers.problem) co_return std::move(brokers.problem);
        TopicsFile topics = parse_topics_file(file.text);
        problem = co_await generate(std::move(topics), std::move(brokers.brokers), !options.has("disable-rack-aware"));
    } else if (options.has("execute")) {
        const int64_t throttle = options.number("throttle").value_or(-1);
        const int64_t log_dirs_throttle = options.number("replica-alter-log-dirs-throttle").value_or(-1);
        options.number("timeout");
        if (options.error()) co_return problem_of(*options.error());
        ReassignmentFile wanted = parse_reassignment_file(file.text, 5);
        problem = co_await execute(std::move(wanted), options.has("additional"), throttle, log_dirs_throttle);
    } else if (options.has("verify")) {
        ReassignmentFile wanted = parse_reassignment_file(file.text, 4);
        problem = co_await verify(std::move(wanted), options.has("preserve-throttles"));
    } else {
        options.number("timeout");
        if (options.error()) co_return problem_of(*options.error());
        ReassignmentFile wanted = parse_reassignment_file(file.text, 4);
        problem = co_await cancel(std::move(wanted), options.has("preserve-throttles"));
    }
    co_return problem;
}

Task<ReassignPartitionsCommand::Maybe> ReassignPartitionsCommand::list() {
    Answer<RunningReassignments> all = co_await running(std::nullopt);
    if (all.problem) co_return std::move(all.problem);
    out(running_text(all.value) + "\n");
    co_return std::nullopt;
}

Task<ReassignPartitionsCommand::Maybe> ReassignPartitionsCommand::verify(ReassignmentFile file,
                                                                         bool preserve_throttles) {
    if (file.problem) co_return file.problem;
    Answer<RunningReassignments> all = co_await running(std::nullopt);
    if (all.problem) co_return std::move(all.problem);
    std::map<TopicPartition, VerifiedPartition> verified;
    std::vector<std::pair<TopicPartition, std::vector<BrokerId>>> others;
    for (const auto& [tp, target] : file.partitions) {
        const auto found = all.value.find(tp);
        if (found != all.value.end())
            verified[tp] = {found->second.replicas, target, false};
        else
            others.emplace_back(tp, target);
    }
    Answer<Described> described = co_await describe(topics_of(others));
    if (described.problem) co_return std::move(described.problem);
    for (const auto& [tp, target] : others) {
        const auto failure = described.value.failed.find(tp.topic);
        if (failure != described.value.failed.end() && failure->second.code != ErrorCode::UnknownTopicOrPartition)
            co_return failed(failure->second);
        const auto& partitions = described.value.topics[tp.topic];
        const auto count = static_cast<int32_t>(partitions.size());
        if (failure == described.value.failed.end() && (tp.partition == count || tp.partition < 0)) {
            co_return problem("java.lang.IndexOutOfBoundsException",
                              fmt::format("Index {} out of bounds for length {}", tp.partition, count));
        }
        std::vector<BrokerId> current;
        if (tp.partition < count) current = partitions[static_cast<size_t>(tp.partition)];
        verified[tp] = {std::move(current), target, true};
    }
    out(verified_text(verified) + "\n\n");
    if (!all.value.empty() || preserve_throttles) co_return std::nullopt;
    Maybe problem = co_await clear_throttles(std::move(file));
    co_return problem;
}

/// A proposal for all partitions of the topics in `current`; nullopt in `problem`: it can be made.
ReassignPartitionsCommand::Maybe ReassignPartitionsCommand::propose(
    const Assignment& current, const std::vector<broker::BrokerMetadata>& candidates, Assignment& proposed) {
    std::map<TopicName, std::vector<size_t>> factors;  // of each partition
    for (const auto& [tp, replicas] : current) factors[tp.topic].push_back(replicas.size());
    for (const auto& [topic, of_partitions] : factors) {
        if (of_partitions.front() > candidates.size()) {
            return problem("org.apache.kafka.common.errors.InvalidReplicationFactorException",
                           fmt::format("Replication factor: {} larger than available brokers: {}.",
                                       of_partitions.front(), candidates.size()));
        }
        const auto start = static_cast<size_t>(env().chance().below(node::Stream::Placement, candidates.size()));
        const auto shift = static_cast<size_t>(env().chance().below(node::Stream::Placement, candidates.size()));
        int32_t partition = 0;
        for (auto& replicas :
             broker::assign_replicas(static_cast<int32_t>(of_partitions.size()),
                                     static_cast<int32_t>(of_partitions.front()), candidates, start, shift))
            proposed[{topic, partition++}] = std::move(replicas);
    }
    return std::nullopt;
}

Task<ReassignPartitionsCommand::Maybe> ReassignPartitionsCommand::generate(TopicsFile file,
                                                                           std::vector<BrokerId> brokers,
                                                                           bool by_racks) {
    if (file.problem) co_return file.problem;
    if (const auto doubled = duplicates(file.topics); !doubled.empty()) {
        std::string names;
        for (const TopicName& topic : doubled) names += (names.empty() ? "" : ",") + topic.str();
        co_return problem(kCommandFailed, "List of topics to reassign contains duplicate entries: " + names);
    }
    Answer<Assignment> current = co_await assignment_of(in_set_order(file.topics));
    if (current.problem) co_return std::move(current.problem);
    const Answer<std::vector<broker::BrokerMetadata>> live = co_await live_brokers();
    if (live.problem) co_return live.problem;
    std::vector<broker::BrokerMetadata> candidates;
    for (const broker::BrokerMetadata& each : live.value) {
        if (contains(brokers, each.id)) candidates.push_back({each.id, by_racks ? each.rack : std::nullopt});
    }
    if (broker::racks_of(candidates) == broker::Racks::Some) {
        co_return problem("kafka.admin.AdminOperationException",
                          "Not all brokers have rack information. Add --disable-rack-aware in command line to make "
                          "replica assignment without rack information.");
    }
    Assignment proposed;
    if (Maybe refused = propose(current.value, candidates, proposed)) co_return refused;
    out(fmt::format("Current partition replica assignment\n{}\n\n", reassignment_json(current.value)));
    out(fmt::format("Proposed partition reassignment configuration\n{}\n", reassignment_json(proposed)));
    co_return std::nullopt;
}

Task<ReassignPartitionsCommand::Maybe> ReassignPartitionsCommand::execute(ReassignmentFile file, bool additional,
                                                                          int64_t throttle, int64_t log_dirs_throttle) {
    if (file.problem) co_return file.problem;
    if (Maybe refused = complaint_about(file)) co_return refused;
    Answer<RunningReassignments> all = co_await running(std::nullopt);
    if (all.problem) co_return std::move(all.problem);
    if (!additional && !all.value.empty()) co_return terse(std::string(kExisting));
    std::vector<BrokerId> named;
    for (const auto& [tp, replicas] : file.partitions) named.insert(named.end(), replicas.begin(), replicas.end());
    const Answer<std::vector<broker::BrokerMetadata>> live = co_await live_brokers();
    if (live.problem) co_return live.problem;
    std::vector<BrokerId> known;
    for (const broker::BrokerMetadata& each : live.value) known.push_back(each.id);
    for (const BrokerId id : in_set_order(named)) {
        if (!contains(known, id)) co_return problem(kCommandFailed, "Unknown broker id " + to_string(id));
    }
    Answer<Assignment> current = co_await assignment_of(topics_of(file.partitions));
    if (current.problem) co_return std::move(current.problem);
    const Assignment proposed(file.partitions.begin(), file.partitions.end());
    std::erase_if(current.value, [&](const auto& entry) { return !proposed.contains(entry.first); });
    out(
        fmt::format("Current partition replica assignment\n\n{}\n\nSave this to use as the --reassignment-json-file "
                    "option during rollback\n",
                    reassignment_json(current.value)));
    if (throttle >= 0 || log_dirs_throttle >= 0) out(fmt::format("{}\n", kMustVerify));
    if (throttle >= 0) {
        for (const auto& [tp, replicas] : proposed) {
            if (all.value.contains(tp) || current.value.contains(tp)) continue;
            co_return problem("java.lang.RuntimeException",
                              fmt::format("Trying to reassign a topic partition {} with 0 replicas", to_string(tp)));
        }
        Moves moves = proposed_moves(all.value, proposed, current.value);
        if (Maybe refused = co_await set_throttles(std::move(moves), throttle)) co_return refused;
    }
    // No log directory is named, so no broker has a throttle to be set.
    if (log_dirs_throttle >= 0)
        out(fmt::format("The replica-alter-dir throttle limit was set to {} B/s\n", log_dirs_throttle));
    Assignment wanted = proposed;
    const Answer<std::map<TopicPartition, std::string>> outcome = co_await alter(std::move(wanted));
    if (!outcome.value.empty()) co_return terse("Error reassigning partition(s):" + lines_of(outcome.value));
    out(fmt::format("Successfully started partition reassignment{} for {}\n", proposed.size() == 1 ? "" : "s",
                    keys_text(proposed)));
    co_return std::nullopt;
}

Task<ReassignPartitionsCommand::Maybe> ReassignPartitionsCommand::cancel(ReassignmentFile file,
                                                                         bool preserve_throttles) {
    if (file.problem) co_return file.problem;
    std::vector<TopicPartition> asked;
    for (const auto& [tp, replicas] : file.partitions) asked.push_back(tp);
    Answer<RunningReassignments> active = co_await running(in_set_order(asked));
    if (active.problem) co_return std::move(active.problem);
    if (active.value.empty()) {
        out("None of the specified partition reassignments are active.\n");
    } else {
        Assignment cancelled;
        for (const auto& [tp, each] : active.value) cancelled[tp] = {};
        const Answer<std::map<TopicPartition, std::string>> outcome = co_await alter(std::move(cancelled));
        if (!outcome.value.empty()) {
            co_return terse(fmt::format("Error cancelling partition reassignment{} for:{}",
                                        outcome.value.size() == 1 ? "" : "s", lines_of(outcome.value)));
        }
        out(fmt::format("Successfully cancelled partition reassignment{} for: {}\n",
                        active.value.size() == 1 ? "" : "s", keys_text(active.value)));
    }
    out("None of the specified partition moves are active.\n");
    if (preserve_throttles) co_return std::nullopt;
    Maybe problem = co_await clear_throttles(std::move(file));
    co_return problem;
}

}  // namespace kafkasim::tools
