// SPDX-License-Identifier: Apache-2.0
#pragma once
// Documents that can be played: the ```console lab NAME blocks of a page are what one person sees in the terminals of
// one lab session, what is typed and what comes of it. They are played from the first to the last, each in the terminal
// it names, and what really comes is laid beside what the page shows.
//
// In a block, what is typed stands behind "$ " (a shell), ">" (a program's own prompt) or "» " (a program without one);
// a line that begins with ":" is the lab's; ^C and ^D are keys. All other lines are output. "…" alone in a line stands for
// any number of lines, and times of day are not compared.
// Called by the tests of documents, which can also have a page written anew.

#include <string>
#include <vector>

#include "sim/lab/session.hpp"

namespace kafkasim::sim::lab {

struct Block {
    size_t begins = 0;  // index of its first line in the page, below the fence
    std::string terminal;
    std::vector<std::string> lines;
};

/// What a person types in this line of a block, if it is not output: "$ ls" → "ls", ">^C" → "^C".
std::optional<std::string> typed_in(const std::string& line);

std::vector<Block> blocks_of(const std::vector<std::string>& page);

/// Plays what the block types; the block as it really looks.
std::vector<std::string> played(Session& session, const Block& block);

/// Whether the lines are those of the block, "…" standing for any number of them; both without times of day.
bool matches(const std::vector<std::string>& shown, const std::vector<std::string>& actual);

struct PlayedPage {
    std::vector<std::string> differences;  // one text for each block that differs
    std::string text;                      // the page with those blocks as they really look
    size_t blocks = 0;
};

/// The whole page in one session.
PlayedPage play_page(Session& session, const std::string& page);

}  // namespace kafkasim::sim::lab
