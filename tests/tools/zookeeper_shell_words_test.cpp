// SPDX-License-Identifier: Apache-2.0
#include "core/tools/zookeeper_shell_words.hpp"

#include "core/zookeeper/requests.hpp"
#include "tests/catch.hpp"

namespace kafkasim::tools {
namespace {

using Words = std::vector<std::string>;

ShellArguments parsed(std::string_view line) {
    const Words words = shell_words(line);
    return parse_shell_arguments(*find_shell_command(words.front()), words);
}

}  // namespace

TEST_CASE("a line splits at white space, except inside quotes that begin a word") {
    CHECK(shell_words("ls /brokers") == Words{"ls", "/brokers"});
    CHECK(shell_words("  get   /t \t") == Words{"get", "/t"});
    CHECK(shell_words("create /t \"a b\"") == Words{"create", "/t", "a b"});
    CHECK(shell_words("create /t 'a \"b'") == Words{"create", "/t", "a \"b"});
    CHECK(shell_words("create /t a\"b c\"") == Words{"create", "/t", "a\"b", "c\""});
    CHECK(shell_words("create /t \"\"") == Words{"create", "/t", ""});
    CHECK(shell_words("set /t \"ab") == Words{"set", "/t", "ab"});
    CHECK(shell_words("   ") == Words{" "});
    CHECK(shell_words("").empty());
}

TEST_CASE("options may stand anywhere and together") {
    CHECK(parsed("ls -sR /a").words == Words{"ls", "/a"});
    CHECK(parsed("ls -sR /a").flags == "sR");
    CHECK(parsed("get /a -w").has('w'));
    CHECK(parsed("delete -v3 /a").values.at('v') == "3");
    CHECK(parsed("delete -v -1 /a").values.at('v') == "-1");
    CHECK(parsed("set -- /a -5").words == Words{"set", "/a", "-5"});
}

TEST_CASE("what is no option is refused with the parser's class") {
    CHECK(parsed("ls -x /a").complaint ==
          "org.apache.commons.cli.UnrecognizedOptionException: Unrecognized option: -x");
    CHECK(parsed("ls -sx /a").complaint ==
          "org.apache.commons.cli.UnrecognizedOptionException: Unrecognized option: -sx");
    CHECK(parsed("ls --help").complaint ==
          "org.apache.commons.cli.UnrecognizedOptionException: Unrecognized option: --help");
    CHECK(parsed("create -t").complaint ==
          "org.apache.commons.cli.MissingArgumentException: Missing argument for option: t");
}

TEST_CASE("paths are checked before anybody is asked") {
    CHECK_FALSE(complaint_about_path("/"));
    CHECK_FALSE(complaint_about_path("/brokers/topics/a.b/.c/...d"));
    CHECK(complaint_about_path("brokers") == "Path must start with / character");
    CHECK(complaint_about_path("") == "Path length must be > 0");
    CHECK(complaint_about_path("/a/") == "Path must not end with / character");
    CHECK(complaint_about_path("/a//b") == "Invalid path string \"/a//b\" caused by empty node name specified @3");
    CHECK(complaint_about_path("/a/./b") == "Invalid path string \"/a/./b\" caused by relative paths not allowed @3");
    CHECK(complaint_about_path("/a/..") == "Invalid path string \"/a/..\" caused by relative paths not allowed @4");
}

TEST_CASE("each failure has its sentence") {
    CHECK(shell_failure(zookeeper::kNoNode, "/n") == "Node does not exist: /n");
    CHECK(shell_failure(zookeeper::kNodeExists, "/n") == "Node already exists: /n");
    CHECK(shell_failure(zookeeper::kBadVersion, "/n") == "version No is not valid : /n");
    CHECK(shell_failure(zookeeper::kNotEmpty, "/n") == "Node not empty: /n");
    CHECK(shell_failure(zookeeper::kNoChildrenForEphemerals, "/e/c") == "Ephemerals cannot have children: /e/c");
    CHECK(shell_failure(zookeeper::kConnectionLoss, "/n") == "KeeperErrorCode = ConnectionLoss for /n");
}

TEST_CASE("the usage text lists the commands by code point and ends some lines in a space") {
    const std::string usage = shell_usage();
    CHECK(usage.starts_with("ZooKeeper -server host:port [-zk-tls-config-file <file>] cmd args\n\taddWatch [-m mode]"));
    CHECK(usage.find("\n\tclose \n\tconfig [-c] [-w] [-s]\n") != std::string::npos);
    CHECK(usage.ends_with("\tsync path\n\tversion \n"));
    CHECK(find_shell_command("rmr") == nullptr);
}

TEST_CASE("children are listed in order and a stat takes eleven lines") {
    CHECK(children_line({"topics", "ids", "seqid"}) == "[ids, seqid, topics]\n");
    CHECK(children_line({}) == "[]\n");
    protocol::ZkStat stat;
    stat.czxid = 0xfb;
    stat.ctime = 1795352099000;
    stat.num_children = 3;
    const std::string lines = stat_lines(stat);
    CHECK(lines.starts_with("cZxid = 0xfb\nctime = Sun Nov 22 12:54:59 UTC 2026\nmZxid = 0x0\n"));
    CHECK(lines.ends_with("ephemeralOwner = 0x0\ndataLength = 0\nnumChildren = 3\n"));
}

TEST_CASE("events are printed as ZooKeeper's watcher prints them") {
    CHECK(watcher_block("SyncConnected", "None", "") ==
          "\nWATCHER::\n\nWatchedEvent state:SyncConnected type:None path:null\n");
    CHECK(watcher_block("SyncConnected", watch_type_name(zookeeper::kNodeDataChanged), "/n") ==
          "\nWATCHER::\n\nWatchedEvent state:SyncConnected type:NodeDataChanged path:/n\n");
    CHECK(child_path("/", "a") == "/a");
    CHECK(child_path("/a", "b") == "/a/b");
}

}  // namespace kafkasim::tools
