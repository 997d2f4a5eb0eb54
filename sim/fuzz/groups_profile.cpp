// SPDX-License-Identifier: Apache-2.0
#include "sim/fuzz/groups_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/ids.hpp"
#include "sim/fuzz/faults_profile.hpp"

namespace kafkasim::sim::fuzz {

namespace {

using Json = nlohmann::ordered_json;

constexpr int32_t kBrokers = 3;
constexpr std::string_view kServers = "localhost:9093,localhost:9094,localhost:9095";

enum class Deed : uint8_t { Leave, Crash, Pause, Hang, NewPartitions, NewTopic };

struct Topic {
    std::string name;
    int64_t partitions = 1;
    int64_t replicas = 3;
};

struct Client {
    enum class State : uint8_t { Works, Ended, Paused, Gone } state = State::Works;
    std::string name;
    std::string set;
};

/// A seed's cast and plot, and the steps as they come.
class Story {
public:
    explicit Story(uint64_t seed)
        : seed_(seed), settings_(seed, "settings"), cast_(seed, "cast"), plot_(seed, "plot") {}

    std::string tell() {
        choose_kinds();
        begin();
        const int64_t acts = plot_.between(2, 9);
        for (int64_t act = 0; act < acts; ++act) {
            next_act();
            wait(plot_.between(50, 3000));
        }
        end();
        return Json{{"title", fmt::format("fuzz --profile groups --seeds {}", seed_)},
                    {"seed", seed_},
                    {"invariants", true},
                    {"cluster", cluster()},
                    {"steps", std::move(steps_)}}
            .dump(1);
    }

private:
    // Swarm: what may happen in this seed.
    void choose_kinds() {
        const std::vector<FaultKind> faults = {FaultKind::Stop, FaultKind::Kill,      FaultKind::PauseBroker,
                                               FaultKind::Cut,  FaultKind::OneWayCut, FaultKind::Isolate,
                                               FaultKind::Slow, FaultKind::Hold,      FaultKind::ZooKeeper};
        const std::vector<Deed> deeds = {Deed::Leave, Deed::Leave, Deed::Crash,         Deed::Pause,
                                         Deed::Hang,  Deed::Leave, Deed::NewPartitions, Deed::NewTopic};
        calm_ = settings_.one_in(4);
        FaultLimits limits;
        limits.brokers = kBrokers;
        if (!calm_) limits.kinds = settings_.some_of(faults);
        limits.requests = {"OffsetCommit", "JoinGroup",    "SyncGroup",      "Heartbeat",   "OffsetFetch",
                           "LeaveGroup",   "LeaderAndIsr", "UpdateMetadata", "StopReplica", "FindCoordinator"};
        limits.session_ms = session_ms_ = settings_.any_of({4000, 6000});
        accidents_.emplace(std::move(limits), Chance(seed_, "accidents"));
        deeds_ = settings_.some_of(deeds);
        if (calm_)
            std::erase_if(deeds_,
                          [](Deed deed) { return deed == Deed::Crash || deed == Deed::Pause || deed == Deed::Hang; });
    }

    bool has(Deed deed) const { return std::find(deeds_.begin(), deeds_.end(), deed) != deeds_.end(); }

    Json cluster() {
        const Json config = {{"offsets.topic.replication.factor", settings_.any_of({"1", "3", "3"})},
                             {"offsets.topic.num.partitions", std::to_string(settings_.between(1, 4))},
                             {"group.initial.rebalance.delay.ms", settings_.any_of({"0", "500", "3000"})},
                             {"group.min.session.timeout.ms", "1000"},
                             {"zookeeper.session.timeout.ms", std::to_string(session_ms_)},
                             {"replica.lag.time.max.ms", settings_.any_of({"3000", "10000"})},
                             {"offsets.commit.timeout.ms", settings_.any_of({"1000", "5000"})}};
        Json brokers = Json::array();
        for (int32_t id = 1; id <= kBrokers; ++id) brokers.push_back({{"id", id}, {"config", config}});
        return {{"running", true}, {"brokers", std::move(brokers)}};
    }

    void wait(int64_t ms) { steps_.push_back({{"wait", time_text(ms)}}); }

    void create(const Topic& topic) {
        std::string command = fmt::format(
            "bin/kafka-topics.sh --create --topic {} --partitions {} --replication-factor {} "
            "--bootstrap-server {}",
            topic.name, topic.partitions, topic.replicas, kServers);
        if (topic.replicas == 3 && cast_.one_in(3)) command += " --config min.insync.replicas=2";
        steps_.push_back({{"run", std::move(command)}});
    }

