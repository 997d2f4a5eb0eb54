// SPDX-License-Identifier: Apache-2.0
#pragma once
// The coordinator of the consumer groups whose partition of __consumer_offsets this broker leads: who is a member,
// which generation runs, who
// gets which assignment, which offsets are committed. It answers the group requests that the broker hands it
// (host.respond, at once or when a
// rebalance or an append has come to its end), writes groups and offsets to __consumer_offsets and forgets or
// reloads them when leadership
// moves. Called by Broker; its timers carry the component given at construction. All times are milliseconds of the
// host's clock (records) or
// virtual time (timers).
//
// Kafka 3.0.0: kafka.coordinator.group.GroupCoordinator and GroupMetadataManager (one class here, spread over one
// file per concern:
// rebalance.cpp, sessions.cpp, group_store.cpp, loading.cpp, expiration.cpp and handle_<api>.cpp).
// Simplified: transactions (TxnOffsetCommit, pending transactional offsets) are not modelled; purgatories are one
// timer per group (join, sync) and one per member.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/error_code.hpp"
#include "core/group/group_host.hpp"
#include "core/group/group_metadata.hpp"
#include "core/group/pending_write.hpp"
#include "core/node/request_token.hpp"
#include "core/protocol/message.hpp"

namespace kafkasim::group {

class GroupCoordinator {
public:
    explicit GroupCoordinator(uint16_t component = 0) : component_(component) {}

    /// `offsets_partition_count`: partitions of __consumer_offsets if it exists when the broker starts, else
    /// offsets.topic.num.partitions;
    /// fixed for the life of the process.
    void startup(GroupHost& host, int32_t offsets_partition_count);
    void shutdown(GroupHost& host);

    /// `knows_ids`: whether the client's version of the request knows that a member may have to come again with its id
    /// (4 and above: everybody here; what older ones meet shows in tests).
    enum class MemberIds : bool { GivenAtOnce, Required };
    void handle_join_group(GroupHost& host, const node::RequestContext& context, protocol::JoinGroupRequest&& request,
                           MemberIds knows_ids = MemberIds::Required);
    void handle_sync_group(GroupHost& host, const node::RequestContext& context, protocol::SyncGroupRequest&& request);
    void handle_heartbeat(GroupHost& host, const node::RequestContext& context, protocol::HeartbeatRequest&& request);
    void handle_leave_group(GroupHost& host, const node::RequestContext& context,
                            protocol::LeaveGroupRequest&& request);
    /// Commits every partition that the request names; the broker takes topics that do not exist out beforehand
    /// (UNKNOWN_TOPIC_OR_PARTITION).
    /// `refused`: what the broker has not let through; it is part of the answer.
    void handle_offset_commit(GroupHost& host, const node::RequestContext& context,
                              protocol::OffsetCommitRequest&& request, protocol::OffsetCommitResponse&& refused = {});
    void handle_offset_fetch(GroupHost& host, const node::RequestContext& context,
                             protocol::OffsetFetchRequest&& request);
    void handle_describe_groups(GroupHost& host, const node::RequestContext& context,
                                protocol::DescribeGroupsRequest&& request);
    void handle_list_groups(GroupHost& host, const node::RequestContext& context,
                            protocol::ListGroupsRequest&& request);
    void handle_delete_groups(GroupHost& host, const node::RequestContext& context,
                              protocol::DeleteGroupsRequest&& request);
    /// `answered`: partitions that the broker has answered itself.
    void handle_offset_delete(GroupHost& host, const node::RequestContext& context,
                              protocol::OffsetDeleteRequest&& request, protocol::OffsetDeleteResponse&& answered = {});

    /// This broker began to lead __consumer_offsets-`partition`: its groups are loaded, a moment later.
    void on_elected(GroupHost& host, int32_t partition, int32_t leader_epoch);
    /// This broker follows the partition now, or no longer has it (a StopReplica that deletes; then without epoch):
    /// its groups are unloaded.
    void on_resigned(GroupHost& host, int32_t partition, std::optional<int32_t> leader_epoch);
    /// The answer to GroupHost::append_to_offsets.
    void on_appended(GroupHost& host, uint64_t token, ErrorCode error, int64_t base_offset);
    void on_timer(GroupHost& host, node::TimerId timer, node::Tag tag);
    /// These partitions' topics are being deleted (UpdateMetadata with leader -2): offsets kept for them go.
    void on_topics_deleted(GroupHost& host, const std::vector<TopicPartition>& partitions);

