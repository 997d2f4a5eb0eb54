// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an AdminClient does with the errors inside a response: hand it to the caller, ask again, or ask somebody
// else. Pure.
// Kafka 3.0.0: the handleResponse functions in org.apache.kafka.clients.admin.KafkaAdminClient and admin.internals.

#include <vector>

#include "core/client/admin_client.hpp"

namespace kafkasim::client {

enum class AdminVerdict : uint8_t {
    Done,           // the caller reads it
    RetryLater,     // after retry.backoff.ms
    RetryAtOnce,    // the coordinator is loading: AdminApiDriver does not pause
    NotController,  // metadata first, then again
    LookUpAgain,    // not the coordinator (any more)
    Restart,        // leaders have moved: metadata first, all parts again
};

AdminVerdict judge_admin(AdminRoute route, const protocol::Body& body);
/// All error codes that stand in the response, of those kinds that are retried.
std::vector<ErrorCode> error_codes(const protocol::Body& body);

}  // namespace kafkasim::client
