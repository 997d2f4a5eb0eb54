// SPDX-License-Identifier: Apache-2.0
#include "core/protocol/consumer_protocol.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace kafkasim::protocol {
namespace {

constexpr std::int16_t kVersion = 1;

void write_int(std::string& out, std::int64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xff);
}

void write_string(std::string& out, std::string_view text) {
    write_int(out, static_cast<std::int64_t>(text.size()), 2);
    out += text;
}

void write_nullable_bytes(std::string& out, const std::optional<std::string>& bytes) {
    write_int(out, bytes ? static_cast<std::int64_t>(bytes->size()) : -1, 4);
    if (bytes) out += *bytes;
}

// Reads from the front; after the first impossible value everything is refused.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    bool good() const { return good_; }

    std::string_view read_bytes(std::int64_t count) {
        if (count < 0 || count > static_cast<std::int64_t>(rest_.size())) good_ = false;
        if (!good_) return {};
        const std::string_view out = rest_.substr(0, static_cast<std::size_t>(count));
        rest_.remove_prefix(out.size());
        return out;
    }

    // Sign-extended, big-endian.
    std::int64_t read_int(int bytes) {
        const std::string_view raw = read_bytes(bytes);
        if (raw.empty()) return 0;
        std::int64_t value = static_cast<signed char>(raw[0]);
        for (const char c : raw.substr(1)) value = value * 256 + static_cast<unsigned char>(c);
        return value;
    }

    std::string_view read_string() { return read_bytes(read_int(2)); }

    std::optional<std::string> read_nullable_bytes() {
        const std::int64_t size = read_int(4);
        if (size == -1) return std::nullopt;
        return std::string(read_bytes(size));
    }

    // Every element takes at least one byte, so a larger count is a mistake and not worth a loop.
    std::int64_t read_count() {
        const std::int64_t count = read_int(4);
        if (count < 0 || count > static_cast<std::int64_t>(rest_.size())) good_ = false;
        return good_ ? count : 0;
    }

private:
    std::string_view rest_;
    bool good_ = true;
};

// Subscription and assignment each have their own struct of topic and partitions.
template <typename T>
void write_partitions(std::string& out, const std::vector<T>& topics) {
    write_int(out, static_cast<std::int64_t>(topics.size()), 4);
    for (const T& entry : topics) {
        write_string(out, entry.topic.view());
        write_int(out, static_cast<std::int64_t>(entry.partitions.size()), 4);
        for (const std::int32_t partition : entry.partitions) write_int(out, partition, 4);
    }
}

template <typename T>
void read_partitions(Reader& in, std::vector<T>& topics) {
    for (std::int64_t left = in.read_count(); left > 0 && in.good(); --left) {
        T& entry = topics.emplace_back();
        entry.topic = TopicName(in.read_string());
        for (std::int64_t more = in.read_count(); more > 0 && in.good(); --more) {
            entry.partitions.push_back(static_cast<std::int32_t>(in.read_int(4)));
        }
    }
}

}  // namespace

std::string encode(const ConsumerProtocolSubscription& subscription) {
    std::string out;
    write_int(out, kVersion, 2);
    write_int(out, static_cast<std::int64_t>(subscription.topics.size()), 4);
    for (const std::string& topic : subscription.topics) write_string(out, topic);
    write_nullable_bytes(out, subscription.user_data);
    write_partitions(out, subscription.owned_partitions);
    return out;
}

std::string encode(const ConsumerProtocolAssignment& assignment) {
    std::string out;
    write_int(out, kVersion, 2);
    write_partitions(out, assignment.assigned_partitions);
    write_nullable_bytes(out, assignment.user_data);
    return out;
}

std::optional<ConsumerProtocolSubscription> decode_subscription(std::string_view bytes) {
    Reader in(bytes);
    ConsumerProtocolSubscription out;
    const std::int64_t version = in.read_int(2);
    for (std::int64_t left = in.read_count(); left > 0 && in.good(); --left) out.topics.emplace_back(in.read_string());
    out.user_data = in.read_nullable_bytes();
    if (version >= 1) read_partitions(in, out.owned_partitions);
    if (!in.good() || version < 0) return std::nullopt;
    return out;
}

std::optional<ConsumerProtocolAssignment> decode_assignment(std::string_view bytes) {
    Reader in(bytes);
    ConsumerProtocolAssignment out;
    const std::int64_t version = in.read_int(2);
    read_partitions(in, out.assigned_partitions);
    out.user_data = in.read_nullable_bytes();
    if (!in.good() || version < 0) return std::nullopt;
    return out;
}

ConsumerProtocolAssignment assignment_of(const std::vector<TopicPartition>& partitions) {
    ConsumerProtocolAssignment out;
    for (const TopicPartition& tp : partitions) {
        ConsumerProtocolAssignment::TopicPartition* entry = nullptr;
        for (auto& known : out.assigned_partitions) {
            if (known.topic == tp.topic) entry = &known;
        }
        if (entry == nullptr) {
            entry = &out.assigned_partitions.emplace_back();
            entry->topic = tp.topic;
        }
        entry->partitions.push_back(tp.partition);
    }
    return out;
}

std::vector<TopicPartition> partitions_of(const ConsumerProtocolAssignment& assignment) {
    std::vector<TopicPartition> out;
    for (const auto& entry : assignment.assigned_partitions) {
        for (const std::int32_t partition : entry.partitions) out.push_back({entry.topic, partition});
    }
    return out;
}

}  // namespace kafkasim::protocol
