// SPDX-License-Identifier: Apache-2.0
// Whole controllers around a real ZooKeeper tree: who is elected, what stands in the state znodes afterwards, what
// each broker is told and in which order.
#include "core/controller/controller.hpp"

#include "tests/catch.hpp"
#include "tests/controller/fake_cluster.hpp"

using namespace kafkasim;
using test::FakeBroker;
using test::FakeCluster;
using Lines = std::vector<std::string>;

namespace {

/// Brokers 1 to `n`; 1 is the controller.
void start_brokers(FakeCluster& cluster, int32_t n) {
    for (int32_t id = 1; id <= n; ++id) {
        cluster.start(id);
        cluster.settle();
    }
    cluster.forget_received();
}

std::string field(const node::Note& note, std::string_view name) {
    const node::FieldValue* value = node::find(note, name);
    return value == nullptr ? "?" : node::text_of(*value);
}

bool is_prefix_order(const Lines& lines, const Lines& kinds) {
    if (lines.size() != kinds.size()) return false;
    for (size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].rfind(kinds[i], 0) != 0) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("the first broker becomes controller with epoch 1 and writes it down", "[controller]") {
    FakeCluster cluster;
    FakeBroker& first = cluster.start(1);
    cluster.settle();
    CHECK(first.controller.is_active());
    CHECK(first.controller.epoch() == 1);
    CHECK(cluster.znode("/controller_epoch") == "1 v1");
    CHECK(cluster.znode("/feature") == R"({"features":{},"version":1,"status":1} v0)");
    CHECK(cluster.tree.find("/controller")->ephemeral_owner == first.session);
    CHECK(first.world.has_log("Successfully created /controller_epoch with initial epoch 0"));
    CHECK(
        first.world.has_log("[Controller id=1] 1 successfully elected as the controller. Epoch incremented to 1 and "
                            "epoch zk version is now 1"));
    CHECK(first.world.last_note(node::NoteKind::ControllerElected) != nullptr);
}

TEST_CASE("the lines of a failover come in Kafka's order", "[controller]") {
    FakeCluster cluster;
    FakeBroker& first = cluster.start(1);
    cluster.settle();
    const Lines expected = {"Registering handlers",
                            "Deleting log dir event notifications",
                            "Deleting isr change notifications",
                            "Initializing controller context",
                            "Initialized broker epochs cache: HashMap(1 -> ",
                            "Currently active brokers in the cluster: Set(1)",
                            "Currently shutting brokers in the cluster: HashSet()",
                            "Current list of topics in the cluster: HashSet()",
                            "Fetching topic deletions in progress",
                            "List of topics to be deleted: ",
                            "List of topics ineligible for deletion: ",
                            "Initializing topic deletion manager",
                            "Sending update metadata request",
                            "Initializing replica state",
                            "Triggering online replica state changes",
                            "Triggering offline replica state changes",
                            "Initializing partition state",
                            "Triggering online partition state changes",
                            "Ready to serve as the new controller with epoch 1",
                            "Partitions undergoing preferred replica election: ",
                            "Partitions that completed preferred replica election: ",
                            "Skipping preferred replica election for partitions due to topic deletion: ",
                            "Resuming preferred replica election for partitions: ",
                            "Starting replica leader election (PREFERRED) for partitions  triggered by ZkTriggered",
                            "Starting the controller scheduler"};
    size_t next = 0;
    for (const auto& line : first.world.log_lines) {
        if (next < expected.size() && line.text.find(expected[next]) != std::string::npos) ++next;
    }
    CHECK(next == expected.size());
}

TEST_CASE("a second broker sees that there is a controller and stays out", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 1);
    FakeBroker& second = cluster.start(2);
    cluster.settle();
    CHECK_FALSE(second.controller.is_active());
    CHECK(second.controller.active_controller_id() == BrokerId{1});
    CHECK(cluster.znode("/controller_epoch") == "1 v1");
    CHECK(cluster.broker(1).world.has_log(
        "Newly added brokers: 2, deleted brokers: , bounced brokers: , all live brokers: 1,2"));
    CHECK(cluster.broker(1).world.has_log("New broker startup callback for 2"));
}

