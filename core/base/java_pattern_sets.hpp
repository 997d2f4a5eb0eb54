// SPDX-License-Identifier: Apache-2.0
#pragma once
// The sets of characters that an expression can name. Pure; for java_pattern.cpp.
// Java 17: java.util.regex.Pattern (predefined and POSIX character classes), CharPredicates.

#include <optional>
#include <string_view>
#include <vector>

namespace kafkasim::java {

inline constexpr size_t kBytes = 256;
using ByteSet = std::vector<bool>;  // kBytes of them

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
/// -1 if it is none.
int hexadecimal_digit(char c);

ByteSet only(char c);
ByteSet complement(ByteSet set);
ByteSet in_both_cases(ByteSet set);
void merge(ByteSet& set, const ByteSet& other);
size_t size_of(const ByteSet& set);
/// The lowest of a set that is not empty.
size_t first_of(const ByteSet& set);

/// `\d \D \w \W \s \S \h \H \v \V`
std::optional<ByteSet> named_set(char letter);
/// `\t \n \r \f \a \e`
std::optional<char> control_character(char letter);
/// `\p{Alpha}`, `\p{Lu}`: nullopt if it is not modelled.
std::optional<ByteSet> family_set(std::string_view name);

}  // namespace kafkasim::java
