// SPDX-License-Identifier: Apache-2.0
#pragma once
// Brokers tell the controller something by sequential znodes below a path: it reads them and then removes them. What
// the frames for each of these paths, and a failover, do in the same way.
// Kafka 3.0.0: kafka.zk.KafkaZkClient.getAllLogDirEventNotifications, deleteIsrChangeNotifications and their like.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/controller/run.hpp"

namespace kafkasim::controller {

/// The names of the children that the reply lists; nullopt: the path could not be read.
std::optional<std::vector<std::string>> children_in(const protocol::Body& reply);
/// Asks for the data of these children of `path`.
Flow read_notifications(Run& run, std::string_view path, const std::vector<std::string>& names);
/// Asks for their deletion; `any_moved` tells of the replies.
Flow delete_notifications(Run& run, std::string_view path, const std::vector<std::string>& names);

}  // namespace kafkasim::controller
