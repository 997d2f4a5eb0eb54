// SPDX-License-Identifier: Apache-2.0
#pragma once
// The formatters for __consumer_offsets: committed offsets, and groups. Each passes over the records of the other.
// Pure. Kafka 3.0.0: GroupMetadataManager.OffsetsMessageFormatter, GroupMetadataMessageFormatter.

#include "core/tools/message_formatter.hpp"

namespace kafkasim::tools {

/// "[g,orders,0]::OffsetAndMetadata(offset=2, ..)"
Written write_offset_record(const protocol::Record& record);
/// "g::GroupMetadata(groupId=g, generation=1, ..)"
Written write_group_record(const protocol::Record& record);

}  // namespace kafkasim::tools
