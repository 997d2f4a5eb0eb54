// SPDX-License-Identifier: Apache-2.0
#include "sim/why/settings.hpp"

#include <fmt/format.h>

#include "core/config/broker_config.hpp"
#include "sim/world/installation.hpp"

namespace kafkasim::sim {

Setting setting_of(const World& world, const std::string& file, std::string_view key, std::string_view standard) {
    const auto properties = config::parse_properties(world.disk().read_text(file).value_or(""));
    const auto set = properties.find(std::string(key));
    if (set == properties.end()) return {std::string(standard), file, true};
    return {set->second, file, false};
}

std::string broker_file(const std::string& broker) {
    const auto number = config::parse_whole(broker);
    return config_file_of(number ? static_cast<int32_t>(*number) : 0);
}

std::string broker_setting(const World& world, const std::string& broker, std::string_view key,
                           std::string_view standard) {
    return setting_of(world, broker_file(broker), key, standard).value;
}

std::string zookeeper_setting(const World& world, std::string_view key, std::string_view standard) {
    return setting_of(world, "config/zookeeper.properties", key, standard).value;
}

std::string seconds_text(Duration time) {
    return fmt::format("{}.{:03}", millis_of(time) / 1000, millis_of(time) % 1000);
}

}  // namespace kafkasim::sim
