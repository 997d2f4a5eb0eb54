// SPDX-License-Identifier: Apache-2.0
#include "sim/faults/hold.hpp"

#include "core/protocol/message.hpp"

namespace kafkasim::sim {

namespace {
constexpr std::string_view kRequest = "Request";

std::string request_name(std::string name) {
    if (!name.ends_with(kRequest)) name += kRequest;
    return name;
}
}  // namespace

HoldRequest::HoldRequest(std::string request, std::string to)
    : request_(request_name(std::move(request))), to_(std::move(to)) {}

Verdict HoldRequest::judge(const Passage& passage) {
    if (held_ > 0 || passage.body == nullptr || passage.to != to_ || protocol::name_of(*passage.body) != request_)
        return Verdict::pass();
    ++held_;
    return Verdict::hold();
}

std::string HoldRequest::receipt() const { return "held " + std::to_string(held_) + " " + request_ + " to " + to_; }

bool HoldRequest::is(const std::string& request, const std::string& to) const {
    return request_ == request_name(request) && to_ == to;
}

}  // namespace kafkasim::sim
