// SPDX-License-Identifier: Apache-2.0
#include "core/zookeeper/txn_log.hpp"

#include "core/zookeeper/requests.hpp"
#include "tests/catch.hpp"
#include "tests/support/fake_env.hpp"

using namespace kafkasim;
using namespace kafkasim::zookeeper;

namespace {

Txn txn_of(int64_t zxid, protocol::Body request) {
    Txn txn;
    txn.zxid = zxid;
    txn.time_ms = 1795351829193;
    txn.session = 0x100000774e70000;
    txn.request = std::move(request);
    return txn;
}

}  // namespace

TEST_CASE("every kind of transaction is read back as written") {
    Txn created;
    created.zxid = 1;
    created.kind = Txn::Kind::CreateSession;
    created.timeout_ms = 18000;
    Txn closed;
    closed.zxid = 9;
    closed.kind = Txn::Kind::CloseSession;
    for (const Txn& txn : {created, closed, txn_of(2, zk_create("/a", std::nullopt)),
                           txn_of(3, zk_create("/b", "", kEphemeralSequential)), txn_of(4, zk_delete("/a", 2)),
                           txn_of(5, zk_set_data("/b", "tab\there\nline\\end\r-", 1)),
                           txn_of(6, zk_multi({op_create("/c", "x", kEphemeral), op_check("/d", 3),
                                               op_set_data("/e", std::nullopt), op_delete("/f")}))}) {
        CHECK(decode_txn(encode_txn(txn)) == txn);
    }
    CHECK(decode_txn("") == std::nullopt);
    CHECK(decode_txn("1\t2\t3\tunknown\t=x") == std::nullopt);
    CHECK(decode_txn("1\t2\tx\tcloseSession") == std::nullopt);
}

TEST_CASE("the log is announced at the first write and goes on in new files") {
    test::FakeEnv env;
    TxnLog log("/tmp/zookeeper");
    for (int64_t zxid = 1; zxid <= 70; ++zxid) log.append(env, txn_of(zxid, zk_create("/a", "x")));
    CHECK(env.count_logs("Creating new log file: log.1") == 1);
    CHECK(env.count_logs("Creating new log file") == 1);
    CHECK(env.files.list("/tmp/zookeeper/version-2") == std::vector<std::string>{"log.1", "log.41"});
    const auto read = TxnLog("/tmp/zookeeper").read(env);
    REQUIRE(read.size() == 70);
    CHECK(read.back().zxid == 70);
}
