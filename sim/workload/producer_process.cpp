// SPDX-License-Identifier: Apache-2.0
// A producer of a workload. Its n-th record is due n intervals after the first; a send that comes late, because the one
// before was blocked or the program hung, is not made up for.
#include <fmt/format.h>

#include "core/tools/producer_tool.hpp"
#include "sim/workload/client.hpp"
#include "sim/workload/key_picker.hpp"

namespace kafkasim::sim::workload {

namespace {

using tools::Task;

class ProducerProcess final : public tools::ProducerTool, public Idler {
public:
    ProducerProcess(const ProducerSet& set, Life life)
        : ProducerTool({life.name}), set_(set), keys_(set.keys), life_(std::move(life)) {}

private:
    static constexpr uint16_t kOwnComponent = 2;

    Task<int> run() override;
    Task<int> send();
    Task<int> sleep_until(Instant time);
    std::string value_of(uint32_t number) const;
    void answered(uint64_t record, history::Outcome outcome, const TopicPartition* to, int64_t offset,
                  const std::string& error);
    void take_events() override;
    void own_timer() override { asleep_ = false; }
    bool has_shutdown_hook() const override { return producing_; }

    ProducerSet set_;
    KeyPicker keys_;
    Life life_;
    size_t next_topic_ = 0;
    uint64_t awaited_ = 0;  // the record that send() waits for
    bool accepted_ = false;
    bool asleep_ = false;
    bool producing_ = false;
    bool closed_ = false;
    node::TimerId timer_ = node::TimerId::None;
};

Task<int> ProducerProcess::run() {
    const auto exception = start_producer(properties_of(set_, life_.name, life_.bootstrap_servers));
    if (exception) {
        if (auto code = refused(life_.name, *exception)) co_return *code;
        co_return uncaught(*exception);
    }
    life_.history->exactly_once_sends = producer().config().enable_idempotence && producer().config().acks == -1;
    producing_ = true;
    timer_ = env().new_timer({kOwnComponent, 0, 0, 0});
    const Duration interval{Duration(1s).count() / set_.rate};
    // Programs that are started together do not send in step.
    Instant due =
        env().now() +
        Duration{static_cast<int64_t>(env().chance().below(node::Stream::Workload, uint64_t(interval.count())))};
    while (!signal()) {
        co_await sleep_until(std::max(due, env().now() + take_hang()));
        if (signal()) break;
        due = std::max(due + interval, env().now());
        co_await send();
    }
    producer().close(env(), events());
    take_events();
    while (!closed_) co_await next_event();
    co_return 0;
}

/// KafkaProducer.send: waits until the record is in a batch, or was refused.
Task<int> ProducerProcess::send() {
    history::History& history = *life_.history;
    const auto number = static_cast<uint32_t>(life_.values_before + ++history.sent);
    client::ProducerRecord record;
    const std::string& topic = set_.topics[next_topic_++ % set_.topics.size()];
    record.topic = TopicName(topic);
    record.key = keys_.next(env().chance());
    record.value = value_of(number);
    if (history.keeps) {
        history::Send send;
        send.value = {life_.book->producers.number(life_.name), number};
        send.to.topic = life_.book->topics.number(topic);
        send.asked = env().now();
        history.sends.push_back(send);
    }
    accepted_ = false;
    awaited_ = history.sent;  // the producer numbers its records from 1, too
    producer().send(env(), std::move(record), events());
    take_events();
    while (!accepted_ && !signal()) co_await next_event();
    co_return 0;
}

Task<int> ProducerProcess::sleep_until(Instant time) {
    if (time <= env().now()) co_return 0;
    asleep_ = true;
    env().arm(timer_, time - env().now());
    while (asleep_ && !signal()) co_await next_event();
    co_return 0;
}

std::string ProducerProcess::value_of(uint32_t number) const {
    std::string value = fmt::format("{}:{}", life_.name, number);
    if (value.size() < static_cast<size_t>(set_.value_bytes)) value.resize(static_cast<size_t>(set_.value_bytes), '.');
    return value;
}

void ProducerProcess::answered(uint64_t record, history::Outcome outcome, const TopicPartition* to, int64_t offset,
                               const std::string& error) {
    history::History& history = *life_.history;
    ++(outcome == history::Outcome::Acknowledged ? history.acknowledged : history.failed);
    if (!history.keeps) return;
    history::Send& send = history.sends[record - 1];
    send.outcome = outcome;
    send.answered = env().now();
    send.offset = offset;
    if (to != nullptr) send.to.partition = to->partition;
    if (outcome == history::Outcome::Failed) send.error = life_.book->errors.number(error);
}

void ProducerProcess::take_events() {
    for (const client::ProducerEvent& event : std::exchange(events(), {})) {
        if (const auto* accepted = std::get_if<client::RecordAccepted>(&event)) {
            accepted_ = accepted_ || accepted->record == awaited_;
        } else if (const auto* delivered = std::get_if<client::RecordDelivered>(&event)) {
            answered(delivered->record, history::Outcome::Acknowledged, &delivered->tp, delivered->offset, "");
        } else if (const auto* failed = std::get_if<client::RecordFailed>(&event)) {
            accepted_ = accepted_ || failed->record == awaited_;
            answered(failed->record, history::Outcome::Failed, nullptr, -1,
                     failed->exception + (failed->message.empty() ? "" : ": " + failed->message));
        } else if (const auto* threw = std::get_if<client::SendThrew>(&event)) {
            accepted_ = accepted_ || threw->record == awaited_;
            answered(threw->record, history::Outcome::Failed, nullptr, -1,
                     threw->failure.exception + ": " + threw->failure.message);
        } else {
            closed_ = true;
        }
    }
}

}  // namespace

client::ClientProperties properties_of(const ProducerSet& set, const std::string& name, const std::string& servers) {
    client::ClientProperties properties{{"bootstrap.servers", servers}, {"client.id", name}};
    for (const auto& [key, value] : set.config) properties[key] = value;
    return properties;
}

Client make_producer(const ProducerSet& set, Life life) {
    auto process = std::make_unique<ProducerProcess>(set, std::move(life));
    Idler* idler = process.get();
    return {std::move(process), idler};
}

}  // namespace kafkasim::sim::workload