    /// The partition of __consumer_offsets that a group belongs to.
    int32_t partition_for(std::string_view group_id) const;
    bool is_active() const { return active_; }
    bool owns(int32_t partition) const { return owned_.contains(partition); }
    bool loading(int32_t partition) const { return loading_.contains(partition); }
    /// nullptr if there is no such group here.
    const GroupMetadata* find(std::string_view group_id) const;
    const std::map<std::string, GroupMetadata, std::less<>>& groups() const { return groups_; }

private:
    struct JoiningMember;  // what a JoinGroup request says of its sender

    // coordinator.cpp
    enum class TimerKind : uint16_t { Session, PendingMember, Join, Sync, Scheduler, Expiration };
    struct TimerTarget {
        TimerKind kind;
        std::string group_id;
        std::string member_id;
    };
    enum class AllowEmptyGroupId : bool { No, Yes };
    std::optional<ErrorCode> validate_group_status(std::string_view group_id, AllowEmptyGroupId allow_empty) const;
    std::optional<ErrorCode> validate_current_member(GroupHost& host, const GroupMetadata& group,
                                                     std::string_view member_id,
                                                     const std::optional<std::string>& instance_id,
                                                     std::string_view operation) const;
    GroupMetadata* find_group(std::string_view group_id);
    GroupMetadata& add_group(GroupHost& host, std::string group_id);
    /// Ids of all groups in the order in which Kafka's cache (a ConcurrentHashMap) gives them.
    std::vector<std::string> group_ids_in_order() const;
    void transition(GroupHost& host, GroupMetadata& group, State to);
    void arm_timer(GroupHost& host, node::TimerId& timer, TimerKind kind, const GroupMetadata* group,
                   std::string_view member_id, Duration after);
    void free_timer(GroupHost& host, node::TimerId& timer);
    void free_timers(GroupHost& host, GroupMetadata& group);

    // handle_join_group.cpp
    void join_new_member(GroupHost& host, GroupMetadata& group, JoiningMember&& member, MemberIds knows_ids);
    void join_new_dynamic_member(GroupHost& host, GroupMetadata& group, JoiningMember&& member, MemberIds knows_ids);
    void join_new_static_member(GroupHost& host, GroupMetadata& group, JoiningMember&& member);
    void join_current_member(GroupHost& host, GroupMetadata& group, JoiningMember&& member);
    void rejoin(GroupHost& host, GroupMetadata& group, MemberMetadata& member, JoiningMember&& joining);
    // static_member.cpp
    void update_static_member_and_rebalance(GroupHost& host, GroupMetadata& group, const std::string& old_member_id,
                                            JoiningMember&& member);
    void store_replaced_static_member(GroupHost& host, GroupMetadata& group, StaticReplacement&& replacement);
    void on_static_replacement_stored(GroupHost& host, GroupMetadata& group, const StaticReplacement& replacement,
                                      ErrorCode error);
    MemberMetadata& replace_static_member(GroupHost& host, GroupMetadata& group, const std::string& instance_id,
                                          const std::string& old_member_id, const std::string& new_member_id);

    // rebalance.cpp
    void add_member_and_rebalance(GroupHost& host, GroupMetadata& group, std::string member_id,
                                  JoiningMember&& joining);
    void update_member_and_rebalance(GroupHost& host, GroupMetadata& group, MemberMetadata& member,
                                     JoiningMember&& joining, std::string_view reason);
    void maybe_prepare_rebalance(GroupHost& host, GroupMetadata& group, std::string_view reason);
    void prepare_rebalance(GroupHost& host, GroupMetadata& group, std::string_view reason);
    void try_complete_join(GroupHost& host, GroupMetadata& group);
    void on_join_timer(GroupHost& host, GroupMetadata& group);
    void on_complete_join(GroupHost& host, GroupMetadata& group);
    void remove_members_who_have_not_joined(GroupHost& host, GroupMetadata& group);
    bool maybe_elect_new_joined_leader(GroupHost& host, GroupMetadata& group);
    void start_generation(GroupHost& host, GroupMetadata& group);
    void respond_join(GroupHost& host, MemberMetadata& member, protocol::JoinGroupResponse&& response);
    // sync.cpp
    void respond_sync(GroupHost& host, const GroupMetadata& group, MemberMetadata& member, ErrorCode error);
    void propagate_assignment(GroupHost& host, GroupMetadata& group, ErrorCode error);
    void reset_and_propagate_assignment_error(GroupHost& host, GroupMetadata& group, ErrorCode error);
    void sync_received_from_leader(GroupHost& host, GroupMetadata& group, protocol::SyncGroupRequest&& request);
    void on_assignment_stored(GroupHost& host, GroupMetadata& group, const AssignmentWrite& write, ErrorCode error);
    void remove_pending_sync_member(GroupHost& host, GroupMetadata& group, std::string_view member_id);
    void on_sync_timer(GroupHost& host, GroupMetadata& group);

