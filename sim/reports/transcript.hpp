// SPDX-License-Identifier: Apache-2.0
#pragma once
// A run as text for a class: who typed what where, what came back, at which virtual time, what changed in the
// cluster; the narration, the questions and their answers. It writes as the
// run goes on, to whoever gave it a sink.

#include <functional>
#include <string>

#include "sim/reports/cluster_changes.hpp"
#include "sim/scenario/runner.hpp"

namespace kafkasim::sim {

struct TranscriptOptions {
    std::string language = "en";
    bool colour = false;
    /// The chain of causes behind a claim that does not hold; empty: none is told.
    std::function<std::string(const World&, const scenario::Failure&)> story{};
};

class Transcript final : public scenario::Reporter {
public:
    using Sink = std::function<void(const std::string&)>;

    Transcript(TranscriptOptions options, Sink sink) : options_(std::move(options)), sink_(std::move(sink)) {}

    void begins(const World& world, const scenario::Scenario& scenario) override;
    void step_begins(const World& world, const scenario::Step& step, size_t number) override;
    void step_ends(const World& world, const scenario::Step& step, const scenario::StepResult& result) override;
    void ends(const World& world, const scenario::Scenario& scenario, const scenario::RunResult& result) override;

private:
    enum class Style : uint8_t { Plain, Dim, Bold, Prompt, Question, Good, Bad };

    void write(Style style, const std::string& text);
    void cluster_is_up(const World& world);
    void changed(const std::vector<std::string>& lines);
    /// What the faults that have ended since the last look touched; a kill speaks for itself.
    void receipts(const World& world);
    void failed(const World& world, const scenario::Failure& failure);
    void story_of(const scenario::Failure& failure, const World& world);
    void broke(const World& world, const scenario::BrokenInvariant& broken);
    void broke(const World& world, const std::vector<scenario::BrokenInvariant>& broken);
    std::string verdict(const scenario::Scenario& scenario, const scenario::RunResult& result) const;
    /// Wrapped and indented; `begun`: its first line stands behind what is already there.
    void paragraph(Style style, const std::string& label, const std::string& text, bool begun = false);
    void indented(Style style, const std::string& text);
    void printed(Style style, const std::string& text);
    void act(const World& world, const scenario::Step& step);
    void seen(const scenario::Step& step, const scenario::Seen& seen);
    std::string word(std::string_view english) const;

    TranscriptOptions options_;
    Sink sink_;
    ClusterChanges changes_;
    size_t receipts_read_ = 0;  // events of the trace
};

/// "expected ..., seen ..." of one claim that did not hold.
std::string failure_text(const World& world, const scenario::Failure& failure);

}  // namespace kafkasim::sim
