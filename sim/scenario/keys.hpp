// SPDX-License-Identifier: Apache-2.0
#pragma once
// The words of the scenario format: every object of a file with the keys that may stand in it. The reader refuses
// all others, and `kafkasim schema` prints these tables, so
// the two cannot disagree.

#include <span>
#include <string_view>
#include <vector>

namespace kafkasim::sim::scenario {

struct Key {
    std::string_view name;
    std::string_view type;  // JSON Schema of the value: members without the braces
    std::string_view about;
    std::string_view beside = "";  // a key that must stand beside it; "run or workload": one of these
    bool required = false;
};

/// One kind of object in a file.
struct ObjectType {
    std::string_view name;  // in the schema's $defs; "" for the file itself
    std::string_view about;
    std::span<const Key> keys;
};

extern const ObjectType kFile;
extern const ObjectType kCluster;
extern const ObjectType kZooKeeper;
extern const ObjectType kBroker;
extern const ObjectType kPin;
extern const ObjectType kPinnedTopic;
extern const ObjectType kPinnedAgain;
extern const ObjectType kRules;
extern const ObjectType kTerminal;
extern const ObjectType kStep;
extern const ObjectType kRepeat;
extern const ObjectType kLeaderOf;
extern const ObjectType kWaitUntil;
extern const ObjectType kCondition;
extern const ObjectType kOneWay;
extern const ObjectType kSlow;
extern const ObjectType kDisk;
extern const ObjectType kDiskOf;
extern const ObjectType kClock;
extern const ObjectType kHold;
extern const ObjectType kWrite;
extern const ObjectType kLook;
extern const ObjectType kExpect;
extern const ObjectType kAcknowledged;
extern const ObjectType kConsumed;
extern const ObjectType kDelivered;
extern const ObjectType kWorkload;
extern const ObjectType kProducers;
extern const ObjectType kConsumers;
extern const ObjectType kUniformKeys;
extern const ObjectType kZipfKeys;
extern const ObjectType kHotKeys;
extern const ObjectType kChurn;

/// All of them.
std::span<const ObjectType* const> object_types();

/// The keys of a step that say what is done; `type` and `note` are verbs only where no other stands.
std::span<const std::string_view> verbs();

std::vector<std::string_view> names_of(const ObjectType& type);
/// The keys of which one must stand beside it.
std::vector<std::string_view> beside_of(const Key& key);

}  // namespace kafkasim::sim::scenario
