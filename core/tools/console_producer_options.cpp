// SPDX-License-Identifier: Apache-2.0
// The options of bin/kafka-console-producer.sh, with the words of its help. Kafka 3.0.0:
// kafka.tools.ConsoleProducer.ProducerConfig.

#include "core/tools/options.hpp"

namespace kafkasim::tools {
namespace {

constexpr Option kOptions[] = {
    {"batch-size", Argument::Required, ArgumentType::Integer, "size", "200",
     "Number of messages to send in a single batch if they are not being sent synchronously."},
    {"bootstrap-server", Argument::Required, ArgumentType::String, "server to connect to", "",
     "REQUIRED unless --broker-list (deprecated) is specified. The server(s) to connect to. The broker list string "
     "in the form HOST1:PORT1,HOST2:PORT2."},
    {"broker-list", Argument::Required, ArgumentType::String, "broker-list", "",
     "DEPRECATED, use --bootstrap-server instead; ignored if --bootstrap-server is specified.  The broker list "
     "string in the form HOST1:PORT1,HOST2:PORT2."},
    {"compression-codec", Argument::Optional, ArgumentType::String, "compression-codec", "",
     "The compression codec: either 'none', 'gzip', 'snappy', 'lz4', or 'zstd'. If specified without value, then it "
     "defaults to 'gzip'"},
    {"help", Argument::None, ArgumentType::String, "", "", "Print usage information."},
    {"line-reader", Argument::Required, ArgumentType::String, "reader_class",
     "kafka.tools.ConsoleProducer$LineMessageReader",
     "The class name of the class to use for reading lines from standard in. By default each line is read as a "
     "separate message."},
    {"max-block-ms", Argument::Required, ArgumentType::Long, "max block on send", "60000",
     "The max time that the producer will block for during a send request"},
    {"max-memory-bytes", Argument::Required, ArgumentType::Long, "total memory in bytes", "33554432",
     "The total memory used by the producer to buffer records waiting to be sent to the server."},
    {"max-partition-memory-bytes", Argument::Required, ArgumentType::Long, "memory in bytes per partition", "16384",
     "The buffer size allocated for a partition. When records are received which are smaller than this size the "
     "producer will attempt to optimistically group them together until this size is reached."},
    {"message-send-max-retries", Argument::Required, ArgumentType::Integer, "", "3",
     "Brokers can fail receiving the message for multiple reasons, and being unavailable transiently is just one of "
     "them. This property specifies the number of retries before the producer give up and drop this message."},
    {"metadata-expiry-ms", Argument::Required, ArgumentType::Long, "metadata expiration interval", "300000",
     "The period of time in milliseconds after which we force a refresh of metadata even if we haven't seen any "
     "leadership changes."},
    {"producer-property", Argument::Required, ArgumentType::String, "producer_prop", "",
     "A mechanism to pass user-defined properties in the form key=value to the producer."},
    {"producer.config", Argument::Required, ArgumentType::String, "config file", "",
     "Producer config properties file. Note that [producer-property] takes precedence over this config."},
    {"property", Argument::Required, ArgumentType::String, "prop", "",
     "A mechanism to pass user-defined properties in the form key=value to the message reader. This allows custom "
     "configuration for a user-defined message reader. Default properties include:\n\tparse.key=true|false\n"
     "\tkey.separator=<key.separator>\n\tignore.error=true|false"},
    {"request-required-acks", Argument::Required, ArgumentType::String, "request required acks", "1",
     "The required acks of the producer requests"},
    {"request-timeout-ms", Argument::Required, ArgumentType::Integer, "request timeout ms", "1500",
     "The ack timeout of the producer requests. Value must be non-negative and non-zero"},
    {"retry-backoff-ms", Argument::Required, ArgumentType::Integer, "", "100",
     "Before each retry, the producer refreshes the metadata of relevant topics. Since leader election takes a bit "
     "of time, this property specifies the amount of time that the producer waits before refreshing the metadata."},
    {"socket-buffer-size", Argument::Required, ArgumentType::Integer, "size", "102400",
     "The size of the tcp RECV size."},
    {"sync", Argument::None, ArgumentType::String, "", "",
     "If set message send requests to the brokers are synchronously, one at a time as they arrive."},
    {"timeout", Argument::Required, ArgumentType::Integer, "timeout_ms", "1000",
     "If set and the producer is running in asynchronous mode, this gives the maximum amount of time a message will "
     "queue awaiting sufficient batch size. The value is given in ms."},
    {"topic", Argument::Required, ArgumentType::String, "topic", "", "REQUIRED: The topic id to produce messages to."},
    {"version", Argument::None, ArgumentType::String, "", "", "Display Kafka version."},
};

}  // namespace

std::span<const Option> console_producer_options() { return kOptions; }

}  // namespace kafkasim::tools
