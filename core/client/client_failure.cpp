// SPDX-License-Identifier: Apache-2.0
#include "core/client/client_failure.hpp"

namespace kafkasim::client {

std::string exception_class(ErrorCode code) {
    if (code == ErrorCode::InvalidRecord) return "org.apache.kafka.common.InvalidRecordException";
    return "org.apache.kafka.common.errors." + std::string(exception_name(code));
}

ClientFailure failure_of(ErrorCode code, std::string message) {
    if (message.empty()) message = std::string(default_message(code));
    return {exception_class(code), std::move(message)};
}

ClientFailure failure_of_disconnect() { return {"org.apache.kafka.common.errors.DisconnectException", "null"}; }

}  // namespace kafkasim::client
