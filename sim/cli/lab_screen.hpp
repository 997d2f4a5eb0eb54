// SPDX-License-Identifier: Apache-2.0
#pragma once
// The window of the lab: text scrolls in all rows but the last, which is the status line. Gives the terminal back as it
// was, also when the program is ended by a signal or breaks off.

#include <string>
#include <string_view>

namespace kafkasim::sim::cli {

enum class Style : unsigned char { Plain, Dim, Prompt, Problem, Note };

class LabScreen {
public:
    LabScreen();
    ~LabScreen();
    LabScreen(const LabScreen&) = delete;
    LabScreen& operator=(const LabScreen&) = delete;

    size_t columns() const { return columns_; }
    bool has_colour() const { return colour_; }
    /// If the terminal says that its size has changed: the last text again, as it fits now.
    bool resized();
    /// The row at the bottom; nothing is written if it shows that already.
    void status(const std::string& line);
    /// Text at the cursor, in the scrolling rows.
    void write(std::string_view text, Style style = Style::Plain);
    /// What somebody else has written there: a line that was typed.
    void remember(std::string_view text);
    /// The line that is edited begins with `prompt`; its cursor stands `before` columns into it, of `all`. The rows it
    /// takes are emptied, and the cursor goes to where it began.
    void erase_edited(size_t before, size_t all);
    void clear();
    void flush();

private:
    void take_size();
    void write_again();

    size_t columns_ = 80;
    size_t rows_ = 24;
    std::string shown_status_;
    std::string written_;  // the last of it, for a window that changes its size
    bool colour_ = true;
};

}  // namespace kafkasim::sim::cli
