// SPDX-License-Identifier: Apache-2.0
// Spec 01 sections 1 and 9: what each write does to the tree, and what it answers.
#include "core/zookeeper/tree.hpp"

#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::zookeeper;

namespace {

constexpr int64_t kSession = 7;

struct Tree {
    DataTree tree;
    int64_t zxid = 0;

    TreeReply apply(const protocol::Body& request, int64_t session = kSession) {
        ++zxid;
        return tree.apply(request, session, zxid, 1000 + zxid);
    }
    int32_t err(const protocol::Body& request, int64_t session = kSession) {
        return error_of(apply(request, session).body);
    }
    std::string create(std::string path, ZkData data = std::nullopt, int32_t flags = kPersistent) {
        return std::get<protocol::ZkCreateResponse>(apply(zk_create(std::move(path), std::move(data), flags)).body)
            .path;
    }
    protocol::ZkStat stat(std::string_view path) {
        const Znode* node = tree.find(path);
        REQUIRE(node != nullptr);
        return stat_of(*node);
    }
};

}  // namespace

TEST_CASE("a new tree holds the server's own znodes") {
    const DataTree tree;
    CHECK(tree.find("/") != nullptr);
    CHECK(tree.find("/zookeeper/quota") != nullptr);
    CHECK(tree.find("/brokers") == nullptr);
}

TEST_CASE("errors of single writes") {
    struct Row {
        const char* claim;
        protocol::Body request;
        int32_t err;
    };
    const std::vector<Row> rows{
        {"create needs the parent", zk_create("/no/child", "x"), kNoNode},
        {"create finds the node there", zk_create("/p", "x"), kNodeExists},
        {"no children below an ephemeral", zk_create("/e/child", "x"), kNoChildrenForEphemerals},
        {"a path without a slash", zk_create("p2", "x"), kNoNode},
        {"setData of nothing", zk_set_data("/none", "x"), kNoNode},
        {"setData with another version", zk_set_data("/p", "x", 5), kBadVersion},
        {"setData with the version", zk_set_data("/p", "x", 0), kOk},
        {"delete of nothing", zk_delete("/none"), kNoNode},
        {"delete with another version", zk_delete("/p", 3), kBadVersion},
        {"delete with children", zk_delete("/parent"), kNotEmpty},
        {"delete", zk_delete("/p"), kOk},
    };
    for (const Row& row : rows) {
        INFO(row.claim);
        Tree t;
        t.create("/p");
        t.create("/e", std::nullopt, kEphemeral);
        t.create("/parent");
        t.create("/parent/child");
        const DataTree before = t.tree;
        const TreeReply reply = t.apply(row.request);
        CHECK(error_of(reply.body) == row.err);
        CHECK(zxid_of(reply.body) == 5);  // a failed write uses up its zxid too
        CHECK((t.tree == before) == (row.err != kOk));
        CHECK(reply.changes.empty() == (row.err != kOk));
    }
}

TEST_CASE("the stat after create, setData and a child") {
    Tree t;
    t.create("/a", "12345");
    t.create("/a/b");
    t.apply(zk_set_data("/a", "1"));
    const auto stat = t.stat("/a");
    CHECK(stat.czxid == 1);
    CHECK(stat.pzxid == 2);
    CHECK(stat.mzxid == 3);
    CHECK(stat.ctime == 1001);
    CHECK(stat.mtime == 1003);
    CHECK(stat.version == 1);
    CHECK(stat.cversion == 1);
    CHECK(stat.data_length == 1);
    CHECK(stat.num_children == 1);
    CHECK(stat.ephemeral_owner == 0);
}

TEST_CASE("sequential numbers count creations and no deletions") {
    Tree t;
    t.create("/p");
    t.create("/p/a");
    t.apply(zk_delete("/p/a"));
    CHECK(t.stat("/p").cversion == 2);
    CHECK(t.create("/p/s-", "x", kPersistentSequential) == "/p/s-0000000001");
    CHECK(t.stat("/p").cversion == 3);
    CHECK(t.create("/p/es-", "x", kEphemeralSequential) == "/p/es-0000000002");
}

