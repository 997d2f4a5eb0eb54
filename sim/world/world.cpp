// SPDX-License-Identifier: Apache-2.0
#include "sim/world/world.hpp"

#include <fmt/format.h>

#include "core/base/check.hpp"
#include "sim/world/process_env.hpp"

namespace kafkasim::sim {

namespace {
constexpr Duration kKeystroke = 1ms;
constexpr int kKilled = 137;
}  // namespace

World::World(WorldOptions options)
    : options_(std::move(options)),
      network_(scheduler_, options_.seed, kParcel),
      pinned_controllers_(options_.pins.controllers) {
    digest_.add(options_.seed);
    if (!options_.pins.controllers.empty()) network_.add_rule(&pinned_controllers_);
}

World::~World() = default;

template <typename Call>
void World::run_node(Process& process, const Call& call) {
    if (process.state != ProcessState::Running || process.node == nullptr) return;
    ProcessEnv env(*this, process);
    call(*process.node, env);
    if (process.options.output_to) deliver_output(process);
    if (process.exiting) end(process, process.exit_code);
    if (observer_ != nullptr) observer_->handled(*this, process, current_);
}

bool World::step(Instant limit) {
    const auto event = scheduler_.next_until(limit);
    if (!event) {
        if (limit > now()) scheduler_.advance_to(limit);
        return false;
    }
    dispatch(*event);
    return true;
}

bool World::run_until(Instant limit, const std::function<bool()>& done) {
    while (!done()) {
        if (!step(limit)) return done();
    }
    return true;
}

void World::run_until(Instant limit) {
    while (step(limit)) {
    }
}

uint64_t World::begin_event(TraceKind kind, uint64_t cause, const Process* process, uint32_t peer,
                            std::string_view name, std::string_view text) {
    const ProcessId id = process != nullptr ? process->id : kNoProcess;
    ++events_;
    digest_.add(static_cast<uint64_t>(now().time_since_epoch().count()));
    digest_.add((uint64_t{static_cast<uint8_t>(kind)} << 32) | id);
    return begin_cause(kind, cause, id, peer, name, text);
}

uint64_t World::begin_cause(TraceKind kind, uint64_t cause, ProcessId process, uint32_t peer, std::string_view name,
                            std::string_view text) {
    current_ = ++last_id_;
    disk_.begin_event(now());
    if (options_.trace == TraceLevel::None) return current_;
    TraceEvent event;
    event.id = current_;
    event.cause = cause;
    event.at = now();
    event.process = process;
    event.peer = peer;
    event.kind = kind;
    event.name = std::string(name);
    event.text = std::string(text);
    trace_.add(std::move(event));
    return current_;
}

void World::record(TraceKind kind, const Process& process, std::string name, std::string text) {
    TraceEvent event;
    event.id = ++last_id_;
    event.cause = current_;
    event.at = now();
    event.process = process.id;
    event.kind = kind;
    event.name = std::move(name);
    event.text = std::move(text);
    trace_.add(std::move(event));
}

void World::receipt(std::string_view fault, std::string_view text) {
    ++last_id_;
    if (options_.trace == TraceLevel::None) return;
    TraceEvent event;
    event.id = last_id_;
    event.cause = current_;
    event.at = now();
    event.kind = TraceKind::Fault;
    event.name = std::string(fault);
    event.text = std::string(text);
    trace_.add(std::move(event));
}

uint64_t World::begin_act(TraceKind kind, std::string_view name, std::string_view text) {
    return begin_cause(kind, 0, kNoProcess, kNoProcess, name, text);
}

// Processes.

ProcessId World::spawn(std::unique_ptr<node::Node> node, ProcessOptions options) {
    auto process = std::make_unique<Process>();
    process->id = static_cast<ProcessId>(processes_.size());
    process->node = std::move(node);
    process->options = std::move(options);
    process->started = now();
    network_.set_name(process->id, process->options.name);
    Errand errand;
    errand.kind = Errand::Kind::Start;
    errand.process = process->id;
    const Duration start_up = process->options.start_up;
    processes_.push_back(std::move(process));
    send_errand(std::move(errand), start_up);
    return static_cast<ProcessId>(processes_.size() - 1);
}

std::optional<ProcessId> World::find(std::string_view name) const {
    for (auto it = processes_.rbegin(); it != processes_.rend(); ++it) {
        if ((*it)->alive() && (*it)->options.name == name) return (*it)->id;
    }
    return std::nullopt;
}

void World::send_errand(Errand errand, Duration after) {
    errand.cause = current_;
    scheduler_.schedule(now() + after, kErrand, errands_.put(std::move(errand)).index);
}

void World::signal(ProcessId id, node::Signal signal) {
    Errand errand;
    errand.kind = signal == node::Signal::Interrupt ? Errand::Kind::Interrupt : Errand::Kind::Terminate;
    errand.process = id;
    if (signal == node::Signal::Interrupt) echo(*processes_[id], "^C");
    send_errand(std::move(errand), Duration{});
}

void World::kill(ProcessId id) {
    Process& process = *processes_[id];
    if (!process.alive()) return;
    begin_event(TraceKind::Signal, current_, &process, kNoProcess, "SIGKILL");
    end(process, kKilled);
}

std::vector<VirtualDisk::Loss> World::power_off(ProcessId id, const std::vector<std::string>& folders) {
    kill(id);
    std::vector<VirtualDisk::Loss> losses;
    for (const std::string& folder : folders) {
        std::vector<VirtualDisk::Loss> here = disk_.lose_unflushed(folder);
        losses.insert(losses.end(), here.begin(), here.end());
    }
    return losses;
}

Instant World::look_at_clock(const Process& process) {
    if (clocks_.empty()) return now();
    const auto found = clocks_.find(process.options.name);
    if (found == clocks_.end() || found->second.ahead == Duration{}) return now();
    ++found->second.looks;
    return now() + found->second.ahead;
}

uint64_t World::looks_at_clock(std::string_view process) const {
    const auto found = clocks_.find(process);
    return found == clocks_.end() ? 0 : found->second.looks;
}

void World::pause(ProcessId id) {
    Process& process = *processes_[id];
    if (process.state != ProcessState::Running) return;
    process.waited = 0;
    begin_event(TraceKind::Paused, current_, &process, kNoProcess, "SIGSTOP");
    process.state = ProcessState::Paused;
}

void World::resume(ProcessId id) {
    Process& process = *processes_[id];
    if (process.state != ProcessState::Paused) return;
    begin_event(TraceKind::Resumed, current_, &process, kNoProcess, "SIGCONT");
    process.state = ProcessState::Running;
    const std::vector<Event> backlog = std::exchange(process.backlog, {});
    for (const Event& event : backlog) {
        if (event.kind == kTimerEvent) {
            scheduler_.arm(scheduler_.timers().id_of(event.slot), now(),
                           current_);  // it goes off unless what came before disarms it
        } else {
            dispatch(event);
        }
    }
}

void World::echo(Process& process, std::string_view text) {
    if (process.options.terminal && process.alive()) process.stdout_text += text;
}

void World::type(ProcessId id, std::string line) {
    echo(*processes_[id], line + "\n");
    Errand errand;
    errand.kind = Errand::Kind::Input;
    errand.process = id;
    errand.text = std::move(line);
    if (processes_[id]->wants_input) {
        send_errand(std::move(errand), kKeystroke);
    } else {
        processes_[id]->unread.push_back(std::move(errand));
    }
}

void World::end_input(ProcessId id) {
    Errand errand;
    errand.kind = Errand::Kind::InputEnd;
    errand.process = id;
    if (processes_[id]->wants_input) {
        send_errand(std::move(errand), kKeystroke);
    } else {
        processes_[id]->unread.push_back(std::move(errand));
    }
}

// Dispatch.

void World::dispatch(const Event& event) {
    if (event.kind == kTimerEvent) {
        if (!postponed(static_cast<ProcessId>(scheduler_.timers().tag(event.slot) >> 32), event))
            dispatch_timer(event.slot);
    } else if (event.kind == kParcel) {
        const ProcessId to = network_.addressee(event.slot);
        if (to == kNobody || !postponed(to, event)) return dispatch_parcel(event.slot);
        network_.waits_at_paused_process(event.slot);
    } else {
        if (!postponed(errands_.at(event.slot).process, event)) dispatch_errand(event.slot);
    }
}

bool World::postponed(ProcessId id, const Event& event) {
    Process& process = *processes_[id];
    if (process.state != ProcessState::Paused) return false;
    process.backlog.push_back(event);
    ++process.waited;
    return true;
}

void World::dispatch_timer(uint32_t slot) {
    const uint64_t tag = scheduler_.timers().tag(slot);
    Process& process = *processes_[tag >> 32];
    const size_t place = tag & 0xffffffff;
    begin_event(TraceKind::Timer, scheduler_.timers().note(slot), &process, kNoProcess, "");
    const node::Tag node_tag = process.timer_tags[place];
    digest_.add((uint64_t{node_tag.component} << 16) | node_tag.kind);
    run_node(process, [&](node::Node& node, node::Env& env) {
        node.on_timer(env, static_cast<node::TimerId>(place + 1), node_tag);
    });
}

void World::dispatch_parcel(uint32_t slot) {
    auto arrival = network_.arrive(slot);
    if (!arrival) return;
    Process& process = *processes_[arrival->process];
    if (!process.alive()) return;
    Parcel& parcel = arrival->parcel;
    switch (parcel.kind) {
        case Parcel::Kind::Message: {
            begin_event(TraceKind::Message, parcel.cause, &process, arrival->peer,
                        protocol::name_of(parcel.message.body));
            uint64_t content = 0;
            protocol::hash_into(content, parcel.message.body);
            digest_.add(content);
            if (options_.trace == TraceLevel::Full)
                record(TraceKind::Message, process, "content", protocol::to_json_text(parcel.message.body));
            if (observer_ != nullptr) observer_->message_arrives(process, parcel.message.body);
            run_node(process, [&](node::Node& node, node::Env& env) {
                node.on_message(env, arrival->connection, arrival->tag, std::move(parcel.message));
            });
            break;
        }
        case Parcel::Kind::Accepted:
            begin_event(TraceKind::Connected, parcel.cause, &process, arrival->peer, "accepted");
            run_node(process, [&](node::Node& node, node::Env& env) {
                node.on_accepted(env, arrival->connection, arrival->port);
            });
            break;
        case Parcel::Kind::Connected:
            begin_event(TraceKind::Connected, parcel.cause, &process, arrival->peer, "connected");
            run_node(process, [&](node::Node& node, node::Env& env) {
                node.on_connected(env, arrival->connection, arrival->tag);
            });
            break;
        case Parcel::Kind::Refused:
        case Parcel::Kind::Close: {
            const bool refused = parcel.kind == Parcel::Kind::Refused;
            begin_event(TraceKind::Disconnected, parcel.cause, &process, arrival->peer, refused ? "refused" : "closed");
            const auto reason = refused ? node::CloseReason::Refused : node::CloseReason::Closed;
            run_node(process, [&](node::Node& node, node::Env& env) {
                node.on_disconnected(env, arrival->connection, arrival->tag, reason);
            });
            break;
        }
    }
}

void World::dispatch_errand(uint32_t slot) {
    Errand errand = errands_.take(slot);
    Process& process = *processes_[errand.process];
    if (process.alive()) hand_over(process, std::move(errand));
}

void World::hand_over(Process& process, Errand errand) {
    switch (errand.kind) {
        case Errand::Kind::Start:
            begin_event(TraceKind::Started, errand.cause, &process, kNoProcess, process.options.name);
            process.state = ProcessState::Running;
            run_node(process, [](node::Node& node, node::Env& env) { node.start(env); });
            break;
        case Errand::Kind::Input:
            begin_event(TraceKind::Input, errand.cause, &process, kNoProcess, "line", errand.text);
            digest_.add(errand.text);
            run_node(process, [&](node::Node& node, node::Env& env) { node.on_input(env, std::move(errand.text)); });
            break;
        case Errand::Kind::InputEnd:
            begin_event(TraceKind::Input, errand.cause, &process, kNoProcess, "end");
            run_node(process, [](node::Node& node, node::Env& env) { node.on_input_end(env); });
            break;
        case Errand::Kind::Interrupt:
        case Errand::Kind::Terminate: {
            const bool interrupt = errand.kind == Errand::Kind::Interrupt;
            begin_event(TraceKind::Signal, errand.cause, &process, kNoProcess, interrupt ? "SIGINT" : "SIGTERM");
            if (process.state == ProcessState::Loading) {
                end(process, interrupt ? 130 : 143);  // no handler is installed yet
                break;
            }
            const auto signal = interrupt ? node::Signal::Interrupt : node::Signal::Terminate;
            run_node(process, [signal](node::Node& node, node::Env& env) { node.on_signal(env, signal); });
            break;
        }
    }
}

/// What a process prints into a pipe is the next one's input.
void World::deliver_output(Process& process) {
    for (size_t end = process.stdout_text.find('\n'); end != std::string::npos; end = process.stdout_text.find('\n')) {
        type(*process.options.output_to, process.stdout_text.substr(0, end));
        process.stdout_text.erase(0, end + 1);
    }
}

void World::end(Process& process, int exit_code) {
    process.state = ProcessState::Ended;
    process.exit_code = exit_code;
    process.ended = now();
    process.node.reset();
    for (const Event& event : process.backlog) {
        if (event.kind == kParcel) network_.arrive(event.slot);
        if (event.kind == kErrand) errands_.take(event.slot);
    }
    process.backlog.clear();
    for (const TimerId timer : process.timers) scheduler_.destroy_timer(timer);
    process.timers.clear();
    process.timer_tags.clear();
    process.free_timers.clear();
    process.unread.clear();
    if (process.options.output_to) {
        if (!process.stdout_text.empty()) type(*process.options.output_to, std::exchange(process.stdout_text, {}));
        end_input(*process.options.output_to);
    }
    if (process.options.output_file) {
        const std::string before =
            process.options.append_output ? disk_.read_text(*process.options.output_file).value_or("") : "";
        disk_.write_text(*process.options.output_file, before + std::exchange(process.stdout_text, {}));
    }
    digest_.add(static_cast<uint64_t>(exit_code));
    if (options_.trace != TraceLevel::None)
        record(TraceKind::Ended, process, process.options.name, std::to_string(exit_code));
    network_.process_ended(process.id, current_);
}

}  // namespace kafkasim::sim
