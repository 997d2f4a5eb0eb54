// SPDX-License-Identifier: Apache-2.0

#include "core/tools/dump_log_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/log/checkpoint_file.hpp"
#include "core/log/producer_snapshot.hpp"
#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

constexpr std::string_view kAbout =
    "This tool helps to parse a log file and dump its contents to the console, useful for debugging a seemingly "
    "corrupt "
    "log segment.";

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// java.io.File without what is too much.
std::string java_path(std::string path) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return path;
}

std::string folder_of(const std::string& path) {
    const size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
}

/// String.split(","): empty words at the end are left out.
std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> words;
    for (size_t from = 0; from <= text.size();) {
        const size_t end = std::min(text.find(',', from), text.size());
        words.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    while (words.size() > 1 && words.back().empty()) words.pop_back();
    return words;
}

std::string no_such_file(const std::string& path) { return fmt::format("java.nio.file.NoSuchFileException: {}", path); }

template <typename List>
void keep(List& list, const std::string& file, std::vector<IndexFinding> findings) {
    if (!findings.empty()) list.emplace_back(file, std::move(findings));
}

}  // namespace

Task<int> DumpLogCommand::run() {
    const auto table = dump_log_options();
    ParseOutcome parsed = parse_options(table, arguments());
    if (parsed.error)
        co_return parse_failed(*parsed.error,
                               {"kafka.tools.DumpLogSegments$DumpLogSegmentsOptions.<init>(DumpLogSegments.scala:449)",
                                "kafka.tools.DumpLogSegments$.main(DumpLogSegments.scala:45)",
                                "kafka.tools.DumpLogSegments.main(DumpLogSegments.scala)"});
    ParsedOptions options = std::move(parsed.options);
    if (auto code = help_or_version(options, table, kAbout)) co_return *code;
    if (auto complaint = missing_required(options, {"files"})) co_return print_usage_and_die(*complaint, table);
    Settings settings;
    for (std::string_view decoder : {"transaction-log-decoder", "cluster-metadata-decoder"}) {
        if (options.has(decoder)) settings.unknown_decoder = decoder;
    }
    settings.print_data = options.has("print-data-log") || options.has("offsets-decoder") ||
                          options.has("value-decoder-class") || options.has("key-decoder-class");
    settings.deep = settings.print_data || options.has("deep-iteration");
    settings.skip_record_metadata = options.has("skip-record-metadata");
    settings.verify_only = options.has("verify-index-only");
    settings.sanity_only = options.has("index-sanity-check");
    settings.decode_offsets = options.has("offsets-decoder");
    const std::optional<std::string> files = options.text("files");
    if (options.error()) co_return uncaught(options.error()->exception + ": " + options.error()->message);
    co_return dump(split(*files), settings, options);
}

int DumpLogCommand::dump(const std::vector<std::string>& files, const Settings& settings, ParsedOptions& options) {
    for (const std::string& file : files) {
        if (const auto code = dump_file(java_path(file), settings, options)) return *code;
    }
    tell_findings();
    return 0;
}

std::optional<int> DumpLogCommand::dump_file(const std::string& path, const Settings& settings,
                                             ParsedOptions& options) {
    out(fmt::format("Dumping {}\n", path));
    const std::string name = name_of(path);
    const size_t dot = name.rfind('.');
    if (dot == std::string::npos)
        return uncaught(
            fmt::format("java.lang.StringIndexOutOfBoundsException: begin -1, end {0}, length {0}", name.size()));
    SegmentFile file{path, name.substr(0, name.find('.')), name.substr(dot), 0};
    const bool is_segment =
        file.suffix == ".log" || file.suffix == ".index" || file.suffix == ".timeindex" || file.suffix == ".txnindex";
    if (is_segment) {
        const std::optional<int64_t> offset = whole_number(file.stem, ArgumentType::Long);
        if (!offset)
            return uncaught(fmt::format("java.lang.NumberFormatException: For input string: \"{}\"", file.stem));
        file.base_offset = *offset;
    }
    if (file.suffix == ".log") return dump_log(file, settings, options);
    if (file.suffix == ".index") return dump_index(file, settings);
    if (file.suffix == ".timeindex") return dump_time_index(file, settings);
    if (file.suffix == ".snapshot") return dump_snapshot(file);
    if (file.suffix == ".txnindex") return std::nullopt;  // there are no aborted transactions
    if (file.suffix == ".checkpoint") return not_modelled("kafka-dump-log.sh of a snapshot of the metadata log");
    err(fmt::format("Ignoring unknown file {}\n", path));
    return std::nullopt;
}