    // sessions.cpp
    void schedule_session_expiration(GroupHost& host, GroupMetadata& group, MemberMetadata& member);
    void on_session_expired(GroupHost& host, GroupMetadata& group, const std::string& member_id);
    void on_pending_member_expired(GroupHost& host, GroupMetadata& group, const std::string& member_id);
    void remove_member_and_update_group(GroupHost& host, GroupMetadata& group, const std::string& member_id,
                                        std::string_view reason);
    void remove_pending_member_and_update_group(GroupHost& host, GroupMetadata& group, const std::string& member_id);
    /// Takes a member (or a pending id) out of the group with its timer; nothing else happens.
    void drop_member(GroupHost& host, GroupMetadata& group, const std::string& member_id);

    // handle_leave_group.cpp
    void remove_current_member(GroupHost& host, GroupMetadata& group, const std::string& member_id);
    ErrorCode leave(GroupHost& host, GroupMetadata& group, const protocol::LeaveGroupRequest::MemberIdentity& leaving);

    // handle_delete_groups.cpp
    ErrorCode mark_for_deletion(GroupHost& host, const std::string& group_id);

    // group_store.cpp
    void store_group(GroupHost& host, GroupMetadata& group, const std::map<std::string, std::string>& assignment,
                     PendingWrite::What&& what);
    void store_offsets(GroupHost& host, GroupMetadata& group, OffsetCommitWrite&& write);
    void append(GroupHost& host, const GroupMetadata& group, protocol::RecordBatch&& batch, PendingWrite::What&& what);
    void on_offsets_stored(GroupHost& host, GroupMetadata* group, const OffsetCommitWrite& write, ErrorCode error,
                           int64_t base_offset);
    GroupMetadata* writer_of(const PendingWrite& write);

    // loading.cpp
    struct Task {
        enum class Kind : uint8_t { Load, Unload } kind;
        int32_t partition;
        std::optional<int32_t> leader_epoch;
        int64_t scheduled_at_ms;
        int64_t started_at_ms;
    };
    void schedule(GroupHost& host, Task&& task);
    void run_next_task(GroupHost& host);
    bool begin_load(GroupHost& host, Task& task);
    void finish_load(GroupHost& host, const Task& task);
    /// False if a record cannot be read: then no group of the partition is here, but it is served.
    bool load_groups_and_offsets(GroupHost& host, int32_t partition);
    void load_group(GroupHost& host, GroupMetadata&& group);
    void unload_groups_and_offsets(GroupHost& host, const Task& task);
    void on_group_unloaded(GroupHost& host, GroupMetadata& group);
    bool maybe_update_coordinator_epoch(int32_t partition, std::optional<int32_t> leader_epoch);

    // expiration.cpp
    void remove_expired_offsets(GroupHost& host);
    /// Writes tombstones for offsets that were taken out of a group; a group that is Empty without offsets dies.
    /// Returns how many offsets went.
    int64_t cleanup_group(GroupHost& host, const std::string& group_id, const std::vector<TopicPartition>& removed);

    uint16_t component_;
    bool active_ = false;
    int32_t partition_count_ = 0;
    std::map<std::string, GroupMetadata, std::less<>> groups_;
    uint64_t next_incarnation_ = 1;  // tells a group from an earlier one of the same name
    std::set<int32_t> owned_;
    std::set<int32_t> loading_;
    std::map<int32_t, int32_t> epoch_for_partition_;
    std::map<node::TimerId, TimerTarget> timers_;
    std::map<uint64_t, PendingWrite> pending_writes_;
    uint64_t next_token_ = 1;
    std::deque<Task> tasks_;  // of the one scheduler thread; the first may be running
    bool task_running_ = false;
    node::TimerId scheduler_timer_ = node::TimerId::None;
    node::TimerId expiration_timer_ = node::TimerId::None;
};

}  // namespace kafkasim::group