TEST_CASE("of two brokers that race for the election one loses and goes on as a follower", "[controller]") {
    FakeCluster cluster;
    cluster.start(1);
    cluster.start(2);
    cluster.settle();  // their batches alternate: both find no /controller
    CHECK(cluster.broker(1).controller.is_active());
    CHECK_FALSE(cluster.broker(2).controller.is_active());
    CHECK(cluster.broker(2).controller.active_controller_id() == BrokerId{1});
    CHECK(cluster.broker(2).controller.epoch() == 0);
    CHECK(cluster.znode("/controller_epoch") == "1 v1");
}

TEST_CASE("a new topic is led by the first live replica, with all live ones in the Isr in assignment order",
          "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    cluster.create_topic("t", {{3, 1, 2}, {9, 2, 1}});
    cluster.settle();
    CHECK(cluster.state("t", 0) ==
          R"({"controller_epoch":1,"leader":3,"version":1,"leader_epoch":0,"isr":[3,1,2]} v0)");
    CHECK(cluster.state("t", 1) == R"({"controller_epoch":1,"leader":2,"version":1,"leader_epoch":0,"isr":[2,1]} v0)");
    CHECK(cluster.znode("/brokers/topics/t/partitions") == "null v0");
    CHECK(cluster.znode("/brokers/topics/t/partitions/0") == "null v0");
    // Broker 3 has one of the partitions. The step to OnlineReplica sends nothing to brokers: its replicas were new.
    CHECK(cluster.take_received(3) == Lines{"LeaderAndIsr t-0 leader=3 epoch=0 isr=3,1,2 v0 new",
                                            "UpdateMetadata brokers=1,2,3 t-0 leader=3 epoch=0 isr=3,1,2 offline= t-1 "
                                            "leader=2 epoch=0 isr=2,1 offline=9"});
}

TEST_CASE("a clean stop moves leaders and takes the broker out of every Isr, one epoch and version each",
          "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    cluster.create_topic("t", {{3, 1, 2}, {1, 2, 3}, {2, 3, 1}});
    cluster.settle();
    cluster.forget_received();
    const Lines remaining = cluster.ask_to_shut_down(3);
    CHECK(remaining.empty());
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1,2 v1");
    CHECK(cluster.short_state("t", 1) == "leader=1 epoch=1 isr=1,2 v1");
    CHECK(cluster.short_state("t", 2) == "leader=2 epoch=1 isr=2,1 v1");

    SECTION("the one that stops is told in this order, with StopReplicas that carry the epoch it knows") {
        CHECK(cluster.take_received(3) == Lines{"LeaderAndIsr t-0 leader=1 epoch=1 isr=1,2 v1",
                                                "UpdateMetadata brokers=1,2,3 t-0 leader=1 epoch=1 isr=1,2 offline=3",
                                                "StopReplica t-1 epoch=0 t-2 epoch=0",
                                                "UpdateMetadata brokers=1,2,3 t-1 leader=1 epoch=1 isr=1,2 offline=3 "
                                                "t-2 leader=2 epoch=1 isr=2,1 offline=3",
                                                "StopReplica t-1 epoch=0 t-2 epoch=0"});
    }
    SECTION("the others are told the new states") {
        CHECK(cluster.take_received(1) ==
              Lines{"LeaderAndIsr t-0 leader=1 epoch=1 isr=1,2 v1",
                    "UpdateMetadata brokers=1,2,3 t-0 leader=1 epoch=1 isr=1,2 offline=3",
                    "LeaderAndIsr t-1 leader=1 epoch=1 isr=1,2 v1 t-2 leader=2 epoch=1 isr=2,1 v1",
                    "UpdateMetadata brokers=1,2,3 t-1 leader=1 epoch=1 isr=1,2 offline=3 t-2 leader=2 epoch=1 isr=2,1 "
                    "offline=3"});
    }
    SECTION("the end of its session changes no state any more") {
        cluster.kill_and_expire(3);
        cluster.settle();
        CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1,2 v1");
        CHECK(cluster.short_state("t", 1) == "leader=1 epoch=1 isr=1,2 v1");
        CHECK(cluster.broker(1).world.has_log("Broker failure callback for 3"));
        CHECK(cluster.broker(1).world.has_log("Removed 3 from list of shutting down brokers."));
        CHECK(cluster.broker(1).world.has_log(
            "Partition t-1 state changed to (Leader:1,ISR:1,2,LeaderEpoch:1,ControllerEpoch:1) after removing replica "
            "3 from the ISR as part "
            "of transition to OfflineReplica"));
    }
    SECTION("the notes say who was chosen and why") {
        const node::Note* elected = cluster.broker(1).world.last_note(node::NoteKind::LeaderElected);
        REQUIRE(elected != nullptr);
        CHECK(field(*elected, "from") == "3");
        CHECK(field(*elected, "to") == "1");
        CHECK(field(*elected, "why") ==
              "broker 1 is the first of 3,1,2 that is live and in the Isr; 3 is shutting down");
    }
}

