// SPDX-License-Identifier: Apache-2.0
#include "core/client/admin_retry.hpp"

#include <algorithm>

namespace kafkasim::client {

namespace {

using Codes = std::vector<ErrorCode>;

template <typename List>
void add_all(Codes& codes, const List& list) {
    for (const auto& each : list) codes.push_back(each.error_code);
}

struct CodesOf {
    Codes operator()(const protocol::CreateTopicsResponse& r) const { return list(r.topics); }
    Codes operator()(const protocol::DeleteTopicsResponse& r) const { return list(r.responses); }
    Codes operator()(const protocol::CreatePartitionsResponse& r) const { return list(r.results); }
    Codes operator()(const protocol::ListPartitionReassignmentsResponse& r) const { return {r.error_code}; }
    Codes operator()(const protocol::AlterPartitionReassignmentsResponse& r) const { return {r.error_code}; }
    Codes operator()(const protocol::ElectLeadersResponse& r) const { return {r.error_code}; }
    Codes operator()(const protocol::ListGroupsResponse& r) const { return {r.error_code}; }
    Codes operator()(const protocol::DescribeGroupsResponse& r) const { return list(r.groups); }
    Codes operator()(const protocol::OffsetFetchResponse& r) const { return list(r.groups); }
    Codes operator()(const protocol::DeleteGroupsResponse& r) const { return list(r.results); }
    Codes operator()(const protocol::OffsetDeleteResponse& r) const { return {r.error_code}; }
    Codes operator()(const protocol::OffsetCommitResponse& r) const { return nested(r.topics); }
    Codes operator()(const protocol::ListOffsetsResponse& r) const { return nested(r.topics); }
    Codes operator()(const protocol::MetadataResponse& r) const {
        Codes codes = list(r.topics);
        for (const auto& topic : r.topics) add_all(codes, topic.partitions);
        return codes;
    }
    template <typename Other>
    Codes operator()(const Other&) const {
        return {};
    }

    template <typename List>
    static Codes list(const List& entries) {
        Codes codes;
        add_all(codes, entries);
        return codes;
    }
    template <typename Topics>
    static Codes nested(const Topics& topics) {
        Codes codes;
        for (const auto& topic : topics) add_all(codes, topic.partitions);
        return codes;
    }
};

bool has(const Codes& codes, std::initializer_list<ErrorCode> wanted) {
    return std::any_of(codes.begin(), codes.end(),
                       [&](ErrorCode code) { return std::find(wanted.begin(), wanted.end(), code) != wanted.end(); });
}

}  // namespace

std::vector<ErrorCode> error_codes(const protocol::Body& body) { return std::visit(CodesOf{}, body); }

AdminVerdict judge_admin(AdminRoute route, const protocol::Body& body) {
    const Codes codes = error_codes(body);
    switch (route) {
        case AdminRoute::LeastLoaded:
        case AdminRoute::Node:
            return AdminVerdict::Done;
        case AdminRoute::Controller:
            return has(codes, {ErrorCode::NotController}) ? AdminVerdict::NotController : AdminVerdict::Done;
        case AdminRoute::Coordinator:
            if (has(codes, {ErrorCode::CoordinatorLoadInProgress, ErrorCode::RebalanceInProgress}))
                return AdminVerdict::RetryAtOnce;
            return has(codes, {ErrorCode::CoordinatorNotAvailable, ErrorCode::NotCoordinator})
                       ? AdminVerdict::LookUpAgain
                       : AdminVerdict::Done;
        case AdminRoute::AllBrokers:
            return has(codes, {ErrorCode::CoordinatorLoadInProgress, ErrorCode::CoordinatorNotAvailable})
                       ? AdminVerdict::RetryLater
                       : AdminVerdict::Done;
        case AdminRoute::Leaders: {
            const bool moved = std::any_of(codes.begin(), codes.end(), [](ErrorCode code) {
                return refreshes_metadata(code) || code == ErrorCode::UnknownLeaderEpoch;
            });
            return moved ? AdminVerdict::Restart : AdminVerdict::Done;
        }
    }
    return AdminVerdict::Done;
}

}  // namespace kafkasim::client
