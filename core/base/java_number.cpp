// SPDX-License-Identifier: Apache-2.0

#include "core/base/java_number.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace kafkasim::java {
namespace {

/// The digits without a point, and the power of ten of the first one.
struct Decimal {
    std::string digits;
    int exponent = 0;
};

/// "2.61e+20"
Decimal read_scientific(std::string_view text) {
    const size_t e = text.find('e');
    Decimal decimal;
    for (char c : text.substr(0, e)) {
        if (c != '.') decimal.digits += c;
    }
    std::string_view exponent = text.substr(e + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), decimal.exponent);
    return decimal;
}

std::string with_fraction(std::string_view whole, std::string_view fraction) {
    return fmt::format("{}.{}", whole, fraction.empty() ? "0" : fraction);
}

/// Plain from a thousandth to ten million, else with an exponent.
std::string as_java_writes(Decimal decimal) {
    constexpr int kLowest = -3;
    constexpr int kTooHigh = 7;
    std::string& digits = decimal.digits;
    if (decimal.exponent < kLowest || decimal.exponent >= kTooHigh)
        return fmt::format("{}E{}", with_fraction(digits.substr(0, 1), digits.substr(1)), decimal.exponent);
    if (decimal.exponent < 0)
        return with_fraction("0", std::string(static_cast<size_t>(-decimal.exponent - 1), '0') + digits);
    const size_t whole = static_cast<size_t>(decimal.exponent) + 1;
    if (digits.size() < whole) digits.resize(whole, '0');
    return with_fraction(digits.substr(0, whole), digits.substr(whole));
}

/// With as many digits as are needed, or with `precision` of them after the point.
template <typename Number, typename... Precision>
std::string scientific(Number value, Precision... precision) {
    std::array<char, 64> buffer{};
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific, precision...);
    return error == std::errc() ? std::string(buffer.data(), end) : std::string();
}

template <typename Number>
std::string text_of(Number value) {
    if (value != value) return "NaN";
    if (value < 0) return "-" + text_of(-value);
    const std::string text = scientific(value);
    if (text == "inf") return "Infinity";
    if (text.starts_with("-0e")) return "-0.0";
    if (text.starts_with("0e")) return "0.0";
    Decimal decimal = read_scientific(text);
    if (decimal.digits.size() == 1) {
        // Java writes two digits at least, and the second one as it is: 4.9E-324, not 5.0E-324.
        const Decimal longer = read_scientific(scientific(value, 1));
        if (longer.digits.back() != '0') decimal = longer;
    }
    return as_java_writes(std::move(decimal));
}

}  // namespace

std::string to_string(double value) { return text_of(value); }
std::string to_string(float value) { return text_of(value); }

}  // namespace kafkasim::java
