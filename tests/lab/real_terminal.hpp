// SPDX-License-Identifier: Apache-2.0
#pragma once
// The program on a real terminal: a tmux server of our own with one window of 80 columns and 24 rows, keys that are
// sent to it and the text that stands in it. Waits for what shall appear, however long that takes within reason; no
// time is measured.

#include <string>

namespace kafkasim::sim::lab {

class RealTerminal {
public:
    /// Runs `kafkasim ARGUMENTS` in it.
    explicit RealTerminal(const std::string& arguments, int columns = 80, int rows = 24);
    ~RealTerminal();
    RealTerminal(const RealTerminal&) = delete;
    RealTerminal& operator=(const RealTerminal&) = delete;

    /// Whether tmux is installed; without it there is no such terminal.
    static bool can_be_had();
    /// Letters, then Enter.
    void line(const std::string& text);
    void letters(const std::string& text);
    /// tmux's name of a key: "C-c", "Tab", "M-1".
    void key(const std::string& name);
    void resize(int columns, int rows);
    /// Whether the text appears on the screen.
    bool shows(const std::string& text);
    /// Whether the program has ended and the shell's last word is there.
    bool ended();
    /// All rows, without spaces at their ends.
    std::string screen() const;
    /// The same, once it stays as it is for a while.
    std::string picture();

private:
    std::string tmux(const std::string& command) const;

    std::string socket_;
};

}  // namespace kafkasim::sim::lab
