// SPDX-License-Identifier: Apache-2.0
// The lab without a terminal: what a person does, what comes of it, how it is taken back and written down.
#include "tests/lab/lab_session.hpp"

using namespace kafkasim;
using namespace kafkasim::sim;
using namespace kafkasim::sim::lab;

namespace {

const std::string kCreate =
    "bin/kafka-topics.sh --create --topic music --bootstrap-server localhost:9093 --partitions 2 --replication-factor "
    "2";
const std::string kList = "bin/kafka-topics.sh --list --bootstrap-server localhost:9093";
const std::string kProduce = "bin/kafka-console-producer.sh --broker-list localhost:9093 --topic music";
const std::string kConsume =
    "bin/kafka-console-consumer.sh --bootstrap-server localhost:9093 --topic music --from-beginning";

/// A session with everything in it that a scenario has to express: servers and clients in terminals, lines, keys,
/// faults, edits, time.
void work(Session& session) {
    start_cluster(session);
    session.enter(kCreate);
    session.enter(kConsume + " --max-messages 2 &");
    in(session, "consumer", kConsume);
    in(session, "producer", kProduce);
    session.enter("하나");
    session.enter("two");
    session.enter(":cut broker-1 broker-3");
    session.enter("three");
    session.enter("^C");
    session.enter(":heal");
    session.enter(":wait 1500ms");
    session.enter("cp config/server.properties config/my.properties");
    session.enter(":set config/my.properties broker.id=7 listeners=PLAINTEXT://:9099");
    session.enter("cat config/my.properties | cat");
    session.enter(":pause 2");
    session.enter(":resume 2");
    in(session, "broker-3", "^C");
    session.enter(":until idle");
    in(session, "consumer", "^C");
    session.enter("bin/no-such-script.sh");
    session.enter("bin/kafka-topics.sh --describe --topic music --bootstrap-server localhost:9094");
}

}  // namespace

TEST_CASE("lab: what :save writes gives the same outputs and the same digest when it is run") {
    const auto session = new_session();
    work(*session);
    const std::string file = session->saved();
    INFO(file);
    const Played played = play(file);
    CHECK(played.result.problems.empty());
    CHECK(played.result.digest == session->digest());
    CHECK(played.result.end == session->world().now());
    for (const Terminal& terminal : session->terminals()) {
        const auto found = played.terminals.find(terminal.name);
        std::string text = found == played.terminals.end() ? "" : found->second;
        std::string shown = shown_by_programs(terminal.text);
        // The shell's prompt begins a new line behind a key's echo.
        for (std::string* each : {&text, &shown}) {
            for (size_t at = each->find("^C\n"); at != std::string::npos; at = each->find("^C\n"))
                each->erase(at + 2, 1);
        }
        INFO("terminal " << terminal.name);
        CHECK(text == shown);
        CHECK((terminal.name == "main" || !shown.empty()));
    }
    SECTION("and other acts another") {
        session->enter(":wait 1s");
        session->enter(kList);
        CHECK(session->digest() != played.result.digest);
    }
}

TEST_CASE("lab: what is started with & speaks in its terminal and leaves the shell free") {
    const auto session = new_session();
    start_cluster(*session);
    session->enter(kCreate);
    const std::string started = session->enter(kConsume + " --max-messages 1 &").text;
    CHECK(started.starts_with("[1] "));
    CHECK_FALSE(session->busy());
    session->enter(":until idle");
    session->enter(kProduce);
    CHECK(session->enter("하나").text.find("하나\nProcessed a total of 1 messages\n") != std::string::npos);
}

TEST_CASE("lab: a command that had ended is a plain run; one that still ran is in the background") {
    const auto session = new_session();
    in(*session, "main", "ls config");
    in(*session, "zk", "bin/zookeeper-server-start.sh config/zookeeper.properties");
    const std::string file = session->saved();
    CHECK(file.find(R"({"run":"ls config","tty":true})") != std::string::npos);
    CHECK(file.find(R"("tty":true,"background":true,"terminal":"zk"})") != std::string::npos);
}

TEST_CASE("lab: :undo goes back to before the last act, terminals, time and cluster") {
    const auto session = new_session();
    start_cluster(*session);
    CHECK(session->enter(kList).text == "\n");
    const Instant before = session->world().now();
    const uint64_t digest = session->digest();
    const std::string terminal = session->terminal("main").text;
    session->enter(kCreate);
    CHECK(session->enter(kList).text == "music\n");
    const Reply undone = session->enter(":undo 2");
    CHECK_FALSE(undone.failed);
    CHECK(undone.text == "undone: $ " + kList + "\nundone: $ " + kCreate + "\n");
    CHECK(session->world().now() == before);
    CHECK(session->digest() == digest);
    CHECK(session->terminal("main").text == terminal);
    CHECK(session->enter(kList).text == "\n");

    SECTION("what is done again afterwards is as if nothing had been undone") {
        session->enter(kCreate);
        const auto straight = new_session();
        start_cluster(*straight);
        straight->enter(kList);
        straight->enter(kList);
        straight->enter(kCreate);
        CHECK(straight->digest() == session->digest());
    }
    SECTION("more than there is undoes everything, and then there is nothing to undo") {
        CHECK_FALSE(session->enter(":undo 999").failed);
        CHECK(session->world().process_count() == 0);
        CHECK(session->enter(":undo").failed);
    }
}

