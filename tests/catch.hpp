// SPDX-License-Identifier: Apache-2.0
//
// Catch2, whichever generation the system has: 2.13 (Debian 12) is one header, 3 is a library with many.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
