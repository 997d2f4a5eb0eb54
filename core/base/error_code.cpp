// SPDX-License-Identifier: Apache-2.0
#include "core/base/error_code.hpp"

#include <cstddef>
#include <iterator>

namespace kafkasim {
namespace {

// code, name, retriable, refreshes metadata, default message, Java exception
constexpr ErrorInfo kErrors[] = {
    {ErrorCode::UnknownServerError, "UNKNOWN_SERVER_ERROR", false, false,
     "The server experienced an unexpected error when processing the request.", "UnknownServerException"},
    {ErrorCode::None, "NONE", false, false, "NONE", ""},
    {ErrorCode::OffsetOutOfRange, "OFFSET_OUT_OF_RANGE", false, false,
     "The requested offset is not within the range of offsets maintained by the server.", "OffsetOutOfRangeException"},
    {ErrorCode::CorruptMessage, "CORRUPT_MESSAGE", true, false,
     "This message has failed its CRC checksum, exceeds the valid size, has a null key for a compacted topic, or is "
     "otherwise corrupt.",
     "CorruptRecordException"},
    {ErrorCode::UnknownTopicOrPartition, "UNKNOWN_TOPIC_OR_PARTITION", true, true,
     "This server does not host this topic-partition.", "UnknownTopicOrPartitionException"},
    {ErrorCode::InvalidFetchSize, "INVALID_FETCH_SIZE", false, false, "The requested fetch size is invalid.",
     "InvalidFetchSizeException"},
    {ErrorCode::LeaderNotAvailable, "LEADER_NOT_AVAILABLE", true, true,
     "There is no leader for this topic-partition as we are in the middle of a leadership election.",
     "LeaderNotAvailableException"},
    {ErrorCode::NotLeaderOrFollower, "NOT_LEADER_OR_FOLLOWER", true, true,
     "For requests intended only for the leader, this error indicates that the broker is not the current leader. For "
     "requests intended for any replica, this error indicates that the broker is not a replica of the topic partition.",
     "NotLeaderOrFollowerException"},
    {ErrorCode::RequestTimedOut, "REQUEST_TIMED_OUT", true, false, "The request timed out.", "TimeoutException"},
    {ErrorCode::BrokerNotAvailable, "BROKER_NOT_AVAILABLE", false, false, "The broker is not available.",
     "BrokerNotAvailableException"},
    {ErrorCode::ReplicaNotAvailable, "REPLICA_NOT_AVAILABLE", true, true,
     "The replica is not available for the requested topic-partition. Produce/Fetch requests and other requests "
     "intended only for the leader or follower return NOT_LEADER_OR_FOLLOWER if the broker is not a replica of the "
     "topic-partition.",
     "ReplicaNotAvailableException"},
    {ErrorCode::MessageTooLarge, "MESSAGE_TOO_LARGE", false, false,
     "The request included a message larger than the max message size the server will accept.",
     "RecordTooLargeException"},
    {ErrorCode::StaleControllerEpoch, "STALE_CONTROLLER_EPOCH", false, false, "The controller moved to another broker.",
     "ControllerMovedException"},
    {ErrorCode::OffsetMetadataTooLarge, "OFFSET_METADATA_TOO_LARGE", false, false,
     "The metadata field of the offset request was too large.", "OffsetMetadataTooLarge"},
    {ErrorCode::NetworkException, "NETWORK_EXCEPTION", true, true,
     "The server disconnected before a response was received.", "NetworkException"},
    {ErrorCode::CoordinatorLoadInProgress, "COORDINATOR_LOAD_IN_PROGRESS", true, false,
     "The coordinator is loading and hence can't process requests.", "CoordinatorLoadInProgressException"},
    {ErrorCode::CoordinatorNotAvailable, "COORDINATOR_NOT_AVAILABLE", true, false, "The coordinator is not available.",
     "CoordinatorNotAvailableException"},
    {ErrorCode::NotCoordinator, "NOT_COORDINATOR", true, false, "This is not the correct coordinator.",
     "NotCoordinatorException"},
    {ErrorCode::InvalidTopicException, "INVALID_TOPIC_EXCEPTION", false, false,
     "The request attempted to perform an operation on an invalid topic.", "InvalidTopicException"},
    {ErrorCode::RecordListTooLarge, "RECORD_LIST_TOO_LARGE", false, false,
     "The request included message batch larger than the configured segment size on the server.",
     "RecordBatchTooLargeException"},
    {ErrorCode::NotEnoughReplicas, "NOT_ENOUGH_REPLICAS", true, false,
     "Messages are rejected since there are fewer in-sync replicas than required.", "NotEnoughReplicasException"},
    {ErrorCode::NotEnoughReplicasAfterAppend, "NOT_ENOUGH_REPLICAS_AFTER_APPEND", true, false,
     "Messages are written to the log, but to fewer in-sync replicas than required.",
     "NotEnoughReplicasAfterAppendException"},
    {ErrorCode::InvalidRequiredAcks, "INVALID_REQUIRED_ACKS", false, false,
     "Produce request specified an invalid value for required acks.", "InvalidRequiredAcksException"},
    {ErrorCode::IllegalGeneration, "ILLEGAL_GENERATION", false, false, "Specified group generation id is not valid.",
     "IllegalGenerationException"},
    {ErrorCode::InconsistentGroupProtocol, "INCONSISTENT_GROUP_PROTOCOL", false, false,
     "The group member's supported protocols are incompatible with those of existing members or first group member "
     "tried to join with empty protocol type or empty protocol list.",
     "InconsistentGroupProtocolException"},
    {ErrorCode::InvalidGroupId, "INVALID_GROUP_ID", false, false, "The configured groupId is invalid.",
     "InvalidGroupIdException"},
    {ErrorCode::UnknownMemberId, "UNKNOWN_MEMBER_ID", false, false, "The coordinator is not aware of this member.",
     "UnknownMemberIdException"},
    {ErrorCode::InvalidSessionTimeout, "INVALID_SESSION_TIMEOUT", false, false,
     "The session timeout is not within the range allowed by the broker (as configured by group.min.session.timeout.ms "
     "and group.max.session.timeout.ms).",
     "InvalidSessionTimeoutException"},
    {ErrorCode::RebalanceInProgress, "REBALANCE_IN_PROGRESS", false, false,
     "The group is rebalancing, so a rejoin is needed.", "RebalanceInProgressException"},
    {ErrorCode::InvalidCommitOffsetSize, "INVALID_COMMIT_OFFSET_SIZE", false, false,
     "The committing offset data size is not valid.", "InvalidCommitOffsetSizeException"},
    {ErrorCode::TopicAuthorizationFailed, "TOPIC_AUTHORIZATION_FAILED", false, false, "Topic authorization failed.",
     "TopicAuthorizationException"},
    {ErrorCode::GroupAuthorizationFailed, "GROUP_AUTHORIZATION_FAILED", false, false, "Group authorization failed.",
     "GroupAuthorizationException"},
    {ErrorCode::ClusterAuthorizationFailed, "CLUSTER_AUTHORIZATION_FAILED", false, false,
     "Cluster authorization failed.", "ClusterAuthorizationException"},
    {ErrorCode::InvalidTimestamp, "INVALID_TIMESTAMP", false, false,
     "The timestamp of the message is out of acceptable range.", "InvalidTimestampException"},
    {ErrorCode::UnsupportedSaslMechanism, "UNSUPPORTED_SASL_MECHANISM", false, false,
     "The broker does not support the requested SASL mechanism.", "UnsupportedSaslMechanismException"},
    {ErrorCode::IllegalSaslState, "ILLEGAL_SASL_STATE", false, false,
     "Request is not valid given the current SASL state.", "IllegalSaslStateException"},
    {ErrorCode::UnsupportedVersion, "UNSUPPORTED_VERSION", false, false, "The version of API is not supported.",
     "UnsupportedVersionException"},
    {ErrorCode::TopicAlreadyExists, "TOPIC_ALREADY_EXISTS", false, false, "Topic with this name already exists.",
     "TopicExistsException"},
    {ErrorCode::InvalidPartitions, "INVALID_PARTITIONS", false, false, "Number of partitions is below 1.",
     "InvalidPartitionsException"},
    {ErrorCode::InvalidReplicationFactor, "INVALID_REPLICATION_FACTOR", false, false,
     "Replication factor is below 1 or larger than the number of available brokers.",
     "InvalidReplicationFactorException"},
    {ErrorCode::InvalidReplicaAssignment, "INVALID_REPLICA_ASSIGNMENT", false, false, "Replica assignment is invalid.",
     "InvalidReplicaAssignmentException"},
    {ErrorCode::InvalidConfig, "INVALID_CONFIG", false, false, "Configuration is invalid.",
     "InvalidConfigurationException"},
    {ErrorCode::NotController, "NOT_CONTROLLER", true, false, "This is not the correct controller for this cluster.",
     "NotControllerException"},
    {ErrorCode::InvalidRequest, "INVALID_REQUEST", false, false,
     "This most likely occurs because of a request being malformed by the client library or the message was sent to an "
     "incompatible broker. See the broker logs for more details.",
     "InvalidRequestException"},
    {ErrorCode::UnsupportedForMessageFormat, "UNSUPPORTED_FOR_MESSAGE_FORMAT", false, false,
     "The message format version on the broker does not support the request.", "UnsupportedForMessageFormatException"},
    {ErrorCode::PolicyViolation, "POLICY_VIOLATION", false, false,
     "Request parameters do not satisfy the configured policy.", "PolicyViolationException"},
    {ErrorCode::OutOfOrderSequenceNumber, "OUT_OF_ORDER_SEQUENCE_NUMBER", false, false,
     "The broker received an out of order sequence number.", "OutOfOrderSequenceException"},
    {ErrorCode::DuplicateSequenceNumber, "DUPLICATE_SEQUENCE_NUMBER", false, false,
     "The broker received a duplicate sequence number.", "DuplicateSequenceException"},
    {ErrorCode::InvalidProducerEpoch, "INVALID_PRODUCER_EPOCH", false, false,
     "Producer attempted to produce with an old epoch.", "InvalidProducerEpochException"},
    {ErrorCode::InvalidTxnState, "INVALID_TXN_STATE", false, false,
     "The producer attempted a transactional operation in an invalid state.", "InvalidTxnStateException"},
    {ErrorCode::InvalidProducerIdMapping, "INVALID_PRODUCER_ID_MAPPING", false, false,
     "The producer attempted to use a producer id which is not currently assigned to its transactional id.",
     "InvalidPidMappingException"},
    {ErrorCode::InvalidTransactionTimeout, "INVALID_TRANSACTION_TIMEOUT", false, false,
     "The transaction timeout is larger than the maximum value allowed by the broker (as configured by "
     "transaction.max.timeout.ms).",
     "InvalidTxnTimeoutException"},
    {ErrorCode::ConcurrentTransactions, "CONCURRENT_TRANSACTIONS", false, false,
     "The producer attempted to update a transaction while another concurrent operation on the same transaction was "
     "ongoing.",
     "ConcurrentTransactionsException"},
    {ErrorCode::TransactionCoordinatorFenced, "TRANSACTION_COORDINATOR_FENCED", false, false,
     "Indicates that the transaction coordinator sending a WriteTxnMarker is no longer the current coordinator for a "
     "given producer.",
     "TransactionCoordinatorFencedException"},
    {ErrorCode::TransactionalIdAuthorizationFailed, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", false, false,
     "Transactional Id authorization failed.", "TransactionalIdAuthorizationException"},
    {ErrorCode::SecurityDisabled, "SECURITY_DISABLED", false, false, "Security features are disabled.",
     "SecurityDisabledException"},
    {ErrorCode::OperationNotAttempted, "OPERATION_NOT_ATTEMPTED", false, false,
     "The broker did not attempt to execute this operation. This may happen for batched RPCs where some operations in "
     "the batch failed, causing the broker to respond without trying the rest.",
     "OperationNotAttemptedException"},
    {ErrorCode::KafkaStorageError, "KAFKA_STORAGE_ERROR", true, true,
     "Disk error when trying to access log file on the disk.", "KafkaStorageException"},
    {ErrorCode::LogDirNotFound, "LOG_DIR_NOT_FOUND", false, false,
     "The user-specified log directory is not found in the broker config.", "LogDirNotFoundException"},
    {ErrorCode::SaslAuthenticationFailed, "SASL_AUTHENTICATION_FAILED", false, false, "SASL Authentication failed.",
     "SaslAuthenticationException"},
    {ErrorCode::UnknownProducerId, "UNKNOWN_PRODUCER_ID", false, false,
     "This exception is raised by the broker if it could not locate the producer metadata associated with the "
     "producerId in question. This could happen if, for instance, the producer's records were deleted because their "
     "retention time had elapsed. Once the last records of the producerId are removed, the producer's metadata is "
     "removed from the broker, and future appends by the producer will return this exception.",
     "UnknownProducerIdException"},
    {ErrorCode::ReassignmentInProgress, "REASSIGNMENT_IN_PROGRESS", false, false,
     "A partition reassignment is in progress.", "ReassignmentInProgressException"},
    {ErrorCode::DelegationTokenAuthDisabled, "DELEGATION_TOKEN_AUTH_DISABLED", false, false,
     "Delegation Token feature is not enabled.", "DelegationTokenDisabledException"},
    {ErrorCode::DelegationTokenNotFound, "DELEGATION_TOKEN_NOT_FOUND", false, false,
     "Delegation Token is not found on server.", "DelegationTokenNotFoundException"},
    {ErrorCode::DelegationTokenOwnerMismatch, "DELEGATION_TOKEN_OWNER_MISMATCH", false, false,
     "Specified Principal is not valid Owner/Renewer.", "DelegationTokenOwnerMismatchException"},
    {ErrorCode::DelegationTokenRequestNotAllowed, "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED", false, false,
     "Delegation Token requests are not allowed on PLAINTEXT/1-way SSL channels and on delegation token authenticated "
     "channels.",
     "UnsupportedByAuthenticationException"},
    {ErrorCode::DelegationTokenAuthorizationFailed, "DELEGATION_TOKEN_AUTHORIZATION_FAILED", false, false,
     "Delegation Token authorization failed.", "DelegationTokenAuthorizationException"},
    {ErrorCode::DelegationTokenExpired, "DELEGATION_TOKEN_EXPIRED", false, false, "Delegation Token is expired.",
     "DelegationTokenExpiredException"},
    {ErrorCode::InvalidPrincipalType, "INVALID_PRINCIPAL_TYPE", false, false,
     "Supplied principalType is not supported.", "InvalidPrincipalTypeException"},
    {ErrorCode::NonEmptyGroup, "NON_EMPTY_GROUP", false, false, "The group is not empty.", "GroupNotEmptyException"},
    {ErrorCode::GroupIdNotFound, "GROUP_ID_NOT_FOUND", false, false, "The group id does not exist.",
     "GroupIdNotFoundException"},
    {ErrorCode::FetchSessionIdNotFound, "FETCH_SESSION_ID_NOT_FOUND", true, false,
     "The fetch session ID was not found.", "FetchSessionIdNotFoundException"},
    {ErrorCode::InvalidFetchSessionEpoch, "INVALID_FETCH_SESSION_EPOCH", true, false,
     "The fetch session epoch is invalid.", "InvalidFetchSessionEpochException"},
    {ErrorCode::ListenerNotFound, "LISTENER_NOT_FOUND", true, true,
     "There is no listener on the leader broker that matches the listener on which metadata request was processed.",
     "ListenerNotFoundException"},
    {ErrorCode::TopicDeletionDisabled, "TOPIC_DELETION_DISABLED", false, false, "Topic deletion is disabled.",
     "TopicDeletionDisabledException"},
    {ErrorCode::FencedLeaderEpoch, "FENCED_LEADER_EPOCH", true, true,
     "The leader epoch in the request is older than the epoch on the broker.", "FencedLeaderEpochException"},
    {ErrorCode::UnknownLeaderEpoch, "UNKNOWN_LEADER_EPOCH", true, false,
     "The leader epoch in the request is newer than the epoch on the broker.", "UnknownLeaderEpochException"},
    {ErrorCode::UnsupportedCompressionType, "UNSUPPORTED_COMPRESSION_TYPE", false, false,
     "The requesting client does not support the compression type of given partition.",
     "UnsupportedCompressionTypeException"},
    {ErrorCode::StaleBrokerEpoch, "STALE_BROKER_EPOCH", false, false, "Broker epoch has changed.",
     "StaleBrokerEpochException"},
    {ErrorCode::OffsetNotAvailable, "OFFSET_NOT_AVAILABLE", true, false,
     "The leader high watermark has not caught up from a recent leader election so the offsets cannot be guaranteed to "
     "be monotonically increasing.",
     "OffsetNotAvailableException"},
    {ErrorCode::MemberIdRequired, "MEMBER_ID_REQUIRED", false, false,
     "The group member needs to have a valid member id before actually entering a consumer group.",
     "MemberIdRequiredException"},
    {ErrorCode::PreferredLeaderNotAvailable, "PREFERRED_LEADER_NOT_AVAILABLE", true, true,
     "The preferred leader was not available.", "PreferredLeaderNotAvailableException"},
    {ErrorCode::GroupMaxSizeReached, "GROUP_MAX_SIZE_REACHED", false, false,
     "The consumer group has reached its max size.", "GroupMaxSizeReachedException"},
    {ErrorCode::FencedInstanceId, "FENCED_INSTANCE_ID", false, false,
     "The broker rejected this static consumer since another consumer with the same group.instance.id has registered "
     "with a different member.id.",
     "FencedInstanceIdException"},
    {ErrorCode::EligibleLeadersNotAvailable, "ELIGIBLE_LEADERS_NOT_AVAILABLE", true, true,
     "Eligible topic partition leaders are not available.", "EligibleLeadersNotAvailableException"},
    {ErrorCode::ElectionNotNeeded, "ELECTION_NOT_NEEDED", true, true, "Leader election not needed for topic partition.",
     "ElectionNotNeededException"},
    {ErrorCode::NoReassignmentInProgress, "NO_REASSIGNMENT_IN_PROGRESS", false, false,
     "No partition reassignment is in progress.", "NoReassignmentInProgressException"},
    {ErrorCode::GroupSubscribedToTopic, "GROUP_SUBSCRIBED_TO_TOPIC", false, false,
     "Deleting offsets of a topic is forbidden while the consumer group is actively subscribed to it.",
     "GroupSubscribedToTopicException"},
    {ErrorCode::InvalidRecord, "INVALID_RECORD", false, false,
     "This record has failed the validation on broker and hence will be rejected.", "InvalidRecordException"},
    {ErrorCode::UnstableOffsetCommit, "UNSTABLE_OFFSET_COMMIT", true, false,
     "There are unstable offsets that need to be cleared.", "UnstableOffsetCommitException"},
    {ErrorCode::ThrottlingQuotaExceeded, "THROTTLING_QUOTA_EXCEEDED", true, false,
     "The throttling quota has been exceeded.", "ThrottlingQuotaExceededException"},
    {ErrorCode::ProducerFenced, "PRODUCER_FENCED", false, false,
     "There is a newer producer with the same transactionalId which fences the current one.",
     "ProducerFencedException"},
    {ErrorCode::ResourceNotFound, "RESOURCE_NOT_FOUND", false, false,
     "A request illegally referred to a resource that does not exist.", "ResourceNotFoundException"},
    {ErrorCode::DuplicateResource, "DUPLICATE_RESOURCE", false, false,
     "A request illegally referred to the same resource twice.", "DuplicateResourceException"},
    {ErrorCode::UnacceptableCredential, "UNACCEPTABLE_CREDENTIAL", false, false,
     "Requested credential would not meet criteria for acceptability.", "UnacceptableCredentialException"},
    {ErrorCode::InconsistentVoterSet, "INCONSISTENT_VOTER_SET", false, false,
     "Indicates that the either the sender or recipient of a voter-only request is not one of the expected voters",
     "InconsistentVoterSetException"},
    {ErrorCode::InvalidUpdateVersion, "INVALID_UPDATE_VERSION", false, false, "The given update version was invalid.",
     "InvalidUpdateVersionException"},
    {ErrorCode::FeatureUpdateFailed, "FEATURE_UPDATE_FAILED", false, false,
     "Unable to update finalized features due to an unexpected server error.", "FeatureUpdateFailedException"},
    {ErrorCode::PrincipalDeserializationFailure, "PRINCIPAL_DESERIALIZATION_FAILURE", false, false,
     "Request principal deserialization failed during forwarding. This indicates an internal error on the broker "
     "cluster security setup.",
     "PrincipalDeserializationException"},
    {ErrorCode::SnapshotNotFound, "SNAPSHOT_NOT_FOUND", false, false, "Requested snapshot was not found",
     "SnapshotNotFoundException"},
    {ErrorCode::PositionOutOfRange, "POSITION_OUT_OF_RANGE", false, false,
     "Requested position is not greater than or equal to zero, and less than the size of the snapshot.",
     "PositionOutOfRangeException"},
    {ErrorCode::UnknownTopicId, "UNKNOWN_TOPIC_ID", true, true, "This server does not host this topic ID.",
     "UnknownTopicIdException"},
    {ErrorCode::DuplicateBrokerRegistration, "DUPLICATE_BROKER_REGISTRATION", false, false,
     "This broker ID is already in use.", "DuplicateBrokerRegistrationException"},
    {ErrorCode::BrokerIdNotRegistered, "BROKER_ID_NOT_REGISTERED", false, false,
     "The given broker ID was not registered.", "BrokerIdNotRegisteredException"},
    {ErrorCode::InconsistentTopicId, "INCONSISTENT_TOPIC_ID", true, true,
     "The log's topic ID did not match the topic ID in the request", "InconsistentTopicIdException"},
    {ErrorCode::InconsistentClusterId, "INCONSISTENT_CLUSTER_ID", false, false,
     "The clusterId in the request does not match that found on the server", "InconsistentClusterIdException"},
    {ErrorCode::TransactionalIdNotFound, "TRANSACTIONAL_ID_NOT_FOUND", false, false,
     "The transactionalId could not be found", "TransactionalIdNotFoundException"},
};

constexpr int kFirstCode = -1;

constexpr bool rows_are_indexed_by_code() {
    for (std::size_t i = 0; i < std::size(kErrors); ++i) {
        if (static_cast<int>(kErrors[i].code) != static_cast<int>(i) + kFirstCode) return false;
    }
    return true;
}
static_assert(rows_are_indexed_by_code());

constexpr bool is_known(int number) {
    return number >= kFirstCode && number < static_cast<int>(std::size(kErrors)) + kFirstCode;
}

}  // namespace

std::span<const ErrorInfo> all_errors() { return kErrors; }

const ErrorInfo& info(ErrorCode code) {
    const int number = number_of(code);
    return kErrors[is_known(number) ? static_cast<std::size_t>(number - kFirstCode) : 0];
}

ErrorCode error_code_of(std::int16_t number) {
    return is_known(number) ? static_cast<ErrorCode>(number) : ErrorCode::UnknownServerError;
}

}  // namespace kafkasim
