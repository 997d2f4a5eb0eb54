// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a client call would have thrown: a Java class name and a text. Values, so that the tools can print them as
// the real ones do.
// Kafka 3.0.0: the exceptions in org.apache.kafka.common.errors, org.apache.kafka.clients.consumer.

#include <string>

#include "core/base/error_code.hpp"

namespace kafkasim::client {

struct ClientFailure {
    std::string exception;  // "org.apache.kafka.common.errors.TimeoutException"
    std::string message;
};

/// "org.apache.kafka.common.errors." + the class of the code.
std::string exception_class(ErrorCode code);
/// The exception of an error code with its default text (or `message`, if there is one).
ClientFailure failure_of(ErrorCode code, std::string message = {});
/// The connection was lost before the answer: DisconnectException, which has no text.
ClientFailure failure_of_disconnect();

}  // namespace kafkasim::client