TEST_CASE("lab: :undo takes a typed line back, and the program still waits for it") {
    const auto session = new_session();
    start_cluster(*session);
    session->enter(kCreate);
    in(*session, "consumer", kConsume);
    in(*session, "producer", kProduce);
    CHECK(session->enter("wrong").text.find("consumer | wrong\n") != std::string::npos);
    session->enter(":undo");
    CHECK(session->busy());
    CHECK(session->enter("right").text.find("consumer | right\n") != std::string::npos);
    CHECK(session->terminal("consumer").text.find("wrong") == std::string::npos);
}

TEST_CASE("lab: programs of other terminals speak with their names, servers do not unless watched") {
    const auto session = new_session();
    in(*session, "zk", "bin/zookeeper-server-start.sh config/zookeeper.properties");
    const std::string started =
        in(*session, "main", "bin/kafka-server-start.sh -daemon config/server.1.properties").text;
    CHECK(started.empty());
    CHECK(session->enter(":until idle").text.empty());
    session->enter(":watch zk");
    session->enter("bin/kafka-server-start.sh -daemon config/server.2.properties");
    CHECK(session->enter(":until idle").text.find("zk | ") == std::string::npos);  // ZooKeeper logs nothing of it
    in(*session, "b3", "bin/kafka-server-start.sh config/server.3.properties");
    session->go("main");
    CHECK(session->enter(":wait 1s").text.find("b3 | ") == std::string::npos);
    session->enter(":watch b3");
    CHECK(session->enter(":stop broker-3").text.find("b3 | ") != std::string::npos);
}

TEST_CASE("lab: what cannot be done is said, and what was meant") {
    const auto session = new_session();
    struct Row {
        std::string line;
        std::string phrase;
    };
    const std::vector<Row> rows = {
        {":descibe", "did you mean :describe?"},
        {":stop brokr-1", "did you mean broker-1?"},
        {":stop zookeeper", "zookeeper is not running"},
        {":wait", "usage: :wait TIME"},
        {":wait 3", "usage: :wait TIME"},
        {":until", "usage: :until idle|TEXT"},
        {":speed fast", "usage: :speed N|real|max"},
        {":set config/none.properties a=b", "no such file"},
        {":set config/server.properties", "usage: :set FILE KEY=VALUE..."},
        {":heal broker-1 broker-2", "nothing is cut or slow there"},
        {":new main", "There is a terminal main already"},
        {":watch nowhere", "There is no terminal nowhere"},
        {":why", "Nothing was done yet"},
        {":undo", "There is nothing to undo"},
        {"vi config/server.1.properties", ":set FILE KEY=VALUE"},
        {"cd config", "There is no cd here"},
        {"kill 4711", ":kill PROCESS"},
    };
    for (const Row& row : rows) {
        const Reply reply = session->enter(row.line);
        INFO(row.line << " -> " << reply.text);
        CHECK(reply.failed);
        CHECK(reply.text.find(row.phrase) != std::string::npos);
    }
    CHECK(session->acts().empty());
    CHECK_FALSE(session->enter("no-such-command").failed);  // the shell's mistake, not the lab's
}

TEST_CASE("lab: a line for a program that does not read is refused, and a colon can be typed") {
    const auto session = new_session();
    in(*session, "zk", "bin/zookeeper-server-start.sh config/zookeeper.properties");
    CHECK(session->enter("ls").failed);
    start_cluster(*session);
    session->enter(kCreate);
    in(*session, "consumer", kConsume);
    in(*session, "producer", kProduce);
    CHECK(session->enter("::quit").text.find("consumer | :quit\n") != std::string::npos);
    CHECK_FALSE(session->wants_to_quit());
    session->enter("^D");
    CHECK_FALSE(session->busy());
    session->enter("^D");
    CHECK(session->wants_to_quit());
}

TEST_CASE("lab: every command of the table has words in both languages and fits into 80 columns") {
    for (const std::string language : {"en", "ko"}) {
        const auto session = new_session(language);
        const std::string help = session->enter(":help").text;
        for (const LabCommand& command : lab_commands()) {
            INFO(command.name);
            CHECK(help.find(":" + std::string(command.name)) != std::string::npos);
            CHECK(!command.about_in_korean.empty());
        }
        for (const std::string& line : lines_of(help)) {
            INFO(line);
            CHECK(columns_of(line) <= 80);
        }
    }
}

TEST_CASE("lab: looking, completing and drawing leave the run as it is") {
    const auto session = new_session();
    const auto other = new_session();
    for (Session* each : {session.get(), other.get()}) start_cluster(*each);
    session->enter(":describe");
    session->enter(":terminals");
    complete(*session, "bin/kafka-topics.sh --describe --topic ");
    status_line(*session, 80);
    session->enter(":why");
    session->enter(":history");
    for (Session* each : {session.get(), other.get()}) each->enter(kCreate);
    CHECK(session->digest() == other->digest());
}
