// SPDX-License-Identifier: Apache-2.0
#pragma once
// The transactions of a server on disk, so that a restarted one has its tree and its sessions back:
// <dataDir>/version-2/log.<first zxid in hex>.
// Each transaction is one line of text, the request itself; reading applies them again in order. A file is full
// after 64 transactions, so that writing one
// costs little. Called by ZooKeeperServer. Apache ZooKeeper 3.6.3:
// org.apache.zookeeper.server.persistence.FileTxnLog.
// Simplified: text instead of jute, no snapshots (the whole log is kept), a new file after 64 transactions instead
// of at a snapshot.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/node/env.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::zookeeper {

struct Txn {
    enum class Kind : uint8_t { CreateSession, CloseSession, Request };
    int64_t zxid = 0;
    int64_t time_ms = 0;
    int64_t session = 0;
    Kind kind = Kind::Request;
    int32_t timeout_ms = 0;  // CreateSession
    protocol::Body request;  // create, delete, setData, multi
    bool operator==(const Txn&) const = default;
};

std::string encode_txn(const Txn& txn);
/// nullopt for a line that is no transaction.
std::optional<Txn> decode_txn(std::string_view line);

class TxnLog {
public:
    TxnLog() = default;
    explicit TxnLog(std::string data_dir) : dir_(std::move(data_dir) + "/version-2") {}

    /// All transactions on disk, in order.
    std::vector<Txn> read(node::Env& env) const;
    /// nullopt, or why it did not get to the disk.
    std::optional<std::string> append(node::Env& env, const Txn& txn);
    /// Before the first read: what an earlier life of the server met there is over.
    void forget_failures(node::Env& env) const { env.disk().forget_failure(dir_); }

    static constexpr int kTransactionsPerFile = 64;

private:
    std::string dir_;
    std::string path_;  // of the file being written; empty before the first write
    int transactions_ = 0;
    bool announced_ = false;
};

}  // namespace kafkasim::zookeeper
