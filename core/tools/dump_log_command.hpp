// SPDX-License-Identifier: Apache-2.0
#pragma once
// bin/kafka-dump-log.sh: shows what is in the files of a log: batches and records, indexes and whether they fit the
// log, snapshots of producers. It reads the disk, and asks no broker.
// Kafka 3.0.0: kafka.tools.DumpLogSegments.
// Simplified: a broker's index files hold their entries only; those that the real broker keeps at full length (of
// the last segment, while no clean stop is noted in the log dir) are shown as if zeros followed. The decoders of
// transactions and of the metadata log are refused by name.

#include "core/tools/dump_log_format.hpp"
#include "core/tools/tool_process.hpp"

namespace kafkasim::tools {

class DumpLogCommand final : public ToolProcess {
public:
    using ToolProcess::ToolProcess;

private:
    struct Settings {
        bool deep = false;
        bool print_data = false;
        bool skip_record_metadata = false;
        bool verify_only = false;
        bool sanity_only = false;
        bool decode_offsets = false;
        std::string unknown_decoder;  // an option that is not modelled; it matters when there is a log to decode
        std::string key_class;
        std::string value_class;
    };
    /// What is told at the end, of each file.
    struct Findings {
        std::vector<std::pair<std::string, std::vector<IndexFinding>>> mismatches;
        std::vector<std::pair<std::string, std::vector<IndexFinding>>> timestamp_mismatches;
        std::vector<std::pair<std::string, std::vector<IndexFinding>>> out_of_order;
        std::vector<std::vector<IndexFinding>> not_found;
        std::vector<std::pair<std::string, std::vector<IndexFinding>>> not_consecutive;
    };
    /// A file of a segment, taken apart.
    struct SegmentFile {
        std::string path;
        std::string stem;  // without the suffix
        std::string suffix;
        int64_t base_offset = 0;
    };

    Task<int> run() override;
    int dump(const std::vector<std::string>& files, const Settings& settings, ParsedOptions& options);
    // Each: the exit code that ends the program, or nullopt to go on.
    std::optional<int> dump_file(const std::string& path, const Settings& settings, ParsedOptions& options);
    std::optional<int> dump_log(const SegmentFile& file, const Settings& settings, ParsedOptions& options);
    std::optional<int> dump_batch(const protocol::RecordBatch& batch, const Settings& settings,
                                  std::optional<int64_t>& last_offset, std::vector<IndexFinding>& not_consecutive);
    std::optional<int> dump_index(const SegmentFile& file, const Settings& settings);
    std::optional<int> dump_time_index(const SegmentFile& file, const Settings& settings);
    std::optional<int> dump_snapshot(const SegmentFile& file);
    std::optional<int> check_decoders(const Settings& settings);
    bool is_preallocated(const SegmentFile& file);
    void tell_findings();

    Findings findings_;
};

}  // namespace kafkasim::tools
