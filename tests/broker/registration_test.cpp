// SPDX-License-Identifier: Apache-2.0
// What a broker does when its znode is already there: its own of a session that is over (KAFKA-7165), somebody else's,
// one that goes away meanwhile.
#include "tests/broker/broker_in_fake_env.hpp"

using namespace kafkasim;
using namespace kafkasim::test;

namespace {

constexpr int64_t kNextSession = 78;
constexpr int64_t kAnotherSession = 99;
const std::string kPath = "/brokers/ids/1";

int64_t owner(const BrokerInFakeEnv& test) {
    const zookeeper::Znode* znode = test.tree.find(kPath);
    return znode == nullptr ? 0 : znode->ephemeral_owner;
}

/// The znode of broker 1 belongs to another process from now on.
void give_away(BrokerInFakeEnv& test) {
    test.tree.apply(zookeeper::zk_delete(kPath), 0, 900, 0);
    test.tree.apply(zookeeper::zk_create(kPath, "{}", zookeeper::kEphemeral), kAnotherSession, 901, 0);
}

}  // namespace

TEST_CASE("registration: a new session makes the znode anew, with a new broker epoch") {
    BrokerInFakeEnv test;
    test.start();
    const int64_t epoch = test.broker.state().broker_epoch;
    test.tree.end_session(BrokerInFakeEnv::kSession, 900);
    test.expire_session(kNextSession);
    CHECK(owner(test) == kNextSession);
    CHECK(test.broker.state().broker_epoch > epoch);
}

TEST_CASE("registration: the znode of its own former session, still there, is replaced (KAFKA-7165)") {
    BrokerInFakeEnv test;
    test.start();
    const int64_t epoch = test.broker.state().broker_epoch;
    test.expire_session(kNextSession);  // ZooKeeper has not removed the znode (ZOOKEEPER-2985)
    CHECK(owner(test) == kNextSession);
    CHECK(test.broker.state().broker_epoch > epoch);
    CHECK(
        test.env.has_log("Was not possible to create the ephemeral at /brokers/ids/1, node already exists and owner "
                         "'77' does not match current session '78', trying to delete and re-create it with the newest "
                         "Zookeeper session"));
}

TEST_CASE("registration: a running broker whose id was taken lives on unregistered") {
    BrokerInFakeEnv test;
    test.start();
    const int64_t epoch = test.broker.state().broker_epoch;
    give_away(test);
    test.expire_session(kNextSession);
    test.advance(60s);
    CHECK(owner(test) == kAnotherSession);
    CHECK(test.broker.started());
    CHECK_FALSE(test.env.exit_code);
    CHECK(test.broker.state().broker_epoch == epoch);
    CHECK(test.env.has_log("does not match current session '78'"));
    CHECK(test.env.has_log("[Controller id=1] Error processing event RegisterBrokerAndReelect"));
    CHECK_FALSE(test.broker.state().controller.is_active());
    // The session after that finds the znode gone.
    test.tree.end_session(kAnotherSession, 902);
    test.expire_session(kNextSession + 1);
    CHECK(owner(test) == kNextSession + 1);
    CHECK(test.broker.state().broker_epoch > epoch);
}
