// SPDX-License-Identifier: Apache-2.0
#include "sim/shell/screen.hpp"

namespace kafkasim::sim {

bool Screen::shows_output(const World& world, size_t place) const {
    return place + 1 == pipeline_.size() && !world.process(pipeline_[place]).options.output_file;
}

bool Screen::has_fresh(const World& world) const {
    for (size_t i = 0; i < pipeline_.size(); ++i) {
        const Process& process = world.process(pipeline_[i]);
        if (process.stderr_text.size() > shown_[i].error) return true;
        if (shows_output(world, i) && process.stdout_text.size() > shown_[i].out) return true;
    }
    return false;
}

std::string Screen::fresh(const World& world) {
    std::string text;
    for (size_t i = 0; i < pipeline_.size(); ++i) {
        const Process& process = world.process(pipeline_[i]);
        text += process.stderr_text.substr(shown_[i].error);
        shown_[i].error = process.stderr_text.size();
        if (!shows_output(world, i)) continue;
        text += process.stdout_text.substr(shown_[i].out);
        shown_[i].out = process.stdout_text.size();
    }
    return text;
}

bool Screen::ended(const World& world) const {
    for (const ProcessId process : pipeline_) {
        if (world.process(process).alive()) return false;
    }
    return true;
}

}  // namespace kafkasim::sim
