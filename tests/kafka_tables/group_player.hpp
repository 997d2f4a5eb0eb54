// SPDX-License-Identifier: Apache-2.0
#pragma once
// Plays the blocks of group_script.hpp on a group coordinator in a fake broker, set up as Kafka's GroupCoordinatorTest
// sets it up: two partitions of __consumer_offsets, of which it leads the one of "groupId"; a clock that moves only by
// `advance` and then jumps, as Kafka's MockTimer does. A member is named by its JoinGroup: `a` is the id that
// `join a` was answered, `unknown` the empty id, 'x' just x; @i is the instance id i.
//
//   join A [as=M] [instance=] [protocols=] [session=] [rebalance=] [require_id]   sends; `answer A ->` looks later
//   dynamic_join A, static_join A [advance=]     Kafka's helpers: join (again with the id), then 51 ms go by
//   sync A [as=M] [generation=] [assign=M:bytes,...], heartbeat M, leave M@i ..., commit foo-0=7, fetch foo-0 | all
//   describe, list [states=], delete G ..., delete_offsets foo-0 ...; to=G names another group everywhere
//   group -> what the coordinator has of it;  wrote -> the records of its last append;  differ A B;  logged 'text'
//   advance N, cleanup (the expiry of offsets), appends ERROR | later | now
//   set STATE, forget M, plant M                 puts a group into a state that only a test can
//   record ..., begin_loading, elected, resigned, own

#include <set>

#include "core/group/offset_records.hpp"
#include "tests/group/fake_group_host.hpp"
#include "tests/kafka_tables/group_script.hpp"

namespace kafkasim::test {

inline std::string name_of_error(ErrorCode error) { return std::string(kafkasim::name(error)); }

/// What a step has seen: words in order, and lists by name.
struct Seen {
    std::vector<std::string> words;
    std::map<std::string, std::vector<std::string>> facts;

    void fact(const std::string& key, const std::string& value) { facts[key] = {value}; }
    void count(const std::string& key, size_t value) { facts[key] = {std::to_string(value)}; }
};

class GroupPlayer {
public:
    explicit GroupPlayer(const Script& script);
    void play(const Block& block) {
        for (const std::string& step : block.steps) play_step(step);
    }

private:
    using Verb = void (GroupPlayer::*)(const Step&);
    static const std::map<std::string, Verb>& verbs();

    void play_step(const std::string& text);
    void play_fixture(const Step& step);
    void repeat(const std::string& text);

    // Words of the script
    std::string member(const std::string& word) const;
    std::string group_of(const Step& step) const { return plain(step.option("to", "groupId")); }
    int32_t partition_of(const Step& step) const {
        return host_.coordinator.partition_for(step.words.empty() ? group_of(step) : plain(step.words.front()));
    }
    static std::string plain(const std::string& word) {
        return word.size() >= 2 && word.front() == '\'' && word.back() == '\'' ? word.substr(1, word.size() - 2) : word;
    }
    static TopicPartition partition(const std::string& word) {
        const size_t dash = word.rfind('-');
        return {TopicName(word.substr(0, dash)), std::stoi(word.substr(dash + 1))};
    }
    std::optional<std::string> instance(const Step& step) const {
        auto found = step.options.find("instance");
        return found == step.options.end() ? std::nullopt : std::optional(found->second);
    }
    group::Protocols protocols(const Step& step) const;
    int32_t generation(const Step& step, const std::string& name) const;
    group::GroupMetadata& metadata(const std::string& group_id) {
        return const_cast<group::GroupMetadata&>(*host_.coordinator.find(group_id));
    }
    template <typename T>
    const T& last_answer(const Step& step) const {
        const T* answer = host_.response<T>(host_.correlation);
        if (answer == nullptr) throw ScriptFailure{step.text + ": not answered"};
        return *answer;
    }

    // Checks
    void check(const Step& step, const Seen& seen) const;
    std::vector<std::string> list_of(const std::string& key, const std::string& text) const;
    Seen seen_of_join(const std::string& name) const;
    Seen seen_of_sync(const std::string& name) const;
    Seen seen_of_group(const std::string& group_id) const;

    // Verbs
    void send_join(const Step& step, const std::string& member_id, bool require_id);
    void join(const Step& step);
    void dynamic_join(const Step& step);
    void static_join(const Step& step);
    void answer(const Step& step) { check(step, seen_of_join(step.words.at(0))); }
    void sync(const Step& step);
    void answer_sync(const Step& step) { check(step, seen_of_sync(step.words.at(0))); }
    void heartbeat(const Step& step);
    void leave(const Step& step);
    void commit(const Step& step);
    void answer_commit(const Step& step) const;
    void answer_commit_step(const Step& step) { answer_commit(step); }
    void fetch(const Step& step);
    void describe(const Step& step);
    void list(const Step& step);
    void delete_groups(const Step& step);
    void delete_offsets(const Step& step);
    void group(const Step& step) {
        check(step, seen_of_group(step.words.empty() ? group_of(step) : plain(step.words[0])));
    }
    void wrote(const Step& step);
    void differ(const Step& step);
    void logged(const Step& step);
    void advance_step(const Step& step) { advance(std::stoll(step.words.at(0))); }
    void advance(int64_t ms);
    void cleanup(const Step& step);
    void appends(const Step& step);
    void set(const Step& step) { metadata(group_of(step)).state = state_of(step.words.at(0)); }
    void forget(const Step& step) { metadata(group_of(step)).remove(member(step.words.at(0))); }
    void plant(const Step& step);
    void config(const Step& step);
    void record(const Step& step);
    void begin_loading(const Step& step);
    void elected(const Step& step);
    void resigned(const Step& step);
    void shut_down(const Step&) { host_.coordinator.shutdown(host_); }
    static group::State state_of(const std::string& word);
    static ErrorCode error_of(const std::string& word);

