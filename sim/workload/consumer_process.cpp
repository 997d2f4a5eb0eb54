// SPDX-License-Identifier: Apache-2.0
// A consumer of a workload: poll, process what came, commit, again. What poll() throws ends it, as it ends a program
// that does not catch; a commit that fails is told, and the records come again to whoever owns the partitions then.
#include <fmt/format.h>

#include "core/protocol/message.hpp"
#include "core/tools/consumer_tool.hpp"
#include "sim/workload/client.hpp"

namespace kafkasim::sim::workload {

namespace {

using history::MembershipKind;
using tools::Task;

class ConsumerProcess final : public tools::ConsumerTool, public Idler {
public:
    ConsumerProcess(const ConsumerSet& set, Life life) : ConsumerTool({life.name}), set_(set), life_(std::move(life)) {}

private:
    static constexpr uint16_t kOwnComponent = 2;

    Task<int> run() override;
    Task<int> poll();
    Task<int> commit();
    Task<int> sleep(Duration time);
    /// The exit code if it cannot be made.
    std::optional<int> create();
    std::optional<int> subscribe();
    bool commits_itself() const { return set_.commit == CommitMode::Sync || set_.commit == CommitMode::Async; }

    // What the consumer tells, into the history.
    void take_events() override;
    void take(const client::PolledRecords& polled);
    void take(const client::CommitCompleted& completed);
    void take(MembershipKind kind, const std::vector<TopicPartition>& partitions);
    void begin_commit(uint64_t number, bool sync, const client::OffsetsToCommit& offsets);
    history::Partition partition_of(const TopicPartition& tp) const {
        return {life_.book->topics.number(tp.topic.view()), tp.partition};
    }

    void own_timer() override { asleep_ = false; }
    bool poll_answered() const override { return polled_; }
    bool close_answered() const override { return closed_; }

    struct OpenCommit {
        uint64_t number = 0;  // the consumer's
        size_t place = 0;     // in the history
    };

