// SPDX-License-Identifier: Apache-2.0
// Who is the controller: the election by the ephemeral znode /controller, resignation, and the way back after a
// lost session.
// Kafka 3.0.0: kafka.controller.KafkaController (processStartup, elect, maybeResign, triggerControllerMove,
// processReelect,
// processRegisterBrokerAndReelect, onControllerResignation),
// kafka.zk.KafkaZkClient.registerControllerAndIncrementControllerEpoch.

#include "core/controller/run.hpp"

namespace kafkasim::controller {

namespace {

using namespace zookeeper;
using protocol::Body;

Body read_controller() { return zk_get_data(std::string(kControllerPath), true); }

/// kNoBroker if the znode is not there.
BrokerId controller_in(const Body& reply) {
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&reply);
    if (data == nullptr || data->err != kOk || !data->data) return kNoBroker;
    const auto controller = decode_controller(*data->data);
    return controller ? controller->broker : kNoBroker;
}

struct EpochRead {
    int32_t err = kOk;
    int32_t epoch = 0;
    int32_t version = 0;
};
EpochRead epoch_in(const Body& reply) {
    const auto* data = std::get_if<protocol::ZkGetDataResponse>(&reply);
    if (data == nullptr || data->err != kOk || !data->data)
        return {data == nullptr ? error_of(reply) : data->err, 0, 0};
    const auto epoch = decode_controller_epoch(*data->data);
    return {epoch ? kOk : kMarshallingError, epoch.value_or(0), data->stat.version};
}

}  // namespace

void resign(Run& run) {
    ControllerState& state = run.state();
    const bool was_elected = run.context().epoch > 0;
    run.log(node::Level::Debug, "Resigning");
    run.log(node::Level::Debug, "Unregister BrokerModifications handler for {}", set_text(state.watched_brokers));
    state.handlers_registered = false;
    state.watched_brokers.clear();
    if (state.rebalance_timer != node::TimerId::None) run.env().disarm(state.rebalance_timer);
    node::info(run.env(), kPartitionMachineLogger,
               "[PartitionStateMachine controllerId={}] Stopped partition state machine", run.id().value);
    node::info(run.env(), kReplicaMachineLogger, "[ReplicaStateMachine controllerId={}] Stopped replica state machine",
               run.id().value);
    state.channels.shutdown(run.env());
    run.context().reset();
    run.info("Resigned");
    if (was_elected) run.note(node::NoteKind::ControllerResigned, {{"broker", run.id().value}});
}

Flow step(Run& run, frame::Startup& self) {
    using At = frame::Startup::At;
    switch (self.at) {
        case At::WatchController:
            self.at = At::Elect;
            return run.ask(zk_exists(std::string(kControllerPath), true));
        case At::Elect:
            self.at = At::End;
            return run.call(frame::Elect{});
        case At::End:
            return Flow::Done;
    }
    return Flow::Done;
}

Flow step(Run& run, frame::Reelect& self) {
    using At = frame::Reelect::At;
    switch (self.at) {
        case At::Resign:
            self.at = At::Elect;
            return run.call(frame::MaybeResign{});
        case At::Elect:
            self.at = At::End;
            return run.call(frame::Elect{});
        case At::End:
            return Flow::Done;
    }
    return Flow::Done;
}

Flow step(Run& run, frame::Register& self) {
    using At = frame::Register::At;
    switch (self.at) {
        case At::Ask:
            self.at = At::Reelect;
            run.state().awaiting_registration = true;
            run.host().re_register();
            return Flow::Wait;
        case At::Reelect:
            if (!run.state().exception.empty()) return Flow::Failed;
            self.at = At::End;
            return run.call(frame::Reelect{});
        case At::End:
            return Flow::Done;
    }
    return Flow::Done;
}

Flow step(Run& run, frame::MaybeResign& self) {
    using At = frame::MaybeResign::At;
    switch (self.at) {
        case At::Read:
            self.at = At::Decide;
            self.was_active = run.state().is_active();
            return run.ask({zk_exists(std::string(kControllerPath), true), read_controller()});
        case At::Decide:
            run.state().active_controller_id = controller_in(run.take_replies().at(1));
            if (self.was_active && !run.state().is_active()) resign(run);
            return Flow::Done;
    }
    return Flow::Done;
}

