// SPDX-License-Identifier: Apache-2.0
#include "sim/disk/virtual_disk.hpp"

#include "sim/faults/disk.hpp"
#include "tests/catch.hpp"

using kafkasim::Instant;
using kafkasim::protocol::RecordBatch;
using kafkasim::protocol::RecordBatchBuilder;
using kafkasim::sim::DiskOf;
using kafkasim::sim::FailedDisk;
using kafkasim::sim::FullDisk;
using kafkasim::sim::SlowDisk;
using kafkasim::sim::VirtualDisk;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;

namespace {
RecordBatch batch(const std::string& value) {
    RecordBatchBuilder builder;
    builder.append(1000, std::nullopt, value);
    return builder.build();
}
}  // namespace

TEST_CASE("paths are made absolute from the folder of the tarball") {
    CHECK(VirtualDisk::absolute("config/server.properties") == "/tmp/kafka_2.13-3.0.0/config/server.properties");
    CHECK(VirtualDisk::absolute("/a//b/./c/../d/") == "/a/b/d");
    CHECK(VirtualDisk::absolute("/") == "/");
    CHECK(VirtualDisk::absolute("../x") == "/tmp/x");
    CHECK(VirtualDisk::absolute("/../../x/..") == "/");
    CHECK(VirtualDisk::absolute("") == VirtualDisk::kHome);
}

TEST_CASE("files, folders and their names") {
    VirtualDisk disk;
    disk.write_text("/tmp/a/x", "1");
    disk.write_text("/tmp/a/y", "22");
    disk.make_directories("/tmp/a/z");
    CHECK(disk.list("/tmp/a") == Names{"x", "y", "z"});
    CHECK_FALSE(disk.list("/tmp/none"));
    CHECK(disk.read_text("/tmp/a/y") == "22");
    CHECK_FALSE(disk.read_text("/tmp/a/none"));
    CHECK(disk.size("/tmp/a/y") == 2);
    disk.append_text("/tmp/a/y", "3");
    disk.append_text("/tmp/a/w/new", "4");
    CHECK(disk.read_text("/tmp/a/y") == "223");
    CHECK(disk.read_text("/tmp/a/w/new") == "4");
    disk.remove("/tmp/a/w");
    disk.rename("/tmp/a", "/tmp/b");
    CHECK_FALSE(disk.exists("/tmp/a"));
    CHECK(disk.list("/tmp/b") == Names{"x", "y", "z"});
    disk.remove("/tmp/b");
    CHECK_FALSE(disk.exists("/tmp/b/x"));
}

TEST_CASE("renaming a folder leaves others whose names begin alike") {
    VirtualDisk disk;
    disk.write_text("/l/t-1/f", "a");
    disk.write_text("/l/t-10/f", "b");
    disk.rename("/l/t-1", "/l/t-1.x-delete");
    CHECK(disk.read_text("/l/t-10/f") == "b");
    CHECK(disk.read_text("/l/t-1.x-delete/f") == "a");
}

TEST_CASE("a power cut takes what was not flushed, a crash does not") {
    VirtualDisk disk;
    disk.append_batch("/l/t-0/0.log", batch("one"));
    disk.flush("/l/t-0/0.log");
    disk.append_batch("/l/t-0/0.log", batch("two"));
    CHECK(disk.read_batches("/l/t-0/0.log").size() == 2);
    disk.lose_unflushed("/other");
    CHECK(disk.read_batches("/l/t-0/0.log").size() == 2);
    disk.lose_unflushed("/l");
    CHECK(disk.read_batches("/l/t-0/0.log").size() == 1);
    CHECK(disk.size("/l/t-0/0.log") == batch("one").size_in_bytes());
}

TEST_CASE("after thirty seconds the system has written back what nobody flushed") {
    VirtualDisk disk;
    const Instant start{};
    disk.begin_event(start);
    disk.append_batch("/l/t-0/0.log", batch("one"));
    disk.write_text("/l/old", "a");
    disk.begin_event(start + 20s);
    disk.append_batch("/l/t-0/0.log", batch("two"));
    disk.write_text("/l/new", "b");
    disk.begin_event(start + 30s);
    const std::vector<VirtualDisk::Loss> losses = disk.lose_unflushed("/l");
    CHECK(disk.read_batches("/l/t-0/0.log").size() == 1);
    CHECK(disk.read_text("/l/old") == "a");
    CHECK(disk.read_text("/l/new") == "");
    REQUIRE(losses.size() == 2);
    CHECK(losses[0].path == "/l/new");
    CHECK(losses[0].characters == 1);
    CHECK(losses[1].path == "/l/t-0/0.log");
    CHECK(losses[1].batches == 1);
}