/// DumpLogSegmentsOptions.messageParser: the classes are loaded before the file is opened.
std::optional<int> DumpLogCommand::check_decoders(const Settings& settings) {
    if (!settings.unknown_decoder.empty())
        return not_modelled(fmt::format("kafka-dump-log.sh --{}", settings.unknown_decoder));
    if (settings.decode_offsets) return std::nullopt;
    for (const std::string& name : {settings.value_class, settings.key_class}) {
        if (decoder_of_class(name)) continue;
        if (name.starts_with("kafka.") || name.starts_with("org.apache.kafka."))
            return not_modelled(fmt::format("kafka-dump-log.sh with the decoder {}", name));
        return uncaught(fmt::format("java.lang.ClassNotFoundException: {}", name));
    }
    return std::nullopt;
}

std::optional<int> DumpLogCommand::dump_log(const SegmentFile& file, const Settings& settings, ParsedOptions& options) {
    (void)options.number("max-message-size");
    Settings with_decoders = settings;
    with_decoders.key_class = options.text("key-decoder-class").value_or("");
    with_decoders.value_class = options.text("value-decoder-class").value_or("");
    if (options.error()) return uncaught(options.error()->exception + ": " + options.error()->message);
    if (const auto code = check_decoders(with_decoders)) return code;
    out(fmt::format("Starting offset: {}\n", file.base_offset));
    if (!env().disk().exists(file.path)) return uncaught(no_such_file(file.path));
    int64_t position = 0;
    std::optional<int64_t> last_offset;
    std::vector<IndexFinding> not_consecutive;
    for (const protocol::RecordBatch& batch : env().disk().read_batches(file.path)) {
        out(batch_line(batch, position) + "\n");
        position += batch.size_in_bytes();
        if (!settings.deep) continue;
        if (const auto code = dump_batch(batch, with_decoders, last_offset, not_consecutive)) return code;
    }
    keep(findings_.not_consecutive, file.path, std::move(not_consecutive));
    return std::nullopt;
}

std::optional<int> DumpLogCommand::dump_batch(const protocol::RecordBatch& batch, const Settings& settings,
                                              std::optional<int64_t>& last_offset,
                                              std::vector<IndexFinding>& not_consecutive) {
    for (const protocol::Record& record : batch.records()) {
        const int64_t offset = batch.offset_of(record);
        if (last_offset && offset != *last_offset + 1)
            not_consecutive.insert(not_consecutive.begin(), {*last_offset, offset});
        last_offset = offset;
        std::string prefix = "| ";
        if (!settings.skip_record_metadata) {
            out(record_metadata(batch, record));
            prefix = " ";
        }
        if (settings.print_data) {
            const auto decoded = settings.decode_offsets ? decode_offsets_record(record)
                                                         : decode_record(record, *decoder_of_class(settings.key_class),
                                                                         *decoder_of_class(settings.value_class));
            if (!decoded) return uncaught(decoded.error());
            if (decoded.value().key) out(fmt::format("{}key: {}", prefix, *decoded.value().key));
            if (decoded.value().payload) out(fmt::format(" payload: {}", *decoded.value().payload));
        }
        out("\n");
    }
    return std::nullopt;
}

bool DumpLogCommand::is_preallocated(const SegmentFile& file) {
    const std::string folder = folder_of(file.path);
    if (env().disk().exists(fmt::format("{}/{}", folder_of(folder), log::kCleanShutdownFile))) return false;
    for (const std::string& name : env().disk().list(folder).value_or(std::vector<std::string>{})) {
        if (name.ends_with(".log") && name.substr(0, name.find('.')) > file.stem) return false;
    }
    return true;
}

