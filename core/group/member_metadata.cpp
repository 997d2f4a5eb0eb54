// SPDX-License-Identifier: Apache-2.0
#include "core/group/member_metadata.hpp"

#include <fmt/format.h>

namespace kafkasim::group {

namespace {

const std::string kNothing;

}  // namespace

const std::string& MemberMetadata::metadata(std::string_view protocol) const {
    for (const auto& each : supported_protocols) {
        if (each.name == protocol) return each.metadata;
    }
    return kNothing;
}

std::string option_text(const std::optional<std::string>& value) {
    return value ? fmt::format("Some({})", *value) : "None";
}

std::string to_string(const MemberMetadata& member) {
    std::string names;
    for (const auto& protocol : member.supported_protocols) {
        if (!names.empty()) names += ", ";
        names += protocol.name;
    }
    return fmt::format(
        "MemberMetadata(memberId={}, groupInstanceId={}, clientId={}, clientHost={}, sessionTimeoutMs={}, "
        "rebalanceTimeoutMs={}, "
        "supportedProtocols=List({}))",
        member.member_id, option_text(member.group_instance_id), member.client_id, member.client_host,
        member.session_timeout_ms, member.rebalance_timeout_ms, names);
}

}  // namespace kafkasim::group
