// SPDX-License-Identifier: Apache-2.0
#include "core/zookeeper/txn_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/node/log.hpp"
#include "core/zookeeper/requests.hpp"

namespace kafkasim::zookeeper {

using namespace protocol;

namespace {

// A line is fields separated by tabs. A text field escapes backslash, tab, newline and carriage return; null is
// "-", any other text begins with "=".

void put(std::string& line, int64_t number) {
    line += '\t';
    line += fmt::format_int(number).c_str();
}

void put(std::string& line, std::string_view text) {
    line += "\t=";
    constexpr std::string_view kPlain = "\\\t\n\r";
    constexpr std::string_view kEscaped = "\\tnr";
    for (size_t special = text.find_first_of(kPlain); special != std::string_view::npos;
         special = text.find_first_of(kPlain)) {
        line += text.substr(0, special);
        line += '\\';
        line += kEscaped[kPlain.find(text[special])];
        text.remove_prefix(special + 1);
    }
    line += text;
}

void put(std::string& line, const ZkData& data) {
    if (data) {
        put(line, std::string_view(*data));
    } else {
        line += "\t-";
    }
}

/// Reads the fields of a line one after the other; `bad` once one was not what it should be.
struct Fields {
    std::string_view rest;
    bool bad = false;

    std::string_view next() {
        const size_t tab = rest.find('\t');
        const std::string_view field = rest.substr(0, tab);
        rest = tab == std::string_view::npos ? std::string_view() : rest.substr(tab + 1);
        return field;
    }
    int64_t number() {
        const std::string_view field = next();
        int64_t value = 0;
        const auto parsed = std::from_chars(field.data(), field.data() + field.size(), value);
        bad = bad || field.empty() || parsed.ec != std::errc() || parsed.ptr != field.data() + field.size();
        return value;
    }
    int32_t small() { return static_cast<int32_t>(number()); }
    ZkData data() {
        const std::string_view field = next();
        if (field == "-") return std::nullopt;
        if (field.empty() || field.front() != '=') {
            bad = true;
            return std::nullopt;
        }
        std::string text;
        for (size_t i = 1; i < field.size(); ++i) {
            if (field[i] != '\\' || i + 1 == field.size()) {
                text += field[i];
                continue;
            }
            const char escaped = field[++i];
            text += escaped == 't' ? '\t' : escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped;
        }
        return text;
    }
    std::string text() { return data().value_or(""); }
};

void put_request(std::string& line, const Body& request) {
    if (const auto* create = std::get_if<ZkCreateRequest>(&request)) {
        line += "\tcreate";
        put(line, std::string_view(create->path));
        put(line, create->data);
        put(line, create->flags);
    } else if (const auto* remove = std::get_if<ZkDeleteRequest>(&request)) {
        line += "\tdelete";
        put(line, std::string_view(remove->path));
        put(line, remove->version);
    } else if (const auto* set = std::get_if<ZkSetDataRequest>(&request)) {
        line += "\tsetData";
        put(line, std::string_view(set->path));
        put(line, set->data);
        put(line, set->version);
    } else if (const auto* multi = std::get_if<ZkMultiRequest>(&request)) {
        line += "\tmulti";
        put(line, static_cast<int64_t>(multi->ops.size()));
        for (const ZkMultiOp& op : multi->ops) {
            put(line, op.type);
            put(line, std::string_view(op.path));
            put(line, op.data);
            put(line, op.version);
            put(line, op.flags);
        }
    }
}

Body take_multi(Fields& fields) {
    ZkMultiRequest request;
    for (int64_t left = fields.number(); left > 0 && !fields.bad; --left) {
        ZkMultiOp& op = request.ops.emplace_back();
        op.type = fields.small();
        op.path = fields.text();
        op.data = fields.data();
        op.version = fields.small();
        op.flags = fields.small();
    }
    return request;
}

Body take_request(std::string_view kind, Fields& fields) {
    std::string path;
    if (kind != "multi") path = fields.text();
    if (kind == "create") {
        ZkData data = fields.data();
        return ZkCreateRequest{std::move(path), std::move(data), fields.small()};
    }
    if (kind == "delete") return ZkDeleteRequest{std::move(path), fields.small()};
    if (kind == "setData") {
        ZkData data = fields.data();
        return ZkSetDataRequest{std::move(path), std::move(data), fields.small()};
    }
    if (kind == "multi") return take_multi(fields);
    fields.bad = true;
    return {};
}

}  // namespace

std::string encode_txn(const Txn& txn) {
    std::string line = fmt::format("{}\t{}\t{}", txn.zxid, txn.time_ms, txn.session);
    switch (txn.kind) {
        case Txn::Kind::CreateSession:
            line += "\tcreateSession";
            put(line, txn.timeout_ms);
            break;
        case Txn::Kind::CloseSession:
            line += "\tcloseSession";
            break;
        case Txn::Kind::Request:
            put_request(line, txn.request);
            break;
    }
    return line + "\n";
}

std::optional<Txn> decode_txn(std::string_view line) {
    if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
    Fields fields{line};
    Txn txn;
    txn.zxid = fields.number();
    txn.time_ms = fields.number();
    txn.session = fields.number();
    const std::string_view kind = fields.next();
    if (kind == "createSession") {
        txn.kind = Txn::Kind::CreateSession;
        txn.timeout_ms = fields.small();
    } else if (kind == "closeSession") {
        txn.kind = Txn::Kind::CloseSession;
    } else {
        txn.request = take_request(kind, fields);
    }
    if (fields.bad) return std::nullopt;
    return txn;
}

std::vector<Txn> TxnLog::read(node::Env& env) const {
    std::vector<Txn> txns;
    for (const std::string& name : env.disk().list(dir_).value_or(std::vector<std::string>{})) {
        if (name.substr(0, 4) != "log.") continue;
        const std::string text = env.disk().read_text(fmt::format("{}/{}", dir_, name)).value_or("");
        for (size_t begin = 0; begin < text.size();) {
            const size_t end = std::min(text.find('\n', begin), text.size());
            if (auto txn = decode_txn(std::string_view(text).substr(begin, end - begin)))
                txns.push_back(std::move(*txn));
            begin = end + 1;
        }
    }
    std::sort(txns.begin(), txns.end(), [](const Txn& a, const Txn& b) { return a.zxid < b.zxid; });
    return txns;
}

std::optional<std::string> TxnLog::append(node::Env& env, const Txn& txn) {
    if (path_.empty() || transactions_ == kTransactionsPerFile) {
        env.disk().make_directories(dir_);
        path_ = fmt::format("{}/log.{:x}", dir_, txn.zxid);
        env.disk().write_text(path_, "");
        transactions_ = 0;
        if (!announced_)
            node::info(env, "org.apache.zookeeper.server.persistence.FileTxnLog", "Creating new log file: log.{:x}",
                       txn.zxid);
        announced_ = true;
    }
    ++transactions_;
    env.disk().append_text(path_, encode_txn(txn));
    env.disk().flush(path_);
    return env.disk().failure(dir_);
}

}  // namespace kafkasim::zookeeper