TEST_CASE("a text goes back to what was flushed") {
    VirtualDisk disk;
    disk.begin_event(Instant{});
    disk.write_text("/l/checkpoint", "1");
    disk.flush("/l/checkpoint");
    disk.write_text("/l/checkpoint", "2");
    disk.lose_unflushed("/l");
    CHECK(disk.read_text("/l/checkpoint") == "1");
}

TEST_CASE("truncated batches do not come back, and a flushed rest stays flushed") {
    VirtualDisk disk;
    disk.begin_event(Instant{});
    for (const char* value : {"one", "two", "three"}) disk.append_batch("/l/0.log", batch(value));
    disk.flush("/l/0.log");
    disk.append_batch("/l/0.log", batch("four"));
    disk.keep_batches("/l/0.log", 2);
    disk.append_batch("/l/0.log", batch("five"));
    disk.lose_unflushed("/l");
    CHECK(disk.read_batches("/l/0.log").size() == 2);
}

TEST_CASE("on a full disk what needs room fails and changes nothing") {
    VirtualDisk disk;
    disk.write_text("/l/a", "old");
    disk.append_batch("/l/0.log", batch("one"));
    FullDisk full(DiskOf{"broker-1", {"/l"}});
    disk.add_rule(&full);
    disk.write_text("/l/a", "new");
    disk.append_text("/l/a", "more");
    disk.append_batch("/l/0.log", batch("two"));
    disk.make_directories("/l/t-0");
    CHECK(disk.read_text("/l/a") == "old");
    CHECK(disk.read_batches("/l/0.log").size() == 1);
    CHECK_FALSE(disk.exists("/l/t-0"));
    CHECK(disk.failure("/l") == "No space left on device");
    CHECK(disk.failure("/l/a") == "No space left on device");
    CHECK_FALSE(disk.failure("/l/b"));
    CHECK_FALSE(disk.failure("/other"));
    CHECK(full.touched() == 4);
    CHECK(full.receipt() == "broker-1's disk had no room 4 times");
    // What needs none goes on.
    disk.forget_failure("/l");
    disk.flush("/l/0.log");
    disk.keep_batches("/l/0.log", 0);
    disk.rename("/l/a", "/l/b");
    disk.write_text("/other/x", "1");
    CHECK_FALSE(disk.failure("/"));
    CHECK(disk.read_text("/l/b") == "old");
    CHECK(disk.read_batches("/l/0.log").empty());
    disk.remove_rule(&full);
    disk.write_text("/l/b", "new");
    CHECK(disk.read_text("/l/b") == "new");
}

TEST_CASE("on a failed disk nothing can be changed, only read") {
    VirtualDisk disk;
    disk.write_text("/l/a", "old");
    FailedDisk failed(DiskOf{"broker-1", {"/l"}});
    disk.add_rule(&failed);
    CHECK(disk.disturbed("/l/a"));
    CHECK_FALSE(disk.disturbed("/lx/a"));
    disk.rename("/l/a", "/l/b");
    disk.remove("/l/a");
    disk.flush("/l/a");
    CHECK(disk.read_text("/l/a") == "old");
    CHECK(disk.failure("/l") == "Input/output error");
    CHECK(failed.receipt() == "broker-1's disk failed 3 times");
}

TEST_CASE("accesses to a slow disk take their time one after another, across events") {
    VirtualDisk disk;
    SlowDisk slow(DiskOf{"broker-1", {"/l"}}, 50ms);
    disk.add_rule(&slow);
    const Instant start{};
    disk.begin_event(start);
    disk.write_text("/other/x", "1");
    CHECK(disk.done() == start);
    disk.write_text("/l/a", "1");
    disk.flush("/l/a");
    CHECK(disk.done() == start + 100ms);
    disk.begin_event(start + 20ms);
    CHECK(disk.done() == start + 20ms);  // this event has not touched it
    disk.write_text("/l/b", "1");
    CHECK(disk.done() == start + 150ms);
    disk.begin_event(start + 1s);
    disk.write_text("/l/b", "2");
    CHECK(disk.done() == start + 1050ms);
    CHECK(slow.receipt() == "broker-1's disk took 50 ms longer 4 times");
}
