// SPDX-License-Identifier: Apache-2.0
// kafkasim fuzz: plays random scenarios, seed by seed, and reports what they found.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>

#include "sim/cli/commands.hpp"
#include "sim/cli/fuzz_workers.hpp"
#include "sim/cli/load.hpp"
#include "sim/fuzz/report.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/suggestion.hpp"

namespace kafkasim::sim::cli {

namespace {

struct FuzzCommand {
    std::string profile;
    std::string seeds;
    unsigned jobs = 1;
    std::string out;
    std::string json;
};

volatile std::sig_atomic_t g_interrupted = 0;

void interrupted(int /*signal*/) { g_interrupted = 1; }

struct Seeds {
    uint64_t first = 0;
    uint64_t last = 0;
};

/// "17" or "1..1000".
std::optional<Seeds> read_seeds(const std::string& text) {
    const auto number = [](std::string_view digits) -> std::optional<uint64_t> {
        uint64_t value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
        return value;
    };
    const size_t dots = text.find("..");
    const auto first = number(std::string_view(text).substr(0, dots));
    const auto last = dots == std::string::npos ? first : number(std::string_view(text).substr(dots + 2));
    if (!first || !last || *last < *first || *last == UINT64_MAX) return std::nullopt;
    return Seeds{*first, *last};
}

const fuzz::Profile* read_profile(const std::string& name) {
    const fuzz::Profile* profile = fuzz::find_profile(name);
    if (profile != nullptr) return profile;
    std::vector<std::string_view> names;
    for (const fuzz::Profile& each : fuzz::profiles()) names.push_back(each.name);
    const std::string meant = scenario::nearest(name, names);
    complain("--profile: \"" + name + "\" is not a profile" +
             (meant.empty() ? "." : "; did you mean \"" + meant + "\"?") + " Allowed: " + scenario::quoted_list(names));
    return nullptr;
}

bool saved(const std::string& path, const std::string& text) {
    const std::string problem = write_file(path, text);
    if (!problem.empty()) complain(problem);
    return problem.empty();
}

/// On a terminal: how far it is, how fast, how long it will take.
class Progress {
public:
    explicit Progress(uint64_t seeds)
        : on_(isatty(STDERR_FILENO) != 0), seeds_(seeds), begin_(std::chrono::steady_clock::now()) {}
    ~Progress() {
        if (on_) fmt::print(stderr, "\r\033[K");
    }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void tell(uint64_t played, size_t failed) {
        if (!on_ || played == 0) return;
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin_;
        const double rate = static_cast<double>(played) / taken.count();
        const double left = static_cast<double>(seeds_ - played) / rate;
        fmt::print(stderr, "\r\033[K{} of {} seeds, {} found something, {:.1f} a second, {:.0f} s left", played, seeds_,
                   failed, rate, left);
        std::fflush(stderr);
    }

private:
    bool on_;
    uint64_t seeds_;
    std::chrono::steady_clock::time_point begin_;
};

int sweep_seeds(const FuzzCommand& command) {
    const fuzz::Profile* profile = read_profile(command.profile);
    const auto seeds = read_seeds(command.seeds);
    if (!seeds) complain("--seeds: \"" + command.seeds + "\" is not a range of seeds. Allowed: 17 or 1..1000");
    if (profile == nullptr || !seeds) return kBadInput;
    std::error_code error;
    if (!command.out.empty()) std::filesystem::create_directories(command.out, error);
    if (error) {
        complain(command.out + ": " + error.message());
        return kBadInput;
    }
    if (!command.json.empty() && !saved(command.json, "")) return kBadInput;

    fuzz::Sweep sweep;
    sweep.profile = profile->name;
    sweep.first = seeds->first;
    sweep.last = seeds->last;
    bool written = true;
    g_interrupted = 0;
    std::signal(SIGINT, interrupted);
    bool played = false;
    {
        Progress progress(seeds->last - seeds->first + 1);
        const auto done = [&](fuzz::SeedResult&& result) {
            if (!result.found.empty() && !command.out.empty())
                written = saved(command.out + "/" + fuzz::file_name(sweep.profile, result.seed),
                                profile->scenario(result.seed)) &&
                          written;
            sweep.add(std::move(result));
            progress.tell(sweep.played(), sweep.failed.size());
        };
        played =
            play_seeds({profile, seeds->first, seeds->last, command.jobs}, done, [] { return g_interrupted != 0; });
    }
    std::signal(SIGINT, SIG_DFL);
    if (!played) complain("no process can be started");
    fmt::print("{}", text_of(sweep, command.out));
    if (!command.json.empty()) written = saved(command.json, json_of(sweep)) && written;
    return sweep.failed.empty() && sweep.complete() && played && written ? kGood : kFailed;
}

}  // namespace

void add_fuzz(CLI::App& program, Command& chosen) {
    auto command = std::make_shared<FuzzCommand>();
    CLI::App* fuzz_program =
        program.add_subcommand("fuzz", "Play random scenarios, seed by seed, and report what they find");
    fuzz_program->add_option("--profile", command->profile, "What is random in them: groups")
        ->required()
        ->type_name("NAME");
    fuzz_program->add_option("--seeds", command->seeds, "Which: one, or from and to")->required()->type_name("A..B");
    fuzz_program->add_option("--jobs", command->jobs, "So many at a time, in processes of their own")
        ->check(CLI::Range(1, 256))
        ->type_name("N");
    fuzz_program->add_option("--out", command->out, "Write the scenario of each seed that finds something into this")
        ->type_name("DIR");
    fuzz_program->add_option("--json", command->json, "Write the result as JSON")->type_name("OUT.json");
    fuzz_program->footer(
        "Examples:\n"
        "  kafkasim fuzz --profile groups --seeds 1..1000 --jobs 2 --out found\n"
        "  kafkasim run found/groups-17.json\n"
        "\n"
        "The same seed gives the same scenario, run and digest. Ctrl+C ends with a report of what was played.\n"
        "Exit code: 0 nothing was found, 1 something was, or not all was played, 2 bad usage.");
    fuzz_program->callback([command, &chosen] { chosen = [command] { return sweep_seeds(*command); }; });
}

}  // namespace kafkasim::sim::cli
