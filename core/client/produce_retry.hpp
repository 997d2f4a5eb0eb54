// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether the producer sends a batch again after an error. Pure; called by Producer per batch of a response.
// Kafka 3.0.0: org.apache.kafka.clients.producer.internals.Sender.canRetry.

#include "core/base/error_code.hpp"
#include "core/base/time.hpp"

namespace kafkasim::client {

/// `attempts`: how often the batch was put back before. `age`: since the batch was begun.
inline bool retries_produce(ErrorCode error, int32_t attempts, int32_t retries, Duration age,
                            Duration delivery_timeout) {
    return age < delivery_timeout && attempts < retries && retriable(error);
}

}  // namespace kafkasim::client
