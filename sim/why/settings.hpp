// SPDX-License-Identifier: Apache-2.0
#pragma once
// The settings that explanations name, as the configuration files on the host's disk have them.

#include <string>
#include <string_view>

#include "sim/world/world.hpp"

namespace kafkasim::sim {

/// What stands in the broker's properties file, or Kafka's default.
std::string broker_setting(const World& world, const std::string& broker, std::string_view key,
                           std::string_view standard);
std::string zookeeper_setting(const World& world, std::string_view key, std::string_view standard);

/// A setting, and the file that sets it or leaves it to the default.
struct Setting {
    std::string value;
    std::string file;
    bool is_default = false;
};
Setting setting_of(const World& world, const std::string& file, std::string_view key, std::string_view standard);
std::string broker_file(const std::string& broker);

/// "20.488" seconds.
std::string seconds_text(Duration time);

}  // namespace kafkasim::sim
