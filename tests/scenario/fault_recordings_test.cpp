// SPDX-License-Identifier: Apache-2.0
// What a real Kafka 3.0.0 did when a disk was full, failed or slow and when a clock was wrong. A library before the C
// library of its virtual machine answered its writes with ENOSPC or EIO, delayed them, and moved its clock.
#include "tests/scenario/recorded.hpp"

using namespace kafkasim::sim::scenario;

TEST_CASE("the disk of a leader is full: it halts, and does not start until there is room, as on the real cluster") {
    check_equal("disk-full.json", {});
}

TEST_CASE("failed disks of followers and of ZooKeeper go as on the real cluster") {
    check_equal("disk-failed.json", {});
}

TEST_CASE("one of two log directories fails, and only its partitions go offline, as on the real cluster") {
    check_equal("log-dir-failed.json", {});
}

TEST_CASE("a wrong clock and a slow disk go as on the real cluster") { check_equal("clock-and-slow-disk.json", {}); }
