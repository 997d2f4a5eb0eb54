// SPDX-License-Identifier: Apache-2.0
#pragma once
// A coroutine that runs on the virtual clock: how the tools are written, top to bottom as the real ones are, while
// each `co_await` gives the world its turn. A task
// starts when it is awaited (or resumed by its process) and goes back to its awaiter when it returns. Tasks throw
// nothing.
// Parameters of a task are taken by value: they live in its frame.

#include <coroutine>
#include <optional>
#include <utility>

#include "core/base/check.hpp"

namespace kafkasim::tools {

template <typename T>
class [[nodiscard]] Task {
public:
    struct promise_type {
        std::optional<T> value;
        std::coroutine_handle<> awaiter;

        struct Final {
            bool await_ready() const noexcept { return false; }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> done) const noexcept {
                return done.promise().awaiter ? done.promise().awaiter : std::noop_coroutine();
            }
            void await_resume() const noexcept {}
        };

        Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
        std::suspend_always initial_suspend() const noexcept { return {}; }
        Final final_suspend() const noexcept { return {}; }
        void return_value(T result) { value = std::move(result); }
        void unhandled_exception() const {
            check_failed(__FILE__, __LINE__, "no exceptions", "a tool's coroutine threw");
        }
    };

    Task() = default;
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Task& operator=(Task&& other) noexcept {
        if (this != &other) {
            if (handle_) handle_.destroy();
            handle_ = std::exchange(other.handle_, nullptr);
        }
        return *this;
    }
    ~Task() {
        if (handle_) handle_.destroy();
    }

    // For co_await.
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
        handle_.promise().awaiter = awaiter;
        return handle_;
    }
    T await_resume() { return std::move(*handle_.promise().value); }

    // For the process that owns the outermost task.
    void resume() { handle_.resume(); }
    bool done() const { return handle_ && handle_.done(); }
    const T& result() const { return *handle_.promise().value; }

private:
    explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

    std::coroutine_handle<promise_type> handle_;
};

}  // namespace kafkasim::tools
