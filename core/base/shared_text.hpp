// SPDX-License-Identifier: Apache-2.0
#pragma once
// Immutable text that is shared instead of copied: names of topics, groups and clients travel in almost every
// message.
// Compared and ordered by content; copying costs a reference count. A default-constructed one is empty.

#include <compare>
#include <memory>
#include <string>
#include <string_view>

namespace kafkasim {

class SharedText {
public:
    SharedText() = default;
    explicit SharedText(std::string_view text)
        : text_(text.empty() ? nullptr : std::make_shared<const std::string>(text)) {}

    std::string_view view() const { return text_ ? std::string_view(*text_) : std::string_view(); }
    std::string str() const { return std::string(view()); }
    bool empty() const { return text_ == nullptr; }

    friend bool operator==(const SharedText& a, const SharedText& b) {
        return a.text_ == b.text_ || a.view() == b.view();
    }
    friend std::strong_ordering operator<=>(const SharedText& a, const SharedText& b) {
        return a.text_ == b.text_ ? std::strong_ordering::equal : a.view() <=> b.view();
    }
    friend bool operator==(const SharedText& a, std::string_view b) { return a.view() == b; }

private:
    std::shared_ptr<const std::string> text_;
};

}  // namespace kafkasim
