// SPDX-License-Identifier: Apache-2.0
#include "core/log/record_validation.hpp"

#include "tests/catch.hpp"

using namespace kafkasim;
using namespace kafkasim::log;

namespace {

struct Given {
    std::optional<std::string> key;
    int64_t timestamp_ms;
};

protocol::RecordBatches batch_of(std::initializer_list<Given> records) {
    protocol::RecordBatchBuilder builder;
    for (const Given& each : records) builder.append(each.timestamp_ms, each.key, "value");
    return protocol::RecordBatches(builder.build());
}

template <typename Change>
LogConfig with(Change change) {
    LogConfig config;
    change(config);
    return config;
}

const TopicPartition kPartition{TopicName("t"), 0};

}  // namespace

TEST_CASE("what a leader refuses to append") {
    LogConfig plain;
    const LogConfig compacted = with([](LogConfig& config) { config.compacted = true; });
    const LogConfig near = with([](LogConfig& config) { config.timestamp_difference_max_ms = 100; });
    LogConfig stamped = near;
    stamped.log_append_time = true;
    const LogConfig small = with([](LogConfig& config) { config.max_message_bytes = 72; });
    const LogConfig small_segment = with([](LogConfig& config) { config.segment_bytes = 72; });
    const auto keyless = batch_of({{std::nullopt, 1000}});
    struct Case {
        std::string what;
        LogConfig config;
        protocol::RecordBatches records;
        ErrorCode error;
        std::string message;
        std::vector<RecordError> errors;
    };
    const Case cases[] = {
        {"nothing", plain, keyless, ErrorCode::None, "", {}},
        {"a keyless record in a compacted topic",
         compacted,
         batch_of({{"k", 1000}, {std::nullopt, 1000}}),
         ErrorCode::InvalidRecord,
         "One or more records have been rejected",
         {{1, "Compacted topic cannot accept message without key in topic partition t-0."}}},
        {"keys in a compacted topic are fine", compacted, batch_of({{"k", 1000}}), ErrorCode::None, "", {}},
        {"times as far as allowed", near, batch_of({{"k", 900}, {"k", 1100}}), ErrorCode::None, "", {}},
        {"times that are further",
         near,
         batch_of({{"k", 899}, {"k", 1000}, {"k", 1101}}),
         ErrorCode::InvalidTimestamp,
         "One or more records have been rejected due to invalid timestamp",
         {{0, "Timestamp 899 of message with offset 0 is out of range. The timestamp should be within [900, 1100]"},
          {2, "Timestamp 1101 of message with offset 2 is out of range. The timestamp should be within [900, 1100]"}}},
        {"the leader's own time is never too far", stamped, batch_of({{"k", 1}}), ErrorCode::None, "", {}},
        {"a batch larger than max.message.bytes",
         small,
         keyless,
         ErrorCode::MessageTooLarge,
         "The record batch size in the append to t-0 is 73 bytes which exceeds the maximum configured value of 72.",
         {}},
        {"a batch larger than a segment",
         small_segment,
         keyless,
         ErrorCode::RecordListTooLarge,
         "Message batch size is 73 bytes in append to partition t-0, which exceeds the maximum configured segment size "
         "of 72.",
         {}},
    };
    for (const Case& each : cases) {
        INFO(each.what);
        const Refusal refusal = validate_records(each.records, each.config, kPartition, 1000);
        CHECK(refusal.error == each.error);
        CHECK(refusal.message == each.message);
        CHECK(refusal.records == each.errors);
    }
}