namespace {

Flow elect_read_epoch(Run& run, frame::Elect& self) {
    const BrokerId holder = controller_in(run.take_replies().at(0));
    run.state().active_controller_id = holder;
    if (holder != kNoBroker) {
        run.log(node::Level::Debug, "Broker {} has been elected as the controller, so stopping the election process.",
                holder.value);
        return Flow::Done;
    }
    self.at = frame::Elect::At::CreateEpoch;
    return run.ask(zk_get_data(std::string(kControllerEpochPath), false));
}

Flow elect_create_epoch(Run& run, frame::Elect& self) {
    using At = frame::Elect::At;
    const EpochRead read = epoch_in(run.take_replies().at(0));
    if (read.err == kNoNode) {
        self.at = At::EpochCreated;
        return run.ask(zk_create(std::string(kControllerEpochPath), encode_controller_epoch(0)));
    }
    if (read.err != kOk) return Flow::Failed;
    self.epoch = read.epoch;
    self.epoch_zk_version = read.version;
    self.at = At::Claim;
    return Flow::Again;
}

Flow elect_epoch_created(Run& run, frame::Elect& self) {
    using At = frame::Elect::At;
    const int32_t err = error_of(run.take_replies().at(0));
    if (err == kNodeExists) {
        self.at = At::CreateEpoch;  // another broker was faster: read what it made
        return run.ask(zk_get_data(std::string(kControllerEpochPath), false));
    }
    if (err != kOk) return Flow::Failed;
    node::info(run.env(), kZkClientLogger, "Successfully created /controller_epoch with initial epoch 0");
    self.epoch = 0;
    self.epoch_zk_version = 0;
    self.at = At::Claim;
    return Flow::Again;
}

Flow elect_claim(Run& run, frame::Elect& self) {
    self.at = frame::Elect::At::Claimed;
    return run.ask(zk_multi({op_create(std::string(kControllerPath),
                                       encode_controller({run.id(), run.env().wall_clock().value}), kEphemeral),
                             op_set_data(std::string(kControllerEpochPath), encode_controller_epoch(self.epoch + 1),
                                         self.epoch_zk_version)}));
}

Flow elect_won(Run& run, frame::Elect& self) {
    run.context().epoch = self.epoch + 1;
    run.context().epoch_zk_version = self.epoch_zk_version;
    run.state().active_controller_id = run.id();
    run.info("{} successfully elected as the controller. Epoch incremented to {} and epoch zk version is now {}",
             run.id().value, run.context().epoch, run.context().epoch_zk_version);
    run.note(node::NoteKind::ControllerElected, {{"broker", run.id().value}, {"epoch", run.context().epoch}});
    self.at = frame::Elect::At::End;
    return run.call(frame::Failover{});
}

Flow elect_claimed(Run& run, frame::Elect& self) {
    const std::vector<Body> replies = run.take_replies();
    const int32_t err = error_of(replies.at(0));
    const auto* multi = std::get_if<protocol::ZkMultiResponse>(&replies[0]);
    if (err == kOk && multi != nullptr && multi->results.size() == 2) {
        self.epoch_zk_version = multi->results[1].stat.version;
        return elect_won(run, self);
    }
    if (err != kNodeExists && err != kBadVersion) return Flow::Failed;
    self.at = frame::Elect::At::CheckClaim;
    return run.ask({read_controller(), zk_get_data(std::string(kControllerEpochPath), false)});
}

/// The multi was refused: either another broker was faster, or its reply had been lost and the claim is ours.
Flow elect_check_claim(Run& run, frame::Elect& self) {
    const std::vector<Body> replies = run.take_replies();
    const EpochRead read = epoch_in(replies.at(1));
    if (controller_in(replies.at(0)) == run.id() && read.err == kOk && read.epoch == self.epoch + 1) {
        self.epoch_zk_version = read.version;
        return elect_won(run, self);
    }
    return Flow::ControllerMoved;
}

}  // namespace

Flow step(Run& run, frame::Elect& self) {
    using At = frame::Elect::At;
    switch (self.at) {
        case At::Read:
            self.at = At::ReadEpoch;
            return run.ask(read_controller());
        case At::ReadEpoch:
            return elect_read_epoch(run, self);
        case At::CreateEpoch:
            return elect_create_epoch(run, self);
        case At::EpochCreated:
            return elect_epoch_created(run, self);
        case At::Claim:
            return elect_claim(run, self);
        case At::Claimed:
            return elect_claimed(run, self);
        case At::CheckClaim:
            return elect_check_claim(run, self);
        case At::Moved:
            self.at = At::Resigned;
            return run.call(frame::MaybeResign{});
        case At::Resigned:
            if (run.state().active_controller_id != kNoBroker) {
                run.log(node::Level::Debug, "Broker {} was elected as controller instead of broker {}",
                        run.state().active_controller_id.value, run.id().value);
            } else {
                run.log(
                    node::Level::Warn,
                    "A controller has been elected but just resigned, this will result in another round of election");
            }
            return Flow::Done;
        case At::Broken:
            self.at = At::End;
            return run.call(frame::ControllerMove{});
        case At::End:
            return Flow::Done;
    }
    return Flow::Done;
}

Flow recover(Run& run, frame::Elect& self, Flow what) {
    using At = frame::Elect::At;
    if (what == Flow::ControllerMoved) {
        self.at = At::Moved;
        return Flow::Again;
    }
    run.log(node::Level::Error,
            "Error while electing or becoming controller on broker {}. Trigger controller movement immediately",
            run.id().value);
    self.at = At::Broken;
    return Flow::Again;
}

Flow step(Run& run, frame::ControllerMove& self) {
    using At = frame::ControllerMove::At;
    switch (self.at) {
        case At::Read:
            self.at = At::Give;
            return run.ask(read_controller());
        case At::Give: {
            self.at = At::End;
            run.state().active_controller_id = controller_in(run.take_replies().at(0));
            if (!run.state().is_active()) {
                run.log(node::Level::Warn, "Controller has already moved when trying to trigger controller movement");
                return Flow::Done;
            }
            const Body give = run.guarded(op_delete(std::string(kControllerPath)));
            run.state().active_controller_id = kNoBroker;
            resign(run);
            return run.ask(give);
        }
        case At::End:
            return Flow::Done;  // gone, or already another's
    }
    return Flow::Done;
}

}  // namespace kafkasim::controller
