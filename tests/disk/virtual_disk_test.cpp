// SPDX-License-Identifier: Apache-2.0
#include "sim/disk/virtual_disk.hpp"

#include "tests/catch.hpp"

using kafkasim::protocol::RecordBatch;
using kafkasim::protocol::RecordBatchBuilder;
using kafkasim::sim::VirtualDisk;
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
