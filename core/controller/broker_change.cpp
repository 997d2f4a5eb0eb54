// SPDX-License-Identifier: Apache-2.0
// The children of /brokers/ids changed: who is new, who is gone, and who went and came back in between (its znode
// has a new epoch).
// Kafka 3.0.0: kafka.controller.KafkaController.processBrokerChange, processBrokerModification.

#include <algorithm>

#include "core/controller/reading.hpp"
#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using At = frame::BrokerChange::At;
using protocol::Body;

Flow read_brokers(Run& run, frame::BrokerChange& self) {
    self.ids = broker_ids_in(run.take_replies().at(0));
    self.at = At::Compare;
    std::vector<Body> requests;
    for (const BrokerId id : self.ids)
        requests.push_back(zk_get_data(broker_path(id), run.state().watched_brokers.contains(id)));
    return run.ask(std::move(requests));
}

std::string ids_of(const std::map<BrokerId, LiveBroker>& brokers) {
    std::vector<BrokerId> ids;
    for (const auto& [id, broker] : brokers) ids.push_back(id);
    return join(ids);
}

Flow compare(Run& run, frame::BrokerChange& self) {
    self.current = brokers_in(self.ids, run.take_replies());
    for (const auto& [id, broker] : self.current) {
        const auto known = run.context().broker_epoch(id);
        if (!known)
            self.added.push_back(id);
        else if (broker.epoch > *known)
            self.bounced.push_back(id);
    }
    for (const BrokerId id : run.context().live_or_shutting_down_broker_ids()) {
        if (!self.current.contains(id)) self.dead.push_back(id);
    }
    run.info("Newly added brokers: {}, deleted brokers: {}, bounced brokers: {}, all live brokers: {}",
             join(self.added), join(self.dead), join(self.bounced), ids_of(self.current));
    ChannelManager& channels = run.state().channels;
    for (const BrokerId id : self.added) channels.add_broker(run.env(), self.current.at(id));
    for (const BrokerId id : self.bounced) channels.remove_broker(run.env(), id);
    for (const BrokerId id : self.bounced) channels.add_broker(run.env(), self.current.at(id));
    for (const BrokerId id : self.dead) channels.remove_broker(run.env(), id);
    self.at = At::New;
    return Flow::Again;
}

Flow bring_up(Run& run, const frame::BrokerChange& self, const std::vector<BrokerId>& brokers) {
    if (brokers.empty()) return Flow::Again;
    for (const BrokerId id : brokers) {
        run.context().brokers[id] = self.current.at(id);
        run.note(node::NoteKind::BrokerAppeared, {{"broker", id.value}});
    }
    frame::BrokerStartup startup;
    startup.brokers = brokers;
    return run.call(std::move(startup));
}

Flow take_down(Run& run, const std::vector<BrokerId>& brokers) {
    if (brokers.empty()) return Flow::Again;
    for (const BrokerId id : brokers) {
        run.context().brokers.erase(id);
        run.note(node::NoteKind::BrokerFailed, {{"broker", id.value}});
    }
    frame::BrokerFailure failure;
    failure.brokers = brokers;
    return run.call(std::move(failure));
}

}  // namespace

Flow step(Run& run, frame::BrokerChange& self) {
    switch (self.at) {
        case At::Ids:
            if (!run.state().is_active()) return Flow::Done;
            self.at = At::Read;
            return run.ask(zk_get_children(std::string(kBrokerIdsPath), true));
        case At::Read:
            return read_brokers(run, self);
        case At::Compare:
            return compare(run, self);
        case At::New:
            self.at = At::BouncedDown;
            return bring_up(run, self, self.added);
        case At::BouncedDown:
            self.at = At::BouncedUp;
            return take_down(run, self.bounced);
        case At::BouncedUp:
            self.at = At::Dead;
            return bring_up(run, self, self.bounced);
        case At::Dead:
            self.at = At::End;
            return take_down(run, self.dead);
        case At::End:
            if (!self.added.empty() || !self.bounced.empty() || !self.dead.empty()) {
                run.info("Updated broker epochs cache: {}", broker_epochs_text(run.context()));
            }
            return Flow::Done;
    }
    return Flow::Done;
}

namespace {

/// "1 : (EndPoint(localhost,9093,ListenerName(PLAINTEXT),PLAINTEXT)) : null : Features{}"
std::string metadata_text(const BrokerInfo& broker) {
    return fmt::format("{} : (EndPoint({},{},ListenerName(PLAINTEXT),PLAINTEXT)) : {} : Features{{}}", broker.id.value,
                       broker.host, broker.port, broker.rack.value_or("null"));
}

}  // namespace

Flow step(Run& run, frame::BrokerModifications& self) {
    switch (self.at) {
        case frame::BrokerModifications::At::Read:
            if (!run.state().is_active()) return Flow::Done;
            self.at = frame::BrokerModifications::At::Compare;
            return run.ask(zk_get_data(broker_path(self.broker), true));
        case frame::BrokerModifications::At::Compare: {
            const auto read = brokers_in({self.broker}, run.take_replies());
            const auto known = run.context().brokers.find(self.broker);
            if (read.empty() || known == run.context().brokers.end()) return Flow::Done;
            const BrokerInfo& now = read.begin()->second.info;
            if (now.host == known->second.info.host && now.port == known->second.info.port) return Flow::Done;
            run.info("Updated broker metadata: {} -> {}", metadata_text(known->second.info), metadata_text(now));
            known->second.info = now;
            run.info("Broker info update callback for {}", self.broker.value);
            run.send_update_metadata(run.context().live_or_shutting_down_broker_ids(), {});
            return Flow::Done;
        }
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