std::optional<int> DumpLogCommand::dump_index(const SegmentFile& file, const Settings& settings) {
    const std::string log_path = fmt::format("{}/{}.log", folder_of(file.path), file.stem);
    if (!env().disk().exists(log_path)) return uncaught(no_such_file(log_path));
    const std::optional<std::string> bytes = env().disk().read_text(file.path);
    if (!bytes)
        return uncaught(fmt::format("java.io.FileNotFoundException: {} (No such file or directory)", file.path));
    const bool preallocated = is_preallocated(file);
    if (bytes->empty() && !preallocated) {
        out(fmt::format("{} is empty.\n", file.path));
        return std::nullopt;
    }
    if (settings.sanity_only) {
        out(fmt::format("{} passed sanity check.\n", file.path));
        return std::nullopt;
    }
    IndexDump dump = dump_offset_index(log::decode_offset_index(*bytes, file.base_offset),
                                       env().disk().read_batches(log_path), file.base_offset, preallocated);
    if (!settings.verify_only) out(dump.text);
    if (dump.beyond_log) return uncaught("java.util.NoSuchElementException");
    keep(findings_.mismatches, file.path, std::move(dump.mismatches));
    return std::nullopt;
}

std::optional<int> DumpLogCommand::dump_time_index(const SegmentFile& file, const Settings& settings) {
    const std::string folder = folder_of(file.path);
    const std::string log_path = fmt::format("{}/{}.log", folder, file.stem);
    const std::string index_path = fmt::format("{}/{}.index", folder, file.stem);
    if (!env().disk().exists(log_path)) return uncaught(no_such_file(log_path));
    for (const std::string& path : {index_path, file.path}) {
        if (!env().disk().exists(path))
            return uncaught(fmt::format("java.io.FileNotFoundException: {} (No such file or directory)", path));
    }
    if (settings.sanity_only) {
        out(fmt::format("{} passed sanity check.\n", file.path));
        return std::nullopt;
    }
    const auto bytes_of = [&](const std::string& path) { return env().disk().read_text(path).value_or(""); };
    IndexDump dump =
        tools::dump_time_index(log::decode_time_index(bytes_of(file.path), file.base_offset),
                               log::decode_offset_index(bytes_of(index_path), file.base_offset),
                               env().disk().read_batches(log_path), file.base_offset, is_preallocated(file));
    if (!settings.verify_only) out(dump.text);
    keep(findings_.timestamp_mismatches, file.path, std::move(dump.timestamp_mismatches));
    keep(findings_.out_of_order, file.path, std::move(dump.out_of_order));
    if (!dump.not_found.empty()) findings_.not_found.push_back(std::move(dump.not_found));
    return std::nullopt;
}

std::optional<int> DumpLogCommand::dump_snapshot(const SegmentFile& file) {
    const std::optional<std::string> bytes = env().disk().read_text(file.path);
    if (!bytes) return uncaught(no_such_file(file.path));
    const auto producers = log::decode_producer_snapshot(*bytes);
    if (!producers) {
        err(producers.error() + "\n");
        return std::nullopt;
    }
    for (const auto& [id, entry] : producers.value()) out(producer_line(id, entry) + "\n");
    return std::nullopt;
}

void DumpLogCommand::tell_findings() {
    const auto tell = [&](const auto& lists, std::string_view title, std::string_view first, std::string_view second) {
        for (const auto& [file, findings] : lists) {
            err(fmt::format("{}{}\n", title, file));
            for (const IndexFinding& each : findings)
                err(fmt::format("  {}{}{}{}\n", first, each.indexed, second, each.found));
        }
    };
    tell(findings_.mismatches, "Mismatches in :", "Index offset: ", ", log offset: ");
    tell(findings_.timestamp_mismatches, "Found timestamp mismatch in :", "Index timestamp: ", ", log timestamp: ");
    tell(findings_.out_of_order,
         "Found out of order timestamp in :", "Index timestamp: ", ", Previously indexed timestamp: ");
    for (const auto& findings : findings_.not_found) {
        err("The following indexed offsets are not found in the log.\n");
        for (const IndexFinding& each : findings)
            err(fmt::format("Indexed offset: {}, found log offset: {}\n", each.indexed, each.found));
    }
    tell(findings_.not_consecutive, "Non-consecutive offsets in ", "", " is followed by ");
}

}  // namespace kafkasim::tools
