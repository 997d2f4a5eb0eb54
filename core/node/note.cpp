// SPDX-License-Identifier: Apache-2.0
// Long: name_of is a list with one entry for each kind.
#include "core/node/note.hpp"

namespace kafkasim::node {

std::string_view name_of(NoteKind kind) {
    switch (kind) {
        case NoteKind::SessionOpened:
            return "session opened";
        case NoteKind::SessionExpired:
            return "session expired";
        case NoteKind::SessionClosed:
            return "session closed";
        case NoteKind::ZnodeChanged:
            return "znode changed";
        case NoteKind::WatchFired:
            return "watch fired";
        case NoteKind::BrokerRegistered:
            return "broker registered";
        case NoteKind::ControllerElected:
            return "controller elected";
        case NoteKind::ControllerResigned:
            return "controller resigned";
        case NoteKind::BrokerAppeared:
            return "broker appeared";
        case NoteKind::BrokerFailed:
            return "broker failed";
        case NoteKind::BrokerShuttingDown:
            return "broker shutting down";
        case NoteKind::TopicCreated:
            return "topic created";
        case NoteKind::LeaderElected:
            return "leader elected";
        case NoteKind::ElectionFailed:
            return "election failed";
        case NoteKind::IsrChanged:
            return "isr changed";
        case NoteKind::BecameLeader:
            return "became leader";
        case NoteKind::BecameFollower:
            return "became follower";
        case NoteKind::Appended:
            return "appended";
        case NoteKind::Truncated:
            return "truncated";
        case NoteKind::HighWatermark:
            return "high watermark";
        case NoteKind::TopicDeletion:
            return "topic deletion";
        case NoteKind::Reassignment:
            return "reassignment";
        case NoteKind::LogStartOffset:
            return "log start offset";
        case NoteKind::DuplicateBatch:
            return "duplicate batch";
        case NoteKind::SegmentRolled:
            return "segment rolled";
        case NoteKind::StaleRequest:
            return "stale request";
        case NoteKind::BatchSent:
            return "batch sent";
        case NoteKind::RecordsReturned:
            return "records returned";
        case NoteKind::CoordinatorLookup:
            return "coordinator lookup";
        case NoteKind::GroupState:
            return "group state";
        case NoteKind::OffsetsCommitted:
            return "offsets committed";
        case NoteKind::MemberJoined:
            return "member joined";
        case NoteKind::PartitionsAssigned:
            return "partitions assigned";
        case NoteKind::PartitionsRevoked:
            return "partitions revoked";
        case NoteKind::PartitionsLost:
            return "partitions lost";
        case NoteKind::MemberLeft:
            return "member left";
        case NoteKind::Unmodelled:
            return "not modelled";
    }
    return "?";
}

const FieldValue* find(const Note& note, std::string_view field) {
    for (const auto& [name, value] : note.fields) {
        if (name == field) return &value;
    }
    return nullptr;
}

std::string text_of(const FieldValue& value) {
    if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
    return *std::get_if<std::string>(&value);
}

}  // namespace kafkasim::node
