// SPDX-License-Identifier: Apache-2.0
#pragma once
// The programs of a workload, as processes: a producer that sends at a rate, a consumer that polls, processes and
// commits. Both end at Ctrl+C (and SIGTERM) after they have closed their client, and keep their history in the Book.
// A Crowd makes one for each life of a client.

#include <memory>
#include <string>

#include "core/tools/tool_process.hpp"
#include "sim/history/history.hpp"
#include "sim/workload/plan.hpp"

namespace kafkasim::sim::workload {

/// A life of a client.
struct Life {
    std::string name;  // of the process
    std::string bootstrap_servers;
    uint32_t values_before = 0;  // how many records its earlier lives have sent
    history::Book* book = nullptr;
    history::History* history = nullptr;
};

/// What can be made to do nothing for a time; its client's own threads go on.
class Idler {
public:
    /// Begins before the next send or poll.
    void hang(Duration time) { hang_ = time; }

protected:
    ~Idler() = default;
    Duration take_hang() { return std::exchange(hang_, Duration{}); }

private:
    Duration hang_{};
};

struct Client {
    std::unique_ptr<tools::ToolProcess> process;
    Idler* idler;  // the process
};
Client make_producer(const ProducerSet& set, Life life);
Client make_consumer(const ConsumerSet& set, Life life);

/// What the client is made with: what the program sets, and over it what the scenario says. Also for the reader, which
/// asks the client itself whether they will do.
client::ClientProperties properties_of(const ProducerSet& set, const std::string& name, const std::string& servers);
client::ClientProperties properties_of(const ConsumerSet& set, const std::string& name, const std::string& servers);

}  // namespace kafkasim::sim::workload