    ConsumerSet set_;
    Life life_;
    node::TimerId timer_ = node::TimerId::None;
    bool asleep_ = false;
    bool polled_ = false;   // the poll has been answered
    size_t records_ = 0;    // that it returned
    uint64_t awaited_ = 0;  // the commitSync that is waited for
    bool closed_ = false;
    std::optional<std::string> thrown_;
    std::vector<OpenCommit> open_commits_;
};

Task<int> ConsumerProcess::run() {
    if (auto code = create()) co_return *code;
    if (auto code = subscribe()) co_return *code;
    while (!signal()) {
        co_await sleep(take_hang());
        if (signal()) break;
        co_await poll();
        if (thrown_) break;
        if (records_ == 0) continue;
        co_await sleep(set_.processing * static_cast<int64_t>(records_));
        if (commits_itself()) co_await commit();
    }
    take(MembershipKind::Closing, {});
    co_await close_consumer();
    take(MembershipKind::Closed, {});
    co_return thrown_ ? uncaught(*thrown_) : 0;
}

std::optional<int> ConsumerProcess::create() {
    const client::ClientProperties properties = properties_of(set_, life_.name, life_.bootstrap_servers);
    const auto exception = start_consumer(properties, {.listens = true, .commits_on_revoke = commits_itself()});
    if (exception) return uncaught(*exception);
    timer_ = env().new_timer({kOwnComponent, 0, 0, 0});
    return std::nullopt;
}

std::optional<int> ConsumerProcess::subscribe() {
    if (set_.pattern.empty()) {
        std::set<TopicName> topics;
        for (const std::string& topic : set_.topics) topics.emplace(topic);
        own_consumer().subscribe(env(), topics);
    } else {
        auto compiled = java::Pattern::compile(set_.pattern);
        if (const auto* failure = std::get_if<java::PatternFailure>(&compiled)) return uncaught(failure->message());
        own_consumer().subscribe(env(), std::get<java::Pattern>(compiled));
    }
    take(MembershipKind::Subscribed, {});
    return std::nullopt;
}

Task<int> ConsumerProcess::poll() {
    polled_ = false;
    records_ = 0;
    co_await await_poll(set_.poll);
    co_return 0;
}

Task<int> ConsumerProcess::commit() {
    const client::OffsetsToCommit offsets = own_consumer().consumed();
    if (offsets.empty()) co_return 0;
    const bool sync = set_.commit == CommitMode::Sync;
    const uint64_t number = sync ? own_consumer().commit_sync(env(), offsets, events())
                                 : own_consumer().commit_async(env(), offsets, events());
    begin_commit(number, sync, offsets);
    if (sync) awaited_ = number;
    take_events();
    while (awaited_ != 0) co_await next_event();
    co_return 0;
}

Task<int> ConsumerProcess::sleep(Duration time) {
    if (time <= Duration::zero()) co_return 0;
    asleep_ = true;
    env().arm(timer_, time);
    while (asleep_ && !signal()) co_await next_event();
    co_return 0;
}

void ConsumerProcess::take_events() {
    for (const client::ConsumerEvent& event : std::exchange(events(), {})) {
        if (const auto* polled = std::get_if<client::PolledRecords>(&event)) {
            polled_ = true;
            take(*polled);
        } else if (const auto* failed = std::get_if<client::ConsumerFailed>(&event)) {
            polled_ = true;
            thrown_ = failed->exception + (failed->message.empty() ? "" : ": " + failed->message);
            life_.history->threw.push_back(
                {life_.book->next_order(), env().now(), life_.book->errors.number(*thrown_)});
        } else if (const auto* assigned = std::get_if<client::PartitionsAssigned>(&event)) {
            ++life_.history->rebalances;
            take(MembershipKind::Assigned, assigned->partitions);
        } else if (const auto* revoked = std::get_if<client::PartitionsRevoked>(&event)) {
            take(MembershipKind::Revoked, revoked->partitions);
        } else if (const auto* lost = std::get_if<client::PartitionsLost>(&event)) {
            take(MembershipKind::Lost, lost->partitions);
        } else if (const auto* completed = std::get_if<client::CommitCompleted>(&event)) {
            take(*completed);
        } else {
            closed_ = true;
        }
    }
}

void ConsumerProcess::take(const client::PolledRecords& polled) {
    records_ = polled.records.size();
    history::History& history = *life_.history;
    history.read += records_;
    if (!history.keeps) return;
    const TopicPartition* from = nullptr;
    for (const client::ConsumerRecord& record : polled.records) {
        if (from == nullptr || !(*from == record.tp)) {
            from = &record.tp;
            history.polls.push_back({life_.book->next_order(), env().now(), partition_of(record.tp),
                                     static_cast<uint32_t>(history.records.size()), 0});
        }
        ++history.polls.back().count;
        const auto& value = record.record().value;
        history.records.push_back({record.offset, value ? life_.book->read_value(*value) : history::Value{}});
    }
}

void ConsumerProcess::take(MembershipKind kind, const std::vector<TopicPartition>& partitions) {
    history::History& history = *life_.history;
    if (!history.keeps) return;
    const client::Generation& generation = own_consumer().member().generation();
    history::Membership membership{life_.book->next_order(), env().now(), kind, generation.id,
                                   generation.member_id,     {}};
    for (const TopicPartition& tp : partitions) membership.partitions.push_back(partition_of(tp));
    history.membership.push_back(std::move(membership));
}

void ConsumerProcess::begin_commit(uint64_t number, bool sync, const client::OffsetsToCommit& offsets) {
    history::History& history = *life_.history;
    if (!history.keeps) return;
    history::Commit commit;
    commit.order = life_.book->next_order();
    commit.sync = sync;
    commit.asked = env().now();
    commit.generation = own_consumer().member().generation().id;
    commit.member_id = own_consumer().member().generation().member_id;
    for (const auto& [tp, offset] : offsets) commit.offsets.emplace_back(partition_of(tp), offset.offset);
    open_commits_.push_back({number, history.commits.size()});
    history.commits.push_back(std::move(commit));
}

void ConsumerProcess::take(const client::CommitCompleted& completed) {
    if (completed.commit == awaited_) awaited_ = 0;
    for (size_t i = 0; i < open_commits_.size(); ++i) {
        if (open_commits_[i].number != completed.commit) continue;
        history::Commit& commit = life_.history->commits[open_commits_[i].place];
        commit.completed = env().now();
        commit.outcome = completed.failure ? history::Outcome::Failed : history::Outcome::Acknowledged;
        if (completed.failure)
            commit.error = life_.book->errors.number(completed.failure->exception + ": " + completed.failure->message);
        open_commits_.erase(open_commits_.begin() + static_cast<ptrdiff_t>(i));
        return;
    }
}

}  // namespace

client::ClientProperties properties_of(const ConsumerSet& set, const std::string& name, const std::string& servers) {
    client::ClientProperties properties{{"bootstrap.servers", servers},
                                        {"client.id", name},
                                        {"group.id", set.group},
                                        {"auto.offset.reset", "earliest"},
                                        {"enable.auto.commit", set.commit == CommitMode::Auto ? "true" : "false"}};
    if (set.is_static) properties["group.instance.id"] = name;
    for (const auto& [key, value] : set.config) properties[key] = value;
    return properties;
}

Client make_consumer(const ConsumerSet& set, Life life) {
    auto process = std::make_unique<ConsumerProcess>(set, std::move(life));
    Idler* idler = process.get();
    return {std::move(process), idler};
}

}  // namespace kafkasim::sim::workload
