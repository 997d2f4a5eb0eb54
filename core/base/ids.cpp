// SPDX-License-Identifier: Apache-2.0
#include "core/base/ids.hpp"

#include <algorithm>

namespace kafkasim {

std::string to_string(const TopicPartition& tp) { return tp.topic.str() + "-" + std::to_string(tp.partition); }

std::string to_string(BrokerId id) { return std::to_string(id.value); }

namespace {

template <typename Id>
std::string joined(const std::vector<Id>& ids, std::string_view separator) {
    std::string text;
    for (size_t i = 0; i < ids.size(); ++i) {
        if (i > 0) text += separator;
        text += to_string(ids[i]);
    }
    return text;
}

}  // namespace

std::string join(const std::vector<BrokerId>& ids, std::string_view separator) { return joined(ids, separator); }

std::string join(const std::vector<TopicPartition>& partitions, std::string_view separator) {
    return joined(partitions, separator);
}

std::vector<BrokerId> broker_ids(std::initializer_list<int32_t> ids) {
    std::vector<BrokerId> result;
    result.reserve(ids.size());
    for (int32_t id : ids) result.push_back(BrokerId{id});
    return result;
}

bool contains(const std::vector<BrokerId>& ids, BrokerId id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

std::vector<BrokerId> without(const std::vector<BrokerId>& ids, BrokerId id) {
    std::vector<BrokerId> result;
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(result), [id](BrokerId other) { return other != id; });
    return result;
}

}  // namespace kafkasim
