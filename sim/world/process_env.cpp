// SPDX-License-Identifier: Apache-2.0
#include "sim/world/process_env.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/check.hpp"
#include "core/node/log.hpp"

namespace kafkasim::sim {

namespace {

/// The file of the stock log4j.properties that a logger writes to; "" is server.log and the terminal.
std::string_view log_file_of(std::string_view logger) {
    if (logger.starts_with("kafka.controller")) return "controller";
    if (logger == "state.change.logger") return "state-change";
    if (logger.starts_with("kafka.log.LogCleaner")) return "log-cleaner";
    return "";
}

}  // namespace

void ProcessEnv::listen(int32_t port) { world_.network_.listen(process_.id, port); }

void ProcessEnv::stop_listening(int32_t port) { world_.network_.stop_listening(process_.id, port); }

node::ConnectionId ProcessEnv::connect(const node::Endpoint& to, node::Tag tag) {
    return world_.network_.connect(process_.id, process_.options.name, to.port, tag, world_.current_);
}

void ProcessEnv::send(node::ConnectionId connection, protocol::Message&& message) {
    // What follows from a write leaves when the disk has done it.
    world_.network_.send(connection, std::move(message), world_.current_, world_.disk_.done());
}

void ProcessEnv::close(node::ConnectionId connection) { world_.network_.close(connection, world_.current_); }

node::TimerId ProcessEnv::new_timer(node::Tag tag) {
    size_t place = process_.timers.size();
    if (process_.free_timers.empty()) {
        process_.timers.emplace_back();
        process_.timer_tags.emplace_back();
    } else {
        place = process_.free_timers.back();
        process_.free_timers.pop_back();
    }
    process_.timers[place] = world_.scheduler_.create_timer((uint64_t{process_.id} << 32) | place);
    process_.timer_tags[place] = tag;
    return static_cast<node::TimerId>(place + 1);
}

void ProcessEnv::arm(node::TimerId timer, Duration after) {
    CHECK_INVARIANT(timer != node::TimerId::None, "arming no timer");
    // Whoever waits for the disk begins to count when it has done its work.
    const Instant from = std::max(world_.now(), world_.disk_.done());
    world_.scheduler_.arm(process_.timers[place_of(timer)], from + after, world_.current_);
}

void ProcessEnv::disarm(node::TimerId timer) {
    if (timer != node::TimerId::None) world_.scheduler_.disarm(process_.timers[place_of(timer)]);
}

void ProcessEnv::free_timer(node::TimerId timer) {
    if (timer == node::TimerId::None) return;
    world_.scheduler_.destroy_timer(process_.timers[place_of(timer)]);
    process_.timers[place_of(timer)] = {};
    process_.free_timers.push_back(static_cast<uint32_t>(place_of(timer)));
}

bool ProcessEnv::logs(node::Level level) const {
    if (process_.options.log_style == LogStyle::Tool) return level >= node::Level::Warn;
    return world_.options_.keep_logs || process_.watched || process_.options.terminal;
}

/// The stock log4j.properties: kafka.controller has the level TRACE, all others INFO.
void ProcessEnv::log(node::Level level, std::string_view logger, std::string_view text) {
    if (level < node::Level::Info && log_file_of(logger) != "controller") return;
    std::string message(text.substr(0, text.find('\n')));
    const std::string_view exception = text.substr(message.size());
    std::replace(message.begin(), message.end(), node::kLineEnd, '\n');
    const std::string line = fmt::format("[{}] {} {} ({}){}\n", world_.clock().stamp(world_.look_at_clock(process_)),
                                         node::name_of(level), message, logger, exception);
    if (process_.options.log_style == LogStyle::Tool) {
        print(node::Output::Stderr, line);
        return;
    }
    const std::string_view file = log_file_of(logger);
    process_.logs[std::string(file)] += line;
    if (file.empty() && (process_.options.terminal || process_.watched)) process_.stdout_text += line;
    if (world_.options_.trace == TraceLevel::Full) world_.record(TraceKind::Log, process_, std::string(logger), line);
}

void ProcessEnv::note(node::Note note) {
    if (!observed()) return;
    TraceEvent event;
    event.id = ++world_.last_id_;
    event.cause = world_.current_;
    event.at = world_.now();
    event.process = process_.id;
    event.kind = TraceKind::Note;
    event.name = std::string(node::name_of(note.kind));
    event.note = std::move(note);
    world_.trace_.add(std::move(event));
}

void ProcessEnv::print(node::Output output, std::string_view text) {
    const bool to_stdout = output == node::Output::Stdout || process_.options.terminal;
    (to_stdout ? process_.stdout_text : process_.stderr_text) += text;
    world_.digest_.add(text);
    if (observed())
        world_.record(TraceKind::Printed, process_, output == node::Output::Stdout ? "stdout" : "stderr",
                      std::string(text));
}

void ProcessEnv::read_input() {
    if (process_.wants_input) return;
    process_.wants_input = true;
    process_.wants_input_since = world_.now();
    while (!process_.unread.empty()) {
        world_.send_errand(std::move(process_.unread.front()), Duration{});
        process_.unread.pop_front();
    }
}

void ProcessEnv::named(std::string_view name) {
    process_.options.name = std::string(name);
    world_.network_.set_name(process_.id, name);
}

void ProcessEnv::exit(int code) {
    if (!process_.exiting) process_.exit_code = code;
    process_.exiting = true;
}

std::optional<Uuid> ProcessEnv::pinned_topic_id(const TopicName& topic) {
    return world_.options_.pins.take_topic_id(topic);
}

std::optional<std::vector<std::vector<BrokerId>>> ProcessEnv::pinned_assignment(const TopicName& topic) {
    const auto found = world_.options_.pins.assignments.find(topic);
    if (found == world_.options_.pins.assignments.end()) return std::nullopt;
    return found->second;
}

std::optional<int32_t> ProcessEnv::pinned_sticky(const TopicName& topic) {
    const auto found = world_.options_.pins.sticky.find(topic);
    if (found == world_.options_.pins.sticky.end() || found->second.empty()) return std::nullopt;
    const int32_t partition = found->second.front();
    found->second.pop_front();
    return partition;
}

Prng& ProcessEnv::prng(node::Stream stream) {
    auto& streams = world_.chance_[process_.options.name];
    const int number = static_cast<int>(stream);
    const auto found = streams.find(number);
    if (found != streams.end()) return found->second;
    const std::string name = "chance/" + process_.options.name;
    return streams.emplace(number, kafkasim::stream(world_.options_.seed, name, static_cast<uint64_t>(number)))
        .first->second;
}

}  // namespace kafkasim::sim
