// SPDX-License-Identifier: Apache-2.0
#include "sim/fuzz/report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/random.hpp"

namespace kafkasim::sim::fuzz {

namespace {

using Json = nlohmann::ordered_json;

std::string hex(uint64_t digest) { return fmt::format("{:016x}", digest); }

Json json_of_result(const SeedResult& result) {
    Json found = Json::array();
    for (const FoundProblem& each : result.found) found.push_back({{"kind", each.kind}, {"text", each.text}});
    return {{"seed", result.seed},
            {"digest", result.digest},
            {"events", result.events},
            {"virtual_ms", result.virtual_ms},
            {"found", std::move(found)}};
}

}  // namespace

void Sweep::add(SeedResult&& result) {
    digests[result.seed] = result.digest;
    events += result.events;
    virtual_ms += result.virtual_ms;
    if (!result.found.empty()) failed[result.seed] = std::move(result);
}

uint64_t Sweep::digest() const {
    uint64_t sum = 0;
    for (const auto& [seed, digest] : digests) sum = splitmix64(sum ^ splitmix64(seed) ^ digest);
    return sum;
}

std::string file_name(const std::string& profile, uint64_t seed) { return fmt::format("{}-{}.json", profile, seed); }

std::string text_of(const Sweep& sweep, const std::string& folder) {
    std::string text;
    for (const auto& [seed, result] : sweep.failed) {
        for (const FoundProblem& each : result.found)
            text += fmt::format("seed {}: {}: {}\n", seed, each.kind, each.text);
        if (!folder.empty()) text += fmt::format("  kafkasim run {}/{}\n", folder, file_name(sweep.profile, seed));
    }
    text += fmt::format("{} seeds of {} ({} to {}): {} found something; {} events, {} s of virtual time; digest {}\n",
                        sweep.played(), sweep.profile, sweep.first, sweep.last, sweep.failed.size(), sweep.events,
                        sweep.virtual_ms / 1000, hex(sweep.digest()));
    if (!sweep.complete())
        text += fmt::format("not played: {} of {}\n", sweep.last - sweep.first + 1 - sweep.played(),
                            sweep.last - sweep.first + 1);
    return text;
}

std::string json_of(const Sweep& sweep) {
    Json failed = Json::array();
    for (const auto& [seed, result] : sweep.failed) {
        Json one = json_of_result(result);
        one["digest"] = hex(result.digest);
        one["scenario"] = file_name(sweep.profile, seed);
        failed.push_back(std::move(one));
    }
    const Json report = {{"profile", sweep.profile}, {"first", sweep.first},           {"last", sweep.last},
                         {"played", sweep.played()}, {"complete", sweep.complete()},   {"failed", std::move(failed)},
                         {"events", sweep.events},   {"virtual_ms", sweep.virtual_ms}, {"digest", hex(sweep.digest())}};
    return report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string line_of(const SeedResult& result) {
    return json_of_result(result).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<SeedResult> result_of_line(const std::string& line) {
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("found")) return std::nullopt;
    SeedResult result;
    result.seed = json.value("seed", uint64_t{0});
    result.digest = json.value("digest", uint64_t{0});
    result.events = json.value("events", uint64_t{0});
    result.virtual_ms = json.value("virtual_ms", int64_t{0});
    for (const Json& each : json["found"])
        result.found.push_back({each.value("kind", std::string()), each.value("text", std::string())});
    return result;
}

}  // namespace kafkasim::sim::fuzz
