// SPDX-License-Identifier: Apache-2.0
//
// Kafka's GroupCoordinatorTest and GroupMetadataManagerTest: the blocks of group_coordinator/*.txt, each by its name.
#include "tests/kafka_tables/group_player.hpp"
#include "tests/support/data_file.hpp"

namespace kafkasim::test {

namespace {

const char* const kFiles[] = {"joining", "static_members", "sessions", "syncing",
                              "offsets", "leaving",        "admin",    "storage"};

Script read_all() {
    Script script;
    for (const char* file : kFiles)
        read_script(project_file("tests/kafka_tables/group_coordinator/" + std::string(file) + ".txt"), script);
    return script;
}

std::string failure_of(const Script& script, const Block& block) {
    try {
        GroupPlayer(script).play(block);
    } catch (const ScriptFailure& failure) {
        return failure.text;
    } catch (const std::exception& exception) {  // a number that is none, a word that is missing
        return exception.what();
    }
    return "";
}

}  // namespace

GroupPlayer::GroupPlayer(const Script& script) : script_(script) {
    host_.coordinator.shutdown(host_);
    host_.settings.offsets_retention_check_interval_ms = int64_t{100} * 365 * 86'400'000;  // only when a test says so
    host_.settings.group_min_session_timeout_ms = 10;
    host_.settings.group_max_session_timeout_ms = 600'000;
    host_.settings.group_max_size = 4;
    host_.coordinator.startup(host_, 2);
    cleanup_timer_ = host_.world.timers.begin()->first;
    elected(parse_step("elected groupId epoch=0"));
    host_.world.log_lines.clear();
}

const std::map<std::string, GroupPlayer::Verb>& GroupPlayer::verbs() {
    static const std::map<std::string, Verb> table{
        {"join", &GroupPlayer::join},
        {"dynamic_join", &GroupPlayer::dynamic_join},
        {"static_join", &GroupPlayer::static_join},
        {"answer", &GroupPlayer::answer},
        {"sync", &GroupPlayer::sync},
        {"answer_sync", &GroupPlayer::answer_sync},
        {"heartbeat", &GroupPlayer::heartbeat},
        {"leave", &GroupPlayer::leave},
        {"commit", &GroupPlayer::commit},
        {"answer_commit", &GroupPlayer::answer_commit_step},
        {"fetch", &GroupPlayer::fetch},
        {"describe", &GroupPlayer::describe},
        {"list", &GroupPlayer::list},
        {"delete", &GroupPlayer::delete_groups},
        {"delete_offsets", &GroupPlayer::delete_offsets},
        {"group", &GroupPlayer::group},
        {"wrote", &GroupPlayer::wrote},
        {"differ", &GroupPlayer::differ},
        {"logged", &GroupPlayer::logged},
        {"not_logged", &GroupPlayer::logged},
        {"advance", &GroupPlayer::advance_step},
        {"cleanup", &GroupPlayer::cleanup},
        {"appends", &GroupPlayer::appends},
        {"set", &GroupPlayer::set},
        {"forget", &GroupPlayer::forget},
        {"plant", &GroupPlayer::plant},
        {"config", &GroupPlayer::config},
        {"record", &GroupPlayer::record},
        {"begin_loading", &GroupPlayer::begin_loading},
        {"elected", &GroupPlayer::elected},
        {"resigned", &GroupPlayer::resigned},
        {"shut_down", &GroupPlayer::shut_down},
        {"use", &GroupPlayer::play_fixture},
    };
    return table;
}

void GroupPlayer::play_step(const std::string& text) {
    if (text.starts_with("repeat ")) return repeat(text);
    const Step step = parse_step(text);
    auto verb = verbs().find(step.verb);
    if (verb == verbs().end()) throw ScriptFailure{"unknown verb: " + text};
    (this->*verb->second)(step);
}

void GroupPlayer::play_fixture(const Step& step) {
    auto fixture = script_.fixtures.find(step.words.at(0));
    if (fixture == script_.fixtures.end()) throw ScriptFailure{"unknown fixture: " + step.text};
    auto values = fixture->second.defaults;
    for (const auto& [key, value] : step.options) values[key] = value;
    for (const std::string& each : fixture->second.steps) play_step(with_values(each, values));
}

void GroupPlayer::repeat(const std::string& text) {
    const size_t count_end = text.find(' ', 7);
    for (int i = std::stoi(text.substr(7)); i > 0; --i) {
        for (const std::string& each : split_at(text.substr(count_end), ';')) play_step(each);
    }
}

std::string GroupPlayer::member(const std::string& word) const {
    if (word == "unknown") return "";
    if (word.front() == '\'') return plain(word);
    auto name = joins_.find(word);
    const auto* reply = name == joins_.end() ? nullptr : host_.response<protocol::JoinGroupResponse>(name->second);
    if (reply == nullptr) throw ScriptFailure{"nobody has joined as " + word};
    return reply->member_id;
}

group::Protocols GroupPlayer::protocols(const Step& step) const {
    group::Protocols made;
    std::string subscription;
    if (step.options.contains("subscribes")) {
        protocol::ConsumerProtocolSubscription topics;
        for (const std::string& topic : split_at(step.options.at("subscribes"), ',')) topics.topics.push_back(topic);
        subscription = protocol::encode(topics);
    }
    for (const std::string& name : split_at(step.option("protocols", "range"), ','))
        if (name != "none") made.push_back({name, subscription});
    return made;
}

int32_t GroupPlayer::generation(const Step& step, const std::string& name) const {
    if (step.options.contains("generation")) return std::stoi(step.options.at("generation"));
    auto join = joins_.find(name);
    const auto* reply = join == joins_.end() ? nullptr : host_.response<protocol::JoinGroupResponse>(join->second);
    if (reply == nullptr) throw ScriptFailure{step.text + ": no generation"};
    return reply->generation_id;
}

void GroupPlayer::send_join(const Step& step, const std::string& member_id, bool require_id) {
    protocol::JoinGroupRequest request;
    request.group_id = group_of(step);
    request.session_timeout_ms = step.number("session", 500);
    request.rebalance_timeout_ms = step.number("rebalance", 500);
    request.member_id = member_id;
    request.group_instance_id = instance(step);
    request.protocol_type = plain(step.option("type", "consumer"));
    request.protocols = protocols(step);
    host_.coordinator.handle_join_group(
        host_, host_.context("clientId"), std::move(request),
        require_id ? group::GroupCoordinator::MemberIds::Required : group::GroupCoordinator::MemberIds::GivenAtOnce);
    joins_[step.words.at(0)] = host_.correlation;
}

void GroupPlayer::join(const Step& step) {
    send_join(step, member(step.option("as", "unknown")), step.says("require_id"));
    check(step, seen_of_join(step.words.at(0)));
}

void GroupPlayer::dynamic_join(const Step& step) {
    const std::string id = member(step.option("as", "unknown"));
    send_join(step, id, true);
    if (id.empty()) {
        if (seen_of_join(step.words.at(0)).words != std::vector<std::string>{"MEMBER_ID_REQUIRED"})
            return check(step, seen_of_join(step.words.at(0)));
        send_join(step, member(step.words.at(0)), true);
    }
    advance(51);
    check(step, seen_of_join(step.words.at(0)));
}

void GroupPlayer::static_join(const Step& step) {
    send_join(step, member(step.option("as", "unknown")), false);
    advance(step.number("advance", 51));
    check(step, seen_of_join(step.words.at(0)));
}

void GroupPlayer::sync(const Step& step) {
    const std::string& name = step.words.at(0);
    protocol::SyncGroupRequest request;
    request.group_id = group_of(step);
    request.generation_id = generation(step, name);
    request.member_id = member(step.option("as", name));
    request.group_instance_id = instance(step);
    if (step.options.contains("type")) request.protocol_type = step.options.at("type");
    if (step.options.contains("protocol")) request.protocol_name = step.options.at("protocol");
    for (const std::string& each : split_at(step.option("assign", ""), ',')) {
        const size_t colon = each.find(':');
        request.assignments.push_back({member(each.substr(0, colon)), each.substr(colon + 1)});
    }
    host_.coordinator.handle_sync_group(host_, host_.context(), std::move(request));
    syncs_[name] = host_.correlation;
    check(step, seen_of_sync(name));
}

void GroupPlayer::heartbeat(const Step& step) {
    const std::string& name = step.words.at(0);
    host_.coordinator.handle_heartbeat(host_, host_.context(),
                                       {group_of(step), generation(step, name), member(name), instance(step)});
    check(step, {{name_of_error(last_answer<protocol::HeartbeatResponse>(step).error_code)}, {}});
}

void GroupPlayer::leave(const Step& step) {
    protocol::LeaveGroupRequest request;
    request.group_id = group_of(step);
    for (const std::string& word : step.words) {
        const size_t at = word.find('@');
        auto& leaving = request.members.emplace_back();
        if (at != 0) leaving.member_id = member(word.substr(0, at));
        if (at != std::string::npos) leaving.group_instance_id = word.substr(at + 1);
    }
    host_.coordinator.handle_leave_group(host_, host_.context(), std::move(request));
    const auto& reply = last_answer<protocol::LeaveGroupResponse>(step);
    Seen seen{{name_of_error(reply.error_code)}, {}};
    for (const auto& each : reply.members) seen.words.push_back(name_of_error(each.error_code));
    check(step, seen);
}

void GroupPlayer::commit(const Step& step) {
    static const std::set<std::string> kNotOffsets{"as", "generation", "instance", "to"};
    protocol::OffsetCommitRequest request;
    request.group_id = group_of(step);
    const std::string as = step.option("as", "unknown");
    request.generation_id = as == "unknown" ? step.number("generation", -1) : generation(step, as);
    request.member_id = member(as);
    request.group_instance_id = instance(step);
    for (const auto& [key, value] : step.options) {
        if (kNotOffsets.contains(key)) continue;
        const auto parts = split_at(value, '/');  // offset/leader epoch/metadata
        auto& topic = request.topics.emplace_back();
        topic.name = partition(key).topic;
        std::string metadata = parts.size() > 2 ? plain(parts[2]) : "";
        if (metadata == "long") metadata.assign(4097, 's');
        topic.partitions.push_back(
            {partition(key).partition, std::stoll(parts.at(0)), parts.size() > 1 ? std::stoi(parts[1]) : -1, metadata});
    }
    host_.coordinator.handle_offset_commit(host_, host_.context(), std::move(request));
    last_commit_ = host_.correlation;
    answer_commit(step);
}

void GroupPlayer::answer_commit(const Step& step) const {
    const auto* reply = host_.response<protocol::OffsetCommitResponse>(last_commit_);
    Seen seen{{"waits"}, {}};
    if (reply == nullptr) return check(step, seen);
    std::set<std::string> errors;
    for (const auto& topic : reply->topics) {
        for (const auto& each : topic.partitions) {
            errors.insert(name_of_error(each.error_code));
            seen.fact(to_string(TopicPartition{topic.name, each.partition_index}), name_of_error(each.error_code));
        }
    }
    seen.words = {errors.size() == 1 ? *errors.begin() : "several"};
    check(step, seen);
}

void GroupPlayer::fetch(const Step& step) {
    protocol::OffsetFetchRequest request;
    request.require_stable = true;
    auto& asked = request.groups.emplace_back();
    asked.group_id = group_of(step);
    if (!step.says("all")) {
        asked.topics.emplace();
        for (const std::string& word : step.words)
            asked.topics->push_back({partition(word).topic, {partition(word).partition}});
    }
    host_.coordinator.handle_offset_fetch(host_, host_.context(), std::move(request));
    const auto& reply = last_answer<protocol::OffsetFetchResponse>(step).groups.at(0);
    Seen seen{{name_of_error(reply.error_code)}, {}};
    size_t count = 0;
    for (const auto& topic : reply.topics) {
        for (const auto& each : topic.partitions) {
            const std::string name = to_string(TopicPartition{topic.name, each.partition_index});
            seen.fact(name, each.error_code == ErrorCode::None ? std::to_string(each.committed_offset)
                                                               : name_of_error(each.error_code));
            seen.fact(name + ".epoch", std::to_string(each.committed_leader_epoch));
            seen.fact(name + ".metadata", each.metadata.value_or(""));
            ++count;
        }
    }
    seen.count("count", count);
    check(step, seen);
}

void GroupPlayer::describe(const Step& step) {
    host_.coordinator.handle_describe_groups(host_, host_.context(), {{group_of(step)}, false});
    const auto& reply = last_answer<protocol::DescribeGroupsResponse>(step).groups.at(0);
    Seen seen{{name_of_error(reply.error_code)}, {{"members", {}}, {"static", {}}, {"bytes", {}}}};
    seen.fact("state", reply.group_state);
    seen.fact("type", reply.protocol_type);
    seen.fact("protocol", reply.protocol_data);
    for (const auto& each : reply.members) {
        seen.facts["members"].push_back(each.member_id);
        seen.facts["static"].push_back(each.group_instance_id.value_or(""));
        seen.facts["bytes"].push_back(each.member_metadata + each.member_assignment);
    }
    check(step, seen);
}

void GroupPlayer::list(const Step& step) {
    protocol::ListGroupsRequest request;
    request.states_filter = split_at(step.option("states", ""), ',');
    host_.coordinator.handle_list_groups(host_, host_.context(), std::move(request));
    const auto& reply = last_answer<protocol::ListGroupsResponse>(step);
    Seen seen{{name_of_error(reply.error_code)}, {{"groups", {}}}};
    for (const auto& each : reply.groups)
        seen.facts["groups"].push_back(each.group_id + ":" + each.protocol_type + ":" + each.group_state);
    check(step, seen);
}

void GroupPlayer::delete_groups(const Step& step) {
    protocol::DeleteGroupsRequest request;
    for (const std::string& word : step.words) request.groups_names.push_back(plain(word));
    host_.coordinator.handle_delete_groups(host_, host_.context(), std::move(request));
    Seen seen;
    for (const auto& each : last_answer<protocol::DeleteGroupsResponse>(step).results)
        seen.words.push_back(name_of_error(each.error_code));
    check(step, seen);
}

void GroupPlayer::delete_offsets(const Step& step) {
    protocol::OffsetDeleteRequest request;
    request.group_id = group_of(step);
    for (const std::string& word : step.words)
        request.topics.push_back({partition(word).topic, {{partition(word).partition}}});
    host_.coordinator.handle_offset_delete(host_, host_.context(), std::move(request));
    const auto& reply = last_answer<protocol::OffsetDeleteResponse>(step);
    Seen seen{{name_of_error(reply.error_code)}, {}};
    seen.count("count", reply.topics.size());
    for (const auto& topic : reply.topics) {
        for (const auto& each : topic.partitions)
            seen.fact(to_string(TopicPartition{topic.name, each.partition_index}), name_of_error(each.error_code));
    }
    check(step, seen);
}

/// "offset:foo:foo-0", "group:foo"; a tombstone ends with ":null".
std::string text_of(const protocol::Record& record) {
    const auto key = record.key ? group::decode_key(*record.key) : std::nullopt;
    if (!key) return "unknown";
    std::string text;
    if (const auto* offset = std::get_if<group::OffsetKey>(&*key))
        text = "offset:" + offset->group_id + ":" + to_string(offset->partition);
    else
        text = "group:" + std::get<group::GroupKey>(*key).group_id;
    return record.value ? text : text + ":null";
}

void GroupPlayer::wrote(const Step& step) {
    const auto& batches = host_.logs[partition_of(step)];
    Seen seen{{batches.empty() ? "nothing" : "batch"}, {{"records", {}}}};
    seen.count("batches", batches.size());
    seen.fact("acks", std::to_string(host_.last_acks));
    if (!batches.empty()) {
        for (const auto& each : batches.back().records()) seen.facts["records"].push_back(text_of(each));
        seen.fact("time", batches.back().is_log_append_time() ? "log" : "create");
        const auto& value = batches.back().records().back().value;
        const auto written = value ? group::decode_group_value("", *value) : std::nullopt;
        seen.fact("state", written ? std::string(name_of(written->state)) : "");
        seen.fact("generation", written ? std::to_string(written->generation_id) : "");
        seen.fact("type", written ? written->protocol_type.value_or("") : "");
    }
    check(step, seen);
}

void GroupPlayer::differ(const Step& step) {
    if (member(step.words.at(0)) == member(step.words.at(1))) throw ScriptFailure{step.text + ": the same"};
}

void GroupPlayer::logged(const Step& step) {
    const auto& lines = host_.world.log_lines;
    const std::string text = plain(step.words.at(0));
    const bool found = std::any_of(lines.begin(), lines.end(),
                                   [&](const auto& line) { return line.text.find(text) != std::string::npos; });
    if (found == (step.verb == "logged")) return;
    std::string all;
    for (const auto& line : lines) all += "\n    " + line.text;
    throw ScriptFailure{step.text + ": the log is" + all};
}

/// What is due before the new time happens at the new time.
void GroupPlayer::advance(int64_t ms) {
    host_.world.time += from_millis(ms);
    while (const auto timer = host_.world.next_timer(host_.world.time - Duration{1})) {
        host_.world.timers.at(*timer).due = std::nullopt;
        host_.coordinator.on_timer(host_, *timer, host_.world.timers.at(*timer).tag);
    }
}

void GroupPlayer::cleanup(const Step&) {
    host_.coordinator.on_timer(host_, cleanup_timer_, host_.world.timers.at(cleanup_timer_).tag);
}

void GroupPlayer::appends(const Step& step) {
    const std::string& word = step.words.at(0);
    host_.appends = word == "later" ? FakeGroupHost::Appends::Later : FakeGroupHost::Appends::AtOnce;
    if (word == "now") return host_.answer_appends();
    if (word == "fail") {
        for (auto& each : host_.waiting) each.error = error_of(step.words.at(1));
        return host_.answer_appends();
    }
    host_.append_error = word == "later" ? ErrorCode::None : error_of(word);
}

void GroupPlayer::plant(const Step& step) {
    group::MemberMetadata made;
    made.member_id = member(step.words.at(0));
    made.group_instance_id = instance(step);
    made.protocol_type = "consumer";
    made.supported_protocols = protocols(step);
    metadata(group_of(step)).add(std::move(made));
}

void GroupPlayer::config(const Step& step) {
    host_.settings.group_max_size = step.number("max_size", host_.settings.group_max_size);
    host_.settings.offsets_retention_minutes =
        step.number("retention_minutes", host_.settings.offsets_retention_minutes);
}

/// A record of the log that is loaded later, in a batch of its own: `record group foo generation=15 members=a`,
/// `record offset foo-0 23`, either with `null`; `record control`; `record bytes 00 ff` is a group's value.
void GroupPlayer::record(const Step& step) {
    const std::string& kind = step.words.at(0);
    const std::string group_id = group_of(step);
    protocol::RecordBatchBuilder batch;
    std::optional<std::string> key;
    std::optional<std::string> value;
    if (kind == "offset") {
        key = encode_key(group::OffsetKey{group_id, partition(step.words.at(1))});
        group::OffsetAndMetadata offset{0, -1, "", host_.world.wall_clock().value, std::nullopt};
        if (step.options.contains("expires"))
            offset.expire_timestamp_ms = offset.commit_timestamp_ms + step.number("expires", 0);
        if (!step.says("null")) offset.offset = std::stoll(step.words.at(2)), value = encode_value(offset);
    } else if (kind == "group") {
        group::GroupMetadata made;
        made.group_id = group_id;
        made.generation_id = step.number("generation", 1);
        made.protocol_type = plain(step.option("type", "consumer"));
        made.current_state_timestamp_ms = host_.world.wall_clock().value;
        for (const std::string& id : split_at(step.option("members", ""), ',')) {
            made.protocol_name = step.option("protocol", "range");
            group::MemberMetadata each;
            const size_t at = id.find('@');
            each.member_id = id.substr(0, at);
            if (at != std::string::npos) each.group_instance_id = id.substr(at + 1);
            each.rebalance_timeout_ms = step.number("rebalance", 500);
            each.session_timeout_ms = step.number("session", 600'000);
            each.protocol_type = *made.protocol_type;
            each.supported_protocols = protocols(step);
            made.add(std::move(each));
        }
        key = encode_key(group::GroupKey{group_id});
        const std::string assignment(static_cast<size_t>(step.number("bytes", 0)), 'a');
        std::map<std::string, std::string> assignments;
        for (const auto& [id, each] : made.members) assignments[id] = assignment;
        if (!step.says("null")) value = encode_value(made, assignments);
        if (step.options.contains("version"))
            (*value)[0] = static_cast<char>(step.number("version", 0) >> 8),
            (*value)[1] = static_cast<char>(step.number("version", 0));
    }
    batch.append(host_.world.wall_clock().value, key, value);
    protocol::RecordBatch made = batch.build();
    if (kind == "control") made.attributes |= protocol::RecordBatch::kControlFlag, made.body = nullptr;
    auto& log = host_.logs[host_.coordinator.partition_for(group_id)];
    made.base_offset = log.empty() ? 15 : log.back().next_offset();
    log.push_back(made);
}

void GroupPlayer::begin_loading(const Step& step) {
    host_.coordinator.on_elected(host_, partition_of(step), step.number("epoch", 0));
    host_.advance(1ms);
}

void GroupPlayer::elected(const Step& step) {
    host_.coordinator.on_elected(host_, partition_of(step), step.number("epoch", 0));
    host_.advance(2ms);
}

void GroupPlayer::resigned(const Step& step) {
    const std::string epoch = step.option("epoch", "none");
    host_.coordinator.on_resigned(host_, partition_of(step),
                                  epoch == "none" ? std::nullopt : std::optional(std::stoi(epoch)));
    host_.advance(2ms);
}

group::State GroupPlayer::state_of(const std::string& word) {
    for (auto state : {group::State::Empty, group::State::PreparingRebalance, group::State::CompletingRebalance,
                       group::State::Stable, group::State::Dead})
        if (name_of(state) == word) return state;
    throw ScriptFailure{"no state: " + word};
}

ErrorCode GroupPlayer::error_of(const std::string& word) {
    for (int code = -1; code < 107; ++code)
        if (name_of_error(static_cast<ErrorCode>(code)) == word) return static_cast<ErrorCode>(code);
    throw ScriptFailure{"no error: " + word};
}

TEST_CASE("the group coordinator does what Kafka's own tests of it ask") {
    const Script script = read_all();
    for (const Block& block : script.tests) {
        INFO(block.name);
        CHECK(failure_of(script, block) == "");
        CHECK_FALSE(block.steps.empty());
    }
}

TEST_CASE("a step that is not as the script says is told from one that is") {
    const std::pair<const char*, const char*> wrong[] = {
        {"dynamic_join a -> NOT_COORDINATOR", ": is NONE"},
        {"dynamic_join a -> NONE generation=2", "generation is 1"},
        {"dynamic_join a -> NONE colour=red", "has no colour"},
        {"dynamic_join a ->", "checks nothing"},
        {"join a -> NONE", ": is waits"},
        {"group -> Stable", ": is none"},
        {"leave 'x' -> NONE NONE", ": is UNKNOWN_MEMBER_ID"},
        {"fetch foo-0 -> NONE foo-0=5", "foo-0 is -1"},
        {"heartbeat a -> NONE", "no generation"},
        {"logged 'nothing of the kind'", "the log is"},
        {"jump 3", "unknown verb"},
        {"use nothing", "unknown fixture"},
        {"repeat 2 group -> none ; group -> Stable", ": is none"},
    };
    for (const auto& [step, why] : wrong) {
        const std::string failure = failure_of({}, {"wrong", 0, {}, {step}});
        INFO(step << "   " << failure);
        CHECK(failure.find(why) != std::string::npos);
    }
}

}  // namespace kafkasim::test