TEST_CASE("a partition with one replica neither moves nor holds back its broker's shutdown", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    cluster.create_topic("single", {{2}});
    cluster.settle();
    CHECK(cluster.stop(2).empty());
    CHECK(cluster.short_state("single", 0) == "leader=-1 epoch=1 isr=2 v1");

    SECTION("its broker returns and leads again, one epoch later") {
        cluster.start(2);
        cluster.settle();
        CHECK(cluster.short_state("single", 0) == "leader=2 epoch=2 isr=2 v2");
    }
}

TEST_CASE("the last replica of a replicated partition cannot be moved and is answered", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    cluster.create_topic("t", {{3, 2}});
    cluster.settle();
    cluster.stop(3);
    CHECK(cluster.short_state("t", 0) == "leader=2 epoch=1 isr=2 v1");
    CHECK(cluster.ask_to_shut_down(2) == Lines{"t-0"});
    CHECK(cluster.short_state("t", 0) == "leader=2 epoch=1 isr=2 v1");
    cluster.kill_and_expire(2);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=-1 epoch=2 isr=2 v2");
}

TEST_CASE("a killed follower leaves the Isr when its session expires, one epoch later", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    cluster.create_topic("t", {{2, 3}});
    cluster.settle();
    cluster.kill(3);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=2 epoch=0 isr=2,3 v0");
    cluster.end_session(3);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=2 epoch=1 isr=2 v1");
    CHECK(is_prefix_order(cluster.take_received(2),
                          {"LeaderAndIsr t-0 leader=2 epoch=0", "UpdateMetadata brokers=1,2,3 t-0",
                           "LeaderAndIsr t-0 leader=2 epoch=1 isr=2 v1", "UpdateMetadata brokers=1,2 t-0",
                           "UpdateMetadata brokers=1,2"}));
}

TEST_CASE("a killed leader that was not the controller is replaced in one step", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    cluster.create_topic("t", {{3, 1, 2}, {1, 2, 3}});
    cluster.settle();
    cluster.kill_and_expire(3);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1,2 v1");
    CHECK(cluster.short_state("t", 1) == "leader=1 epoch=1 isr=1,2 v1");
}

TEST_CASE("a killed controller costs partitions that it led two epochs, others one", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    cluster.create_topic("t", {{1, 2, 3}, {2, 3, 1}});
    cluster.settle();
    cluster.forget_received();
    cluster.kill_and_expire(1);
    cluster.settle();
    CHECK(cluster.broker(2).controller.is_active());
    CHECK(cluster.broker(2).controller.epoch() == 2);
    CHECK(cluster.znode("/controller_epoch") == "2 v2");
    CHECK(cluster.state("t", 0) == R"({"controller_epoch":2,"leader":2,"version":1,"leader_epoch":2,"isr":[2,3]} v2)");
    CHECK(cluster.state("t", 1) == R"({"controller_epoch":2,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3]} v1)");
    // In between its followers hear that nobody leads.
    const Lines received = cluster.take_received(3);
    CHECK(std::find(received.begin(), received.end(),
                    "LeaderAndIsr t-0 leader=-1 epoch=1 isr=2,3 v1 t-1 leader=2 epoch=1 isr=2,3 v1") != received.end());
}

TEST_CASE("a controller that stops cleanly moves what it leads itself and the next one is elected", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    cluster.create_topic("t", {{1, 2, 3}, {2, 3, 1}});
    cluster.settle();
    CHECK(cluster.stop(1).empty());
    CHECK(cluster.broker(1).world.has_log("[Controller id=1] Resigned"));
    CHECK_FALSE(cluster.broker(1).controller.is_active());
    CHECK(cluster.znode("/controller_epoch") == "2 v2");
    CHECK(cluster.state("t", 0) == R"({"controller_epoch":1,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3]} v1)");
    CHECK(cluster.state("t", 1) == R"({"controller_epoch":1,"leader":2,"version":1,"leader_epoch":1,"isr":[2,3]} v1)");
}