    void begin() {
        const int64_t topics = cast_.between(1, 3);
        for (int64_t i = 1; i <= topics; ++i) {
            topics_.push_back({fmt::format("t{}", i), cast_.between(1, 6), cast_.any_of({1, 2, 3, 3})});
            create(topics_.back());
        }
        Json workload = {{"name", "w"}, {"producers", Json::array()}, {"consumers", Json::array()}};
        workload["producers"].push_back(producers("p", topics_));
        const int64_t groups = cast_.between(1, 3);
        for (int64_t i = 1; i <= groups; ++i) workload["consumers"].push_back(consumers(fmt::format("g{}", i)));
        if (has(Deed::Hang)) {
            Json sets = Json::array();
            for (const std::string& group : groups_) sets.push_back(group);
            workload["churn"] = {{"every", time_text(cast_.between(4000, 12000))},
                                 {"of", std::move(sets)},
                                 {"does", {"hang"}},
                                 {"hang", time_text(cast_.between(2000, 15000))}};
        }
        steps_.push_back({{"workload", std::move(workload)}, {"background", true}});
        workloads_.push_back("w");
        wait(all_started_ms_ + plot_.between(1100, 8000));  // a client can be stopped when it has been started
    }

    Json producers(const std::string& name, const std::vector<Topic>& topics) {
        Json names = Json::array();
        for (const Topic& topic : topics) names.push_back(topic.name);
        const Json config = {{"acks", "all"},
                             {"enable.idempotence", cast_.one_in(2) ? "true" : "false"},
                             {"request.timeout.ms", "5000"},
                             {"delivery.timeout.ms", "15000"},
                             {"max.block.ms", "10000"}};
        return {{"name", name},
                {"count", cast_.between(1, 2)},
                {"topics", std::move(names)},
                {"rate", cast_.between(2, 20)},
                {"config", config}};
    }

    std::string assignor() {
        const std::string package = "org.apache.kafka.clients.consumer.";
        return cast_.any_of({std::string(), package + "RangeAssignor", package + "RoundRobinAssignor",
                             package + "StickyAssignor", package + "CooperativeStickyAssignor",
                             package + "CooperativeStickyAssignor"});
    }

    Json consumers(const std::string& group) {
        const int64_t count = cast_.between(1, 5);
        const std::string strategy = assignor();
        const std::string commit = cast_.any_of({"auto", "auto", "sync", "async"});
        Json set = {{"name", group}, {"count", count}};
        if (cast_.one_in(3)) {
            set["pattern"] = "t.*";
        } else {
            Json names = Json::array();
            for (const Topic& topic : cast_.some_of(topics_)) names.push_back(topic.name);
            set["topics"] = std::move(names);
        }
        set["poll"] = time_text(cast_.any_of({50, 100, 500}));
        set["processing"] = time_text(cast_.any_of({0, 0, 1, 5}));
        set["commit"] = commit;
        // When a static leader comes back under its old name nobody watches the metadata any more (KIP-814, 3.2), so
        // that what is added later is not noticed.
        set["static"] = cast_.one_in(3) && !has(Deed::NewPartitions) && !has(Deed::NewTopic);
        const int64_t joins_every = cast_.any_of({0, 100, 1000});
        set["joins_every"] = time_text(joins_every);
        all_started_ms_ = std::max(all_started_ms_, joins_every * count);
        const int64_t session = cast_.any_of({2000, 4000, 6000});
        Json config = {{"session.timeout.ms", std::to_string(session)},
                       {"heartbeat.interval.ms", std::to_string(session / 4)},
                       {"max.poll.interval.ms", cast_.any_of({"6000", "10000"})},
                       {"auto.commit.interval.ms", cast_.any_of({"200", "1000", "5000"})},
                       {"auto.offset.reset", "earliest"},
                       {"metadata.max.age.ms", cast_.any_of({"1000", "5000"})},
                       {"request.timeout.ms", "6000"},
                       {"default.api.timeout.ms", "8000"}};
        if (!strategy.empty()) config["partition.assignment.strategy"] = strategy;
        set["config"] = std::move(config);
        for (int64_t i = 1; i <= count; ++i)
            clients_.push_back({Client::State::Works, fmt::format("{}-{}", group, i), group});
        groups_.push_back(group);
        // 3.0.0 commits before it gives partitions up with the eager protocol; with the cooperative one it goes on
        // reading while it rejoins and commits no more (KAFKA-14224), unless the program does on revocation.
        const bool cooperative = strategy.find("Cooperative") != std::string::npos;
        once_.push_back(calm_ && (!cooperative || commit == "async"));
        return set;
    }

    // Acts.
    void add(const Steps& steps) {
        for (const std::string& step : steps) steps_.push_back(Json::parse(step, nullptr, false));
    }

    void accident() {
        Steps steps;
        accidents_->happen(steps);
        add(steps);
    }

    void next_act() {
        if (deeds_.empty() || (!calm_ && plot_.one_in(2))) {
            if (!calm_) return accident();
        }
        if (!deeds_.empty()) do_deed(plot_.any_of(deeds_));
    }

