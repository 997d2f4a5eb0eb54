// SPDX-License-Identifier: Apache-2.0
#pragma once
// Pooled places for what does not fit into an event: a message under way, a disk request. An event carries the
// slot's index; who keeps an id for
// longer holds a SlotId, whose generation tells that the place has been given to something else since.
// Nothing is allocated once the pool has grown to the greatest number in use; which slot is next depends on the
// order of calls only.
// The pool is a value, and an item does not move while it is in use.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace kafkasim::sim {

struct SlotId {
    uint32_t index = UINT32_MAX;
    uint32_t generation = 0;
    auto operator<=>(const SlotId&) const = default;
};

template <typename Item>
class SlotPool {
public:
    size_t size() const { return size_; }

    SlotId put(Item item) {
        uint32_t index = free_;
        if (index == kNone) {
            index = static_cast<uint32_t>(places_.size());
            places_.emplace_back();
        } else {
            free_ = places_[index].next_free;
        }
        Place& place = places_[index];
        place.item = std::move(item);
        place.in_use = true;
        ++size_;
        return SlotId{index, place.generation};
    }

    /// Nothing if the slot has been given back since.
    Item* find(SlotId id) { return is_live(id) ? &places_[id.index].item : nullptr; }
    const Item* find(SlotId id) const { return is_live(id) ? &places_[id.index].item : nullptr; }

    /// The item of a slot that is known to be in use, as by the event that carries its index.
    Item& at(uint32_t index) { return places_[index].item; }
    const Item& at(uint32_t index) const { return places_[index].item; }

    /// Takes the item out and gives the slot back.
    Item take(uint32_t index) {
        Place& place = places_[index];
        Item item = std::exchange(place.item, Item{});
        place.in_use = false;
        ++place.generation;
        place.next_free = free_;
        free_ = index;
        --size_;
        return item;
    }

    /// Gives the slot back if it is still this one.
    bool release(SlotId id) {
        if (!is_live(id)) return false;
        take(id.index);
        return true;
    }

private:
    static constexpr uint32_t kNone = UINT32_MAX;

    struct Place {
        Item item{};
        uint32_t generation = 0;
        uint32_t next_free = kNone;
        bool in_use = false;
    };

    bool is_live(SlotId id) const {
        return id.index < places_.size() && places_[id.index].in_use && places_[id.index].generation == id.generation;
    }

    std::deque<Place> places_;
    uint32_t free_ = kNone;
    size_t size_ = 0;
};

}  // namespace kafkasim::sim
