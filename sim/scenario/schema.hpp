// SPDX-License-Identifier: Apache-2.0
#pragma once
// The scenario format as a JSON Schema (draft 2020-12), for editors: `kafkasim schema`. It is made from the
// reader's own tables (keys.hpp).

#include <string>

namespace kafkasim::sim::scenario {

std::string schema_text();

}  // namespace kafkasim::sim::scenario