TEST_CASE("a broker that returns gets the current states, the Isr grows only when its leader asks for it",
          "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    cluster.create_topic("t", {{3, 1, 2}});
    cluster.settle();
    cluster.stop(3);
    cluster.start(3);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1,2 v1");
    const Lines received = cluster.take_received(3);
    CHECK(received == Lines{"UpdateMetadata brokers=1,2,3 t-0 leader=1 epoch=1 isr=1,2 offline=",
                            "LeaderAndIsr t-0 leader=1 epoch=1 isr=1,2 v1",
                            "UpdateMetadata brokers=1,2,3 t-0 leader=1 epoch=1 isr=1,2 offline="});

    const auto grown = cluster.alter_isr(1, "t", 0, 1, broker_ids({1, 2, 3}), 1);
    CHECK(grown.error_code == ErrorCode::None);
    CHECK(grown.current_isr_version == 2);
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1,2,3 v2");
    CHECK(cluster.take_received(3) == Lines{"UpdateMetadata brokers=1,2,3 t-0 leader=1 epoch=1 isr=1,2,3 offline="});
}

TEST_CASE("AlterIsr is refused for what it does not know or is too old for", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    cluster.create_topic("t", {{1, 2}});
    cluster.settle();
    CHECK(cluster.alter_isr(1, "nope", 0, 0, broker_ids({1}), 0).error_code == ErrorCode::UnknownTopicOrPartition);
    CHECK(cluster.alter_isr(1, "t", 0, -1, broker_ids({1}), 0).error_code == ErrorCode::FencedLeaderEpoch);
    CHECK(cluster.alter_isr(1, "t", 0, 0, broker_ids({1}), 7).error_code == ErrorCode::InvalidUpdateVersion);
    const auto same = cluster.alter_isr(1, "t", 0, 0, broker_ids({1, 2}), 7);
    CHECK(same.error_code == ErrorCode::None);
    CHECK(same.current_isr_version == 0);
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=0 isr=1,2 v0");

    cluster.broker(1).epoch += 1;
    CHECK(cluster.alter_isr(1, "t", 0, 0, broker_ids({1}), 0).error_code == ErrorCode::StaleBrokerEpoch);
    FakeBroker& other = cluster.broker(2);
    other.controller.handle_alter_isr(other, cluster.context(), {});
    CHECK(std::get<protocol::AlterIsrResponse>(other.responses.at(cluster.correlation)).error_code ==
          ErrorCode::NotController);
}

TEST_CASE("an Isr change that races an election is not lost: the election reads again", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    cluster.create_topic("t", {{3, 1, 2}});
    cluster.settle();
    cluster.kill_and_expire(3);
    cluster.deliver_watches();
    const std::string path = "/brokers/topics/t/partitions/0/state";
    // Step until the controller has read the state and asks to write it, then change it under its hands.
    bool changed = false;
    for (int i = 0; i < 50 && !changed; ++i) {
        if (!cluster.batches.empty()) {
            const auto* multi = std::get_if<protocol::ZkMultiRequest>(&cluster.batches.front().requests.front());
            if (multi != nullptr && multi->ops.back().path == path) {
                cluster.write(zookeeper::zk_set_data(
                                  path, zookeeper::encode_partition_state({BrokerId{3}, 0, broker_ids({3, 2}), 0}, 1)),
                              0);
                changed = true;
            }
        }
        cluster.step();
    }
    REQUIRE(changed);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=2 epoch=1 isr=2 v2");
    CHECK(cluster.broker(1).world.has_log(
        "Retrying leader election with strategy OfflinePartitionLeaderElectionStrategy(false)"));
}

TEST_CASE("a controller that was replaced cannot write: it resigns at its next event", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    // Another one took over while this one did not notice: the epoch has moved on and /controller is another's.
    cluster.watches.remove(node::ConnectionId{1});
    cluster.write(zookeeper::zk_set_data("/controller_epoch", "5"), 0);
    cluster.write(zookeeper::zk_set_data("/controller", zookeeper::encode_controller({BrokerId{2}, 0})), 0);
    cluster.fired.clear();
    cluster.create_topic("t", {{1, 2}});
    FakeBroker& stale = cluster.broker(1);
    CHECK(stale.controller.is_active());
    stale.controller.on_watch(stale, zookeeper::kNodeChildrenChanged, "/brokers/topics");
    cluster.settle();
    CHECK(cluster.state("t", 0) == "none");
    CHECK_FALSE(stale.controller.is_active());
    CHECK(stale.controller.active_controller_id() == BrokerId{2});
    CHECK(stale.world.has_log("Controller moved to another broker when processing TopicChange."));
    CHECK(stale.world.has_log("[Controller id=1] Resigned"));
}