TEST_CASE("the end of a session deletes its ephemerals in one transaction") {
    Tree t;
    t.create("/brokers");
    t.create("/brokers/ids");
    t.create("/brokers/ids/1", "x", kEphemeral);
    t.create("/controller", "x", kEphemeral);
    t.apply(zk_create("/brokers/ids/2", "x", kEphemeral), 8);
    const auto changes = t.tree.end_session(kSession, 99);
    CHECK(changes == std::vector<TreeChange>{{kNodeDeleted, "/controller"},
                                             {kNodeDeleted, "/brokers/ids/1"}});  // a Java hash set's order
    CHECK(t.tree.find("/brokers/ids/1") == nullptr);
    CHECK(t.tree.find("/brokers/ids/2") != nullptr);
    CHECK(t.stat("/brokers/ids").pzxid == 99);
    CHECK(t.stat("/brokers/ids").cversion == 3);
    CHECK(t.tree.end_session(kSession, 100).empty());
}

TEST_CASE("an ephemeral that its owner deletes is forgotten") {
    Tree t;
    t.create("/e", "x", kEphemeral);
    CHECK(t.stat("/e").ephemeral_owner == kSession);
    t.apply(zk_delete("/e"));
    CHECK(t.tree.ephemerals_of(kSession).empty());
}

TEST_CASE("a multi does all or nothing in one zxid") {
    Tree t;
    t.create("/controller_epoch", "5");
    const auto won =
        t.apply(zk_multi({op_create("/controller", "1", kEphemeral), op_set_data("/controller_epoch", "6", 0)}));
    CHECK(error_of(won.body) == kOk);
    CHECK(won.changes.size() == 2);
    CHECK(t.stat("/controller").czxid == t.stat("/controller_epoch").mzxid);
    const auto& results = std::get<protocol::ZkMultiResponse>(won.body).results;
    CHECK(results[0].path == "/controller");
    CHECK(results[1].stat.version == 1);

    const DataTree before = t.tree;
    const auto lost = t.apply(zk_multi({op_check("/controller_epoch", 1), op_create("/x", "x", kEphemeral),
                                        op_create("/controller", "2", kEphemeral), op_delete("/x")}),
                              8);
    CHECK(error_of(lost.body) == kNodeExists);
    CHECK(std::get<protocol::ZkMultiResponse>(lost.body).err ==
          kOk);  // the header's error is 0, the results say what failed
    std::vector<int32_t> errors;
    for (const auto& result : std::get<protocol::ZkMultiResponse>(lost.body).results) {
        CHECK(result.type == kOpError);
        errors.push_back(result.err);
    }
    CHECK(errors == std::vector<int32_t>{kOk, kOk, kNodeExists, kRuntimeInconsistency});
    CHECK(lost.changes.empty());
    CHECK(t.tree == before);
}

TEST_CASE("operations of a multi see those before them, and a late failure undoes all") {
    Tree t;
    CHECK(t.err(zk_multi({op_create("/a", "1"), op_create("/a/b", "2"), op_set_data("/a", "3", 0)})) == kOk);
    const DataTree before = t.tree;
    CHECK(t.err(zk_multi({op_delete("/a/b"), op_delete("/a"), op_create("/c", "x"), op_check("/zookeeper", 9)})) ==
          kBadVersion);
    CHECK(t.tree == before);
    CHECK(t.err(zk_multi({op_delete("/a/b"), op_delete("/a")})) == kOk);
    CHECK(t.tree.find("/a") == nullptr);
}

TEST_CASE("reads answer data, stat and sorted children") {
    Tree t;
    t.create("/p");
    t.create("/p/b");
    t.create("/p/a", "data");
    const auto children = std::get<protocol::ZkGetChildrenResponse>(t.tree.read(zk_get_children("/p", false), 3));
    CHECK(children.children == std::vector<std::string>{"a", "b"});
    CHECK(children.zxid == 3);
    const auto data = std::get<protocol::ZkGetDataResponse>(t.tree.read(zk_get_data("/p/a", false), 3));
    CHECK(data.data == "data");
    CHECK(data.stat.data_length == 4);
    CHECK(std::get<protocol::ZkGetDataResponse>(t.tree.read(zk_get_data("/p", false), 3)).data == std::nullopt);
    CHECK(error_of(t.tree.read(zk_exists("/none", false), 3)) == kNoNode);
}
