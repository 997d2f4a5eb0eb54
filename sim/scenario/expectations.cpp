// SPDX-License-Identifier: Apache-2.0
// Judges what a scenario claims of a step. A claim that does not hold tells what was expected, what was seen and
// when.
#include <algorithm>

#include "core/base/text.hpp"
#include "sim/observe/camera.hpp"
#include "sim/observe/groups.hpp"
#include "sim/scenario/json_equal.hpp"
#include "sim/scenario/runner.hpp"

namespace kafkasim::sim::scenario {

namespace {

std::string listed(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

std::string listed(const std::vector<int32_t>& numbers) {
    std::string text;
    for (int32_t number : numbers) text += (text.empty() ? "" : ",") + std::to_string(number);
    return "[" + text + "]";
}

std::vector<int32_t> numbers_of(const std::vector<BrokerId>& ids) {
    std::vector<int32_t> numbers;
    for (BrokerId id : ids) numbers.push_back(id.value);
    return numbers;
}

/// Collects the claims that do not hold.
class Judge {
public:
    Judge(const World& world, StepResult& result) : world_(world), result_(result) {}

    void fail(std::string what, std::string expected, std::string seen) {
        result_.failures.push_back(
            {std::move(what), std::move(expected), std::move(seen), world_.now(), result_.last_event});
    }

    void output(const Expectation& expect) {
        const Seen& seen = result_.seen;
        const std::string printed = seen.stdout_text.value_or(listed(seen.lines.value_or(std::vector<std::string>())));
        if (expect.stdout_text && printed != *expect.stdout_text) fail("stdout", *expect.stdout_text, printed);
        if (expect.stderr_text && seen.stderr_text.value_or("") != *expect.stderr_text)
            fail("stderr", *expect.stderr_text, seen.stderr_text.value_or(""));
        if (expect.exit_code && seen.exit_code.value_or(0) != *expect.exit_code) {
            fail("exit_code", std::to_string(*expect.exit_code), std::to_string(seen.exit_code.value_or(0)));
        }
        if (expect.stdout_like) like(*expect.stdout_like, printed);
        if (expect.stdout_set) set(*expect.stdout_set, printed);
        for (const std::string& record : expect.read) {
            const auto lines = lines_of(printed);
            if (std::find(lines.begin(), lines.end(), record) == lines.end()) fail("read", record, printed);
        }
        if (expect.within && result_.to - result_.from > *expect.within) {
            fail("within", std::to_string(millis_of(*expect.within)) + " ms",
                 std::to_string(millis_of(result_.to - result_.from)) + " ms");
        }
    }

    /// Each partition's value by `get` against what is wanted.
    template <typename Value, typename Get, typename Show>
    void partitions(const std::string& what, const ByPartition<Value>& wanted, Get get, Show show) {
        for (const auto& [topic, by_partition] : wanted) {
            for (const auto& [partition, value] : by_partition) {
                const auto view = partition_in_metadata(world_, {TopicName(topic), partition});
                const std::string name = what + " of " + topic + "-" + std::to_string(partition);
                if (!view) {
                    fail(name, show(value), "no such partition in the brokers' metadata");
                } else if (get(*view) != value) {
                    fail(name, show(value), show(get(*view)));
                }
            }
        }
    }

    void offsets(const std::string& what, const std::map<std::string, ByPartition<int64_t>>& wanted, bool lag) {
        for (const auto& [group, topics] : wanted) {
            for (const auto& [topic, by_partition] : topics) {
                for (const auto& [partition, value] : by_partition) {
                    const auto view = committed_offset(world_, group, {TopicName(topic), partition});
                    const std::string seen = !view
                                                 ? "nothing committed"
                                                 : std::to_string(lag ? view->end - view->committed : view->committed);
                    if (seen != std::to_string(value))
                        fail(what + " of " + group + " on " + topic + "-" + std::to_string(partition),
                             std::to_string(value), seen);
                }
            }
        }
    }

    void znodes(const std::map<std::string, std::string>& wanted) {
        const auto* zookeeper = zookeeper_of(world_);
        for (const auto& [path, data] : wanted) {
            const auto node = zookeeper == nullptr ? std::nullopt : look_at_znode(*zookeeper, path);
            const std::string seen = node ? node->data.value_or("null") : "null";
            if (!json_equal(seen, data)) fail("znode " + path, data, seen);
        }
    }

    void log_lines(const std::map<std::string, std::string>& wanted) {
        for (const auto& [log, pattern] : wanted) {
            const std::vector<std::string> lines = lines_of(log_text(world_, log));
            const bool found = std::any_of(lines.begin(), lines.end(),
                                           [&](const std::string& line) { return holds_like(line, pattern); });
            if (!found) fail("log_line of " + log, pattern, "no such line among " + std::to_string(lines.size()));
        }
    }

private:
    void like(const std::string& pattern, const std::string& printed) {
        const auto patterns = lines_of(pattern);
        const auto lines = lines_of(printed);
        bool same = patterns.size() == lines.size();
        for (size_t i = 0; same && i < lines.size(); ++i) same = holds_like(lines[i], patterns[i]);
        if (!same) fail("stdout_like", pattern, printed);
    }

    void set(std::vector<std::string> wanted, const std::string& printed) {
        auto lines = lines_of(printed);
        std::sort(lines.begin(), lines.end());
        std::sort(wanted.begin(), wanted.end());
        if (lines != wanted) fail("stdout_set", listed(wanted), printed);
    }

    const World& world_;
    StepResult& result_;
};

}  // namespace

void judge(const World& world, const Scenario& scenario, const Step& step, const RunOptions& options,
           StepResult& result) {
    const Expectation& expect = *step.expect;
    Judge judge(world, result);
    judge.output(expect);
    const auto number = [](int32_t value) { return std::to_string(value); };
    const auto list = [](const std::vector<int32_t>& values) { return listed(values); };
    judge.partitions(
        "leader", expect.leader, [](const PartitionView& view) { return view.leader.value; }, number);
    judge.partitions(
        "isr", expect.isr, [](const PartitionView& view) { return numbers_of(view.isr); }, list);
    judge.partitions(
        "replicas", expect.replicas, [](const PartitionView& view) { return numbers_of(view.replicas); }, list);
    judge.partitions(
        "offline", expect.offline, [](const PartitionView& view) { return numbers_of(view.offline); }, list);
    judge.offsets("lag", expect.lag, true);
    judge.offsets("committed", expect.committed, false);
    judge.znodes(expect.znode);
    judge.log_lines(expect.log_line);
    if (expect.why) {
        const std::string answer = options.why ? options.why(world, scenario, result) : "";
        if (answer.find(*expect.why) == std::string::npos) judge.fail("why", *expect.why, answer);
    }
}

}  // namespace kafkasim::sim::scenario
