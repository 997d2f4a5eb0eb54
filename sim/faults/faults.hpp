// SPDX-License-Identifier: Apache-2.0
#pragma once
// The faults that are in force in a world, and the receipts of those that have ended: what each touched.

#include <memory>
#include <string>
#include <vector>

#include "sim/faults/cut.hpp"
#include "sim/faults/hold.hpp"
#include "sim/faults/slow.hpp"
#include "sim/world/world.hpp"

namespace kafkasim::sim {

class Faults {
public:
    explicit Faults(World& world) : world_(world) {}
    ~Faults();
    Faults(const Faults&) = delete;
    Faults& operator=(const Faults&) = delete;

    void cut(const std::vector<std::string>& from, const std::vector<std::string>& to, bool one_way, bool may_be_idle);
    /// False if there is nothing to heal between these.
    bool heal(const std::vector<std::string>& from, const std::vector<std::string>& to);
    void heal_all();
    void slow(const std::vector<std::string>& between, Duration by, bool may_be_idle);
    void hold(const std::string& request, const std::string& to, bool may_be_idle);
    /// False if no such request is being held.
    bool release(const std::string& request, const std::string& to);
    /// A fault that did its work when it was made (a pause, a power cut): its receipt for the trace.
    void note(const std::string& what);

    /// Faults, ended or not, that touched nothing and had to.
    std::vector<std::string> idle() const;

private:
    struct Active {
        std::unique_ptr<NetworkRule> rule;
        bool may_be_idle = false;
    };

    void begin(std::unique_ptr<NetworkRule> rule, bool may_be_idle);
    template <typename Rule, typename Is>
    size_t end(Is is);
    void finish(Active& active);

    World& world_;
    std::vector<Active> active_;
    std::vector<std::string> idle_;
};

}  // namespace kafkasim::sim
