// SPDX-License-Identifier: Apache-2.0
#pragma once
// The tree of znodes as a value: what each request changes and what it answers, given the session, the zxid and the
// time. No effects: it returns the reply
// and the list of changes, from which the server fires watches and makes notes. The same requests in the same order
// give the same tree, which is how
// a restarted server gets it back. Times: epoch milliseconds.
// Apache ZooKeeper 3.6.3: org.apache.zookeeper.server.DataTree, DataNode, PrepRequestProcessor.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/protocol/message.hpp"
#include "core/zookeeper/requests.hpp"

namespace kafkasim::zookeeper {

struct Znode {
    ZkData data;
    int64_t czxid = 0;
    int64_t mzxid = 0;
    int64_t pzxid = 0;
    int64_t ctime_ms = 0;
    int64_t mtime_ms = 0;
    int32_t version = 0;
    int32_t creations = 0;  // of children so far; the shown cversion is 2 * creations - children present
    int64_t ephemeral_owner = 0;
    std::set<std::string> children;
    bool operator==(const Znode&) const = default;
};

/// One node that a write created, changed or deleted, in the order in which it happened.
struct TreeChange {
    EventType type = kNodeCreated;  // created, deleted or data changed
    std::string path;
    bool operator==(const TreeChange&) const = default;
};

struct TreeReply {
    protocol::Body body;
    std::vector<TreeChange> changes;
};

class DataTree {
public:
    /// "/" and the server's own "/zookeeper", "/zookeeper/quota", "/zookeeper/config".
    DataTree();

    /// create, delete, setData and multi. A failed one changes nothing and answers its error; its zxid is used up
    /// all the same.
    TreeReply apply(const protocol::Body& request, int64_t session, int64_t zxid, int64_t time_ms);
    /// Deletes the ephemerals of a session that ended, in one transaction.
    std::vector<TreeChange> end_session(int64_t session, int64_t zxid);
    /// exists, getData, getChildren and sync. `last_zxid` is that of the server's last transaction.
    protocol::Body read(const protocol::Body& request, int64_t last_zxid) const;

    const Znode* find(std::string_view path) const;
    /// In the order in which a java.util.HashSet holds them: that in which ZooKeeper deletes them.
    std::vector<std::string> ephemerals_of(int64_t session) const;
    size_t size() const { return nodes_.size(); }

    bool operator==(const DataTree&) const = default;

private:
    /// What stands at a path before a multi touches it.
    using Undo = std::vector<std::pair<std::string, std::optional<Znode>>>;
    struct Write {
        int64_t session;
        int64_t zxid;
        int64_t time_ms;
        Undo* undo;  // nullptr outside a multi
        std::vector<TreeChange>* changes;
    };
    struct Outcome {
        int32_t err = kOk;
        std::string path;
        protocol::ZkStat stat;
    };

    Outcome create(const std::string& path, const ZkData& data, int32_t flags, Write& write);
    Outcome remove(const std::string& path, int32_t version, Write& write);
    Outcome set_data(const std::string& path, const ZkData& data, int32_t version, Write& write);
    Outcome check(const std::string& path, int32_t version) const;
    Outcome apply_op(const protocol::ZkMultiOp& op, Write& write);
    protocol::Body multi(const protocol::ZkMultiRequest& request, Write& write);
    void save(const std::string& path, Write& write) const;
    void erase(const std::string& path, Write& write);

    std::map<std::string, Znode, std::less<>> nodes_;
    std::map<int64_t, std::vector<std::string>> ephemerals_;  // in order of creation
};

protocol::ZkStat stat_of(const Znode& node);

}  // namespace kafkasim::zookeeper
