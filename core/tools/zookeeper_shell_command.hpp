// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/zookeeper-shell.sh: one command, or those that are typed, against one ZooKeeper server, over a session of its
// own. Watch events and changes of the session's
// state are printed as they come; a command in work when the connection is lost fails with ConnectionLoss. Exit
// code: that of the last command (0, 1, 127).
// Apache ZooKeeper 3.6.3: org.apache.zookeeper.ZooKeeperMain, cli.*Command, ZKUtil; Kafka 3.0.0:
// ZooKeeperMainWithTlsSupportForKafka.
// Simplified: getAllChildrenNumber counts by listing each node, getAcl asks only whether the node is there (ACLs
// are open); addWatch, addauth, delquota,
// getEphemerals, listquota, reconfig, removewatches, setAcl, setquota, containers and TTLs are refused by name; no
// chroot, and no host but this one.

#include <map>

#include "core/tools/tool_process.hpp"
#include "core/tools/zookeeper_shell_words.hpp"
#include "core/zookeeper/client.hpp"

namespace kafkasim::tools {

class ZooKeeperShellCommand final : public ToolProcess {
public:
    using ToolProcess::ToolProcess;

private:
    /// How a command ended: its exit code. kOver: the shell ends too, with the code of the command before. kThrown: it
    /// ends by an exception that nobody catches.
    enum Outcome : int { kDone = 0, kFailed = 1, kNotFound = 127, kOver = -1, kThrown = -2 };

    Task<int> run() override;
    Task<int> read_lines();
    Task<int> execute(std::vector<std::string> words);
    Task<int> execute_here(std::vector<std::string> words);
    Task<int> redo(std::vector<std::string> words);
    Task<int> act(ShellArguments arguments);
    // zookeeper_shell_actions.cpp: the commands that ask the server
    Task<int> list(ShellArguments arguments);
    Task<int> list_tree(std::string path, bool watch);
    Task<int> list_below(std::string path, bool watch);
    Task<int> get(ShellArguments arguments);
    Task<int> stat(ShellArguments arguments);
    Task<int> set(ShellArguments arguments);
    Task<int> create(ShellArguments arguments);
    Task<int> remove(ShellArguments arguments);
    Task<int> remove_all(ShellArguments arguments);
    Task<int> count_below(ShellArguments arguments);
    Task<int> config();
    Task<int> get_acl(ShellArguments arguments);
    Task<int> sync(ShellArguments arguments);
    /// The path and everything below it, breadth first; an error otherwise.
    Task<int32_t> subtree(std::string path, std::vector<std::string>* out);

    /// Sends one request and waits for its reply.
    Task<protocol::Body> ask(protocol::Body request);
    Task<int> close_session();
    void connect(const std::string& server);
    void show_history();
    /// Prints a message on stderr; kFailed.
    int fail(std::string_view message);
    int thrown(std::string_view exception);
    /// `get path watch` of old means `get -w path`: the third word is taken for a -w, whatever it is.
    void rewrite_old_form(const ShellCommand& command, std::vector<std::string>& words, ShellArguments& arguments);

    void client_connected(node::ConnectionId, node::Tag) override;
    void client_disconnected(node::ConnectionId, node::Tag, node::CloseReason reason) override;
    void client_message(node::ConnectionId, node::Tag, protocol::Message&& message) override;
    void client_timer(node::TimerId, node::Tag tag) override;
    void tell(std::vector<zookeeper::ZkClientEvent>&& events);
    void state_changed(zookeeper::ZkStateChanged::State state);

    std::string server_;
    zookeeper::ZkClient client_;
    uint64_t next_token_ = 1;
    std::map<uint64_t, protocol::Body> answers_;
    uint64_t failed_attempts_ = 0;
    bool print_watches_ = true;
    int exit_code_ = 0;
    std::vector<std::string> history_;
};

}  // namespace kafkasim::tools