    Client* any_client(Client::State state) {
        std::vector<Client*> some;
        for (Client& client : clients_) {
            if (client.state == state) some.push_back(&client);
        }
        return some.empty() ? nullptr : plot_.any_of(some);
    }

    void do_deed(Deed deed) {
        if (plot_.one_in(3) && bring_back()) return;
        Client* client = any_client(Client::State::Works);
        switch (deed) {
            case Deed::Leave:
            case Deed::Crash:
                if (client == nullptr) return;
                client->state = Client::State::Ended;
                return steps_.push_back({{deed == Deed::Leave ? "stop" : "kill", client->name}});
            case Deed::Pause:
                if (client == nullptr) return;
                client->state = Client::State::Paused;
                return steps_.push_back({{"pause", client->name}, {"may_be_idle", true}});
            case Deed::Hang:
                return;  // by churn
            case Deed::NewPartitions:
                return grow();
            case Deed::NewTopic:
                return new_topic();
        }
    }

    bool bring_back() {
        if (Client* client = any_client(Client::State::Ended)) {
            client->state = Client::State::Works;
            steps_.push_back({{"start", client->name}});
            return true;
        }
        Client* client = any_client(Client::State::Paused);
        if (client == nullptr) return false;
        client->state = Client::State::Works;
        steps_.push_back({{"resume", client->name}});
        return true;
    }

    /// Only while the cluster is well: the tool would wait for it, and nothing else would happen.
    void grow() {
        if (!calm_) return;
        Topic& topic = topics_[static_cast<size_t>(plot_.between(0, static_cast<int64_t>(topics_.size()) - 1))];
        topic.partitions += plot_.between(1, 3);
        steps_.push_back({{"run", fmt::format("bin/kafka-topics.sh --alter --topic {} --partitions {} "
                                              "--bootstrap-server {}",
                                              topic.name, topic.partitions, kServers)}});
    }

    void new_topic() {
        if (!calm_ || workloads_.size() > 1) return;
        topics_.push_back({"t-late", plot_.between(1, 3), 3});
        create(topics_.back());
        Json workload = {{"name", "late"}, {"producers", Json::array({producers("q", {topics_.back()})})}};
        steps_.push_back({{"workload", std::move(workload)}, {"background", true}});
        workloads_.push_back("late");
    }

    /// Of those who have ended some never come back, and leave their partitions to the others of their group.
    void stay_away() {
        for (Client& client : clients_) {
            const bool others = std::any_of(clients_.begin(), clients_.end(), [&](const Client& other) {
                return other.set == client.set && other.state == Client::State::Works;
            });
            if (client.state == Client::State::Ended && others && plot_.one_in(2)) client.state = Client::State::Gone;
        }
    }

    // Liveness: everything is well, everybody is there, and in bounded time everything is read.
    void end() {
        Steps healing;
        accidents_->heal_all(healing);
        add(healing);
        stay_away();
        while (bring_back()) {
        }
        if (!calm_) wait_until({{"registered", {{"broker-1", true}, {"broker-2", true}, {"broker-3", true}}}}, 30000);
        Json names = Json::array();
        for (const Topic& topic : topics_) names.push_back(topic.name);
        names.push_back(std::string(kOffsetsTopic));
        if (!calm_) wait_until({{"in_sync", std::move(names)}}, 60000);
        wait(1000);
        if (workloads_.size() > 1) steps_.push_back({{"workload", {{"end", "late"}}}});
        Json delivered = Json::array();
        for (size_t i = 0; i < groups_.size(); ++i)
            delivered.push_back({{"to", groups_[i]}, {"duplicates", !once_[i]}});
        steps_.push_back({{"workload", {{"end", "w"}, {"catch_up", "90s"}}}, {"expect", {{"delivered", delivered}}}});
    }

    void wait_until(Json condition, int64_t at_most) {
        steps_.push_back({{"wait", {{"until", std::move(condition)}, {"at_most", time_text(at_most)}}},
                          {"expect", {{"met", true}}}});
    }

    uint64_t seed_;
    Chance settings_;
    Chance cast_;
    Chance plot_;
    std::optional<Accidents> accidents_;
    bool calm_ = false;
    int64_t session_ms_ = 6000;
    std::vector<Deed> deeds_;
    std::vector<Topic> topics_;
    std::vector<std::string> groups_;
    std::vector<bool> once_;  // by group: it gets every record once
    std::vector<Client> clients_;
    std::vector<std::string> workloads_;
    int64_t all_started_ms_ = 0;
    Json steps_ = Json::array();
};

}  // namespace

std::string groups_scenario(uint64_t seed) { return Story(seed).tell() + "\n"; }

}  // namespace kafkasim::sim::fuzz
