// SPDX-License-Identifier: Apache-2.0
#pragma once
// A value or the sentence that says why there is none. For what a person can get wrong; wire errors are ErrorCode
// values.

#include <string>
#include <utility>
#include <variant>

#include "core/base/check.hpp"

namespace kafkasim {

struct Error {
    std::string message;
};

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::move(value)) {}
    Result(Error error) : state_(std::move(error)) {}

    explicit operator bool() const { return state_.index() == 0; }
    bool ok() const { return state_.index() == 0; }
    const T& value() const& {
        CHECK_INVARIANT(ok(), "value() of an error");
        return *std::get_if<0>(&state_);
    }
    T&& value() && {
        CHECK_INVARIANT(ok(), "value() of an error");
        return std::move(*std::get_if<0>(&state_));
    }
    const std::string& error() const {
        CHECK_INVARIANT(!ok(), "error() of a value");
        return std::get_if<1>(&state_)->message;
    }

private:
    std::variant<T, Error> state_;
};

}  // namespace kafkasim