TEST_CASE("an expired session makes the controller resign; with the new one it registers and stands for election again",
          "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    FakeBroker& first = cluster.broker(1);
    cluster.end_session(1);
    first.controller.on_session_expired(first);
    CHECK_FALSE(first.controller.is_active());
    cluster.settle();
    CHECK(cluster.broker(2).controller.is_active());
    first.session = cluster.next_session++;
    first.controller.on_new_session(first);
    cluster.settle();
    REQUIRE(first.wants_registration);
    cluster.register_broker(first);
    first.controller.on_registered(first);
    cluster.settle();
    CHECK(first.controller.active_controller_id() == BrokerId{2});
    CHECK(cluster.broker(2).controller.epoch() == 2);
    CHECK(cluster.broker(2).world.has_log(
        "Newly added brokers: 1, deleted brokers: , bounced brokers: , all live brokers: 1,2"));
}

TEST_CASE("/controller deleted by hand: all race, the epoch goes up", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    cluster.write(zookeeper::zk_delete("/controller"), 0);
    cluster.settle();
    CHECK(cluster.znode("/controller_epoch") == "2 v2");
    int active = 0;
    for (const auto& [id, broker] : cluster.brokers) active += broker->controller.is_active() ? 1 : 0;
    CHECK(active == 1);
}

TEST_CASE("a broker that restarts before the controller looks is seen as bounced", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 3);
    cluster.create_topic("t", {{3, 1, 2}});
    cluster.settle();
    cluster.kill_and_expire(3);
    cluster.start(3);
    cluster.settle();
    CHECK(cluster.broker(1).world.has_log(
        "Newly added brokers: , deleted brokers: , bounced brokers: 3, all live brokers: 1,2,3"));
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=1 isr=1,2 v1");
}

TEST_CASE("partitions that are added to a topic get a leader; those that were there stay", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    cluster.create_topic("t", {{1, 2}});
    cluster.settle();
    zookeeper::TopicAssignment assignment;
    assignment.topic_id = {1, 1};
    FakeCluster::assign(assignment, {{1, 2}, {2, 1}});
    cluster.write(zookeeper::zk_set_data("/brokers/topics/t", zookeeper::encode_topic(assignment)), 0);
    cluster.settle();
    CHECK(cluster.short_state("t", 0) == "leader=1 epoch=0 isr=1,2 v0");
    CHECK(cluster.short_state("t", 1) == "leader=2 epoch=0 isr=2,1 v0");
}

TEST_CASE("a topic deleted by hand is forgotten by the controller, the brokers are told nothing", "[controller]") {
    FakeCluster cluster;
    start_brokers(cluster, 2);
    cluster.create_topic("t", {{1, 2}});
    cluster.settle();
    cluster.forget_received();
    for (const char* path : {"/brokers/topics/t/partitions/0/state", "/brokers/topics/t/partitions/0",
                             "/brokers/topics/t/partitions", "/brokers/topics/t"}) {
        cluster.write(zookeeper::zk_delete(path), 0);
    }
    cluster.settle();
    CHECK(cluster.broker(1).controller.context().all_topics.empty());
    CHECK(cluster.broker(1).controller.context().leadership.empty());
    CHECK(cluster.take_received(2).empty());
}

TEST_CASE("a broker's znode that changes under the controller's eyes is told to all if its endpoint did",
          "[controller]") {
    struct Row {
        std::string what;
        int32_t port;
        bool told;
    };
    const std::vector<Row> rows = {{"only the timestamp", 9094, false}, {"the port", 9999, true}};
    for (const Row& row : rows) {
        DYNAMIC_SECTION(row.what) {
            FakeCluster cluster;
            start_brokers(cluster, 2);
            cluster.forget_received();
            const std::string text = zookeeper::encode_broker({BrokerId{2}, "localhost", row.port, 77, std::nullopt});
            cluster.write(zookeeper::zk_set_data("/brokers/ids/2", text), 0);
            cluster.settle();
            CHECK(cluster.broker(1).received.empty() == !row.told);
            CHECK(cluster.broker(1).world.has_log(
                      "Updated broker metadata: 2 : (EndPoint(localhost,9094,ListenerName(PLAINTEXT),PLAINTEXT)) : "
                      "null : Features{} -> 2 : (EndPoint(localhost,9999,") == row.told);
        }
    }
}
