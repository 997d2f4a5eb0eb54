// SPDX-License-Identifier: Apache-2.0
//
// Record batches: exact sizes against batches that real clients made (kafka-clients 3.0.0 and others,
// uncompressed), and
// the sharing of immutable records.
#include "core/protocol/record_batch.hpp"

#include <limits>

#include "core/protocol/field_hash.hpp"
#include "core/protocol/varint.hpp"
#include "tests/catch.hpp"

namespace kafkasim::protocol {
namespace {

constexpr std::int64_t kStart = 1631145600000;

struct Entry {
    std::int64_t timestamp_ms;
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::vector<Record::Header> headers;
};

RecordBatch batch_of(const std::vector<Entry>& entries) {
    RecordBatchBuilder builder;
    for (const Entry& entry : entries) builder.append(entry.timestamp_ms, entry.key, entry.value, entry.headers);
    return builder.build();
}

// Records whose key and value end in a number; the first `with_headers` of them carry the headers.
struct Numbered {
    int count;
    std::int64_t step_ms;
    int keys;  // numbers 0 .. keys - 1, again and again
    int values;
    std::size_t with_headers;
};

std::vector<Entry> numbered(const Numbered& how, const std::string& before, const std::string& after,
                            const std::vector<Record::Header>& headers) {
    std::vector<Entry> out;
    for (int i = 0; i < how.count; ++i) {
        std::string key = "키" + std::to_string(i % how.keys);
        std::string value = before + std::to_string(i % how.values) + after;
        out.push_back({kStart + i * how.step_ms, std::move(key), std::move(value), {}});
        if (out.size() <= how.with_headers) out.back().headers = headers;
    }
    return out;
}

const std::optional<std::string> kNull;

}  // namespace

TEST_CASE("varints take as many bytes as Kafka's") {
    CHECK(unsigned_varint_size(0) == 1);
    CHECK(unsigned_varint_size(127) == 1);
    CHECK(unsigned_varint_size(128) == 2);
    CHECK(unsigned_varint_size(0xffffffff) == 5);
    CHECK(varint_size(0) == 1);
    CHECK(varint_size(-1) == 1);
    CHECK(varint_size(63) == 1);
    CHECK(varint_size(-64) == 1);
    CHECK(varint_size(64) == 2);
    CHECK(varint_size(-65) == 2);
    CHECK(varint_size(2147483647) == 5);
    CHECK(varint_size(std::numeric_limits<std::int64_t>::min()) == 10);
}

TEST_CASE("a batch is as large as the one that a real client made of the same records") {
    struct Row {
        std::string_view name;
        std::int32_t size_in_bytes;
        std::int64_t max_timestamp_ms;
        std::vector<Entry> entries;
    };
    const Row rows[] = {
        {"none-one", 69, kStart, {{kStart, kNull, "a", {}}}},
        {"none-three",
         95,
         kStart + 300,
         {{kStart, "k1", "v1", {}}, {kStart + 5, "k2", "v2", {}}, {kStart + 300, "k1", "v3", {}}}},
        {"none-korean-headers",
         131,
         kStart,
         {{kStart, "키", "값: 안녕하세요", {{"언어", "한국어"}, {"empty", ""}, {"nul", kNull}, {"언어", "en"}}}}},
        {"none-tombstone", 76, kStart, {{kStart, "k", kNull, {}}, {kStart, "", "", {}}}},
        {"none-out-of-order-timestamps",
         78,
         kStart + 1000,
         {{kStart + 1000, kNull, "a", {}}, {kStart, kNull, "b", {}}}},
        {"none-long-value", 370, kStart, {{kStart, kNull, std::string(300, 'x'), {}}}},
        {"none-idempotent", 81, kStart + 1, {{kStart, "k", "v1", {}}, {kStart + 1, "k", "v2", {}}}},
        {"control-commit", 78, kStart, {{kStart, std::string("\0\0\0\1", 4), std::string("\0\0\0\0\0\3", 6), {}}}},
        {"twenty-none", 918, kStart + 19,
         numbered({20, 1, 3, 4, 1}, "안녕하세요 카프카 ", " 줄", {{"언어", "한국어"}})},
        {"jvm-none",
         85,
         kStart + 8,
         {{kStart, kNull, "a", {}}, {kStart + 8, kNull, "b", {}}, {kStart + 8, kNull, "c", {}}}},
        {"confluent-kafka-python-none", 136, kStart, numbered({3, 0, 3, 3, 3}, "값 ", "", {{"h", "한글"}})},
        {"empty-after-compaction", 61, -1, {}},
    };
    for (const Row& row : rows) {
        INFO(row.name);
        const RecordBatch batch = batch_of(row.entries);
        CHECK(batch.size_in_bytes() == row.size_in_bytes);
        CHECK(batch.max_timestamp_ms == row.max_timestamp_ms);
        CHECK(batch.record_count() == static_cast<std::int32_t>(row.entries.size()));
    }
}

TEST_CASE("a builder knows its size at every step") {
    RecordBatchBuilder builder;
    CHECK(builder.empty());
    CHECK(builder.size_in_bytes() == 61);
    for (int i = 0; i < 200; ++i) {
        const std::string value(static_cast<std::size_t>(i), 'x');
        const std::int32_t expected = builder.size_in_bytes() + builder.size_of_next(kStart + i, kNull, value);
        builder.append(kStart + i, kNull, value);
        CHECK(builder.size_in_bytes() == expected);
    }
    const std::int32_t size = builder.size_in_bytes();
    CHECK(builder.build().size_in_bytes() == size);
    CHECK(builder.empty());
    CHECK(builder.size_in_bytes() == 61);
}

TEST_CASE("offsets and timestamps count from the header of the batch") {
    RecordBatch batch = batch_of({{kStart, "k1", "v1", {}}, {kStart + 5, "k2", "v2", {}}});
    batch.base_offset = 100;
    CHECK(batch.last_offset() == 101);
    CHECK(batch.next_offset() == 102);
    CHECK(batch.offset_of(batch.records()[1]) == 101);
    CHECK(batch.timestamp_ms_of(batch.records()[1]) == kStart + 5);
    batch.attributes = RecordBatch::kLogAppendTimeFlag;
    batch.max_timestamp_ms = kStart + 777;
    CHECK(batch.timestamp_ms_of(batch.records()[0]) == kStart + 777);
}

TEST_CASE("a copy with another offset shares the records") {
    const RecordBatch sent = batch_of({{kStart, kNull, "a", {}}});
    RecordBatch appended = sent;
    appended.base_offset = 7;
    CHECK(appended.body == sent.body);
    CHECK(sent.base_offset == 0);
    CHECK(appended != sent);
}

TEST_CASE("batches are equal by content") {
    const RecordBatch a = batch_of({{kStart, kNull, "a", {}}});
    CHECK(a == batch_of({{kStart, kNull, "a", {}}}));
    CHECK(a != batch_of({{kStart, kNull, "b", {}}}));
    CHECK(a != batch_of({{kStart, "", "a", {}}}));
    CHECK(RecordBatches(a) == RecordBatches(std::vector<RecordBatch>{a}));
    CHECK(RecordBatches(a) != RecordBatches());
}

TEST_CASE("a run of batches counts, sums and is cut without copying") {
    std::vector<RecordBatch> list;
    for (const char* value : {"a", "b", "c"}) list.push_back(batch_of({{kStart, kNull, value, {}}}));
    const RecordBatches all(std::move(list));
    CHECK(all.size() == 3);
    CHECK(all.size_in_bytes() == 3 * 69);
    CHECK(all.record_count() == 3);

    const RecordBatches middle = all.slice(1, 1);
    REQUIRE(middle.size() == 1);
    CHECK(&middle.front() == &all[1]);
    CHECK(all.slice(1, 99).size() == 2);
    CHECK(all.slice(1, 99).slice(1, 1).front() == all.back());
    CHECK(all.slice(3, 1).empty());
    CHECK(all.slice(99, 1).empty());
    CHECK(RecordBatches(std::vector<RecordBatch>{}).empty());
    CHECK(RecordBatches().begin() == RecordBatches().end());
    CHECK(RecordBatches().size_in_bytes() == 0);
}

TEST_CASE("the hash of records follows their content") {
    const auto hash = [](const RecordBatches& batches) {
        std::uint64_t h = kHashStart;
        append_hash(h, batches);
        return h;
    };
    const RecordBatches a(batch_of({{kStart, kNull, "a", {}}}));
    CHECK(hash(a) == hash(RecordBatches(batch_of({{kStart, kNull, "a", {}}}))));
    CHECK(hash(a) != hash(RecordBatches(batch_of({{kStart, "a", kNull, {}}}))));
    CHECK(hash(a) != hash(RecordBatches()));
}

}  // namespace kafkasim::protocol
