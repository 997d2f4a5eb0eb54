// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/keys.hpp"

#include <algorithm>
#include <array>

namespace kafkasim::sim::scenario {

namespace {

constexpr std::string_view kText = R"("type":"string")";
constexpr std::string_view kTexts = R"("type":"array","items":{"type":"string"})";
constexpr std::string_view kBoolean = R"("type":"boolean")";
constexpr std::string_view kPort = R"("type":"integer","minimum":1,"maximum":65535)";
constexpr std::string_view kWords = R"("$ref":"#/$defs/text")";
constexpr std::string_view kTime = R"("$ref":"#/$defs/time")";
constexpr std::string_view kProcess = R"("$ref":"#/$defs/process")";
constexpr std::string_view kProcessOrTerminal =
    R"("anyOf":[{"$ref":"#/$defs/process"},{"$ref":"#/$defs/terminal_of"}])";
constexpr std::string_view kHostsOrAll = R"("anyOf":[{"const":"all"},{"$ref":"#/$defs/hosts"}])";
constexpr std::string_view kLines = R"("$ref":"#/$defs/lines")";
constexpr std::string_view kNumbers = R"("$ref":"#/$defs/number_by_partition")";
constexpr std::string_view kLists = R"("$ref":"#/$defs/brokers_by_partition")";
constexpr std::string_view kByGroup = R"("$ref":"#/$defs/offset_by_group")";
constexpr std::string_view kTextByName = R"("type":"object","additionalProperties":{"type":"string"})";
constexpr std::string_view kConfig = R"("type":"object","additionalProperties":{"type":["string","number","boolean"]})";
constexpr std::string_view kAnyObject = R"("type":"object")";

constexpr Key kFileKeys[] = {
    {"$schema", kText, "Where editors find this schema."},
    {"title", kWords, "What the scenario shows, in a line."},
    {"about", kWords, "What the scenario shows, in a paragraph."},
    {"seed", R"("type":"integer","minimum":0)", "The run's seed; 1 if not given."},
    {"start_time", R"("type":"string","format":"date-time")",
     "Wall-clock time at virtual time 0, ISO 8601 with offset; 2022-01-01T01:08:00+09:00 if not given."},
    {"cluster", R"("$ref":"#/$defs/cluster")",
     "What is installed; the tutorial's ZooKeeper and three brokers if not given."},
    {"rules", R"("anyOf":[{"type":"string"},{"$ref":"#/$defs/rules"}])",
     "The rule set of replication; \"3.0.0\" if not given."},
    {"invariants", kBoolean, "The invariants are checked, and none may break."},
    {"breaks", R"("$ref":"#/$defs/breaks")",
     "The invariants are checked. By rule set: those that must break; all others, and with other rules all, must "
     "hold."},
    {"pin", R"("$ref":"#/$defs/pin")", "Outcomes of chance to fix, so that a run can repeat a recorded one."},
    {"steps", R"("type":"array","items":{"anyOf":[{"$ref":"#/$defs/step"},{"$ref":"#/$defs/repeat"}]})",
     "Done in order, each when the one before has ended.", "", true},
};

constexpr Key kClusterKeys[] = {
    {"zookeeper", R"("$ref":"#/$defs/zookeeper")", "The one ZooKeeper server."},
    {"brokers", R"("type":"array","minItems":1,"items":{"$ref":"#/$defs/broker"})",
     "The brokers; 1, 2, 3 at the ports 9093, 9094, 9095 if not given."},
    {"running", kBoolean, "Everything is started before the first step."},
};

constexpr Key kZooKeeperKeys[] = {
    {"port", kPort, "Its client port; 2181 if not given."},
};

constexpr Key kBrokerKeys[] = {
    {"id", R"("type":"integer","minimum":0,"maximum":1000)", "broker.id; the process is called broker-<id>.", "", true},
    {"port", kPort, "Its port; 9092 + id if not given."},
    {"config", kConfig, "Laid over the stock server.properties."},
};

constexpr Key kPinKeys[] = {
    {"topics", R"("type":"object","additionalProperties":{"$ref":"#/$defs/pinned_topic"})",
     "By topic: its id and the replicas it gets when it is created without naming them."},
    {"sticky", R"("type":"object","additionalProperties":{"type":"array","items":{"type":"integer","minimum":0}})",
     "By topic: the partitions that the sticky partitioner picks, batch by batch."},
    {"controllers", R"("type":"array","items":{"type":"integer"})",
     "The brokers that are controller, one after another, as seen between steps."},
};

constexpr Key kPinnedTopicKeys[] = {
    {"id", R"("type":["string","null"],"pattern":"^[A-Za-z0-9_-]{22}$")",
     "The topic id: 22 characters of base64url; null before protocol version 2.8."},
    {"assignment", R"("type":"array","items":{"type":"array","minItems":1,"items":{"type":"integer"}})",
     "The replicas of each partition; the first is the preferred leader."},
    {"again", R"("type":"array","items":{"$ref":"#/$defs/pinned_again"})",
     "The same for each later time that a topic of this name is created."},
};

constexpr Key kPinnedAgainKeys[] = {
    {"id", R"("type":["string","null"],"pattern":"^[A-Za-z0-9_-]{22}$")",
     "The topic id: 22 characters of base64url; null before protocol version 2.8."},
    {"assignment", R"("type":"array","items":{"type":"array","minItems":1,"items":{"type":"integer"}})",
     "The replicas of each partition; the first is the preferred leader."},
};

constexpr Key kRulesKeys[] = {
    {"replication", kText, "How followers truncate: \"kip-101\"; \"3.0.0\" if not given."},
    {"isr_changes", R"("enum":["alter-isr","zookeeper"])",
     "Who writes a changed Isr: the controller, asked by AlterIsr, or, as before 2.7, the leader itself."},
};

constexpr Key kTerminalKeys[] = {
    {"terminal", kText, "The terminal in which it runs in the background.", "", true},
};

constexpr Key kStepKeys[] = {
    {"id", kText, "A name for the step, its own in the file."},
    {"title", kWords, "A heading."},
    {"say", kWords, "Narration."},
    {"ask", kWords, "A question for the class."},
    {"answer", kWords, "The answer to `ask`.", "ask"},
    {"note", kWords, "A remark; alone in a step it is a step in which nothing happens."},
    {"expect", R"("$ref":"#/$defs/expect")", "What must come of the step."},
    {"seen", kAnyObject, "What whoever ran it saw (a recording); never read by run."},
    {"volatile", kTexts, "What of `seen` is chance and not compared: \"ms\", \"znodes:/controller\"."},
    {"as", kText, "What later steps call the process of this one."},
    {"may_be_idle", kBoolean, "The fault of this step may touch nothing; else that is a problem."},
    {"start", kProcess, "Start it as the tutorial does, and wait for its \"started\" line."},
    {"stop", kProcess, "Ctrl+C, and wait for its end."},
    {"kill", kProcessOrTerminal, "kill -9."},
    {"pause", kProcessOrTerminal, "SIGSTOP, as a long garbage collection."},
    {"resume", kProcessOrTerminal, "SIGCONT."},
    {"power_off", kProcess, "A pulled plug: unflushed data is lost."},
    {"disk", R"("$ref":"#/$defs/disk")", "A full or failed disk."},
    {"clock", R"("$ref":"#/$defs/clock")", "A wrong clock."},
    {"cut", R"("anyOf":[{"const":"all"},{"$ref":"#/$defs/hosts"},{"$ref":"#/$defs/one_way"}])",
     "The network between them is cut."},
    {"heal",
     R"("anyOf":[{"const":"all"},{"$ref":"#/$defs/hosts"},{"$ref":"#/$defs/one_way"},{"$ref":"#/$defs/disk_of"}])",
     "The network between them, or the disk, works again."},
    {"slow", R"("$ref":"#/$defs/slow")", "A slow network or disk."},
    {"hold", R"("$ref":"#/$defs/hold")", "Hold back the next request of a kind."},
    {"release", R"("$ref":"#/$defs/hold")", "Let a held request go."},
    {"run", kText, "A command line as the tutorial writes it; runs in `terminal` until it ends."},
    {"wait", R"("anyOf":[{"$ref":"#/$defs/time"},{"$ref":"#/$defs/wait_until"}])",
     "Let time pass, or wait until something holds."},
    {"type", kLines, "Lines to type; beside `run`, end of input follows."},
    {"press", R"("enum":["Ctrl+C","Ctrl+D"])", "Press a key in `terminal`."},
    {"write", R"("$ref":"#/$defs/write")", "Edit a file."},
    {"look", R"("$ref":"#/$defs/look")", "Observe."},
    {"workload", R"("$ref":"#/$defs/workload")", "Producers and consumers that work by themselves."},
    {"terminal", kText, "Where it runs, is typed or pressed; \"main\" if not given."},
    {"stdin", kText, "The text that stands on standard input as a file would.", "run"},
    {"for", kTime, "Let it run this long, then press Ctrl+C.", "run"},
    {"background", kBoolean, "Go on with the next step while it runs.", "run or workload"},
    {"tty", kBoolean, "Its input, output and error are one terminal: prompts and echo are in stdout.", "run"},
};

constexpr Key kRepeatKeys[] = {
    {"repeat",
     R"("anyOf":[{"type":"integer","minimum":1,"maximum":1000},{"type":"array","minItems":1,"items":{"$ref":"#/$defs/process"}}])",
     "How often, or for which processes: in the steps \"each\" stands for the one of the round.", "", true},
    {"steps", R"("type":"array","minItems":1,"items":{"$ref":"#/$defs/step"})", "What is done in each round.", "",
     true},
    {"note", kWords, "A remark; nobody reads it out."},
};

constexpr Key kLeaderOfKeys[] = {
    {"leader", R"("type":"object","minProperties":1,"maxProperties":1,"additionalProperties":{"type":"integer"})",
     "A topic and a partition: {\"orders\": 0}.", "", true},
};

constexpr Key kWaitUntilKeys[] = {
    {"until", R"("$ref":"#/$defs/condition")", "All of it must hold.", "", true},
    {"at_most", kTime, "Go on when this is over; 60s if not given."},
};

constexpr Key kConditionKeys[] = {
    {"leader", kNumbers, "By topic and partition: the leader."},
    {"isr", kLists, "By topic and partition: the Isr in its order."},
    {"znode", R"("type":"object","additionalProperties":{"type":"boolean"})", "By path: whether it exists."},
    {"log_line", kTextByName, "By log: a line that it must hold; … for what may vary."},
    {"printed", kTextByName, "By terminal: what the program in it must have printed; … for what may vary."},
    {"in_sync", R"("anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}])",
     "Topics: every partition has all its replicas in its Isr."},
    {"registered", R"("type":"object","additionalProperties":{"type":"boolean"})",
     "By broker: whether its znode is in /brokers/ids."},
    {"consumed", R"("anyOf":[{"$ref":"#/$defs/consumed"},{"type":"array","items":{"$ref":"#/$defs/consumed"}}])",
     "What kafka-verifiable-consumer.sh must have printed of their group, their records and their commits."},
    {"caught_up", R"("anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}])",
     "Workloads: every partition of their consumers' topics is owned, and read to its end."},
};

constexpr Key kOneWayKeys[] = {
    {"from", kProcess, "The sender.", "", true},
    {"to", kProcess, "The receiver.", "", true},
};

constexpr Key kSlowKeys[] = {
    {"between", kHostsOrAll, "The processes between which everything takes longer."},
    {"disk", kProcess, "Whose disk is slow."},
    {"by", kTime, "How much longer.", "", true},
};

constexpr Key kDiskKeys[] = {
    {"of", kProcess, "Whose disk.", "", true},
    {"is", R"("enum":["full","failed"])", "What is the matter: nothing fits any more, or nothing can be written.", "",
     true},
    {"folder", kText, "Only this one of its folders (log.dirs); all if not given."},
};

constexpr Key kDiskOfKeys[] = {
    {"disk", kProcess, "Whose disk.", "", true},
};

constexpr Key kClockKeys[] = {
    {"of", kProcess, "Whose clock.", "", true},
    {"by", R"("$ref":"#/$defs/signed_time")", "How much it is ahead: \"5s\"; behind: \"-5s\"; right again: \"0s\".", "",
     true},
};

constexpr Key kHoldKeys[] = {
    {"request", kText, "A kind of request: \"LeaderAndIsr\".", "", true},
    {"to", kProcess, "The receiver.", "", true},
};

constexpr Key kWriteKeys[] = {
    {"file", kText, "Its name; relative to the folder of the tarball.", "", true},
    {"set", kConfig, "Properties to set in it."},
    {"text", kText, "Its whole new text."},
};

constexpr Key kLookKeys[] = {
    {"znodes", kTexts, "Paths in ZooKeeper."},
    {"log", kText,
     "A log: \"broker-1\", \"broker-1/controller\", \"broker-1/state-change\", \"broker-1/log-cleaner\", "
     "\"zookeeper\"."},
    {"like", R"("anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}])",
     "Only its lines that hold this, or one of these; … for what may vary.", "log"},
    {"terminal", kText, "What the program in this terminal has printed since the last look."},
    {"files", kTexts, "Files and folders."},
    {"workload", kText, "What a workload has come to until now, as a table."},
};

constexpr Key kExpectKeys[] = {
    {"stdout", kText, "Standard output, exactly."},
    {"stderr", kText, "Standard error, exactly."},
    {"exit_code", R"("type":"integer","minimum":0,"maximum":255)", "The exit code; 130 after Ctrl+C."},
    {"stdout_like", kText, "Standard output, line by line; … for what may vary."},
    {"stdout_set", kTexts, "The lines of standard output, in any order."},
    {"leader", kNumbers, "By topic and partition, as the brokers' metadata has it; -1 for none."},
    {"isr", kLists, "By topic and partition, in its order."},
    {"replicas", kLists, "By topic and partition."},
    {"offline", kLists, "By topic and partition: the replicas that are offline."},
    {"lag", kByGroup, "By group, topic and partition."},
    {"committed", kByGroup, "By group, topic and partition: the committed offset."},
    {"znode", R"("type":"object")", "By path: its data, as JSON or as text; null if it must not be there."},
    {"log_line", kTextByName, "By log: a line that it must hold; … for what may vary."},
    {"read", kTexts, "Records that a consumer must have printed, among others, in any order."},
    {"acknowledged",
     R"("anyOf":[{"$ref":"#/$defs/acknowledged"},{"type":"array","items":{"$ref":"#/$defs/acknowledged"}}])",
     "What a kafka-verifiable-producer.sh printed as acknowledged was read."},
    {"delivered", R"("anyOf":[{"$ref":"#/$defs/delivered"},{"type":"array","items":{"$ref":"#/$defs/delivered"}}])",
     "What was acknowledged to the producers of workloads was handed to a group."},
    {"consumed", R"("anyOf":[{"$ref":"#/$defs/consumed"},{"type":"array","items":{"$ref":"#/$defs/consumed"}}])",
     "What kafka-verifiable-consumer.sh printed of their group, their records and their commits."},
    {"met", kBoolean, "Of a wait: whether what it waits for has come."},
    {"within", kTime, "The step must take no longer."},
    {"why", kText, "A text that the explanation of the step must contain."},
};

constexpr Key kAcknowledgedKeys[] = {
    {"by", kText, "The terminal of the producer.", "", true},
    {"read", kText, "The terminal of the consumer.", "", true},
    {"duplicates", kBoolean, "Whether a value may have been read twice; true if not given."},
    {"at_least", R"("type":"integer","minimum":1)", "So many values must have been acknowledged; 1 if not given."},
};

constexpr Key kDeliveredKeys[] = {
    {"to", kText, "The group; every group of workloads if not given."},
    {"duplicates", kBoolean, "Whether a record may have been handed out twice; true if not given."},
    {"at_least", R"("type":"integer","minimum":1)", "So many records must have been acknowledged; 1 if not given."},
};

constexpr Key kWorkloadKeys[] = {
    {"name", kText, "Its name, for later steps.", "producers or consumers"},
    {"producers", R"("type":"array","items":{"$ref":"#/$defs/producers"})", "Sets of producers, each alike.", "name"},
    {"consumers", R"("type":"array","items":{"$ref":"#/$defs/consumers"})", "Sets of consumers, each alike.", "name"},
    {"churn", R"("$ref":"#/$defs/churn")", "Comings and goings by chance.", "name"},
    {"for", kTime, "How long producers work and churn goes on; with `background`, if not given, until it is ended.",
     "name"},
    {"end", kText, "The name of a workload in the background that ends: its producers close, then its consumers."},
    {"of", kTexts, "Only these of its sets.", "end"},
    {"catch_up", kTime,
     "How long consumers may go on reading when the producers have closed, until all is read; 5m if not given."},
};

constexpr std::string_view kSetCount = R"("type":"integer","minimum":1,"maximum":1000)";

constexpr Key kProducersKeys[] = {
    {"name", kText, "The processes are <name>-1, <name>-2, ...", "", true},
    {"count", kSetCount, "How many; 1 if not given."},
    {"topics", kTexts, "Records go to them in turn.", "", true},
    {"rate", R"("type":"integer","minimum":1,"maximum":100000)", "Records a second and process; 10 if not given."},
    {"keys",
     R"("anyOf":[{"const":"none"},{"$ref":"#/$defs/uniform_keys"},{"$ref":"#/$defs/zipf_keys"},{"$ref":"#/$defs/hot_keys"}])",
     "Which keys the records have; \"none\" if not given."},
    {"value_bytes", R"("type":"integer","minimum":0,"maximum":1000000)", "A value is at least so long."},
    {"joins_every", kTime, "Each starts so much after the one before; all at once if not given."},
    {"config", kConfig, "Of the producer, over what the program sets."},
};

constexpr Key kConsumersKeys[] = {
    {"name", kText, "The processes are <name>-1, <name>-2, ...", "", true},
    {"count", kSetCount, "How many in each group; 1 if not given."},
    {"group", kText, "Their group; <name> if not given."},
    {"groups", kSetCount, "So many groups alike, <group>-1, <group>-2, ..., of processes <name>-1-1, <name>-1-2, ..."},
    {"topics", kTexts, "What they subscribe to."},
    {"pattern", kText, "Or the topics whose names match this Java pattern."},
    {"poll", kTime, "The timeout of each poll; 100ms if not given."},
    {"processing", kTime, "How long each record takes; 0ms if not given."},
    {"commit", R"("enum":["auto","sync","async","none"])",
     "Who commits: the consumer itself, or the program when the records of a poll are processed; \"auto\" if not "
     "given."},
    {"static", kBoolean, "group.instance.id is the process's name."},
    {"joins_every", kTime, "Each starts so much after the one before; all at once if not given."},
    {"config", kConfig, "Of the consumer, over what the program sets."},
};

constexpr std::string_view kKeyCount = R"("type":"integer","minimum":1,"maximum":1000000)";
constexpr Key kUniformKeysKeys[] = {{"uniform", kKeyCount, "So many keys, all alike.", "", true}};
constexpr Key kZipfKeysKeys[] = {{"zipf", kKeyCount, "So many keys, the k-th with a weight of 1/k.", "", true}};
constexpr Key kHotKeysKeys[] = {
    {"hot", R"("type":"integer","minimum":1,"maximum":100)", "So many percent of the records have the first key.", "",
     true},
    {"of", kKeyCount, "The others have one of so many keys, all alike.", "", true},
};

constexpr Key kChurnKeys[] = {
    {"every", kTime, "About so often one of the deeds is done; 5s if not given."},
    {"of", kTexts, "To a client of these sets, by chance.", "", true},
    {"does", R"("type":"array","minItems":1,"items":{"enum":["leave","crash","hang","pause","join"]})",
     "Ctrl+C, kill -9, the program does nothing for a time, the whole process stands still for a time, who has ended "
     "starts again.",
     "", true},
    {"hang", kTime, "How long who hangs or is paused does so; 10s if not given."},
};

constexpr Key kConsumedKeys[] = {
    {"by", kTexts, "The terminals of the consumers.", "", true},
    {"since", kText, "The id of a step, or \"this step\": from when on it counts; from the beginning if not given."},
    {"joined", R"("type":"integer","minimum":0)", "So many of them are members and know what they are assigned."},
    {"gone", R"("type":"integer","minimum":0)", "So many of them do not run."},
    {"at_least", R"("type":"integer","minimum":1)", "So many records they have read, since."},
    {"gaps", kBoolean, "Whether records may have been skipped; true if not given."},
    {"duplicates", kBoolean, "Whether records may have been read twice; true if not given."},
    {"committed", kBoolean, "Whether all that was read must be committed; false if not given."},
    {"rebalanced", kBoolean, "Whether one of them was assigned partitions, since."},
    {"revoked", kBoolean, "Whether one of them had partitions revoked, since."},
    {"assigned", R"("type":"object","additionalProperties":{"type":"integer","minimum":1})",
     "By topic: how many partitions it has, each of which is assigned to one of them."},
};

}  // namespace

const ObjectType kFile{"", "A scenario of kafkasim: what happens to a cluster and what must come of it.", kFileKeys};
const ObjectType kCluster{"cluster", "What is installed.", kClusterKeys};
const ObjectType kZooKeeper{"zookeeper", "The ZooKeeper server.", kZooKeeperKeys};
const ObjectType kBroker{"broker", "One broker.", kBrokerKeys};
const ObjectType kPin{"pin", "Outcomes of chance that are fixed.", kPinKeys};
const ObjectType kPinnedTopic{"pinned_topic", "What chance decides when a topic is created.", kPinnedTopicKeys};
const ObjectType kPinnedAgain{"pinned_again", "What chance decides when it is created again.", kPinnedAgainKeys};
const ObjectType kRules{"rules", "By which rules the brokers replicate.", kRulesKeys};
const ObjectType kTerminal{"terminal_of", "The program that runs in a terminal.", kTerminalKeys};
const ObjectType kStep{"step", "One verb and what stands beside it.", kStepKeys};
const ObjectType kRepeat{"repeat", "Steps that are done several times over.", kRepeatKeys};
const ObjectType kLeaderOf{"leader_of", "The broker that leads a partition when the step begins.", kLeaderOfKeys};
const ObjectType kWaitUntil{"wait_until", "Wait until something holds.", kWaitUntilKeys};
const ObjectType kCondition{"condition", "What is waited for.", kConditionKeys};
const ObjectType kOneWay{"one_way", "One direction of the network.", kOneWayKeys};
const ObjectType kSlow{"slow", "A slow network (between) or disk.", kSlowKeys};
const ObjectType kDisk{"disk", "A full or failed disk.", kDiskKeys};
const ObjectType kDiskOf{"disk_of", "The disk of a process.", kDiskOfKeys};
const ObjectType kClock{"clock", "A wrong clock.", kClockKeys};
const ObjectType kHold{"hold", "One request of a kind to a process.", kHoldKeys};
const ObjectType kWrite{"write", "A file to edit: `set` or `text`.", kWriteKeys};
const ObjectType kLook{"look", "What to look at.", kLookKeys};
const ObjectType kExpect{"expect", "Claims about a step; each must hold.", kExpectKeys};

const ObjectType kAcknowledged{"acknowledged", "No acknowledged value is lost.", kAcknowledgedKeys};
const ObjectType kConsumed{"consumed", "Consumers do what they should.", kConsumedKeys};
const ObjectType kDelivered{"delivered", "No acknowledged record is lost to a group.", kDeliveredKeys};
const ObjectType kWorkload{"workload", "Clients that work by themselves.", kWorkloadKeys};
const ObjectType kProducers{"producers", "Producers, all alike.", kProducersKeys};
const ObjectType kConsumers{"consumers", "Consumers, all alike.", kConsumersKeys};
const ObjectType kUniformKeys{"uniform_keys", "Keys, all alike.", kUniformKeysKeys};
const ObjectType kZipfKeys{"zipf_keys", "Keys, some much more often than others.", kZipfKeysKeys};
const ObjectType kHotKeys{"hot_keys", "Keys of which one is much more often than the others.", kHotKeysKeys};
const ObjectType kChurn{"churn", "Comings and goings by chance.", kChurnKeys};

std::span<const ObjectType* const> object_types() {
    static constexpr std::array<const ObjectType*, 33> kAll{
        &kFile,        &kCluster,  &kZooKeeper,    &kBroker,    &kPin,       &kPinnedTopic, &kPinnedAgain,
        &kRules,       &kTerminal, &kStep,         &kWaitUntil, &kCondition, &kOneWay,      &kSlow,
        &kHold,        &kWrite,    &kLook,         &kExpect,    &kDisk,      &kDiskOf,      &kClock,
        &kRepeat,      &kLeaderOf, &kAcknowledged, &kDelivered, &kWorkload,  &kProducers,   &kConsumers,
        &kUniformKeys, &kZipfKeys, &kHotKeys,      &kChurn,     &kConsumed};
    return kAll;
}

std::span<const std::string_view> verbs() {
    static constexpr std::string_view kVerbs[] = {
        "start", "stop", "kill", "pause", "resume", "power_off", "cut",  "heal", "slow",  "hold",    "release",
        "run",   "wait", "type", "press", "write",  "look",      "note", "disk", "clock", "workload"};
    return kVerbs;
}

std::vector<std::string_view> names_of(const ObjectType& type) {
    std::vector<std::string_view> names;
    for (const Key& key : type.keys) names.push_back(key.name);
    return names;
}

std::vector<std::string_view> beside_of(const Key& key) {
    constexpr std::string_view kOr = " or ";
    std::vector<std::string_view> names;
    for (std::string_view rest = key.beside; !rest.empty();) {
        const size_t end = std::min(rest.find(kOr), rest.size());
        names.push_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + kOr.size(), rest.size()));
    }
    return names;
}

}  // namespace kafkasim::sim::scenario
