// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values in a recording that are chance and must not count when two recordings are compared: ids get their kind and
// a number, in order of appearance; time stamps, ports
// and counts of attempts get their kind only. The rules are those of the scenario format, "Comparing two runs of
// one file".

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace kafkasim::sim::scenario {

class ChanceValues {
public:
    /// Looks in a text of the recording for topic and cluster ids, so that they are known wherever they stand.
    void collect_ids(std::string_view text);
    void add_id(const std::string& id) { ids_.insert(id); }

    /// The text with names in place of chance.
    std::string plain(std::string_view text);

private:
    std::string number(const std::string& kind, std::string_view value);

    std::set<std::string, std::less<>> ids_;
    std::map<std::string, std::map<std::string, size_t, std::less<>>> numbers_;  // by kind
};

/// Each UUID (8-4-4-4-12) replaced by `name`.
std::string without_uuids(std::string_view text, const std::string& name);
bool has_uuid(std::string_view text);
/// Each generated group id (console-consumer-12345) by "console-consumer-<n>"; whether there was one.
bool drop_generated_groups(std::string& text);

}  // namespace kafkasim::sim::scenario
