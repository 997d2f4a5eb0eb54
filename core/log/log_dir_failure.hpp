// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a log does when a write does not get to the disk: it says so once, and nothing is written to that folder of
// log.dirs any more. The broker takes the folder offline when it has handled the event (ReplicaManager). Whether a
// folder has failed, the disk remembers.
// Called by whoever writes below log.dirs. Kafka 3.0.0: kafka.server.LogDirFailureChannel.maybeAddOfflineLogDir,
// kafka.log.Log.maybeHandleIOException.

#include <string>
#include <string_view>

#include "core/node/env.hpp"

namespace kafkasim::log {

/// An earlier write below this folder has failed: Kafka throws KafkaStorageException before it tries another one.
bool has_failed(node::Env& env, std::string_view log_dir);

/// The exception of the first write below this folder that failed: "java.io.IOException: No space left on device".
/// `opened`: the file that had to be opened for it.
std::string io_exception(node::Env& env, std::string_view log_dir, std::string_view opened = {});

/// Called after a write, if has_failed was false before it. True if it failed; `what` is then logged.
bool write_failed(node::Env& env, std::string_view log_dir, std::string_view what, std::string_view opened = {});

/// "Error while writing to checkpoint file /tmp/kafka-logs1/t-0/leader-epoch-checkpoint"
std::string checkpoint_error(std::string_view path);

}  // namespace kafkasim::log
