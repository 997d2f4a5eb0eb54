// SPDX-License-Identifier: Apache-2.0
#pragma once
// Floating-point numbers as Java prints them. Pure. Java 17: Double.toString, Float.toString.
// Simplified: always the shortest text that reads back as the same number; Java 17 prints a digit more for a few.

#include <string>

namespace kafkasim::java {

std::string to_string(double value);
std::string to_string(float value);

}  // namespace kafkasim::java
