// SPDX-License-Identifier: Apache-2.0
#include "core/broker/admin_manager.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/broker/broker_call.hpp"
#include "core/broker/placement.hpp"
#include "core/broker/topic_name.hpp"
#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"
#include "core/zookeeper/znodes.hpp"

namespace kafkasim::broker {

namespace {

using Step = TopicCreation::Step;

void refuse(NewTopic& topic, ErrorCode error, std::string message) {
    topic.error = error;
    topic.message = std::move(message);
}

std::string already_exists(const TopicName& topic) { return fmt::format("Topic '{}' already exists.", topic.view()); }

bool read_configs(NewTopic& topic) {
    std::string nulls;
    for (const auto& config : topic.asked.configs) {
        if (!config.value) nulls += (nulls.empty() ? "" : ",") + config.name;
        if (config.value) topic.configs[config.name] = *config.value;
    }
    if (nulls.empty()) return true;
    refuse(topic, ErrorCode::InvalidRequest, "Null value not supported for topic configs: " + nulls);
    return false;
}

void place(BrokerCall& call, NewTopic& topic) {
    std::vector<BrokerMetadata> brokers;
    for (const AliveBroker& broker : call.metadata().alive_brokers()) brokers.push_back({broker.id, broker.rack});
    const int32_t partitions =
        topic.asked.num_partitions == -1 ? call.config().num_partitions : topic.asked.num_partitions;
    const int32_t factor = topic.asked.replication_factor == -1 ? call.config().default_replication_factor
                                                                : topic.asked.replication_factor;
    if (partitions <= 0)
        return refuse(topic, ErrorCode::InvalidPartitions, "Number of partitions must be larger than 0.");
    if (factor <= 0)
        return refuse(topic, ErrorCode::InvalidReplicationFactor, "Replication factor must be larger than 0.");
    if (static_cast<size_t>(factor) > brokers.size()) {
        return refuse(topic, ErrorCode::InvalidReplicationFactor,
                      fmt::format("Replication factor: {} larger than available brokers: {}.", factor, brokers.size()));
    }
    // "Not all brokers have rack information for replica rack aware assignment.", which the client is not told.
    if (racks_of(brokers) == Racks::Some) {
        topic.error = ErrorCode::UnknownServerError;
        return;
    }
    const auto fits = [&](const std::vector<std::vector<BrokerId>>& pinned) {
        return pinned.size() == static_cast<size_t>(partitions) &&
               std::all_of(pinned.begin(), pinned.end(),
                           [&](const auto& replicas) { return replicas.size() == static_cast<size_t>(factor); });
    };
    auto pinned = call.env().chance().pinned_assignment(topic.asked.name);
    if (pinned && fits(*pinned)) {
        topic.assignment = std::move(*pinned);
        return;
    }
    const auto start_index = static_cast<size_t>(call.env().chance().below(node::Stream::Placement, brokers.size()));
    const auto shift = static_cast<size_t>(call.env().chance().below(node::Stream::Placement, brokers.size()));
    topic.assignment = assign_replicas(partitions, factor, brokers, start_index, shift);
}

void take_manual_assignment(NewTopic& topic) {
    if (topic.asked.num_partitions != -1 || topic.asked.replication_factor != -1) {
        return refuse(topic, ErrorCode::InvalidRequest,
                      "Both numPartitions or replicationFactor and replicasAssignments were set. Both cannot be used "
                      "at the same time.");
    }
    auto manual = topic.asked.assignments;
    std::sort(manual.begin(), manual.end(),
              [](const auto& a, const auto& b) { return a.partition_index < b.partition_index; });
    for (const auto& partition : manual) topic.assignment.push_back(partition.broker_ids);
}

/// What can be said without ZooKeeper.
void check_before(BrokerCall& call, NewTopic& topic) {
    if (call.metadata().contains(topic.asked.name))
        return refuse(topic, ErrorCode::TopicAlreadyExists, already_exists(topic.asked.name));
    if (!read_configs(topic)) return;
    if (topic.asked.assignments.empty()) {
        place(call, topic);
    } else {
        take_manual_assignment(topic);
    }
    if (topic.error != ErrorCode::None) return;
    if (auto complaint = complaint_about_topic_name(topic.asked.name.view()))
        refuse(topic, ErrorCode::InvalidTopicException, *complaint);
}

/// What needs the names of the topics in ZooKeeper, and what Kafka looks at only after it.
void check_after(NewTopic& topic, const std::vector<std::string>& existing) {
    const std::string_view name = topic.asked.name.view();
    std::string colliding;
    for (const std::string& other : existing) {
        if (other == name) return refuse(topic, ErrorCode::TopicAlreadyExists, already_exists(topic.asked.name));
        if (topic_names_collide(other, name)) colliding += (colliding.empty() ? "" : ", ") + other;
    }
    if (!colliding.empty()) {
        return refuse(topic, ErrorCode::InvalidTopicException,
                      fmt::format("Topic '{}' collides with existing topics: {}", name, colliding));
    }
    if (auto complaint = complaint_about_assignment(topic.asked.assignments))
        return refuse(topic, ErrorCode::InvalidReplicaAssignment, *complaint);
    for (const auto& [setting, value] : topic.configs) {
        if (auto complaint = config::complaint_about_topic_setting(setting, value))
            return refuse(topic, ErrorCode::InvalidConfig, *complaint);
    }
}

void log_creation(BrokerCall& call, const NewTopic& topic) {
    if (!call.env().logs(node::Level::Info)) return;
    std::string configs;
    for (const auto& [setting, value] : topic.configs)
        configs += fmt::format("{}{}={}", configs.empty() ? "" : ", ", setting, value);
    std::string partitions;
    for (size_t i = 0; i < topic.assignment.size(); ++i) {
        partitions += fmt::format("{}{} -> ArrayBuffer({})", i == 0 ? "" : ", ", i, join(topic.assignment[i], ", "));
    }
    node::info(call.env(), "kafka.zk.AdminZkClient",
               "Creating topic {} with configuration {{{}}} and initial partition assignment HashMap({})",
               topic.asked.name.view(), configs, partitions);
}

void send(BrokerCall& call, uint64_t id, TopicCreation& creation, Step step, protocol::Body&& request) {
    creation.step = step;
    std::vector<protocol::Body> requests;
    requests.push_back(std::move(request));
    call.zk_call(ZkCaller::AdminManager, id, std::move(requests));
}

std::string config_path(const NewTopic& topic) {
    return zookeeper::config_entity_path("topics", topic.asked.name.view());
}
std::string config_text(const NewTopic& topic) {
    return zookeeper::encode_config({topic.configs.begin(), topic.configs.end()});
}

void create_topic_znode(BrokerCall& call, uint64_t id, TopicCreation& creation) {
    NewTopic& topic = creation.topics[creation.current];
    log_creation(call, topic);
    const auto pinned = call.env().chance().pinned_topic_id(topic.asked.name);
    if (call.config().uses_topic_ids()) topic.id = pinned ? *pinned : call.env().chance().uuid(node::Stream::TopicIds);
    zookeeper::TopicAssignment znode;
    znode.topic_id = topic.id;
    for (size_t i = 0; i < topic.assignment.size(); ++i)
        znode.partitions[static_cast<int32_t>(i)].replicas = topic.assignment[i];
    send(call, id, creation, Step::CreatingTopic,
         zookeeper::zk_create(zookeeper::topic_path(topic.asked.name.view()), zookeeper::encode_topic(znode)));
}

protocol::CreateTopicsResponse response_of(const std::vector<NewTopic>& topics) {
    protocol::CreateTopicsResponse response;
    for (const NewTopic& topic : topics) {
        protocol::CreateTopicsResponse::CreatableTopicResult result;
        result.name = topic.asked.name;
        result.error_code = topic.error;
        result.error_message = topic.message;
        if (topic.error == ErrorCode::None) {
            result.topic_id = topic.id;
            result.num_partitions = static_cast<int32_t>(topic.assignment.size());
            result.replication_factor =
                static_cast<int16_t>(topic.assignment.empty() ? 0 : topic.assignment.front().size());
        }
        response.topics.push_back(std::move(result));
    }
    return response;
}

/// Topics that were made but do not show leaders yet get this error. Kafka 3.0.0: DelayedCreatePartitions.onComplete.
void mark_missing_leaders(BrokerCall& call, std::vector<NewTopic>& topics) {
    for (NewTopic& topic : topics) {
        if (topic.error == ErrorCode::None && !call.metadata().all_have_leaders(topic.asked.name))
            topic.error = ErrorCode::RequestTimedOut;
    }
}

bool nothing_missing(BrokerCall& call, const std::vector<NewTopic>& topics) {
    return std::all_of(topics.begin(), topics.end(), [&](const NewTopic& topic) {
        if (topic.error != ErrorCode::None) return true;
        const auto* partitions = call.metadata().find(topic.asked.name);
        return partitions != nullptr && partitions->size() >= topic.assignment.size() &&
               call.metadata().all_have_leaders(topic.asked.name);
    });
}

void finish_automatic(BrokerCall& call, TopicCreation&& creation) {
    for (const NewTopic& topic : creation.topics) {
        const bool there = topic.error == ErrorCode::None || topic.error == ErrorCode::TopicAlreadyExists ||
                           topic.error == ErrorCode::RequestTimedOut;
        add_topic_error(*creation.reply, topic.asked.name, there ? ErrorCode::LeaderNotAvailable : topic.error);
        auto_creation_done(call, topic.asked.name);
    }
    call.respond(creation.token, std::move(*creation.reply));
}

void finish(BrokerCall& call, TopicCreation&& creation) {
    if (creation.reply) return finish_automatic(call, std::move(creation));
    const bool any = std::any_of(creation.topics.begin(), creation.topics.end(),
                                 [](const NewTopic& topic) { return topic.error == ErrorCode::None; });
    if (creation.validate_only || !any) return call.respond(creation.token, response_of(creation.topics));
    if (creation.timeout_ms <= 0) {
        for (NewTopic& topic : creation.topics) {
            if (topic.error == ErrorCode::None) topic.error = ErrorCode::RequestTimedOut;
        }
        return call.respond(creation.token, response_of(creation.topics));
    }
    AdminManager& admin = call.state().admin;
    const uint64_t id = admin.next++;
    const node::TimerId timer = call.env().new_timer({kBroker, kTopicCreationTimer, 0, id});
    call.env().arm(timer, from_millis(creation.timeout_ms));
    admin.delayed.emplace(id, DelayedTopicCreation{creation.token, std::move(creation.topics), timer});
    recheck_topic_creations(call);
}

/// Goes on to the next topic that is not refused yet; at the end of the list the request is answered.
void next_topic(BrokerCall& call, uint64_t id) {
    AdminManager& admin = call.state().admin;
    const auto found = admin.creations.find(id);
    TopicCreation& creation = found->second;
    for (; creation.current < creation.topics.size(); ++creation.current) {
        NewTopic& topic = creation.topics[creation.current];
        if (topic.error != ErrorCode::None) continue;
        check_before(call, topic);
        if (topic.error != ErrorCode::None) continue;
        return send(call, id, creation, Step::Checking,
                    zookeeper::zk_get_children(std::string(zookeeper::kTopicsPath), false));
    }
    TopicCreation done = std::move(creation);
    admin.creations.erase(found);
    finish(call, std::move(done));
}

/// True if the topic is to be written.
bool checked(TopicCreation& creation, const protocol::Body& reply) {
    NewTopic& topic = creation.topics[creation.current];
    const auto* children = std::get_if<protocol::ZkGetChildrenResponse>(&reply);
    check_after(topic, children == nullptr ? std::vector<std::string>{} : children->children);
    return topic.error == ErrorCode::None && !creation.validate_only;
}

void topic_written(BrokerCall& call, uint64_t id, TopicCreation& creation, int32_t error) {
    NewTopic& topic = creation.topics[creation.current];
    if (error == zookeeper::kOk) {
        call.state().topic_configs.overrides[topic.asked.name] = topic.configs;
        if (call.env().observed()) {
            call.env().note(
                {node::NoteKind::TopicCreated,
                 {{"topic", topic.asked.name.str()}, {"partitions", static_cast<int64_t>(topic.assignment.size())}}});
        }
    } else if (error == zookeeper::kNodeExists) {
        refuse(topic, ErrorCode::TopicAlreadyExists, already_exists(topic.asked.name));
    } else {
        topic.error = ErrorCode::UnknownServerError;
    }
    ++creation.current;
    next_topic(call, id);
}

}  // namespace

std::optional<std::string> complaint_about_assignment(
    const std::vector<protocol::CreateTopicsRequest::CreatableReplicaAssignment>& assignment) {
    if (assignment.empty()) return std::nullopt;
    int64_t sum = 0;
    for (const auto& partition : assignment) {
        if (partition.broker_ids.size() != assignment.front().broker_ids.size())
            return "All partitions should have the same number of replicas";
        const std::set<BrokerId> distinct(partition.broker_ids.begin(), partition.broker_ids.end());
        if (distinct.size() != partition.broker_ids.size()) {
            std::string shown;
            for (const auto& each : assignment)
                shown += fmt::format("{}{} -> Buffer({})", shown.empty() ? "" : ", ", each.partition_index,
                                     join(each.broker_ids, ", "));
            return "Duplicate replica assignment found: Map(" + shown + ")";
        }
        sum += partition.partition_index;
    }
    const auto n = static_cast<int64_t>(assignment.size());
    if (sum != n * (n - 1) / 2) return "partitions should be a consecutive 0-based integer sequence";
    return std::nullopt;
}

void create_topics(BrokerCall& call, TopicCreation&& creation) {
    AdminManager& admin = call.state().admin;
    const uint64_t id = admin.next++;
    admin.creations.emplace(id, std::move(creation));
    next_topic(call, id);
}

void on_admin_replies(BrokerCall& call, uint64_t token, std::vector<protocol::Body>&& replies) {
    const auto found = call.state().admin.creations.find(token);
    if (found == call.state().admin.creations.end()) return;
    TopicCreation& creation = found->second;
    const NewTopic& topic = creation.topics[creation.current];
    const int32_t error = zookeeper::error_of(replies.front());
    switch (creation.step) {
        case Step::Checking:
            if (checked(creation, replies.front())) {
                return send(call, token, creation, Step::SettingConfig,
                            zookeeper::zk_set_data(config_path(topic), config_text(topic)));
            }
            ++creation.current;
            return next_topic(call, token);
        case Step::SettingConfig:
            if (error == zookeeper::kNoNode) {
                return send(call, token, creation, Step::CreatingConfig,
                            zookeeper::zk_create(config_path(topic), config_text(topic)));
            }
            [[fallthrough]];
        case Step::CreatingConfig:
            if (error == zookeeper::kOk) return create_topic_znode(call, token, creation);
            [[fallthrough]];
        case Step::CreatingTopic:
            return topic_written(call, token, creation, error);
    }
}

void on_topic_creation_timer(BrokerCall& call, uint64_t id) {
    AdminManager& admin = call.state().admin;
    const auto found = admin.delayed.find(id);
    if (found == admin.delayed.end()) return;
    DelayedTopicCreation delayed = std::move(found->second);
    admin.delayed.erase(found);
    call.env().free_timer(delayed.timer);
    mark_missing_leaders(call, delayed.topics);
    call.respond(delayed.token, response_of(delayed.topics));
}

void recheck_topic_creations(BrokerCall& call) {
    AdminManager& admin = call.state().admin;
    for (auto each = admin.delayed.begin(); each != admin.delayed.end();) {
        if (!nothing_missing(call, each->second.topics)) {
            ++each;
            continue;
        }
        call.env().free_timer(each->second.timer);
        call.respond(each->second.token, response_of(each->second.topics));
        each = admin.delayed.erase(each);
    }
}

}  // namespace kafkasim::broker