    const Script& script_;
    FakeGroupHost host_{50};
    node::TimerId cleanup_timer_ = node::TimerId::None;
    std::map<std::string, int32_t> joins_;  // correlation ids by name
    std::map<std::string, int32_t> syncs_;
    int32_t last_commit_ = 0;
};

inline std::vector<std::string> GroupPlayer::list_of(const std::string& key, const std::string& text) const {
    static const std::set<std::string> kOfMembers{"leader", "id", "members", "dynamic", "awaiting"};
    std::vector<std::string> list;
    for (const std::string& each : split_at(text, ','))
        if (each != "none") list.push_back(kOfMembers.contains(key) ? member(each) : plain(each));
    std::sort(list.begin(), list.end());
    return list;
}

inline void GroupPlayer::check(const Step& step, const Seen& seen) const {
    const auto text_of = [](const std::vector<std::string>& list) {
        std::string text;
        for (const std::string& each : list) text += (text.empty() ? "" : ",") + each;
        return text;
    };
    if (!step.checks) return;
    if (step.expected_words.empty() && step.expected.empty()) throw ScriptFailure{step.text + ": checks nothing"};
    for (size_t i = 0; i < step.expected_words.size(); ++i) {
        const std::string actual = i < seen.words.size() ? seen.words[i] : "nothing";
        if (actual != step.expected_words[i]) throw ScriptFailure{step.text + ": is " + actual};
    }
    for (const auto& [key, value] : step.expected) {
        auto found = seen.facts.find(key);
        if (found == seen.facts.end()) throw ScriptFailure{step.text + ": has no " + key};
        std::vector<std::string> actual = found->second;
        std::erase(actual, "");
        std::sort(actual.begin(), actual.end());
        if (actual != list_of(key, value)) throw ScriptFailure{step.text + ": " + key + " is " + text_of(actual)};
    }
}

inline Seen GroupPlayer::seen_of_join(const std::string& name) const {
    Seen seen;
    if (!joins_.contains(name)) throw ScriptFailure{"nobody joins as " + name};
    const auto* reply = host_.response<protocol::JoinGroupResponse>(joins_.at(name));
    if (reply == nullptr) {
        seen.words = {"waits"};
        return seen;
    }
    seen.words = {name_of_error(reply->error_code)};
    seen.fact("generation", std::to_string(reply->generation_id));
    seen.fact("type", reply->protocol_type.value_or(""));
    seen.fact("protocol", reply->protocol_name.value_or(""));
    seen.fact("leader", reply->leader);
    seen.fact("id", reply->member_id);
    seen.count("size", reply->members.size());
    auto& instances = seen.facts["instances"];
    auto& members = seen.facts["members"];
    for (const auto& each : reply->members) {
        instances.push_back(each.group_instance_id.value_or(""));
        members.push_back(each.member_id);
    }
    return seen;
}

inline Seen GroupPlayer::seen_of_sync(const std::string& name) const {
    Seen seen;
    if (!syncs_.contains(name)) throw ScriptFailure{"nobody syncs as " + name};
    const auto* reply = host_.response<protocol::SyncGroupResponse>(syncs_.at(name));
    if (reply == nullptr) {
        seen.words = {"waits"};
        return seen;
    }
    seen.words = {name_of_error(reply->error_code)};
    seen.fact("type", reply->protocol_type.value_or(""));
    seen.fact("protocol", reply->protocol_name.value_or(""));
    seen.fact("assignment", reply->assignment);
    return seen;
}

inline Seen GroupPlayer::seen_of_group(const std::string& group_id) const {
    Seen seen;
    const group::GroupMetadata* found = host_.coordinator.find(group_id);
    if (found == nullptr) {
        seen.words = {"none"};
        return seen;
    }
    seen.words = {std::string(name_of(found->state))};
    seen.fact("generation", std::to_string(found->generation_id));
    seen.fact("type", found->protocol_type.value_or(""));
    seen.fact("protocol", found->protocol_name.value_or(""));
    seen.fact("leader", found->leader_id.value_or(""));
    seen.count("size", found->members.size());
    seen.count("pending", found->pending_members.size());
    seen.count("offsets", found->offsets.size());
    seen.fact("has_offsets", found->has_offsets() ? "yes" : "no");
    size_t awaiting_sync = 0;
    for (const auto& [id, each] : found->members) awaiting_sync += each.awaiting_sync ? 1U : 0U;
    seen.count("awaiting_join", found->awaiting_join());
    seen.count("awaiting_sync", awaiting_sync);
    size_t fresh = 0;
    std::set<std::string> fixed;
    for (const auto& [instance, id] : found->static_members) {
        seen.facts["static"].push_back(instance);
        fixed.insert(id);
    }
    seen.facts.try_emplace("static");
    seen.facts.try_emplace("dynamic");
    for (const auto& [id, each] : found->members) {
        fresh += each.is_new ? 1U : 0U;
        seen.facts["members"].push_back(id);
        if (!fixed.contains(id)) seen.facts["dynamic"].push_back(id);
    }
    seen.facts.try_emplace("members");
    seen.count("new", fresh);
    seen.fact("subscribed", found->subscribed_topics ? "" : "unknown");
    if (found->subscribed_topics)
        seen.facts["subscribed"].assign(found->subscribed_topics->begin(), found->subscribed_topics->end());
    for (const auto& [tp, committed] : found->offsets) {
        seen.fact(to_string(tp), std::to_string(committed.value.offset));
        seen.fact(to_string(tp) + ".expires", committed.value.expire_timestamp_ms ? "yes" : "no");
    }
    return seen;
}

}  // namespace kafkasim::test
